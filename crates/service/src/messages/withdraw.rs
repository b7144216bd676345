//! Taking a message back (T-MSG-04): its author, while nobody has read it and no mail was sent.

use domain::error::{AppError, Code};
use domain::policy::Capability;
use entity::message;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::{KIND, sees};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::mail;
use crate::sql::Sql;
use crate::tickets::{self, Touch, state};
use crate::work::{self, Work};

/// Withdraws a message; nothing of it is left but that one was sent. With `number` only one of that ticket.
///
/// # Errors
/// `NotFound` for unknown, withdrawn and invisible ones alike; `Forbidden` for those of others; `Refused` by state, and with
/// `message_already_read` once somebody has read it or a mail was sent.
pub async fn withdraw(ctx: &Ctx, id: Uuid, number: Option<i64>) -> Result<(), ServiceError> {
    work::write(ctx, move |w| {
        Box::pin(async move {
            let row = message::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
            let mut loaded = tickets::lock_by_id(w, row.ticket_id).await?;
            // Read again under the lock of the ticket: it may have been read or withdrawn meanwhile.
            let row = message::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
            let is_elsewhere = number.is_some_and(|number| number != loaded.ticket.number);
            if is_elsewhere || row.withdrawn_at.is_some() || !sees(&loaded, false) {
                return Err(AppError::NotFound.into());
            }
            if row.author_id != w.actor().id() {
                // No right is enough for those of others; the one that withdraws one's own entries is the nearest to name.
                return Err(AppError::Forbidden(Capability::OccurrenceDeleteOwn.name().to_owned()).into());
            }
            state::require_writable_plainly(&loaded)?;
            if is_read(w, id).await? || !mail::take_back(w, &row).await? {
                return Err(Code::MessageAlreadyRead.into());
            }
            let mut gone = row;
            gone.withdrawn_at = Some(w.now());
            gone.text = String::new();
            gone.into_active_model().reset_all().update(&w.tx).await?;
            let change =
                NewChange { kind: KIND, what: "removed", object: id, version: 1, audience: "public", author: None };
            events::emit(w, &loaded.ticket, change).await?;
            tickets::save(w, &mut loaded.ticket, Touch::PrivateEntry).await
        })
    })
    .await
}

async fn is_read(w: &Work, id: Uuid) -> Result<bool, ServiceError> {
    let mut sql = Sql::new("SELECT 1 AS found FROM message_read r WHERE r.message_id = ");
    sql.bind(id).push(" LIMIT 1");
    Ok(!sql.rows(&w.tx).await?.is_empty())
}

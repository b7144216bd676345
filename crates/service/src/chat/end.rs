//! Ending a chat (T-CHT-03, T-CHT-08): by hand, after half an hour without a line, with the ticket.

use domain::chat::IDLE_AFTER;
use domain::error::AppError;
use domain::forms::EndChat;
use domain::occurrence::Visibility;
use domain::policy;
use domain::settings::Key;
use entity::ticket;
use sea_orm::{EntityTrait, QuerySelect};
use uuid::Uuid;

use super::KIND;
use crate::ctx::Ctx;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::sql::Sql;
use crate::work::{self, Work};
use crate::{idempotency, messages, tickets};

/// Name of the command for idempotency keys.
const SCOPE: &str = "chat_end";
/// Chats that one round ends.
const AT_ONCE: i64 = 50;

/// Ends the chat of a ticket; that none is going on is no failure.
///
/// # Errors
/// `NotFound` also for those who stand on neither side, `Forbidden`, `Disabled` while the setting 316 is off.
pub async fn end(ctx: &Ctx, form: EndChat) -> Result<(), ServiceError> {
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, hash) = (form.clone(), hash.clone());
        Box::pin(async move {
            if idempotency::claim::<bool>(w, SCOPE, &form.key, &hash).await?.is_some() {
                return Ok(());
            }
            let loaded = tickets::lock(w, form.ticket).await?;
            if !messages::sees(&loaded, false) {
                return Err(AppError::NotFound.into());
            }
            policy::can_add_occurrence(loaded.caps, &loaded.facts)
                .map_err(|capability| AppError::Forbidden(capability.name().to_owned()))?;
            let settings = w.settings(&w.actor().path_of(loaded.ticket.entity_id)).await?;
            if !super::is_on(&settings) {
                return Err(AppError::Disabled(Key::ChatEnabled.as_str().to_owned()).into());
            }
            end_open(w, &loaded.ticket).await?;
            idempotency::answer(w, SCOPE, &form.key, &true).await
        })
    })
    .await
}

/// Ends the chat of a locked ticket, if one is going on.
pub(crate) async fn end_open(w: &Work, ticket: &ticket::Model) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE chat SET waiting_since = NULL, ended_at = ");
    sql.bind(w.now()).push_bind(" WHERE ended_at IS NULL AND ticket_id = ", ticket.id).push(" RETURNING id");
    let Some(chat) = sql.scalar::<Uuid>(&w.tx).await? else { return Ok(()) };
    let entry = Some((KIND, chat, Visibility::Public, None));
    let automatic = w.actor().id().is_nil();
    let record = Record { kind: "chat_ended", entry, automatic, ..Record::default() };
    history::record(w, ticket.id, record).await?;
    let change = NewChange { kind: KIND, what: "changed", object: chat, version: 1, audience: "public", author: None };
    events::emit(w, ticket, change).await
}

/// Ends what nobody has said anything in for half an hour, and answers how many; of several instances one ends each.
pub(crate) async fn end_idle(ctx: &Ctx) -> Result<usize, ServiceError> {
    let latest = ctx.now() - IDLE_AFTER;
    let mut sql =
        Sql::new("SELECT c.ticket_id FROM chat c JOIN ticket t ON t.id = c.ticket_id WHERE c.ended_at IS NULL");
    sql.push_bind(" AND c.last_line_at <= ", latest)
        .push(" AND t.deleted_at IS NULL")
        .push_bind(" ORDER BY c.last_line_at LIMIT ", AT_ONCE);
    let mut found: Vec<Uuid> = Vec::new();
    for row in sql.rows(ctx.db().reader()).await? {
        found.push(row.try_get("", "ticket_id")?);
    }
    for ticket in &found {
        let ticket = *ticket;
        work::write(ctx, move |w| Box::pin(end_if_idle(w, ticket, latest))).await?;
    }
    Ok(found.len())
}

async fn end_if_idle(w: &Work, ticket: Uuid, latest: i64) -> Result<(), ServiceError> {
    let Some(ticket) = locked(w, ticket).await? else { return Ok(()) };
    // Under the lock: something may have been said meanwhile, or another instance was faster.
    let is_idle = super::open_of(&w.tx, ticket.id).await?.is_some_and(|chat| chat.last_line_at <= latest);
    if is_idle { end_open(w, &ticket).await } else { Ok(()) }
}

/// The row of a ticket for a job, which sees every one, held until the end of the transaction.
pub(super) async fn locked(w: &Work, id: Uuid) -> Result<Option<ticket::Model>, ServiceError> {
    let mut select = ticket::Entity::find_by_id(id);
    if w.ctx.db().engine() == Engine::Postgres {
        select = select.lock_exclusive();
    }
    Ok(select.one(&w.tx).await?)
}

//! Who has read a message: marked when its page is opened, seen by the other side (T-MSG-02).

use std::time::Duration;

use domain::error::{AppError, Code};
use domain::ticket::Side;
use entity::message;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{KIND, sees};
use crate::ctx::Ctx;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::sql::Sql;
use crate::tickets::{self, Loaded};
use crate::work::{self, Work};
use crate::{idempotency, notifications};

/// Nobody waits longer for a page because its reading cannot be noted.
const PATIENCE: Duration = Duration::from_millis(500);
/// Name of the command for idempotency keys.
const SCOPE: &str = "message_read";
/// Most messages of one reading that are told one by one.
const TOLD_MAX: usize = 50;

/// Marks the messages of a ticket as read up to and with one of them, `None` = all; under an idempotency key, empty = none.
///
/// # Errors
/// `NotFound` when the ticket or its messages may not be seen; `Invalid` on `until` (`unknown_reference`) for what is no message
/// of this ticket.
pub async fn read(ctx: &Ctx, number: i64, until: Option<Uuid>, key: &str) -> Result<(), ServiceError> {
    let key = key.to_owned();
    let hash = idempotency::content_hash(&(number, until));
    work::write(ctx, move |w| {
        let (key, hash) = (key.clone(), hash.clone());
        Box::pin(async move {
            if idempotency::claim::<bool>(w, SCOPE, &key, &hash).await?.is_some() {
                return Ok(());
            }
            let loaded = tickets::load_visible(&w.tx, w.actor(), number).await?;
            if !sees(&loaded, false) {
                return Err(AppError::NotFound.into());
            }
            let until = match until {
                Some(id) => Some(position(w, &loaded, id).await?),
                None => None,
            };
            mark_in(w, &loaded, until).await?;
            idempotency::answer(w, SCOPE, &key, &true).await
        })
    })
    .await
}

async fn position(w: &Work, loaded: &Loaded, id: Uuid) -> Result<(i64, Uuid), ServiceError> {
    let row = message::Entity::find_by_id(id).one(&w.tx).await?;
    let row = row.filter(|row| row.ticket_id == loaded.ticket.id && row.withdrawn_at.is_none());
    let row = row.ok_or_else(|| AppError::field("until", Code::UnknownReference))?;
    Ok((row.sent_at, row.id))
}

/// Marks a page of messages that was just read. That it could not be noted is no failure of reading.
pub(crate) async fn note_reading(ctx: &Ctx, loaded: &Loaded) {
    let (number, loaded) = (loaded.ticket.number, loaded.clone());
    let marked = work::write(ctx, move |w| {
        let loaded = loaded.clone();
        Box::pin(async move { mark_in(w, &loaded, None).await })
    });
    patiently(number, marked).await;
}

/// Waits for a mark of reading on a ticket, but not for long; its failure is only told to the log.
pub(crate) async fn patiently(number: i64, marked: impl Future<Output = Result<(), ServiceError>>) {
    match tokio::time::timeout(PATIENCE, marked).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, number, "reading not noted"),
        Err(_elapsed) => tracing::debug!(number, "reading not noted in time"),
    }
}

/// Marks the messages of others as read by the actor, up to a position, and tells those who look at them.
pub(crate) async fn mark_in(w: &Work, loaded: &Loaded, until: Option<(i64, Uuid)>) -> Result<(), ServiceError> {
    let (reader, ticket) = (w.actor().id(), loaded.ticket.id);
    if w.ctx.db().engine() == Engine::Postgres {
        // Its author may be taking one back at this moment, holding the ticket: read or withdrawn, never both.
        let mut lock = Sql::new("SELECT id FROM ticket WHERE id = ");
        lock.bind(ticket).push(" FOR KEY SHARE").rows(&w.tx).await?;
    }
    let side = if loaded.side() == Side::Requester { Side::Requester } else { Side::Service };
    let mut sql = Sql::new("INSERT INTO message_read (message_id, user_id, side, read_at) SELECT m.id, ");
    sql.bind(reader)
        .push_bind(", ", side.as_str())
        .push_bind(", ", w.now())
        .push_bind(" FROM message m WHERE m.withdrawn_at IS NULL AND m.ticket_id = ", ticket)
        .push_bind(" AND m.author_id <> ", reader);
    if let Some((at, id)) = until {
        sql.push_bind(" AND (m.sent_at, m.id) <= (", at).push_bind(", ", id).push(")");
    }
    sql.push_bind(" AND NOT EXISTS (SELECT 1 FROM message_read r WHERE r.message_id = m.id AND r.user_id = ", reader)
        .push(") ON CONFLICT DO NOTHING RETURNING message_id");
    let mut marked: Vec<Uuid> = Vec::new();
    for row in sql.rows(&w.tx).await? {
        marked.push(row.try_get("", "message_id")?);
    }
    if !marked.is_empty() {
        notifications::read_of_messages(w, ticket).await?;
    }
    for object in marked.into_iter().take(TOLD_MAX) {
        let change = NewChange { kind: KIND, what: "changed", object, version: 1, audience: "public", author: None };
        events::emit(w, &loaded.ticket, change).await?;
    }
    Ok(())
}

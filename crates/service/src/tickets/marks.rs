//! How far a person has read a ticket (T-TIM-07).

use std::time::Duration;

use domain::error::{AppError, Code};
use domain::settings::Key;
use entity::read_mark;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::Loaded;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::{self, Work};
use crate::{history, idempotency, messages, notifications, scope, solutions};

/// Nobody waits longer for a page because its reading cannot be noted.
const PATIENCE: Duration = Duration::from_millis(500);
/// Name of the command for idempotency keys.
const SCOPE: &str = "mark-read";

/// Marks everything the reader may see of a ticket as read (T-TIM-07); written only when something was unread.
///
/// # Errors
/// `NotFound` when the ticket may not be seen.
pub async fn mark_read(ctx: &Ctx, number: i64) -> Result<(), ServiceError> {
    let loaded = super::load_visible(ctx.db().reader(), &ctx.actor, number).await?;
    let mark = read_mark::Entity::find_by_id((ctx.actor.id(), loaded.ticket.id)).one(ctx.db().reader()).await?;
    let has_messages =
        reads_messages(&loaded) && messages::unread_here(ctx.db().reader(), &ctx.actor, loaded.ticket.id).await? > 0;
    let has_news = has_messages || notifications::has_unread(ctx, loaded.ticket.id).await?;
    if !has_news && mark.is_some_and(|mark| mark.read_at >= loaded.ticket.updated_at) {
        return Ok(());
    }
    work::write(ctx, move |w| {
        let loaded = loaded.clone();
        Box::pin(async move {
            mark_read_in(w, loaded.ticket.id).await?;
            notifications::read_of_ticket(w, loaded.ticket.id).await?;
            if has_messages { messages::mark_in(w, &loaded, None).await } else { Ok(()) }
        })
    })
    .await
}

/// For the requester side messages are part of what its page shows (P-LIS-05); agents have read them when they opened them.
fn reads_messages(loaded: &Loaded) -> bool {
    !loaded.is_agent() && messages::sees(loaded, false)
}

/// Marks a page that was just read. That it could not be noted is no failure of reading: the page is shown all the same.
pub(crate) async fn note_reading(ctx: &Ctx, number: i64) {
    match tokio::time::timeout(PATIENCE, mark_read(ctx, number)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, number, "reading not noted"),
        Err(_elapsed) => tracing::debug!(number, "reading not noted in time"),
    }
}

/// Marks a ticket as read up to and with one of its entries, `None` = all of it; under an idempotency key, empty = none.
///
/// A mark never goes back: an entry before it changes nothing. Entries of the same second count as read with it.
///
/// # Errors
/// `NotFound` when the ticket may not be seen; `Invalid` on `until` (`unknown_reference`) for what is no entry of this ticket
/// that the reader may see.
pub async fn mark_read_until(ctx: &Ctx, number: i64, until: Option<Uuid>, key: &str) -> Result<(), ServiceError> {
    if until.is_none() && key.is_empty() {
        return mark_read(ctx, number).await;
    }
    let key = key.to_owned();
    let hash = idempotency::content_hash(&(number, until));
    work::write(ctx, move |w| {
        let (key, hash) = (key.clone(), hash.clone());
        Box::pin(async move {
            if idempotency::claim::<bool>(w, SCOPE, &key, &hash).await?.is_some() {
                return Ok(());
            }
            let loaded = super::load_visible(&w.tx, w.actor(), number).await?;
            match until {
                Some(entry) => {
                    let at = entry_time(w, &loaded, entry).await?;
                    let at = at.ok_or_else(|| AppError::field("until", Code::UnknownReference))?;
                    forward(w, loaded.ticket.id, at, entry).await?;
                }
                None => {
                    mark_read_in(w, loaded.ticket.id).await?;
                    notifications::read_of_ticket(w, loaded.ticket.id).await?;
                    if reads_messages(&loaded) {
                        messages::mark_in(w, &loaded, None).await?;
                    }
                }
            }
            idempotency::answer(w, SCOPE, &key, &true).await
        })
    })
    .await
}

/// Marks all of a ticket as read, inside a transaction.
pub(crate) async fn mark_read_in(w: &Work, ticket: Uuid) -> Result<(), ServiceError> {
    let mut sql = Sql::new("INSERT INTO read_mark (user_id, ticket_id, read_at) VALUES (");
    sql.bind(w.actor().id())
        .push_bind(",", ticket)
        .push_bind(",", w.now())
        .push(") ON CONFLICT (user_id, ticket_id) DO UPDATE SET read_at = excluded.read_at, last_entry_id = NULL");
    sql.run(&w.tx).await?;
    Ok(())
}

async fn forward(w: &Work, ticket: Uuid, at: i64, entry: Uuid) -> Result<(), ServiceError> {
    let mut sql = Sql::new("INSERT INTO read_mark (user_id, ticket_id, read_at, last_entry_id) VALUES (");
    sql.bind(w.actor().id())
        .push_bind(",", ticket)
        .push_bind(",", at)
        .push_bind(",", entry)
        .push(") ON CONFLICT (user_id, ticket_id) DO UPDATE SET read_at = excluded.read_at, ")
        .push("last_entry_id = excluded.last_entry_id WHERE excluded.read_at > read_mark.read_at");
    sql.run(&w.tx).await?;
    Ok(())
}

/// When an entry of the timeline was registered: an occurrence, a task, a solution, a message, a free document or an event, if the reader may see it.
async fn entry_time(w: &Work, loaded: &Loaded, entry: Uuid) -> Result<Option<i64>, ServiceError> {
    let ticket = loaded.ticket.id;
    let agent = loaded.is_agent();
    let settings = w.settings(&w.actor().path_of(loaded.ticket.entity_id)).await?;
    let shows = agent || settings.is_on(Key::PortalShowOccurrences);
    let visible = scope::entries(w.actor());
    let mut tables = vec!["document o WHERE o.entry_kind = 'document' AND o.removed_at IS NULL"];
    if shows {
        tables.insert(0, "occurrence o WHERE o.id IS NOT NULL");
    }
    if shows {
        let mut sql = Sql::new("SELECT k.registered_at FROM task k WHERE k.ticket_id = ");
        sql.bind(ticket).push_bind(" AND k.id = ", entry).push(" AND ").append(&scope::tasks(w.actor()));
        if let Some(at) = sql.scalar::<i64>(&w.tx).await? {
            return Ok(Some(at));
        }
    }
    for table in tables {
        let mut sql = Sql::new(&format!("SELECT o.registered_at FROM {table}"));
        sql.push_bind(" AND o.ticket_id = ", ticket).push_bind(" AND o.id = ", entry).push(" AND ").append(&visible);
        if let Some(at) = sql.scalar::<Option<i64>>(&w.tx).await?.flatten() {
            return Ok(Some(at));
        }
    }
    if solutions::sees(loaded, &settings, false) {
        let mut sql = Sql::new("SELECT n.registered_at FROM solution n WHERE n.ticket_id = ");
        sql.bind(ticket).push_bind(" AND n.id = ", entry);
        if let Some(at) = sql.scalar::<i64>(&w.tx).await? {
            return Ok(Some(at));
        }
    }
    if messages::sees(loaded, false) {
        let mut sql = Sql::new("SELECT m.sent_at FROM message m WHERE m.withdrawn_at IS NULL AND m.ticket_id = ");
        sql.bind(ticket).push_bind(" AND m.id = ", entry);
        if let Some(at) = sql.scalar::<i64>(&w.tx).await? {
            return Ok(Some(at));
        }
    }
    let mut sql = Sql::new("SELECT e.at FROM ticket_event e WHERE e.ticket_id = ");
    sql.bind(ticket).push_bind(" AND e.id = ", entry).append(&history::visible(w.actor(), loaded, !agent));
    Ok(sql.scalar(&w.tx).await?)
}

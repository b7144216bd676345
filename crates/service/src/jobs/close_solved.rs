//! Closes tickets whose answer did not come in time (T-STA-22, T-SOL-11).
//!
//! Every instance looks; the row of a ticket is held while it is closed, and what holds it looks again, so that two instances or a
//! repeated run close it once (T-CLK-11).

use domain::error::AppError;
use domain::solution::Way;
use domain::ticket::Status;
use domain::ticket::machine::Trigger;
use futures::{StreamExt as _, stream};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::database_now;
use crate::actor::Actor;
use crate::ctx::{Ctx, Services};
use crate::db::Engine;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::moments;
use crate::solutions::closing;
use crate::sql::Sql;
use crate::tickets::{self, Touch, state};
use crate::work::{self, Work};

/// Tickets of one pass.
const AT_ONCE: i64 = 100;
/// Tickets of one transaction: a commit for each would take longer than closing it, and more would keep those waiting who write
/// meanwhile.
const TOGETHER: usize = 10;

/// Closes what is due, at most a hundred tickets, and answers how many were closed.
///
/// # Errors
/// `Unavailable` when the database is away; it may be run again.
pub async fn close_solved(services: &Services) -> Result<usize, ServiceError> {
    let now = database_now(services).await?;
    let due = due(services.db.reader(), now).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let ctx = Ctx::new(services.clone(), Actor::automatic(services.db.reader()).await?);
    let mut closed = 0;
    // SQLite lets one write at a time.
    let at_once = if services.db.engine() == Engine::Postgres { 2 } else { 1 };
    let batches: Vec<_> = due.chunks(TOGETHER).map(|ids| together(&ctx, ids.to_vec(), now)).collect();
    let mut batches = stream::iter(batches).buffer_unordered(at_once);
    while let Some(done) = batches.next().await {
        closed += done?;
    }
    Ok(closed)
}

/// Closes some tickets in one transaction.
async fn together(ctx: &Ctx, ids: Vec<Uuid>, now: i64) -> Result<usize, ServiceError> {
    let all = ids.clone();
    match work::write(ctx, move |w| Box::pin(close_all(w, all.clone(), now))).await {
        Err(error) if !matches!(error.public, AppError::Unavailable { .. }) => one_by_one(ctx, &ids, now).await,
        done => done,
    }
}

/// The same, where one of them failed: it keeps no other from being closed, now or at the next run.
async fn one_by_one(ctx: &Ctx, ids: &[Uuid], now: i64) -> Result<usize, ServiceError> {
    let mut closed = 0;
    for id in ids.iter().copied() {
        match work::write(ctx, move |w| Box::pin(close(w, id, now))).await {
            Ok(done) => closed += usize::from(done),
            Err(error) if matches!(error.public, AppError::Unavailable { .. }) => return Err(error),
            Err(error) => {
                tracing::warn!(%error, ticket = %id, "a solved ticket stays open for an hour");
                work::write(ctx, move |w| Box::pin(async move { closing::postpone(w, id).await })).await?;
            }
        }
    }
    Ok(closed)
}

/// Solved tickets outside the trash whose time has come; what could not be closed waits for its next try.
async fn due(connection: &impl ConnectionTrait, now: i64) -> Result<Vec<Uuid>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT t.id FROM ticket t WHERE t.status = 'solved' AND t.deleted_at IS NULL AND t.close_due_at IS NOT NULL \
         AND t.close_due_at <= ",
    );
    sql.bind(now)
        .push_bind(" AND NOT EXISTS (SELECT 1 FROM closing_block b WHERE b.ticket_id = t.id AND b.retry_at > ", now)
        .push_bind(") ORDER BY t.close_due_at, t.id LIMIT ", AT_ONCE);
    let mut out = Vec::new();
    for row in sql.rows(connection).await? {
        out.push(row.try_get("", "id")?);
    }
    Ok(out)
}

/// Closes some tickets, always in the same order, so that two instances wait for each other at most.
async fn close_all(w: &mut Work, ids: Vec<Uuid>, now: i64) -> Result<usize, ServiceError> {
    let mut closed = 0;
    for id in ids {
        closed += usize::from(close(w, id, now).await?);
    }
    Ok(closed)
}

/// Closes one ticket, if it is still due at `now`; answers whether this run did it.
async fn close(w: &mut Work, id: Uuid, now: i64) -> Result<bool, ServiceError> {
    let Some(mut loaded) = tickets::lock_unattended(w, id).await? else { return Ok(false) };
    let ticket = &loaded.ticket;
    let is_due = loaded.status() == Status::Solved
        && ticket.deleted_at.is_none()
        && ticket.close_due_at.is_some_and(|due| due <= now);
    if !is_due {
        return Ok(false);
    }
    let settings = w.settings(&w.actor().path_of(loaded.ticket.entity_id)).await?;
    let zone = w.actor().entity_zone(loaded.ticket.entity_id);
    let rules = state::rules(&loaded, &settings, w.now(), zone);
    match state::apply(w, &mut loaded, Trigger::AutoClose, &rules).await {
        Ok(_changed) => {}
        Err(error) if closing::is_blocked(&error) => {
            closing::put_off(w, id).await?;
            return Ok(false);
        }
        // What cannot be closed, like a merged ticket, would be due for ever and keep others from their turn.
        Err(error) if matches!(error.public, AppError::Refused { .. }) => {
            closing::postpone(w, id).await?;
            return Ok(false);
        }
        Err(error) => return Err(error),
    }
    let days = loaded
        .ticket
        .solved_at
        .zip(loaded.ticket.close_due_at)
        .map(|(solved, due)| (moments::local_date(due, zone) - moments::local_date(solved, zone)).num_days());
    tickets::save(w, &mut loaded.ticket, Touch::Fields).await?;
    let ticket = &loaded.ticket;
    let changes = closing::told(Way::Automatic, days);
    let record = Record { kind: "closed", changes, version: ticket.version, automatic: true, ..Record::default() };
    history::record(w, id, record).await?;
    let change = NewChange {
        kind: "ticket",
        what: "changed",
        object: id,
        version: ticket.version,
        audience: "public",
        author: None,
    };
    events::emit(w, ticket, change).await?;
    Ok(true)
}

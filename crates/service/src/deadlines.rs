//! Tells of deadlines of open tickets that are at risk, and of those that have passed (T-NTF-02).
//!
//! A watch is a row beside a ticket that has due dates: when they are looked at next, and of which date what was told last.
//! `jobs::watch_deadlines` takes those whose time has come, one transaction each: it locks the ticket, reads the watch again, and
//! writes what was told together with the notifications, so that neither a second instance nor a restart tells anything twice
//! (T-CLK-11). Whoever moves a date, lets its clock run again or changes the working time it is counted by has it looked at anew;
//! what stands still or is over is found out by the look. Does not belong here: how a date stands (`domain::clock`).

use domain::clock::{DueState, Goal};
use domain::notification::{self, Event};
use entity::{due_watch, ticket};
use sea_orm::{EntityTrait, FromQueryResult, QuerySelect};
use uuid::Uuid;

use crate::clocks::Clocks;
use crate::ctx::{Ctx, Services};
use crate::db::Engine;
use crate::error::ServiceError;
use crate::notifications::{self, News};
use crate::sql::Sql;
use crate::tickets;
use crate::work::{Work, write};

/// Tickets that one look takes: each has a transaction of its own.
const AT_ONCE: i64 = 100;
/// How long a ticket waits whose look failed, in seconds.
const AGAIN_AFTER: i64 = 3_600;

#[derive(Debug, FromQueryResult)]
struct Due {
    ticket_id: Uuid,
}

/// The due dates of a ticket are other ones now, or their clock runs again or otherwise: they are looked at anew. A ticket without
/// dates, whose watch finds nothing more, gets none.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn look_again(w: &Work, ticket: &ticket::Model) -> Result<(), ServiceError> {
    if ticket.due_own_at.is_none() && ticket.due_resolve_at.is_none() {
        return Ok(());
    }
    let mut sql = Sql::new("INSERT INTO due_watch (ticket_id, look_at) VALUES (");
    sql.bind(ticket.id)
        .push_bind(", ", w.now())
        .push(") ON CONFLICT (ticket_id) DO UPDATE SET look_at = excluded.look_at");
    sql.run(&w.tx).await?;
    Ok(())
}

/// The working time of an entity has changed, or of those above it: what is watched there and below is looked at anew.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn look_again_below(w: &Work, entity: Uuid) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE due_watch SET look_at = ");
    sql.bind(w.now())
        .push(" WHERE look_at IS NOT NULL AND ticket_id IN (SELECT t.id FROM ticket t WHERE t.entity_id IN ");
    sql.list(w.actor().below(entity)).push(")");
    sql.run(&w.tx).await?;
    Ok(())
}

/// Tickets that are to be looked at by `now`, the longest due first. Those in the trash wait until they are back (T-TKT-08).
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn due(services: &Services, now: i64) -> Result<Vec<Uuid>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT d.ticket_id FROM due_watch d JOIN ticket t ON t.id = d.ticket_id \
         WHERE t.deleted_at IS NULL AND d.look_at IS NOT NULL AND d.look_at <= ",
    );
    sql.bind(now).push_bind(" ORDER BY d.look_at, d.ticket_id LIMIT ", AT_ONCE);
    let rows: Vec<Due> = sql.all(services.db.reader()).await?;
    Ok(rows.into_iter().map(|row| row.ticket_id).collect())
}

/// Looks at the dates of a ticket, if it is still to be looked at, tells what is new and says when to look next.
///
/// # Errors
/// `Unavailable` when the database is away; nothing has happened then.
pub(crate) async fn step(w: &Work, ticket: Uuid, now: i64) -> Result<(), ServiceError> {
    let Some(loaded) = tickets::lock_unattended(w, ticket).await? else { return Ok(()) };
    let Some(mut watch) = hold(w, ticket).await? else { return Ok(()) };
    // Another instance was here, or the ticket lies in the trash by now.
    if watch.look_at.is_none_or(|at| at > now) || loaded.ticket.deleted_at.is_some() {
        return Ok(());
    }
    let (status, row) = (loaded.status(), &loaded.ticket);
    let clocks = Clocks::load(&w.tx, w.actor(), &[row.entity_id]).await?;
    let time = clocks.of(row.entity_id);
    let goal = |due_at, reached_at, pauses| Goal { opened_at: row.opened_at, due_at, reached_at, pauses };
    let own = goal(row.due_own_at, row.taken_at, false);
    let resolve = goal(row.due_resolve_at, row.solved_at, true);
    let mut news: Vec<Event> = Vec::new();
    watch.look_at = None;
    // A ticket that is solved or over is late for nobody, also one that nobody ever took into account.
    if status.is_open() {
        let own_state = own.state(status, now, time);
        let resolve_state = resolve.state(status, now, time);
        news.extend(news_of(&own, own_state, (&mut watch.own_at_risk, &mut watch.own_overdue)));
        news.extend(news_of(&resolve, resolve_state, (&mut watch.resolve_at_risk, &mut watch.resolve_overdue)));
        // Both at once are told as one.
        news.dedup();
        let next = [own.changes_at(status, now, time), resolve.changes_at(status, now, time)];
        watch.look_at = next.into_iter().flatten().min();
    }
    save(w, &watch).await?;
    if news.is_empty() {
        return Ok(());
    }
    let news: Vec<News<'_>> = news.into_iter().map(News::of).collect();
    notifications::add(w, row, &loaded.actors, &news).await
}

/// What is to be told of a date in this state, if it was not told of this very date before; `marks` (at risk, overdue) say from now
/// on that it was.
fn news_of(goal: &Goal, state: DueState, marks: (&mut Option<i64>, &mut Option<i64>)) -> Option<Event> {
    let event = notification::of_due(state)?;
    let mark = if event == Event::Overdue { marks.1 } else { marks.0 };
    if *mark == goal.due_at {
        return None;
    }
    *mark = goal.due_at;
    Some(event)
}

/// The watch of a ticket, held until the transaction ends: who changes a calendar meanwhile waits, and has it looked at again.
async fn hold(w: &Work, ticket: Uuid) -> Result<Option<due_watch::Model>, ServiceError> {
    let mut select = due_watch::Entity::find_by_id(ticket);
    if w.ctx.db().engine() == Engine::Postgres {
        select = select.lock_exclusive();
    }
    Ok(select.one(&w.tx).await?)
}

async fn save(w: &Work, watch: &due_watch::Model) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE due_watch SET look_at = ");
    sql.bind(watch.look_at)
        .push_bind(", own_at_risk = ", watch.own_at_risk)
        .push_bind(", own_overdue = ", watch.own_overdue)
        .push_bind(", resolve_at_risk = ", watch.resolve_at_risk)
        .push_bind(", resolve_overdue = ", watch.resolve_overdue)
        .push_bind(" WHERE ticket_id = ", watch.ticket_id);
    sql.run(&w.tx).await?;
    Ok(())
}

/// A ticket whose look failed waits for an hour, so that it never stops the others.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn postpone(ctx: &Ctx, ticket: Uuid, now: i64) -> Result<(), ServiceError> {
    write(ctx, move |w| Box::pin(async move { put_off(w, ticket, now + AGAIN_AFTER).await })).await
}

async fn put_off(w: &Work, ticket: Uuid, at: i64) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE due_watch SET look_at = ");
    sql.bind(at).push_bind(" WHERE ticket_id = ", ticket);
    sql.run(&w.tx).await?;
    Ok(())
}

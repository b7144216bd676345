//! One step for one pending ticket whose time has come.

use domain::pending::{AGAIN_AFTER, Step};
use domain::ticket::Status;
use entity::{list_row, pending_timer};
use sea_orm::{EntityTrait, FromQueryResult};
use uuid::Uuid;

use super::{remind, rule_of, solve, stop};
use crate::clocks::Clocks;
use crate::ctx::{Ctx, Services};
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::tickets;
use crate::work::{Work, write};

/// Tickets that one look takes: each has a transaction of its own.
const AT_ONCE: i64 = 100;

#[derive(Debug, FromQueryResult)]
struct Due {
    ticket_id: Uuid,
}

/// Pending tickets whose time has come at `now`, the longest due first. Those in the trash wait until they are back (T-TKT-08).
pub(crate) async fn due(services: &Services, now: i64) -> Result<Vec<Uuid>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT p.ticket_id FROM pending_timer p JOIN ticket t ON t.id = p.ticket_id \
         WHERE t.deleted_at IS NULL AND p.due_at IS NOT NULL AND p.due_at <= ",
    );
    sql.bind(now).push_bind(" ORDER BY p.due_at, p.ticket_id LIMIT ", AT_ONCE);
    let rows: Vec<Due> = sql.all(services.db.reader()).await?;
    Ok(rows.into_iter().map(|row| row.ticket_id).collect())
}

/// Does what is due for a ticket, if it still is: the row is read again under the lock of the ticket.
///
/// # Errors
/// `Unavailable` when the database is away; nothing has happened then.
pub(crate) async fn step(w: &mut Work, ticket: Uuid, now: i64) -> Result<(), ServiceError> {
    let Some(mut loaded) = tickets::lock_unattended(w, ticket).await? else { return Ok(()) };
    let Some(timer) = pending_timer::Entity::find_by_id(ticket).one(&w.tx).await? else { return Ok(()) };
    // Another instance was here, or the ticket lies in the trash by now.
    if timer.due_at.is_none_or(|at| at > now) || loaded.ticket.deleted_at.is_some() {
        return Ok(());
    }
    if loaded.status() != Status::Pending || loaded.ticket.pending_reason_id != Some(timer.reason_id) {
        return stop(w, ticket).await;
    }
    let reason = list_row::Entity::find_by_id(timer.reason_id).one(&w.tx).await?;
    let rule = reason.as_ref().map(rule_of).unwrap_or_default();
    let clocks = Clocks::load(&w.tx, w.actor(), &[loaded.ticket.entity_id]).await?;
    let time = clocks.of(loaded.ticket.entity_id);
    let since = loaded.ticket.pending_since.unwrap_or(now);
    let next = rule.next(since, timer.last_at, timer.reminders, time);
    let Some(next) = next else { return set_due(w, ticket, None).await };
    if next.at > now {
        // The rule has changed since the time was set.
        return set_due(w, ticket, Some(next.at)).await;
    }
    match next.step {
        Step::Remind => {
            if !remind::remind(w, &mut loaded, rule.reminder_template).await? {
                return set_due(w, ticket, Some(now + AGAIN_AFTER)).await;
            }
            let reminders = timer.reminders.saturating_add(1);
            let after = rule.next(since, Some(now), reminders, time).map(|next| next.at);
            let mut sql = Sql::new("UPDATE pending_timer SET reminders = ");
            sql.bind(reminders)
                .push_bind(", last_at = ", now)
                .push_bind(", due_at = ", after)
                .push_bind(" WHERE ticket_id = ", ticket);
            sql.run(&w.tx).await?;
            Ok(())
        }
        // A ticket that is solved has no timer left: the state machine has taken it away.
        Step::Solve => {
            if solve::solve(w, &mut loaded, rule.solution_template).await? {
                Ok(())
            } else {
                set_due(w, ticket, Some(now + AGAIN_AFTER)).await
            }
        }
    }
}

async fn set_due(w: &Work, ticket: Uuid, at: Option<i64>) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE pending_timer SET due_at = ");
    sql.bind(at).push_bind(" WHERE ticket_id = ", ticket);
    sql.run(&w.tx).await?;
    Ok(())
}

/// A ticket whose step failed waits for an hour, so that it never stops the others.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn postpone(ctx: &Ctx, ticket: Uuid, now: i64) -> Result<(), ServiceError> {
    write(ctx, move |w| Box::pin(async move { set_due(w, ticket, Some(now + 3_600)).await })).await
}

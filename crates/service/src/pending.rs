//! What a pending reason does by itself: timers of pending tickets, reminders, automatic solutions (T-PEN-03..06).
//!
//! A timer is a row beside its ticket. `jobs::remind_pending` takes those that are due, one transaction each: it locks the
//! ticket, reads the timer again and writes the next time together with what it did, so that neither a second instance nor a
//! restart does anything twice (T-CLK-11). Does not belong here: what comes next (`domain::pending`), how a reason is edited
//! (`lists`), how a ticket is solved.

mod remind;
mod solve;
mod step;

use domain::pending::Rule;
use entity::{list_row, pending_timer, ticket};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use crate::clocks::Clocks;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;

pub(crate) use step::{due, postpone, step};

/// The rule of a pending reason; a row without one has the empty rule.
pub(crate) fn rule_of(row: &list_row::Model) -> Rule {
    row.rule.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// Begins to count for a ticket that was put on hold now, or for another reason than before (T-STA-12, T-STA-13). Without a
/// reason there is nothing to count.
pub(crate) async fn start(
    w: &Work,
    ticket: &ticket::Model,
    reason: Option<&list_row::Model>,
) -> Result<(), ServiceError> {
    stop(w, ticket.id).await?;
    let Some(reason) = reason else { return Ok(()) };
    let clocks = Clocks::load(&w.tx, w.actor(), &[ticket.entity_id]).await?;
    let since = ticket.pending_since.unwrap_or(w.now());
    let next = rule_of(reason).next(since, None, 0, clocks.of(ticket.entity_id));
    pending_timer::ActiveModel {
        ticket_id: Set(ticket.id),
        reason_id: Set(reason.id),
        reminders: Set(0),
        last_at: Set(None),
        due_at: Set(next.map(|next| next.at)),
    }
    .insert(&w.tx)
    .await?;
    Ok(())
}

/// Any way out of pending deletes timer and count (T-PEN-05).
pub(crate) async fn stop(w: &Work, ticket: Uuid) -> Result<(), ServiceError> {
    pending_timer::Entity::delete_by_id(ticket).exec(&w.tx).await?;
    Ok(())
}

/// The rule of a reason has changed: each of its tickets is looked at anew, which changes nothing but its time, or nothing at
/// all.
pub(crate) async fn look_again(w: &Work, reason: Uuid) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE pending_timer SET due_at = ");
    sql.bind(w.now()).push_bind(" WHERE reason_id = ", reason);
    sql.run(&w.tx).await?;
    Ok(())
}

/// A ticket stands in another entity now, where other working time may count: its timer is looked at anew.
pub(crate) async fn look_again_at(w: &Work, ticket: Uuid) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE pending_timer SET due_at = ");
    sql.bind(w.now()).push_bind(" WHERE due_at IS NOT NULL AND ticket_id = ", ticket);
    sql.run(&w.tx).await?;
    Ok(())
}

/// The working time of an entity has changed, or of those above it: the pending tickets there and below are looked at anew.
pub(crate) async fn look_again_below(w: &Work, entity: Uuid) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE pending_timer SET due_at = ");
    sql.bind(w.now())
        .push(" WHERE due_at IS NOT NULL AND ticket_id IN (SELECT t.id FROM ticket t WHERE t.entity_id IN ");
    sql.list(w.actor().below(entity)).push(")");
    sql.run(&w.tx).await?;
    Ok(())
}

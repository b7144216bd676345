//! Runs the state machine of `domain` on a row: status, clocks, intervals, history (T-STA, T-CLK).

use domain::error::{AppError, Code};
use domain::notification;
use domain::policy::Capability;
use domain::settings::Key;
use domain::ticket::Status;
use domain::ticket::machine::{self, Effect, Rules, Trigger};
use domain::views::FieldChange;
use entity::{status_interval, ticket};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Loaded, row_id, status_of};
use crate::chat;
use crate::error::ServiceError;
use crate::history::{self, Record};
use crate::moments;
use crate::notifications::{self, News};
use crate::settings::Settings;
use crate::work::Work;

/// What the machine must know of a ticket and its entity.
pub(crate) fn rules(loaded: &Loaded, settings: &Settings, now: i64, entity_zone: chrono_tz::Tz) -> Rules {
    let ticket = &loaded.ticket;
    let days = settings.number(Key::ReopenDays);
    let within = ticket.closed_at.is_some_and(|closed| {
        let limit = moments::local_date(closed, entity_zone) + chrono::TimeDelta::days(days);
        days > 0 && moments::local_date(now, entity_zone) <= limit
    });
    Rules {
        has_open_plan: false,
        has_assignee: loaded.of_role("assignee").next().is_some(),
        deleted: ticket.deleted_at.is_some(),
        merged: ticket.merged_into_id.is_some(),
        register_occurrence: settings.is_on(Key::PortalRegisterOccurrence),
        reopen_policy: settings.reopen_policy(),
        auto_close_zero: settings.text(Key::AutoCloseDays) == "0",
        portal_cancel: settings.is_on(Key::PortalCancel),
        within_reopen_days: within,
        ..Rules::default()
    }
}

/// Applies a trigger to the row and tells the people of the ticket (T-NTF-02); answers whether a field of the ticket changed.
///
/// # Errors
/// `Refused` with the code of T-STA-29.
pub(crate) async fn apply(
    w: &Work,
    loaded: &mut Loaded,
    trigger: Trigger,
    rules: &Rules,
) -> Result<bool, ServiceError> {
    let from = loaded.status();
    let change = machine::apply(from, trigger, rules).map_err(|code| refusal(code, loaded, trigger, rules))?;
    let mut touched = false;
    for effect in &change.effects {
        touched |= run_effect(&mut loaded.ticket, *effect, w.now());
    }
    if change.to == from {
        return Ok(touched);
    }
    if is_paused(from) && change.to.is_open() && change.to != Status::Pending {
        extend_due(w, &mut loaded.ticket).await?;
    }
    change.to.as_str().clone_into(&mut loaded.ticket.status);
    close_interval(w, loaded.ticket.id).await?;
    open_interval(w, loaded.ticket.id, change.to).await?;
    history::record(
        w,
        loaded.ticket.id,
        Record {
            kind: "status_changed",
            changes: vec![FieldChange {
                field: "status".into(),
                old: from.as_str().into(),
                new: change.to.as_str().into(),
            }],
            version: loaded.ticket.version + 1,
            ..Record::default()
        },
    )
    .await?;
    if matches!(change.to, Status::Closed | Status::Cancelled) {
        chat::end_open(w, &loaded.ticket).await?;
    }
    if let Some(event) = notification::of_step(trigger, from, change.to) {
        notifications::add(w, &loaded.ticket, &loaded.actors, &[News::of(event)]).await?;
    }
    Ok(true)
}

fn refusal(code: Code, loaded: &Loaded, trigger: Trigger, rules: &Rules) -> ServiceError {
    match code {
        Code::TransitionNotAllowed => {
            let data = serde_json::json!({ "from": loaded.status().as_str(), "trigger": trigger.as_str() });
            AppError::Refused { code, data: Some(data) }.into()
        }
        Code::TicketClosed => closed(loaded, rules),
        _ => code.into(),
    }
}

/// T-STA-29: what the actor may do with a closed ticket instead; follow-up tickets come with a later part.
fn closed(loaded: &Loaded, rules: &Rules) -> ServiceError {
    let reopens = if loaded.caps.contains(Capability::TicketReopen) {
        machine::apply(Status::Closed, Trigger::ReopenByAgent, rules).is_ok()
    } else {
        loaded.facts.requester_side && machine::apply(Status::Closed, Trigger::ReopenByRequester, rules).is_ok()
    };
    let alternatives: &[&str] = if reopens { &["reopen"] } else { &[] };
    let data = serde_json::json!({ "alternatives": alternatives });
    AppError::Refused { code: Code::TicketClosed, data: Some(data) }.into()
}

/// Refuses what an over ticket no longer takes (T-TKT-07), and says what the actor may do instead.
pub(crate) fn require_writable(loaded: &Loaded, rules: &Rules) -> Result<(), ServiceError> {
    let Err(error) = super::require_writable(&loaded.ticket) else { return Ok(()) };
    if error.public == AppError::refused(Code::TicketClosed) { Err(closed(loaded, rules)) } else { Err(error) }
}

/// The same where the settings are not at hand: whether the requester side may reopen is then not told.
pub(crate) fn require_writable_plainly(loaded: &Loaded) -> Result<(), ServiceError> {
    require_writable(loaded, &Rules { within_reopen_days: false, ..Rules::default() })
}

fn run_effect(ticket: &mut ticket::Model, effect: Effect, now: i64) -> bool {
    match effect {
        Effect::ClearPending => {
            ticket.pending_reason_id = None;
            ticket.pending_text = None;
            ticket.pending_since = None;
        }
        Effect::SetSolvedAt => ticket.solved_at = Some(now),
        Effect::ClearSolution => {
            ticket.solved_at = None;
            ticket.closed_at = None;
            ticket.close_due_at = None;
        }
        Effect::SetClosedAt => {
            ticket.closed_at = ticket.closed_at.or(Some(now));
            ticket.solved_at = ticket.solved_at.or(Some(now));
        }
        Effect::SetCancelledAt => ticket.cancelled_at = Some(now),
        Effect::MarkAnswerAwaited => ticket.answer_awaited = true,
        Effect::CountReopen => {
            ticket.reopen_count += 1;
            ticket.answer_awaited = false;
        }
        Effect::SetAssignedAt => {
            if ticket.assigned_at.is_some() {
                return false;
            }
            ticket.assigned_at = Some(now);
        }
        // Reasons are stored by the command; solutions, validations and closing times come with their parts.
        Effect::StorePending | Effect::RecomputeCloseDue | Effect::RefuseSolution | Effect::WithdrawValidations => {
            return false;
        }
    }
    true
}

/// Whether the clock towards the time to resolve stands still (T-CLK-05).
pub(crate) const fn is_paused(status: Status) -> bool {
    matches!(status, Status::Pending | Status::Solved | Status::Closed)
}

/// Moves the time to resolve by the length of the pause that ends now; already overdue: unchanged (T-CLK-05).
async fn extend_due(w: &Work, ticket: &mut ticket::Model) -> Result<(), ServiceError> {
    let Some(due) = ticket.due_resolve_at else { return Ok(()) };
    let intervals = status_interval::Entity::find()
        .filter(status_interval::Column::TicketId.eq(ticket.id))
        .order_by_desc(status_interval::Column::FromAt)
        .order_by_desc(status_interval::Column::Id)
        .all(&w.tx)
        .await?;
    let start =
        intervals.iter().take_while(|i| i.status.parse().is_ok_and(is_paused)).last().map_or(w.now(), |i| i.from_at);
    if due > start {
        ticket.due_resolve_at = Some(due + (w.now() - start));
    }
    Ok(())
}

/// Begins the first or next interval (T-CLK-01).
pub(crate) async fn open_interval(w: &Work, ticket: uuid::Uuid, status: Status) -> Result<(), ServiceError> {
    status_interval::ActiveModel {
        id: Set(row_id()),
        ticket_id: Set(ticket),
        status: Set(status.as_str().to_owned()),
        from_at: Set(w.now()),
        to_at: Set(None),
    }
    .insert(&w.tx)
    .await?;
    Ok(())
}

async fn close_interval(w: &Work, ticket: uuid::Uuid) -> Result<(), ServiceError> {
    use sea_orm::sea_query::Expr;
    status_interval::Entity::update_many()
        .col_expr(status_interval::Column::ToAt, Expr::value(w.now()))
        .filter(status_interval::Column::TicketId.eq(ticket))
        .filter(status_interval::Column::ToAt.is_null())
        .exec(&w.tx)
        .await?;
    Ok(())
}

/// Whether the change of assignees is a trigger, and which (T-STA-02, 03).
pub(crate) fn assignment_trigger(status: Status, before: bool, after: bool) -> Option<Trigger> {
    match (before, after, status) {
        (false, true, Status::New) => Some(Trigger::AssigneeAppears),
        (true, false, Status::Assigned | Status::Planned | Status::Pending) => Some(Trigger::AssigneeDisappears),
        _ => None,
    }
}

/// Due state of one date (T-CLK-06); `reached` is when the goal was met.
pub(crate) fn due_state(
    ticket: &ticket::Model,
    due: Option<i64>,
    reached: Option<i64>,
    now: i64,
    pauses: bool,
) -> &'static str {
    let status = status_of(ticket);
    let Some(due) = due.filter(|_| status != Status::Cancelled) else { return "none" };
    if let Some(reached) = reached {
        return if reached <= due { "met" } else { "missed" };
    }
    if pauses && status == Status::Pending {
        return "paused";
    }
    let (used, whole) = (now - ticket.opened_at, due - ticket.opened_at);
    if now > due {
        "overdue"
    } else if used * 5 >= whole * 4 {
        "at_risk"
    } else {
        "on_time"
    }
}

//! Runs the state machine of `domain` on a row: status, clocks, intervals, history (T-STA, T-CLK).

use domain::clock;
use domain::error::{AppError, Code};
use domain::notification::{self, Event};
use domain::policy::Capability;
use domain::settings::Key;
use domain::ticket::Status;
use domain::ticket::machine::{self, Effect, Rules, Trigger};
use domain::views::{ActorKind, ActorView, FieldChange};
use entity::{status_interval, ticket};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::create::follow_up;
use super::{Loaded, people, row_id};
use crate::chat;
use crate::clocks::Clocks;
use crate::error::ServiceError;
use crate::history::{self, Record};
use crate::notifications::{self, News};
use crate::settings::Settings;
use crate::validations;
use crate::work::Work;
use crate::{deadlines, moments, pending, solutions, surveys};

/// What the machine must know of a ticket and its entity.
pub(crate) fn rules(loaded: &Loaded, settings: &Settings, now: i64, entity_zone: chrono_tz::Tz) -> Rules {
    let ticket = &loaded.ticket;
    let days = settings.number(Key::ReopenDays);
    let within = ticket.closed_at.is_some_and(|closed| {
        let limit = moments::local_date(closed, entity_zone) + chrono::TimeDelta::days(days);
        days > 0 && moments::local_date(now, entity_zone) <= limit
    });
    Rules {
        has_open_plan: loaded.has_open_plan,
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
    let rules = &validations::judged(w, loaded, trigger, *rules).await?;
    let change = match machine::apply(from, trigger, rules) {
        Ok(change) => change,
        Err(code) => return Err(refusal(w, code, loaded, trigger, rules).await?),
    };
    if change.effects.contains(&Effect::WithdrawValidations) {
        validations::withdraw_open(w, loaded).await?;
    }
    let mut touched = false;
    for effect in &change.effects {
        touched |= match effect {
            Effect::RecomputeCloseDue => {
                loaded.ticket.close_due_at = solutions::closing::due(w, &loaded.ticket).await?;
                true
            }
            Effect::RefuseSolution => {
                solutions::refused(w, &loaded.ticket).await?;
                false
            }
            effect => run_effect(&mut loaded.ticket, *effect, w.now()),
        };
    }
    if change.to == from {
        return Ok(touched);
    }
    if is_paused(from) && change.to.is_open() && change.to != Status::Pending {
        extend_due(w, &mut loaded.ticket).await?;
        deadlines::look_again(w, &loaded.ticket).await?;
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
    let asked = follow(w, loaded, (from, change.to), trigger).await?;
    tell(w, loaded, notification::of_step(trigger, from, change.to), asked).await?;
    Ok(true)
}

/// Tells of a step, and of a survey after it; `asked` are the addresses whose mail about the survey says both.
async fn tell(w: &Work, loaded: &Loaded, step: Option<Event>, asked: Option<Vec<String>>) -> Result<(), ServiceError> {
    let letters = asked.as_deref().unwrap_or_default();
    let step = step.map(|event| News { letters, ..News::of(event) });
    let survey = asked.as_ref().map(|_| News::of(Event::Survey));
    let news: Vec<News<'_>> = step.into_iter().chain(survey).collect();
    if news.is_empty() { Ok(()) } else { notifications::add(w, &loaded.ticket, &loaded.actors, &news).await }
}

/// What else a new status brings: timers of a pending ticket go (T-PEN-05), and with them what kept the system from solving or
/// closing it (T-SOL-11); a closing asks for an opinion (T-SRV-01), and one that is taken back no longer does (T-SRV-02). Answers
/// what [`surveys::ask`] does.
async fn follow(
    w: &Work,
    loaded: &Loaded,
    (from, to): (Status, Status),
    trigger: Trigger,
) -> Result<Option<Vec<String>>, ServiceError> {
    if from == Status::Pending {
        pending::stop(w, loaded.ticket.id).await?;
    }
    if matches!(from, Status::Pending | Status::Solved) {
        // Only there does the system act by itself; whoever was first, the next time begins anew.
        solutions::closing::go_on(w, loaded.ticket.id).await?;
    }
    match (from, to) {
        // The people of a source follow the ticket it was merged into.
        (_, Status::Closed) if trigger != Trigger::Merge => surveys::ask(w, loaded).await,
        (Status::Closed, _) => surveys::take_back(w, loaded.ticket.id).await.map(|()| None),
        _ => Ok(None),
    }
}

async fn refusal(
    w: &Work,
    code: Code,
    loaded: &Loaded,
    trigger: Trigger,
    rules: &Rules,
) -> Result<ServiceError, ServiceError> {
    Ok(match code {
        Code::TransitionNotAllowed => {
            let data = serde_json::json!({ "from": loaded.status().as_str(), "trigger": trigger.as_str() });
            AppError::Refused { code, data: Some(data) }.into()
        }
        Code::TicketClosed => {
            let mut data = alternatives(loaded, rules);
            if matches!(trigger, Trigger::Approve | Trigger::Refuse)
                && let Some(serde_json::Value::Object(more)) = solved_before(w, loaded, Code::NotSolved).await?
                && let Some(data) = data.as_object_mut()
            {
                data.extend(more);
            }
            AppError::Refused { code, data: Some(data) }.into()
        }
        Code::ValidationBlocks => {
            let data = validations::refusal_data(w, loaded).await?;
            AppError::Refused { code, data }.into()
        }
        Code::AlreadySolved | Code::NotSolved => {
            let data = solved_before(w, loaded, code).await?;
            AppError::Refused { code, data }.into()
        }
        _ => code.into(),
    })
}

/// Who solved it, or answered before, and when (T-STA-29, T-SOL-07): what every reader of the ticket sees anyway.
async fn solved_before(w: &Work, loaded: &Loaded, code: Code) -> Result<Option<serde_json::Value>, ServiceError> {
    let Some(row) = solutions::rows::last(&w.tx, loaded.ticket.id).await? else { return Ok(None) };
    let (by, at) = if code == Code::AlreadySolved {
        (row.author_id, Some(row.registered_at))
    } else {
        (row.answered_by_id, row.answered_at)
    };
    let Some(at) = at else { return Ok(None) };
    let names = people::directory(&w.tx, &[], by.as_slice()).await?;
    let by = match row.answered_name.filter(|_| code == Code::NotSolved) {
        Some(name) if loaded.is_agent() => name,
        Some(name) => crate::people::reduced(ActorView { kind: ActorKind::Email, name, ..ActorView::default() }).name,
        None => people::author(&names, by, loaded.is_agent()).name,
    };
    let at = moments::moment(at, w.actor().zone);
    Ok(Some(serde_json::json!({ "by": by, "at": at.as_str() })))
}

/// T-STA-29: what the actor may do with a closed ticket instead.
fn alternatives(loaded: &Loaded, rules: &Rules) -> serde_json::Value {
    let reopens = if loaded.caps.contains(Capability::TicketReopen) {
        machine::apply(Status::Closed, Trigger::ReopenByAgent, rules).is_ok()
    } else {
        loaded.facts.requester_side && machine::apply(Status::Closed, Trigger::ReopenByRequester, rules).is_ok()
    };
    let follows = follow_up::can_be_followed(loaded) && loaded.caps.contains(Capability::TicketCreate);
    let listed = [("reopen", reopens), ("follow_up_ticket", follows)];
    let alternatives: Vec<&str> = listed.iter().filter(|(_, may)| *may).map(|(name, _)| *name).collect();
    serde_json::json!({ "alternatives": alternatives })
}

fn closed(loaded: &Loaded, rules: &Rules) -> ServiceError {
    AppError::Refused { code: Code::TicketClosed, data: Some(alternatives(loaded, rules)) }.into()
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
            ticket.answer_awaited = false;
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
        // Reasons are stored by the command, solutions, validations and closing times by the caller.
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

/// Moves the time to resolve by the working time of the pause that ends now; already overdue: unchanged (T-CLK-05).
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
    let clocks = Clocks::load(&w.tx, w.actor(), &[ticket.entity_id]).await?;
    ticket.due_resolve_at = Some(clock::resumed(due, start, w.now(), clocks.of(ticket.entity_id)));
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
        // In every status that takes one: the first assignee of a ticket on hold is its first, too (T-CLK-08).
        (false, true, status) if !status.is_over() => Some(Trigger::AssigneeAppears),
        (true, false, Status::Assigned | Status::Planned | Status::Pending) => Some(Trigger::AssigneeDisappears),
        _ => None,
    }
}

//! The one state machine of the ticket (T-STA-01..29): from a status and a trigger to the next status.
//!
//! Belongs here: which change is legal and what follows from it. Does not belong here: rights
//! (`policy`), settings that refuse before (403, T-GEN-02), the writing of the effects (`service`).

use super::{ReopenPolicy, Status};
use crate::error::Code;

/// The facts the guards need, as they are after the command: a command that removes and adds at once
/// counts once, by its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// A task of the ticket is an open plan.
    pub has_open_plan: bool,
    /// A user or group is assigned.
    pub has_assignee: bool,
    /// The ticket lies in the trash.
    pub deleted: bool,
    /// The ticket was merged into another one.
    pub merged: bool,
    /// Setting `portal.register_occurrence` (252).
    pub register_occurrence: bool,
    /// Setting `reopen_policy`.
    pub reopen_policy: ReopenPolicy,
    /// Setting `auto_close_days` is 0: solving closes at once (T-STA-16).
    pub auto_close_zero: bool,
    /// Setting `portal.cancel` (302).
    pub portal_cancel: bool,
    /// The requester side may still reopen (T-CLK-10).
    pub within_reopen_days: bool,
    /// A `Close` brings its solution along; `Solve` and `CloseWithSolution` always do (T-SOL-02).
    pub has_solution: bool,
    /// A validation that waits or is refused blocks solving and closing (T-VAL-08).
    pub validation_blocks: bool,
    /// Somebody with the right to passes over it.
    pub validation_passed: bool,
}

impl Default for Rules {
    /// A plain ticket without assignee, under the shipped settings.
    fn default() -> Self {
        Self {
            has_open_plan: false,
            has_assignee: false,
            deleted: false,
            merged: false,
            register_occurrence: true,
            reopen_policy: ReopenPolicy::Reopen,
            auto_close_zero: false,
            portal_cancel: false,
            within_reopen_days: true,
            has_solution: false,
            validation_blocks: false,
            validation_passed: false,
        }
    }
}

words! {
    /// What happens to a ticket; the word is written into the event of T-STA-33.
    pub enum Trigger {
        /// The ticket had no assignee and has one now (T-STA-02), or gets a further one (T-STA-28).
        AssigneeAppears => "assignee_appears",
        /// The last assignee is gone (T-STA-03).
        AssigneeDisappears => "assignee_disappears",
        /// A task becomes an open plan (T-STA-04).
        PlanAppears => "plan_appears",
        /// The last open plan ends (T-STA-05).
        PlanEnds => "plan_ends",
        /// Occurrence of service side or observer, or a private one (T-STA-06).
        OccurrenceService => "occurrence_service",
        /// Public occurrence of the requester side (T-STA-07..11).
        OccurrenceRequester => "occurrence_requester",
        /// Put on hold (T-STA-12, 13).
        Suspend => "suspend",
        /// Resume (T-STA-14).
        Reactivate => "reactivate",
        /// Solve, by a person or by an exhausted pending reason (T-STA-15..17).
        Solve => "solve",
        /// The requester side approves the solution (T-STA-18).
        Approve => "approve",
        /// The requester side refuses the solution (T-STA-19).
        Refuse => "refuse",
        /// Close by hand (T-STA-20).
        Close => "close",
        /// Close an open ticket with a solution in the same command (T-STA-21).
        CloseWithSolution => "close_with_solution",
        /// The job closes a solved ticket (T-STA-22).
        AutoClose => "auto_close",
        /// An agent opens the ticket again (T-STA-23).
        ReopenByAgent => "reopen_by_agent",
        /// The requester side opens the ticket again (T-STA-24).
        ReopenByRequester => "reopen_by_requester",
        /// The service side cancels (T-STA-25).
        CancelByAgent => "cancel_by_agent",
        /// The requester side cancels (T-STA-26).
        CancelByRequester => "cancel_by_requester",
        /// The ticket is a source of a merge (T-STA-27).
        Merge => "merge",
    }
}

words! {
    /// What has to be written together with the new status.
    pub enum Effect {
        /// Pending reason, text, timer and count go; clocks resume (T-PEN-05).
        ClearPending => "clear_pending",
        /// Pending reason and text are stored; timer and count restart if the reason changed (T-STA-12, 13).
        StorePending => "store_pending",
        /// `solved_at` = now; the solution of the command waits, or is accepted by the system when the
        /// ticket closes at once (T-STA-15, 16).
        SetSolvedAt => "set_solved_at",
        /// `solved_at`, `closed_at` and `close_due_at` are emptied, an unanswered survey is withdrawn.
        ClearSolution => "clear_solution",
        /// `closed_at` = now if empty, `solved_at` = now if empty (T-CLK-04).
        SetClosedAt => "set_closed_at",
        /// `cancelled_at` = now.
        SetCancelledAt => "set_cancelled_at",
        /// The portal asks "Is your request solved?" (T-STA-10).
        MarkAnswerAwaited => "mark_answer_awaited",
        /// `close_due_at` is counted anew from now (T-SOL-10).
        RecomputeCloseDue => "recompute_close_due",
        /// Reopen count + 1.
        CountReopen => "count_reopen",
        /// The last solution is refused (who, when, reason).
        RefuseSolution => "refuse_solution",
        /// Open validations are withdrawn (T-STA-25).
        WithdrawValidations => "withdraw_validations",
        /// `assigned_at` = now if empty (T-STA-02).
        SetAssignedAt => "set_assigned_at",
    }
}

/// A legal step: where the ticket goes and what is written with it. `to` may be the status it had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The status after the command.
    pub to: Status,
    /// What else to write, in this order.
    pub effects: Vec<Effect>,
}

/// *rest(t)* of section 5, the status a ticket falls back to: also that of a new one (T-STA-01).
#[must_use]
pub const fn rest(rules: &Rules) -> Status {
    if rules.has_open_plan {
        Status::Planned
    } else if rules.has_assignee {
        Status::Assigned
    } else {
        Status::New
    }
}

/// Decides one step (T-STA-02..28).
///
/// # Errors
/// The code of T-STA-29 for a pair that is not listed; for a listed one whose guard says no:
/// `reopen_period_over`, `validation_blocks`, or `transition_not_allowed` where a setting forbids it (callers
/// answer 403 with the setting before they come here, T-GEN-02).
pub fn apply(from: Status, trigger: Trigger, rules: &Rules) -> Result<Change, Code> {
    if rules.deleted {
        return Err(Code::TicketDeleted);
    }
    if rules.merged {
        return Err(Code::TicketMerged);
    }
    if from == Status::Cancelled {
        return Err(Code::TicketCancelled);
    }
    let Some(mut change) = row(from, trigger, rules) else {
        return Err(refusal(from, trigger));
    };
    guard(trigger, rules)?;
    // Any way out of pending deletes its data (T-PEN-05), so no row can forget it.
    if from == Status::Pending && change.to != Status::Pending {
        change.effects.insert(0, Effect::ClearPending);
    }
    Ok(change)
}

/// The rows T-STA-02..28, without guards; `None` = not listed. Cancelled, merged and deleted are past.
fn row(from: Status, trigger: Trigger, rules: &Rules) -> Option<Change> {
    use Effect::{
        CountReopen, MarkAnswerAwaited, RecomputeCloseDue, RefuseSolution, SetAssignedAt, SetCancelledAt, SetClosedAt,
        SetSolvedAt, StorePending, WithdrawValidations,
    };
    use Status::{Assigned, Cancelled, Closed, New, Pending, Planned, Solved};

    let rest = rest(rules);
    let reopened = [RefuseSolution, Effect::ClearSolution, CountReopen];
    match (trigger, from) {
        (Trigger::AssigneeAppears, New) => step(Assigned, &[SetAssignedAt]),
        (Trigger::AssigneeAppears, Assigned | Planned | Pending | Solved) => step(from, &[SetAssignedAt]),
        (Trigger::AssigneeDisappears, Assigned | Planned | Pending) => step(rest, &[]),
        (Trigger::AssigneeDisappears, Solved) => step(Solved, &[]),
        (Trigger::PlanAppears, New | Assigned) => step(Planned, &[]),
        (Trigger::PlanAppears, Planned | Pending | Solved) => step(from, &[]),
        (Trigger::PlanEnds, Planned) => step(rest, &[]),
        (Trigger::PlanEnds, Pending | Solved) => step(from, &[]),
        (Trigger::OccurrenceService, New | Assigned | Planned | Pending | Solved) => step(from, &[]),
        (Trigger::OccurrenceRequester, New | Assigned | Planned) => step(from, &[]),
        (Trigger::OccurrenceRequester, Pending) => step(rest, &[]),
        (Trigger::OccurrenceRequester, Solved) => match rules.reopen_policy {
            ReopenPolicy::Reopen => step(rest, &reopened),
            ReopenPolicy::Ask => step(Solved, &[MarkAnswerAwaited, RecomputeCloseDue]),
            ReopenPolicy::AppendOnly => step(Solved, &[]),
        },
        (Trigger::Suspend, New | Assigned | Planned | Pending) => step(Pending, &[StorePending]),
        (Trigger::Reactivate, Pending) => step(rest, &[]),
        (Trigger::Solve, New | Assigned | Planned | Pending) => {
            if rules.auto_close_zero {
                step(Closed, &[SetSolvedAt, SetClosedAt])
            } else {
                step(Solved, &[SetSolvedAt, RecomputeCloseDue])
            }
        }
        (Trigger::Approve, Solved) => step(Closed, &[SetClosedAt]),
        (Trigger::Refuse, Solved) => step(rest, &reopened),
        (Trigger::Close | Trigger::AutoClose, Solved) => step(Closed, &[SetClosedAt]),
        (Trigger::CloseWithSolution, New | Assigned | Planned | Pending) => closed_with_solution(),
        (Trigger::Close, New | Assigned | Planned | Pending) if rules.has_solution => closed_with_solution(),
        (Trigger::ReopenByAgent, Solved | Closed) => step(rest, &reopened),
        (Trigger::ReopenByRequester, Closed) => step(rest, &reopened),
        (Trigger::CancelByAgent, New | Assigned | Planned | Pending | Solved) => {
            step(Cancelled, &[SetCancelledAt, WithdrawValidations])
        }
        (Trigger::CancelByRequester, New | Assigned | Planned | Pending) => {
            step(Cancelled, &[SetCancelledAt, WithdrawValidations])
        }
        (Trigger::Merge, New | Assigned | Planned | Pending | Solved | Closed) => step(Closed, &[SetClosedAt]),
        _ => None,
    }
}

/// T-STA-21 is T-STA-15 followed by T-STA-20.
fn closed_with_solution() -> Option<Change> {
    step(Status::Closed, &[Effect::SetSolvedAt, Effect::RecomputeCloseDue, Effect::SetClosedAt])
}

/// One cell of the table; always `Some`, so that the rows above stay on one line each.
fn step(to: Status, effects: &[Effect]) -> Option<Change> {
    Some(Change { to, effects: effects.to_vec() })
}

/// Whether a validation that waits or is refused may stand in the way of a trigger (T-VAL-08).
#[must_use]
pub const fn needs_validation(trigger: Trigger) -> bool {
    matches!(
        trigger,
        Trigger::Solve | Trigger::Approve | Trigger::Close | Trigger::CloseWithSolution | Trigger::AutoClose
    )
}

/// The guards of the listed rows.
fn guard(trigger: Trigger, rules: &Rules) -> Result<(), Code> {
    match trigger {
        Trigger::OccurrenceRequester if !rules.register_occurrence => Err(Code::TransitionNotAllowed),
        Trigger::CancelByRequester if !rules.portal_cancel => Err(Code::TransitionNotAllowed),
        Trigger::ReopenByRequester if !rules.within_reopen_days => Err(Code::ReopenPeriodOver),
        _ if needs_validation(trigger) && rules.validation_blocks && !rules.validation_passed => {
            Err(Code::ValidationBlocks)
        }
        _ => Ok(()),
    }
}

/// T-STA-29 after trash, merged and cancelled: the first that fits.
fn refusal(from: Status, trigger: Trigger) -> Code {
    match (trigger, from) {
        (Trigger::Solve | Trigger::CloseWithSolution, Status::Solved) => Code::AlreadySolved,
        (Trigger::Reactivate, _) => Code::NotPending,
        (Trigger::Approve | Trigger::Refuse, status) if status != Status::Closed => Code::NotSolved,
        (Trigger::Close, status) if status.is_open() => Code::SolutionRequired,
        (_, Status::Closed) => Code::TicketClosed,
        _ => Code::TransitionNotAllowed,
    }
}

#[cfg(test)]
mod courses;
#[cfg(test)]
mod tests;

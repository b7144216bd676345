use super::*;
use crate::ticket::Status::{Assigned, Cancelled, Closed, New, Pending, Planned, Solved};

const OPEN: [Status; 4] = [New, Assigned, Planned, Pending];

fn rules() -> Rules {
    Rules::default()
}

/// The three situations of *rest(t)*, with what it must give; written out, not asked from the code.
fn rests() -> [(Rules, Status); 4] {
    [
        (rules(), New),
        (Rules { has_assignee: true, ..rules() }, Assigned),
        (Rules { has_open_plan: true, ..rules() }, Planned),
        (Rules { has_open_plan: true, has_assignee: true, ..rules() }, Planned),
    ]
}

fn ok(to: Status, effects: &[Effect]) -> Result<Change, Code> {
    Ok(Change { to, effects: effects.to_vec() })
}

#[test]
fn t_sta_01_a_new_ticket_starts_at_its_rest() {
    for (rules, expected) in rests() {
        assert_eq!(rest(&rules), expected);
    }
}

#[test]
fn t_sta_02_first_assignee_makes_a_new_ticket_assigned() {
    assert_eq!(apply(New, Trigger::AssigneeAppears, &rules()), ok(Assigned, &[Effect::SetAssignedAt]));
}

#[test]
fn t_sta_03_last_assignee_gone_sends_the_ticket_to_rest_and_ends_pending() {
    for (rules, expected) in rests() {
        assert_eq!(apply(Assigned, Trigger::AssigneeDisappears, &rules), ok(expected, &[]));
        assert_eq!(apply(Planned, Trigger::AssigneeDisappears, &rules), ok(expected, &[]));
        let from_pending = apply(Pending, Trigger::AssigneeDisappears, &rules);
        assert_eq!(from_pending, ok(expected, &[Effect::ClearPending]));
    }
}

#[test]
fn t_sta_04_an_open_plan_makes_the_ticket_planned() {
    for from in [New, Assigned] {
        assert_eq!(apply(from, Trigger::PlanAppears, &rules()), ok(Planned, &[]));
    }
}

#[test]
fn t_sta_05_the_end_of_the_last_plan_sends_the_ticket_to_rest() {
    for (rules, expected) in rests() {
        assert_eq!(apply(Planned, Trigger::PlanEnds, &rules), ok(expected, &[]));
    }
}

#[test]
fn t_sta_06_an_occurrence_of_the_service_side_leaves_the_status() {
    for from in [New, Assigned, Planned, Pending, Solved] {
        assert_eq!(apply(from, Trigger::OccurrenceService, &rules()), ok(from, &[]));
    }
}

#[test]
fn t_sta_07_a_requester_reply_leaves_an_active_ticket_as_it_is() {
    for from in [New, Assigned, Planned] {
        assert_eq!(apply(from, Trigger::OccurrenceRequester, &rules()), ok(from, &[]));
    }
}

#[test]
fn t_sta_08_a_requester_reply_ends_pending() {
    for (rules, expected) in rests() {
        assert_eq!(apply(Pending, Trigger::OccurrenceRequester, &rules), ok(expected, &[Effect::ClearPending]));
    }
}

#[test]
fn t_sta_07_to_11_replies_switched_off_are_refused() {
    let off = Rules { register_occurrence: false, ..rules() };
    for from in [New, Assigned, Planned, Pending, Solved] {
        assert_eq!(apply(from, Trigger::OccurrenceRequester, &off), Err(Code::TransitionNotAllowed));
        assert_eq!(apply(from, Trigger::OccurrenceService, &off), ok(from, &[]));
    }
}

#[test]
fn t_sta_09_requester_reply_reopens_solved_ticket() {
    for (rules, expected) in rests() {
        let effects = [Effect::RefuseSolution, Effect::ClearSolution, Effect::CountReopen];
        assert_eq!(apply(Solved, Trigger::OccurrenceRequester, &rules), ok(expected, &effects));
    }
}

#[test]
fn t_sta_10_requester_reply_asks_whether_the_ticket_is_solved() {
    let ask = Rules { reopen_policy: ReopenPolicy::Ask, ..rules() };
    let effects = [Effect::MarkAnswerAwaited, Effect::RecomputeCloseDue];
    assert_eq!(apply(Solved, Trigger::OccurrenceRequester, &ask), ok(Solved, &effects));
}

#[test]
fn t_sta_11_requester_reply_is_only_kept() {
    let append = Rules { reopen_policy: ReopenPolicy::AppendOnly, ..rules() };
    assert_eq!(apply(Solved, Trigger::OccurrenceRequester, &append), ok(Solved, &[]));
}

#[test]
fn t_sta_12_suspend_puts_an_active_ticket_on_hold() {
    for from in [New, Assigned, Planned] {
        assert_eq!(apply(from, Trigger::Suspend, &rules()), ok(Pending, &[Effect::StorePending]));
    }
}

#[test]
fn t_sta_13_suspend_replaces_the_reason_of_a_pending_ticket() {
    assert_eq!(apply(Pending, Trigger::Suspend, &rules()), ok(Pending, &[Effect::StorePending]));
}

#[test]
fn t_sta_14_reactivate_sends_a_pending_ticket_to_rest() {
    for (rules, expected) in rests() {
        assert_eq!(apply(Pending, Trigger::Reactivate, &rules), ok(expected, &[Effect::ClearPending]));
    }
}

#[test]
fn t_sta_15_solve_makes_an_open_ticket_wait_for_its_answer() {
    let effects = [Effect::SetSolvedAt, Effect::RecomputeCloseDue];
    for from in [New, Assigned, Planned] {
        assert_eq!(apply(from, Trigger::Solve, &rules()), ok(Solved, &effects));
    }
}

#[test]
fn t_sta_16_solve_closes_at_once_when_auto_close_days_is_zero() {
    let at_once = Rules { auto_close_zero: true, ..rules() };
    for from in [New, Assigned, Planned] {
        assert_eq!(apply(from, Trigger::Solve, &at_once), ok(Closed, &[Effect::SetSolvedAt, Effect::SetClosedAt]));
    }
}

#[test]
fn t_sta_17_an_exhausted_pending_reason_solves_or_closes() {
    let solved = [Effect::ClearPending, Effect::SetSolvedAt, Effect::RecomputeCloseDue];
    assert_eq!(apply(Pending, Trigger::Solve, &rules()), ok(Solved, &solved));
    let at_once = Rules { auto_close_zero: true, ..rules() };
    let closed = [Effect::ClearPending, Effect::SetSolvedAt, Effect::SetClosedAt];
    assert_eq!(apply(Pending, Trigger::Solve, &at_once), ok(Closed, &closed));
}

#[test]
fn t_sta_18_approve_closes_a_solved_ticket() {
    assert_eq!(apply(Solved, Trigger::Approve, &rules()), ok(Closed, &[Effect::SetClosedAt]));
}

#[test]
fn t_sta_19_refuse_opens_a_solved_ticket_and_counts() {
    for (rules, expected) in rests() {
        let effects = [Effect::RefuseSolution, Effect::ClearSolution, Effect::CountReopen];
        assert_eq!(apply(Solved, Trigger::Refuse, &rules), ok(expected, &effects));
    }
}

#[test]
fn t_sta_20_close_by_hand_closes_a_solved_ticket() {
    assert_eq!(apply(Solved, Trigger::Close, &rules()), ok(Closed, &[Effect::SetClosedAt]));
}

#[test]
fn t_sta_21_close_with_a_solution_solves_and_closes_an_open_ticket() {
    let effects = [Effect::SetSolvedAt, Effect::RecomputeCloseDue, Effect::SetClosedAt];
    let with = Rules { has_solution: true, ..rules() };
    for from in [New, Assigned, Planned] {
        assert_eq!(apply(from, Trigger::CloseWithSolution, &rules()), ok(Closed, &effects));
        assert_eq!(apply(from, Trigger::Close, &with), ok(Closed, &effects));
    }
    let from_pending = apply(Pending, Trigger::CloseWithSolution, &rules()).unwrap();
    assert_eq!((from_pending.to, from_pending.effects.first()), (Closed, Some(&Effect::ClearPending)));
}

#[test]
fn t_sta_22_the_job_closes_a_solved_ticket() {
    assert_eq!(apply(Solved, Trigger::AutoClose, &rules()), ok(Closed, &[Effect::SetClosedAt]));
}

#[test]
fn t_sta_23_an_agent_reopens_solved_and_closed_tickets() {
    let effects = [Effect::RefuseSolution, Effect::ClearSolution, Effect::CountReopen];
    for (rules, expected) in rests() {
        let late = Rules { within_reopen_days: false, ..rules };
        assert_eq!(apply(Solved, Trigger::ReopenByAgent, &late), ok(expected, &effects));
        assert_eq!(apply(Closed, Trigger::ReopenByAgent, &late), ok(expected, &effects));
    }
}

#[test]
fn t_sta_24_the_requester_reopens_a_closed_ticket_in_time() {
    let effects = [Effect::RefuseSolution, Effect::ClearSolution, Effect::CountReopen];
    for (rules, expected) in rests() {
        assert_eq!(apply(Closed, Trigger::ReopenByRequester, &rules), ok(expected, &effects));
    }
    let late = Rules { within_reopen_days: false, ..rules() };
    assert_eq!(apply(Closed, Trigger::ReopenByRequester, &late), Err(Code::ReopenPeriodOver));
}

#[test]
fn t_sta_25_an_agent_cancels_open_and_solved_tickets() {
    let effects = [Effect::SetCancelledAt, Effect::WithdrawValidations];
    for from in [New, Assigned, Planned, Solved] {
        assert_eq!(apply(from, Trigger::CancelByAgent, &rules()), ok(Cancelled, &effects));
    }
    let pending = [Effect::ClearPending, Effect::SetCancelledAt, Effect::WithdrawValidations];
    assert_eq!(apply(Pending, Trigger::CancelByAgent, &rules()), ok(Cancelled, &pending));
}

#[test]
fn t_sta_26_the_requester_cancels_an_open_ticket_when_the_portal_allows_it() {
    let allowed = Rules { portal_cancel: true, ..rules() };
    for from in OPEN {
        assert_eq!(apply(from, Trigger::CancelByRequester, &allowed).map(|c| c.to), Ok(Cancelled));
        assert_eq!(apply(from, Trigger::CancelByRequester, &rules()), Err(Code::TransitionNotAllowed));
    }
}

#[test]
fn t_sta_27_a_merged_ticket_is_closed() {
    for from in [New, Assigned, Planned, Solved, Closed] {
        assert_eq!(apply(from, Trigger::Merge, &rules()), ok(Closed, &[Effect::SetClosedAt]));
    }
    assert_eq!(apply(Pending, Trigger::Merge, &rules()), ok(Closed, &[Effect::ClearPending, Effect::SetClosedAt]));
}

#[test]
fn t_sta_28_further_assignees_and_plans_leave_the_status() {
    for from in [Assigned, Planned, Pending, Solved] {
        assert_eq!(apply(from, Trigger::AssigneeAppears, &rules()).map(|c| c.to), Ok(from));
    }
    for from in [Planned, Pending, Solved] {
        assert_eq!(apply(from, Trigger::PlanAppears, &rules()), ok(from, &[]));
    }
    for from in [Pending, Solved] {
        assert_eq!(apply(from, Trigger::PlanEnds, &rules()), ok(from, &[]));
    }
    assert_eq!(apply(Solved, Trigger::AssigneeDisappears, &rules()), ok(Solved, &[]));
}

#[test]
fn t_sta_29_the_trash_speaks_before_the_merge_and_the_merge_before_the_status() {
    for trigger in Trigger::ALL {
        for from in Status::ALL {
            let both = Rules { deleted: true, merged: true, validation_blocks: true, ..rules() };
            assert_eq!(apply(*from, *trigger, &both), Err(Code::TicketDeleted));
            let merged = Rules { merged: true, validation_blocks: true, ..rules() };
            assert_eq!(apply(*from, *trigger, &merged), Err(Code::TicketMerged));
        }
    }
}

#[test]
fn t_sta_32_nothing_leaves_cancelled() {
    let open_hearted = Rules { portal_cancel: true, has_solution: true, ..rules() };
    for trigger in Trigger::ALL {
        assert_eq!(apply(Cancelled, *trigger, &open_hearted), Err(Code::TicketCancelled));
    }
}

#[test]
fn t_val_08_a_missing_validation_blocks_solving_and_closing_only() {
    let blocked = Rules { validation_blocks: true, ..rules() };
    for from in OPEN {
        assert_eq!(apply(from, Trigger::Solve, &blocked), Err(Code::ValidationBlocks));
        assert_eq!(apply(from, Trigger::CloseWithSolution, &blocked), Err(Code::ValidationBlocks));
        assert_eq!(apply(from, Trigger::Close, &blocked), Err(Code::SolutionRequired));
        assert_eq!(apply(from, Trigger::CancelByAgent, &blocked).map(|c| c.to), Ok(Cancelled));
        assert_eq!(apply(from, Trigger::Merge, &blocked).map(|c| c.to), Ok(Closed));
    }
    for trigger in [Trigger::Approve, Trigger::Close, Trigger::AutoClose] {
        assert_eq!(apply(Solved, trigger, &blocked), Err(Code::ValidationBlocks));
    }
    assert_eq!(apply(Solved, Trigger::Solve, &blocked), Err(Code::AlreadySolved));
    assert_eq!(apply(Solved, Trigger::Refuse, &blocked).map(|c| c.to), Ok(New));
}

#[test]
fn t_val_08_who_passes_over_a_missing_validation_is_not_blocked() {
    let passed = Rules { validation_blocks: true, validation_passed: true, ..rules() };
    assert_eq!(apply(New, Trigger::Solve, &passed).map(|c| c.to), Ok(Solved));
    assert_eq!(apply(Solved, Trigger::Close, &passed).map(|c| c.to), Ok(Closed));
    let guarded: Vec<&str> =
        Trigger::ALL.iter().filter(|trigger| needs_validation(**trigger)).map(|trigger| trigger.as_str()).collect();
    assert_eq!(guarded, ["solve", "approve", "close", "close_with_solution", "auto_close"]);
}

#[test]
fn t_sta_29_every_trigger_in_every_status() {
    // Statuses: where the ticket goes. Here nobody is assigned and nothing planned, so rest(t) = new.
    const N: &str = "new";
    const A: &str = "assigned";
    const P: &str = "planned";
    const W: &str = "pending";
    const S: &str = "solved";
    const C: &str = "closed";
    const X: &str = "cancelled";
    // Refusals.
    const TC: &str = "ticket_closed";
    const TX: &str = "ticket_cancelled";
    const AS: &str = "already_solved";
    const NP: &str = "not_pending";
    const NS: &str = "not_solved";
    const SR: &str = "solution_required";
    const NO: &str = "transition_not_allowed";
    #[rustfmt::skip]
    let table: [(Trigger, [&str; 7]); 19] = [
        //                              new assd plan pend solv clos canc
        (Trigger::AssigneeAppears,     [A,  A,  P,  W,  S,  TC, TX]),
        (Trigger::AssigneeDisappears,  [NO, N,  N,  N,  S,  TC, TX]),
        (Trigger::PlanAppears,         [P,  P,  P,  W,  S,  TC, TX]),
        (Trigger::PlanEnds,            [NO, NO, N,  W,  S,  TC, TX]),
        (Trigger::OccurrenceService,   [N,  A,  P,  W,  S,  TC, TX]),
        (Trigger::OccurrenceRequester, [N,  A,  P,  N,  N,  TC, TX]),
        (Trigger::Suspend,             [W,  W,  W,  W,  NO, TC, TX]),
        (Trigger::Reactivate,          [NP, NP, NP, N,  NP, NP, TX]),
        (Trigger::Solve,               [S,  S,  S,  S,  AS, TC, TX]),
        (Trigger::Approve,             [NS, NS, NS, NS, C,  TC, TX]),
        (Trigger::Refuse,              [NS, NS, NS, NS, N,  TC, TX]),
        (Trigger::Close,               [SR, SR, SR, SR, C,  TC, TX]),
        (Trigger::CloseWithSolution,   [C,  C,  C,  C,  AS, TC, TX]),
        (Trigger::AutoClose,           [NO, NO, NO, NO, C,  TC, TX]),
        (Trigger::ReopenByAgent,       [NO, NO, NO, NO, N,  N,  TX]),
        (Trigger::ReopenByRequester,   [NO, NO, NO, NO, NO, N,  TX]),
        (Trigger::CancelByAgent,       [X,  X,  X,  X,  X,  TC, TX]),
        (Trigger::CancelByRequester,   [X,  X,  X,  X,  NO, TC, TX]),
        (Trigger::Merge,               [C,  C,  C,  C,  C,  C,  TX]),
    ];
    let rules = Rules { portal_cancel: true, ..rules() };
    assert_eq!(table.len(), Trigger::ALL.len());
    for ((trigger, cells), known) in table.iter().zip(Trigger::ALL) {
        assert_eq!(trigger, known);
        for (from, expected) in Status::ALL.iter().zip(cells) {
            let got = match apply(*from, *trigger, &rules) {
                Ok(change) => change.to.as_str(),
                Err(code) => code.as_str(),
            };
            assert_eq!(got, *expected, "{trigger} in {from}");
        }
    }
}

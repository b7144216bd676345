//! Random courses of commands against a table that was written down on its own.

use std::collections::BTreeSet;

use super::*;

#[path = "../../../../testing/src/table.rs"]
#[expect(unreachable_pub, reason = "the crate `testing` shows the same file to other crates")]
mod table;

use self::table::{Act, Closing, Dice, House, Policy, Standing, course};

/// How many courses, and how long each is.
const COURSES: u64 = 100_000;
const LENGTH: usize = 20;

/// The trigger of an act; the trash and time are none of the machine's.
fn trigger(act: Act) -> Option<Trigger> {
    Some(match act {
        Act::Assign => Trigger::AssigneeAppears,
        Act::Unassign => Trigger::AssigneeDisappears,
        Act::Plan => Trigger::PlanAppears,
        Act::EndPlan => Trigger::PlanEnds,
        Act::NoteByAgent => Trigger::OccurrenceService,
        Act::NoteByRequester => Trigger::OccurrenceRequester,
        Act::Suspend => Trigger::Suspend,
        Act::Reactivate => Trigger::Reactivate,
        Act::Solve => Trigger::Solve,
        Act::Approve => Trigger::Approve,
        Act::Refuse => Trigger::Refuse,
        Act::Close => Trigger::Close,
        Act::SolveAndClose => Trigger::CloseWithSolution,
        Act::AutoClose => Trigger::AutoClose,
        Act::ReopenByAgent => Trigger::ReopenByAgent,
        Act::ReopenByRequester => Trigger::ReopenByRequester,
        Act::CancelByAgent => Trigger::CancelByAgent,
        Act::CancelByRequester => Trigger::CancelByRequester,
        Act::Merge => Trigger::Merge,
        Act::Delete | Act::Restore | Act::Wait => return None,
    })
}

/// What the machine is told: facts as they are after the command, the rest as it was before.
fn facts(before: Standing, after: Standing, house: House) -> Rules {
    Rules {
        has_open_plan: after.planned,
        has_assignee: after.assigned,
        deleted: before.deleted,
        merged: before.merged,
        register_occurrence: house.replies,
        reopen_policy: match house.policy {
            Policy::Reopen => ReopenPolicy::Reopen,
            Policy::Ask => ReopenPolicy::Ask,
            Policy::AppendOnly => ReopenPolicy::AppendOnly,
        },
        auto_close_zero: house.closing == Closing::AtOnce,
        portal_cancel: house.cancels,
        within_reopen_days: !before.late,
        has_solution: false,
        validation_blocks: before.blocked,
        validation_passed: before.passed,
    }
}

/// What every legal step brings along, whatever the row.
fn assert_effects(from: Status, trigger: Trigger, change: &Change) {
    let has = |effect: Effect| change.effects.contains(&effect);
    assert_eq!(
        has(Effect::ClearPending),
        from == Status::Pending && change.to != Status::Pending,
        "{trigger} in {from}: {change:?}"
    );
    assert_eq!(has(Effect::SetClosedAt), change.to == Status::Closed, "{trigger} in {from}: {change:?}");
    assert_eq!(has(Effect::SetCancelledAt), change.to == Status::Cancelled, "{trigger} in {from}: {change:?}");
    let is_solved = from.is_open() && matches!(change.to, Status::Solved | Status::Closed);
    assert_eq!(has(Effect::SetSolvedAt), is_solved && trigger != Trigger::Merge, "{trigger} in {from}: {change:?}");
    let is_reopened = !from.is_open() && change.to.is_open();
    for effect in [Effect::CountReopen, Effect::RefuseSolution, Effect::ClearSolution] {
        assert_eq!(has(effect), is_reopened, "{trigger} in {from}: {change:?}");
    }
    let mut once = change.effects.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), change.effects.len(), "{trigger} in {from}: {change:?}");
}

#[test]
fn t_sta_a_hundred_thousand_courses_agree_with_the_table() {
    let mut dice = Dice::of(7);
    let mut seen: BTreeSet<(Trigger, Status)> = BTreeSet::new();
    let (mut played, mut due) = (0_u64, 0_u64);
    for seed in 0..COURSES {
        let (house, acts) = course(seed, LENGTH);
        let mut standing = Standing::NEW;
        for act in acts {
            standing = Standing { blocked: dice.throw(6) == 0, passed: dice.throw(3) == 0, ..standing };
            let expected = standing.after(act, house);
            if let Some(trigger) = trigger(act) {
                let from: Status = standing.status.parse().expect("a status");
                let rules = facts(standing, expected.unwrap_or(standing), house);
                // Closing by hand may bring its solution along in the same command (T-SOL-02).
                let brings = trigger == Trigger::CloseWithSolution && from.is_open() && dice.throw(2) == 0;
                let got = if brings {
                    apply(from, Trigger::Close, &Rules { has_solution: true, ..rules })
                } else {
                    apply(from, trigger, &rules)
                };
                if let Ok(change) = &got {
                    assert_effects(from, trigger, change);
                }
                let wanted = expected
                    .map(|after| after.status)
                    .map_err(|code| if code == "setting" { "transition_not_allowed" } else { code });
                let told = got.as_ref().map(|change| change.to.as_str()).map_err(|code| code.as_str());
                assert_eq!(told, wanted, "course {seed}: {act:?} at {standing:?} under {house:?}");
                seen.insert((trigger, from));
                played += 1;
            }
            standing = expected.unwrap_or(standing);
            due += u64::from(standing.due);
        }
    }
    assert_eq!(seen.len(), Trigger::ALL.len() * Status::ALL.len(), "every trigger met every status");
    assert!(played > COURSES * 10 && due > COURSES / 100, "{played} steps, {due} of tickets that were due");
}

#[test]
fn t_sta_a_course_is_the_same_whenever_it_is_played() {
    for seed in [0, 1, 99_999] {
        assert_eq!(course(seed, LENGTH), course(seed, LENGTH));
    }
    assert_ne!(course(0, LENGTH), course(1, LENGTH));
}

use super::*;

const HOUR: i64 = 3_600;

fn planned(begin: Option<i64>, end: Option<i64>, length: Option<i32>) -> Result<Option<Plan>, Vec<(String, Code)>> {
    let mut errors = FieldErrors::new();
    let found = plan(begin, end, length.map(Minutes), &mut errors);
    if errors.is_empty() { Ok(found) } else { Err(wrong(errors)) }
}

fn wrong(errors: FieldErrors) -> Vec<(String, Code)> {
    errors.0.into_iter().map(|error| (error.field, error.code)).collect()
}

fn at(field: &str, code: Code) -> Vec<(String, Code)> {
    vec![(field.to_owned(), code)]
}

#[test]
fn t_tsk_01_a_plan_has_both_begin_and_end_or_neither() {
    let plan = |begin, end| Ok(Some(Plan { begin, end }));
    let cases = [
        (None, None, None, Ok(None)),
        (Some(0), Some(HOUR), None, plan(0, HOUR)),
        (Some(0), None, Some(60), plan(0, HOUR)),
        (Some(0), Some(HOUR), Some(60), plan(0, HOUR)),
        (None, Some(HOUR), None, Err(at("planned_begin", Code::BeginRequired))),
        (None, None, Some(60), Err(at("planned_begin", Code::BeginRequired))),
        (Some(0), None, None, Err(at("planned_end", Code::EndRequired))),
        (Some(HOUR), Some(HOUR), None, Err(at("planned_end", Code::EndBeforeBegin))),
        (Some(HOUR), Some(0), None, Err(at("planned_end", Code::EndBeforeBegin))),
        (Some(0), None, Some(0), Err(at("duration_minutes", Code::EndBeforeBegin))),
        (Some(0), Some(HOUR), Some(30), Err(at("duration_minutes", Code::DurationMismatch))),
    ];
    for (begin, end, length, expected) in cases {
        assert_eq!(planned(begin, end, length), expected, "{begin:?} {end:?} {length:?}");
    }
}

#[test]
fn t_tsk_04_a_length_moves_the_end_and_an_empty_begin_removes_the_plan() {
    use Patch::{Clear, Keep, Set};

    let present = Some(Plan { begin: 0, end: HOUR });
    let case = |begin: Patch<i64>, end: Patch<i64>, length: Patch<i32>, is_form: bool| {
        let length = match length {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(minutes) => Patch::Set(Minutes(minutes)),
        };
        let mut errors = FieldErrors::new();
        let found = Replan { begin, end, length, is_form }.apply(present, &mut errors);
        if errors.is_empty() { Ok(found) } else { Err(wrong(errors)) }
    };
    let plan = |begin, end| Ok(Some(Some(Plan { begin, end })));
    assert_eq!(case(Keep, Keep, Keep, false), Ok(None));
    assert_eq!(case(Keep, Keep, Clear, false), Ok(None));
    assert_eq!(case(Keep, Keep, Set(90), false), plan(0, HOUR + HOUR / 2));
    assert_eq!(case(Set(600), Keep, Keep, false), plan(600, HOUR), "what is not sent stays");
    assert_eq!(case(Set(2 * HOUR), Keep, Keep, false), Err(at("planned_end", Code::EndBeforeBegin)));
    assert_eq!(case(Set(2 * HOUR), Keep, Set(30), false), plan(2 * HOUR, 2 * HOUR + 1_800));
    assert_eq!(case(Clear, Keep, Keep, false), Ok(Some(None)));
    assert_eq!(case(Clear, Clear, Clear, true), Ok(Some(None)));
    assert_eq!(case(Clear, Set(HOUR), Keep, false), Err(at("planned_begin", Code::BeginRequired)));
    assert_eq!(case(Keep, Clear, Keep, false), Err(at("planned_end", Code::EndRequired)));
    assert_eq!(case(Keep, Set(HOUR), Set(90), false), Err(at("duration_minutes", Code::DurationMismatch)));
    assert_eq!(case(Set(0), Set(HOUR), Set(90), true), plan(0, HOUR + HOUR / 2), "a form sends the old end too");
}

#[test]
fn t_tsk_04_a_length_needs_a_begin() {
    let mut errors = FieldErrors::new();
    let replan = Replan { length: Patch::Set(Minutes(30)), ..Replan::default() };
    assert_eq!(replan.apply(None, &mut errors), None);
    assert_eq!(wrong(errors), at("planned_begin", Code::BeginRequired));
    let mut errors = FieldErrors::new();
    let empty = Replan { begin: Patch::Clear, end: Patch::Clear, length: Patch::Clear, is_form: true };
    assert_eq!(empty.apply(None, &mut errors), Some(None));
    assert!(errors.is_empty());
}

#[test]
fn t_tsk_06_plans_that_touch_do_not_overlap() {
    let plan = |begin, end| Plan { begin, end };
    let one = plan(0, HOUR);
    let cases = [
        (plan(HOUR, 2 * HOUR), false),
        (plan(-HOUR, 0), false),
        (plan(HOUR - 1, 2 * HOUR), true),
        (plan(-HOUR, 1), true),
        (plan(10, 20), true),
        (plan(-HOUR, 2 * HOUR), true),
    ];
    for (other, expected) in cases {
        assert_eq!((one.overlaps(other), other.overlaps(one)), (expected, expected), "{other:?}");
    }
}

#[test]
fn t_tsk_07_a_reminder_is_due_once_for_each_due_time_and_moves_with_the_begin() {
    let plan = Plan { begin: 10 * HOUR, end: 11 * HOUR };
    let due = 10 * HOUR - 900;
    assert_eq!(plan.remind_at(Some(15), None, 0), Some(due));
    assert_eq!(plan.remind_at(Some(0), None, 0), Some(10 * HOUR));
    assert_eq!(plan.remind_at(None, None, 0), None);
    assert_eq!(plan.remind_at(Some(15), Some(due), 0), None, "told already");
    assert_eq!(plan.remind_at(Some(30), Some(due), 0), Some(10 * HOUR - 1_800));
    assert_eq!(plan.remind_at(Some(15), None, 10 * HOUR - 60), Some(due), "late, but not begun");
    assert_eq!(plan.remind_at(Some(15), None, 10 * HOUR + 1), None, "begun");
}

#[test]
fn t_tsk_01_reminders_and_minutes_are_those_of_the_rule() {
    assert_eq!(reminder(""), Ok(None));
    assert_eq!(reminder(" 15 "), Ok(Some(15)));
    assert_eq!(reminder("0"), Ok(Some(0)));
    for text in ["7", "-5", "x", "15.0", "99999999999"] {
        assert_eq!(reminder(text), Err(Code::Invalid), "{text}");
    }
    assert_eq!(minutes("1h30"), Ok(Some(Minutes(90))));
    assert_eq!(minutes("60001"), Err(Code::TimeOutOfRange));
}

#[test]
fn t_tsk_01_states_have_one_word_each() {
    for state in TaskState::ALL {
        assert_eq!(state.as_str().parse(), Ok(*state));
    }
    assert_eq!(TaskState::default(), TaskState::Todo);
    let open: Vec<&str> = TaskState::ALL.iter().filter(|state| state.is_open()).map(|state| state.as_str()).collect();
    assert_eq!(open, ["todo", "in_progress"]);
    let reminding: Vec<&str> =
        TaskState::ALL.iter().filter(|state| state.reminds()).map(|state| state.as_str()).collect();
    assert_eq!(reminding, ["todo", "in_progress", "on_hold"]);
}

#[test]
fn t_tsk_09_blocks_of_the_same_time_stand_beside_each_other() {
    let of = |blocks: &[(u32, u32)]| lanes(blocks).into_iter().map(|lane| (lane.at, lane.of)).collect::<Vec<_>>();
    assert!(lanes(&[]).is_empty());
    assert_eq!(of(&[(18, 2), (20, 2)]), [(0, 1), (0, 1)], "one ends when the other begins");
    assert_eq!(of(&[(18, 2), (18, 2), (30, 2)]), [(0, 2), (1, 2), (0, 1)], "the third has the day for itself");
    // A lane that is free again is taken again.
    assert_eq!(of(&[(18, 6), (18, 2), (20, 2)]), [(0, 2), (1, 2), (1, 2)]);
    // The second meets both, so that all three are as wide; the order is that of the blocks, not of their begins.
    assert_eq!(of(&[(20, 4), (18, 4), (22, 4)]), [(1, 2), (0, 2), (0, 2)]);
    assert_eq!(of(&[(0, 48), (1, 1), (1, 1), (1, 1)]), [(0, 4), (1, 4), (2, 4), (3, 4)]);
}

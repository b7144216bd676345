use super::*;

const DAY: i64 = 86_400;

/// Days as they come, or without the days 5 and 6 of each week of the epoch (Saturday and Sunday for Monday = 0).
#[derive(Debug)]
struct Days {
    has_weekend: bool,
}

impl Days {
    /// 1970-01-01 was a Thursday.
    fn is_working(&self, at: i64) -> bool {
        !self.has_weekend || (at.div_euclid(DAY) + 3).rem_euclid(7) < 5
    }

    fn next_working(&self, mut at: i64) -> i64 {
        while !self.is_working(at) {
            at += DAY;
        }
        at
    }
}

impl WorkingTime for Days {
    fn between(&self, from: i64, to: i64) -> i64 {
        (to - from).max(0)
    }

    fn after(&self, from: i64, seconds: i64) -> i64 {
        from + seconds
    }

    fn days_after(&self, from: i64, days: u32) -> i64 {
        (0..days).fold(from, |at, _| self.next_working(at + DAY))
    }

    fn weeks_after(&self, from: i64, weeks: u32) -> i64 {
        self.next_working(from + i64::from(weeks) * 7 * DAY)
    }
}

const ALL_DAYS: Days = Days { has_weekend: false };
const WORKING_DAYS: Days = Days { has_weekend: true };

fn rule(every: Every, most: Option<u8>) -> Rule {
    Rule { reminder_every: Some(every), reminders_before_solving: most, ..Rule::default() }
}

#[test]
fn t_pen_03_the_next_reminder_counts_from_the_last_one() {
    let daily = rule(Every::Day, None);
    assert_eq!(daily.next(100, None, 0, &ALL_DAYS), Some(Next { at: 100 + DAY, step: Step::Remind }));
    assert_eq!(daily.next(100, Some(5_000), 1, &ALL_DAYS), Some(Next { at: 5_000 + DAY, step: Step::Remind }));
    let ever = daily.next(100, Some(5_000), 500, &ALL_DAYS).map(|next| next.step);
    assert_eq!(ever, Some(Step::Remind), "never = no limit");
    assert_eq!(Rule::default().next(100, None, 0, &ALL_DAYS), None);
}

#[test]
fn t_pen_03_days_are_working_days_and_weeks_land_on_one() {
    // Thursday 1970-01-01 10:00.
    let thursday = 10 * 3_600;
    let at = |every: Every, time: &Days| rule(every, None).next(thursday, None, 0, time).map(|next| next.at - thursday);
    assert_eq!(at(Every::Days2, &ALL_DAYS), Some(2 * DAY));
    assert_eq!(at(Every::Days2, &WORKING_DAYS), Some(4 * DAY), "Friday, Monday");
    assert_eq!(at(Every::Week, &WORKING_DAYS), Some(7 * DAY));
    // Saturday 10:00, a week later is a Saturday.
    let saturday = thursday + 2 * DAY;
    let next = rule(Every::Week, None).next(saturday, None, 0, &WORKING_DAYS).map(|next| next.at - saturday);
    assert_eq!(next, Some(9 * DAY), "the Monday behind it");
}

#[test]
fn t_pen_06_after_the_last_reminder_the_ticket_is_solved() {
    // Reminders before solving, sent, what comes next.
    let table = [
        (Some(0), 0, Step::Solve),
        (Some(1), 0, Step::Remind),
        (Some(1), 1, Step::Solve),
        (Some(3), 2, Step::Remind),
        (Some(3), 3, Step::Solve),
        // The limit was lowered meanwhile.
        (Some(1), 3, Step::Solve),
        (None, 9, Step::Remind),
    ];
    for (most, sent, expected) in table {
        let next = rule(Every::Week, most).next(0, Some(50), sent, &ALL_DAYS);
        assert_eq!(next, Some(Next { at: 50 + 7 * DAY, step: expected }), "{most:?} {sent}");
    }
    assert_eq!(rule(Every::Day, Some(0)).next(7, None, 0, &ALL_DAYS).map(|next| next.at), Some(7 + DAY));
}

#[test]
fn t_pen_04_06_a_rule_without_its_templates_is_told() {
    let (good, bad) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let is_usable = |id: Uuid| id == good;
    let faults = |rule: &Rule| rule.faults(is_usable);
    assert_eq!(faults(&Rule::default()), []);
    assert_eq!(faults(&rule(Every::Day, None)), [Fault::ReminderTemplate]);
    assert_eq!(faults(&rule(Every::Day, Some(2))), [Fault::ReminderTemplate, Fault::SolutionTemplate]);
    assert_eq!(faults(&rule(Every::Day, Some(0))), [Fault::SolutionTemplate], "no reminder is ever sent");
    let right = Rule { reminder_template: Some(good), solution_template: Some(good), ..rule(Every::Day, Some(1)) };
    assert_eq!(faults(&right), []);
    assert_eq!(faults(&Rule { solution_template: Some(bad), ..right }), [Fault::SolutionTemplate]);
}

#[test]
fn t_pen_01_what_can_be_chosen() {
    let days = Every::ALL.iter().filter(|every| !every.parts().1).map(|every| every.parts().0);
    assert_eq!(days.collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    let weeks = Every::ALL.iter().filter(|every| every.parts().1).map(|every| every.parts().0);
    assert_eq!(weeks.collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!("7d".parse::<Every>(), Err(Code::Invalid));
    let table = [
        ("", Ok(None)),
        ("0", Ok(Some(0))),
        (" 3 ", Ok(Some(3))),
        ("4", Err(Code::OutOfRange)),
        ("-1", Err(Code::OutOfRange)),
        ("two", Err(Code::Invalid)),
    ];
    for (typed, expected) in table {
        assert_eq!(reminders(typed), expected, "{typed:?}");
    }
}

#[test]
fn a_rule_is_stored_by_the_words_of_the_api() {
    let stored = serde_json::to_string(&rule(Every::Weeks2, Some(2))).unwrap();
    assert!(stored.contains("\"reminder_every\":\"2w\""), "{stored}");
    assert_eq!(serde_json::from_str::<Rule>(&stored).unwrap(), rule(Every::Weeks2, Some(2)));
    assert_eq!(serde_json::from_str::<Rule>("{}").unwrap(), Rule::default());
}

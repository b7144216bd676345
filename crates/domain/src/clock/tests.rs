use super::*;

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// 24 hours, 7 days.
#[derive(Debug)]
struct Always;

impl WorkingTime for Always {
    fn between(&self, from: i64, to: i64) -> i64 {
        (to - from).max(0)
    }

    fn after(&self, from: i64, seconds: i64) -> i64 {
        from + seconds
    }

    fn days_after(&self, from: i64, days: u32) -> i64 {
        from + i64::from(days) * DAY
    }

    fn weeks_after(&self, from: i64, weeks: u32) -> i64 {
        self.days_after(from, weeks * 7)
    }
}

/// The first eight hours of each day of UTC.
#[derive(Debug)]
struct Mornings;

impl WorkingTime for Mornings {
    fn between(&self, from: i64, to: i64) -> i64 {
        let worked = |at: i64| (at.div_euclid(DAY)) * 8 * HOUR + at.rem_euclid(DAY).min(8 * HOUR);
        (worked(to) - worked(from)).max(0)
    }

    fn after(&self, from: i64, seconds: i64) -> i64 {
        let mut at = from;
        while self.between(from, at) < seconds {
            at += 60;
        }
        at
    }

    fn days_after(&self, from: i64, days: u32) -> i64 {
        from + i64::from(days) * DAY
    }

    fn weeks_after(&self, from: i64, weeks: u32) -> i64 {
        self.days_after(from, weeks * 7)
    }
}

fn goal(due_at: Option<i64>, reached_at: Option<i64>) -> Goal {
    Goal { opened_at: 0, due_at, reached_at, pauses: true }
}

#[test]
fn t_clk_06_the_state_of_a_due_date() {
    use DueState::{AtRisk, Met, Missed, None as Without, OnTime, Overdue, Paused};
    // Due, reached, status, now, state; opened at 0, all hours count.
    let table = [
        (None, None, Status::New, 5, Without),
        (Some(100), None, Status::Cancelled, 5, Without),
        (Some(100), Some(100), Status::Solved, 500, Met),
        (Some(100), Some(101), Status::Closed, 500, Missed),
        (Some(100), None, Status::Assigned, 79, OnTime),
        (Some(100), None, Status::Assigned, 80, AtRisk),
        (Some(100), None, Status::Assigned, 100, AtRisk),
        (Some(100), None, Status::Planned, 101, Overdue),
        (Some(100), None, Status::Pending, 101, Paused),
        (Some(100), None, Status::Pending, 10, Paused),
    ];
    for (due, reached, status, now, expected) in table {
        assert_eq!(goal(due, reached).state(status, now, &Always), expected, "{due:?} {reached:?} {status} {now}");
    }
}

#[test]
fn t_clk_05_the_date_to_own_never_stands_still() {
    let own = Goal { pauses: false, ..goal(Some(100), None) };
    assert_eq!(own.state(Status::Pending, 10, &Always), DueState::OnTime);
    assert_eq!(own.state(Status::Pending, 101, &Always), DueState::Overdue);
}

#[test]
fn t_clk_06_the_share_that_is_used_is_working_time() {
    // Due at the end of the second working day: 16 hours of work; 12.8 are 80 %.
    let due = goal(Some(DAY + 8 * HOUR), None);
    assert_eq!(due.state(Status::New, 20 * HOUR, &Mornings), DueState::OnTime, "8 of 16 hours");
    assert_eq!(due.state(Status::New, 20 * HOUR, &Always), DueState::OnTime, "20 of 32 hours");
    assert_eq!(due.state(Status::New, DAY + 5 * HOUR, &Mornings), DueState::AtRisk, "13 of 16 hours");
}

#[test]
fn t_ntf_02_a_due_date_is_looked_at_when_its_state_changes() {
    // Due, reached, status, now, when next; opened at 0, all hours count.
    let table = [
        (None, None, Status::New, 5, None),
        (Some(100), None, Status::New, 0, Some(80)),
        (Some(100), None, Status::Assigned, 79, Some(80)),
        (Some(100), None, Status::Planned, 80, Some(101)),
        (Some(100), None, Status::Planned, 100, Some(101)),
        (Some(100), None, Status::Planned, 101, None),
        (Some(102), None, Status::New, 0, Some(82)),
        (Some(0), None, Status::New, 0, Some(1)),
        (Some(100), None, Status::Pending, 10, None),
        (Some(100), Some(50), Status::Solved, 60, None),
        (Some(100), None, Status::Cancelled, 60, None),
    ];
    for (due, reached, status, now, expected) in table {
        let goal = goal(due, reached);
        assert_eq!(goal.changes_at(status, now, &Always), expected, "{due:?} {reached:?} {status} {now}");
        // Nothing changes before.
        let Some(next) = expected else { continue };
        assert_eq!(goal.state(status, next - 1, &Always), goal.state(status, now, &Always), "{due:?} {status} {now}");
        assert_ne!(goal.state(status, next, &Always), goal.state(status, now, &Always), "{due:?} {status} {now}");
    }
    // 12.8 of 16 hours, in the morning of the second day.
    let at_risk = DAY + 4 * HOUR + 48 * 60;
    assert_eq!(goal(Some(DAY + 8 * HOUR), None).changes_at(Status::New, HOUR, &Mornings), Some(at_risk));
}

#[test]
fn t_clk_05_after_a_pause_the_same_working_time_is_left() {
    // Due, pause from, to, expected.
    let table = [(100, 50, 80, 130), (100, 99, 200, 201), (100, 100, 200, 100), (100, 150, 200, 100)];
    for (due, since, now, expected) in table {
        assert_eq!(resumed(due, since, now, &Always), expected, "{due} {since} {now}");
    }
    // Four hours of work are left at 4:00; the pause ends at 6:00, so two of them fall on the next day.
    assert_eq!(resumed(8 * HOUR, 4 * HOUR, 6 * HOUR, &Mornings), DAY + 2 * HOUR);
    // A pause outside of working hours moves nothing that matters: the same time of the next day.
    assert_eq!(resumed(DAY + 4 * HOUR, 10 * HOUR, 20 * HOUR, &Mornings), DAY + 4 * HOUR);
}

#[test]
fn t_clk_01_awaiting_approval_is_never_pending() {
    use Phase::{Awaiting, Over, Pending, Working};
    let phases: Vec<Phase> = Status::ALL.iter().copied().map(phase).collect();
    assert_eq!(phases, [Working, Working, Working, Pending, Awaiting, Over, Over]);
}

fn life() -> (Dates, Vec<Interval>) {
    let dates = Dates {
        opened_at: 0,
        assigned_at: Some(10),
        taken_at: Some(20),
        solved_at: Some(100),
        closed_at: Some(140),
        cancelled_at: None,
    };
    let of = |status, from, to| Interval { status, from, to };
    let intervals = vec![
        of(Status::New, 0, Some(10)),
        of(Status::Assigned, 10, Some(30)),
        of(Status::Pending, 30, Some(50)),
        of(Status::Assigned, 50, Some(60)),
        of(Status::Solved, 60, Some(70)),
        of(Status::Assigned, 70, Some(100)),
        of(Status::Solved, 100, Some(140)),
        of(Status::Closed, 140, None),
    ];
    (dates, intervals)
}

#[test]
fn t_clk_08_the_figures_of_a_closed_ticket() {
    let (dates, intervals) = life();
    let figures = Figures::new(&dates, &intervals, 1_000, &Always);
    let all = [figures.taken, figures.assigned, figures.pending, figures.awaiting, figures.solving, figures.closing];
    assert_eq!(all.map(|one| one.elapsed), [20, 10, 20, 50, 70, 120]);
    assert_eq!(all.map(|one| one.working), [20, 10, 20, 50, 70, 120]);
    assert!(all.iter().all(|one| !one.running), "{all:?}");
}

#[test]
fn t_clk_08_what_is_not_reached_runs_up_to_now() {
    let dates = Dates { opened_at: 0, ..Dates::default() };
    let intervals = [
        Interval { status: Status::New, from: 0, to: Some(30) },
        Interval { status: Status::Pending, from: 30, to: None },
    ];
    let figures = Figures::new(&dates, &intervals, 100, &Always);
    assert_eq!((figures.taken.elapsed, figures.taken.running), (100, true));
    assert_eq!((figures.pending.elapsed, figures.pending.running), (70, true));
    assert_eq!((figures.solving.elapsed, figures.solving.running), (30, true));
    assert_eq!((figures.awaiting.elapsed, figures.awaiting.running), (0, false));
    let over = Dates { cancelled_at: Some(40), ..dates };
    let figures = Figures::new(&over, &intervals[..1], 100, &Always);
    assert_eq!((figures.taken.elapsed, figures.taken.running), (40, false), "nothing of a cancelled ticket grows");
}

#[test]
fn t_clk_08_a_time_of_opening_that_was_set_later_makes_nothing_negative() {
    let (dates, intervals) = life();
    let figures = Figures::new(&Dates { opened_at: 120, ..dates }, &intervals, 1_000, &Always);
    assert_eq!((figures.taken.elapsed, figures.pending.elapsed, figures.solving.elapsed), (0, 0, 0));
    assert_eq!((figures.awaiting.elapsed, figures.closing.elapsed), (20, 20));
}

#[test]
fn t_clk_02_a_duration_is_given_by_the_wall_and_by_the_calendar() {
    let dates = Dates { opened_at: 0, solved_at: Some(DAY + HOUR), ..Dates::default() };
    let figures = Figures::new(&dates, &[], 2 * DAY, &Mornings);
    assert_eq!((figures.solving.elapsed, figures.solving.working), (25 * HOUR, 9 * HOUR));
}

#[test]
fn t_stt_01_the_bar_of_a_ticket_has_all_of_its_time_up_to_its_end() {
    let (dates, intervals) = life();
    let bar = phases(&dates, &intervals, 1_000);
    assert_eq!(bar, [(Phase::Working, 70), (Phase::Pending, 20), (Phase::Awaiting, 50)]);
    let open = [Interval { status: Status::New, from: 0, to: None }];
    assert_eq!(phases(&Dates::default(), &open, 30)[0], (Phase::Working, 30));
}

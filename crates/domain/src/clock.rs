//! The clocks of a ticket (tickets.md section 6): working time, due states, what a pause does to a due date, the figures.
//!
//! Belongs here: rules on instants in seconds since 1970. Does not belong here: time zones and stored calendars
//! (`service::clocks`), the time of now (it is always given).

#[cfg(test)]
mod tests;

use crate::ticket::{Status, words};

/// What counts as working time (T-CLK-02), and which days are working days (T-PEN-03, T-SOL-10).
///
/// Instants are seconds since 1970. Without a calendar everything is working time.
pub trait WorkingTime: std::fmt::Debug + Send + Sync {
    /// Seconds of working time from `from` to `to`; 0 when `to` is not later.
    fn between(&self, from: i64, to: i64) -> i64;

    /// The instant at which so many seconds of working time have passed since `from`.
    fn after(&self, from: i64, seconds: i64) -> i64;

    /// The same local time so many days later; with a calendar on the last of so many working days after the day of `from`.
    fn days_after(&self, from: i64, days: u32) -> i64;

    /// The same local time so many weeks later; with a calendar on the next working day where that day is none.
    fn weeks_after(&self, from: i64, weeks: u32) -> i64;
}

words! {
    /// How a due date stands (T-CLK-06).
    pub enum DueState {
        /// There is no date, or the ticket is cancelled.
        None => "none",
        /// There is time left.
        OnTime => "on_time",
        /// 80 % or more of the working time is used.
        AtRisk => "at_risk",
        /// It has passed.
        Overdue => "overdue",
        /// It stands still.
        Paused => "paused",
        /// It was kept.
        Met => "met",
        /// It was not.
        Missed => "missed",
    }
}

/// A date to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// When the ticket was opened.
    pub opened_at: i64,
    /// The date; `None` = there is none.
    pub due_at: Option<i64>,
    /// When the goal was reached: solved, or taken into account.
    pub reached_at: Option<i64>,
    /// Whether the date stands still while the ticket is pending (T-CLK-05): that to resolve does, that to own does not.
    pub pauses: bool,
}

impl Goal {
    /// How it stands at `now` (T-CLK-06).
    #[must_use]
    pub fn state(&self, status: Status, now: i64, time: &dyn WorkingTime) -> DueState {
        let Some(due) = self.due_at.filter(|_| status != Status::Cancelled) else { return DueState::None };
        if let Some(reached) = self.reached_at {
            return if reached <= due { DueState::Met } else { DueState::Missed };
        }
        if self.pauses && status == Status::Pending {
            return DueState::Paused;
        }
        if now > due {
            return DueState::Overdue;
        }
        let (used, whole) = (time.between(self.opened_at, now), time.between(self.opened_at, due));
        if used.saturating_mul(5) >= whole.saturating_mul(4) { DueState::AtRisk } else { DueState::OnTime }
    }

    /// When time alone changes how it stands next: at risk, overdue; `None` = it does not. A later change of the ticket or of its
    /// working time makes the answer out of date.
    #[must_use]
    pub fn changes_at(&self, status: Status, now: i64, time: &dyn WorkingTime) -> Option<i64> {
        let due = self.due_at?;
        let passed = due.saturating_add(1);
        match self.state(status, now, time) {
            DueState::OnTime => {
                let whole = time.between(self.opened_at, due);
                // The first second at which 80 % are used.
                let at_risk = time.after(self.opened_at, whole - whole / 5);
                // Hours that do not add up are looked at again a little later, never at once.
                let later = if at_risk > now { at_risk } else { now.saturating_add(60) };
                Some(later.min(passed))
            }
            DueState::AtRisk => Some(passed),
            DueState::None | DueState::Overdue | DueState::Paused | DueState::Met | DueState::Missed => None,
        }
    }
}

/// The time to resolve after a pause that began at `since` and ends at `now`: as much working time is left as at its
/// beginning; what was overdue then stays as it is (T-CLK-05).
#[must_use]
pub fn resumed(due: i64, since: i64, now: i64, time: &dyn WorkingTime) -> i64 {
    if due <= since { due } else { time.after(now, time.between(since, due)) }
}

words! {
    /// What a status counts as (T-CLK-01).
    pub enum Phase {
        /// New, assigned, planned.
        Working => "working",
        /// Pending.
        Pending => "pending",
        /// Solved: never counted as pending.
        Awaiting => "awaiting",
        /// Closed, cancelled.
        Over => "over",
    }
}

/// The phase of a status (T-CLK-01).
#[must_use]
pub const fn phase(status: Status) -> Phase {
    match status {
        Status::New | Status::Assigned | Status::Planned => Phase::Working,
        Status::Pending => Phase::Pending,
        Status::Solved => Phase::Awaiting,
        Status::Closed | Status::Cancelled => Phase::Over,
    }
}

/// A time a ticket spent in a status (T-CLK-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Which status.
    pub status: Status,
    /// Its first second.
    pub from: i64,
    /// The first second after it; `None` = it lasts.
    pub to: Option<i64>,
}

/// The dates of a ticket that its figures are made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// Opened.
    pub opened_at: i64,
    /// First assignee.
    pub assigned_at: Option<i64>,
    /// Taken into account.
    pub taken_at: Option<i64>,
    /// Solved.
    pub solved_at: Option<i64>,
    /// Closed.
    pub closed_at: Option<i64>,
    /// Cancelled.
    pub cancelled_at: Option<i64>,
}

/// A duration twice (T-CLK-02), in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// By the clock on the wall.
    pub elapsed: i64,
    /// By the calendar.
    pub working: i64,
    /// What it ends with is not reached yet: it grows (T-CLK-08).
    pub running: bool,
}

impl Figure {
    fn of(from: i64, to: i64, running: bool, time: &dyn WorkingTime) -> Self {
        Self { elapsed: to.saturating_sub(from).max(0), working: time.between(from, to).max(0), running }
    }

    /// Never negative (T-CLK-08).
    fn without(self, other: Self) -> Self {
        let less = |one: i64, other: i64| one.saturating_sub(other).max(0);
        Self { elapsed: less(self.elapsed, other.elapsed), working: less(self.working, other.working), ..self }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            elapsed: self.elapsed.saturating_add(other.elapsed),
            working: self.working.saturating_add(other.working),
            running: self.running || other.running,
        }
    }
}

/// The figures of a ticket (T-CLK-08) but for *worked*, which is minutes people wrote down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// From opening to taken into account.
    pub taken: Figure,
    /// From opening to the first assignee.
    pub assigned: Figure,
    /// All pending intervals.
    pub pending: Figure,
    /// All intervals in which an answer of the requester side was awaited.
    pub awaiting: Figure,
    /// From opening to solved, without what was pending or awaiting in it.
    pub solving: Figure,
    /// From opening to closed, without what was pending in it.
    pub closing: Figure,
}

impl Figures {
    /// Computes them at `now`. What is not reached runs up to now, of a ticket that is over up to its end.
    #[must_use]
    pub fn new(dates: &Dates, intervals: &[Interval], now: i64, time: &dyn WorkingTime) -> Self {
        let end = dates.closed_at.or(dates.cancelled_at);
        let last = end.unwrap_or(now);
        let until = |reached: Option<i64>| (reached.unwrap_or(last), reached.is_none() && end.is_none());
        let from_opening = |reached: Option<i64>| {
            let (to, running) = until(reached);
            Figure::of(dates.opened_at, to, running, time)
        };
        // Clipped: times of opening may be set by hand, and what came after the figure's end is not in it.
        let within = |wanted: Phase, to: i64| {
            intervals
                .iter()
                .filter(|one| phase(one.status) == wanted)
                .map(|one| {
                    let (begin, finish) = (one.from.max(dates.opened_at), one.to.unwrap_or(now).min(to));
                    Figure::of(begin, finish.max(begin), one.to.is_none(), time)
                })
                .fold(Figure::default(), Figure::plus)
        };
        let (solved, _) = until(dates.solved_at);
        let (closed, _) = until(dates.closed_at);
        let still = |figure: Figure| Figure { running: false, ..figure };
        let paused = within(Phase::Pending, solved).plus(within(Phase::Awaiting, solved));
        Self {
            taken: from_opening(dates.taken_at),
            assigned: from_opening(dates.assigned_at),
            pending: within(Phase::Pending, last),
            awaiting: within(Phase::Awaiting, last),
            solving: from_opening(dates.solved_at).without(still(paused)),
            closing: from_opening(dates.closed_at).without(still(within(Phase::Pending, closed))),
        }
    }
}

/// Seconds by the wall in each phase but the last, in the order of [`Phase::ALL`]: what a bar of the life of a ticket shows.
#[must_use]
pub fn phases(dates: &Dates, intervals: &[Interval], now: i64) -> Vec<(Phase, i64)> {
    let end = dates.closed_at.or(dates.cancelled_at).unwrap_or(now);
    let spent = |wanted: Phase| -> i64 {
        let of = intervals.iter().filter(|one| phase(one.status) == wanted);
        of.map(|one| one.to.unwrap_or(end).min(end).saturating_sub(one.from).max(0)).sum()
    };
    Phase::ALL.iter().copied().filter(|one| *one != Phase::Over).map(|one| (one, spent(one))).collect()
}

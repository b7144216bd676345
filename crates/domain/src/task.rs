//! Tasks: their states, when they are planned, what a change of plan means (tickets.md section 12).
//!
//! Belongs here: rules that need neither a row nor the time. Does not belong here: who may change a task (`policy`), what it does
//! to its ticket (`ticket::machine`).

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::duration::{MAX_TASK, Minutes};
use crate::error::{Code, FieldErrors};
use crate::forms::Patch;
use crate::ticket::words;

/// Minutes before the begin at which somebody may be reminded (T-TSK-01).
pub const REMINDERS: [i32; 9] = [0, 5, 15, 30, 60, 120, 240, 1440, 2880];

words! {
    /// Where a task stands (T-TSK-01); any state may follow any other (T-TSK-04).
    #[derive(Default)]
    pub enum TaskState {
        /// Nothing to do: it is to be known.
        Info => "info",
        /// Not begun.
        #[default]
        Todo => "todo",
        /// Begun.
        InProgress => "in_progress",
        /// Interrupted.
        OnHold => "on_hold",
        /// Over.
        Done => "done",
    }
}

impl TaskState {
    /// Whether a planned task in this state is an *open plan* (section 5).
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Todo | Self::InProgress)
    }

    /// Whether somebody is reminded of a task in this state (T-TSK-07).
    #[must_use]
    pub const fn reminds(self) -> bool {
        matches!(self, Self::Todo | Self::InProgress | Self::OnHold)
    }
}

/// When a task is planned, in seconds since 1970; the end is behind the begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// First second.
    pub begin: i64,
    /// First second after it.
    pub end: i64,
}

impl Plan {
    /// How long, in whole minutes.
    #[must_use]
    pub const fn minutes(self) -> i64 {
        (self.end - self.begin) / 60
    }

    /// Whether both want the same time of one person (T-TSK-06): one that ends when the other begins does not.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.begin < other.end && other.begin < self.end
    }

    /// When to remind of it (T-TSK-07); nothing for a due time that was told already, and for what has begun.
    #[must_use]
    pub fn remind_at(self, minutes_before: Option<i32>, told: Option<i64>, now: i64) -> Option<i64> {
        let due = self.begin - i64::from(minutes_before?) * 60;
        (told != Some(due) && self.begin >= now).then_some(due)
    }

    /// The plan of a begin and an end, or of a begin and a length.
    fn of(begin: i64, end: Option<i64>, length: Option<Minutes>, errors: &mut FieldErrors) -> Option<Self> {
        let by_length = length.map(|length| begin + i64::from(length.0) * 60);
        match (end, by_length) {
            (Some(end), Some(other)) if end != other => {
                errors.add("duration_minutes", Code::DurationMismatch);
                None
            }
            (Some(end), _) if end <= begin => {
                errors.add("planned_end", Code::EndBeforeBegin);
                None
            }
            (None, Some(end)) if end <= begin => {
                errors.add("duration_minutes", Code::EndBeforeBegin);
                None
            }
            (Some(end), _) | (None, Some(end)) => Some(Self { begin, end }),
            (None, None) => {
                errors.add("planned_end", Code::EndRequired);
                None
            }
        }
    }
}

/// The plan of a new task (T-TSK-01): begin and end, or a begin and how long, or nothing.
pub fn plan(begin: Option<i64>, end: Option<i64>, length: Option<Minutes>, errors: &mut FieldErrors) -> Option<Plan> {
    match begin {
        Some(begin) => Plan::of(begin, end, length, errors),
        None if end.is_some() || length.is_some() => {
            errors.add("planned_begin", Code::BeginRequired);
            None
        }
        None => None,
    }
}

/// A change of the plan as it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replan {
    /// New begin.
    pub begin: Patch<i64>,
    /// New end.
    pub end: Patch<i64>,
    /// New length: moves the end (T-TSK-04).
    pub length: Patch<Minutes>,
    /// All three are those of a whole form: an end that is as it was gives way to a length.
    pub is_form: bool,
}

impl Replan {
    /// The plan from now on: outer `None` = it stays, inner `None` = it is removed.
    pub fn apply(&self, present: Option<Plan>, errors: &mut FieldErrors) -> Option<Option<Plan>> {
        let length = if let Patch::Set(length) = self.length { Some(length) } else { None };
        let typed_end = match self.end {
            Patch::Set(end) => Some(end),
            Patch::Keep | Patch::Clear => None,
        };
        let is_same_end = self.is_form && length.is_some() && typed_end == present.map(|plan| plan.end);
        let typed_end = typed_end.filter(|_| !is_same_end);
        let begin = match self.begin {
            Patch::Keep => match present {
                // Nothing that is about a plan was sent.
                _ if self.end.is_keep() && length.is_none() => return None,
                // Without its end it is none.
                Some(plan) if self.end == Patch::Clear && length.is_none() => {
                    return Plan::of(plan.begin, None, None, errors).map(Some);
                }
                Some(plan) => plan.begin,
                None if self.end == Patch::Clear && length.is_none() => return None,
                None => {
                    errors.add("planned_begin", Code::BeginRequired);
                    return None;
                }
            },
            Patch::Clear if typed_end.is_some() || length.is_some() => {
                errors.add("planned_begin", Code::BeginRequired);
                return None;
            }
            Patch::Clear => return Some(None),
            Patch::Set(begin) => begin,
        };
        let kept_end = present.map(|plan| plan.end).filter(|_| self.end.is_keep() && length.is_none());
        Plan::of(begin, typed_end.or(kept_end), length, errors).map(Some)
    }
}

/// Minutes of a task as typed or sent (T-TSK-01).
///
/// # Errors
/// `TimeFormat`, `TimeOutOfRange` above 60 000.
pub fn minutes(text: &str) -> Result<Option<Minutes>, Code> {
    crate::duration::parse_minutes_up_to(text, MAX_TASK)
}

/// A reminder as sent: one of [`REMINDERS`]; empty = none.
///
/// # Errors
/// `Invalid` for any other number of minutes.
pub fn reminder(text: &str) -> Result<Option<i32>, Code> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let minutes = text.parse::<i32>().ok().filter(|minutes| REMINDERS.contains(minutes));
    minutes.map(Some).ok_or(Code::Invalid)
}

/// Where a block of a day of the planner stands beside those of the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Lanes before it.
    pub at: usize,
    /// Lanes of those that stand together, at least 1; each is as wide as the others.
    pub of: usize,
}

/// The lanes of blocks of one day, given by first row and number of rows, in the same order (T-TSK-09): two that share a row
/// stand beside each other, and only those that meet share the width of the day.
#[must_use]
pub fn lanes(blocks: &[(u32, u32)]) -> Vec<Lane> {
    let mut by_row: Vec<(usize, u32, u32)> =
        blocks.iter().enumerate().map(|(place, (row, rows))| (place, *row, row + rows)).collect();
    by_row.sort_by_key(|(place, row, _)| (*row, *place));
    // Of every stretch of blocks that meet, how many lanes it has; of the present one, where each lane ends.
    let mut stretches: Vec<usize> = Vec::new();
    let mut ends: Vec<u32> = Vec::new();
    let mut placed: Vec<(usize, usize, usize)> = Vec::with_capacity(blocks.len());
    for (place, row, end) in by_row {
        if ends.iter().all(|end| *end <= row) {
            ends.clear();
            stretches.push(0);
        }
        let at = ends.iter().position(|end| *end <= row).unwrap_or(ends.len());
        match ends.get_mut(at) {
            Some(lane) => *lane = end,
            None => ends.push(end),
        }
        if let Some(widest) = stretches.last_mut() {
            *widest = ends.len();
        }
        placed.push((place, at, stretches.len()));
    }
    placed.sort_unstable();
    let of = |stretch: usize| stretches.get(stretch.saturating_sub(1)).copied().unwrap_or(1);
    placed.into_iter().map(|(_, at, stretch)| Lane { at, of: of(stretch) }).collect()
}

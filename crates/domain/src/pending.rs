//! What a pending reason does by itself: reminders to the requesters, and at last an automatic solution (T-PEN-01..06).
//!
//! Belongs here: the rule of a reason and what comes next. Does not belong here: timers, texts and mails (`service::pending`).

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::WorkingTime;
use crate::error::Code;
use crate::ticket::words;

/// Most reminders before a ticket is solved by itself (T-PEN-01).
pub const REMINDERS_MAX: u8 = 3;
/// What could not be done now is looked at again after so many seconds: a template that is missing, a validation that blocks.
pub const AGAIN_AFTER: i64 = 86_400;

words! {
    /// How often the requesters of a pending ticket are reminded (T-PEN-01).
    pub enum Every {
        /// Each day.
        Day => "1d",
        /// Every second day.
        Days2 => "2d",
        /// Every third day.
        Days3 => "3d",
        /// Every fourth day.
        Days4 => "4d",
        /// Every fifth day.
        Days5 => "5d",
        /// Every sixth day.
        Days6 => "6d",
        /// Each week.
        Week => "1w",
        /// Every second week.
        Weeks2 => "2w",
        /// Every third week.
        Weeks3 => "3w",
        /// Every fourth week.
        Weeks4 => "4w",
    }
}

impl Every {
    /// How many, and whether they are weeks.
    #[must_use]
    pub const fn parts(self) -> (u32, bool) {
        match self {
            Self::Day => (1, false),
            Self::Days2 => (2, false),
            Self::Days3 => (3, false),
            Self::Days4 => (4, false),
            Self::Days5 => (5, false),
            Self::Days6 => (6, false),
            Self::Week => (1, true),
            Self::Weeks2 => (2, true),
            Self::Weeks3 => (3, true),
            Self::Weeks4 => (4, true),
        }
    }

    /// One period after an instant (T-PEN-03): days are working days, weeks land on one.
    #[must_use]
    pub fn after(self, from: i64, time: &dyn WorkingTime) -> i64 {
        match self.parts() {
            (days, false) => time.days_after(from, days),
            (weeks, true) => time.weeks_after(from, weeks),
        }
    }
}

/// What is set of a pending reason besides its names (T-PEN-01). The empty rule reminds of nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// Chosen at first when a ticket is put on hold; one row of an entity.
    pub is_default: bool,
    /// How often people are reminded; `None` = never.
    pub reminder_every: Option<Every>,
    /// Reply template of the reminders.
    pub reminder_template: Option<Uuid>,
    /// After so many reminders the ticket is solved; `None` = never.
    pub reminders_before_solving: Option<u8>,
    /// Solution template of that.
    pub solution_template: Option<Uuid>,
}

/// Why a rule cannot do what it says (T-PEN-04, T-PEN-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// No reminder is sent: its template is missing, inactive, or broken.
    ReminderTemplate,
    /// Nothing is solved: its template is missing, inactive, or broken.
    SolutionTemplate,
}

impl Fault {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReminderTemplate => "reminder_template",
            Self::SolutionTemplate => "solution_template",
        }
    }
}

impl Rule {
    /// Whether reminders are to be sent at all.
    #[must_use]
    pub const fn reminds(&self) -> bool {
        self.reminder_every.is_some() && !matches!(self.reminders_before_solving, Some(0))
    }

    /// Whether tickets are to be solved at last.
    #[must_use]
    pub const fn solves(&self) -> bool {
        self.reminder_every.is_some() && self.reminders_before_solving.is_some()
    }

    /// What it cannot do; `is_usable` says whether a template it names is there, active and right.
    #[must_use]
    pub fn faults(&self, is_usable: impl Fn(Uuid) -> bool) -> Vec<Fault> {
        let lacks = |template: Option<Uuid>| !template.is_some_and(&is_usable);
        let mut out = Vec::new();
        if self.reminds() && lacks(self.reminder_template) {
            out.push(Fault::ReminderTemplate);
        }
        if self.solves() && lacks(self.solution_template) {
            out.push(Fault::SolutionTemplate);
        }
        out
    }

    /// What comes next for a ticket that is pending `since`, was reminded `reminders` times, `last` the last time.
    ///
    /// `None` = nothing ever, as long as the rule stays as it is.
    #[must_use]
    pub fn next(&self, since: i64, last: Option<i64>, reminders: i32, time: &dyn WorkingTime) -> Option<Next> {
        let at = self.reminder_every?.after(last.unwrap_or(since), time);
        let is_exhausted = self.reminders_before_solving.is_some_and(|most| reminders >= i32::from(most));
        let step = if is_exhausted { Step::Solve } else { Step::Remind };
        Some(Next { at, step })
    }
}

/// What a pending reason does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reminds the requesters (T-PEN-04).
    Remind,
    /// Solves the ticket (T-PEN-06).
    Solve,
}

/// A step with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// When, in seconds since 1970.
    pub at: i64,
    /// What.
    pub step: Step,
}

/// The number of reminders as it is typed: empty = never.
///
/// # Errors
/// `Invalid` for what is no number, `OutOfRange` above [`REMINDERS_MAX`].
pub fn reminders(typed: &str) -> Result<Option<u8>, Code> {
    match typed.trim() {
        "" => Ok(None),
        text => {
            let number: i64 = text.parse().map_err(|_not_a_number| Code::Invalid)?;
            u8::try_from(number).ok().filter(|number| *number <= REMINDERS_MAX).map(Some).ok_or(Code::OutOfRange)
        }
    }
}

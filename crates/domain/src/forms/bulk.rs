//! One action on many tickets (T-BLK-01).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{AddOccurrence, AddSolution, Command, RunCommand};
use crate::error::Code;

/// Most tickets of one call.
pub const BULK_MAX: usize = 100;

/// What is done to each of them: always a use case that one ticket has, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAction {
    /// T-TKT-03.
    #[default]
    Take,
    /// T-TKT-04.
    Assign,
    /// T-PRI-03.
    Priority,
    /// T-PRI-02.
    Urgency,
    /// T-STA-12, 13.
    Suspend,
    /// T-STA-14.
    Reactivate,
    /// An occurrence with the same text on each.
    Occurrence,
    /// T-SOL-02.
    Solve,
    /// T-STA-20; with a solution T-STA-21.
    Close,
    /// To the trash (T-TKT-08).
    Delete,
    /// Back from the trash.
    Restore,
}

impl BulkAction {
    /// Every action, in the order of menus.
    pub const ALL: &[Self] = &[
        Self::Take,
        Self::Assign,
        Self::Priority,
        Self::Urgency,
        Self::Suspend,
        Self::Reactivate,
        Self::Occurrence,
        Self::Solve,
        Self::Close,
        Self::Delete,
        Self::Restore,
    ];

    /// The word of the API and of addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::Assign => "assign",
            Self::Priority => "priority",
            Self::Urgency => "urgency",
            Self::Suspend => "suspend",
            Self::Reactivate => "reactivate",
            Self::Occurrence => "occurrence",
            Self::Solve => "solve",
            Self::Close => "close",
            Self::Delete => "delete",
            Self::Restore => "restore",
        }
    }

    /// Names of capabilities of which one is needed somewhere for this to be of any use: pages hide by them, each ticket asks
    /// its own.
    #[must_use]
    pub const fn rights(self) -> &'static [&'static str] {
        match self {
            Self::Take => &["ticket.take"],
            Self::Assign => &["ticket.assign"],
            Self::Priority => &["ticket.change-priority"],
            Self::Urgency => &["ticket.update"],
            Self::Suspend => &["ticket.suspend"],
            Self::Reactivate => &["ticket.reactivate"],
            Self::Occurrence => &["occurrence.add-own", "occurrence.add-assigned", "occurrence.add-any"],
            Self::Solve => &["ticket.solve"],
            Self::Close => &["ticket.close"],
            Self::Delete => &["ticket.delete"],
            Self::Restore => &["ticket.restore"],
        }
    }

    /// The command it gives to each ticket, where it is one.
    #[must_use]
    pub const fn command(self) -> Option<Command> {
        match self {
            Self::Take => Some(Command::Take),
            Self::Assign => Some(Command::Assign),
            Self::Suspend => Some(Command::Suspend),
            Self::Reactivate => Some(Command::Reactivate),
            Self::Close => Some(Command::Close),
            Self::Delete => Some(Command::Delete),
            Self::Restore => Some(Command::Restore),
            Self::Priority | Self::Urgency | Self::Occurrence | Self::Solve => None,
        }
    }
}

impl FromStr for BulkAction {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        Self::ALL.iter().copied().find(|action| action.as_str() == text).ok_or(Code::Invalid)
    }
}

/// One action on many tickets. The forms of single tickets lie in it as they are; of those the action does not need, and of
/// their numbers, keys and versions, nothing is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BulkTickets {
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// Numbers of the tickets, 1..100; one that is named twice counts once.
    pub numbers: Vec<i64>,
    /// What is done.
    pub action: BulkAction,
    /// Take, assign, suspend, reactivate, close, delete, restore.
    pub command: RunCommand,
    /// Occurrence, without files: a file belongs to one entry.
    pub occurrence: AddOccurrence,
    /// `private`, `public` of the occurrence, where that does not say it itself; empty = the default of the writer.
    pub visibility: String,
    /// Solve, or close with a solution, without files. Without a text its template is made ready for each ticket.
    pub solution: AddSolution,
    /// Priority 1..6 or urgency 1..5.
    pub level: String,
}

impl BulkTickets {
    /// Whether each ticket gets a solution.
    #[must_use]
    pub fn solves(&self) -> bool {
        let has_solution = !self.solution.body.trim().is_empty() || !self.solution.template.trim().is_empty();
        self.action == BulkAction::Solve || (self.action == BulkAction::Close && has_solution)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Capability;

    #[test]
    fn t_blk_01_every_action_has_its_word_and_rights_that_exist() {
        for action in BulkAction::ALL {
            assert_eq!(action.as_str().parse(), Ok(*action));
            assert!(!action.rights().is_empty());
            for right in action.rights() {
                assert!(right.parse::<Capability>().is_ok(), "{right}");
            }
        }
        assert_eq!("purge".parse::<BulkAction>(), Err(Code::Invalid));
    }

    #[test]
    fn t_blk_01_closing_with_a_text_or_a_template_solves() {
        let close = BulkTickets { action: BulkAction::Close, ..BulkTickets::default() };
        assert!(!close.solves());
        let solution = AddSolution { template: "t".to_owned(), ..AddSolution::default() };
        assert!(BulkTickets { solution, ..close }.solves());
        assert!(BulkTickets { action: BulkAction::Solve, ..BulkTickets::default() }.solves());
    }
}

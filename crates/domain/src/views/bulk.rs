//! What became of one action on many tickets, and what its page needs (T-BLK-01).

use serde::{Deserialize, Serialize};

use super::{Choice, Warning};
use crate::error::AppError;
use crate::forms::{BulkAction, BulkTickets};
use crate::ticket::Status;

/// What became of one ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkResult {
    /// Its number.
    pub number: i64,
    /// Why it was refused; none = done.
    pub error: Option<AppError>,
    /// What is to know about it all the same (T-GEN-12).
    pub warnings: Vec<Warning>,
}

impl BulkResult {
    /// Whether it was done.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.error.is_none()
    }
}

/// What became of all of them, as it is kept under its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkDone {
    /// What was done.
    pub action: BulkAction,
    /// In the order in which they were named.
    pub results: Vec<BulkResult>,
    /// What was sent, where a ticket was refused: nobody types it again for those.
    pub form: Option<BulkTickets>,
}

/// What the address of the page says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BulkQuery {
    /// Numbers of the chosen tickets.
    pub numbers: Vec<i64>,
    /// Word of the chosen action; empty or unknown = not chosen yet.
    pub action: String,
    /// Key of an action whose outcome is shown.
    pub done: String,
    /// Key of an action that is tried again with what was typed for it.
    pub again: String,
}

/// A chosen ticket that the reader sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkTicket {
    /// Number.
    pub number: i64,
    /// Title.
    pub title: String,
    /// Status now.
    pub status: Status,
    /// In the trash.
    pub is_deleted: bool,
}

/// What the page needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkPage {
    /// The chosen ones in the order of their choice, 100 at most.
    pub tickets: Vec<BulkTicket>,
    /// How many of the chosen ones are out of sight, or do not exist.
    pub missing: usize,
    /// How many more were chosen than one action takes.
    pub left_out: usize,
    /// The chosen action.
    pub action: Option<BulkAction>,
    /// What became of the action whose key the address names.
    pub done: Option<BulkDone>,
    /// What was typed for the action that is tried again.
    pub typed: Option<BulkTickets>,
    /// Assign: people and groups, `user:<id>` and `group:<id>`.
    pub assignable: Vec<Choice>,
    /// Suspend: pending reasons.
    pub pending_reasons: Vec<Choice>,
    /// The one a pause begins with; empty = none.
    pub pending_default: String,
    /// Solve: solution types.
    pub solution_types: Vec<Choice>,
    /// Solve: solution templates.
    pub solution_templates: Vec<Choice>,
    /// A fresh idempotency key.
    pub key: String,
}

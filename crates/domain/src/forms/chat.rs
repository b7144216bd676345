//! The chat of a ticket.

use serde::{Deserialize, Serialize};

/// A line of a chat (T-CHT-01).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SendChat {
    /// Number of the ticket.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// Where the page returns to: `ticket`, `request`.
    pub from: String,
    /// Plain text, 1..10 000 characters.
    pub text: String,
}

/// Ends a chat (T-CHT-03).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EndChat {
    /// Number of the ticket.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// Where the page returns to: `ticket`, `request`.
    pub from: String,
}

/// Takes a ticket whose requester waits in the chat (T-CHT-04).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TakeChat {
    /// Number of the ticket.
    pub ticket: i64,
}

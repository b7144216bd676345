//! Messages.

use serde::{Deserialize, Serialize};

/// A new message (tickets.md section 11).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SendMessage {
    /// Number of the ticket.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// Where the page returns to: `ticket`, `request`, `conversation`.
    pub from: String,
    /// Plain text, 1..10 000 characters.
    pub text: String,
    /// Mail it to the requesters; the service side only.
    pub send_mail: bool,
}

/// Takes a message back that nobody has read (T-MSG-04).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WithdrawMessage {
    /// Id of the message.
    pub id: String,
    /// Number of the ticket, to return to.
    pub ticket: i64,
    /// Where the page returns to: `ticket`, `request`.
    pub from: String,
}

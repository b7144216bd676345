//! Validations.

use serde::{Deserialize, Serialize};

use crate::occurrence::BodyFormat;

/// A request for validation (T-VAL-01).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AskValidation {
    /// Number of the ticket.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// What is asked, rich text; may be empty.
    pub comment: String,
    /// How `comment` was written.
    pub format: BodyFormat,
    /// Who is asked, 1 to 20: `user:<id>`, `group:<id>` or addresses; one text may hold several lines.
    pub targets: Vec<String>,
    /// Percentage of targets that must agree, 0 to 100; empty = 0, the first answer decides.
    pub required_percent: String,
    /// Ids of uploads, at most 20.
    pub attachments: Vec<String>,
}

/// An answer to a request for validation (T-VAL-02).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerValidation {
    /// Id of the request.
    pub id: String,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// `granted`, `refused`.
    pub answer: String,
    /// Plain text, up to 10 000 characters; needed to refuse.
    pub comment: String,
    /// Ids of uploads, at most 20.
    pub attachments: Vec<String>,
}

/// Withdraws a request that waits, or asks a refused one again (T-VAL-05).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangeValidation {
    /// Id of the request.
    pub id: String,
    /// Number of the ticket, to return to.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
}

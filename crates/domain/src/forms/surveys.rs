//! Answers to the survey after closing.

use serde::{Deserialize, Serialize};

/// The answer of somebody who is signed in (T-SRV-01).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerSurvey {
    /// Number of the ticket.
    pub ticket: i64,
    /// Idempotency key; empty = none.
    pub key: String,
    /// 0 to 5.
    pub score: String,
    /// Up to 5 000 characters.
    pub comment: String,
}

/// The answer of whoever holds the link of a mail (T-SOL-08, P-ACT-10).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerSurveyByLink {
    /// The secret of the link.
    pub token: String,
    /// 0 to 5.
    pub score: String,
    /// Up to 5 000 characters.
    pub comment: String,
}

//! Solutions and their answers.

use serde::{Deserialize, Serialize};

use super::{Decided, Patch};
use crate::occurrence::BodyFormat;

/// Solves a ticket: the solution and the status in one command (T-SOL-02).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AddSolution {
    /// Number of the ticket.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// Rich text, up to 200 000 characters.
    pub body: String,
    /// How `body` was written.
    pub format: BodyFormat,
    /// Id of a solution type; empty = none.
    pub kind: String,
    /// Id of the solution template used last, kept for information; empty = none.
    pub template: String,
    /// Id of the article it was begun with, linked to the ticket (T-SOL-03); empty = none.
    pub article: String,
    /// Ids of uploads, at most 20.
    pub attachments: Vec<String>,
    /// Open tasks: `keep`, `done`; empty = keep.
    pub open_tasks: String,
    /// Linked tickets that are solved along: `duplicates`, `children` (T-LNK-05).
    pub cascade: Vec<String>,
    /// Why it is solved in spite of a missing validation (T-VAL-08); empty = it is not.
    pub override_reason: String,
    /// Closes it in the same command (T-STA-21).
    pub close: bool,
    /// An article is begun with it after it is saved (T-SOL-04); needs `knowledge.edit`.
    pub save_to_knowledge: bool,
    /// Version the decision was made from; 0 = without comparison.
    pub version: i32,
}

/// The edit form of a solution: the whole entry as the page shows it (T-SOL-06).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EditSolution {
    /// Id of the solution.
    pub id: String,
    /// Number of the ticket, to return to.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// Version the form was made from.
    pub version: i32,
    /// The same as text, as a draft keeps it: what was saved since is told by it.
    pub begun: String,
    /// Of a form that was refused: the version whose values its writer was shown beside his; 0 = none.
    pub seen: i32,
    /// Names of the fields he was shown, with commas between: those he decides on.
    pub decided: String,
    /// Rich text.
    pub body: String,
    /// How `body` was written.
    pub format: BodyFormat,
    /// Id of a solution type; empty = none.
    pub kind: String,
    /// Ids of the files the solution has from now on.
    pub attachments: Vec<String>,
}

/// A partial change of a solution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SolutionPatch {
    /// Idempotency key; empty = none.
    pub key: String,
    /// Version the change was made from; `None` = compare with `if_match` only.
    pub version: Option<i32>,
    /// `If-Match`: the present version must be this one.
    pub if_match: Option<i32>,
    /// What its writer decided over what others saved since `version`.
    pub decided: Decided,
    /// New text.
    pub body: Patch<String>,
    /// How `body` is written.
    pub format: BodyFormat,
    /// New type id.
    pub kind: Patch<String>,
    /// All files from now on.
    pub attachments: Patch<Vec<String>>,
}

impl From<EditSolution> for SolutionPatch {
    fn from(form: EditSolution) -> Self {
        Self {
            key: form.key,
            version: Some(form.version),
            if_match: None,
            decided: Decided::read(form.seen, &form.decided),
            body: Patch::Set(form.body),
            format: form.format,
            kind: Patch::from_text(form.kind),
            attachments: Patch::Set(form.attachments),
        }
    }
}

/// Approves or refuses the solution of a ticket (T-SOL-07).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerSolution {
    /// Number of the ticket.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// `approve`, `refuse`.
    pub answer: String,
    /// Comment, or reason: up to 10 000 characters, required to refuse.
    pub text: String,
    /// Where the page returns to: `list`, else the request.
    pub from: String,
    /// Version the decision was made from; 0 = without comparison.
    pub version: i32,
}

/// The same by a signed link, without sign-in (T-SOL-08).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerByLink {
    /// Secret of the link.
    pub token: String,
    /// `approve`, `refuse`.
    pub answer: String,
    /// Comment, or reason.
    pub text: String,
}

//! Occurrences and drafts.

use serde::{Deserialize, Serialize};

use super::{Decided, Patch};
use crate::occurrence::BodyFormat;

/// A new occurrence (tickets.md section 8). Times: wall time of the writer or RFC 3339.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AddOccurrence {
    /// Number of the ticket.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// Where the page returns to: `ticket` or `request`.
    pub from: String,
    /// Rich text, up to 200 000 characters.
    pub body: String,
    /// How `body` was written.
    pub format: BodyFormat,
    /// `private`, `public`; empty = the default of the writer.
    pub visibility: String,
    /// When it happened; empty = now.
    pub occurred_at: String,
    /// Time spent as typed (T-OCC-08); empty = none.
    pub minutes: String,
    /// Id of an occurrence category; empty = none.
    pub category: String,
    /// Id of a request source; empty = none.
    pub source: String,
    /// Id of the occurrence this one answers; empty = none.
    pub reply_to: String,
    /// Id of the reply template used last, kept for information (T-OCC-09); empty = none.
    pub template: String,
    /// Ids of uploads, at most 20.
    pub attachments: Vec<String>,
    /// Mail it to the requesters (T-OCC-12); makes it public.
    pub send_mail: bool,
    /// Of who is not on the service side: mail it to the responsible (T-OCC-14, P-OCC-04).
    pub notify_responsible: bool,
    /// What the same command does to the ticket (T-STA-31): `resume`, `suspend`; empty = nothing.
    pub then: String,
    /// Suspend: pending reason id; empty = none.
    pub pending_reason: String,
    /// Suspend: text, up to 2 000 characters.
    pub pending_text: String,
    /// Suspend: the text becomes a public occurrence.
    pub pending_public: bool,
    /// An article is begun with it afterwards (T-OCC-11).
    pub save_to_knowledge: bool,
}

/// The edit form of an occurrence: the whole entry as the page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EditOccurrence {
    /// Id of the occurrence.
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
    /// `private`, `public`.
    pub visibility: String,
    /// When it happened.
    pub occurred_at: String,
    /// Time spent as typed; empty = none.
    pub minutes: String,
    /// Id; empty = none.
    pub category: String,
    /// Id; empty = none.
    pub source: String,
    /// Ids of the files the entry has from now on.
    pub attachments: Vec<String>,
    /// Mail it again, as changed (T-OCC-19).
    pub send_mail: bool,
    /// The writer knows that a mail went out and cannot be recalled (T-OCC-18).
    pub acknowledge_mail_sent: bool,
}

/// A partial change of an occurrence (T-OCC-15).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OccurrencePatch {
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
    /// New visibility.
    pub visibility: Patch<String>,
    /// New time of happening.
    pub occurred_at: Patch<String>,
    /// New time spent, as typed.
    pub minutes: Patch<String>,
    /// New category id.
    pub category: Patch<String>,
    /// New source id.
    pub source: Patch<String>,
    /// All files from now on.
    pub attachments: Patch<Vec<String>>,
    /// Mail it again, as changed (T-OCC-19).
    pub send_mail: bool,
    /// The writer knows that a mail went out and cannot be recalled (T-OCC-18).
    pub acknowledge_mail_sent: bool,
}

impl From<EditOccurrence> for OccurrencePatch {
    fn from(form: EditOccurrence) -> Self {
        Self {
            key: form.key,
            version: Some(form.version),
            if_match: None,
            decided: Decided::read(form.seen, &form.decided),
            body: Patch::Set(form.body),
            format: form.format,
            visibility: Patch::Set(form.visibility),
            occurred_at: Patch::Set(form.occurred_at),
            minutes: Patch::from_text(form.minutes),
            category: Patch::from_text(form.category),
            source: Patch::from_text(form.source),
            attachments: Patch::Set(form.attachments),
            send_mail: form.send_mail,
            acknowledge_mail_sent: form.acknowledge_mail_sent,
        }
    }
}

/// Removes an occurrence; a tombstone stays (T-OCC-21, 22).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveOccurrence {
    /// Id of the occurrence.
    pub id: String,
    /// Number of the ticket, to return to.
    pub ticket: i64,
    /// Version the decision was made from; 0 = without comparison.
    pub version: i32,
    /// `version` has the meaning of `If-Match`.
    pub if_match: bool,
    /// Reason, up to 500 characters.
    pub reason: String,
    /// The writer knows that a mail went out and cannot be recalled.
    pub acknowledge_mail_sent: bool,
}

/// *Send again*: a new mail for a recipient whose mail failed or bounced (M-DLV-05).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SendMailAgain {
    /// Id of the mail that did not arrive.
    pub mail: String,
    /// Number of the ticket, to return to.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
}

/// A draft (T-DRF): the fields of a form as one JSON object of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveDraft {
    /// `occurrence`, `occurrence_edit`, `ticket`, …
    pub kind: String,
    /// Number, id or `new`.
    pub object: String,
    /// JSON object: field → text or list of texts.
    pub fields: String,
    /// Random name of the browser, to tell devices apart (T-DRF-04).
    pub device: String,
}

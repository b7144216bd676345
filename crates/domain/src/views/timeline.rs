//! The timeline of a ticket and its history.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActorView, MailView, MessageView, Ref, SolutionView, TaskEntry, ValidationEntry};
use crate::duration::Minutes;
use crate::format::Moment;
use crate::html::SafeHtml;
use crate::mail::MailState;
use crate::occurrence::Visibility;
use crate::ticket::Side;

/// A file as a reader of its entry sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentView {
    /// Document id; `/documents/{id}` is its address.
    pub id: Uuid,
    /// File name, cleaned.
    pub name: String,
    /// Type by content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Number of its ticket, if attached.
    pub ticket: Option<i64>,
    /// Kind and id of its entry, if attached.
    pub entry_kind: Option<String>,
    /// Id of its entry, if attached.
    pub entry_id: Option<Uuid>,
    /// Visibility of its entry.
    pub visibility: Visibility,
    /// Comment of a free document.
    pub comment: Option<String>,
    /// Who uploaded it.
    pub author: ActorView,
    /// When its entry was registered.
    pub registered_at: Option<Moment>,
    /// Shown inline: PNG, JPEG, WebP, GIF.
    pub is_image: bool,
    /// Whether there is a thumbnail: of an image of a customer occurrence once it is made (C-IMG-05), else of every picture.
    pub has_thumbnail: bool,
    /// Version of the document.
    pub version: i32,
}

/// The entry a reply answers; absent when the reader may not see it (T-OCC-10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyRef {
    /// Id of the answered entry.
    pub id: Uuid,
    /// Name of its author.
    pub author: String,
}

/// What a removed entry leaves (T-OCC-22).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedView {
    /// When it was removed.
    pub at: Moment,
    /// Who removed it; agents only.
    pub by: Option<ActorView>,
    /// Why; agents only.
    pub reason: Option<String>,
}

/// An occurrence as its reader sees it; texts of removed entries are empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OccurrenceView {
    /// Id.
    pub id: Uuid,
    /// Number of the ticket.
    pub ticket: i64,
    /// Who wrote it.
    pub author: ActorView,
    /// On which side the author stood.
    pub side: Side,
    /// Cleaned text.
    pub body: SafeHtml,
    /// The same without markup.
    pub body_text: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// When it happened.
    pub occurred_at: Moment,
    /// When it was saved.
    pub registered_at: Moment,
    /// Both times differ by a minute or more (T-OCC-06).
    pub shows_both_times: bool,
    /// Time spent; agents only.
    pub minutes: Option<Minutes>,
    /// Category.
    pub category: Option<Ref>,
    /// Source; agents only.
    pub source: Option<Ref>,
    /// The reply template it was begun with, as it was called then; agents only.
    #[serde(default)]
    pub template: Option<Ref>,
    /// The entry it answers.
    pub reply_to: Option<ReplyRef>,
    /// First entry of the thread it hangs on.
    pub root: Option<Uuid>,
    /// Files.
    pub attachments: Vec<DocumentView>,
    /// Its mails, oldest first; agents only.
    pub mails: Vec<MailView>,
    /// The worst state of its mails; agents only.
    pub mail_state: Option<MailState>,
    /// At least one mail of it was sent (M-DLV-04).
    pub sent_by_mail: bool,
    /// When the reader-visible text last changed.
    pub edited_at: Option<Moment>,
    /// Who changed it; agents only.
    pub edited_by: Option<ActorView>,
    /// Former versions; agents only.
    pub revision_count: i32,
    /// Set when the entry was removed.
    pub removed: Option<RemovedView>,
    /// `update`, `delete`, `reply`: what the reader may do now.
    pub actions: Vec<String>,
    /// Version; 0 where the reader may not know it.
    pub version: i32,
    /// Written by the reader himself.
    pub mine: bool,
    /// Registered by others after the reader's last visit.
    pub unread: bool,
}

/// Old and new value of one field, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Name of the field.
    pub field: String,
    /// Former value as shown; empty = none.
    pub old: String,
    /// New value as shown; empty = none.
    pub new: String,
}

/// An entry written by the system: who changed what (T-HIS-05).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// Id.
    pub id: Uuid,
    /// When.
    pub at: Moment,
    /// Who; kind `system` = automatic.
    pub author: ActorView,
    /// Kind of T-HIS (`status_changed`, …).
    pub kind: String,
    /// Old → new.
    pub changes: Vec<FieldChange>,
    /// Kind and id of the entry it is about.
    pub entry: Option<(String, Uuid)>,
    /// Reason or justification, as far as the reader may know it.
    pub reason: Option<String>,
    /// It is about a private entry; never set for the requester side, which does not learn of those.
    pub private: bool,
}

/// One entry of the timeline (T-TIM-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Entry {
    /// Written by a person.
    Occurrence(Box<OccurrenceView>),
    /// Something to do (T-TSK).
    Task(Box<TaskEntry>),
    /// Between the two sides (T-MSG-04).
    Message(Box<MessageView>),
    /// A free document (T-DOC-02).
    Document(Box<DocumentView>),
    /// What solved it, with its answer (T-SOL-05).
    Solution(Box<SolutionView>),
    /// A request for validation or an answer to one; agents only (T-VAL-06, T-VIS-05).
    Validation(Box<ValidationEntry>),
    /// Written by the system.
    Event(Box<EventView>),
}

/// What part of the timeline to show; all of it is in the address (T-TIM-03).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct TimelineQuery {
    /// `asc`, `desc`; empty = the reader's preference.
    pub order: String,
    /// `occurrence`, `task`, `solution`, `validation_request`, `validation_answer`, `message`, `document`, `event`; empty = all but
    /// events unless the reader's preference shows them.
    pub kinds: String,
    /// Only public entries.
    pub public_only: bool,
    /// Only the reader's own.
    pub mine: bool,
    /// Only entries with files.
    pub with_attachments: bool,
    /// Words to find in this ticket (T-OCC-24).
    pub find: String,
    /// Entry to load around: `<kind>-<id>`, of every kind but `event`.
    pub around: String,
    /// Keyset cursor of a former answer.
    pub cursor: String,
    /// Entries wanted, 1..200; 0 = 30.
    pub limit: u32,
}

/// A page of the timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Entries in display order.
    pub entries: Vec<Entry>,
    /// More in display order.
    pub next_cursor: Option<String>,
    /// More before the first.
    pub previous_cursor: Option<String>,
    /// `asc` or `desc`, as shown.
    pub order: String,
    /// Entries that match `find`; `None` without a search.
    pub hits: Option<u32>,
}

/// Part of a word-by-word difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffPart {
    /// `same`, `added`, `removed`.
    pub op: String,
    /// The words.
    pub text: String,
}

/// A version of an entry and how the next one differs from the one before (T-OCC-16).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionView {
    /// 1 = as first written.
    pub revision: i32,
    /// When this version was saved.
    pub at: Moment,
    /// Who saved it.
    pub by: ActorView,
    /// `created`, `edited`, `visibility_changed`, `removed`.
    pub what: String,
    /// Its text.
    pub body: SafeHtml,
    /// The same without markup.
    pub body_text: String,
    /// Its visibility.
    pub visibility: Visibility,
    /// Its time of happening.
    pub occurred_at: Moment,
    /// Its time spent.
    pub minutes: Option<Minutes>,
    /// Its category.
    pub category: Option<Ref>,
    /// Its source.
    pub source: Option<Ref>,
    /// Its files.
    pub attachments: Vec<Ref>,
    /// Words compared with the version before.
    pub diff: Vec<DiffPart>,
    /// Of a task: further fields by their names, as text; empty values are there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<(String, String)>,
}

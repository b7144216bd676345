//! Requests: the form of a new one, and what the requester side sees of those there are.

use serde::{Deserialize, Serialize};

use super::{ActorView, ArticleHint, Choice, DocumentView, DraftView, Ref, Timeline};
use crate::format::Moment;
use crate::html::SafeHtml;
use crate::ticket::{Status, TicketType};

/// What the form of a new request needs (P-NEW-02, 03): only what the portal shows, whoever reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRequestView {
    /// Entities the reader may ask in; empty when there is only one.
    pub entities: Vec<Choice>,
    /// Categories shown in the portal.
    pub categories: Vec<PortalCategory>,
    /// Locations shown in the portal.
    pub locations: Vec<Choice>,
    /// Members of the groups the reader manages, for whom he may ask instead of himself: `user:<id>`.
    pub members: Vec<Choice>,
    /// Groups of his own that may be requester, with which he may share it: `group:<id>`.
    pub groups: Vec<Choice>,
    /// The request it follows, where there is one he may follow.
    pub follow_up: Option<FollowUpView>,
    /// Draft of the form.
    pub draft: Option<DraftView>,
    /// A fresh idempotency key.
    pub key: String,
    /// Largest file in bytes.
    pub upload_max: i64,
    /// Forbidden file extensions.
    pub forbidden_extensions: Vec<String>,
    /// Articles are suggested while it is typed (setting `knowledge.suggestions`).
    pub suggests: bool,
    /// Those that fit what is typed, where somebody asked for them (P-NEW-04); absent = nobody asked.
    pub articles: Option<Vec<ArticleHint>>,
}

/// A category of the portal with the types it is allowed for (T-SET-11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalCategory {
    /// Its id, name and depth.
    pub choice: Choice,
    /// Allowed for what is broken.
    pub incident: bool,
    /// Allowed for what is wanted.
    pub request: bool,
}

/// What a follow-up request takes over (T-STA-30).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUpView {
    /// Number of the request it follows.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its type.
    pub kind: TicketType,
    /// Its entity.
    pub entity: String,
    /// Its category; empty = none.
    pub category: String,
    /// Those of its requesters whom the reader may name.
    pub requesters: Vec<String>,
}

/// A ticket in My requests (P-LIS-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRow {
    /// Public number.
    pub number: i64,
    /// Title.
    pub title: String,
    /// Status.
    pub status: Status,
    /// Public label of the pending reason.
    pub pending_label: Option<String>,
    /// Assigned user, else group.
    pub responsible: Option<String>,
    /// Time to resolve, while open.
    pub due_resolve_at: Option<Moment>,
    /// The time to resolve stands still.
    pub paused: bool,
    /// Unread visible entries, at most 99.
    pub unread: u32,
    /// Last change the reader may see.
    pub updated_at: Moment,
    /// A solution waits for the reader's answer (P-LIS-04).
    #[serde(default)]
    pub may_answer: bool,
}

/// A request as its requester sees it (P-DET): read by queries that name no private entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestDetail {
    /// Public number.
    pub number: i64,
    /// Type.
    pub kind: TicketType,
    /// Title.
    pub title: String,
    /// Description.
    pub description: SafeHtml,
    /// The same without markup.
    pub description_text: String,
    /// Files of the description.
    pub description_files: Vec<DocumentView>,
    /// Who registered it.
    pub writer: String,
    /// Status.
    pub status: Status,
    /// Category in the reader's language.
    pub category: Option<Ref>,
    /// Names of the requesters.
    pub requesters: Vec<ActorView>,
    /// Names of the assignees.
    pub assignees: Vec<ActorView>,
    /// Opening.
    pub opened_at: Moment,
    /// Time to resolve.
    pub due_resolve_at: Option<Moment>,
    /// Automatic closing.
    pub close_due_at: Option<Moment>,
    /// Solution.
    pub solved_at: Option<Moment>,
    /// Closing.
    pub closed_at: Option<Moment>,
    /// Public label of the pending reason.
    pub pending_label: Option<String>,
    /// T-STA-10.
    pub answer_awaited: bool,
    /// Number of the ticket it was merged into, if the reader may see that one.
    pub merged_into: Option<i64>,
    /// Unread visible entries.
    pub unread: u32,
    /// Unread messages, at most 99; absent where the request has no area of messages (P-MSG-01, P-MSG-03).
    pub messages: Option<u32>,
    /// Unread lines of the chat, at most 99; absent while the chat is off (316), and for those who stand on no side of it.
    pub chat: Option<u32>,
    /// What the reader may do now: `occurrence`, `cancel`, `reopen`, `follow-up`, `message`.
    pub actions: Vec<String>,
    /// Why a closed request cannot be reopened: `period_over`, `never` (setting 171); empty = it can, or is not closed.
    pub reopen_off: String,
    /// Days after closing within which it can be reopened (setting 171).
    pub reopen_days: i64,
    /// Why the note form is absent: `disabled` (setting 252), `closed`, `cancelled`, `forbidden`; empty = it is there.
    pub note_off: String,
    /// What a note on a solved request does: `reopen`, `ask`, `append-only`; empty otherwise.
    pub note_effect: String,
    /// How the tick "notify the responsible" begins; absent = no mail can leave, or the reader is on the service side (P-OCC-04).
    pub notify: Option<bool>,
    /// The conversation.
    pub timeline: Timeline,
    /// All files the reader may see.
    pub files: Vec<DocumentView>,
    /// Published public articles that belong to it (P-DET-06).
    pub articles: Vec<ArticleHint>,
    /// Categories offered; empty when locked or hidden.
    pub categories: Vec<Choice>,
    /// Locked category, shown filled.
    pub locked_category: Option<String>,
    /// Source of what the reader writes, shown filled; an agent's note has none.
    pub locked_source: Option<String>,
    /// Draft of the note form.
    pub draft: Option<DraftView>,
    /// A fresh idempotency key for the note form.
    pub key: String,
    /// Last change the reader may see.
    pub updated_at: Moment,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
    /// Largest file in bytes.
    pub upload_max: i64,
    /// Forbidden file extensions.
    pub forbidden_extensions: Vec<String>,
}

//! Solutions of a ticket (T-SOL).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActorView, ArticleRow, BlockedView, Choice, DocumentView, DraftView, MailView, Ref, RevisionView};
use crate::format::Moment;
use crate::html::SafeHtml;
use crate::mail::MailState;
use crate::solution::SolutionState;

/// A solution as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SolutionView {
    /// Id.
    pub id: Uuid,
    /// Number of the ticket.
    pub ticket: i64,
    /// Who wrote it; the system for an exhausted pending reason.
    pub author: ActorView,
    /// Cleaned text.
    pub body: SafeHtml,
    /// The same without markup.
    pub body_text: String,
    /// Solution type.
    pub kind: Option<Ref>,
    /// The template it was begun with, as it was called then; agents only.
    pub template: Option<Ref>,
    /// Files.
    pub attachments: Vec<DocumentView>,
    /// What became of it.
    pub state: SolutionState,
    /// Who answered it; the system where nobody was waited for. Nobody while it waits.
    pub answered_by: Option<ActorView>,
    /// When it was answered.
    pub answered_at: Option<Moment>,
    /// Comment of the approval, reason of the refusal; empty = none.
    pub comment: String,
    /// When it was saved.
    pub registered_at: Moment,
    /// When its text last changed.
    pub edited_at: Option<Moment>,
    /// Former versions; agents only.
    pub revision_count: i32,
    /// Version; 0 where the reader may not know it.
    pub version: i32,
    /// Its mails, oldest first; agents only.
    pub mails: Vec<MailView>,
    /// The worst state of its mails; agents only.
    pub mail_state: Option<MailState>,
    /// At least one mail of it was sent (M-DLV-04).
    pub sent_by_mail: bool,
    /// `update`, `approve`, `refuse`: what the reader may do now.
    pub actions: Vec<String>,
    /// Written by the reader himself.
    pub mine: bool,
    /// Registered by others after the reader's last visit.
    pub unread: bool,
}

impl SolutionView {
    /// Whether the reader may do something with it now.
    #[must_use]
    pub fn may(&self, action: &str) -> bool {
        self.actions.iter().any(|one| one == action)
    }
}

/// What the pages of a solution need: the form that solves a ticket, the one that changes a solution, its former versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SolutionPage {
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// The solution that is changed or shown; none = a new one.
    pub solution: Option<SolutionView>,
    /// Former versions, oldest first, the present one last.
    pub revisions: Vec<RevisionView>,
    /// Solution types to choose from.
    pub types: Vec<Choice>,
    /// Solution templates to begin with.
    pub templates: Vec<Choice>,
    /// What solving leads to now: `solved`, `closed` (at once), or the code that refuses it.
    pub leads_to: String,
    /// Days after which the ticket closes by itself; none = never.
    pub closes_after: Option<u32>,
    /// The reader may close in the same command (T-STA-21).
    pub may_close: bool,
    /// Names of those who get the mail "solved" with its links.
    pub mailed: Vec<String>,
    /// A validation is in the way (T-VAL-08).
    pub blocked: Option<BlockedView>,
    /// Tasks that are still open, as far as the reader sees them (T-SOL-02).
    pub open_tasks: usize,
    /// The reader may look for articles (T-SOL-03).
    pub may_search: bool,
    /// Articles that fit the words asked for.
    pub found: Vec<ArticleRow>,
    /// Draft of the form.
    pub draft: Option<DraftView>,
    /// A fresh idempotency key.
    pub key: String,
    /// Largest file in bytes.
    pub upload_max: i64,
    /// Forbidden file extensions.
    pub forbidden_extensions: Vec<String>,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
}

/// What the page of a signed link shows (T-SOL-08, P-ACT-10): nothing but what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum SolutionLinkView {
    /// It can be answered.
    Open(Box<OpenLink>),
    /// It was answered before; no texts.
    Answered {
        /// When, in the zone of the person.
        at: Moment,
    },
    /// Unknown, past its life, of a newer solution, or the ticket is open again; no texts.
    Void,
}

/// A signed link that can be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLink {
    /// Number of the request.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Text of the solution, where setting 371 shows it.
    pub body: Option<SafeHtml>,
    /// When it closes by itself, if it does.
    pub closes_at: Option<Moment>,
}

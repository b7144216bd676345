//! The history of a ticket as its page, its drawer and its export show it.

use serde::{Deserialize, Serialize};

use super::{ActorView, DocumentView, EventView, Page};
use crate::error::FieldErrors;
use crate::format::Moment;
use crate::ticket::Status;

/// A row of the history (T-HIS-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// The event.
    pub event: EventView,
    /// The beginning of the occurrence that was added or the message that was sent; empty for other events and for what was
    /// removed or withdrawn.
    pub text: String,
    /// Files of the occurrence or of the document that was added; pages only.
    pub files: Vec<DocumentView>,
    /// When the occurrence that was added was removed again, or the message withdrawn.
    pub removed: Option<Moment>,
    /// The reader did it himself.
    pub mine: bool,
}

/// Somebody who appears in a history, to filter by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryPerson {
    /// Value of the filter: an id, `none` for the system, for the requester side a word that tells nothing.
    pub value: String,
    /// Who it is, as far as the reader may know him.
    pub actor: ActorView,
}

/// The history of a ticket with what its page shows around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryView {
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its status.
    pub status: Status,
    /// When it was opened.
    pub opened_at: Moment,
    /// Its requesters.
    pub requesters: Vec<ActorView>,
    /// Its assignees.
    pub assignees: Vec<ActorView>,
    /// There is a tab "Chat" for the reader (T-HIS-02).
    pub chat: bool,
    /// Everybody who appears in the history as far as the reader sees it, by name.
    pub people: Vec<HistoryPerson>,
    /// What is wrong with the filters; then there are no rows.
    pub errors: FieldErrors,
    /// The rows, newest first.
    pub page: Page<HistoryRow>,
}

//! The files of a ticket (T-DOC-04).

use serde::{Deserialize, Serialize};

use super::{ActorView, DocumentView, DraftView};
use crate::format::Moment;

/// A file with what its reader may do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    /// The file.
    pub document: DocumentView,
    /// He may take it off its entry.
    pub can_remove: bool,
}

/// Files of one name, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileGroup {
    /// The newest one.
    pub newest: FileView,
    /// Its older versions.
    pub older: Vec<FileView>,
}

/// What a removed file leaves (T-DOC-04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedFile {
    /// When it was removed.
    pub at: Moment,
    /// Who removed it.
    pub by: ActorView,
    /// Its name, for readers of removed entries (T-OCC-23).
    pub name: Option<String>,
}

/// What the tab "Documents" of a ticket shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentsView {
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// The files the reader may see, by name.
    pub groups: Vec<FileGroup>,
    /// What removed ones left, the newest first.
    pub removed: Vec<RemovedFile>,
    /// The reader may add some now.
    pub may_add: bool,
    /// Visibility the form begins with.
    pub visibility: String,
    /// Draft of the form.
    pub draft: Option<DraftView>,
    /// Largest file in bytes.
    pub upload_max: i64,
    /// Forbidden extensions.
    pub forbidden_extensions: Vec<String>,
    /// A fresh idempotency key.
    pub key: String,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
}

//! Free documents.

use serde::{Deserialize, Serialize};

/// Files to add to a ticket as free documents, each an entry of its own (T-DOC-02).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AddDocuments {
    /// Number of the ticket.
    pub ticket: i64,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// New name of a single file; empty = that of the upload.
    pub name: String,
    /// Up to 500 characters.
    pub comment: String,
    /// `private`, `public`; empty = as a new occurrence would be.
    pub visibility: String,
    /// Ids of uploads, at most 20.
    pub attachments: Vec<String>,
}

/// Takes a file off its entry (T-DOC-04).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RemoveDocument {
    /// Id of the document.
    pub id: String,
    /// Number of the ticket, to return to.
    pub ticket: i64,
}

//! What a search in the content of tickets finds.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActorView, Count};
use crate::format::Moment;
use crate::ticket::Status;

/// A stretch of a snippet; `hit` stretches matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// The words.
    pub text: String,
    /// Whether they matched.
    pub hit: bool,
}

/// A ticket found by its content (T-OCC-26).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchHit {
    /// `ticket` (number, title, description) or `occurrence`.
    pub kind: String,
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its status.
    pub status: Status,
    /// Id of the entry that matched, or of the ticket.
    pub id: Uuid,
    /// Who wrote the entry.
    pub author: ActorView,
    /// The reader is an agent where the ticket is.
    pub agent: bool,
    /// When it was registered.
    pub at: Moment,
    /// Visibility of the entry.
    pub private: bool,
    /// At most 200 characters around the hit.
    pub snippet: Vec<Snippet>,
}

/// A page of hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPage {
    /// Hits, newest ticket change first.
    pub items: Vec<SearchHit>,
    /// More.
    pub next_cursor: Option<String>,
    /// Hits in all, exact to 1 000.
    pub count: Count,
    /// The query holds no word to look for.
    pub empty_query: bool,
    /// The server's clock when this was made, in the reader's zone; pages only.
    pub now: Moment,
}

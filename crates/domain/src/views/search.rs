//! What a search finds: tickets by their content, articles, customers.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActorView, ArticleRow, Count, Page};
use crate::customer::CustomerStatus;
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
    /// `ticket` (number, title, description), `occurrence`, `task` or `solution`.
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

/// A customer found by his words (T-LST-08); made for those who see customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundCustomer {
    /// Id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Name of the entity.
    pub entity: String,
    /// Status; inactive ones are found, too (C-CUS-05).
    pub status: CustomerStatus,
    /// Last change.
    pub updated_at: Moment,
    /// The stretch of legal name and contacts that matched, else the legal name.
    pub snippet: Vec<Snippet>,
}

/// A page of hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPage {
    /// Tickets and their entries, newest ticket change first.
    pub items: Vec<SearchHit>,
    /// More.
    pub next_cursor: Option<String>,
    /// Those in all, exact to 1 000.
    pub count: Count,
    /// Articles: the best few beside the first page, or a page of them where they alone are asked for. `None` = not asked for, a
    /// later page, or a reader who may read no article anywhere.
    pub articles: Option<Page<ArticleRow>>,
    /// The same of customers.
    pub customers: Option<Page<FoundCustomer>>,
    /// The query holds no word to look for.
    pub empty_query: bool,
    /// The server's clock when this was made, in the reader's zone; pages only.
    pub now: Moment,
}

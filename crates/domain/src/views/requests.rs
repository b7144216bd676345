//! The form of a new request.

use serde::{Deserialize, Serialize};

use super::{ArticleHint, Choice, DraftView};
use crate::ticket::TicketType;

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

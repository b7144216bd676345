//! Home of agents: what waits, and how much of it.

use serde::{Deserialize, Serialize};

use super::{Count, ListQuery, Page, TicketRow};

/// A list that Home counts and leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeList {
    /// Past their time to resolve, of all the reader sees.
    Overdue,
    /// To be solved today.
    DueToday,
    /// Assigned to the reader and open.
    Mine,
    /// Of these, those on hold.
    Waiting,
    /// With news for the reader.
    Unread,
    /// Assigned to nobody, of all the reader sees.
    Unassigned,
    /// Assigned to groups of the reader.
    MyGroups,
    /// Solved by the reader and not approved yet.
    Solved,
}

impl HomeList {
    /// Every list, in the order of the page.
    pub const ALL: [Self; 8] = [
        Self::Overdue,
        Self::DueToday,
        Self::Mine,
        Self::Waiting,
        Self::Unread,
        Self::Unassigned,
        Self::MyGroups,
        Self::Solved,
    ];

    /// What the list asks for; the page of the tickets shows the same rows under this question. `today` is a date of the
    /// reader, `2026-03-12`.
    #[must_use]
    pub fn query(self, today: &str) -> ListQuery {
        let of = |assignee: &str, status: &str| ListQuery {
            assignee: assignee.to_owned(),
            status: status.to_owned(),
            ..ListQuery::default()
        };
        let with = |query: ListQuery, more: &[(&str, &str)]| ListQuery {
            more: more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..query
        };
        match self {
            Self::Overdue => with(of("", "open"), &[("overdue", "true")]),
            Self::DueToday => with(of("", "open"), &[("due_from", today), ("due_to", today)]),
            Self::Mine => of("me", "open"),
            Self::Waiting => of("me", "pending"),
            Self::Unread => with(of("me", "not_closed"), &[("unread", "true")]),
            Self::Unassigned => of("none", "open"),
            Self::MyGroups => of("my_groups", "open"),
            Self::Solved => of("me", "solved"),
        }
    }
}

/// How many tickets a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeCount {
    /// Which list.
    pub list: HomeList,
    /// How many, exact to 1 000.
    pub count: Count,
}

/// What Home shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeView {
    /// The lists, in the order of [`HomeList::ALL`].
    pub counts: Vec<HomeCount>,
    /// Requests for validation that wait for the reader, exact to 99; `None` = he may answer none.
    pub approvals: Option<Count>,
    /// Tasks that are his to do, exact to 99.
    pub tasks: Count,
    /// Of these, and of those of his groups that nobody has, the late ones.
    pub late_tasks: Count,
    /// What of the reader's own is due first.
    pub next: Page<TicketRow>,
    /// The reader's drafts.
    pub drafts: u32,
    /// The reader's date.
    pub today: String,
}

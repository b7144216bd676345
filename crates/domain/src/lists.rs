//! Rules of the editable lists: names in four languages, trees, flags (T-SET-09..11, T-PEN-01); of calendars, see `calendar`.
//!
//! Belongs here: which lists there are and what a row may hold. Does not belong here: stored rows and who uses them
//! (`service::lists`), words (`app`).

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Code;
use crate::lang::Lang;
use crate::policy::Capability;
use crate::text::{length, normalise_line};

/// Longest name or label, in characters (T-SET-09).
pub const NAME_MAX: usize = 100;
/// Most levels of a tree; a row without a parent is the first (T-SET-11).
pub const DEPTH_MAX: usize = 8;
/// Highest position of a row.
pub const POSITION_MAX: i32 = 1_000_000;
/// Shipped sources that stay active, by their codes: what arrives that way names them (T-SET-10).
const ALWAYS_ACTIVE: [&str; 3] = ["portal", "email", "chat"];

/// An editable list of this release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum List {
    /// Categories of tickets, a tree.
    #[default]
    TicketCategories,
    /// Categories of occurrences.
    OccurrenceCategories,
    /// Where requests and entries come from.
    RequestSources,
    /// Places, a tree.
    Locations,
    /// Why a ticket is on hold.
    PendingReasons,
    /// Working hours and holidays.
    Calendars,
    /// What a solution is.
    SolutionTypes,
    /// Categories of knowledge articles, a tree.
    KnowledgeCategories,
    /// Categories of tasks.
    TaskCategories,
    /// Categories of customer occurrences.
    CustomerOccurrenceCategories,
    /// Groups of customers.
    CustomerSegments,
}

impl List {
    /// Every list, in the order of the page.
    pub const ALL: [List; 11] = [
        List::TicketCategories,
        List::OccurrenceCategories,
        List::RequestSources,
        List::Locations,
        List::PendingReasons,
        List::Calendars,
        List::SolutionTypes,
        List::KnowledgeCategories,
        List::TaskCategories,
        List::CustomerOccurrenceCategories,
        List::CustomerSegments,
    ];

    /// Name in addresses and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            List::TicketCategories => "ticket-categories",
            List::OccurrenceCategories => "occurrence-categories",
            List::RequestSources => "request-sources",
            List::Locations => "locations",
            List::PendingReasons => "pending-reasons",
            List::Calendars => "calendars",
            List::SolutionTypes => "solution-types",
            List::KnowledgeCategories => "knowledge-categories",
            List::TaskCategories => "task-categories",
            List::CustomerOccurrenceCategories => "customer-occurrence-categories",
            List::CustomerSegments => "customer-segments",
        }
    }

    /// Reads a name; `None` for a list that does not exist.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.as_str() == text)
    }

    /// Whether rows stand below each other.
    #[must_use]
    pub const fn is_tree(self) -> bool {
        matches!(self, List::TicketCategories | List::Locations | List::KnowledgeCategories)
    }

    /// Whether a row has a label for the requester side besides its name (T-PEN-01).
    #[must_use]
    pub const fn has_labels(self) -> bool {
        matches!(self, List::PendingReasons)
    }

    /// Whether a row may remind and solve by itself (T-PEN-01).
    #[must_use]
    pub const fn has_rule(self) -> bool {
        matches!(self, List::PendingReasons)
    }

    /// Whether a row may name the group in whose queue its tickets wait (T-SET-11).
    #[must_use]
    pub const fn has_group(self) -> bool {
        matches!(self, List::TicketCategories)
    }

    /// Whether a row has working hours and holidays (T-SET-12).
    #[must_use]
    pub const fn has_hours(self) -> bool {
        matches!(self, List::Calendars)
    }

    /// The capability without which nobody reads its rows, where one is needed (customers.md section 6).
    #[must_use]
    pub const fn read_with(self) -> Option<Capability> {
        match self {
            List::CustomerOccurrenceCategories | List::CustomerSegments => Some(Capability::CustomerView),
            _ => None,
        }
    }

    /// The switches of its rows besides *active* and *also in sub-entities*.
    #[must_use]
    pub const fn flags(self) -> &'static [Flag] {
        match self {
            List::TicketCategories => &[Flag::ForIncident, Flag::ForRequest, Flag::Portal],
            List::RequestSources => &[Flag::ForTickets, Flag::ForOccurrences],
            List::Locations => &[Flag::Portal],
            List::OccurrenceCategories
            | List::PendingReasons
            | List::Calendars
            | List::TaskCategories
            | List::SolutionTypes
            | List::KnowledgeCategories
            | List::CustomerOccurrenceCategories
            | List::CustomerSegments => &[],
        }
    }
}

/// A switch of some lists (T-SET-10, T-SET-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// A source of tickets.
    ForTickets,
    /// A source of occurrences.
    ForOccurrences,
    /// A category of incidents.
    ForIncident,
    /// A category of requests.
    ForRequest,
    /// Requesters may choose it.
    Portal,
}

impl Flag {
    /// Every flag.
    pub const ALL: [Flag; 5] =
        [Flag::ForTickets, Flag::ForOccurrences, Flag::ForIncident, Flag::ForRequest, Flag::Portal];

    /// Name of the field.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Flag::ForTickets => "for_tickets",
            Flag::ForOccurrences => "for_occurrences",
            Flag::ForIncident => "for_incident",
            Flag::ForRequest => "for_request",
            Flag::Portal => "portal",
        }
    }

    /// What a new row begins with: of use wherever its list is, shown to requesters only when somebody says so. Categories of
    /// occurrences have no such switch, requesters choose among all of them.
    #[must_use]
    pub const fn initial(self, list: List) -> bool {
        !matches!(self, Flag::Portal) || matches!(list, List::OccurrenceCategories)
    }
}

/// A name or label as it is stored: one clean line. Empty means that the language has none.
///
/// # Errors
/// `TooLong` above [`NAME_MAX`] characters.
pub fn check_name(typed: &str) -> Result<String, Code> {
    let clean = normalise_line(typed);
    if length(&clean) > NAME_MAX { Err(Code::TooLong) } else { Ok(clean) }
}

/// The language in which a name is missing: without one in the language of the entity or in English, readers of other
/// languages would find none to fall back to (T-SET-09).
#[must_use]
pub fn missing_name(names: &BTreeMap<String, String>, home: Lang) -> Option<Lang> {
    let has = |lang: Lang| names.get(lang.code()).is_some_and(|name| !name.is_empty());
    if has(home) || has(Lang::En) { None } else { Some(home) }
}

/// Whether two names are one for readers: case does not tell them apart.
#[must_use]
pub fn same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// Whether a shipped row must stay active (T-SET-10).
#[must_use]
pub fn stays_active(list: List, code: Option<&str>) -> bool {
    list == List::RequestSources && code.is_some_and(|code| ALWAYS_ACTIVE.contains(&code))
}

/// Whether a row may stand below `parent`. `parents` names the parent of every row of the list; `row` is `None` for a new one.
///
/// # Errors
/// `Invalid` where the row would stand below itself; `OutOfRange` where it, or what stands below it, would be deeper than
/// [`DEPTH_MAX`] levels.
pub fn check_parent(row: Option<Uuid>, parent: Uuid, parents: &BTreeMap<Uuid, Option<Uuid>>) -> Result<(), Code> {
    let way = way_up(parent, parents);
    if row.is_some_and(|row| way.contains(&row)) {
        return Err(Code::Invalid);
    }
    let own = row.map_or(1, |row| height(row, parents));
    if way.len() + own > DEPTH_MAX { Err(Code::OutOfRange) } else { Ok(()) }
}

/// A row and what stands above it, nearest first.
fn way_up(row: Uuid, parents: &BTreeMap<Uuid, Option<Uuid>>) -> Vec<Uuid> {
    let mut way = vec![row];
    let mut at = row;
    while let Some(Some(above)) = parents.get(&at).copied() {
        // A circle that somebody made behind our back has an end here.
        if way.contains(&above) {
            break;
        }
        way.push(above);
        at = above;
    }
    way
}

/// Levels of a row with everything below it.
fn height(row: Uuid, parents: &BTreeMap<Uuid, Option<Uuid>>) -> usize {
    let levels_to = |id: &Uuid| way_up(*id, parents).iter().position(|above| *above == row).map(|at| at + 1);
    parents.keys().filter_map(levels_to).max().unwrap_or(1)
}

//! Tickets in lists and on their page.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActorView, Choice, CustomerChoice, DocumentView, DraftView, PersonCard, Ref, Timeline};
use crate::duration::Minutes;
use crate::format::Moment;
use crate::html::SafeHtml;
use crate::ticket::{Status, TicketType};
use crate::validation::Standing;

/// Rows of a list with the way to the next ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Opaque, signed; `None` on the last page.
    pub next_cursor: Option<String>,
    /// Rows in all, as far as they are counted.
    pub count: Option<Count>,
    /// The server's clock when this was made, in the reader's zone; pages only.
    pub now: Moment,
}

/// A number that is exact up to 1 000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// 0..1 000.
    pub value: u32,
    /// `false`: there are more ("1 000+").
    pub exact: bool,
}

/// Filters and order of the ticket lists; the whole state of the page, kept in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// Words, phrases, exclusions (T-OCC-25), or a number.
    pub text: String,
    /// Statuses, `open`, `not_closed`, `all`; comma separated.
    pub status: String,
    /// `me`, `my_groups`, `none`, or user/group ids; comma separated.
    pub assignee: String,
    /// `incident`, `request`.
    pub kind: String,
    /// 1..6, comma separated.
    pub priority: String,
    /// `mine`, `groups`, `observed`, `all` (portal).
    pub role: String,
    /// `updated_at`, `number`, `priority`, `opened_at`, `status`, `due_resolve_at`; leading `-` = downwards.
    pub sort: String,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted: 25, 50, 100 (API 1..200); 0 = 50.
    pub limit: u32,
    /// Count the rows up to 1 000.
    pub count: bool,
    /// Only the trash.
    pub trash: bool,
    /// Conditions of the API that have no field on the page: name → values (`not.` prefix negates).
    pub more: Vec<(String, String)>,
}

/// A ticket in the agents' list (T-LST-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketRow {
    /// Id (never shown).
    pub id: Uuid,
    /// Public number.
    pub number: i64,
    /// Title.
    pub title: String,
    /// Status.
    pub status: Status,
    /// Type.
    pub kind: TicketType,
    /// 1..6.
    pub priority: u8,
    /// First requester.
    pub requester: Option<ActorView>,
    /// First assignee.
    pub assignee: Option<ActorView>,
    /// Last change the reader may know of.
    pub updated_at: Moment,
    /// Opening.
    pub opened_at: Moment,
    /// Time to resolve.
    pub due_resolve_at: Option<Moment>,
    /// Past its time to resolve while open and not paused.
    pub overdue: bool,
    /// Public label of the pending reason.
    pub pending_label: Option<String>,
    /// Entries of others since the reader's last visit, at most 99.
    pub unread: u32,
}

/// Why a ticket waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingView {
    /// The reason of the list; agents only.
    pub reason: Option<Ref>,
    /// Public label.
    pub label: String,
    /// Text; agents only.
    pub text: Option<String>,
    /// Since when; agents only.
    pub since: Option<Moment>,
}

/// Everything the ticket page and `GET /tickets/{number}` need, for agents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketDetail {
    /// Id (never shown).
    pub id: Uuid,
    /// Public number.
    pub number: i64,
    /// Whether the reader is an agent in the ticket's entity; else only what T-VIS-05 allows is filled.
    pub agent: bool,
    /// Entity.
    pub entity: Ref,
    /// Type.
    pub kind: TicketType,
    /// Title.
    pub title: String,
    /// Description.
    pub description: SafeHtml,
    /// The same without markup.
    pub description_text: String,
    /// When the description was last changed.
    pub description_edited_at: Option<Moment>,
    /// Files of the description.
    pub description_files: Vec<DocumentView>,
    /// Status.
    pub status: Status,
    /// 1..5.
    pub urgency: u8,
    /// 1..5.
    pub impact: u8,
    /// 1..6.
    pub priority: u8,
    /// The priority was set by hand (T-PRI-03).
    pub priority_by_hand: bool,
    /// Category.
    pub category: Option<Ref>,
    /// Category with its ancestors, "Network > VPN".
    pub category_path: Option<String>,
    /// Source.
    pub source: Option<Ref>,
    /// Location.
    pub location: Option<Ref>,
    /// Customer; agents who see customers only.
    #[serde(default)]
    pub customer: Option<Ref>,
    /// The reader sees customers in its entity, so that one of it may be named.
    #[serde(default)]
    pub shows_customer: bool,
    /// Requesters.
    pub requesters: Vec<ActorView>,
    /// Observers; agents only.
    pub observers: Vec<ActorView>,
    /// Assigned people and groups.
    pub assignees: Vec<ActorView>,
    /// Who registered the ticket.
    pub writer: ActorView,
    /// Group in whose queue it waits.
    pub routing_group: Option<Ref>,
    /// Opening.
    pub opened_at: Moment,
    /// Taken into account (T-CLK-03).
    pub taken_at: Option<Moment>,
    /// Time to own.
    pub due_own_at: Option<Moment>,
    /// Time to resolve.
    pub due_resolve_at: Option<Moment>,
    /// `none`, `on_time`, `at_risk`, `overdue`, `paused`, `met`, `missed` (T-CLK-06).
    pub due_own_state: String,
    /// As above.
    pub due_resolve_state: String,
    /// Working time left to resolve while the clock stands still; agents only (T-CLK-05).
    pub due_resolve_left: Option<Minutes>,
    /// Times of the state machine.
    pub solved_at: Option<Moment>,
    /// Closing.
    pub closed_at: Option<Moment>,
    /// Cancellation.
    pub cancelled_at: Option<Moment>,
    /// Automatic closing.
    pub close_due_at: Option<Moment>,
    /// Why it waits.
    pub pending: Option<PendingView>,
    /// Where it stands by its validations (T-VAL-04); agents only, for others `none`.
    #[serde(default)]
    pub validation: Standing,
    /// T-STA-10.
    pub answer_awaited: bool,
    /// Times reopened.
    pub reopen_count: i32,
    /// Number of the ticket it was merged into, if the reader may see that one.
    pub merged_into: Option<i64>,
    /// Since when it is in the trash.
    pub deleted_at: Option<Moment>,
    /// Entries of others since the reader's last visit.
    pub unread: u32,
    /// Commands the reader may give now, plus `update`, `occurrence`, `document`, `message`, `change-priority`.
    pub actions: Vec<String>,
    /// Version.
    pub version: i32,
    /// Registration.
    pub created_at: Moment,
    /// Last change the reader may know of.
    pub updated_at: Moment,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
    /// Minutes of all occurrences that count (T-TSK-11), as far as the reader may see them; agents only.
    pub worked: Option<Minutes>,
}

/// Side data of the ticket page that the API does not carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyView {
    /// The ticket.
    pub ticket: TicketDetail,
    /// The first page of its timeline.
    pub timeline: Timeline,
    /// The person it is about.
    pub person: Option<PersonCard>,
    /// What the composer and the property forms offer.
    pub choices: FormChoices,
    /// Reply templates the composer offers (T-OCC-09).
    pub templates: Vec<Choice>,
    /// Draft of the composer.
    pub draft: Option<DraftView>,
    /// A fresh idempotency key for the composer.
    pub key: String,
    /// Visibility the composer starts with: `private`, `public`.
    pub visibility: String,
    /// Whether and to whom the composer may mail; absent without `occurrence.send-mail`.
    pub mail: Option<super::MailOffer>,
    /// Messages of the requester side that the reader has not read, at most 99 (T-MSG-01).
    pub unread_messages: u32,
    /// Lines of the requester side in the chat that the reader has not read, at most 99; absent while the chat is off (316).
    pub chat: Option<u32>,
}

/// A ticket as it is printed (T-LST-09).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrintView {
    /// The ticket; without `private` as the requester side knows it.
    pub ticket: TicketDetail,
    /// Its entries in display order, a thousand at most.
    pub timeline: Timeline,
    /// With private entries.
    pub private: bool,
}

/// Options of forms, in the reader's language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormChoices {
    /// Entities the reader may create tickets in.
    pub entities: Vec<Choice>,
    /// Ticket categories.
    pub ticket_categories: Vec<Choice>,
    /// Occurrence categories.
    pub occurrence_categories: Vec<Choice>,
    /// Sources for tickets.
    pub ticket_sources: Vec<Choice>,
    /// Sources for occurrences.
    pub occurrence_sources: Vec<Choice>,
    /// Locations.
    pub locations: Vec<Choice>,
    /// Pending reasons.
    pub pending_reasons: Vec<Choice>,
    /// The one that is chosen at first (T-PEN-01); empty = none.
    pub pending_default: String,
    /// People and groups who may be assigned: `user:<id>`, `group:<id>`.
    pub assignable: Vec<Choice>,
    /// People who may be requesters: `user:<id>` with name and address; the first 200 by name.
    pub people: Vec<Choice>,
    /// Largest file in bytes.
    pub upload_max: i64,
    /// Forbidden file extensions.
    pub forbidden_extensions: Vec<String>,
}

/// What the form of a new ticket needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTicketView {
    /// Options.
    pub choices: FormChoices,
    /// Draft of the form.
    pub draft: Option<DraftView>,
    /// A fresh idempotency key.
    pub key: String,
    /// The writer may set assignees of others, or only himself.
    pub may_assign: bool,
    /// The writer may set the priority by hand.
    pub may_set_priority: bool,
    /// What urgency and impact make (T-PRI-02): 25 digits, for each urgency 1..5 one for each impact 1..5.
    pub priorities: String,
    /// Number of the ticket it follows, where there is one the writer may follow (T-STA-30).
    pub follows: Option<i64>,
    /// What that ticket says for fields in which nobody has typed: field → text or list of texts.
    pub begun: serde_json::Value,
    /// Requesters of that ticket beside the first, who is among the people.
    pub shared: Vec<Choice>,
    /// The writer may name a customer.
    pub sees_customers: bool,
    /// The one that was chosen before.
    pub customer: Option<CustomerChoice>,
    /// Those found for the words he looked for.
    pub found: Vec<CustomerChoice>,
}

/// What the edit, remove and revision pages of an occurrence need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OccurrencePage {
    /// The entry.
    pub occurrence: super::OccurrenceView,
    /// Title of its ticket.
    pub title: String,
    /// Options of the edit form.
    pub choices: FormChoices,
    /// Draft of the edit.
    pub draft: Option<DraftView>,
    /// A fresh idempotency key for the edit form.
    pub key: String,
    /// Whether and to whom the changed entry may be mailed; absent without `occurrence.send-mail`.
    pub mail: Option<super::MailOffer>,
    /// Revisions, oldest first; filled on the revision page only.
    pub revisions: Vec<super::RevisionView>,
    /// The server's clock of this answer.
    pub now: Moment,
}

//! Tickets in lists, on their page and in the portal.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActorView, Choice, DocumentView, DraftView, PersonCard, Ref, Timeline};
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

/// A ticket in My requests (P-LIS-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRow {
    /// Public number.
    pub number: i64,
    /// Title.
    pub title: String,
    /// Status.
    pub status: Status,
    /// Public label of the pending reason.
    pub pending_label: Option<String>,
    /// Assigned user, else group.
    pub responsible: Option<String>,
    /// Time to resolve, while open.
    pub due_resolve_at: Option<Moment>,
    /// The time to resolve stands still.
    pub paused: bool,
    /// Unread visible entries, at most 99.
    pub unread: u32,
    /// Last change the reader may see.
    pub updated_at: Moment,
    /// A solution waits for the reader's answer (P-LIS-04).
    #[serde(default)]
    pub may_answer: bool,
}

/// A request as its requester sees it (P-DET): read by queries that name no private entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestDetail {
    /// Public number.
    pub number: i64,
    /// Type.
    pub kind: TicketType,
    /// Title.
    pub title: String,
    /// Description.
    pub description: SafeHtml,
    /// The same without markup.
    pub description_text: String,
    /// Files of the description.
    pub description_files: Vec<DocumentView>,
    /// Who registered it.
    pub writer: String,
    /// Status.
    pub status: Status,
    /// Category in the reader's language.
    pub category: Option<Ref>,
    /// Names of the requesters.
    pub requesters: Vec<ActorView>,
    /// Names of the assignees.
    pub assignees: Vec<ActorView>,
    /// Opening.
    pub opened_at: Moment,
    /// Time to resolve.
    pub due_resolve_at: Option<Moment>,
    /// Automatic closing.
    pub close_due_at: Option<Moment>,
    /// Solution.
    pub solved_at: Option<Moment>,
    /// Closing.
    pub closed_at: Option<Moment>,
    /// Public label of the pending reason.
    pub pending_label: Option<String>,
    /// T-STA-10.
    pub answer_awaited: bool,
    /// Number of the ticket it was merged into, if the reader may see that one.
    pub merged_into: Option<i64>,
    /// Unread visible entries.
    pub unread: u32,
    /// Unread messages, at most 99; absent where the request has no area of messages (P-MSG-01, P-MSG-03).
    pub messages: Option<u32>,
    /// Unread lines of the chat, at most 99; absent while the chat is off (316), and for those who stand on no side of it.
    pub chat: Option<u32>,
    /// What the reader may do now: `occurrence`, `cancel`, `reopen`, `follow-up`, `message`.
    pub actions: Vec<String>,
    /// Why a closed request cannot be reopened: `period_over`, `never` (setting 171); empty = it can, or is not closed.
    pub reopen_off: String,
    /// Days after closing within which it can be reopened (setting 171).
    pub reopen_days: i64,
    /// Why the note form is absent: `disabled` (setting 252), `closed`, `cancelled`, `forbidden`; empty = it is there.
    pub note_off: String,
    /// What a note on a solved request does: `reopen`, `ask`, `append-only`; empty otherwise.
    pub note_effect: String,
    /// How the tick "notify the responsible" begins; absent = no mail can leave, or the reader is on the service side (P-OCC-04).
    pub notify: Option<bool>,
    /// The conversation.
    pub timeline: Timeline,
    /// All files the reader may see.
    pub files: Vec<DocumentView>,
    /// Published public articles that belong to it (P-DET-06).
    pub articles: Vec<super::ArticleHint>,
    /// Categories offered; empty when locked or hidden.
    pub categories: Vec<Choice>,
    /// Locked category, shown filled.
    pub locked_category: Option<String>,
    /// Draft of the note form.
    pub draft: Option<DraftView>,
    /// A fresh idempotency key for the note form.
    pub key: String,
    /// Last change the reader may see.
    pub updated_at: Moment,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
    /// Largest file in bytes.
    pub upload_max: i64,
    /// Forbidden file extensions.
    pub forbidden_extensions: Vec<String>,
}

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

//! Customers, their list and page, and the preview of a file.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActorView, Choice, CustomerOccurrenceView, DraftView, FieldChange, Page, Ref, ReportView};
use crate::customer::{Contact, CustomerStatus, Impact};
use crate::error::{Code, FieldErrors};
use crate::format::Moment;
use crate::ticket::Status;

/// A customer (customers.md section 1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerView {
    /// Customer id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Legal name.
    pub legal_name: Option<String>,
    /// Document number as typed.
    pub document_id: Option<String>,
    /// People to talk to.
    pub contacts: Vec<Contact>,
    /// Segment.
    pub segment: Option<Ref>,
    /// Responsible person.
    pub responsible: Option<Ref>,
    /// Status.
    pub status: CustomerStatus,
    /// Entity.
    pub entity: Ref,
    /// Also usable in sub-entities.
    pub recursive: bool,
    /// Day and impact of the last occurrence.
    pub last: Option<(NaiveDate, Impact)>,
    /// Grows with every change.
    pub version: i32,
    /// Registration.
    pub created_at: Moment,
    /// Last change.
    pub updated_at: Moment,
    /// The reader may change it.
    pub may_edit: bool,
    /// The reader may register occurrences about it.
    pub may_register: bool,
}

/// A row of the list (C-CUS-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRow {
    /// The customer.
    pub customer: CustomerView,
    /// Open tickets the reader may see, at most 1 000.
    pub open_tickets: u32,
}

/// Filters and order of the list; the state of the page, kept in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerQuery {
    /// Words (C-CUS-03).
    pub q: String,
    /// Segment ids, `none`.
    pub segment: String,
    /// User ids, `me`, `none`.
    pub responsible: String,
    /// Statuses, `all`; empty = all but inactive.
    pub status: String,
    /// Entity ids, with what stands below them.
    pub entity: String,
    /// `name`, `last_occurrence`, `updated_at`; leading `-` = downwards.
    pub sort: String,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
    /// Count the rows up to 1 000.
    pub count: bool,
}

/// The list with what its filters offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerList {
    /// The rows.
    pub page: Page<CustomerRow>,
    /// Segments.
    pub segments: Vec<Choice>,
    /// People who may be responsible, `me` and `none` not among them.
    pub people: Vec<Choice>,
    /// Entities in which the reader sees customers.
    pub entities: Vec<Choice>,
    /// Wrong filters; there are no rows then.
    pub wrong: FieldErrors,
}

/// A customer as pickers show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerChoice {
    /// Customer id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Legal name.
    pub legal_name: String,
    /// Name of its entity.
    pub entity: String,
}

/// What the form of a customer needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerForm {
    /// The customer; a new one has none.
    pub customer: Option<CustomerView>,
    /// What was typed before and not saved.
    pub draft: Option<DraftView>,
    /// A fresh idempotency key.
    pub key: String,
    /// Entities in which the writer may keep customers.
    pub entities: Vec<Choice>,
    /// The entity the form begins with.
    pub entity: String,
    /// Segments.
    pub segments: Vec<Choice>,
    /// People who may be responsible.
    pub people: Vec<Choice>,
}

/// Which section of the page of a customer is shown (C-CUS-04).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CustomerSection {
    /// Occurrences with counts and chart.
    #[default]
    Occurrences,
    /// Tickets the reader may see, open ones first.
    Tickets,
    /// People to talk to.
    Contacts,
    /// Every change.
    History,
}

impl CustomerSection {
    /// Every section, in the order of the page.
    pub const ALL: [CustomerSection; 4] =
        [CustomerSection::Occurrences, CustomerSection::Tickets, CustomerSection::Contacts, CustomerSection::History];

    /// The word in the address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            CustomerSection::Occurrences => "occurrences",
            CustomerSection::Tickets => "tickets",
            CustomerSection::Contacts => "contacts",
            CustomerSection::History => "history",
        }
    }

    /// Reads it; another word is the first section.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self::ALL.into_iter().find(|section| section.as_str() == text).unwrap_or_default()
    }
}

/// A ticket of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerTicket {
    /// Number.
    pub number: i64,
    /// Title.
    pub title: String,
    /// Status.
    pub status: Status,
    /// Opening.
    pub opened_at: Moment,
    /// Last change the reader may know of.
    pub updated_at: Moment,
}

/// A change of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerChange {
    /// Row id.
    pub id: Uuid,
    /// When.
    pub at: Moment,
    /// Who.
    pub by: ActorView,
    /// `customer_created`, `customer_changed`, `customer_imported`.
    pub kind: String,
    /// Field, old, new.
    pub changes: Vec<FieldChange>,
}

/// The page of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerPage {
    /// The customer.
    pub customer: CustomerView,
    /// Which section is filled.
    pub section: CustomerSection,
    /// Its occurrences.
    pub occurrences: Option<Page<CustomerOccurrenceView>>,
    /// Their report for the filters of the page (C-REP-03).
    pub report: Option<ReportView>,
    /// Categories of the filters.
    pub categories: Vec<Choice>,
    /// Its tickets.
    pub tickets: Option<Page<CustomerTicket>>,
    /// Its changes.
    pub history: Option<Page<CustomerChange>>,
    /// Wrong filters; there are neither rows nor numbers then.
    pub wrong: FieldErrors,
    /// The server's clock of this answer.
    pub now: Moment,
}

/// A wrong row of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongRow {
    /// Line in the file, from 1 on.
    pub line: u32,
    /// Column; empty = the row as a whole.
    pub column: String,
    /// Why.
    pub code: Code,
    /// What the cell holds, as text.
    pub value: String,
}

/// What a file of customers would do (C-IMP-02).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// To be sent back to run it.
    pub id: String,
    /// Name of the file.
    pub file: String,
    /// The entity the customers go to.
    pub entity: Ref,
    /// Columns that would be ignored.
    pub unknown_columns: Vec<String>,
    /// Rows that become new customers.
    pub created: u32,
    /// Rows that change customers.
    pub updated: u32,
    /// Rows that say what is known already.
    pub unchanged: u32,
    /// Rows that are wrong.
    pub wrong: u32,
    /// The first 200 wrong cells.
    pub errors: Vec<WrongRow>,
    /// Wrong cells besides them.
    pub left_out: u32,
    /// Nobody has said yet that unknown columns may be ignored.
    pub must_ignore: bool,
}

/// What a file of customers did (C-IMP-03).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportResult {
    /// New customers.
    pub created: u32,
    /// Changed customers.
    pub updated: u32,
    /// Rows that were left out or changed nothing.
    pub skipped: u32,
}

/// The customer section of a ticket (C-OCC-10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketCustomerPage {
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: i32,
    /// Its customer, if the reader may see that one.
    pub customer: Option<CustomerView>,
    /// Occurrences of customers that name the ticket, at most 200.
    pub occurrences: Vec<CustomerOccurrenceView>,
    /// The reader may set the customer.
    pub may_set: bool,
    /// Customers found for the words that were typed.
    pub found: Vec<CustomerChoice>,
    /// The server's clock of this answer.
    pub now: Moment,
}

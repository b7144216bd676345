//! What happened to customers, and the report about it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActorView, Choice, CustomerChoice, DiffPart, DraftView, Page, Ref};
use crate::customer::{Impact, ImpactCounts};
use crate::error::FieldErrors;
use crate::format::Moment;
use crate::html::SafeHtml;

/// An image of an occurrence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerImageView {
    /// Document id.
    pub id: Uuid,
    /// Name of the file.
    pub name: String,
    /// What it shows; the name where nobody said it.
    pub alt: String,
    /// What somebody said it shows; may be empty.
    pub said: String,
    /// Bytes.
    pub size: i64,
    /// Type by its content.
    pub media_type: String,
}

/// That an occurrence was deleted: by whom and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRemoved {
    /// Who.
    pub by: ActorView,
    /// When.
    pub at: Moment,
}

/// A customer occurrence. A deleted one has neither text nor category, impact or image (C-OCC-09).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerOccurrenceView {
    /// Its id.
    pub id: Uuid,
    /// Its customer.
    pub customer: Ref,
    /// Text.
    pub body: String,
    /// The same with links.
    pub html: SafeHtml,
    /// Category.
    pub category: Option<Ref>,
    /// Impact.
    pub impact: Option<Impact>,
    /// When it happened.
    pub occurred_on: Option<NaiveDate>,
    /// Images.
    pub images: Vec<CustomerImageView>,
    /// Number of its ticket, if the reader may see that one (C-OCC-10).
    pub ticket: Option<i64>,
    /// Who registered it.
    pub author: ActorView,
    /// When.
    pub registered_at: Moment,
    /// Last change.
    pub edited_at: Option<Moment>,
    /// By whom.
    pub edited_by: Option<ActorView>,
    /// Former versions.
    pub revisions: i32,
    /// It was deleted.
    pub removed: Option<CustomerRemoved>,
    /// Grows with every change.
    pub version: i32,
    /// The reader may change, delete and restore it.
    pub may_edit: bool,
}

/// A version of an occurrence (C-OCC-07).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerOccurrenceRevision {
    /// Its number, from 1 on.
    pub revision: i32,
    /// When it was saved.
    pub at: Moment,
    /// By whom.
    pub by: ActorView,
    /// Text.
    pub body: String,
    /// What changed since the version before, word by word.
    pub diff: Vec<DiffPart>,
    /// Category.
    pub category: Option<Ref>,
    /// Impact.
    pub impact: Impact,
    /// When it happened.
    pub occurred_on: NaiveDate,
    /// Number of its ticket, if the reader may see that one.
    pub ticket: Option<i64>,
    /// Images.
    pub images: Vec<CustomerImageView>,
}

/// The pages that change, delete or compare one occurrence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerOccurrencePage {
    /// The occurrence.
    pub occurrence: CustomerOccurrenceView,
    /// The form that changes it; on the page of that only.
    pub form: Option<CustomerOccurrenceForm>,
    /// Versions, the newest first; on the page of that only.
    pub revisions: Vec<CustomerOccurrenceRevision>,
    /// The server's clock of this answer.
    pub now: Moment,
}

/// What the form of an occurrence needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerOccurrenceForm {
    /// The customer, where it is known.
    pub customer: Option<CustomerChoice>,
    /// It cannot be changed here.
    pub is_fixed: bool,
    /// Customers found for the words that were typed without scripts.
    pub found: Vec<CustomerChoice>,
    /// What was typed before and not saved.
    pub draft: Option<DraftView>,
    /// Object of the draft.
    pub object: String,
    /// A fresh idempotency key.
    pub key: String,
    /// Categories; empty = none exists yet (C-OCC-12).
    pub categories: Vec<Choice>,
    /// The writer may add categories.
    pub may_add_category: bool,
    /// Images it has, and those of the draft.
    pub images: Vec<CustomerImageView>,
    /// Today in the writer's zone.
    pub today: NaiveDate,
    /// Largest image in bytes.
    pub upload_max: i64,
}

/// What the report is asked for; the state of its page, kept in the address (C-REP-01).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportQuery {
    /// Impacts, comma separated.
    pub impact: String,
    /// Category ids.
    pub category: String,
    /// Customer ids.
    pub customer: String,
    /// First day; empty with `to` = the last 12 calendar months.
    pub from: String,
    /// Last day.
    pub to: String,
    /// User ids of the customer's responsible person, `me`, `none`.
    pub responsible: String,
    /// Segment ids, `none`.
    pub segment: String,
    /// Entity ids.
    pub entity: String,
    /// Only these entities, without what stands below them.
    pub entity_only: bool,
    /// Keyset cursor of the rows.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
    /// Count the rows up to 1 000.
    pub count: bool,
    /// Every occurrence, whenever it was: what lists of the API are asked for.
    pub whole: bool,
}

/// A number of occurrences about something; without a name those of all others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportShare {
    /// What it is about; `None` = all others together.
    pub of: Option<Ref>,
    /// How many.
    pub count: i64,
}

/// A step of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportBucket {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// How many.
    pub counts: ImpactCounts,
}

/// The numbers of the report (C-REP-02).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportView {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// By impact.
    pub by_impact: ImpactCounts,
    /// By category, the highest first.
    pub by_category: Vec<ReportShare>,
    /// By customer, the 20 highest first.
    pub by_customer: Vec<ReportShare>,
    /// By time.
    pub buckets: Vec<ReportBucket>,
}

/// The page of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPage {
    /// The numbers.
    pub report: ReportView,
    /// The rows.
    pub rows: Page<CustomerOccurrenceView>,
    /// Categories, also those that are no longer active.
    pub categories: Vec<Choice>,
    /// Segments.
    pub segments: Vec<Choice>,
    /// People who may be responsible.
    pub people: Vec<Choice>,
    /// Entities in which the reader sees customers.
    pub entities: Vec<Choice>,
    /// The customer of the filter.
    pub customer: Option<CustomerChoice>,
    /// Customers found for the words that were typed.
    pub found: Vec<CustomerChoice>,
    /// Wrong filters; there are no numbers then.
    pub wrong: FieldErrors,
}

/// A row of the export (C-REP-04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRow {
    /// When it happened.
    pub occurred_on: NaiveDate,
    /// Name of the customer.
    pub customer: String,
    /// Legal name.
    pub legal_name: String,
    /// Document number.
    pub document_id: String,
    /// Segment.
    pub segment: String,
    /// Category.
    pub category: String,
    /// Impact.
    pub impact: Impact,
    /// Text.
    pub body: String,
    /// Number of its ticket, if the reader may see that one.
    pub ticket: Option<i64>,
    /// Number of images.
    pub images: i64,
    /// Name of the author.
    pub author: String,
    /// When it was registered.
    pub registered_at: Moment,
    /// Name of the entity.
    pub entity: String,
}

/// The form of a ticket that is opened from an occurrence (C-OCC-11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketFromOccurrence {
    /// The occurrence.
    pub occurrence: CustomerOccurrenceView,
    /// Proposed title.
    pub title: String,
    /// A fresh idempotency key.
    pub key: String,
}

//! The occurrences of a demo ticket, with the former versions of edited and removed ones.

use domain::occurrence::BodyFormat;
use domain::policy;
use domain::ticket::Side;
use domain::views::FieldChange;
use entity::{occurrence, occurrence_revision};
use serde::Deserialize;
use uuid::Uuid;

use super::desk::{known, known_id};
use super::images;
use super::story::Happening;
use super::tickets::Frame;
use crate::ctx::new_id;
use crate::documents::OCCURRENCE;
use crate::error::ServiceError;
use crate::occurrences::rows;
use crate::sanitise;

/// An occurrence in `tickets.json`; times are minutes before the moment of loading.
#[derive(Debug, Deserialize)]
pub(super) struct EntryItem {
    author: String,
    ago_minutes: i64,
    happened_ago_minutes: Option<i64>,
    visibility: String,
    minutes: Option<i32>,
    category: Option<String>,
    source: Option<String>,
    /// Markup.
    pub(super) body: String,
    /// Index of the occurrence it answers.
    reply_to: Option<usize>,
    edited: Option<EditItem>,
    removed: Option<RemovedItem>,
}

#[derive(Debug, Deserialize)]
struct EditItem {
    ago_minutes: i64,
    body: String,
}

#[derive(Debug, Deserialize)]
struct RemovedItem {
    ago_minutes: i64,
    by: String,
    reason: String,
}

/// A picture that still has to be stored: id of its row, index of its occurrence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pinned {
    pub(super) document: Uuid,
    pub(super) entry: usize,
}

/// The entries of one ticket.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) rows: Vec<occurrence::Model>,
    pub(super) revisions: Vec<occurrence_revision::Model>,
    pub(super) pinned: Vec<Pinned>,
}

impl Entries {
    /// When somebody of the service side wrote first.
    pub(super) fn first_of_service(&self) -> Option<i64> {
        self.rows.iter().filter(|row| row.side == Side::Service.as_str()).map(|row| row.registered_at).min()
    }

    /// When the last one was registered.
    pub(super) fn last(&self) -> Option<i64> {
        self.rows.iter().map(|row| row.registered_at).max()
    }
}

/// Makes the entries of a ticket and notes what happened.
pub(super) fn build(
    frame: &Frame<'_>,
    items: &[EntryItem],
    story: &mut Vec<Happening>,
) -> Result<Entries, ServiceError> {
    let mut out = Entries::default();
    for (index, item) in items.iter().enumerate() {
        let mut row = row(frame, item, &out.rows)?;
        let mut source = item.body.clone();
        let mut files = Vec::new();
        if let Some(picture) = images::of(frame.number, index) {
            let document = new_id();
            files.push(document);
            out.pinned.push(Pinned { document, entry: index });
            if picture.in_text {
                source.push_str(&format!("<p><img src=\"/documents/{document}\" alt=\"{}\"></p>", picture.name));
            }
        }
        let body = sanitise::rich(&source, BodyFormat::Html);
        row.body = body.html.as_str().to_owned();
        row.body_text = body.text;
        story.push(happening(&row, row.registered_at, row.author_id, "occurrence_added"));
        if let Some(edit) = &item.edited {
            out.revisions.push(edited(frame, &mut row, edit, &files, story)?);
        }
        if let Some(removed) = &item.removed {
            out.revisions.push(gone(frame, &mut row, removed, &files, story)?);
        }
        out.rows.push(row);
    }
    Ok(out)
}

fn row(frame: &Frame<'_>, item: &EntryItem, earlier: &[occurrence::Model]) -> Result<occurrence::Model, ServiceError> {
    let desk = frame.desk;
    let author = known(&desk.people, &item.author)?;
    let side = policy::side_of(policy::capabilities(author.role), &frame.facts(author.id));
    let target = item.reply_to.and_then(|index| earlier.get(index));
    // What comes through the portal says so by itself.
    let source = item.source.as_deref().or((side == Side::Requester).then_some("Portal"));
    Ok(occurrence::Model {
        id: new_id(),
        ticket_id: frame.ticket_id,
        entity_id: frame.entity_id,
        author_id: Some(author.id),
        author_name: None,
        side: side.as_str().to_owned(),
        body: String::new(),
        body_text: String::new(),
        visibility: item.visibility.clone(),
        occurred_at: frame.ago(item.happened_ago_minutes.unwrap_or(item.ago_minutes)),
        registered_at: frame.ago(item.ago_minutes),
        minutes: item.minutes,
        category_id: known_id(&desk.occurrence_categories, item.category.as_deref())?,
        source_id: known_id(&desk.sources, source)?,
        reply_to_id: target.map(|target| target.id),
        root_id: target.map(|target| target.root_id.unwrap_or(target.id)),
        edited_at: None,
        edited_by_id: None,
        public_edited_at: None,
        revision_count: 0,
        removed_at: None,
        removed_by_id: None,
        removed_reason: None,
        template_id: None,
        template_name: None,
        version: 1,
    })
}

fn edited(
    frame: &Frame<'_>,
    row: &mut occurrence::Model,
    edit: &EditItem,
    files: &[Uuid],
    story: &mut Vec<Happening>,
) -> Result<occurrence_revision::Model, ServiceError> {
    let at = frame.ago(edit.ago_minutes);
    let revision = revision(row, "edited", at, row.author_id, files)?;
    let body = sanitise::rich(&edit.body, BodyFormat::Html);
    row.body = body.html.as_str().to_owned();
    row.body_text = body.text;
    row.edited_at = Some(at);
    row.edited_by_id = row.author_id;
    row.public_edited_at = (row.visibility == "public").then_some(at);
    let change = FieldChange { field: "body".to_owned(), old: String::new(), new: String::new() };
    story.push(Happening { changes: vec![change], ..happening(row, at, row.author_id, "occurrence_edited") });
    Ok(revision)
}

fn gone(
    frame: &Frame<'_>,
    row: &mut occurrence::Model,
    removed: &RemovedItem,
    files: &[Uuid],
    story: &mut Vec<Happening>,
) -> Result<occurrence_revision::Model, ServiceError> {
    let at = frame.ago(removed.ago_minutes);
    let by = Some(known(&frame.desk.people, &removed.by)?.id);
    let revision = revision(row, "removed", at, by, files)?;
    row.removed_at = Some(at);
    row.removed_by_id = by;
    row.removed_reason = Some(removed.reason.clone());
    let reason = Some(removed.reason.clone());
    story.push(Happening { reason, ..happening(row, at, by, "occurrence_deleted") });
    Ok(revision)
}

/// Keeps the present state of the row, which gets its next version (T-OCC-16).
fn revision(
    row: &mut occurrence::Model,
    what: &str,
    at: i64,
    by_id: Option<Uuid>,
    files: &[Uuid],
) -> Result<occurrence_revision::Model, ServiceError> {
    let kept =
        occurrence_revision::Model { id: new_id(), at, by_id, what: what.to_owned(), ..rows::as_revision(row, files)? };
    row.version += 1;
    row.revision_count += 1;
    Ok(kept)
}

fn happening(row: &occurrence::Model, at: i64, author: Option<Uuid>, kind: &'static str) -> Happening {
    let entry = Some((OCCURRENCE, row.id, row.visibility != "public", row.author_id));
    Happening { entry, ..Happening::new(at, author, kind) }
}

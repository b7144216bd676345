//! The description of a ticket: its text, its files, its former texts.

use domain::error::AppError;
use domain::occurrence::Visibility;
use domain::views::{FieldChange, RevisionView};
use entity::{description_revision, ticket};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::documents;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::sanitise::{self, Rich};
use crate::sql::{Sql, unique};
use crate::tickets::{self, Loaded, people, row_id, state};
use crate::work::Work;

/// Stores text and files of the description; answers what changed. The former text becomes a revision (section 4).
pub(super) async fn describe(
    w: &Work,
    ticket: &mut ticket::Model,
    body: Option<Rich>,
    attachments: Option<Vec<Uuid>>,
) -> Result<Vec<FieldChange>, ServiceError> {
    let mut changes = Vec::new();
    let files = match attachments {
        Some(wanted) => {
            let gone = documents::retain(w, ticket.id, &wanted).await?;
            let present: Vec<Uuid> =
                documents::of_entries(&w.tx, &[ticket.id]).await?.into_values().flatten().map(|d| d.id).collect();
            let new: Vec<Uuid> = wanted.iter().copied().filter(|id| !present.contains(id)).collect();
            documents::attach(w, ticket, "description", ticket.id, Visibility::Public, &new, "attachments").await?;
            if gone > 0 || !new.is_empty() {
                changes.push(changed("attachments"));
            }
            wanted
        }
        None => documents::of_entries(&w.tx, &[ticket.id]).await?.into_values().flatten().map(|d| d.id).collect(),
    };
    // A picture leaves the text with its file.
    let (html, text) = match body {
        Some(body) => (body.html, body.text),
        None => (sanitise::stored(ticket.description.clone()), ticket.description_text.clone()),
    };
    let html = sanitise::keep_images(&html, &files).as_str().to_owned();
    if html == ticket.description {
        return Ok(changes);
    }
    let by_id = editor(&w.tx, ticket).await?;
    let number = description_revision::Entity::find()
        .filter(description_revision::Column::TicketId.eq(ticket.id))
        .count(&w.tx)
        .await?;
    description_revision::ActiveModel {
        id: Set(row_id()),
        ticket_id: Set(ticket.id),
        number: Set(i32::try_from(number).unwrap_or(i32::MAX - 1) + 1),
        at: Set(ticket.description_edited_at.unwrap_or(ticket.created_at)),
        by_id: Set(by_id),
        body: Set(std::mem::replace(&mut ticket.description, html)),
        body_text: Set(std::mem::replace(&mut ticket.description_text, text)),
    }
    .insert(&w.tx)
    .await?;
    ticket.description_edited_at = Some(w.now());
    changes.push(changed("description"));
    Ok(changes)
}

/// Takes one file off the description of a locked ticket: a change of the ticket like any other (T-DOC-04).
///
/// # Errors
/// `NotFound` for what is no file of it; `Refused` by the state of the ticket.
pub(crate) async fn drop_file(w: &Work, loaded: &mut Loaded, file: Uuid) -> Result<(), ServiceError> {
    state::require_writable_plainly(loaded)?;
    let present = documents::of_entries(&w.tx, &[loaded.ticket.id]).await?;
    let present: Vec<Uuid> = present.into_values().flatten().map(|d| d.id).collect();
    if !present.contains(&file) {
        return Err(AppError::NotFound.into());
    }
    let files = present.into_iter().filter(|id| *id != file).collect();
    let changes = describe(w, &mut loaded.ticket, None, Some(files)).await?;
    super::finish(w, loaded, "field_changed", changes, None).await
}

/// Who wrote the present description: whoever changed it last, else the writer of the ticket.
async fn editor(connection: &impl ConnectionTrait, ticket: &ticket::Model) -> Result<Option<Uuid>, ServiceError> {
    let mut sql = Sql::new("SELECT e.author_id FROM ticket_event e WHERE e.kind = 'field_changed' AND e.ticket_id = ");
    sql.bind(ticket.id)
        .push_bind(" AND e.changes LIKE ", "%\"field\":\"description\"%")
        .push(" ORDER BY e.at DESC, e.id DESC LIMIT 1");
    let last: Option<Option<Uuid>> = sql.scalar(connection).await?;
    Ok(last.unwrap_or(ticket.writer_id))
}

/// The event names the field, never its text (T-HIS-05).
fn changed(field: &str) -> FieldChange {
    FieldChange { field: field.to_owned(), old: String::new(), new: String::new() }
}

/// Former descriptions, oldest first, with the present one at the end; agents only.
///
/// # Errors
/// `NotFound` for everybody else.
pub async fn description_revisions(ctx: &Ctx, number: i64) -> Result<Vec<RevisionView>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let ticket = &loaded.ticket;
    let present_by = editor(&snapshot, ticket).await?;
    let mut rows = description_revision::Entity::find()
        .filter(description_revision::Column::TicketId.eq(ticket.id))
        .order_by_asc(description_revision::Column::Number)
        .all(&snapshot)
        .await?;
    rows.push(description_revision::Model {
        id: ticket.id,
        ticket_id: ticket.id,
        number: i32::try_from(rows.len()).unwrap_or(i32::MAX - 1) + 1,
        at: ticket.description_edited_at.unwrap_or(ticket.created_at),
        by_id: present_by,
        body: ticket.description.clone(),
        body_text: ticket.description_text.clone(),
    });
    let names_ids = unique(rows.iter().filter_map(|r| r.by_id));
    let names = people::directory(&snapshot, &[], &names_ids).await?;
    let mut former = String::new();
    Ok(rows
        .into_iter()
        .map(|row| {
            let diff = sanitise::word_diff(&former, &row.body_text);
            former.clone_from(&row.body_text);
            RevisionView {
                revision: row.number,
                at: moment(row.at, ctx.actor.zone),
                by: people::author(&names, row.by_id, true),
                what: if row.number == 1 { "created" } else { "edited" }.to_owned(),
                body: sanitise::stored(row.body),
                body_text: row.body_text,
                visibility: Visibility::Public,
                occurred_at: moment(row.at, ctx.actor.zone),
                minutes: None,
                category: None,
                source: None,
                attachments: Vec::new(),
                diff,
                more: Vec::new(),
            }
        })
        .collect())
}

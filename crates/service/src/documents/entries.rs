//! Files of entries: attached, kept or taken off in the transaction of their entry.

use std::collections::{BTreeMap, BTreeSet};

use domain::error::{AppError, Code, FieldErrors};
use domain::occurrence::{ATTACHMENTS_MAX, TICKET_DOCUMENTS_MAX, Visibility};
use domain::views::Ref;
use entity::{document, ticket};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use uuid::Uuid;

use super::DOCUMENT;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;

/// Attaches uploads to an entry, in this order; files the entry has already only move. Answers all ids given.
///
/// Call `retain` first where files are to be taken off, so that the limits count what stays.
///
/// # Errors
/// `Invalid`: `unknown_reference` at `field[i]` for what is no own, unattached, unexpired upload, `duplicate` for one named
/// twice, `too_many` on `field` over 20 files of the entry or 500 of the ticket (T-DOC-01).
pub(crate) async fn attach(
    w: &Work,
    ticket: &ticket::Model,
    entry_kind: &str,
    entry_id: Uuid,
    visibility: Visibility,
    ids: &[Uuid],
    field: &str,
) -> Result<Vec<Uuid>, ServiceError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let too_many = || AppError::field(field, Code::TooMany);
    if ids.len() > ATTACHMENTS_MAX {
        return Err(too_many().into());
    }
    let present =
        Condition::all().add(document::Column::EntryId.eq(entry_id)).add(document::Column::RemovedAt.is_null());
    let rows: BTreeMap<Uuid, document::Model> = document::Entity::find()
        .filter(Condition::any().add(document::Column::Id.is_in(ids.iter().copied())).add(present))
        .all(&w.tx)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let belongs = |row: &document::Model| row.entry_id == Some(entry_id) && row.removed_at.is_none();
    let is_own_upload = |row: &document::Model| {
        row.ticket_id.is_none() && row.author_id == w.actor().id() && row.expires_at.is_some_and(|at| at > w.now())
    };

    let mut errors = FieldErrors::new();
    let mut seen = BTreeSet::new();
    for (index, id) in ids.iter().enumerate() {
        // A free document is one file, named by a field of its own.
        let name = if entry_kind == DOCUMENT { field.to_owned() } else { format!("{field}[{index}]") };
        if !seen.insert(*id) {
            errors.add(name, Code::Duplicate);
        } else if !rows.get(id).is_some_and(|row| belongs(row) || is_own_upload(row)) {
            errors.add(name, Code::UnknownReference);
        }
    }
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors).into());
    }
    let others = rows.values().filter(|row| belongs(row) && !seen.contains(&row.id)).count();
    if others + ids.len() > ATTACHMENTS_MAX {
        return Err(too_many().into());
    }
    let new = rows.values().filter(|row| !belongs(row)).count();
    if new > 0
        && of_ticket(&w.tx, ticket.id).await?.saturating_add(u64::try_from(new).unwrap_or(u64::MAX))
            > TICKET_DOCUMENTS_MAX
    {
        return Err(too_many().into());
    }

    for (position, id) in (others..).zip(ids) {
        let position = i32::try_from(position).unwrap_or(i32::MAX);
        let is_present = rows.get(id).is_some_and(belongs);
        let mut sql = Sql::new("UPDATE document SET position = ");
        sql.bind(position);
        if is_present {
            sql.push_bind(" WHERE id = ", *id);
        } else {
            sql.push_bind(", ticket_id = ", ticket.id)
                .push_bind(", entity_id = ", ticket.entity_id)
                .push_bind(", entry_kind = ", entry_kind)
                .push_bind(", entry_id = ", entry_id)
                .push_bind(", visibility = ", visibility.as_str())
                .push_bind(", registered_at = ", w.now())
                .push_bind(", expires_at = NULL WHERE ticket_id IS NULL AND id = ", *id);
        }
        if sql.run(&w.tx).await?.rows_affected() != 1 {
            // Another transaction attached it between the look and the update.
            return Err(AppError::field(field, Code::UnknownReference).into());
        }
    }
    Ok(ids.to_vec())
}

async fn of_ticket(connection: &impl ConnectionTrait, ticket: Uuid) -> Result<u64, ServiceError> {
    let present = document::Entity::find()
        .filter(document::Column::TicketId.eq(ticket))
        .filter(document::Column::RemovedAt.is_null());
    Ok(present.count(connection).await?)
}

/// Takes all files but `keep` off an entry; answers how many went.
pub(crate) async fn retain(w: &Work, entry_id: Uuid, keep: &[Uuid]) -> Result<u64, ServiceError> {
    let mut sql = Sql::new("UPDATE document SET version = version + 1, removed_at = ");
    sql.bind(w.now())
        .push_bind(", removed_by_id = ", w.actor().id())
        .push_bind(" WHERE removed_at IS NULL AND entry_id = ", entry_id);
    if !keep.is_empty() {
        sql.push(" AND id NOT IN ").list(keep.iter().copied());
    }
    Ok(sql.run(&w.tx).await?.rows_affected())
}

/// Files follow the visibility of their entry (T-DOC-03).
pub(crate) async fn set_visibility(w: &Work, entry_id: Uuid, visibility: Visibility) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE document SET version = version + 1, visibility = ");
    sql.bind(visibility.as_str()).push_bind(" WHERE entry_id = ", entry_id);
    sql.run(&w.tx).await?;
    Ok(())
}

/// A value of a conflict as it is told: ids of files with their names, every other one as it is.
pub(crate) async fn told(connection: &impl ConnectionTrait, field: &str, value: Value) -> Result<Value, ServiceError> {
    let ids: Vec<Uuid> = match value {
        Value::Array(_) if field == "attachments" => serde_json::from_value(value).unwrap_or_default(),
        value => return Ok(value),
    };
    let rows = document::Entity::find().filter(document::Column::Id.is_in(ids.iter().copied())).all(connection).await?;
    let name = |id: &Uuid| rows.iter().find(|row| row.id == *id).map(|row| row.name.clone()).unwrap_or_default();
    let named: Vec<Ref> = ids.iter().map(|id| Ref { id: *id, name: name(id) }).collect();
    Ok(serde_json::to_value(named)?)
}

/// Files of entries that are not taken off, by entry, in order; one query.
pub(crate) async fn of_entries(
    connection: &impl ConnectionTrait,
    entry_ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<document::Model>>, ServiceError> {
    let mut out: BTreeMap<Uuid, Vec<document::Model>> = BTreeMap::new();
    if entry_ids.is_empty() {
        return Ok(out);
    }
    let rows = document::Entity::find()
        .filter(document::Column::EntryId.is_in(entry_ids.iter().copied()))
        .filter(document::Column::RemovedAt.is_null())
        .order_by_asc(document::Column::Position)
        .order_by_asc(document::Column::Id)
        .all(connection)
        .await?;
    for row in rows {
        if let Some(entry) = row.entry_id {
            out.entry(entry).or_default().push(row);
        }
    }
    Ok(out)
}

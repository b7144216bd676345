//! The history of a ticket: events written by the system only, never changed (T-HIS).

use domain::error::{AppError, Code, FieldErrors};
use domain::occurrence::Visibility;
use domain::views::{EventView, FieldChange, HistoryRow, Page};
use entity::ticket_event;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::actor::Actor;
use crate::ctx::{Ctx, new_id};
use crate::cursor;
use crate::error::ServiceError;
use crate::moments::{self, moment};
use crate::people::{self, ActorDirectory};
use crate::sql::Sql;
use crate::tickets::{self, Loaded};
use crate::work::Work;

/// Kinds the requester side may read too (T-HIS, marked P) as far as this release writes them.
const PUBLIC_KINDS: &[&str] = &["created", "status_changed", "reopened", "cancelled", "closed", "merged_into"];

/// An event to write.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record<'a> {
    /// Kind of T-HIS.
    pub(crate) kind: &'a str,
    /// Old → new, as text.
    pub(crate) changes: Vec<FieldChange>,
    /// Kind, id, visibility and author of the entry it is about.
    pub(crate) entry: Option<(&'a str, Uuid, Visibility, Option<Uuid>)>,
    /// Reason or justification, for agents (T-STA-33).
    pub(crate) reason: Option<String>,
    /// Version the ticket has after the change, for merging (T-GEN-07).
    pub(crate) version: i32,
    /// Written by the system itself.
    pub(crate) automatic: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Data {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default)]
    version: i32,
}

/// Writes an event in the transaction of its change.
pub(crate) async fn record(w: &Work, ticket: Uuid, record: Record<'_>) -> Result<(), ServiceError> {
    let (kind, id, private, author) = match record.entry {
        Some((kind, id, visibility, author)) => (Some(kind.to_owned()), Some(id), visibility.is_private(), author),
        None => (None, None, false, None),
    };
    ticket_event::ActiveModel {
        id: Set(new_id()),
        ticket_id: Set(ticket),
        at: Set(w.now()),
        author_id: Set((!record.automatic).then(|| w.actor().id())),
        kind: Set(record.kind.to_owned()),
        public: Set(PUBLIC_KINDS.contains(&record.kind)),
        entry_kind: Set(kind),
        entry_id: Set(id),
        entry_private: Set(private),
        entry_author_id: Set(author),
        changes: Set(serde_json::to_string(&record.changes)?),
        data: Set(serde_json::to_string(&Data { reason: record.reason, version: record.version })?),
    }
    .insert(&w.tx)
    .await?;
    Ok(())
}

/// Events about an entry are as private as the entry from now on (T-HIS: seen only by those who see the object).
pub(crate) async fn follow_visibility(w: &Work, entry: Uuid, visibility: Visibility) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE ticket_event SET entry_private = ");
    sql.bind(visibility.is_private()).push_bind(" WHERE entry_id = ", entry);
    sql.run(&w.tx).await?;
    Ok(())
}

/// A change of a field with its text before and after; nothing when both are the same.
pub(crate) fn change(field: &str, old: impl Into<String>, new: impl Into<String>) -> Option<FieldChange> {
    let (old, new) = (old.into(), new.into());
    (old != new).then(|| FieldChange { field: field.to_owned(), old, new })
}

/// Fields that were changed after `version`, with who and when: what an older form must not overwrite (T-GEN-07).
pub(crate) async fn changed_since(
    connection: &impl ConnectionTrait,
    ticket: Uuid,
    version: i32,
) -> Result<Vec<(String, Option<Uuid>, i64)>, ServiceError> {
    let mut sql = Sql::new("SELECT * FROM ticket_event WHERE ticket_id = ");
    sql.bind(ticket).push(" ORDER BY at DESC, id DESC LIMIT 500");
    let rows: Vec<ticket_event::Model> = sql.all(connection).await?;
    let mut out = Vec::new();
    for row in rows {
        let data: Data = serde_json::from_str(&row.data).unwrap_or_default();
        if data.version > version {
            let changes: Vec<FieldChange> = serde_json::from_str(&row.changes).unwrap_or_default();
            out.extend(changes.into_iter().map(|c| (c.field, row.author_id, row.at)));
        }
    }
    Ok(out)
}

/// Condition on `ticket_event` under the alias `e`: events the actor may read.
pub(crate) fn visible(actor: &Actor, loaded: &Loaded, portal: bool) -> Sql {
    let mut sql = Sql::default();
    if portal || !loaded.is_agent() {
        sql.push(" AND e.public = TRUE AND e.entry_private = FALSE");
    } else if !loaded.caps.contains(domain::policy::Capability::OccurrenceViewPrivate) {
        sql.push_bind(" AND (e.entry_private = FALSE OR e.entry_author_id = ", actor.id()).push(")");
    }
    sql
}

/// A row as its reader sees it; reasons only for agents (T-STA-33).
pub(crate) fn view(row: &ticket_event::Model, directory: &ActorDirectory, actor: &Actor, agent: bool) -> EventView {
    let data: Data = serde_json::from_str(&row.data).unwrap_or_default();
    let changes: Vec<FieldChange> = serde_json::from_str(&row.changes).unwrap_or_default();
    EventView {
        id: row.id,
        at: moment(row.at, actor.zone),
        author: tickets::people::author(directory, row.author_id, agent),
        kind: row.kind.clone(),
        changes: changes.into_iter().filter(|c| agent || c.field == "status").collect(),
        entry: row.entry_kind.clone().zip(row.entry_id),
        reason: data.reason.filter(|_| agent),
    }
}

/// Filters of the history drawer (T-HIS-01).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HistoryQuery {
    /// Event kinds, comma separated.
    pub kinds: String,
    /// User id.
    pub person: String,
    /// First day or moment.
    pub from: String,
    /// Last day or moment.
    pub to: String,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
    /// The reader looks from My requests: public only, whoever he is.
    pub portal: bool,
}

/// The history of a ticket, newest first.
///
/// # Errors
/// `NotFound` when the ticket may not be seen; `Invalid` on a wrong filter.
pub async fn list(ctx: &Ctx, number: i64, query: HistoryQuery) -> Result<Page<HistoryRow>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    let agent = loaded.is_agent() && !query.portal;
    let limit = if query.limit == 0 { 50 } else { i64::from(query.limit.min(200)) };
    let binding = format!(
        "history:{number}:{}:{}:{}:{}:{}:{}",
        ctx.actor.id(),
        query.kinds,
        query.person,
        query.from,
        query.to,
        query.portal
    );
    let position: Option<(i64, Uuid)> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;

    let mut sql = Sql::new("SELECT e.* FROM ticket_event e WHERE e.ticket_id = ");
    sql.bind(loaded.ticket.id).append(&visible(&ctx.actor, &loaded, query.portal));
    append_filters(ctx, &query, &mut sql)?;
    if let Some((at, id)) = position {
        sql.push_bind(" AND (e.at, e.id) < (", at).push_bind(", ", id).push(")");
    }
    sql.push_bind(" ORDER BY e.at DESC, e.id DESC LIMIT ", limit + 1);
    let mut rows: Vec<ticket_event::Model> = sql.all(&snapshot).await?;
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let authors: Vec<Uuid> = rows.iter().filter_map(|row| row.author_id).collect();
    let directory = people::actor_views(&snapshot, &authors, &[]).await?;
    let next_cursor =
        rows.last().filter(|_| more).map(|row| cursor::seal(&ctx.services.secret, &binding, &(row.at, row.id)));
    let items = rows.iter().map(|row| HistoryRow { event: view(row, &directory, &ctx.actor, agent) }).collect();
    Ok(Page { items, next_cursor, count: None })
}

fn append_filters(ctx: &Ctx, query: &HistoryQuery, sql: &mut Sql) -> Result<(), ServiceError> {
    let mut errors = FieldErrors::new();
    if !query.kinds.is_empty() {
        sql.push(" AND e.kind IN ").list(query.kinds.split(',').map(|kind| kind.trim().to_owned()));
    }
    if !query.person.is_empty() {
        match query.person.parse::<Uuid>() {
            Ok(person) => {
                sql.push_bind(" AND e.author_id = ", person);
            }
            Err(_not_an_id) => errors.add("person", Code::Invalid),
        }
    }
    if let Some(from) = period("from", &query.from, ctx, &mut errors) {
        sql.push_bind(" AND e.at >= ", from.0);
    }
    if let Some(to) = period("to", &query.to, ctx, &mut errors) {
        sql.push_bind(" AND e.at < ", to.1);
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors).into()) }
}

fn period(field: &str, text: &str, ctx: &Ctx, errors: &mut FieldErrors) -> Option<(i64, i64)> {
    if text.is_empty() {
        return None;
    }
    errors.check(field, parse_period(text, ctx.actor.zone))
}

/// A day or a moment as its first second and the first second after it (A-LST-03: dates are inclusive, times exclusive at the end).
pub(crate) fn parse_period(text: &str, zone: chrono_tz::Tz) -> Result<(i64, i64), Code> {
    if let Ok(day) = text.parse::<chrono::NaiveDate>() {
        let next = day.succ_opt().ok_or(Code::Invalid)?;
        return Ok((moments::start_of(day, zone), moments::start_of(next, zone)));
    }
    moments::parse(text, zone).map(|at| (at, at))
}

/// Removes nothing: events leave only with their ticket (T-HIS-05). Counts them, for the integrity check.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn count(connection: &impl ConnectionTrait, ticket: Uuid) -> Result<u64, ServiceError> {
    use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter};
    Ok(ticket_event::Entity::find().filter(ticket_event::Column::TicketId.eq(ticket)).count(connection).await?)
}

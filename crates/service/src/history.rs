//! The history of a ticket: events written by the system only, never changed (T-HIS).

mod export;
mod list;
mod page;

use domain::error::Code;
use domain::occurrence::Visibility;
use domain::policy::Capability;
use domain::views::{EventView, FieldChange};
use entity::ticket_event;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::export::{Export, export};
pub use self::list::{HistoryQuery, list};
pub use self::page::page;
use crate::actor::Actor;
use crate::chat;
use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::messages;
use crate::moments::{self, moment};
use crate::people::ActorDirectory;
use crate::sql::Sql;
use crate::tickets::{self, Loaded};
use crate::work::Work;

/// Kinds the requester side may read too (T-HIS, marked P) as far as this release writes them.
const PUBLIC_KINDS: &[&str] = &[
    "created",
    "status_changed",
    "reminder_sent",
    "solution_added",
    "solution_approved",
    "solution_refused",
    "reopened",
    "cancelled",
    "closed",
    "follow_up_created",
    "merged_into",
];

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
        // The system, and people without account, have no id.
        author_id: Set(w.actor().account().filter(|_| !record.automatic)),
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
    } else {
        // Those who see the object read of it (T-VIS-03): tasks have capabilities of their own.
        let task = "COALESCE(e.entry_kind, '') = 'task'";
        for (is_task, private) in [(false, Capability::OccurrenceViewPrivate), (true, Capability::TaskViewPrivate)] {
            if !loaded.caps.contains(private) {
                sql.push(if is_task { " AND (NOT (" } else { " AND ((" }).push(task);
                sql.push_bind(") OR e.entry_private = FALSE OR e.entry_author_id = ", actor.id()).push(")");
            }
        }
        if !loaded.caps.contains(Capability::TaskViewPublic) {
            sql.push(" AND NOT (").push(task).push(" AND e.entry_private = FALSE)");
        }
    }
    if !portal && loaded.is_agent() && !messages::sees(loaded, false) {
        sql.push(" AND COALESCE(e.entry_kind, '') NOT IN ").list([messages::KIND, chat::KIND]);
    }
    sql
}

/// A row of a ticket of `entity` as its reader sees it; reasons only for agents (T-STA-33).
pub(crate) fn view(
    row: &ticket_event::Model,
    entity: Uuid,
    directory: &ActorDirectory,
    actor: &Actor,
    agent: bool,
) -> EventView {
    let data: Data = serde_json::from_str(&row.data).unwrap_or_default();
    let changes: Vec<FieldChange> = serde_json::from_str(&row.changes).unwrap_or_default();
    EventView {
        id: row.id,
        at: moment(row.at, actor.zone),
        author: tickets::people::author(directory, row.author_id, agent),
        kind: row.kind.clone(),
        changes: changes
            .into_iter()
            .filter(|c| if agent { may_tell(actor, entity, &c.field) } else { c.field == "status" })
            .collect(),
        entry: row.entry_kind.clone().zip(row.entry_id),
        reason: data.reason.filter(|_| agent),
        private: agent && row.entry_private,
    }
}

/// Customers are told of to those who see them where the ticket is (C-RGT).
fn may_tell(actor: &Actor, entity: Uuid, field: &str) -> bool {
    field != "customer" || actor.has(entity, Capability::CustomerView)
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

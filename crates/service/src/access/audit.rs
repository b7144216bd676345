//! Reading the audit log: who changed what in the administration (`admin.audit`).

use domain::error::FieldErrors;
use domain::policy::Capability;
use domain::views::{Count, Moment, Page, Ref};
use entity::audit;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{optional_id, require};
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::history::parse_period;
use crate::moments::moment;
use crate::people;
use crate::sql::Sql;

/// Rows of a page when the caller does not say.
const LIMIT: u32 = 50;
/// Most rows that are counted (A-LST-02).
const COUNT_MAX: i64 = 1_000;

/// Which rows, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditQuery {
    /// Account id of who did it.
    pub person: String,
    /// Kind of the row, such as `role_changed`.
    pub kind: String,
    /// First day, or time with offset.
    pub from: String,
    /// Last day, or time with offset.
    pub to: String,
    /// Count the rows up to 1 000.
    pub count: bool,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
}

/// A row of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    /// Row id.
    pub id: Uuid,
    /// When.
    pub at: Moment,
    /// Who; none = the system.
    pub person: Option<Ref>,
    /// In which entity.
    pub entity: Option<Ref>,
    /// What was done.
    pub kind: String,
    /// To which object: an id, a key, or a number.
    pub object: String,
    /// What else the row keeps; its form belongs to its kind.
    pub data: Value,
}

/// The rows about entities in which the caller holds `admin.audit`, newest first. What belongs to no entity, or to one that is
/// gone, is for those who hold it at the root.
///
/// # Errors
/// `Forbidden` for others; `Invalid` with every wrong filter.
pub async fn audit_rows(ctx: &Ctx, query: AuditQuery) -> Result<Page<AuditRow>, ServiceError> {
    let actor = &ctx.actor;
    let held = require(actor, Capability::AdminAudit)?;
    let mut errors = FieldErrors::new();
    let person = errors.check("person", optional_id(&query.person)).flatten();
    let mut period = |field: &str, text: &str| {
        if text.is_empty() { None } else { errors.check(field, parse_period(text, actor.zone)) }
    };
    let (from, to) = (period("from", &query.from), period("to", &query.to));
    errors.or(Some(()))?;
    let mut sql = Sql::new("SELECT l.* FROM audit l WHERE (l.entity_id IN ");
    sql.list(held.iter().copied());
    if held.iter().any(|id| actor.path_of(*id).len() == 1) {
        sql.push(" OR NOT EXISTS (SELECT 1 FROM entity e WHERE e.id = l.entity_id)");
    }
    sql.push(")");
    if let Some(person) = person {
        sql.push_bind(" AND l.user_id = ", person);
    }
    if !query.kind.is_empty() {
        sql.push_bind(" AND l.kind = ", query.kind.clone());
    }
    if let Some((from, _)) = from {
        sql.push_bind(" AND l.at >= ", from);
    }
    if let Some((_, to)) = to {
        sql.push_bind(" AND l.at < ", to);
    }
    let filters = [&query.person, &query.kind, &query.from, &query.to];
    let binding = format!("audit:{}:{}", actor.id(), serde_json::to_string(&filters)?);
    let after: Option<(i64, Uuid)> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let snapshot = ctx.db().snapshot().await?;
    let count = if query.count { Some(count(&snapshot, &sql).await?) } else { None };
    if let Some((at, id)) = after {
        sql.push_bind(" AND (l.at, l.id) < (", at).push_bind(", ", id).push(")");
    }
    let limit = if query.limit == 0 { LIMIT } else { query.limit.min(200) };
    sql.push_bind(" ORDER BY l.at DESC, l.id DESC LIMIT ", i64::from(limit) + 1);
    let mut rows: Vec<audit::Model> = sql.all(&snapshot).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = rows.len() > wanted;
    rows.truncate(wanted);
    let last = rows.last().filter(|_| is_more).map(|row| (row.at, row.id));
    let next_cursor = last.map(|position| cursor::seal(&ctx.services.secret, &binding, &position));
    let users: Vec<Uuid> = rows.iter().filter_map(|row| row.user_id).collect();
    let names = people::actor_views(&snapshot, &users, &[]).await?;
    let view = |row: audit::Model| AuditRow {
        id: row.id,
        at: moment(row.at, actor.zone),
        person: row.user_id.map(|id| Ref { id, name: names.user(id).name }),
        entity: row.entity_id.map(|id| Ref { id, name: actor.entity_name(id) }),
        kind: row.kind,
        object: row.object,
        data: serde_json::from_str(&row.data).unwrap_or_default(),
    };
    Ok(Page { items: rows.into_iter().map(view).collect(), next_cursor, count, now: ctx.moment() })
}

async fn count(connection: &impl sea_orm::ConnectionTrait, list: &Sql) -> Result<Count, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (");
    sql.append(list).push_bind(" LIMIT ", COUNT_MAX + 1).push(") n");
    let found: i64 = sql.scalar(connection).await?.unwrap_or(0);
    Ok(Count { value: u32::try_from(found.min(COUNT_MAX)).unwrap_or(0), exact: found <= COUNT_MAX })
}

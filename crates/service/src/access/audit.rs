//! Reading the audit log: who changed what in the administration (`admin.audit`).

mod export;
mod facts;
mod page;

use domain::error::{AppError, FieldErrors};
use domain::policy::Capability;
use domain::views::{Count, Moment, Page, Ref};
use entity::audit;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use self::export::{AuditExport, audit_export};
pub use self::page::audit_page;
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
    /// Account id of who did it; on the page also a part of a name or address.
    pub person: String,
    /// Kinds of rows, comma separated, such as `role_changed`; `_exported` stands for all that end so.
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
    let person = optional_id(&query.person).map_err(|code| AppError::field("person", code));
    let asked = Asked::read(ctx, &query)?;
    person?;
    let snapshot = ctx.db().snapshot().await?;
    let (rows, next_cursor) = asked.page(ctx, &snapshot, &query).await?;
    let count = if query.count { Some(asked.count(&snapshot).await?) } else { None };
    let users: Vec<Uuid> = rows.iter().filter_map(|row| row.user_id).collect();
    let names = people::actor_views(&snapshot, &users, &[]).await?;
    let actor = &ctx.actor;
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

/// A place in the order of the log.
type Position = (i64, Uuid);

/// Where reading begins.
#[derive(Clone, Copy, Debug)]
enum Start {
    /// At the newest row.
    Newest,
    /// At this row.
    At(Position),
    /// Behind this row.
    Behind(Position),
}

/// A question to the log, checked, within the rights of whoever asks.
#[derive(Clone, Debug)]
struct Asked {
    rows: Sql,
    binding: String,
}

impl Asked {
    fn read(ctx: &Ctx, query: &AuditQuery) -> Result<Self, ServiceError> {
        let actor = &ctx.actor;
        let held = require(actor, Capability::AdminAudit)?;
        let mut errors = FieldErrors::new();
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
        append_person(&mut sql, query.person.trim());
        append_kinds(&mut sql, &query.kind);
        if let Some((from, _)) = from {
            sql.push_bind(" AND l.at >= ", from);
        }
        if let Some((_, to)) = to {
            sql.push_bind(" AND l.at < ", to);
        }
        let filters = [&query.person, &query.kind, &query.from, &query.to];
        let binding = format!("audit:{}:{}", actor.id(), serde_json::to_string(&filters)?);
        Ok(Self { rows: sql, binding })
    }

    /// The rows of a page and the cursor of the next one.
    async fn page(
        &self,
        ctx: &Ctx,
        connection: &impl ConnectionTrait,
        query: &AuditQuery,
    ) -> Result<(Vec<audit::Model>, Option<String>), ServiceError> {
        let after: Option<Position> = cursor::open(&ctx.services.secret, &self.binding, &query.cursor)?;
        let limit = if query.limit == 0 { LIMIT } else { query.limit.min(200) };
        let start = after.map_or(Start::Newest, Start::Behind);
        let mut rows = self.slice(connection, start, i64::from(limit) + 1).await?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_more = rows.len() > wanted;
        rows.truncate(wanted);
        let last = rows.last().filter(|_| is_more).map(|row| (row.at, row.id));
        let next = last.map(|position| cursor::seal(&ctx.services.secret, &self.binding, &position));
        Ok((rows, next))
    }

    /// At most `limit` rows, newest first.
    async fn slice(
        &self,
        connection: &impl ConnectionTrait,
        start: Start,
        limit: i64,
    ) -> Result<Vec<audit::Model>, ServiceError> {
        let mut sql = self.rows.clone();
        let bound = match start {
            Start::Newest => None,
            Start::At(position) => Some((" AND (l.at, l.id) <= (", position)),
            Start::Behind(position) => Some((" AND (l.at, l.id) < (", position)),
        };
        if let Some((words, (at, id))) = bound {
            sql.push_bind(words, at).push_bind(", ", id).push(")");
        }
        sql.push_bind(" ORDER BY l.at DESC, l.id DESC LIMIT ", limit);
        Ok(sql.all(connection).await?)
    }

    /// How many rows fit, counted up to one more than `most`.
    async fn number(&self, connection: &impl ConnectionTrait, most: i64) -> Result<i64, ServiceError> {
        let mut sql = Sql::new("SELECT COUNT(*) FROM (");
        sql.append(&self.rows).push_bind(" LIMIT ", most + 1).push(") n");
        Ok(sql.scalar(connection).await?.unwrap_or(0))
    }

    async fn count(&self, connection: &impl ConnectionTrait) -> Result<Count, ServiceError> {
        let found = self.number(connection, COUNT_MAX).await?;
        Ok(Count { value: u32::try_from(found.min(COUNT_MAX)).unwrap_or(0), exact: found <= COUNT_MAX })
    }
}

/// Somebody by id, or everybody whose name or address holds the words.
fn append_person(sql: &mut Sql, person: &str) {
    if person.is_empty() {
        return;
    }
    match person.parse::<Uuid>() {
        Ok(id) => {
            sql.push_bind(" AND l.user_id = ", id);
        }
        Err(_words) => {
            sql.push(" AND l.user_id IN (SELECT u.id FROM app_user u WHERE ");
            sql.append(&people::named_like("u", person, &["email_key"])).push(")");
        }
    }
}

/// Kinds, or endings of kinds.
fn append_kinds(sql: &mut Sql, kinds: &str) {
    let words: Vec<&str> = kinds.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return;
    }
    let (endings, kinds): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|word| word.starts_with('_'));
    sql.push(" AND (l.kind IN ").list(kinds.into_iter().map(str::to_owned));
    for ending in endings {
        let plain = ending.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        sql.push_bind(" OR l.kind LIKE ", ["%", &plain].concat()).push(" ESCAPE '!'");
    }
    sql.push(")");
}

//! Tasks as a list with filters: those of one ticket, or of every ticket in sight (api.md section 6, A-LST).

use std::collections::BTreeMap;

use domain::error::{AppError, Code, FieldErrors};
use domain::settings::Key;
use domain::task::TaskState;
use domain::views::{Count, Page, TaskRow};
use entity::{task, ticket};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rows::{self, Home};
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::history::parse_period;
use crate::scope;
use crate::settings::Settings;
use crate::sql::{Sql, unique};
use crate::tickets;
use crate::tickets::list::COUNT_MAX;

/// Filters of the API's lists of tasks. Ids and words of one field are comma separated and joined by "or".
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskQuery {
    /// Tasks of this ticket; 0 = of every ticket in which the reader is an agent.
    pub number: i64,
    /// User ids, `me`, `none`.
    pub user: String,
    /// Group ids, `my_groups`, `none`.
    pub group: String,
    /// States.
    pub state: String,
    /// `private`, `public`.
    pub visibility: String,
    /// `true`, `false`; empty = both.
    pub overdue: String,
    /// Planned to begin on this day or later, or at this moment or later.
    pub planned_from: String,
    /// Planned to begin on this day or earlier, or before this moment.
    pub planned_to: String,
    /// Negated filters by their name: `state` → states that must not be.
    pub not: Vec<(String, String)>,
    /// `planned_begin`, `registered_at`, with `-` downwards; empty = by begin, of one ticket by registration.
    pub sort: String,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
    /// Count the rows up to 1 000.
    pub count: bool,
    /// The reader looks from My requests.
    pub portal: bool,
}

/// A place in a list.
pub(super) type Position = (i64, Uuid);

/// Tasks the reader may see.
///
/// # Errors
/// `NotFound` when the ticket may not be seen, and without a ticket for those who are agents nowhere; `Invalid` at a wrong filter.
pub async fn list(ctx: &Ctx, query: TaskQuery) -> Result<Page<TaskRow>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = match query.number {
        0 if !ctx.actor.is_agent() => return Err(AppError::NotFound.into()),
        0 => None,
        number => Some(tickets::load_visible(&snapshot, &ctx.actor, number).await?),
    };
    let portal = query.portal || loaded.as_ref().is_some_and(|loaded| !loaded.is_agent());
    let order = Order::read(&query)?;
    let unbound = TaskQuery { cursor: String::new(), limit: 0, count: false, ..query.clone() };
    let binding = format!("tasks:{}:{}", ctx.actor.id(), serde_json::to_string(&unbound)?);
    let position: Option<Position> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let filters = filters(ctx, &query, portal)?;
    let mut source = match &loaded {
        Some(loaded) => {
            let path = ctx.actor.path_of(loaded.ticket.entity_id);
            if portal && !Settings::load(&snapshot, &path).await?.is_on(Key::PortalShowOccurrences) {
                let count = query.count.then_some(Count { value: 0, exact: true });
                return Ok(Page { items: Vec::new(), next_cursor: None, count, now: ctx.moment() });
            }
            let mut sql = Sql::new(FROM);
            sql.push_bind("k.ticket_id = ", loaded.ticket.id).push(" AND ");
            sql.append(&if portal { scope::portal_tasks(&ctx.actor) } else { scope::tasks(&ctx.actor) });
            sql
        }
        None => served(ctx),
    };
    source.append(&filters);
    let count = if query.count { Some(count(&snapshot, &source, COUNT_MAX).await?) } else { None };
    let limit = if query.limit == 0 { 50 } else { i64::from(query.limit.min(200)) };
    let (items, next) = collect(ctx, &snapshot, &source, order, position, limit, portal).await?;
    let next_cursor = next.map(|position| cursor::seal(&ctx.services.secret, &binding, &position));
    let count =
        count.map(|found| Count { value: u32::try_from(found.min(COUNT_MAX)).unwrap_or(0), exact: found <= COUNT_MAX });
    Ok(Page { items, next_cursor, count, now: ctx.moment() })
}

/// What every list begins with; conditions follow.
const FROM: &str = " FROM task k JOIN ticket t ON t.id = k.ticket_id WHERE ";

/// Tasks that an agent sees, of tickets in which he is one; tombstones stay with their ticket.
pub(super) fn served(ctx: &Ctx) -> Sql {
    let mut sql = Sql::new(FROM);
    sql.push("k.removed_at IS NULL AND k.entity_id IN ").list(ctx.actor.agent_entities());
    sql.push(" AND ").append(&scope::tickets(&ctx.actor)).push(" AND ").append(&scope::tasks(&ctx.actor));
    sql
}

/// Something is left to do, and nothing hinders it: not done, its ticket neither closed nor cancelled.
pub(super) const TO_DO: &str =
    " AND k.state IN ('todo','in_progress','on_hold') AND t.status NOT IN ('closed','cancelled')";

/// Past its end, or past its begin and not even begun (T-TSK-08).
pub(super) fn overdue(now: i64) -> Sql {
    let mut sql =
        Sql::new("(k.state IN ('todo','in_progress','on_hold') AND k.planned_begin IS NOT NULL AND (k.planned_end <= ");
    sql.bind(now).push_bind(" OR (k.state = 'todo' AND k.planned_begin <= ", now).push(")))");
    sql
}

/// The same of a row.
fn is_overdue(row: &task::Model, now: i64) -> bool {
    let state = rows::state_of(row);
    let is_begun_late = state == TaskState::Todo && row.planned_begin.is_some_and(|begin| begin <= now);
    row.removed_at.is_none() && state.reminds() && (is_begun_late || row.planned_end.is_some_and(|end| end <= now))
}

/// How many rows there are; one more than `most` stands for more.
pub(super) async fn count(connection: &impl ConnectionTrait, source: &Sql, most: i64) -> Result<i64, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 AS one");
    sql.append(source).push_bind(" LIMIT ", most + 1).push(") n");
    Ok(sql.scalar(connection).await?.unwrap_or(0))
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    by_begin: bool,
    descending: bool,
}

impl Order {
    /// By begin, then age; what is not planned stands last.
    pub(super) const BEGIN: Self = Self { by_begin: true, descending: false };

    fn read(query: &TaskQuery) -> Result<Self, AppError> {
        let bare = query.sort.trim_start_matches('-');
        let by_begin = match bare {
            "" => query.number == 0,
            "planned_begin" => true,
            "registered_at" => false,
            _ => return Err(AppError::field("sort", Code::Invalid)),
        };
        Ok(Self { by_begin, descending: query.sort.starts_with('-') })
    }

    const fn column(self) -> &'static str {
        if self.by_begin { "COALESCE(k.planned_begin, 9223372036854775807)" } else { "k.registered_at" }
    }

    fn position(self, row: &task::Model) -> Position {
        (if self.by_begin { row.planned_begin.unwrap_or(i64::MAX) } else { row.registered_at }, row.id)
    }
}

/// A page of a list, and where the next one begins.
pub(super) async fn collect(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    source: &Sql,
    order: Order,
    position: Option<Position>,
    limit: i64,
    portal: bool,
) -> Result<(Vec<TaskRow>, Option<Position>), ServiceError> {
    let (sign, direction) = if order.descending { ("<", "DESC") } else { (">", "ASC") };
    let column = order.column();
    let mut sql = Sql::new("SELECT k.*");
    sql.append(source);
    if let Some((at, id)) = position {
        sql.push(&format!(" AND ({column}, k.id) {sign} (")).bind(at).push_bind(", ", id).push(")");
    }
    sql.push(&format!(" ORDER BY {column} {direction}, k.id {direction}")).push_bind(" LIMIT ", limit + 1);
    let mut found: Vec<task::Model> = sql.all(connection).await?;
    let keep = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > keep;
    found.truncate(keep);
    let next = found.last().filter(|_| is_more).map(|row| order.position(row));
    Ok((task_rows(ctx, connection, &found, portal).await?, next))
}

/// Tasks with the titles of their tickets, which the reader sees.
pub(super) async fn task_rows(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    found: &[task::Model],
    portal: bool,
) -> Result<Vec<TaskRow>, ServiceError> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids = unique(found.iter().map(|row| row.ticket_id));
    let of_tickets = ticket::Entity::find().filter(ticket::Column::Id.is_in(ids)).all(connection).await?;
    let homes: BTreeMap<Uuid, Home> =
        of_tickets.iter().map(|ticket| (ticket.id, Home::of(&ctx.actor, ticket, portal))).collect();
    let titles: BTreeMap<i64, &str> = of_tickets.iter().map(|ticket| (ticket.number, ticket.title.as_str())).collect();
    let views = rows::of_homes(ctx, connection, &homes, found).await?;
    let now = ctx.now();
    let late: BTreeMap<Uuid, bool> = found.iter().map(|row| (row.id, is_overdue(row, now))).collect();
    let row = |task: domain::views::TaskView| TaskRow {
        title: titles.get(&task.entry.ticket).map(|title| (*title).to_owned()).unwrap_or_default(),
        overdue: late.get(&task.entry.id).copied().unwrap_or(false),
        task,
    };
    Ok(views.into_iter().map(row).collect())
}

fn filters(ctx: &Ctx, query: &TaskQuery, portal: bool) -> Result<Sql, ServiceError> {
    let mut errors = FieldErrors::new();
    let mut sql = Sql::default();
    // The requester side knows neither ids nor groups nor visibilities: conditions on them are false for it (A-LST-04).
    let is_hidden =
        |name: &str, value: &str| !value.is_empty() && name != "state" && !(name == "user" && value == "me");
    let is_unknown = is_hidden("user", &query.user)
        || is_hidden("group", &query.group)
        || is_hidden("visibility", &query.visibility)
        || query.not.iter().any(|(name, value)| is_hidden(name, value));
    if portal && is_unknown {
        sql.push(" AND 1 = 0");
    }
    // What a removed task was is told by no filter and by no place in an order either: only the whole list shows its tombstone.
    if portal && asks_for_facts(query) {
        sql.push(" AND k.removed_at IS NULL");
    }
    let given =
        [("user", &query.user), ("group", &query.group), ("state", &query.state), ("visibility", &query.visibility)];
    for (name, value) in given {
        if let Some(condition) = errors.check(name, one(ctx, name, value)).flatten() {
            sql.push(" AND ").append(&condition);
        }
    }
    for (name, value) in &query.not {
        if let Some(condition) = errors.check(&format!("not.{name}"), one(ctx, name, value)).flatten() {
            sql.push(" AND NOT ").append(&condition);
        }
    }
    if let Some(from) = period(ctx, "planned_from", &query.planned_from, &mut errors) {
        sql.push_bind(" AND k.planned_begin >= ", from.0);
    }
    if let Some(to) = period(ctx, "planned_to", &query.planned_to, &mut errors) {
        sql.push_bind(" AND k.planned_begin < ", to.1);
    }
    match query.overdue.as_str() {
        "" => {}
        word => {
            sql.push(if word == "true" { " AND " } else { " AND NOT " }).append(&overdue(ctx.now()));
        }
    }
    if errors.is_empty() { Ok(sql) } else { Err(AppError::Invalid(errors).into()) }
}

/// Whether a list depends on what its tasks hold.
fn asks_for_facts(query: &TaskQuery) -> bool {
    let filters = [&query.user, &query.state, &query.overdue, &query.planned_from, &query.planned_to];
    filters.into_iter().any(|value| !value.is_empty())
        || query.not.iter().any(|(_, value)| !value.is_empty())
        || query.sort.trim_start_matches('-') == "planned_begin"
}

/// A condition on one field, never NULL, so that it can be negated.
fn one(ctx: &Ctx, name: &str, value: &str) -> Result<Option<Sql>, Code> {
    let words: Vec<&str> = value.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Ok(None);
    }
    let mut sql = Sql::new("(");
    match name {
        "state" => {
            for word in &words {
                word.parse::<TaskState>()?;
            }
            sql.push("k.state IN ").list(words.iter().map(|word| (*word).to_owned()));
        }
        "visibility" => {
            for word in &words {
                word.parse::<domain::occurrence::Visibility>()?;
            }
            sql.push("k.visibility IN ").list(words.iter().map(|word| (*word).to_owned()));
        }
        "user" | "group" => {
            let column = if name == "user" { "k.user_id" } else { "k.group_id" };
            let mut ids: Vec<Uuid> = Vec::new();
            for word in &words {
                match (*word, name) {
                    ("none", _) => {}
                    ("me", "user") => ids.push(ctx.actor.id()),
                    ("my_groups", "group") => ids.extend(ctx.actor.groups.iter().copied()),
                    (id, _) => ids.push(id.parse().map_err(|_not_an_id| Code::Invalid)?),
                }
            }
            sql.among(column, ids);
            if words.contains(&"none") {
                sql.push(" OR ").push(column).push(" IS NULL");
            }
        }
        _ => return Err(Code::UnknownField),
    }
    sql.push(")");
    Ok(Some(sql))
}

fn period(ctx: &Ctx, field: &str, text: &str, errors: &mut FieldErrors) -> Option<(i64, i64)> {
    if text.is_empty() {
        return None;
    }
    errors.check(field, parse_period(text, ctx.actor.zone))
}

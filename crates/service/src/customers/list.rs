//! The list of customers (C-CUS-02): keyset pages, three orders, or by words.

use std::collections::BTreeMap;

use domain::customer::CustomerStatus;
use domain::error::{AppError, Code, FieldErrors};
use domain::policy::Capability;
use domain::views::{Choice, Count, CustomerList, CustomerQuery, CustomerRow, Page};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::search::{Place, Wanted};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::people::{self, has_role_in};
use crate::sql::{Sql, unique};
use crate::tickets::list::COUNT_MAX;
use crate::{lists, scope};

/// Rows of a page when the caller does not say.
const LIMIT: u32 = 50;
/// Most rows of a page (A-LST-01).
const LIMIT_MAX: u32 = 200;
/// Most people a filter offers.
const PEOPLE_MAX: i64 = 200;

/// An order of the list: column, direction.
#[derive(Clone, Copy, Debug)]
struct Order {
    column: &'static str,
    is_descending: bool,
}

impl Order {
    fn read(text: &str) -> Result<Self, Code> {
        let (is_descending, name) = text.strip_prefix('-').map_or((false, text), |name| (true, name));
        let column = match name {
            "" | "name" => "name_key",
            "last_occurrence" => "last_occurred_on",
            "updated_at" => "updated_at",
            _ => return Err(Code::Invalid),
        };
        Ok(Self { column, is_descending })
    }
}

#[derive(Debug, FromQueryResult)]
struct Found {
    id: Uuid,
    name_key: String,
    last_occurred_on: i32,
    updated_at: i64,
}

impl Found {
    /// What the row is sorted by, as text of a cursor.
    fn key(&self, order: Order) -> String {
        match order.column {
            "last_occurred_on" => self.last_occurred_on.to_string(),
            "updated_at" => self.updated_at.to_string(),
            _ => self.name_key.clone(),
        }
    }
}

/// Condition on `c` of all filters, with the scope of the reader.
fn condition(actor: &Actor, query: &CustomerQuery, errors: &mut FieldErrors) -> Sql {
    let mut sql = scope::customers(actor, Capability::CustomerView, "c");
    for (field, text, column) in
        [("segment", &query.segment, "c.segment_id"), ("responsible", &query.responsible, "c.responsible_id")]
    {
        if text.trim().is_empty() {
            continue;
        }
        match references(actor, text, column, field == "responsible") {
            Ok(part) => {
                sql.push(" AND ").append(&part);
            }
            Err(code) => errors.add(field, code),
        }
    }
    match statuses(&query.status) {
        Ok(wanted) if wanted.len() == CustomerStatus::ALL.len() => {}
        Ok(wanted) => {
            sql.push(" AND c.status IN ").list(wanted.into_iter().map(|status| status.as_str().to_owned()));
        }
        Err(code) => errors.add("status", code),
    }
    if !query.entity.trim().is_empty() {
        match entities(actor, &query.entity, true) {
            Ok(wanted) => {
                sql.push(" AND c.entity_id IN ").list(wanted);
            }
            Err(code) => errors.add("entity", code),
        }
    }
    sql
}

/// Ids, `none`, and `me` where it stands for the reader; joined by "or".
pub(crate) fn references(actor: &Actor, text: &str, column: &str, me: bool) -> Result<Sql, Code> {
    let (mut ids, mut none) = (Vec::new(), false);
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part {
            "none" => none = true,
            "me" if me => ids.push(actor.id()),
            id => ids.push(id.parse::<Uuid>().map_err(|_no_id| Code::Invalid)?),
        }
    }
    let mut sql = Sql::new("(");
    sql.push(column).push(" IN ").list(ids);
    if none {
        sql.push(" OR ").push(column).push(" IS NULL");
    }
    sql.push(")");
    Ok(sql)
}

/// Ids of entities, with all below them if `below`.
pub(crate) fn entities(actor: &Actor, text: &str, below: bool) -> Result<Vec<Uuid>, Code> {
    let mut out = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let id: Uuid = part.parse().map_err(|_no_id| Code::Invalid)?;
        if below { out.extend(actor.below(id)) } else { out.push(id) }
    }
    Ok(unique(out))
}

fn statuses(text: &str) -> Result<Vec<CustomerStatus>, Code> {
    let mut out = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part {
            "all" => out.extend(CustomerStatus::ALL),
            word => out.push(word.parse()?),
        }
    }
    if out.is_empty() {
        // By default all but inactive.
        out.extend([CustomerStatus::Active, CustomerStatus::Blocked, CustomerStatus::Leaving]);
    }
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

/// A page of the list.
///
/// # Errors
/// `NotFound` for those who see no customer at all; `Invalid` with every wrong filter.
pub async fn list(ctx: &Ctx, query: &CustomerQuery) -> Result<Page<CustomerRow>, ServiceError> {
    let actor = &ctx.actor;
    if actor.entities_with(Capability::CustomerView).is_empty() {
        return Err(AppError::NotFound.into());
    }
    let mut errors = FieldErrors::new();
    let mut condition = condition(actor, query, &mut errors);
    let wanted = errors.check("q", Wanted::read(&query.q)).flatten();
    let order = errors.check("sort", Order::read(&query.sort));
    let limit = match query.limit {
        0 => LIMIT,
        limit if limit <= LIMIT_MAX => limit,
        _ => {
            errors.add("limit", Code::Invalid);
            LIMIT
        }
    };
    let order = errors.or(order)?;
    if wanted.is_none() && !query.q.trim().is_empty() {
        // Words that hold nothing to look for find nothing.
        condition.push(" AND 1 = 0");
    }
    let limit = i64::from(limit);
    let binding = format!("customers:{}:{}", actor.id(), binding(query)?);
    let secret = &ctx.services.secret;
    let snapshot = ctx.db().snapshot().await?;
    let engine = ctx.db().engine();
    let wanted = match wanted {
        Some(wanted) => Some((wanted.hits(&snapshot, engine).await?, wanted)),
        None => None,
    };
    let count = if query.count {
        Some(match &wanted {
            Some((hits, wanted)) => counted(wanted.count(&snapshot, engine, hits, &condition, COUNT_MAX).await?),
            None => count(&snapshot, &condition).await?,
        })
    } else {
        None
    };
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let (ids, next_cursor) = if let Some((hits, wanted)) = &wanted {
        let after: Option<Place> = cursor::open(secret, &binding, &query.cursor)?;
        let mut found = wanted.page(&snapshot, engine, hits, &condition, after.as_ref(), limit + 1).await?;
        let is_more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| is_more).map(|(place, _)| cursor::seal(secret, &binding, place));
        (found.into_iter().map(|(_, id)| id).collect::<Vec<_>>(), next)
    } else {
        let after: Option<(String, Uuid)> = cursor::open(secret, &binding, &query.cursor)?;
        let mut found = walk(&snapshot, &condition, order, after, limit + 1).await?;
        let is_more = found.len() > most;
        found.truncate(most);
        let last = found.last().filter(|_| is_more).map(|row| (row.key(order), row.id));
        let next = last.map(|position| cursor::seal(secret, &binding, &position));
        (found.into_iter().map(|row| row.id).collect(), next)
    };
    let rows = super::by_ids(&snapshot, &ids).await?;
    let open = open_tickets(&snapshot, actor, &ids).await?;
    let views = super::views(&snapshot, actor, rows).await?;
    let items = views
        .into_iter()
        .map(|customer| CustomerRow { open_tickets: open.get(&customer.id).copied().unwrap_or(0), customer })
        .collect();
    Ok(Page { items, next_cursor, count, now: ctx.moment() })
}

/// What a cursor is bound to besides list and reader.
fn binding(query: &CustomerQuery) -> Result<String, ServiceError> {
    let filters = [&query.q, &query.segment, &query.responsible, &query.status, &query.entity, &query.sort];
    Ok(serde_json::to_string(&filters)?)
}

async fn walk(
    connection: &impl ConnectionTrait,
    condition: &Sql,
    order: Order,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<Found>, ServiceError> {
    let Order { column, is_descending } = order;
    let mut sql = Sql::new("SELECT c.id, c.name_key, c.last_occurred_on, c.updated_at FROM customer c WHERE ");
    sql.append(condition);
    if let Some((key, id)) = after {
        sql.push(" AND (c.").push(column).push(if is_descending { ", c.id) < (" } else { ", c.id) > (" });
        if column == "name_key" {
            sql.bind(key);
        } else {
            // The cursor is our own, so it holds a number.
            sql.bind(key.parse::<i64>().unwrap_or_default());
        }
        sql.push_bind(", ", id).push(")");
    }
    let direction = if is_descending { " DESC" } else { "" };
    sql.push(" ORDER BY c.").push(column).push(direction).push(", c.id").push(direction).push_bind(" LIMIT ", limit);
    Ok(sql.all(connection).await?)
}

async fn count(connection: &impl ConnectionTrait, condition: &Sql) -> Result<Count, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM customer c WHERE ");
    sql.append(condition).push_bind(" LIMIT ", COUNT_MAX + 1).push(") n");
    Ok(counted(sql.scalar(connection).await?.unwrap_or(0)))
}

pub(super) fn counted(found: i64) -> Count {
    Count { value: u32::try_from(found.min(COUNT_MAX)).unwrap_or(0), exact: found <= COUNT_MAX }
}

/// Open tickets of some customers that the reader may see where he sees customers.
async fn open_tickets(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    customers: &[Uuid],
) -> Result<BTreeMap<Uuid, u32>, ServiceError> {
    let mut out = BTreeMap::new();
    if customers.is_empty() {
        return Ok(out);
    }
    let mut sql = Sql::new("SELECT t.customer_id, COUNT(*) AS n FROM ticket t WHERE t.customer_id IN ");
    sql.list(customers.iter().copied()).push(" AND t.status IN ('new','assigned','planned','pending') AND ");
    sql.append(&scope::customer_tickets(actor)).push(" GROUP BY t.customer_id");
    for row in sql.rows(connection).await? {
        let n: i64 = row.try_get("", "n")?;
        out.insert(row.try_get("", "customer_id")?, u32::try_from(n.min(COUNT_MAX)).unwrap_or(0));
    }
    Ok(out)
}

/// The list with what its filters offer; wrong filters are told beside it.
///
/// # Errors
/// `NotFound` for those who see no customer at all.
pub async fn list_page(ctx: &Ctx, query: &CustomerQuery) -> Result<CustomerList, ServiceError> {
    let (page, wrong) = match list(ctx, query).await {
        Ok(page) => (page, FieldErrors::new()),
        Err(error) => match error.public {
            AppError::Invalid(wrong) => {
                (Page { items: Vec::new(), next_cursor: None, count: None, now: ctx.moment() }, wrong)
            }
            _ => return Err(error),
        },
    };
    let actor = &ctx.actor;
    let held = actor.entities_with(Capability::CustomerView);
    let snapshot = ctx.db().snapshot().await?;
    let rows = lists::rows_of_entities(&snapshot, lists::CUSTOMER_SEGMENTS, &held).await?;
    Ok(CustomerList {
        page,
        segments: lists::choices(&rows, actor.lang),
        people: responsible_choices(&snapshot, actor, &held).await?,
        entities: people::entity_choices(actor, &held),
        wrong,
    })
}

/// People who may be responsible for customers of some entities, the first 200 by name.
pub(crate) async fn responsible_choices(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entities: &[Uuid],
) -> Result<Vec<Choice>, ServiceError> {
    let mut sql = Sql::new("SELECT u.id, u.name FROM app_user u WHERE u.active = TRUE AND ");
    sql.append(&has_role_in(actor, entities, Some(Capability::CustomerView)));
    sql.push_bind(" ORDER BY u.name, u.id LIMIT ", PEOPLE_MAX);
    let mut out = Vec::new();
    for row in sql.rows(connection).await? {
        let id: Uuid = row.try_get("", "id")?;
        out.push(Choice { value: id.to_string(), name: row.try_get("", "name")?, depth: 0 });
    }
    Ok(out)
}

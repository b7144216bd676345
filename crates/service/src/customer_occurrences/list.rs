//! Rows of occurrences: of a customer, of a ticket, of the report (C-OCC-13). The newest first, by walking indexes.

use chrono::{Datelike, NaiveDate};
use domain::customer::period::Period;
use domain::customer::{Impact, day_number, read_day};
use domain::error::{AppError, Code, FieldErrors};
use domain::policy::Capability;
use domain::views::{Count, CustomerOccurrenceView, Page, ReportQuery};
use entity::customer_occurrence;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::fields::today;
use super::tally::{self, Meant};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::cursor;
use crate::customers;
use crate::error::ServiceError;
use crate::scope;
use crate::sql::{Sql, unique};
use crate::tickets::list::COUNT_MAX;

/// Rows of a page when the caller does not say.
const LIMIT: u32 = 50;
/// Most rows of a page.
const LIMIT_MAX: u32 = 500;
/// Up to so many customers are looked for in the lists of the report where a segment or a person means them.
const FEW: usize = 10_000;
/// Up to so many entities are walked one by one and joined.
const ENTITIES_MAX: usize = 60;
/// The order, newest first.
const ORDER: &str = " ORDER BY o.occurred_on DESC, o.registered_at DESC, o.id DESC";

/// Where a row stands in the order.
type Place = (i32, i64, Uuid);

/// What the filters of a report or a list mean, all of them right.
#[derive(Clone, Debug)]
pub(super) struct Filters {
    /// `None` = whenever it was.
    pub(super) period: Option<Period>,
    pub(super) impacts: Vec<Impact>,
    pub(super) categories: Vec<Uuid>,
    customers: Vec<Uuid>,
    /// Conditions on a customer `c` by segment and responsible person.
    people: Vec<Sql>,
    /// Entities asked for; `None` = all.
    entities: Option<Vec<Uuid>>,
}

impl Filters {
    /// Reads them.
    ///
    /// # Errors
    /// `Invalid` with every wrong one.
    pub(super) fn read(actor: &Actor, query: &ReportQuery, now: i64) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        let impacts = errors.check("impact", words(&query.impact));
        let categories = errors.check("category", ids(&query.category));
        let customers = errors.check("customer", ids(&query.customer));
        let mut people = Vec::new();
        for (field, text, column) in
            [("segment", &query.segment, "c.segment_id"), ("responsible", &query.responsible, "c.responsible_id")]
        {
            if text.trim().is_empty() {
                continue;
            }
            match customers::references(actor, text, column, field == "responsible") {
                Ok(part) => people.push(part),
                Err(code) => errors.add(field, code),
            }
        }
        let entities = if query.entity.trim().is_empty() {
            None
        } else {
            errors.check("entity", customers::entities(actor, &query.entity, !query.entity_only))
        };
        let mut day = |field: &str, text: &str| {
            if text.trim().is_empty() { None } else { errors.check(field, read_day(text.trim())) }
        };
        let (from, to) = (day("from", &query.from), day("to", &query.to));
        let period = period(from, to, query.whole, today(actor, now));
        if period.is_some_and(|period| period.from > period.to) {
            errors.add("to", Code::Invalid);
        }
        let whole = impacts.zip(categories).zip(customers).map(|((impacts, categories), customers)| Self {
            period,
            impacts,
            categories,
            customers,
            people,
            entities,
        });
        errors.or(whole)
    }

    /// Leads to the next rows, at most `limit` of those not behind the day `upto`, where segment and responsible person mean few
    /// customers: the lists of the report tell which of them have something on which days, and an index of single customers leads
    /// there. Many customers are tested row by row instead, on an index that has the order of the list.
    async fn sought(
        mut self,
        connection: &impl ConnectionTrait,
        actor: &Actor,
        upto: Option<i32>,
        limit: i64,
    ) -> Result<Self, ServiceError> {
        if !self.customers.is_empty() {
            return Ok(self);
        }
        let Some(meant) = Meant::of(connection, &self).await?.filter(|meant| meant.number() <= FEW) else {
            return Ok(self);
        };
        match tally::newest(connection, actor, &self, &meant, upto, limit).await? {
            Some(found) => {
                self.period = Some(found.period);
                self.customers = found.customers;
            }
            None => self.customers.push(Uuid::nil()),
        }
        Ok(self)
    }

    /// Whether the numbers of the report answer them without looking at single occurrences.
    pub(super) fn are_tallied(&self) -> bool {
        self.customers.is_empty()
    }

    /// Conditions on a customer `c` by segment and responsible person.
    pub(super) fn people(&self) -> &[Sql] {
        &self.people
    }

    /// Conditions on day, impact, category and entity of `alias`; each begins with " AND ".
    fn plain(&self, alias: &str) -> Sql {
        let mut sql = Sql::default();
        if let Some(period) = &self.period {
            sql.push(" AND ").push(alias).push_bind(".occurred_on >= ", day_number(period.from));
            sql.push(" AND ").push(alias).push_bind(".occurred_on <= ", day_number(period.to));
        }
        sql.append(&self.marks(alias));
        sql
    }

    /// The same without the day.
    pub(super) fn marks(&self, alias: &str) -> Sql {
        let mut sql = Sql::default();
        if !self.impacts.is_empty() {
            sql.push(" AND ").push(alias).push(".impact IN ");
            sql.list(self.impacts.iter().map(|impact| impact.as_str().to_owned()));
        }
        if !self.categories.is_empty() {
            sql.push(" AND ").push(alias).push(".category_id IN ").list(self.categories.iter().copied());
        }
        if let Some(entities) = &self.entities {
            sql.push(" AND ").push(alias).push(".entity_id IN ").list(entities.iter().copied());
        }
        sql
    }

    /// The same with those on the customer, of occurrences `o` that were not deleted.
    pub(super) fn all(&self) -> Sql {
        let mut sql = Sql::new(" AND o.removed_at IS NULL");
        sql.append(&self.plain("o"));
        if !self.customers.is_empty() {
            sql.push(" AND o.customer_id IN ").list(self.customers.iter().copied());
        }
        if !self.people.is_empty() {
            sql.push(" AND (SELECT 1 FROM customer c WHERE c.id = o.customer_id");
            for part in &self.people {
                sql.push(" AND ").append(part);
            }
            sql.push(") = 1");
        }
        sql
    }

    /// Whether an index of single customers leads there sooner than one of whole entities.
    fn is_of_customers(&self) -> bool {
        !self.customers.is_empty()
    }
}

fn period(from: Option<NaiveDate>, to: Option<NaiveDate>, whole: bool, today: NaiveDate) -> Option<Period> {
    let usual = Period::usual(today);
    let earliest =
        |day: NaiveDate| if day.year() < 1900 { NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or(day) } else { day };
    match (from, to) {
        (None, None) if whole => None,
        (None, None) => Some(usual),
        (Some(from), None) => Some(Period { from: earliest(from), to: usual.to.max(from) }),
        (None, Some(to)) => Some(Period { from: Period::usual(to).from, to }),
        (Some(from), Some(to)) => Some(Period { from: earliest(from), to }),
    }
}

fn words(text: &str) -> Result<Vec<Impact>, Code> {
    parts(text).map(str::parse).collect()
}

fn ids(text: &str) -> Result<Vec<Uuid>, Code> {
    let ids: Result<Vec<Uuid>, Code> = parts(text).map(|id| id.parse().map_err(|_no_id| Code::Invalid)).collect();
    ids.map(unique)
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// Rows of the report, or of the list of the API: those that were not deleted.
///
/// # Errors
/// `NotFound` for those who see no customer at all; `Invalid` with every wrong filter.
pub async fn rows(ctx: &Ctx, query: &ReportQuery) -> Result<Page<CustomerOccurrenceView>, ServiceError> {
    super::require_sight(&ctx.actor)?;
    let filters = Filters::read(&ctx.actor, query, ctx.now())?;
    page(ctx, &filters, query, None).await
}

/// Occurrences of a customer, tombstones among them where nothing narrows the list (C-OCC-09).
///
/// # Errors
/// `NotFound` for a customer out of sight; `Invalid` with every wrong filter.
pub async fn of_customer(
    ctx: &Ctx,
    customer: Uuid,
    query: &ReportQuery,
) -> Result<Page<CustomerOccurrenceView>, ServiceError> {
    let query = &ReportQuery { customer: customer.to_string(), ..query.clone() };
    let filters = Filters::read(&ctx.actor, query, ctx.now())?;
    page(ctx, &filters, query, Some(customer)).await
}

async fn page(
    ctx: &Ctx,
    filters: &Filters,
    query: &ReportQuery,
    customer: Option<Uuid>,
) -> Result<Page<CustomerOccurrenceView>, ServiceError> {
    let limit = match query.limit {
        0 => LIMIT,
        limit if limit <= LIMIT_MAX => limit,
        _ => return Err(AppError::field("limit", Code::Invalid).into()),
    };
    let bound = ReportQuery { cursor: String::new(), limit: 0, count: false, ..query.clone() };
    let binding = format!("customer-occurrences:{customer:?}:{}:{}", ctx.actor.id(), serde_json::to_string(&bound)?);
    let after: Option<Place> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let snapshot = ctx.db().snapshot().await?;
    if let Some(id) = customer {
        customers::load(&snapshot, &ctx.actor, id).await?;
    }
    let narrowed = !filters.impacts.is_empty() || !filters.categories.is_empty() || filters.period.is_some();
    let with_tombstones = customer.is_some() && !narrowed;
    let asked = i64::from(limit) + 1;
    let mut found = match customer {
        Some(id) => of_one(&snapshot, id, filters, with_tombstones, after, asked).await?,
        None => {
            let sought = filters.clone().sought(&snapshot, &ctx.actor, after.map(|(day, ..)| day), asked).await?;
            found(&snapshot, &ctx.actor, &sought, after, asked).await?
        }
    };
    let count = if query.count { Some(count(&snapshot, &ctx.actor, filters).await?) } else { None };
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > most;
    found.truncate(most);
    let last = found.last().filter(|_| is_more).map(|row| (row.occurred_on, row.registered_at, row.id));
    let next_cursor = last.map(|place: Place| cursor::seal(&ctx.services.secret, &binding, &place));
    let items = super::views(&snapshot, &ctx.actor, found).await?;
    Ok(Page { items, next_cursor, count, now: ctx.moment() })
}

fn behind(sql: &mut Sql, after: Option<Place>) {
    if let Some((day, at, id)) = after {
        sql.push_bind(" AND (o.occurred_on, o.registered_at, o.id) < (", day).push_bind(", ", at).push_bind(", ", id);
        sql.push(")");
    }
}

async fn of_one(
    connection: &impl ConnectionTrait,
    customer: Uuid,
    filters: &Filters,
    with_tombstones: bool,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<customer_occurrence::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT o.* FROM customer_occurrence o WHERE o.customer_id = ");
    sql.bind(customer);
    if !with_tombstones {
        sql.push(" AND o.removed_at IS NULL");
    }
    sql.append(&filters.plain("o"));
    behind(&mut sql, after);
    sql.push(ORDER).push_bind(" LIMIT ", limit);
    Ok(sql.all(connection).await?)
}

/// Rows that fulfil filters: entity by entity along an index that has their order, then joined.
async fn found(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filters: &Filters,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<customer_occurrence::Model>, ServiceError> {
    let all = filters.all();
    let (own, above) = places(actor, filters);
    if filters.is_of_customers() || own.len() + above.len() > ENTITIES_MAX {
        let mut sql = Sql::new("SELECT o.* FROM customer_occurrence o WHERE ");
        sql.append(&scope::customers(actor, Capability::CustomerView, "o")).append(&all);
        behind(&mut sql, after);
        sql.push(ORDER).push_bind(" LIMIT ", limit);
        return Ok(sql.all(connection).await?);
    }
    if own.is_empty() && above.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT o.* FROM (");
    let each = own.iter().map(|id| (id, "")).chain(above.iter().map(|id| (id, " AND o.recursive = TRUE")));
    for (index, (entity, reach)) in each.enumerate() {
        sql.push(if index == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
        sql.push_bind("SELECT o.* FROM customer_occurrence o WHERE o.entity_id = ", *entity).push(reach).append(&all);
        behind(&mut sql, after);
        sql.push(ORDER).push_bind(" LIMIT ", limit).push(&format!(") AS e{index}"));
    }
    sql.push(") AS o").push(ORDER).push_bind(" LIMIT ", limit);
    Ok(sql.all(connection).await?)
}

/// Entities whose every occurrence the reader sees, and those of which he sees what reaches down.
fn places(actor: &Actor, filters: &Filters) -> (Vec<Uuid>, Vec<Uuid>) {
    let own = actor.entities_with(Capability::CustomerView);
    let above = unique(own.iter().flat_map(|entity| actor.path_of(*entity)));
    let above: Vec<Uuid> = above.into_iter().filter(|entity| !own.contains(entity)).collect();
    let is_asked = |entity: &Uuid| filters.entities.as_ref().is_none_or(|asked| asked.contains(entity));
    (own.into_iter().filter(is_asked).collect(), above.into_iter().filter(is_asked).collect())
}

/// Rows in all, exact to 1 000.
async fn count(connection: &impl ConnectionTrait, actor: &Actor, filters: &Filters) -> Result<Count, ServiceError> {
    Ok(counted(number(connection, actor, filters, COUNT_MAX).await?))
}

/// So many rows, as lists tell their number.
pub(super) fn counted(n: i64) -> Count {
    Count { value: u32::try_from(n.clamp(0, COUNT_MAX)).unwrap_or(0), exact: n <= COUNT_MAX }
}

/// Rows in all; where they are counted one by one, as far as one more than `most`.
pub(super) async fn number(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    filters: &Filters,
    most: i64,
) -> Result<i64, ServiceError> {
    if filters.are_tallied() && !filters.people().is_empty() {
        return tally::number(connection, actor, filters).await;
    }
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM customer_occurrence o WHERE ");
    sql.append(&scope::customers(actor, Capability::CustomerView, "o")).append(&filters.all());
    sql.push_bind(" LIMIT ", most + 1).push(") n");
    Ok(sql.scalar(connection).await?.unwrap_or(0))
}

/// Occurrences that name a ticket and whose customers the reader reaches, the newest first.
pub(crate) async fn of_ticket(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    ticket: Uuid,
    limit: i64,
) -> Result<Vec<CustomerOccurrenceView>, ServiceError> {
    let rows = customer_occurrence::Entity::find()
        .filter(customer_occurrence::Column::TicketId.eq(ticket))
        .filter(customer_occurrence::Column::RemovedAt.is_null())
        .order_by_desc(customer_occurrence::Column::OccurredOn)
        .order_by_desc(customer_occurrence::Column::RegisteredAt)
        .order_by_desc(customer_occurrence::Column::Id)
        .limit(u64::try_from(limit).unwrap_or(0))
        .all(connection)
        .await?;
    let reached = |row: &customer_occurrence::Model| customers::reach(&ctx.actor, row.entity_id, row.recursive).view;
    super::views(connection, &ctx.actor, rows.into_iter().filter(reached).collect()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c_rep_01_a_period_that_is_not_named_is_the_usual_one() {
        let day = |text: &str| read_day(text).unwrap();
        let today = day("2026-03-12");
        let of = |from: Option<&str>, to: Option<&str>, whole| {
            period(from.map(day), to.map(day), whole, today).map(|period| (period.from, period.to))
        };
        assert_eq!(of(None, None, false), Some((day("2025-04-01"), day("2026-03-31"))));
        assert_eq!(of(None, None, true), None);
        assert_eq!(of(Some("2026-01-05"), None, true), Some((day("2026-01-05"), day("2026-03-31"))));
        assert_eq!(of(None, Some("2025-12-31"), false), Some((day("2025-01-01"), day("2025-12-31"))));
        assert_eq!(of(Some("0001-01-01"), Some("2026-01-01"), false), Some((day("1900-01-01"), day("2026-01-01"))));
    }
}

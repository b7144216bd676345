//! Requests for validation, of a ticket and of a person, by keyset (A-LST).

use std::collections::BTreeMap;

use domain::error::AppError;
use domain::policy::Capability;
use domain::validation::State;
use domain::views::{Count, Page, ValidationView};
use entity::validation;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::{Request, rows};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::scope;
use crate::sql::Sql;
use crate::tickets::list::COUNT_MAX;
use crate::tickets::{self, Loaded};

/// Rows of a page when nobody says how many.
const LIMIT: u32 = 50;
/// Most rows of a page (A-LST-01).
const LIMIT_MAX: u32 = 200;

/// What part of the requests is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidationQuery {
    /// `waiting`, `granted`, `refused`; empty = all.
    pub state: String,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
    /// Count the rows up to 1 000.
    pub count: bool,
}

/// A place in the order: waiting for the reader (0) or not (1), when it was asked, id.
pub(super) type Position = (i64, i64, Uuid);

/// A row of a list.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Found {
    pub(super) id: Uuid,
    pub(super) ticket_id: Uuid,
    pub(super) asked_at: i64,
    pub(super) rank: i64,
}

impl Found {
    pub(super) const fn position(&self) -> Position {
        (self.rank, self.asked_at, self.id)
    }
}

/// Requests of a ticket, the newest first: agents all of them, others those that name them.
///
/// # Errors
/// `NotFound` when the ticket may not be seen, or none of its requests; `Invalid` on a wrong cursor.
pub async fn list(ctx: &Ctx, number: i64, query: ValidationQuery) -> Result<Page<ValidationView>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    let mut source = Sql::new("FROM validation v WHERE v.ticket_id = ");
    source.bind(loaded.ticket.id);
    if !loaded.is_agent() {
        let is_asked = super::hears_of(&snapshot, &ctx.actor, loaded.ticket.id).await?;
        if !is_asked {
            return Err(AppError::NotFound.into());
        }
        source.push(" AND v.id IN (").append(&scope::asked(&ctx.actor, "validation_id")).push(")");
    }
    let binding = format!("validations:{number}");
    let columns = "SELECT v.id, v.ticket_id, v.asked_at, CAST(0 AS BIGINT) AS rank ";
    page(ctx, &snapshot, columns, &source, &query, &binding).await
}

/// Requests that name the reader on tickets that are not over, those that wait for him first (T-VAL-06).
///
/// # Errors
/// `Invalid` on a wrong cursor.
pub async fn all(ctx: &Ctx, query: ValidationQuery) -> Result<Page<ValidationView>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    page(ctx, &snapshot, RANKED, &mine(&ctx.actor), &query, "validations").await
}

/// One request.
///
/// # Errors
/// `NotFound` for unknown and invisible ones alike.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<ValidationView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let (loaded, request) = seen(ctx, &snapshot, id).await?;
    let views = rows::views(ctx, &snapshot, &loaded, vec![request.row]).await?;
    views.into_iter().next().ok_or_else(|| AppError::NotFound.into())
}

/// A request the reader may see, with its ticket.
pub(super) async fn seen(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<(Loaded, Request), ServiceError> {
    let request = Request::find(connection, id).await?;
    let loaded = tickets::load_visible_by_id(connection, &ctx.actor, request.row.ticket_id).await?;
    if request.is_seen(&loaded, &ctx.actor) { Ok((loaded, request)) } else { Err(AppError::NotFound.into()) }
}

/// Columns of rows of [`mine`].
const RANKED: &str = "SELECT v.id, v.ticket_id, v.asked_at, v.rank ";

/// Requests that name the actor, that count and whose ticket he sees and is not over: from `FROM` on, under the alias `v`.
pub(super) fn mine(actor: &Actor) -> Sql {
    let mut sql = Sql::new("FROM (SELECT r.*, CASE WHEN r.state = 'waiting' AND ");
    sql.append(&waits_for(actor)).push(" THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END AS rank ");
    sql.append(&counting(actor)).push(") v WHERE 1 = 1");
    sql
}

/// The same without their order: the request under the alias `r`, its ticket under `t`.
pub(super) fn counting(actor: &Actor) -> Sql {
    let mut sql = Sql::new("FROM validation r JOIN ticket t ON t.id = r.ticket_id WHERE r.id IN (");
    sql.append(&scope::asked(actor, "validation_id"));
    sql.push(") AND r.withdrawn_at IS NULL AND r.replaced_by_id IS NULL AND t.status NOT IN ('closed','cancelled')");
    sql.push(" AND t.entity_id IN ").list(actor.entities_with(Capability::ValidationAnswer));
    sql.push(" AND ").append(&scope::tickets(actor));
    sql
}

/// Condition on a request `r`: an answer of the actor, or of a group of his, is missing.
pub(super) fn waits_for(actor: &Actor) -> Sql {
    let mut sql = Sql::new(
        "EXISTS (SELECT 1 FROM validation_target x WHERE x.validation_id = r.id AND x.answer IS NULL AND (x.user_id = ",
    );
    sql.bind(actor.id()).push_bind(" OR (r.asker_id <> ", actor.id());
    sql.push(" AND x.group_id IN ").list(actor.groups.iter().copied()).push(")))");
    sql
}

/// Appends a place in the order, and the order.
pub(super) fn append_page(sql: &mut Sql, position: Option<Position>, limit: u32) {
    if let Some((rank, at, id)) = position {
        sql.push_bind(" AND (v.rank > ", rank).push_bind(" OR (v.rank = ", rank);
        sql.push_bind(" AND (v.asked_at, v.id) < (", at).push_bind(", ", id).push(")))");
    }
    sql.push_bind(" ORDER BY v.rank, v.asked_at DESC, v.id DESC LIMIT ", i64::from(limit) + 1);
}

/// Rows of a page from `limit` as asked; 0 = 50.
pub(super) const fn limit(asked: u32) -> u32 {
    match asked {
        0 => LIMIT,
        asked if asked > LIMIT_MAX => LIMIT_MAX,
        asked => asked,
    }
}

async fn page(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    columns: &str,
    source: &Sql,
    query: &ValidationQuery,
    binding: &str,
) -> Result<Page<ValidationView>, ServiceError> {
    let binding = format!("{binding}:{}:{}", ctx.actor.id(), query.state);
    let position: Option<Position> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let limit = limit(query.limit);
    let mut wanted = source.clone();
    if let Ok(state) = query.state.parse::<State>() {
        wanted.push_bind(" AND v.state = ", state.as_str());
    }
    // One order for both lists: the requests of a ticket have no rank of their own.
    let mut sql = Sql::new("SELECT v.id, v.ticket_id, v.asked_at, v.rank FROM (");
    sql.push(columns).append(&wanted).push(") v WHERE 1 = 1");
    append_page(&mut sql, position, limit);
    let mut found: Vec<Found> = sql.all(connection).await?;
    let keep = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > keep;
    found.truncate(keep);
    let last = found.last().filter(|_| is_more);
    let next_cursor = last.map(|row| cursor::seal(&ctx.services.secret, &binding, &row.position()));
    let count = if query.count { Some(count(connection, &wanted).await?) } else { None };
    let items = of_tickets(ctx, connection, &found).await?;
    Ok(Page { items, next_cursor, count, now: ctx.moment() })
}

async fn count(connection: &impl ConnectionTrait, source: &Sql) -> Result<Count, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 AS one ");
    sql.append(source).push_bind(" LIMIT ", COUNT_MAX + 1).push(") n");
    let found: i64 = sql.scalar(connection).await?.unwrap_or(0);
    Ok(Count { value: u32::try_from(found.min(COUNT_MAX)).unwrap_or(0), exact: found <= COUNT_MAX })
}

/// The views of rows of any tickets, in their order, in a number of queries that does not grow with theirs.
async fn of_tickets(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    found: &[Found],
) -> Result<Vec<ValidationView>, ServiceError> {
    let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT v.* FROM validation v WHERE v.id IN ");
    let all: Vec<validation::Model> = sql.list(ids.iter().copied()).all(connection).await?;
    let of = crate::sql::unique(found.iter().map(|row| row.ticket_id));
    let homes: BTreeMap<Uuid, rows::Home> = tickets::visible(connection, &ctx.actor, &of)
        .await?
        .iter()
        .map(|ticket| (ticket.id, rows::Home::of(&ctx.actor, ticket)))
        .collect();
    let mut views = rows::of_homes(ctx, connection, &homes, all).await?;
    views.sort_by_key(|view| ids.iter().position(|id| *id == view.id));
    Ok(views)
}

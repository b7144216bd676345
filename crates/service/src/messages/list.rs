//! Messages of a ticket, in the order of time, by keyset (A-LST).

use domain::error::{AppError, Code};
use domain::views::{Count, MessageView, Page};
use entity::message;
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::{rows, sees};
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::tickets::list::COUNT_MAX;
use crate::tickets::{self, Loaded};

/// Rows of a page when nobody says how many.
const LIMIT: u32 = 50;
/// Most rows of a page (A-LST-01).
const LIMIT_MAX: u32 = 200;

/// What part of the messages is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageQuery {
    /// `sent_at` (default), with `-` the newest first.
    pub sort: String,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
    /// Count the rows up to 1 000.
    pub count: bool,
}

/// The messages of a ticket; reading a list marks nothing as read.
///
/// # Errors
/// `NotFound` when the ticket may not be seen, or its messages not; `Invalid` on a wrong order or cursor.
pub async fn list(ctx: &Ctx, number: i64, query: MessageQuery) -> Result<Page<MessageView>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !sees(&loaded, false) {
        return Err(AppError::NotFound.into());
    }
    of_loaded(ctx, &snapshot, &loaded, &query, !loaded.is_agent()).await
}

/// The same for a ticket at hand; `portal` = in the form for the requester side.
pub(super) async fn of_loaded(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    query: &MessageQuery,
    portal: bool,
) -> Result<Page<MessageView>, ServiceError> {
    let is_downwards = match query.sort.as_str() {
        "" | "sent_at" => false,
        "-sent_at" => true,
        _ => return Err(AppError::field("sort", Code::Invalid).into()),
    };
    let (sign, direction) = if is_downwards { ("<", "DESC") } else { (">", "ASC") };
    let binding = format!("messages:{}:{}:{direction}", loaded.ticket.number, ctx.actor.id());
    let position: Option<(i64, Uuid)> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let limit = if query.limit == 0 { LIMIT } else { query.limit.min(LIMIT_MAX) };
    let mut sql = Sql::new("SELECT m.*");
    sql.append(&source(loaded.ticket.id));
    if let Some((at, id)) = position {
        sql.push(&format!(" AND (m.sent_at, m.id) {sign} (")).bind(at).push_bind(", ", id).push(")");
    }
    sql.push(&format!(" ORDER BY m.sent_at {direction}, m.id {direction}"));
    let mut found: Vec<message::Model> = sql.push_bind(" LIMIT ", i64::from(limit) + 1).all(connection).await?;
    let keep = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > keep;
    found.truncate(keep);
    let next_cursor = found
        .last()
        .filter(|_| is_more)
        .map(|last| cursor::seal(&ctx.services.secret, &binding, &(last.sent_at, last.id)));
    let count = if query.count { Some(count(connection, loaded.ticket.id).await?) } else { None };
    let items = rows::views(ctx, connection, loaded, &found, portal).await?;
    Ok(Page { items, next_cursor, count, now: ctx.moment() })
}

fn source(ticket: Uuid) -> Sql {
    let mut sql = Sql::new(" FROM message m WHERE m.withdrawn_at IS NULL AND m.ticket_id = ");
    sql.bind(ticket);
    sql
}

/// Messages in all, exact to 1 000 (A-LST-02).
async fn count(connection: &impl ConnectionTrait, ticket: Uuid) -> Result<Count, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1");
    sql.append(&source(ticket)).push_bind(" LIMIT ", COUNT_MAX + 1).push(") n");
    let found: i64 = sql.scalar(connection).await?.unwrap_or(0);
    Ok(Count { value: u32::try_from(found.min(COUNT_MAX)).unwrap_or(0), exact: found <= COUNT_MAX })
}

/// One message.
///
/// # Errors
/// `NotFound` for unknown, withdrawn and invisible ones alike.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<MessageView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let row = message::Entity::find_by_id(id).one(&snapshot).await?;
    let row = row.filter(|row| row.withdrawn_at.is_none()).ok_or(AppError::NotFound)?;
    let loaded = tickets::load_visible_by_id(&snapshot, &ctx.actor, row.ticket_id).await?;
    if !sees(&loaded, false) {
        return Err(AppError::NotFound.into());
    }
    let views = rows::views(ctx, &snapshot, &loaded, std::slice::from_ref(&row), !loaded.is_agent()).await?;
    views.into_iter().next().ok_or_else(|| AppError::NotFound.into())
}

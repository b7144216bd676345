//! The lines of a ticket in the order of saving, by keyset (A-LST, T-CHT-06).

use domain::error::{AppError, Code};
use domain::settings::Key;
use domain::views::{ChatLineView, Count, Page};
use entity::chat_line;
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::rows;
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::messages;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::list::COUNT_MAX;
use crate::tickets::{self, Loaded};

/// Rows of a page when nobody says how many.
pub(super) const LIMIT: u32 = 50;
/// Most rows of a page (A-LST-01).
pub(super) const LIMIT_MAX: u32 = 200;

/// What part of the lines is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatQuery {
    /// Only what was said after this line: how a client catches up.
    pub after: Option<Uuid>,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
    /// Count the rows up to 1 000.
    pub count: bool,
}

/// The lines of a ticket; reading a list marks nothing as read.
///
/// # Errors
/// `NotFound` when the ticket may not be seen, or its chat not; `Disabled` while the setting 316 is off; `Invalid` on a wrong
/// cursor, and on `after` (`unknown_reference`) for what is no line of this ticket.
pub async fn list(ctx: &Ctx, number: i64, query: ChatQuery) -> Result<Page<ChatLineView>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    require(ctx, &snapshot, &loaded).await?;
    let binding = format!("chat:{number}:{}:{:?}", ctx.actor.id(), query.after);
    let position: Option<i64> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let after = match query.after {
        Some(id) => place(&snapshot, loaded.ticket.id, id).await?,
        None => 0,
    };
    let limit = if query.limit == 0 { LIMIT } else { query.limit.min(LIMIT_MAX) };
    let mut found = above(&snapshot, loaded.ticket.id, position.unwrap_or(after), limit + 1).await?;
    let keep = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > keep;
    found.truncate(keep);
    let next_cursor =
        found.last().filter(|_| is_more).map(|last| cursor::seal(&ctx.services.secret, &binding, &last.number));
    let count = if query.count { Some(count(&snapshot, loaded.ticket.id, after).await?) } else { None };
    let items = rows::views(ctx, &snapshot, &loaded, &found, !loaded.is_agent()).await?;
    Ok(Page { items, next_cursor, count, now: ctx.moment() })
}

/// One line.
///
/// # Errors
/// As [`list`], the same for unknown ones.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<ChatLineView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let row = chat_line::Entity::find_by_id(id).one(&snapshot).await?.ok_or(AppError::NotFound)?;
    let loaded = tickets::load_visible_by_id(&snapshot, &ctx.actor, row.ticket_id).await?;
    require(ctx, &snapshot, &loaded).await?;
    let views = rows::views(ctx, &snapshot, &loaded, std::slice::from_ref(&row), !loaded.is_agent()).await?;
    views.into_iter().next().ok_or_else(|| AppError::NotFound.into())
}

/// Whether the actor may read the chat now.
async fn require(ctx: &Ctx, connection: &impl ConnectionTrait, loaded: &Loaded) -> Result<(), ServiceError> {
    if !messages::sees(loaded, false) {
        return Err(AppError::NotFound.into());
    }
    let settings = Settings::load(connection, &tickets::path(ctx, &loaded.ticket)).await?;
    if super::is_on(&settings) { Ok(()) } else { Err(AppError::Disabled(Key::ChatEnabled.as_str().to_owned()).into()) }
}

async fn place(connection: &impl ConnectionTrait, ticket: Uuid, id: Uuid) -> Result<i64, ServiceError> {
    let row = chat_line::Entity::find_by_id(id).one(connection).await?.filter(|row| row.ticket_id == ticket);
    row.map(|row| row.number).ok_or_else(|| AppError::field("after", Code::UnknownReference).into())
}

/// Lines after a number, the oldest first.
pub(super) async fn above(
    connection: &impl ConnectionTrait,
    ticket: Uuid,
    number: i64,
    limit: u32,
) -> Result<Vec<chat_line::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT l.* FROM chat_line l WHERE l.ticket_id = ");
    sql.bind(ticket).push_bind(" AND l.number > ", number).push_bind(" ORDER BY l.number LIMIT ", i64::from(limit));
    Ok(sql.all(connection).await?)
}

/// Lines before a number, the oldest first.
pub(super) async fn below(
    connection: &impl ConnectionTrait,
    ticket: Uuid,
    number: i64,
    limit: u32,
) -> Result<Vec<chat_line::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT l.* FROM chat_line l WHERE l.ticket_id = ");
    sql.bind(ticket)
        .push_bind(" AND l.number < ", number)
        .push_bind(" ORDER BY l.number DESC LIMIT ", i64::from(limit));
    let mut found: Vec<chat_line::Model> = sql.all(connection).await?;
    found.reverse();
    Ok(found)
}

/// Lines after a number in all, exact to 1 000 (A-LST-02).
async fn count(connection: &impl ConnectionTrait, ticket: Uuid, after: i64) -> Result<Count, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM chat_line l WHERE l.ticket_id = ");
    sql.bind(ticket).push_bind(" AND l.number > ", after).push_bind(" LIMIT ", COUNT_MAX + 1).push(") n");
    let found: i64 = sql.scalar(connection).await?.unwrap_or(0);
    Ok(Count { value: u32::try_from(found.min(COUNT_MAX)).unwrap_or(0), exact: found <= COUNT_MAX })
}

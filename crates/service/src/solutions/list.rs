//! Solutions of a ticket, in the order of time (T-SOL-05).

use domain::error::{AppError, Code};
use domain::views::{Count, Page, SolutionView};
use entity::solution;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::rows;
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets;
use crate::tickets::list::COUNT_MAX;

/// Rows of a page when nobody says how many.
const LIMIT: u32 = 50;
/// Most rows of a page (A-LST-01).
const LIMIT_MAX: u32 = 200;

/// What part of the solutions is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SolutionQuery {
    /// `registered_at` (default), with `-` the newest first.
    pub sort: String,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
    /// Count the rows up to 1 000.
    pub count: bool,
}

/// The solutions of a ticket; none where setting 371 keeps them from the reader.
///
/// # Errors
/// `NotFound` when the ticket may not be seen; `Invalid` on a wrong order or cursor.
pub async fn list(ctx: &Ctx, number: i64, query: SolutionQuery) -> Result<Page<SolutionView>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    let settings = Settings::load(&snapshot, &tickets::path(ctx, &loaded.ticket)).await?;
    let is_downwards = match query.sort.as_str() {
        "" | "registered_at" => false,
        "-registered_at" => true,
        _ => return Err(AppError::field("sort", Code::Invalid).into()),
    };
    let (sign, direction) = if is_downwards { ("<", "DESC") } else { (">", "ASC") };
    let binding = format!("solutions:{number}:{}:{direction}", ctx.actor.id());
    let position: Option<(i64, Uuid)> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    if !super::sees(&loaded, &settings, false) {
        let count = query.count.then_some(Count { value: 0, exact: true });
        return Ok(Page { items: Vec::new(), next_cursor: None, count, now: ctx.moment() });
    }
    let limit = if query.limit == 0 { LIMIT } else { query.limit.min(LIMIT_MAX) };
    let mut sql = Sql::new("SELECT s.* FROM solution s WHERE s.ticket_id = ");
    sql.bind(loaded.ticket.id);
    if let Some((at, id)) = position {
        sql.push(&format!(" AND (s.registered_at, s.id) {sign} (")).bind(at).push_bind(", ", id).push(")");
    }
    sql.push(&format!(" ORDER BY s.registered_at {direction}, s.id {direction}"));
    let mut found: Vec<solution::Model> = sql.push_bind(" LIMIT ", i64::from(limit) + 1).all(&snapshot).await?;
    let keep = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > keep;
    found.truncate(keep);
    let next_cursor = found
        .last()
        .filter(|_| is_more)
        .map(|last| cursor::seal(&ctx.services.secret, &binding, &(last.registered_at, last.id)));
    let mut count = None;
    if query.count {
        let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM solution s WHERE s.ticket_id = ");
        sql.bind(loaded.ticket.id).push_bind(" LIMIT ", COUNT_MAX + 1).push(") n");
        let all: i64 = sql.scalar(&snapshot).await?.unwrap_or(0);
        count = Some(Count { value: u32::try_from(all.min(COUNT_MAX)).unwrap_or(0), exact: all <= COUNT_MAX });
    }
    let items = rows::views(ctx, &snapshot, &loaded, &found, !loaded.is_agent()).await?;
    Ok(Page { items, next_cursor, count, now: ctx.moment() })
}

/// One solution.
///
/// # Errors
/// `NotFound` for unknown and invisible ones alike.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<SolutionView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let row = solution::Entity::find_by_id(id).one(&snapshot).await?.ok_or(AppError::NotFound)?;
    let loaded = tickets::load_visible_by_id(&snapshot, &ctx.actor, row.ticket_id).await?;
    let settings = Settings::load(&snapshot, &tickets::path(ctx, &loaded.ticket)).await?;
    if !super::sees(&loaded, &settings, false) {
        return Err(AppError::NotFound.into());
    }
    let views = rows::views(ctx, &snapshot, &loaded, std::slice::from_ref(&row), !loaded.is_agent()).await?;
    views.into_iter().next().ok_or_else(|| AppError::NotFound.into())
}

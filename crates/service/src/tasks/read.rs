//! Reading tasks: one, and those of a ticket.

use domain::error::AppError;
use domain::policy;
use domain::settings::Key;
use domain::views::{TaskView, TicketTasks};
use entity::task;
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::rows;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::scope;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::{self, Loaded};

/// Most tasks the tab of a ticket shows.
const TAB_MAX: usize = 200;

/// One task.
///
/// # Errors
/// `NotFound` for unknown and invisible ones alike.
pub async fn get(ctx: &Ctx, id: Uuid) -> Result<TaskView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let (loaded, row) = load(ctx, &snapshot, id).await?;
    let portal = !loaded.is_agent();
    let views = rows::views(ctx, &snapshot, &loaded, std::slice::from_ref(&row), portal).await?;
    views.into_iter().next().ok_or_else(|| AppError::NotFound.into())
}

/// A task with its ticket, if the reader may see both.
pub(super) async fn load(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<(Loaded, task::Model), ServiceError> {
    let row = task::Entity::find_by_id(id).one(connection).await?.ok_or(AppError::NotFound)?;
    let loaded = tickets::load_visible_by_id(connection, &ctx.actor, row.ticket_id).await?;
    let portal = !loaded.is_agent();
    if !rows::sees(&ctx.actor, &loaded, &row, portal) {
        return Err(AppError::NotFound.into());
    }
    if portal {
        let settings = Settings::load(connection, &ctx.actor.path_of(loaded.ticket.entity_id)).await?;
        if !settings.is_on(Key::PortalShowOccurrences) {
            return Err(AppError::NotFound.into());
        }
    }
    Ok((loaded, row))
}

/// The tasks of a ticket for its tab, oldest first.
///
/// # Errors
/// `NotFound` when the ticket may not be seen, and for readers who are no agents there.
pub async fn of_ticket(ctx: &Ctx, number: i64) -> Result<TicketTasks, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let mut sql = Sql::new("SELECT k.* FROM task k WHERE k.ticket_id = ");
    sql.bind(loaded.ticket.id).push(" AND ").append(&scope::tasks(&ctx.actor));
    sql.push_bind(" ORDER BY k.registered_at, k.id LIMIT ", i64::try_from(TAB_MAX + 1).unwrap_or(i64::MAX));
    let mut found: Vec<task::Model> = sql.all(&snapshot).await?;
    let is_cut = found.len() > TAB_MAX;
    found.truncate(TAB_MAX);
    let tasks = rows::views(ctx, &snapshot, &loaded, &found, false).await?;
    let may_add =
        tickets::require_writable(&loaded.ticket).is_ok() && policy::can_add_task(loaded.caps, &loaded.facts).is_ok();
    Ok(TicketTasks { number, title: loaded.ticket.title, may_add, tasks, is_cut, now: ctx.moment() })
}

//! Reminds of tasks shortly before they begin (T-TSK-07): each due time is told once, by whichever instance comes first.

use domain::error::AppError;
use domain::notification::Event;
use domain::ticket::Status;
use entity::{task, ticket, ticket_actor};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::database_now;
use crate::actor::Actor;
use crate::ctx::{Ctx, Services};
use crate::db::Engine;
use crate::error::ServiceError;
use crate::notifications;
use crate::sql::Sql;
use crate::tasks::rows;
use crate::work::{self, Work};

/// Tasks looked at in one pass.
const AT_ONCE: i64 = 100;

/// Tells what is due and answers how many tasks were looked at without a failure.
///
/// # Errors
/// `Unavailable` when the database is away; what was not told by then is told later.
pub async fn remind_tasks(services: &Services) -> Result<usize, ServiceError> {
    let now = database_now(services).await?;
    let due = due(services, now).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let ctx = Ctx::new(services.clone(), Actor::automatic(services.db.reader()).await?);
    let mut told = 0;
    for (id, ticket) in due {
        match work::write(&ctx, move |w| Box::pin(async move { remind(w, (id, ticket), now).await })).await {
            Ok(()) => told += 1,
            Err(error) if matches!(error.public, AppError::Unavailable { .. }) => return Err(error),
            // One that fails again and again keeps no other from being told.
            Err(error) => tracing::warn!(%error, task = %id, "a reminder waits"),
        }
    }
    Ok(told)
}

/// Tasks whose time has come, with their tickets: without the right to write. What belongs to a ticket in the trash or over waits
/// until that is back, as long as the task has not ended: then there is nothing left to remind of.
async fn due(services: &Services, now: i64) -> Result<Vec<(Uuid, Uuid)>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT k.id, k.ticket_id FROM task k JOIN ticket t ON t.id = k.ticket_id \
         WHERE k.remind_at IS NOT NULL AND k.remind_at <= ",
    );
    sql.bind(now)
        .push(" AND ((t.deleted_at IS NULL AND t.status NOT IN ('closed','cancelled'))")
        .push_bind(" OR k.planned_end <= ", now)
        .push_bind(") ORDER BY k.remind_at, k.id LIMIT ", AT_ONCE);
    let mut out = Vec::new();
    for row in sql.rows(services.db.reader()).await? {
        out.push((row.try_get("", "id")?, row.try_get("", "ticket_id")?));
    }
    Ok(out)
}

/// Tells of a task with its ticket, if it is still due at `now`.
async fn remind(w: &Work, (id, ticket): (Uuid, Uuid), now: i64) -> Result<(), ServiceError> {
    if w.ctx.db().engine() == Engine::Postgres {
        // Tickets are locked before their tasks, here as by those who edit and remove.
        let mut lock = Sql::new("SELECT id FROM ticket WHERE id = ");
        lock.bind(ticket).push(" FOR KEY SHARE").rows(&w.tx).await?;
    }
    let Some(ticket) = ticket::Entity::find_by_id(ticket).one(&w.tx).await? else { return Ok(()) };
    let is_away = ticket.deleted_at.is_some() || ticket.status.parse::<Status>().is_ok_and(Status::is_over);
    let mut sql = Sql::new("UPDATE task SET reminded_at = remind_at, remind_at = NULL WHERE remind_at <= ");
    sql.bind(now).push_bind(" AND id = ", id);
    if is_away {
        // A ticket that comes back in time is told of then.
        sql.push_bind(" AND planned_end <= ", now);
    }
    if sql.run(&w.tx).await?.rows_affected() == 0 {
        // Another instance told of it, it was planned anew, or it waits for its ticket.
        return Ok(());
    }
    let Some(row) = task::Entity::find_by_id(id).one(&w.tx).await? else { return Ok(()) };
    if is_away || row.removed_at.is_some() || !rows::state_of(&row).reminds() {
        return Ok(());
    }
    let actors = ticket_actor::Entity::find().filter(ticket_actor::Column::TicketId.eq(ticket.id)).all(&w.tx).await?;
    notifications::of_task(w, &ticket, &actors, Event::TaskReminder, &row).await
}

//! Removes tickets for ever that have lain in the trash for the days of `trash.keep_days` (T-TKT-08).
//!
//! Every instance looks; the row of a ticket is held while it is removed, and what holds it looks again, so that a ticket that was
//! restored meanwhile stays, and two instances remove one once.

use domain::error::AppError;
use domain::settings::Key;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::database_now;
use crate::actor::Actor;
use crate::ctx::{Ctx, Services};
use crate::error::ServiceError;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::{self, commands};
use crate::work::{self, Work};

/// Tickets of an entity in one pass.
const AT_ONCE: i64 = 20;
const DAY: i64 = 86_400;

/// Removes what is due, each ticket in a transaction of its own, and answers how many were removed.
///
/// # Errors
/// `Unavailable` when the database is away; it may be run again.
pub async fn purge_trash(services: &Services) -> Result<usize, ServiceError> {
    let reader = services.db.reader();
    let mut wanted = Sql::new("SELECT s.entity_id FROM setting s WHERE s.key = ");
    wanted.bind(Key::TrashKeepDays.as_str()).push(" AND s.value <> '0' LIMIT 1");
    if wanted.rows(reader).await?.is_empty() {
        // As usual: every trash is kept.
        return Ok(0);
    }
    let now = database_now(services).await?;
    let ctx = Ctx::new(services.clone(), Actor::automatic(reader).await?);
    let mut removed = 0;
    for id in due(&ctx, reader, now).await? {
        match work::write(&ctx, move |w| Box::pin(purge(w, id, now))).await {
            Ok(done) => removed += usize::from(done),
            Err(error) if matches!(error.public, AppError::Unavailable { .. }) => return Err(error),
            Err(error) => tracing::warn!(%error, ticket = %id, "a ticket stays in the trash until the next run"),
        }
    }
    Ok(removed)
}

/// Tickets whose days in the trash are over, by the setting of their entity.
async fn due(ctx: &Ctx, connection: &impl ConnectionTrait, now: i64) -> Result<Vec<Uuid>, ServiceError> {
    let mut paths: Vec<Vec<Uuid>> = Vec::new();
    let sql = Sql::new("SELECT DISTINCT t.entity_id FROM ticket t WHERE t.deleted_at IS NOT NULL");
    for row in sql.rows(connection).await? {
        paths.push(ctx.actor.path_of(row.try_get("", "entity_id")?));
    }
    let mut out: Vec<Uuid> = Vec::new();
    for (entity, days) in Settings::of_many(connection, Key::TrashKeepDays, &paths).await? {
        let days: i64 = days.parse().unwrap_or(0);
        if days < 1 {
            continue;
        }
        let mut sql = Sql::new("SELECT t.id FROM ticket t WHERE t.deleted_at IS NOT NULL AND t.entity_id = ");
        sql.bind(entity).push_bind(" AND t.deleted_at <= ", now - days * DAY);
        sql.push_bind(" ORDER BY t.deleted_at, t.id LIMIT ", AT_ONCE);
        for row in sql.rows(connection).await? {
            out.push(row.try_get("", "id")?);
        }
    }
    Ok(out)
}

/// Removes one ticket, if it is still due at `now`; answers whether this run did it.
async fn purge(w: &mut Work, id: Uuid, now: i64) -> Result<bool, ServiceError> {
    let Some(loaded) = tickets::lock_unattended(w, id).await? else { return Ok(false) };
    let settings = w.settings(&w.actor().path_of(loaded.ticket.entity_id)).await?;
    let days = settings.number(Key::TrashKeepDays);
    let is_due = days > 0 && loaded.ticket.deleted_at.is_some_and(|at| at <= now - days * DAY);
    if is_due {
        commands::remove(w, &loaded.ticket).await?;
    }
    Ok(is_due)
}

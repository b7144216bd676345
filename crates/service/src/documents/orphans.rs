//! Forgets uploads nobody attached, and contents no row names.

use entity::document;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::UPLOAD_LIFE;
use crate::ctx::Services;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::sql::Sql;

/// At most this many of each kind in one run.
const BATCH: usize = 100;

/// One run of the job: expired uploads with their contents, and one of 256 drawers of contents that no row has named for a day
/// (another one every five minutes). Answers how many uploads it forgot.
///
/// # Errors
/// `Unavailable` when the database or the store is away; the next run goes on.
pub async fn collect_orphans(services: &Services) -> Result<usize, ServiceError> {
    let before = services.now() - UPLOAD_LIFE;
    let forgotten = expired(services).await?;
    services.files.sweep_incoming(before, BATCH).await?;
    // The remainder is below 256.
    let drawer = u8::try_from((services.now() / 300).rem_euclid(256)).unwrap_or_default();
    let old = services.files.old_in_drawer(drawer, before, BATCH).await?;
    if !old.is_empty() {
        unnamed(services, old).await?;
    }
    Ok(forgotten)
}

/// The content goes before its row does: a crash between the two leaves a row for the next run, never a lost file.
async fn expired(services: &Services) -> Result<usize, ServiceError> {
    let due = document::Column::ExpiresAt.lte(services.now());
    let waiting = document::Entity::find().filter(due.clone()).limit(1).one(services.db.reader()).await?;
    if waiting.is_none() {
        return Ok(0);
    }
    let tx = lock(services).await?;
    let rows = document::Entity::find()
        .filter(due)
        .filter(document::Column::TicketId.is_null())
        .order_by_asc(document::Column::ExpiresAt)
        .limit(u64::try_from(BATCH).unwrap_or(100))
        .all(&tx)
        .await?;
    for row in &rows {
        document::Entity::delete_by_id(row.id).exec(&tx).await?;
        let is_named =
            document::Entity::find().filter(document::Column::Sha256.eq(row.sha256.as_str())).one(&tx).await?.is_some();
        if !is_named {
            services.files.remove(&row.sha256).await?;
        }
    }
    tx.commit().await?;
    Ok(rows.len())
}

/// Nobody adds a row meanwhile: SQLite has one writer anyway, PostgreSQL is asked to wait with insertions.
async fn lock(services: &Services) -> Result<DatabaseTransaction, ServiceError> {
    let tx = services.db.begin().await?;
    if services.db.engine() == Engine::Postgres {
        Sql::new("LOCK TABLE document IN SHARE ROW EXCLUSIVE MODE").run(&tx).await?;
    }
    Ok(tx)
}

/// Under the lock, so that no upload names a content between the look and its removal.
async fn unnamed(services: &Services, old: Vec<String>) -> Result<(), ServiceError> {
    let tx = lock(services).await?;
    let rows = document::Entity::find().filter(document::Column::Sha256.is_in(old.clone())).all(&tx).await?;
    for key in old.iter().filter(|key| rows.iter().all(|row| row.sha256 != **key)) {
        services.files.remove(key).await?;
    }
    tx.commit().await?;
    Ok(())
}

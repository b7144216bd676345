//! Forgets uploads nobody attached, and contents no row names.

use entity::{document, thumbnail};
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
        if !is_named(&tx, &row.sha256).await? {
            services.files.remove(&row.sha256).await?;
        }
    }
    tx.commit().await?;
    Ok(rows.len())
}

/// Whether a file or a thumbnail has this content: a thumbnail that somebody uploads again is both.
async fn is_named(tx: &DatabaseTransaction, key: &str) -> Result<bool, ServiceError> {
    let file = document::Entity::find().filter(document::Column::Sha256.eq(key)).one(tx).await?;
    if file.is_some() {
        return Ok(true);
    }
    Ok(thumbnail::Entity::find().filter(thumbnail::Column::Sha256.eq(key)).one(tx).await?.is_some())
}

/// Nobody adds a row meanwhile: SQLite has one writer anyway, PostgreSQL is asked to wait with insertions and changes.
async fn lock(services: &Services) -> Result<DatabaseTransaction, ServiceError> {
    let tx = services.db.begin().await?;
    if services.db.engine() == Engine::Postgres {
        Sql::new("LOCK TABLE document, thumbnail IN SHARE ROW EXCLUSIVE MODE").run(&tx).await?;
    }
    Ok(tx)
}

/// Under the lock, so that no upload names a content between the look and its removal.
async fn unnamed(services: &Services, old: Vec<String>) -> Result<(), ServiceError> {
    let tx = lock(services).await?;
    let rows = document::Entity::find().filter(document::Column::Sha256.is_in(old.clone())).all(&tx).await?;
    let small = thumbnail::Entity::find().filter(thumbnail::Column::Sha256.is_in(old.clone())).all(&tx).await?;
    for key in &old {
        let is_file = rows.iter().any(|row| row.sha256 == *key);
        if !is_file && small.iter().all(|row| row.sha256.as_ref() != Some(key)) {
            services.files.remove(key).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

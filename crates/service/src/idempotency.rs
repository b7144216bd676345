//! The same command under the same key happens once (T-GEN-08, A-IDM-01).

use domain::error::{AppError, Code};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;

/// Hash of what a command carries, to tell a twin from another command under the same key.
#[must_use]
pub fn content_hash(content: &impl Serialize) -> String {
    let bytes = serde_json::to_vec(content).unwrap_or_default();
    Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Claims `key` for this transaction, or returns the answer of the twin that had it first.
///
/// A twin that still runs is waited for: by the unique index on PostgreSQL, by the write lock on SQLite.
///
/// # Errors
/// `Invalid` on `key` for a malformed key; `Refused(IdempotencyMismatch)` for other content under the same key.
pub(crate) async fn claim<T: DeserializeOwned>(
    w: &Work,
    scope: &str,
    key: &str,
    hash: &str,
) -> Result<Option<T>, ServiceError> {
    if key.is_empty() {
        return Ok(None);
    }
    if key.len() > 128 || !key.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return Err(AppError::field("key", Code::Invalid).into());
    }
    let mut insert = Sql::new("INSERT INTO idempotency (user_id, scope, key, content_hash, created_at) VALUES (");
    insert
        .bind(w.actor().id())
        .push_bind(",", scope)
        .push_bind(",", key)
        .push_bind(",", hash)
        .push_bind(",", w.now())
        .push(") ON CONFLICT DO NOTHING");
    if insert.run(&w.tx).await?.rows_affected() == 1 {
        return Ok(None);
    }
    let mut select = Sql::new("SELECT content_hash, answer FROM idempotency WHERE user_id = ");
    select.bind(w.actor().id()).push_bind(" AND scope = ", scope).push_bind(" AND key = ", key);
    let rows = select.rows(&w.tx).await?;
    let Some(row) = rows.first() else { return Err(AppError::refused(Code::RequestInProgress).into()) };
    let stored: String = row.try_get("", "content_hash")?;
    if stored != hash {
        return Err(AppError::refused(Code::IdempotencyMismatch).into());
    }
    let answer: Option<String> = row.try_get("", "answer")?;
    Ok(answer.map(|text| serde_json::from_str(&text)).transpose()?)
}

/// Stores the answer under the key claimed before.
pub(crate) async fn answer(w: &Work, scope: &str, key: &str, answer: &impl Serialize) -> Result<(), ServiceError> {
    if key.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("UPDATE idempotency SET answer = ");
    sql.bind(serde_json::to_string(answer)?)
        .push_bind(" WHERE user_id = ", w.actor().id())
        .push_bind(" AND scope = ", scope)
        .push_bind(" AND key = ", key);
    sql.run(&w.tx).await?;
    Ok(())
}

/// Whether a key of the actor already has its answer, so that a repeated answer can say so (A-IDM-01).
///
/// Asked before the command runs: of two twins that run at once, neither is told.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn is_answered(ctx: &crate::ctx::Ctx, scope: &str, key: &str) -> Result<bool, ServiceError> {
    if key.is_empty() {
        return Ok(false);
    }
    let mut sql = Sql::new("SELECT 1 AS found FROM idempotency WHERE answer IS NOT NULL AND user_id = ");
    sql.bind(ctx.actor.id()).push_bind(" AND scope = ", scope).push_bind(" AND key = ", key);
    Ok(!sql.rows(ctx.db().reader()).await?.is_empty())
}

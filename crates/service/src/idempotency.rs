//! The same command under the same key happens once (T-GEN-08, A-IDM-01), and is answered as it was answered first.
//!
//! A command claims its key in its own transaction. What was answered over the wire is kept beside it, so that a program that
//! lost its connection learns the outcome of then, whatever has happened since.

use domain::error::{AppError, Code};
use sea_orm::DbErr;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::ctx::Ctx;
use crate::db::Db;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::{self, Work};

/// Seconds a key is kept: seven days.
const LIFE: i64 = 7 * 86_400;

/// Hash of what a command carries, to tell a twin from another command under the same key.
#[must_use]
pub fn content_hash(content: &impl Serialize) -> String {
    let bytes = serde_json::to_vec(content).unwrap_or_default();
    Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a key stands for already.
#[derive(Debug)]
pub(crate) struct Kept {
    /// Hash of the content that came with it.
    pub(crate) content_hash: String,
    /// What its command answered, as JSON.
    pub(crate) answer: Option<String>,
}

/// Takes `key` for this transaction, or tells what a twin kept under it. A key past its life is as good as new.
///
/// A twin that still runs is waited for: by the unique index on PostgreSQL, by the write lock on SQLite.
///
/// # Errors
/// `Invalid` on `key` for a malformed key; `Refused(RequestInProgress)` for a twin that does not end.
pub(crate) async fn take(w: &Work, scope: &str, key: &str, hash: &str) -> Result<Option<Kept>, ServiceError> {
    take_answering(w, scope, key, hash, None).await
}

/// The same with the answer, where it is known before the command runs.
async fn take_answering(
    w: &Work,
    scope: &str,
    key: &str,
    hash: &str,
    answer: Option<String>,
) -> Result<Option<Kept>, ServiceError> {
    if key.is_empty() {
        return Ok(None);
    }
    if key.len() > 128 || !key.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return Err(AppError::field("key", Code::Invalid).into());
    }
    let mut insert =
        Sql::new("INSERT INTO idempotency (user_id, scope, key, content_hash, answer, created_at) VALUES (");
    insert
        .bind(w.actor().id())
        .push_bind(",", scope)
        .push_bind(",", key)
        .push_bind(",", hash)
        .push_bind(",", answer)
        .push_bind(",", w.now())
        .push(") ON CONFLICT (user_id, scope, key) DO UPDATE SET content_hash = excluded.content_hash, answer = excluded.answer, ")
        .push_bind("created_at = excluded.created_at WHERE idempotency.created_at <= ", w.now() - LIFE);
    if insert.run(&w.tx).await.map_err(waited_for)?.rows_affected() == 1 {
        return Ok(None);
    }
    let mut select = Sql::new("SELECT content_hash, answer FROM idempotency WHERE user_id = ");
    select.bind(w.actor().id()).push_bind(" AND scope = ", scope).push_bind(" AND key = ", key);
    let rows = select.rows(&w.tx).await?;
    let Some(row) = rows.first() else { return Err(AppError::refused(Code::RequestInProgress).into()) };
    Ok(Some(Kept { content_hash: row.try_get("", "content_hash")?, answer: row.try_get("", "answer")? }))
}

/// PostgreSQL ends the wait for a twin after ten seconds (A-ERR: `request_in_progress`).
fn waited_for(error: DbErr) -> ServiceError {
    if crate::error::is_lock_timeout(&error) { Code::RequestInProgress.into() } else { error.into() }
}

/// Claims `key` for this transaction, or returns the answer of the twin that had it first.
///
/// # Errors
/// As `take`; `Refused(IdempotencyMismatch)` for other content under the same key.
pub(crate) async fn claim<T: DeserializeOwned>(
    w: &Work,
    scope: &str,
    key: &str,
    hash: &str,
) -> Result<Option<T>, ServiceError> {
    told(take(w, scope, key, hash).await?, hash)
}

/// The same for a command whose answer is known before it runs, like the id of what it makes: `answer` need not be called.
///
/// # Errors
/// As `claim`.
pub(crate) async fn claim_answering<T: Serialize + DeserializeOwned>(
    w: &Work,
    scope: &str,
    key: &str,
    hash: &str,
    answer: &T,
) -> Result<Option<T>, ServiceError> {
    told(take_answering(w, scope, key, hash, Some(serde_json::to_string(answer)?)).await?, hash)
}

fn told<T: DeserializeOwned>(kept: Option<Kept>, hash: &str) -> Result<Option<T>, ServiceError> {
    let Some(kept) = kept else { return Ok(None) };
    if kept.content_hash != hash {
        return Err(AppError::refused(Code::IdempotencyMismatch).into());
    }
    Ok(kept.answer.map(|text| serde_json::from_str(&text)).transpose()?)
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
pub async fn is_answered(ctx: &Ctx, scope: &str, key: &str) -> Result<bool, ServiceError> {
    if key.is_empty() {
        return Ok(false);
    }
    let mut sql = Sql::new("SELECT 1 AS found FROM idempotency WHERE answer IS NOT NULL AND user_id = ");
    sql.bind(ctx.actor.id())
        .push_bind(" AND scope = ", scope)
        .push_bind(" AND key = ", key)
        .push_bind(" AND created_at > ", ctx.now() - LIFE);
    Ok(!sql.rows(ctx.db().reader()).await?.is_empty())
}

/// The content hash kept under an answered key of the actor, for contents that are not compared by equality of hashes.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn kept_hash(ctx: &Ctx, scope: &str, key: &str) -> Result<Option<String>, ServiceError> {
    if key.is_empty() {
        return Ok(None);
    }
    let mut sql = Sql::new("SELECT content_hash FROM idempotency WHERE answer IS NOT NULL AND user_id = ");
    sql.bind(ctx.actor.id())
        .push_bind(" AND scope = ", scope)
        .push_bind(" AND key = ", key)
        .push_bind(" AND created_at > ", ctx.now() - LIFE);
    Ok(sql.scalar(ctx.db().reader()).await?)
}

/// What was answered under a key of the actor, for a page that shows it once more; nothing where he has no such key.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn answered<T: DeserializeOwned>(
    ctx: &Ctx,
    scope: &str,
    key: &str,
) -> Result<Option<T>, ServiceError> {
    if key.is_empty() {
        return Ok(None);
    }
    let mut sql = Sql::new("SELECT answer FROM idempotency WHERE answer IS NOT NULL AND user_id = ");
    sql.bind(ctx.actor.id())
        .push_bind(" AND scope = ", scope)
        .push_bind(" AND key = ", key)
        .push_bind(" AND created_at > ", ctx.now() - LIFE);
    let kept: Option<String> = sql.scalar(ctx.db().reader()).await?;
    Ok(kept.map(|text| serde_json::from_str(&text)).transpose()?)
}

/// Name under which the wire answers about an object are kept; `about` is `ticket 42`, or empty for what has no ticket.
fn replies(about: &str) -> String {
    format!("reply:{about}")
}

/// Keeps what is about to be answered under a key, or tells what was kept before: the first answer is given for ever.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn keep_reply(ctx: &Ctx, about: &str, key: &str, reply: String) -> Result<Option<String>, ServiceError> {
    let (scope, key) = (replies(about), key.to_owned());
    work::write(ctx, move |w| {
        let (scope, key, reply) = (scope.clone(), key.clone(), reply.clone());
        Box::pin(async move {
            if let Some(kept) = take(w, &scope, &key, "").await? {
                return Ok(kept.answer);
            }
            let mut sql = Sql::new("UPDATE idempotency SET answer = ");
            sql.bind(reply)
                .push_bind(" WHERE user_id = ", w.actor().id())
                .push_bind(" AND scope = ", scope)
                .push_bind(" AND key = ", key);
            sql.run(&w.tx).await?;
            Ok(None)
        })
    })
    .await
}

/// Forgets the wire answers about a ticket: they hold its texts, which leave with it (T-TKT-08).
pub(crate) async fn forget_replies(w: &Work, about: &str) -> Result<(), ServiceError> {
    let mut sql = Sql::new("DELETE FROM idempotency WHERE created_at > ");
    // Older ones go by themselves; the bound lets the engine look at the youngest only.
    sql.bind(w.now() - LIFE).push_bind(" AND scope = ", replies(about));
    sql.run(&w.tx).await?;
    Ok(())
}

/// Forgets keys past their life.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn sweep(db: &Db, now: i64) -> Result<(), ServiceError> {
    Sql::new("DELETE FROM idempotency WHERE created_at <= ").bind(now - LIFE).run(db.writer()).await?;
    Ok(())
}

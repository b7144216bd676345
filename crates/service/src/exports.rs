//! What leaves the desk as a file: limited by number (A-AUT-04), and every one of them a row of the audit log.

use domain::error::AppError;
use serde_json::Value;
use uuid::Uuid;

use crate::audit;
use crate::ctx::Ctx;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::{self, Work};

/// Exports of a person in one minute, over all instances.
const A_MINUTE: i64 = 10;
/// How the kinds of all audit rows about exports end.
const ENDING: &str = "_exported";

/// An export that is about to begin.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// Entity of the object.
    pub(crate) entity: Uuid,
    /// What kind of list, such as `history`.
    pub(crate) list: &'static str,
    /// Of what, such as the number of a ticket.
    pub(crate) object: String,
    /// Filters and number of rows.
    pub(crate) data: Value,
}

/// Writes that somebody takes rows along, before he gets the first one.
///
/// # Errors
/// `TooMany` above 10 exports a minute.
pub(crate) async fn note(ctx: &Ctx, told: Told) -> Result<(), ServiceError> {
    work::write(ctx, move |w| {
        let told = told.clone();
        Box::pin(async move {
            require_patience(w).await?;
            let kind = [told.list, ENDING].concat();
            audit::record(w, &kind, Some(told.entity), told.object, &told.data).await
        })
    })
    .await
}

/// The exports of the last minute are those of the audit log. They are counted under the lock of the account, so that exports
/// that begin at once count each other.
async fn require_patience(w: &Work) -> Result<(), ServiceError> {
    if w.ctx.db().engine() == Engine::Postgres {
        let mut lock = Sql::new("SELECT id FROM app_user WHERE id = ");
        lock.bind(w.actor().id()).push(" FOR NO KEY UPDATE").rows(&w.tx).await?;
    }
    let mut sql = Sql::new("SELECT COUNT(*) AS made, MIN(at) AS oldest FROM audit WHERE at > ");
    sql.bind(w.now() - 60)
        .push_bind(" AND user_id = ", w.actor().id())
        .push_bind(" AND kind LIKE ", ["%", ENDING].concat());
    let rows = sql.rows(&w.tx).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let made: i64 = row.try_get("", "made")?;
    let oldest: Option<i64> = row.try_get("", "oldest")?;
    if made < A_MINUTE {
        return Ok(());
    }
    let wait = oldest.map_or(60, |at| at + 60 - w.now());
    Err(AppError::TooMany { retry_s: u32::try_from(wait.max(1)).unwrap_or(60) }.into())
}

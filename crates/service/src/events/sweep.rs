//! Forgets changes nobody can resume from any more (A-EVT-03).
//!
//! What is deleted is always the beginning of the order in which the table is read, so that one look at its first row says whether
//! somebody missed anything ([`super::is_kept`]). The newest row stays however old it is: it is where those stand who heard of
//! everything, and numbers go on after it.

use sea_orm::FromQueryResult;

use super::Position;
use crate::db::{Db, Engine};
use crate::error::ServiceError;
use crate::sql::Sql;

/// How long a listener may be away and resume, in seconds: 48 hours.
const KEPT_FOR: i64 = 172_800;
/// Rows of one statement: who writes meanwhile waits for no more.
const BATCH: usize = 1_000;

#[derive(Debug, FromQueryResult)]
struct Row {
    xid: i64,
    seq: i64,
    at: i64,
}

/// Deletes what is older than 48 hours at `now` (seconds since 1970), and answers how many rows that were. Safe with several
/// instances: a beginning that is gone is deleted twice at most.
///
/// # Errors
/// `Unavailable` when the database is away; the next run goes on.
pub async fn sweep(db: &Db, now: i64) -> Result<usize, ServiceError> {
    let mut forgotten = 0;
    while let Some(some) = forget(db, now - KEPT_FOR).await? {
        forgotten += some;
        tokio::task::yield_now().await;
    }
    Ok(forgotten)
}

/// Deletes some of the first rows, those that were written at `before` or earlier; answers how many were still there, and nothing
/// where there is none.
async fn forget(db: &Db, before: i64) -> Result<Option<usize>, ServiceError> {
    let first = i64::try_from(BATCH).unwrap_or(i64::MAX).saturating_add(1);
    let mut sql = Sql::new("SELECT xid, seq, at FROM event");
    let rows: Vec<Row> = sql.push(in_order(db)).push_bind(" LIMIT ", first).all(db.reader()).await?;
    let but_one = rows.len().saturating_sub(1);
    let Some(last) = rows.iter().take(but_one).take_while(|row| row.at <= before).last() else { return Ok(None) };
    let mut sql = Sql::new("DELETE FROM event WHERE ");
    match db.engine() {
        Engine::Sqlite => sql.push_bind("seq <= ", last.seq),
        Engine::Postgres => sql.push_bind("(xid, seq) <= (", last.xid).push_bind(", ", last.seq).push(")"),
    };
    Ok(Some(usize::try_from(sql.run(db.writer()).await?.rows_affected()).unwrap_or(BATCH)))
}

/// The first row that is kept; nothing before anything has happened.
pub(super) async fn oldest(db: &Db) -> Result<Option<Position>, ServiceError> {
    let mut sql = Sql::new("SELECT xid, seq, at FROM event");
    let row: Option<Row> = sql.push(in_order(db)).push(" LIMIT 1").one(db.reader()).await?;
    Ok(row.map(|row| Position(row.xid, row.seq)))
}

/// The order in which the table is read.
const fn in_order(db: &Db) -> &'static str {
    match db.engine() {
        Engine::Sqlite => " ORDER BY seq",
        Engine::Postgres => " ORDER BY xid, seq",
    }
}

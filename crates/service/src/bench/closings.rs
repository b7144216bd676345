//! The job that closes what nobody answered (T-SOL-11), with very many tickets due at once, beside people who go on working.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures::future::{join, join_all};
use uuid::Uuid;

use super::{Bench, BenchRow};
use crate::error::ServiceError;
use crate::jobs::close_solved;
use crate::sql::Sql;

/// A ticket may take so long on average: ten thousand a minute.
const EACH: Duration = Duration::from_millis(6);
/// Registering an occurrence may take so many times as long as usual meanwhile.
const SLOWER: u64 = 2;
/// From one occurrence of a person to his next: they work, and do not only press the button.
const PACE: Duration = Duration::from_millis(250);
/// Tickets of one statement.
const BATCH: usize = 500;

impl Bench<'_> {
    /// Makes so many solved and closed tickets due, and closes them; `usual` is the 99th percentile of registering an occurrence
    /// when nothing is due, in microseconds. 0 tickets measure nothing.
    pub(super) async fn closings(&self, count: usize, usual: u64) -> Result<Vec<BenchRow>, ServiceError> {
        let due = self.make_due(count).await?;
        if due == 0 {
            return Ok(Vec::new());
        }
        let numbers = self.writable().await?;
        let is_over = AtomicBool::new(false);
        let writers = join_all(numbers.iter().map(|number| self.write_until(*number, &is_over)));
        let (closed, written) = join(self.close(&is_over), writers).await;
        let mut times = Vec::new();
        for of_one in written {
            times.extend(of_one?);
        }
        let limit = EACH.saturating_mul(u32::try_from(due).unwrap_or(u32::MAX));
        let beside = Duration::from_micros(usual.saturating_mul(SLOWER));
        Ok(vec![
            BenchRow::of(format!("automatic closing of {due} tickets"), vec![closed?], limit),
            BenchRow::of(format!("register beside it, {} people", numbers.len()), times, beside),
        ])
    }

    /// The newest tickets that were solved wait for their answer, which should have come by now.
    async fn make_due(&self, count: usize) -> Result<usize, ServiceError> {
        let mut sql = Sql::new(
            "SELECT t.id FROM ticket t WHERE t.status IN ('solved','closed') AND t.solved_at IS NOT NULL AND t.deleted_at IS NULL \
             AND t.merged_into_id IS NULL ORDER BY t.number DESC LIMIT ",
        );
        sql.bind(i64::try_from(count).unwrap_or(i64::MAX));
        let mut ids: Vec<Uuid> = Vec::new();
        for row in sql.rows(self.services.db.reader()).await? {
            ids.push(row.try_get("", "id")?);
        }
        for part in ids.chunks(BATCH) {
            let tx = self.services.db.begin().await?;
            let mut sql = Sql::new("UPDATE ticket SET status = 'solved', closed_at = NULL, close_due_at = ");
            sql.bind(self.services.now()).push(" WHERE id IN ").list(part.iter().copied()).run(&tx).await?;
            let mut sql =
                Sql::new("UPDATE status_interval SET status = 'solved' WHERE to_at IS NULL AND ticket_id IN ");
            sql.list(part.iter().copied()).run(&tx).await?;
            tx.commit().await?;
        }
        Ok(ids.len())
    }

    /// Closes until nothing is due, and tells those who write beside it.
    async fn close(&self, is_over: &AtomicBool) -> Result<Duration, ServiceError> {
        let start = Instant::now();
        let closed = loop {
            match close_solved(self.services).await {
                Ok(0) => break Ok(start.elapsed()),
                Ok(_more) => {}
                Err(error) => break Err(error),
            }
        };
        is_over.store(true, Ordering::Relaxed);
        closed
    }

    async fn write_until(&self, ticket: i64, is_over: &AtomicBool) -> Result<Vec<Duration>, ServiceError> {
        let mut times = Vec::new();
        while !is_over.load(Ordering::Relaxed) {
            times.push(self.write_one(ticket, times.len()).await?);
            tokio::time::sleep(PACE).await;
        }
        Ok(times)
    }
}

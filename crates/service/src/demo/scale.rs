//! Desks of any size, for measurements: the same seed gives the same tickets on both engines.

mod bulk;
mod cast;
mod customers;
mod make;
mod team;
mod vocabulary;

use sea_orm::ConnectionTrait;

use self::cast::Cast;
pub use self::customers::{CustomerProbes, customer_probes, generate_customers};
use self::make::{Batch, Order};
pub use self::team::team;
pub use self::vocabulary::ProbeWords;
use self::vocabulary::Vocabulary;
use super::random::Random;
use crate::ctx::Services;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::sql::Sql;

/// Tickets of one transaction.
const BATCH: u64 = 500;
/// The desk goes back so many seconds: three years.
const PAST: i64 = 3 * 365 * 86_400;
/// From so many occurrences on, two tickets have a fixed number of them.
const MARKED_FROM: u64 = 50_000;
/// Occurrences of the two tickets on which the page of a ticket is measured: a long one, a very long one.
const MARKED: [u64; 2] = [200, 5_000];
/// Most occurrences of any other ticket, unless the average is near it.
const ENTRIES_MAX: u64 = 150;

/// Adds `tickets` tickets with together `occurrences` occurrences to the demo desk, which is loaded when the database is
/// empty; 500 tickets a transaction, so that an interrupted run leaves whole tickets. `progress` hears how many there are.
///
/// From 50 000 occurrences on, one ticket has exactly 200 of them and one 5 000; both belong to `requester1` and `tech1`.
/// Beside the people of the demo desk it adds others in proportion, so that nobody has thousands of requests.
///
/// # Errors
/// `Unavailable` when the database is away; `Internal` when it holds another desk than the demo desk; `StorageFull`.
pub async fn generate(
    services: &Services,
    tickets: u64,
    occurrences: u64,
    seed: u64,
    progress: impl Fn(u64),
) -> Result<(), ServiceError> {
    if super::is_empty(services).await? {
        super::load_desk(services, seed).await?;
    }
    let mut random = Random::new(seed);
    let vocabulary = Vocabulary::load()?;
    let cast = Cast::assemble(services, tickets, &mut random).await?;
    tune(services, true).await?;
    let engine = services.db.engine();
    let mut shares = Shares::new(tickets, occurrences);
    let mut batch = Batch::new(&cast, &vocabulary, engine, services.now());
    let mut calendar = Calendar { start: services.now() - PAST, width: PAST - 3_600, total: tickets, done: 0 };
    while shares.tickets > 0 {
        let size = shares.tickets.min(BATCH);
        let tx = services.db.begin().await?;
        let first = numbers(&tx, size).await?;
        batch.begin(&tx).await?;
        for (number, _ticket) in (first..).zip(0..size) {
            let (entries, marked) = shares.next(&mut random);
            batch.add(Order { number, opened_at: calendar.next(&mut random), entries, marked }, &mut random);
        }
        batch.write(&tx).await?;
        tx.commit().await?;
        progress(tickets - shares.tickets);
    }
    tune(services, false).await?;
    analyse(services).await
}

/// The words a measurement looks for in a generated desk.
///
/// # Errors
/// `Internal` when the demo tickets cannot be read, which a test excludes.
pub fn probe_words() -> Result<ProbeWords, ServiceError> {
    Ok(Vocabulary::load()?.probe())
}

/// Takes the next `count` numbers; answers the first.
async fn numbers(connection: &impl ConnectionTrait, count: u64) -> Result<i64, ServiceError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let mut sql = Sql::new("UPDATE number_sequence SET value = value + ");
    sql.bind(count).push(" WHERE name = 'ticket' RETURNING value");
    let last: Option<i64> = sql.scalar(connection).await?;
    let last = last.ok_or_else(|| ServiceError::internal("number sequence 'ticket' is missing"))?;
    Ok(last - count + 1)
}

/// What makes many rows faster and loses nothing when the run breaks off.
async fn tune(services: &Services, on: bool) -> Result<(), ServiceError> {
    let writer = services.db.writer();
    match services.db.engine() {
        // The pool that writes has one connection, so a PRAGMA reaches the right one.
        Engine::Sqlite => {
            writer
                .execute_unprepared(if on { "PRAGMA cache_size = -65536" } else { "PRAGMA cache_size = -8000" })
                .await?;
        }
        Engine::Postgres => {
            for table in ["search_public", "search_private"] {
                let state = if on { "on" } else { "off" };
                writer.execute_unprepared(&format!("ALTER INDEX {table}_words SET (fastupdate = {state})")).await?;
                if !on {
                    clean_pending(services, table).await?;
                }
            }
        }
    }
    Ok(())
}

/// Moves what `fastupdate` collected into the index proper.
async fn clean_pending(services: &Services, table: &str) -> Result<(), ServiceError> {
    let tx = services.db.begin().await?;
    tx.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
    tx.execute_unprepared(&format!("SELECT gin_clean_pending_list('{table}_words')")).await?;
    tx.commit().await?;
    Ok(())
}

/// Tells the planner what is there now.
async fn analyse(services: &Services) -> Result<(), ServiceError> {
    match services.db.engine() {
        Engine::Sqlite => {
            services.db.writer().execute_unprepared("ANALYZE").await?;
        }
        Engine::Postgres => {
            let tx = services.db.begin().await?;
            tx.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
            tx.execute_unprepared("ANALYZE").await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// Moments of opening, in order, spread evenly with some chance.
struct Calendar {
    start: i64,
    width: i64,
    total: u64,
    done: u64,
}

impl Calendar {
    fn next(&mut self, random: &mut Random) -> i64 {
        let total = i64::try_from(self.total.max(1)).unwrap_or(i64::MAX);
        let done = i64::try_from(self.done).unwrap_or(i64::MAX);
        self.done += 1;
        let step = self.width / total;
        // The width in seconds times a million tickets is far below 2^63.
        self.start + self.width.saturating_mul(done) / total + random.between(0, step)
    }
}

/// How many tickets and occurrences are still to come.
struct Shares {
    tickets: u64,
    occurrences: u64,
    marked: std::slice::Iter<'static, u64>,
    max: u64,
}

impl Shares {
    fn new(tickets: u64, occurrences: u64) -> Self {
        let marked: &'static [u64] = if occurrences >= MARKED_FROM && tickets > 2 { &MARKED } else { &[] };
        let average = occurrences.checked_div(tickets).unwrap_or(0);
        Self { tickets, occurrences, marked: marked.iter(), max: ENTRIES_MAX.max(average.saturating_mul(6)) }
    }

    /// Occurrences of the next ticket: many have few, few have many, the last one takes what is left.
    fn next(&mut self, random: &mut Random) -> (u64, bool) {
        let marked = self.marked.next().copied();
        let entries = match marked {
            Some(entries) => entries,
            None if self.tickets <= 1 => self.occurrences,
            None => {
                // In thousandths of the average; their mean is one average.
                let times = match random.below(100) {
                    0..45 => 300,
                    45..85 => 900,
                    85..97 => 2_200,
                    _ => 8_000,
                };
                let scale = self.tickets.saturating_mul(1_000);
                let share = self.occurrences.saturating_mul(times).saturating_add(random.below(scale));
                share.checked_div(scale).unwrap_or(0).min(self.max).min(self.occurrences)
            }
        };
        self.tickets = self.tickets.saturating_sub(1);
        self.occurrences = self.occurrences.saturating_sub(entries);
        (entries, marked.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_occurrences_are_shared_out() {
        for (tickets, occurrences) in [(1, 7), (100, 0), (1_000, 5_000), (20_000, 100_000)] {
            let (mut shares, mut random) = (Shares::new(tickets, occurrences), Random::new(5));
            let all: Vec<(u64, bool)> = (0..tickets).map(|_| shares.next(&mut random)).collect();
            assert_eq!(all.iter().map(|(entries, _)| entries).sum::<u64>(), occurrences, "{tickets}");
            let marked: Vec<u64> = all.iter().filter(|(_, marked)| *marked).map(|(entries, _)| *entries).collect();
            let expected: &[u64] = if occurrences >= MARKED_FROM { &MARKED } else { &[] };
            assert_eq!(marked, expected);
        }
    }

    #[test]
    fn tickets_are_opened_one_after_the_other_within_three_years() {
        let mut calendar = Calendar { start: 1_000, width: 9_000, total: 10, done: 0 };
        let mut random = Random::new(1);
        let moments: Vec<i64> = (0..10).map(|_| calendar.next(&mut random)).collect();
        assert!(moments.is_sorted() && moments.iter().all(|at| (1_000..=10_000).contains(at)), "{moments:?}");
    }
}

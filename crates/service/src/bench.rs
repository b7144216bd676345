//! Measures the operations people wait for, through the functions the pages call: as `tech1` and `requester1` of the demo
//! desk, with the rights read anew for every operation, as every request does.
//!
//! Belongs here: what needs no HTTP. Streams and pages are measured by the command line, with the people of `guests`.

mod closings;
mod customers;
mod dashboards;
mod guests;
mod histories;
mod mails;
mod sink;
mod stats;

use std::future::Future;
use std::time::{Duration, Instant};

use domain::error::AppError;
use domain::forms::AddOccurrence;
use domain::views::{ListQuery, TimelineQuery};
use entity::app_user;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

pub use self::guests::{Guest, Reader, guests, reader, speak, speaker};
pub use self::mails::mails;
pub use self::stats::{BenchRow, table};
use crate::actor::Actor;
use crate::ctx::{Ctx, Services, random_token};
use crate::demo::scale;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::{occurrences, requests, search, tickets};

/// Limits of the 99th percentile.
const LIST: Duration = Duration::from_millis(50);
const TICKET: Duration = Duration::from_millis(80);
const SEARCH: Duration = Duration::from_millis(60);
const WRITE: Duration = Duration::from_millis(60);
/// Operations before the measured ones.
const WARM_UP: usize = 3;
/// The deep page begins after so many pages of 200 rows.
const DEEP: usize = 50;
/// Most occurrences of the ticket whose page is measured.
const LONG: i64 = 250;
/// Whose desk it is, and who asks.
const AGENT: &str = "tech1@demo.guichet.test";
const REQUESTER: &str = "requester1@demo.guichet.test";
const SUPERVISOR: &str = "supervisor1@demo.guichet.test";

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BenchOptions {
    /// Repetitions of each reading operation.
    pub reads: usize,
    /// How many write at the same time, each on a ticket of his own.
    pub writers: usize,
    /// Occurrences each of them registers.
    pub writes: usize,
    /// Tickets that are due to be closed at once; 0 closes none.
    pub closings: usize,
}

impl Default for BenchOptions {
    fn default() -> Self {
        Self { reads: 200, writers: 8, writes: 25, closings: 10_000 }
    }
}

/// Runs all measurements. The written occurrences stay, as do the people of the planner, and what was due is closed.
///
/// # Errors
/// `NotFound` when the database does not hold the demo desk; what a measured operation refuses.
pub async fn run(services: &Services, options: BenchOptions) -> Result<Vec<BenchRow>, ServiceError> {
    let bench = Bench::on(services, options).await?;
    let mut rows = bench.lists().await?;
    rows.extend(bench.pages().await?);
    rows.extend(bench.histories().await?);
    rows.extend(bench.searches().await?);
    rows.push(bench.dashboard().await?);
    rows.push(bench.planner().await?);
    rows.extend(bench.customers().await?);
    let writes = bench.writes().await?;
    let usual = writes.p99;
    rows.push(writes);
    rows.extend(bench.closings(options.closings, usual).await?);
    Ok(rows)
}

async fn account(services: &Services, email: &str) -> Result<Uuid, ServiceError> {
    let found = app_user::Entity::find().filter(app_user::Column::EmailKey.eq(email)).one(services.db.reader()).await?;
    found.map(|user| user.id).ok_or_else(|| AppError::NotFound.into())
}

/// Who measures what.
#[derive(Debug)]
struct Bench<'a> {
    services: &'a Services,
    options: BenchOptions,
    agent: Uuid,
    requester: Uuid,
}

impl<'a> Bench<'a> {
    async fn on(services: &'a Services, options: BenchOptions) -> Result<Self, ServiceError> {
        let (agent, requester) = (account(services, AGENT).await?, account(services, REQUESTER).await?);
        Ok(Self { services, options, agent, requester })
    }

    /// The context of a request of somebody.
    async fn ctx(&self, user: Uuid) -> Result<Ctx, ServiceError> {
        let reader = self.services.db.reader();
        let user = app_user::Entity::find_by_id(user).one(reader).await?.ok_or(AppError::NotFound)?;
        Ok(Ctx::new(self.services.clone(), Actor::load(reader, user, String::new()).await?).scripted(true))
    }

    async fn measure<F>(
        &self,
        name: &str,
        limit: Duration,
        mut run: impl FnMut() -> F,
    ) -> Result<BenchRow, ServiceError>
    where
        F: Future<Output = Result<(), ServiceError>>,
    {
        for _warm_up in 0..WARM_UP {
            run().await?;
        }
        let mut times = Vec::with_capacity(self.options.reads);
        for _read in 0..self.options.reads {
            let start = Instant::now();
            run().await?;
            times.push(start.elapsed());
        }
        Ok(BenchRow::of(name.to_owned(), times, limit))
    }

    async fn lists(&self) -> Result<Vec<BenchRow>, ServiceError> {
        let words = scale::probe_words()?;
        let open = ListQuery { status: "not_closed".to_owned(), count: true, ..ListQuery::default() };
        let deep = self.deep_cursor(ListQuery { status: "all".to_owned(), ..ListQuery::default() }).await?;
        let queries = [
            ("list, first page", open.clone()),
            ("list, deep page", deep),
            ("list, assigned to me", ListQuery { assignee: "me".to_owned(), ..open.clone() }),
            ("list, text", ListQuery { text: words.common, ..open }),
        ];
        let mut rows = Vec::new();
        for (name, query) in queries {
            let run = || async { tickets::list(&self.ctx(self.agent).await?, query.clone()).await.map(drop) };
            rows.push(self.measure(name, LIST, run).await?);
        }
        let run = || async { requests::list(&self.ctx(self.requester).await?, ListQuery::default()).await.map(drop) };
        rows.push(self.measure("requests, first page", LIST, run).await?);
        Ok(rows)
    }

    /// The query for the page after many others, found as a person finds it: page by page.
    async fn deep_cursor(&self, mut query: ListQuery) -> Result<ListQuery, ServiceError> {
        let ctx = self.ctx(self.agent).await?;
        for _page in 0..DEEP {
            let page = tickets::list(&ctx, ListQuery { limit: 200, ..query.clone() }).await?;
            let Some(next) = page.next_cursor else { break };
            query.cursor = next;
        }
        Ok(query)
    }

    async fn pages(&self) -> Result<Vec<BenchRow>, ServiceError> {
        let mut rows = Vec::new();
        for (name, number) in [
            ("ticket page, 200 occurrences", self.longest(LONG, None).await?),
            ("ticket page, longest", self.longest(i64::MAX, None).await?),
        ] {
            let run = || async {
                tickets::page(&self.ctx(self.agent).await?, number, TimelineQuery::default()).await.map(drop)
            };
            rows.push(self.measure(name, TICKET, run).await?);
        }
        let number = self.longest(LONG, Some(self.requester)).await?;
        let run = || async {
            requests::detail(&self.ctx(self.requester).await?, number, TimelineQuery::default()).await.map(drop)
        };
        rows.push(self.measure("request page", TICKET, run).await?);
        Ok(rows)
    }

    /// The ticket with the most occurrences up to `max`, of a requester if one is named.
    async fn longest(&self, max: i64, requester: Option<Uuid>) -> Result<i64, ServiceError> {
        let mut sql = Sql::new(
            "SELECT t.number FROM ticket t JOIN (SELECT o.ticket_id, COUNT(*) AS n FROM occurrence o GROUP BY o.ticket_id) c \
             ON c.ticket_id = t.id WHERE t.deleted_at IS NULL AND c.n <= ",
        );
        sql.bind(max);
        if let Some(requester) = requester {
            sql.push_bind(
                " AND t.id IN (SELECT ticket_id FROM ticket_actor WHERE role = 'requester' AND user_id = ",
                requester,
            );
            sql.push(")");
        }
        sql.push(" ORDER BY c.n DESC, t.number DESC LIMIT 1");
        let number: Option<i64> = sql.scalar(self.services.db.reader()).await?;
        number.ok_or_else(|| AppError::NotFound.into())
    }

    async fn searches(&self) -> Result<Vec<BenchRow>, ServiceError> {
        let words = scale::probe_words()?;
        let prefix: String = words.common.chars().take(3).collect();
        let queries = [
            ("search, common word", self.agent, words.common.clone()),
            ("search, rare word", self.agent, words.rare),
            ("search, two words", self.agent, format!("{} {}", words.second, words.common)),
            ("search, prefix", self.agent, prefix),
            ("search, common word, requester", self.requester, words.common),
        ];
        let mut rows = Vec::new();
        for (name, user, q) in queries {
            let run = || async { search::search(&self.ctx(user).await?, &q, &[], None, "", 0).await.map(drop) };
            rows.push(self.measure(name, SEARCH, run).await?);
        }
        Ok(rows)
    }

    /// Several people register occurrences at the same time; each answer means that it is saved.
    async fn writes(&self) -> Result<BenchRow, ServiceError> {
        let numbers = self.writable().await?;
        for _warm_up in 0..WARM_UP {
            // All at once, as they write: each on a connection that is open by then.
            let first = futures::future::join_all(numbers.iter().map(|number| self.write_one(*number, 0))).await;
            first.into_iter().try_for_each(|time| time.map(drop))?;
        }
        let all = futures::future::join_all(numbers.iter().map(|number| self.write(*number))).await;
        let mut times = Vec::new();
        for of_one in all {
            times.extend(of_one?);
        }
        let name = format!("register an occurrence, {} at a time", numbers.len());
        Ok(BenchRow::of(name, times, WRITE))
    }

    /// Numbers of tickets the agent works on, one for each writer if there are so many; not the longest.
    async fn writable(&self) -> Result<Vec<i64>, ServiceError> {
        let mut sql = Sql::new(
            "SELECT t.number FROM ticket t JOIN ticket_actor a ON a.ticket_id = t.id AND a.role = 'assignee' \
             WHERE t.status = 'assigned' AND t.deleted_at IS NULL AND a.user_id = ",
        );
        sql.bind(self.agent).push(" AND t.number NOT IN ");
        sql.list([self.longest(LONG, None).await?, self.longest(i64::MAX, None).await?]);
        sql.push_bind(" ORDER BY t.number DESC LIMIT ", i64::try_from(self.options.writers).unwrap_or(i64::MAX));
        let mut numbers = Vec::new();
        for row in sql.rows(self.services.db.reader()).await? {
            numbers.push(row.try_get("", "number")?);
        }
        Ok(numbers)
    }

    async fn write(&self, ticket: i64) -> Result<Vec<Duration>, ServiceError> {
        let mut times = Vec::with_capacity(self.options.writes);
        for index in 0..self.options.writes {
            times.push(self.write_one(ticket, index).await?);
        }
        Ok(times)
    }

    async fn write_one(&self, ticket: i64, index: usize) -> Result<Duration, ServiceError> {
        let form = AddOccurrence {
            ticket,
            key: random_token(16),
            body: format!("<p>Measurement {index}: the gateway was <strong>restarted</strong> and answers again.</p>"),
            visibility: if index.is_multiple_of(3) { "private" } else { "public" }.to_owned(),
            minutes: "15".to_owned(),
            ..AddOccurrence::default()
        };
        let start = Instant::now();
        occurrences::add(&self.ctx(self.agent).await?, form).await?;
        Ok(start.elapsed())
    }
}

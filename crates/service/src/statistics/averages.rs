//! The averages of a dashboard (T-STT-02): the figures of T-CLK-08, so they count working time. Where no calendar counts, the
//! database sums up; where one does, its rows are counted by a table of the hours.

use std::collections::BTreeMap;

use domain::ticket::Status;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::minutes;
use super::period::Asked;
use crate::calendars::{self, WorkingTime};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::Sql;

/// Average minutes of the tickets of a period; `None` without any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Averages {
    /// Until taken into account, of those opened in it.
    pub(super) taken: Option<i64>,
    /// Until solved, of those solved in it.
    pub(super) solving: Option<i64>,
    /// Awaiting approval, of those closed in it.
    pub(super) awaiting: Option<i64>,
    /// Until closed, of those closed in it.
    pub(super) closing: Option<i64>,
}

/// Time that tickets spent, and how many they are.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    seconds: i64,
    n: i64,
}

impl Sum {
    fn plus(self, other: Self) -> Self {
        Self { seconds: self.seconds.saturating_add(other.seconds), n: self.n.saturating_add(other.n) }
    }

    /// Without time that does not count; never negative (T-CLK-08).
    fn average_without(self, held: Self) -> Option<i64> {
        (self.n > 0).then(|| minutes(self.seconds.saturating_sub(held.seconds).max(0) / self.n.max(1)))
    }
}

#[derive(Debug, FromQueryResult)]
struct Total {
    kind: String,
    total: Option<i64>,
    n: i64,
}

#[derive(Debug, FromQueryResult)]
struct Stretch {
    kind: String,
    entity_id: Uuid,
    begin_at: i64,
    end_at: i64,
}

/// The entities of a question, by what counts there as working time.
struct Hours {
    /// Every hour.
    plain: Vec<Uuid>,
    /// The hours of a calendar.
    counted: BTreeMap<Uuid, WorkingTime>,
}

/// A stretch of time of each ticket or of each of its intervals, as SQL.
#[derive(Clone, Copy)]
struct Spent<'a> {
    /// What tells one sum from another that is read in the same walk.
    kind: &'a str,
    begin: &'a str,
    end: &'a str,
    /// What it is read from, `ticket` under the alias `t`.
    source: &'a str,
    /// Column of the ticket that lies in the period.
    of: &'a str,
}

impl<'a> Spent<'a> {
    /// From opening to a date of the ticket.
    const fn until(end: &'a str, of: &'a str) -> Self {
        Self { kind: WHOLE, begin: "t.opened_at", end, source: "ticket t", of }
    }

    /// The intervals that `source` joins, all of them together.
    const fn in_intervals(source: &'a str, of: &'a str) -> Self {
        Self { kind: WHOLE, begin: "i.from_at", end: "i.to_at", source, of }
    }

    /// The same, the intervals of each status for themselves.
    const fn by_status(self) -> Self {
        Self { kind: "i.status", ..self }
    }
}

/// Kind of all there is.
const WHOLE: &str = "''";
const HELD: &str = "ticket t JOIN status_interval i ON i.ticket_id = t.id AND i.to_at IS NOT NULL \
                    AND i.status IN ('pending','solved') AND i.to_at <= t.solved_at";
const UNTIL_CLOSED: &str = "ticket t JOIN status_interval i ON i.ticket_id = t.id AND i.to_at IS NOT NULL \
                            AND i.status IN ('pending','solved') AND i.to_at <= t.closed_at";

/// Computes them for the tickets of the question.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(super) async fn averages(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    asked: &Asked,
) -> Result<Averages, ServiceError> {
    let of_entities = calendars::of_entities(connection, &ctx.actor, &asked.entities).await?;
    let (counted, plain): (BTreeMap<Uuid, WorkingTime>, BTreeMap<Uuid, WorkingTime>) =
        of_entities.into_iter().partition(|(_, time)| time.calendar.is_some());
    let hours = Hours { plain: plain.into_keys().collect(), counted };
    let taken = whole(ctx, connection, asked, &hours, Spent::until("t.taken_at", "opened_at")).await?;
    let solving = whole(ctx, connection, asked, &hours, Spent::until("t.solved_at", "solved_at")).await?;
    let held = whole(ctx, connection, asked, &hours, Spent::in_intervals(HELD, "solved_at")).await?;
    let closing = whole(ctx, connection, asked, &hours, Spent::until("t.closed_at", "closed_at")).await?;
    let until_closed = Spent::in_intervals(UNTIL_CLOSED, "closed_at").by_status();
    let until_closed = sums(ctx, connection, asked, &hours, until_closed).await?;
    let of = |status: Status| until_closed.get(status.as_str()).copied().unwrap_or_default();
    Ok(Averages {
        taken: taken.average_without(Sum::default()),
        solving: solving.average_without(held),
        awaiting: Sum { n: closing.n, ..of(Status::Solved) }.average_without(Sum::default()),
        closing: closing.average_without(of(Status::Pending)),
    })
}

/// All of what is spent.
async fn whole(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    asked: &Asked,
    hours: &Hours,
    spent: Spent<'_>,
) -> Result<Sum, ServiceError> {
    let found = sums(ctx, connection, asked, hours, spent).await?;
    Ok(found.into_values().fold(Sum::default(), Sum::plus))
}

/// What is spent, by its kind.
async fn sums(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    asked: &Asked,
    hours: &Hours,
    spent: Spent<'_>,
) -> Result<BTreeMap<String, Sum>, ServiceError> {
    let Spent { kind, begin, end, source, of } = spent;
    let from = |what: &str, entities: Vec<Uuid>| {
        let mut sql = Sql::new(&format!("SELECT {kind} AS kind, {what} FROM {source} WHERE "));
        sql.append(&asked.tickets(&ctx.actor)).append(&asked.period.holds(of));
        sql.push(&format!(" AND {end} IS NOT NULL AND t.entity_id IN ")).list(entities);
        sql
    };
    let mut out: BTreeMap<String, Sum> = BTreeMap::new();
    if !hours.plain.is_empty() {
        let what = format!("CAST(SUM({end} - {begin}) AS BIGINT) AS total, COUNT(*) AS n");
        let mut sql = from(&what, hours.plain.clone());
        for found in sql.push(" GROUP BY 1").all::<Total>(connection).await? {
            out.insert(found.kind, Sum { seconds: found.total.unwrap_or(0), n: found.n });
        }
    }
    if !hours.counted.is_empty() {
        let what = format!("t.entity_id, {begin} AS begin_at, {end} AS end_at");
        let rows: Vec<Stretch> = from(&what, hours.counted.keys().copied().collect()).all(connection).await?;
        for (kind, sum) in hours.count(&rows) {
            let other = out.remove(kind).unwrap_or_default();
            out.insert(kind.to_owned(), sum.plus(other));
        }
    }
    Ok(out)
}

impl Hours {
    /// Working time of some stretches, by their kind; each entity's hours are laid out once.
    fn count<'a>(&self, rows: &'a [Stretch]) -> BTreeMap<&'a str, Sum> {
        let mut by_entity: BTreeMap<Uuid, Vec<&Stretch>> = BTreeMap::new();
        for row in rows {
            by_entity.entry(row.entity_id).or_default().push(row);
        }
        let mut out: BTreeMap<&str, Sum> = BTreeMap::new();
        for (entity, rows) in by_entity {
            let time = self.counted.get(&entity);
            let Some((calendar, zone)) = time.and_then(|time| Some((time.calendar.as_ref()?, time.zone))) else {
                continue;
            };
            let first = rows.iter().map(|row| row.begin_at).min().unwrap_or(0);
            let last = rows.iter().map(|row| row.end_at).max().unwrap_or(0);
            let table = calendar.table(first, last, &zone);
            for row in rows {
                let sum = out.entry(row.kind.as_str()).or_default();
                *sum = sum.plus(Sum { seconds: table.between(row.begin_at, row.end_at), n: 1 });
            }
        }
        out
    }
}

//! The averages of a dashboard (T-STT-02): the figures of T-CLK-08, so they count working time. Where no calendar counts, the
//! database sums up; where one does, its rows are counted by a table of the hours.

use std::collections::BTreeMap;

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
    total: Option<i64>,
    n: i64,
}

#[derive(Debug, FromQueryResult)]
struct Stretch {
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
        Self { begin: "t.opened_at", end, source: "ticket t", of }
    }

    /// The intervals that `source` joins.
    const fn in_intervals(source: &'a str, of: &'a str) -> Self {
        Self { begin: "i.from_at", end: "i.to_at", source, of }
    }
}

const HELD: &str = "ticket t JOIN status_interval i ON i.ticket_id = t.id AND i.to_at IS NOT NULL \
                    AND i.status IN ('pending','solved') AND i.to_at <= t.solved_at";
const ON_HOLD: &str = "ticket t JOIN status_interval i ON i.ticket_id = t.id AND i.to_at IS NOT NULL \
                       AND i.status = 'pending' AND i.to_at <= t.closed_at";
const IN_ANSWER: &str = "ticket t JOIN status_interval i ON i.ticket_id = t.id AND i.to_at IS NOT NULL \
                         AND i.status = 'solved' AND i.to_at <= t.closed_at";

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
    let taken = sum(ctx, connection, asked, &hours, Spent::until("t.taken_at", "opened_at")).await?;
    let solving = sum(ctx, connection, asked, &hours, Spent::until("t.solved_at", "solved_at")).await?;
    let held = sum(ctx, connection, asked, &hours, Spent::in_intervals(HELD, "solved_at")).await?;
    let closing = sum(ctx, connection, asked, &hours, Spent::until("t.closed_at", "closed_at")).await?;
    let on_hold = sum(ctx, connection, asked, &hours, Spent::in_intervals(ON_HOLD, "closed_at")).await?;
    let in_answer = sum(ctx, connection, asked, &hours, Spent::in_intervals(IN_ANSWER, "closed_at")).await?;
    Ok(Averages {
        taken: taken.average_without(Sum::default()),
        solving: solving.average_without(held),
        awaiting: Sum { n: closing.n, ..in_answer }.average_without(Sum::default()),
        closing: closing.average_without(on_hold),
    })
}

async fn sum(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    asked: &Asked,
    hours: &Hours,
    spent: Spent<'_>,
) -> Result<Sum, ServiceError> {
    let Spent { begin, end, source, of } = spent;
    let from = |what: &str, entities: Vec<Uuid>| {
        let mut sql = Sql::new(&format!("SELECT {what} FROM {source} WHERE "));
        sql.append(&asked.tickets(&ctx.actor)).append(&asked.period.holds(of));
        sql.push(&format!(" AND {end} IS NOT NULL AND t.entity_id IN ")).list(entities);
        sql
    };
    let mut out = Sum::default();
    if !hours.plain.is_empty() {
        let what = format!("CAST(SUM({end} - {begin}) AS BIGINT) AS total, COUNT(*) AS n");
        let found: Option<Total> = from(&what, hours.plain.clone()).one(connection).await?;
        out = found.map_or(out, |found| Sum { seconds: found.total.unwrap_or(0), n: found.n });
    }
    if !hours.counted.is_empty() {
        let what = format!("t.entity_id, {begin} AS begin_at, {end} AS end_at");
        let rows: Vec<Stretch> = from(&what, hours.counted.keys().copied().collect()).all(connection).await?;
        out = out.plus(hours.count(&rows));
    }
    Ok(out)
}

impl Hours {
    /// Working time of some stretches; each entity's hours are laid out once.
    fn count(&self, rows: &[Stretch]) -> Sum {
        let mut by_entity: BTreeMap<Uuid, Vec<&Stretch>> = BTreeMap::new();
        for row in rows {
            by_entity.entry(row.entity_id).or_default().push(row);
        }
        let mut out = Sum { seconds: 0, n: i64::try_from(rows.len()).unwrap_or(i64::MAX) };
        for (entity, rows) in by_entity {
            let time = self.counted.get(&entity);
            let Some((calendar, zone)) = time.and_then(|time| Some((time.calendar.as_ref()?, time.zone))) else {
                continue;
            };
            let first = rows.iter().map(|row| row.begin_at).min().unwrap_or(0);
            let last = rows.iter().map(|row| row.end_at).max().unwrap_or(0);
            let table = calendar.table(first, last, &zone);
            let worked: i64 = rows.iter().map(|row| table.between(row.begin_at, row.end_at)).sum();
            out.seconds = out.seconds.saturating_add(worked);
        }
        out
    }
}

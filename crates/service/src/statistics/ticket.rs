//! The tab "Statistics" of a ticket (T-STT-01).

use domain::clock::{Figure, Interval, phases};
use domain::duration::Minutes;
use domain::error::AppError;
use domain::policy::Capability;
use domain::views::{FigureView, IntervalView, PersonTime, TicketStatistics};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::minutes;
use crate::clocks::{self, Life};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::sql::{Sql, unique};
use crate::{people, scope, tickets};

/// The figures of a ticket, as far as its reader may see what they are made from.
///
/// # Errors
/// `NotFound` for unknown and invisible tickets, and for readers who are no agents in its entity; `Forbidden` without
/// `statistics.view`.
pub async fn of_ticket(ctx: &Ctx, number: i64) -> Result<TicketStatistics, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    loaded.require(Capability::StatisticsView)?;
    let (row, now) = (&loaded.ticket, ctx.now());
    let Life { dates, intervals, figures: found } = clocks::life(ctx, &snapshot, row).await?;
    let time_by_person = time_by_person(ctx, &snapshot, row.id).await?;
    let at = |at: Option<i64>| at.map(|at| moment(at, ctx.actor.zone));
    let interval = |one: &Interval| IntervalView {
        status: one.status,
        from: moment(one.from, ctx.actor.zone),
        to: at(one.to),
        minutes: minutes(one.to.unwrap_or(now).saturating_sub(one.from).max(0)),
    };
    let worked = time_by_person.iter().fold(0_i32, |sum, one| sum.saturating_add(one.minutes.0));
    Ok(TicketStatistics {
        number,
        title: row.title.clone(),
        opened_at: moment(row.opened_at, ctx.actor.zone),
        taken_at: at(row.taken_at),
        assigned_at: at(row.assigned_at),
        due_own_at: at(row.due_own_at),
        due_resolve_at: at(row.due_resolve_at),
        solved_at: at(row.solved_at),
        closed_at: at(row.closed_at),
        cancelled_at: at(row.cancelled_at),
        taken: view(found.taken),
        assigned: view(found.assigned),
        pending: view(found.pending),
        awaiting: view(found.awaiting),
        solving: view(found.solving),
        closing: view(found.closing),
        worked: Minutes(worked),
        phases: phases(&dates, &intervals, now).into_iter().map(|(phase, spent)| (phase, minutes(spent))).collect(),
        time_by_person,
        intervals: intervals.iter().map(interval).collect(),
        reopen_count: row.reopen_count,
        now: ctx.moment(),
    })
}

const fn view(figure: Figure) -> FigureView {
    FigureView {
        elapsed_minutes: minutes(figure.elapsed),
        working_minutes: minutes(figure.working),
        running: figure.running,
    }
}

#[derive(Debug, FromQueryResult)]
struct TimeRow {
    kind: String,
    person: Option<Uuid>,
    minutes: i64,
    entries: i64,
}

/// Minutes of the entries the reader may see, the most first: of occurrences by their authors, of tasks by who did them, else their
/// authors (T-TSK-11, T-VIS-03).
async fn time_by_person(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    ticket: Uuid,
) -> Result<Vec<PersonTime>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT 'occurrence' AS kind, o.author_id AS person, CAST(SUM(o.minutes) AS BIGINT) AS minutes, COUNT(*) AS entries \
         FROM occurrence o WHERE o.minutes IS NOT NULL AND o.removed_at IS NULL AND o.ticket_id = ",
    );
    sql.bind(ticket).push(" AND ").append(&scope::entries(&ctx.actor)).push(" GROUP BY o.author_id UNION ALL ");
    sql.push(
        "SELECT 'task' AS kind, COALESCE(k.user_id, k.author_id) AS person, CAST(SUM(k.actual_minutes) AS BIGINT) AS minutes, \
         COUNT(*) AS entries FROM task k WHERE k.actual_minutes IS NOT NULL AND k.removed_at IS NULL AND k.ticket_id = ",
    );
    sql.bind(ticket).push(" AND ").append(&scope::tasks(&ctx.actor));
    sql.push(" GROUP BY COALESCE(k.user_id, k.author_id)");
    let rows: Vec<TimeRow> = sql.all(connection).await?;
    let names = people::actor_views(connection, &unique(rows.iter().filter_map(|row| row.person)), &[]).await?;
    let mut out: Vec<PersonTime> = rows
        .into_iter()
        .map(|row| PersonTime {
            name: names.author(row.person, true).name,
            id: row.person,
            kind: row.kind,
            minutes: Minutes(i32::try_from(row.minutes).unwrap_or(i32::MAX)),
            entries: row.entries,
        })
        .collect();
    out.sort_by(|one, other| (other.minutes, &one.name, &one.kind).cmp(&(one.minutes, &other.name, &other.kind)));
    Ok(out)
}

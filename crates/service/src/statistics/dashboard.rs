//! The dashboard of a period (T-STT-02): a fixed number of questions, each bounded by the period or by the backlog.

use domain::error::AppError;
use domain::policy::Capability;
use domain::statistics::Age;
use domain::survey::SurveyState;
use domain::ticket::Status;
use domain::views::{Choice, DashboardQuery, DashboardView, DayView, Ref};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::json;
use uuid::Uuid;

use super::averages::averages;
use super::breakdown::{by_assignee, by_customer, by_row};
use super::period::Asked;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::exports::{self, Told};
use crate::moments::{self, moment};
use crate::sql::Sql;
use crate::{people, scope};

/// Most groups the form lists.
const CHOICES_MAX: i64 = 200;

/// What the period holds, as far as the reader may know it.
///
/// # Errors
/// `Invalid` with every wrong field, `Forbidden` for who holds `statistics.view` nowhere.
pub async fn dashboard(ctx: &Ctx, query: &DashboardQuery) -> Result<DashboardView, ServiceError> {
    let asked = Asked::read(ctx, query)?;
    let snapshot = ctx.db().snapshot().await?;
    let averages = averages(ctx, &snapshot, &asked).await?;
    let (surveys_answered, satisfaction) = satisfaction(ctx, &snapshot, &asked).await?;
    let waiting = waiting(ctx, &snapshot, &asked).await?;
    let person = match asked.person {
        Some(id) => Some(Ref { id, name: name_of(ctx, &snapshot, &asked, id).await? }),
        None => None,
    };
    Ok(DashboardView {
        from: asked.period.first.to_string(),
        to: asked.period.last.to_string(),
        step: asked.period.step,
        days: days(ctx, &snapshot, &asked).await?,
        backlog: backlog(&waiting),
        ages: ages(&waiting),
        taken: averages.taken,
        solving: averages.solving,
        awaiting: averages.awaiting,
        closing: averages.closing,
        late: late(ctx, &snapshot, &asked).await?,
        overdue: waiting.iter().map(|row| row.overdue).sum(),
        worked: worked(ctx, &snapshot, &asked).await?,
        by_category: by_row(ctx, &snapshot, &asked, "category_id").await?,
        by_group: by_assignee(ctx, &snapshot, &asked, true).await?,
        by_assignee: by_assignee(ctx, &snapshot, &asked, false).await?,
        by_source: by_row(ctx, &snapshot, &asked, "source_id").await?,
        by_customer: by_customer(ctx, &snapshot, &asked).await?,
        surveys_answered,
        satisfaction,
        list: asked.list(&ctx.actor),
        entities: people::entity_choices(&ctx.actor, &ctx.actor.entities_with(Capability::StatisticsView)),
        groups: groups(ctx, &snapshot).await?,
        person,
        now: ctx.moment(),
    })
}

/// The same for a file: told to the audit log first (T-LST-07, T-HIS-04).
///
/// # Errors
/// As [`dashboard`]; `TooMany` above 10 exports a minute (A-AUT-04).
pub async fn export(ctx: &Ctx, query: &DashboardQuery) -> Result<DashboardView, ServiceError> {
    let view = dashboard(ctx, query).await?;
    let path = ctx.actor.path_of(ctx.actor.user.entity_id);
    let entity = path.last().copied().ok_or(AppError::NotFound)?;
    let data = json!({ "filters": query });
    exports::note(ctx, Told { entity, list: "statistics", object: format!("{} {}", view.from, view.to), data }).await?;
    Ok(view)
}

#[derive(Debug, FromQueryResult)]
struct Bar {
    bar: i32,
    n: i64,
}

async fn days(ctx: &Ctx, connection: &impl ConnectionTrait, asked: &Asked) -> Result<Vec<DayView>, ServiceError> {
    let (actor, period) = (&ctx.actor, &asked.period);
    let begin = |day| moment(moments::start_of(day, actor.zone), actor.zone);
    let mut out: Vec<DayView> =
        period.bars().into_iter().map(|day| DayView { from: begin(day), opened: 0, solved: 0, closed: 0 }).collect();
    for column in ["opened_at", "solved_at", "closed_at"] {
        let bar = period.bar_of(&format!("t.{column}"), actor);
        let mut sql = Sql::new(&format!("SELECT x.bar, COUNT(*) AS n FROM (SELECT {bar} AS bar FROM ticket t WHERE "));
        sql.append(&asked.tickets(actor)).append(&period.holds(column)).push(") x GROUP BY x.bar");
        for row in sql.all::<Bar>(connection).await? {
            let place = usize::try_from(row.bar).unwrap_or(usize::MAX);
            let Some(day) = out.get_mut(place) else { continue };
            match column {
                "opened_at" => day.opened += row.n,
                "solved_at" => day.solved += row.n,
                _ => day.closed += row.n,
            }
        }
    }
    Ok(out)
}

/// Statuses of the backlog.
const OPEN: &str = " AND t.status IN ('new','assigned','planned','pending')";

/// Open tickets of one status.
#[derive(Debug)]
struct Waiting {
    status: String,
    n: i64,
    /// Of each age, in the order of [`Age::ALL`].
    ages: Vec<i64>,
    overdue: i64,
}

/// The backlog by status and age, in one walk of it, for it is what a desk has most of: by entity, as its index has it, so that
/// nothing is sorted.
async fn waiting(ctx: &Ctx, connection: &impl ConnectionTrait, asked: &Asked) -> Result<Vec<Waiting>, ServiceError> {
    let mut sql = Sql::new("SELECT t.status, COUNT(*) AS n");
    for (at, age) in Age::ALL.iter().enumerate() {
        if let Some(end) = age.end() {
            sql.push_bind(", CAST(SUM(CASE WHEN t.opened_at > ", ctx.now() - end);
            sql.push(&format!(" THEN 1 ELSE 0 END) AS BIGINT) AS within_{at}"));
        }
    }
    sql.push_bind(", CAST(SUM(CASE WHEN t.status <> 'pending' AND t.due_resolve_at < ", ctx.now());
    sql.push(" THEN 1 ELSE 0 END) AS BIGINT) AS overdue FROM ticket t WHERE ");
    sql.append(&asked.tickets(&ctx.actor)).push(OPEN).push(" GROUP BY t.entity_id, t.status");
    let mut out = Vec::new();
    for row in sql.rows(connection).await? {
        let n: i64 = row.try_get("", "n")?;
        let (mut ages, mut younger) = (Vec::new(), 0);
        for (at, age) in Age::ALL.iter().enumerate() {
            let within = if age.end().is_some() { row.try_get("", &format!("within_{at}"))? } else { n };
            ages.push(within - younger);
            younger = within;
        }
        out.push(Waiting { status: row.try_get("", "status")?, n, ages, overdue: row.try_get("", "overdue")? });
    }
    Ok(out)
}

fn backlog(rows: &[Waiting]) -> Vec<(Status, i64)> {
    let of = |status: Status| rows.iter().filter(|row| row.status == status.as_str()).map(|row| row.n).sum::<i64>();
    Status::ALL.iter().copied().filter(|status| status.is_open()).map(|status| (status, of(status))).collect()
}

fn ages(rows: &[Waiting]) -> Vec<(Age, i64)> {
    let of = |at: usize| rows.iter().filter_map(|row| row.ages.get(at)).sum::<i64>();
    Age::ALL.iter().copied().enumerate().map(|(at, age)| (age, of(at))).collect()
}

#[derive(Debug, FromQueryResult)]
struct Total {
    total: Option<i64>,
    n: i64,
}

/// How many surveys of tickets closed in the period were answered and count (T-SRV-02), and their mean in hundredths.
async fn satisfaction(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    asked: &Asked,
) -> Result<(i64, Option<i64>), ServiceError> {
    let mut sql = Sql::new(
        "SELECT CAST(SUM(s.score) AS BIGINT) AS total, COUNT(*) AS n FROM ticket t \
         JOIN survey s ON s.ticket_id = t.id AND s.state = ",
    );
    sql.bind(SurveyState::Answered.as_str()).push(" WHERE ");
    sql.append(&asked.tickets(&ctx.actor)).append(&asked.period.holds("closed_at"));
    let Some(Total { total: Some(total), n }) = sql.one::<Total>(connection).await? else { return Ok((0, None)) };
    Ok((n, (n > 0).then(|| total.saturating_mul(100) / n.max(1))))
}

async fn late(ctx: &Ctx, connection: &impl ConnectionTrait, asked: &Asked) -> Result<i64, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM ticket t WHERE ");
    sql.append(&asked.tickets(&ctx.actor)).append(&asked.period.holds("solved_at"));
    sql.push(" AND t.solved_at > t.due_resolve_at");
    Ok(sql.scalar(connection).await?.unwrap_or(0))
}

/// Minutes of entries that happened in the period, as far as the reader may see them (T-VIS-03).
async fn worked(ctx: &Ctx, connection: &impl ConnectionTrait, asked: &Asked) -> Result<i64, ServiceError> {
    let mut sql = Sql::new(
        "SELECT CAST(COALESCE(SUM(o.minutes), 0) AS BIGINT) FROM occurrence o \
         WHERE o.minutes IS NOT NULL AND o.removed_at IS NULL AND o.entity_id IN ",
    );
    sql.list(asked.entities.iter().copied());
    sql.push_bind(" AND o.occurred_at >= ", asked.period.from).push_bind(" AND o.occurred_at < ", asked.period.to);
    sql.push(" AND ").append(&scope::entries(&ctx.actor)).push(" AND ").append(&asked.of_tickets(&ctx.actor, "o"));
    let occurrences: i64 = sql.scalar(connection).await?.unwrap_or(0);
    // A task was worked on until it was done; one that is not yet, since it is there.
    let mut sql = Sql::new(
        "SELECT CAST(COALESCE(SUM(k.actual_minutes), 0) AS BIGINT) FROM task k \
         WHERE k.actual_minutes IS NOT NULL AND k.removed_at IS NULL AND k.entity_id IN ",
    );
    sql.list(asked.entities.iter().copied());
    sql.push_bind(" AND COALESCE(k.done_at, k.registered_at) >= ", asked.period.from);
    sql.push_bind(" AND COALESCE(k.done_at, k.registered_at) < ", asked.period.to);
    sql.push(" AND ").append(&scope::tasks(&ctx.actor)).push(" AND ").append(&asked.of_tickets(&ctx.actor, "k"));
    let tasks: i64 = sql.scalar(connection).await?.unwrap_or(0);
    Ok(occurrences.saturating_add(tasks))
}

#[derive(Debug, FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
}

/// Name of the person who is asked for, if he has to do with what is counted.
async fn name_of(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    asked: &Asked,
    id: Uuid,
) -> Result<String, ServiceError> {
    let mut sql = Sql::new("SELECT u.name FROM app_user u WHERE u.id = ");
    sql.bind(id).push(" AND ").append(&people::has_role_in(&ctx.actor, &asked.entities, None));
    Ok(sql.scalar(connection).await?.unwrap_or_default())
}

/// Groups to choose from: those of the entities where the reader is an agent.
async fn groups(ctx: &Ctx, connection: &impl ConnectionTrait) -> Result<Vec<Choice>, ServiceError> {
    let actor = &ctx.actor;
    let mut sql = Sql::new(
        "SELECT g.id, g.name FROM app_group g WHERE g.active = TRUE AND g.may_be_assigned = TRUE AND (g.entity_id IN ",
    );
    let entities = actor.agent_entities();
    let above = crate::sql::unique(entities.iter().flat_map(|entity| actor.path_of(*entity)));
    sql.list(entities).push(" OR (g.recursive = TRUE AND g.entity_id IN ").list(above);
    sql.push_bind(")) ORDER BY g.name, g.id LIMIT ", CHOICES_MAX);
    let rows: Vec<Named> = sql.all(connection).await?;
    Ok(rows.into_iter().map(|row| Choice { value: row.id.to_string(), name: row.name, depth: 0 }).collect())
}

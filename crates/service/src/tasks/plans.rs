//! What the plans of tasks do: to the status of their ticket (T-STA-04, 05), and to the time of people (T-TSK-06).

use std::collections::BTreeSet;

use domain::task::Plan;
use domain::ticket::Status;
use domain::ticket::machine::Trigger;
use domain::views::Warning;
use entity::task;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde_json::{Value, json};
use uuid::Uuid;

use super::rows;
use crate::calendars;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::scope;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::{Loaded, state};
use crate::work::Work;

/// Most overlapping plans that are told.
const CONFLICTS_MAX: i64 = 20;

/// The number of open plans of the ticket whose id stands in `ticket` (section 5), as a column.
pub(crate) fn count_of_open(ticket: &str) -> Sql {
    let mut sql = Sql::new("(SELECT COUNT(*) FROM task p WHERE p.ticket_id = ");
    sql.push(ticket)
        .push(" AND p.removed_at IS NULL AND p.planned_begin IS NOT NULL AND p.state IN ('todo','in_progress'))");
    sql
}

/// Whether a ticket has an open plan.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn has_open(connection: &impl ConnectionTrait, ticket: Uuid) -> Result<bool, ServiceError> {
    let mut sql = Sql::new("SELECT ");
    sql.append(&count_of_open("t.id")).push_bind(" FROM ticket t WHERE t.id = ", ticket);
    let found: Option<i64> = sql.scalar(connection).await?;
    Ok(found.unwrap_or(0) > 0)
}

/// Lets the status of a ticket follow a change of its tasks; answers whether it changed (T-STA-04, 05).
///
/// # Errors
/// `Refused` by the state machine.
pub(super) async fn follow(w: &Work, loaded: &mut Loaded, settings: &Settings) -> Result<bool, ServiceError> {
    let before = loaded.has_open_plan;
    loaded.has_open_plan = has_open(&w.tx, loaded.ticket.id).await?;
    let trigger = match (before, loaded.has_open_plan) {
        (false, true) => Trigger::PlanAppears,
        (true, false) => Trigger::PlanEnds,
        _ => return Ok(false),
    };
    // A ticket that has stayed new or assigned beside an open plan is where the end of the plan would lead it.
    if trigger == Trigger::PlanEnds && matches!(loaded.status(), Status::New | Status::Assigned) {
        return Ok(false);
    }
    let rules = state::rules(loaded, settings, w.now(), w.actor().entity_zone(loaded.ticket.entity_id));
    state::apply(w, loaded, trigger, &rules).await
}

#[derive(Debug, FromQueryResult)]
struct Other {
    id: Uuid,
    planned_begin: i64,
    planned_end: i64,
    number: i64,
}

/// What is to know of a plan that was saved all the same (T-TSK-06): it meets other plans of its person, or begins or ends
/// outside of the working hours of the entity.
pub(super) async fn warnings(w: &Work, row: &task::Model) -> Result<Vec<Warning>, ServiceError> {
    let Some(plan) = rows::plan_of(row) else { return Ok(Vec::new()) };
    if row.removed_at.is_some() || !rows::state_of(row).reminds() {
        return Ok(Vec::new());
    }
    let mut out = Vec::new();
    if let Some(user) = row.user_id {
        out.extend(conflicts(w, row.id, user, plan).await?);
    }
    let time = calendars::of_entity(&w.tx, w.actor(), row.entity_id).await?;
    // Its last second: an end at the end of the hours lies within them.
    if !time.is_working(plan.begin) || !time.is_working(plan.end - 1) {
        out.push(Warning { code: "outside_working_hours".to_owned(), data: json!({}) });
    }
    Ok(out)
}

async fn conflicts(w: &Work, own: Uuid, user: Uuid, plan: Plan) -> Result<Option<Warning>, ServiceError> {
    let others = overlapping(w, own, user, plan).await?;
    if others.is_empty() {
        return Ok(None);
    }
    let seen = visible(w, &others).await?;
    let at = |at: i64| moment(at, w.actor().zone);
    let told: Vec<Value> = others
        .iter()
        .map(|other| {
            let sees = seen.contains(&other.id);
            // What the actor may not see is busy, without a name.
            json!({
                "task": sees.then_some(other.id),
                "ticket": sees.then_some(other.number),
                "planned_begin": at(other.planned_begin),
                "planned_end": at(other.planned_end),
            })
        })
        .collect();
    Ok(Some(Warning { code: "planning_conflict".to_owned(), data: json!({ "conflicts": told }) }))
}

async fn overlapping(w: &Work, own: Uuid, user: Uuid, plan: Plan) -> Result<Vec<Other>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT k.id, k.planned_begin, k.planned_end, t.number FROM task k JOIN ticket t ON t.id = k.ticket_id \
         WHERE k.removed_at IS NULL AND k.state IN ('todo','in_progress','on_hold') AND t.deleted_at IS NULL \
         AND t.status NOT IN ('closed','cancelled') AND k.user_id = ",
    );
    sql.bind(user)
        .push_bind(" AND k.id <> ", own)
        .push_bind(" AND k.planned_begin < ", plan.end)
        .push_bind(" AND k.planned_end > ", plan.begin)
        .push_bind(" ORDER BY k.planned_begin, k.id LIMIT ", CONFLICTS_MAX);
    Ok(sql.all(&w.tx).await?)
}

/// Those of them that the actor may see.
async fn visible(w: &Work, others: &[Other]) -> Result<BTreeSet<Uuid>, ServiceError> {
    let mut sql = Sql::new("SELECT k.id FROM task k JOIN ticket t ON t.id = k.ticket_id WHERE k.id IN ");
    sql.list(others.iter().map(|other| other.id));
    sql.push(" AND ").append(&scope::tickets(w.actor())).push(" AND ").append(&scope::tasks(w.actor()));
    let mut out = BTreeSet::new();
    for row in sql.rows(&w.tx).await? {
        out.insert(row.try_get("", "id")?);
    }
    Ok(out)
}

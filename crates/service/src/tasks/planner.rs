//! The planner: whose time is taken by what (T-TSK-09). What its reader may not see is "busy" without a name.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use domain::error::{AppError, Code};
use domain::forms::{MoveTask, Patch, TaskPatch};
use domain::policy;
use domain::task::{Plan, TaskState};
use domain::text::excerpt;
use domain::views::{ActorView, PlannerBlock, PlannerColumn, PlannerView, SavedTask};
use entity::{app_group, task, ticket};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{edit, list, people, rows};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::{local_date, moment, start_of};
use crate::people as directory;
use crate::sql::{Sql, unique};
use crate::{scope, tickets};

/// Most people shown at once.
const PEOPLE_MAX: i64 = 20;
/// Most tasks shown at once, and most of those without a plan.
const TASKS_MAX: i64 = 2_000;
const UNPLANNED_MAX: i64 = 50;
/// Most days asked for at once.
const DAYS_MAX: i64 = 42;
/// Half hours of a day.
const ROWS: u32 = 48;
/// Characters of a text that a block shows.
const EXCERPT: usize = 120;
/// Minutes of a task that had no plan.
const HOUR: i64 = 60;

/// What to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlannerQuery {
    /// `week` (default), `day`, `list`.
    pub view: String,
    /// A day of it, `2026-03-09`; empty = today.
    pub date: String,
    /// Last day, instead of the one the view ends with; empty = by the view.
    pub until: String,
    /// Id of a person; empty and without group = the reader.
    pub person: String,
    /// Id of a group: its members, and what it has without a person.
    pub group: String,
    /// Only agents of this entity; empty = of every entity in which the reader is one.
    pub entity: String,
}

/// Whose time it is.
struct Whose {
    user: Option<Uuid>,
    view: ActorView,
}

/// The planner of a person, or of a group.
///
/// # Errors
/// `NotFound` for those who are agents nowhere, and for people and groups they have nothing to do with; `Invalid` at a wrong day.
pub async fn planner(ctx: &Ctx, query: &PlannerQuery) -> Result<PlannerView, ServiceError> {
    let actor = &ctx.actor;
    if !actor.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let entities = match query.entity.trim() {
        "" => actor.agent_entities(),
        id => {
            let id = id.parse::<Uuid>().ok().filter(|id| actor.is_agent_in(*id));
            vec![id.ok_or_else(|| AppError::field("entity", Code::UnknownReference))?]
        }
    };
    let span = Span::read(query, local_date(ctx.now(), actor.zone))?;
    let snapshot = ctx.db().snapshot().await?;
    let group = match query.group.trim() {
        "" => None,
        id => Some(group(ctx, &snapshot, id, &entities).await?),
    };
    let whose = whose(ctx, &snapshot, query, group.as_ref(), &entities).await?;
    let users = unique(whose.iter().filter_map(|one| one.user));
    let (from, to) = (start_of(span.first, actor.zone), start_of(span.after(), actor.zone));
    let mut wanted = Sql::new(" AND k.planned_begin < ");
    wanted.bind(to).push_bind(" AND k.planned_end > ", from).push(" ORDER BY k.planned_begin, k.id");
    let found = tasks(&snapshot, &users, group.as_ref(), &wanted, TASKS_MAX).await?;
    let mut bare = Sql::new(" AND k.planned_begin IS NULL AND k.entity_id IN ");
    bare.list(actor.agent_entities()).push(list::TO_DO);
    bare.push(" AND ").append(&scope::tickets(actor)).push(" AND ").append(&scope::tasks(actor));
    bare.push(" ORDER BY k.registered_at, k.id");
    let unplanned = tasks(&snapshot, &users, group.as_ref(), &bare, UNPLANNED_MAX).await?;
    let known = Known::load(ctx, &snapshot, &found, &unplanned).await?;
    let today = local_date(ctx.now(), actor.zone);
    let columns = whose
        .iter()
        .flat_map(|one| span.days().map(move |day| (one, day)))
        .map(|(one, day)| PlannerColumn {
            day: moment(start_of(day, actor.zone), actor.zone),
            today: day == today,
            person: one.view.clone(),
            blocks: known.blocks(&found, one.user, day, actor.zone),
        })
        .collect();
    Ok(PlannerView {
        date: span.first.to_string(),
        previous: span.moved(false).to_string(),
        next: span.moved(true).to_string(),
        today: today.to_string(),
        person: if group.is_some() { String::new() } else { users.first().map(Uuid::to_string).unwrap_or_default() },
        group: group.map(|row| row.id.to_string()).unwrap_or_default(),
        people: people::users(&snapshot, actor, &entities).await?,
        groups: people::groups(&snapshot, actor, &entities).await?,
        unplanned: unplanned.iter().map(|row| known.block(row, None)).collect(),
        now: ctx.moment(),
        view: span.view.to_owned(),
        columns,
    })
}

/// Days that are shown.
struct Span {
    view: &'static str,
    first: NaiveDate,
    count: u64,
}

impl Span {
    fn read(query: &PlannerQuery, today: NaiveDate) -> Result<Self, AppError> {
        let day = |field: &str, text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse::<NaiveDate>().map(Some).map_err(|_no_day| AppError::field(field, Code::Invalid)),
        };
        let date = day("from", &query.date)?.unwrap_or(today);
        if let Some(until) = day("to", &query.until)? {
            let days = (until - date).num_days() + 1;
            if !(1..=DAYS_MAX).contains(&days) {
                return Err(AppError::field("to", Code::OutOfRange));
            }
            return Ok(Self { view: "list", first: date, count: days.unsigned_abs() });
        }
        let monday = date.week(Weekday::Mon).checked_first_day().unwrap_or(date);
        Ok(match query.view.as_str() {
            "day" => Self { view: "day", first: date, count: 1 },
            "list" => Self { view: "list", first: monday, count: 7 },
            _ => Self { view: "week", first: monday, count: 7 },
        })
    }

    fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let first = self.first;
        (0..self.count).filter_map(move |days| first.checked_add_days(Days::new(days)))
    }

    fn after(&self) -> NaiveDate {
        self.first.checked_add_days(Days::new(self.count)).unwrap_or(self.first)
    }

    /// The first day of the stretch before or behind.
    fn moved(&self, ahead: bool) -> NaiveDate {
        let by = Days::new(self.count);
        let moved = if ahead { self.first.checked_add_days(by) } else { self.first.checked_sub_days(by) };
        moved.unwrap_or(self.first)
    }
}

/// A group the reader may look at: one of his, or one that may be assigned where he is an agent.
async fn group(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    id: &str,
    entities: &[Uuid],
) -> Result<app_group::Model, ServiceError> {
    let id: Uuid = id.parse().map_err(|_not_an_id| AppError::NotFound)?;
    let row = app_group::Entity::find_by_id(id).one(connection).await?;
    let is_known = |row: &app_group::Model| {
        let is_mine = ctx.actor.groups.contains(&row.id);
        is_mine || entities.iter().any(|entity| directory::group_reaches(row, &ctx.actor.path_of(*entity)))
    };
    row.filter(is_known).ok_or_else(|| AppError::NotFound.into())
}

/// The people shown, by name; behind the members of a group what nobody of them has.
async fn whose(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    query: &PlannerQuery,
    group: Option<&app_group::Model>,
    entities: &[Uuid],
) -> Result<Vec<Whose>, ServiceError> {
    let mut sql = Sql::new("SELECT u.id FROM app_user u WHERE ");
    match (group, query.person.trim()) {
        (Some(group), _) => {
            sql.append(&people::agents_in(connection, &ctx.actor, entities).await?);
            sql.push_bind(" AND u.id IN (SELECT m.user_id FROM app_group_member m WHERE m.group_id = ", group.id);
            sql.push(")");
        }
        // Oneself is always there, whatever entity is asked for.
        (None, "") => {
            sql.push_bind("u.id = ", ctx.actor.id());
        }
        (None, person) => {
            let person: Uuid = person.parse().map_err(|_not_an_id| AppError::NotFound)?;
            sql.append(&people::agents_in(connection, &ctx.actor, entities).await?);
            sql.push_bind(" AND u.id = ", person);
        }
    }
    sql.push_bind(" ORDER BY u.name, u.id LIMIT ", PEOPLE_MAX);
    let mut ids: Vec<Uuid> = Vec::new();
    for row in sql.rows(connection).await? {
        ids.push(row.try_get("", "id")?);
    }
    if ids.is_empty() && group.is_none() {
        return Err(AppError::NotFound.into());
    }
    let groups: Vec<Uuid> = group.map(|row| row.id).into_iter().collect();
    let names = directory::actor_views(connection, &ids, &groups).await?;
    let users = ids.into_iter().map(|id| Whose { user: Some(id), view: names.user(id) });
    let rest = groups.into_iter().map(|id| Whose { user: None, view: names.group(id) });
    Ok(users.chain(rest).collect())
}

/// Tasks of these people, and those of the group that nobody has; `wanted` names which, in which order.
async fn tasks(
    connection: &impl ConnectionTrait,
    users: &[Uuid],
    group: Option<&app_group::Model>,
    wanted: &Sql,
    most: i64,
) -> Result<Vec<task::Model>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT k.* FROM task k JOIN ticket t ON t.id = k.ticket_id WHERE k.removed_at IS NULL AND t.deleted_at IS NULL AND (k.user_id IN ",
    );
    sql.list(users.iter().copied());
    if let Some(group) = group {
        sql.push_bind(" OR (k.user_id IS NULL AND k.group_id = ", group.id).push(")");
    }
    sql.push(")").append(wanted).push_bind(" LIMIT ", most);
    Ok(sql.all(connection).await?)
}

/// What the reader knows of the tasks.
struct Known<'a> {
    ctx: &'a Ctx,
    tickets: Vec<ticket::Model>,
    seen: BTreeSet<Uuid>,
}

impl<'a> Known<'a> {
    async fn load(
        ctx: &'a Ctx,
        connection: &impl ConnectionTrait,
        found: &[task::Model],
        more: &[task::Model],
    ) -> Result<Self, ServiceError> {
        let all = || found.iter().chain(more);
        let ids = unique(all().map(|row| row.ticket_id));
        if ids.is_empty() {
            return Ok(Self { ctx, tickets: Vec::new(), seen: BTreeSet::new() });
        }
        let tickets = ticket::Entity::find().filter(ticket::Column::Id.is_in(ids)).all(connection).await?;
        let mut sql = Sql::new("SELECT k.id FROM task k JOIN ticket t ON t.id = k.ticket_id WHERE k.id IN ");
        sql.list(all().map(|row| row.id)).push(" AND k.entity_id IN ").list(ctx.actor.agent_entities());
        sql.push(" AND ").append(&scope::tickets(&ctx.actor)).push(" AND ").append(&scope::tasks(&ctx.actor));
        let mut seen = BTreeSet::new();
        for row in sql.rows(connection).await? {
            seen.insert(row.try_get("", "id")?);
        }
        Ok(Self { ctx, tickets, seen })
    }

    /// What one day of somebody holds.
    fn blocks(&self, found: &[task::Model], user: Option<Uuid>, day: NaiveDate, zone: Tz) -> Vec<PlannerBlock> {
        let mine: Vec<&task::Model> = found.iter().filter(|row| row.user_id == user).collect();
        let (from, to) = (start_of(day, zone), start_of(day.succ_opt().unwrap_or(day), zone));
        let is_there =
            |row: &&&task::Model| rows::plan_of(row).is_some_and(|plan| plan.overlaps(Plan { begin: from, end: to }));
        let on_day: Vec<&task::Model> = mine.iter().filter(is_there).copied().collect();
        on_day
            .iter()
            .map(|row| {
                let mut block = self.block(row, Some((day, zone)));
                // One person cannot be at two places; of a group nobody knows how many are free.
                block.conflict = user.is_some() && mine.iter().any(|other| is_conflict(row, other));
                block
            })
            .collect()
    }

    fn block(&self, row: &task::Model, place: Option<(NaiveDate, Tz)>) -> PlannerBlock {
        let actor = &self.ctx.actor;
        let at = |at: Option<i64>| at.map(|at| moment(at, actor.zone));
        let (first, count) = match (rows::plan_of(row), place) {
            (Some(plan), Some((day, zone))) => half_hours(plan, day, zone),
            _ => (0, 1),
        };
        let busy = PlannerBlock {
            id: None,
            ticket: None,
            title: String::new(),
            text: String::new(),
            state: None,
            private: false,
            begin: at(row.planned_begin),
            end: at(row.planned_end),
            row: first,
            rows: count,
            movable: false,
            conflict: false,
        };
        let ticket = self.tickets.iter().find(|ticket| ticket.id == row.ticket_id);
        let Some(ticket) = ticket.filter(|_| self.seen.contains(&row.id)) else { return busy };
        let mine = row.author_id == Some(actor.id());
        let may = policy::can_update_task(actor.caps(ticket.entity_id), mine).is_ok();
        PlannerBlock {
            id: Some(row.id),
            ticket: Some(ticket.number),
            title: ticket.title.clone(),
            text: excerpt(&row.body_text, EXCERPT),
            state: Some(rows::state_of(row)),
            private: rows::visibility_of(row).is_private(),
            movable: may && tickets::require_writable(ticket).is_ok(),
            ..busy
        }
    }
}

/// Whether both want the same time, and neither is over.
fn is_conflict(row: &task::Model, other: &task::Model) -> bool {
    let (Some(plan), Some(others)) = (rows::plan_of(row), rows::plan_of(other)) else { return false };
    let counts = |row: &task::Model| TaskState::reminds(rows::state_of(row));
    row.id != other.id && counts(row) && counts(other) && plan.overlaps(others)
}

/// Half hours of a day before a plan begins, and how many it covers, by the clock on the wall.
fn half_hours(plan: Plan, day: NaiveDate, zone: Tz) -> (u32, u32) {
    let local = |at: i64| DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default().with_timezone(&zone).naive_local();
    let (begin, end) = (local(plan.begin), local(plan.end));
    let minutes = |at: chrono::NaiveDateTime| at.hour() * 60 + at.minute();
    let first = if begin.date() < day { 0 } else { minutes(begin) / 30 };
    let last = if end.date() > day { ROWS } else { minutes(end).div_ceil(30) };
    let first = first.min(ROWS - 1);
    (first, last.saturating_sub(first).clamp(1, ROWS - first))
}

/// Plans a task anew, by mouse, keyboard or form; it is a change like any other.
///
/// # Errors
/// As [`edit::edit`].
pub async fn move_to(ctx: &Ctx, form: MoveTask) -> Result<SavedTask, ServiceError> {
    let id: Uuid = form.id.parse().map_err(|_not_an_id| AppError::NotFound)?;
    let user = if form.user.trim().is_empty() { Patch::Keep } else { Patch::Set(form.user) };
    if form.planned_begin.trim().is_empty() {
        return edit::edit(ctx, id, TaskPatch { planned_begin: Patch::Clear, user, ..TaskPatch::default() }).await;
    }
    let length = if form.duration_minutes.trim().is_empty() {
        // Whether there is such a task is told by the change itself, behind the reader's sight and the fields.
        let row = task::Entity::find_by_id(id).one(ctx.db().reader()).await?;
        row.as_ref().and_then(rows::plan_of).map_or(HOUR, Plan::minutes).to_string()
    } else {
        form.duration_minutes
    };
    let patch = TaskPatch {
        planned_begin: Patch::Set(form.planned_begin),
        duration_minutes: Patch::Set(length),
        user,
        ..TaskPatch::default()
    };
    edit::edit(ctx, id, patch).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        crate::moments::parse(text, Tz::America__Sao_Paulo).unwrap()
    }

    #[test]
    fn t_tsk_09_a_block_covers_the_half_hours_of_its_day() {
        let day: NaiveDate = "2026-03-09".parse().unwrap();
        let zone = Tz::America__Sao_Paulo;
        for (begin, end, expected) in [
            ("2026-03-09T09:00", "2026-03-09T10:00", (18, 2)),
            ("2026-03-09T09:10", "2026-03-09T09:20", (18, 1)),
            ("2026-03-08T22:00", "2026-03-09T01:30", (0, 3)),
            ("2026-03-09T23:00", "2026-03-10T02:00", (46, 2)),
            ("2026-03-08T10:00", "2026-03-12T10:00", (0, 48)),
        ] {
            let plan = Plan { begin: at(begin), end: at(end) };
            assert_eq!(half_hours(plan, day, zone), expected, "{begin} to {end}");
        }
    }

    #[test]
    fn t_tsk_09_a_week_begins_on_monday_and_moves_by_itself() {
        let today: NaiveDate = "2026-03-12".parse().unwrap();
        let week = Span::read(&PlannerQuery::default(), today).unwrap();
        assert_eq!((week.view, week.first.to_string(), week.count), ("week", "2026-03-09".to_owned(), 7));
        assert_eq!(
            (week.moved(true).to_string(), week.moved(false).to_string()),
            ("2026-03-16".to_owned(), "2026-03-02".to_owned())
        );
        let asked =
            PlannerQuery { date: "2026-03-01".to_owned(), until: "2026-02-01".to_owned(), ..PlannerQuery::default() };
        assert_eq!(Span::read(&asked, today).err(), Some(AppError::field("to", Code::OutOfRange)));
    }
}

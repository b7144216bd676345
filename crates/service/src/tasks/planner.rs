//! The planner: whose time is taken by what (T-TSK-09). What its reader may not see is "busy" without a name.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use domain::error::{AppError, Code};
use domain::forms::{MoveTask, Patch, TaskPatch};
use domain::occurrence::Visibility;
use domain::policy;
use domain::task::{Plan, TaskState};
use domain::text::excerpt;
use domain::ticket::Status;
use domain::views::{ActorView, PlannerBlock, PlannerColumn, PlannerView, SavedTask};
use entity::{app_group, task};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use uuid::Uuid;

use super::{edit, list, people, rows};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::{local_date, moment, start_of};
use crate::people as directory;
use crate::scope;
use crate::sql::{Sql, unique};

/// Most people shown at once.
const PEOPLE_MAX: i64 = 200;
/// Most tasks shown at once, and most of those without a plan.
const TASKS_MAX: i64 = 6_000;
const UNPLANNED_MAX: i64 = 50;
/// Most days asked for at once.
const DAYS_MAX: i64 = 42;
/// Half hours of a day.
const ROWS: u32 = 48;
/// Characters of a text that a block shows, and that are read for it: blanks are left out.
const EXCERPT: usize = 120;
const READ: i64 = 480;
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
    // By the end, so that what is over is not read; the plus sign takes the begin, before which all of it lies, from the engine.
    let mut wanted = Sql::new(" AND +k.planned_begin < ");
    wanted.bind(to).push_bind(" AND k.planned_end > ", from).push(" ORDER BY k.planned_begin, k.id");
    let found = tasks(ctx, &snapshot, &users, group.as_ref(), (&wanted, TASKS_MAX)).await?;
    let mut bare = Sql::new(" AND k.planned_begin IS NULL AND k.entity_id IN ");
    bare.list(actor.agent_entities()).push(list::TO_DO);
    bare.push(" AND ").append(&scope::tickets(actor)).push(" AND ").append(&scope::tasks(actor));
    bare.push(" ORDER BY k.registered_at, k.id");
    let unplanned = tasks(ctx, &snapshot, &users, group.as_ref(), (&bare, UNPLANNED_MAX)).await?;
    let mut of: BTreeMap<Option<Uuid>, Vec<&Row>> = BTreeMap::new();
    for row in &found {
        of.entry(row.user_id).or_default().push(row);
    }
    let today = local_date(ctx.now(), actor.zone);
    let days: Vec<Day> = span.days().map(|day| Day::new(day, actor.zone)).collect();
    let columns = whose
        .iter()
        .flat_map(|one| days.iter().map(move |day| (one, day)))
        .map(|(one, day)| PlannerColumn {
            day: moment(day.from, actor.zone),
            today: day.day == today,
            person: one.view.clone(),
            blocks: blocks(ctx, of.get(&one.user).map(Vec::as_slice).unwrap_or_default(), one.user, day),
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
        unplanned: unplanned.iter().map(|row| block(ctx, row, None)).collect(),
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

/// A task as the planner needs it, with what it needs of its ticket.
#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    user_id: Option<Uuid>,
    author_id: Option<Uuid>,
    state: String,
    visibility: String,
    planned_begin: Option<i64>,
    planned_end: Option<i64>,
    text: String,
    entity_id: Uuid,
    number: i64,
    title: String,
    status: String,
    merged_into_id: Option<Uuid>,
    seen: i64,
}

impl Row {
    fn plan(&self) -> Option<Plan> {
        Some(Plan { begin: self.planned_begin?, end: self.planned_end? })
    }

    fn state(&self) -> TaskState {
        self.state.parse().unwrap_or_default()
    }

    /// Whether its ticket takes changes (T-TSK-09); those of the trash are not shown at all.
    fn is_open(&self) -> bool {
        self.merged_into_id.is_none() && self.status.parse::<Status>().is_ok_and(|status| !status.is_over())
    }
}

/// Tasks of these people, and those of the group that nobody has; `wanted` names which, in which order, and how many at most.
async fn tasks(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    users: &[Uuid],
    group: Option<&app_group::Model>,
    (wanted, most): (&Sql, i64),
) -> Result<Vec<Row>, ServiceError> {
    let actor = &ctx.actor;
    let mut sql = Sql::new(
        "SELECT k.id, k.user_id, k.author_id, k.state, k.visibility, k.planned_begin, k.planned_end, t.entity_id, t.number, t.title, \
         t.status, t.merged_into_id, SUBSTR(k.body_text, 1, ",
    );
    sql.push(&READ.to_string()).push(") AS text, CAST(CASE WHEN k.entity_id IN ").list(actor.agent_entities());
    sql.push(" AND ").append(&scope::tickets(actor)).push(" AND ").append(&scope::tasks(actor));
    sql.push(" THEN 1 ELSE 0 END AS BIGINT) AS seen FROM task k JOIN ticket t ON t.id = k.ticket_id ");
    sql.push("WHERE k.removed_at IS NULL AND t.deleted_at IS NULL AND (k.user_id IN ").list(users.iter().copied());
    if let Some(group) = group {
        sql.push_bind(" OR (k.user_id IS NULL AND k.group_id = ", group.id).push(")");
    }
    sql.push(")").append(wanted).push_bind(" LIMIT ", most);
    Ok(sql.all(connection).await?)
}

/// A day that is shown: its first second, and the first second after it.
struct Day {
    day: NaiveDate,
    from: i64,
    to: i64,
}

impl Day {
    fn new(day: NaiveDate, zone: Tz) -> Self {
        Self { day, from: start_of(day, zone), to: start_of(day.succ_opt().unwrap_or(day), zone) }
    }
}

/// What one day of somebody holds; `mine` is all that is found of him.
fn blocks(ctx: &Ctx, mine: &[&Row], user: Option<Uuid>, day: &Day) -> Vec<PlannerBlock> {
    let whole = Plan { begin: day.from, end: day.to };
    let on_day = mine.iter().filter(|row| row.plan().is_some_and(|plan| plan.overlaps(whole)));
    let shown = on_day.map(|row| {
        // One person cannot be at two places; of a group nobody knows how many are free.
        let conflict = user.is_some() && mine.iter().any(|other| is_conflict(row, other));
        PlannerBlock { conflict, ..block(ctx, row, Some(day.day)) }
    });
    shown.collect()
}

fn block(ctx: &Ctx, row: &Row, day: Option<NaiveDate>) -> PlannerBlock {
    let actor = &ctx.actor;
    let at = |at: Option<i64>| at.map(|at| moment(at, actor.zone));
    let (first, count) = match (row.plan(), day) {
        (Some(plan), Some(day)) => half_hours(plan, day, actor.zone),
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
    if row.seen == 0 {
        return busy;
    }
    let mine = row.author_id == Some(actor.id());
    let may = policy::can_update_task(actor.caps(row.entity_id), mine).is_ok();
    PlannerBlock {
        id: Some(row.id),
        ticket: Some(row.number),
        title: row.title.clone(),
        text: excerpt(&row.text, EXCERPT),
        state: Some(row.state()),
        // What is not plainly public counts as private.
        private: row.visibility != Visibility::Public.as_str(),
        movable: may && row.is_open(),
        ..busy
    }
}

/// Whether both want the same time, and neither is over.
fn is_conflict(row: &Row, other: &Row) -> bool {
    let (Some(plan), Some(others)) = (row.plan(), other.plan()) else { return false };
    let counts = |row: &Row| row.state().reminds();
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

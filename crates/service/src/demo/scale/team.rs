//! A group of many people with a full week: what the planner is measured on.

use chrono::{TimeDelta, Weekday};
use domain::lang::Lang;
use domain::occurrence::Visibility;
use domain::policy::ShippedRole;
use domain::task::TaskState;
use entity::{app_group, app_group_member, app_user, assignment, task};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::cast::person;
use crate::ctx::{Services, new_id};
use crate::db::Engine;
use crate::demo::random::Random;
use crate::demo::rows::insert_all;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::tasks::rows::doc;
use crate::{moments, search};

/// Name of the group.
const NAME: &str = "Measured team";
/// Working days of the week that is filled.
const DAYS: i64 = 5;
const HOUR: i64 = 3_600;

/// The group, made when it is not there yet, with `people` technicians of whom each has three tasks a day in the week of now.
///
/// # Errors
/// `Internal` when the database does not hold the demo desk; `Unavailable` when it is away.
pub async fn team(services: &Services, people: u64) -> Result<Uuid, ServiceError> {
    let tx = services.db.begin().await?;
    let group = match group(&tx).await? {
        Some(group) => group,
        None => hire(services, &tx, people).await?,
    };
    let today = moments::local_date(services.now(), chrono_tz::UTC);
    let monday = moments::start_of(today.week(Weekday::Mon).checked_first_day().unwrap_or(today), chrono_tz::UTC);
    let is_planned = has_plans(&tx, group, monday).await?;
    if !is_planned {
        plan(&tx, services.db.engine(), group, (monday, services.now())).await?;
    }
    tx.commit().await?;
    if !is_planned {
        super::analyse(services).await?;
    }
    Ok(group)
}

async fn group(connection: &impl ConnectionTrait) -> Result<Option<Uuid>, ServiceError> {
    Ok(Sql::new("SELECT id FROM app_group WHERE name = ").bind(NAME).scalar(connection).await?)
}

async fn hire(services: &Services, tx: &impl ConnectionTrait, people: u64) -> Result<Uuid, ServiceError> {
    let missing = || ServiceError::internal("a team is made on the demo desk only, and this is none");
    let root: Option<Uuid> =
        Sql::new("SELECT id FROM entity WHERE parent_id IS NULL ORDER BY id LIMIT 1").scalar(tx).await?;
    let root = root.ok_or_else(missing)?;
    let role: Option<Uuid> =
        Sql::new("SELECT id FROM role WHERE key = ").bind(ShippedRole::Technician.key()).scalar(tx).await?;
    let role_id = role.ok_or_else(missing)?;
    let known: Option<i64> = Sql::new("SELECT COUNT(*) FROM app_user").scalar(tx).await?;
    let known = u64::try_from(known.unwrap_or(0)).unwrap_or(0);
    let mut random = Random::new(people);
    let users: Vec<app_user::Model> = (known..known.saturating_add(people))
        .map(|number| person(number, root, Lang::En, services.now(), &mut random))
        .collect();
    let group = app_group::Model {
        id: new_id(),
        entity_id: root,
        name: NAME.to_owned(),
        recursive: true,
        may_be_assigned: true,
        may_be_asked: false,
        may_be_requester: false,
        active: true,
        created_at: services.now(),
        version: 1,
    };
    let id = group.id;
    let of = |user: &app_user::Model| {
        let user_id = user.id;
        let assignment = assignment::Model { id: new_id(), user_id, entity_id: root, role_id, recursive: true };
        (assignment, app_group_member::Model { group_id: id, user_id, manager: false })
    };
    let (assignments, members): (Vec<_>, Vec<_>) = users.iter().map(of).unzip();
    insert_all::<app_group::Entity>(tx, vec![group]).await?;
    insert_all::<app_user::Entity>(tx, users).await?;
    insert_all::<assignment::Entity>(tx, assignments).await?;
    insert_all::<app_group_member::Entity>(tx, members).await?;
    Ok(id)
}

async fn has_plans(connection: &impl ConnectionTrait, group: Uuid, monday: i64) -> Result<bool, ServiceError> {
    let mut sql = Sql::new("SELECT k.id FROM task k WHERE k.planned_end > ");
    sql.bind(monday)
        .push_bind(" AND k.user_id IN (SELECT m.user_id FROM app_group_member m WHERE m.group_id = ", group);
    sql.push(") LIMIT 1");
    Ok(!sql.rows(connection).await?.is_empty())
}

/// Three tasks a day, none of them an open plan: their tickets stay as they are.
async fn plan(
    tx: &impl ConnectionTrait,
    engine: Engine,
    group: Uuid,
    (monday, now): (i64, i64),
) -> Result<(), ServiceError> {
    let mut sql = Sql::new("SELECT m.user_id FROM app_group_member m WHERE m.group_id = ");
    let people = sql.bind(group).push(" ORDER BY m.user_id").rows(tx).await?;
    let tickets = Sql::new(
        "SELECT t.id, t.entity_id FROM ticket t WHERE t.status = 'assigned' AND t.deleted_at IS NULL ORDER BY t.number DESC LIMIT 1000",
    );
    let mut places: Vec<(Uuid, Uuid)> = Vec::new();
    for row in tickets.rows(tx).await? {
        places.push((row.try_get("", "id")?, row.try_get("", "entity_id")?));
    }
    let mut random = Random::new(1);
    let mut rows = Vec::new();
    for person in people {
        let user: Uuid = person.try_get("", "user_id")?;
        for day in 0..DAYS {
            for hour in [8, 11, 14] {
                let Some((ticket, entity)) = random.pick(&places).copied() else { continue };
                let begin = monday + day * TimeDelta::days(1).num_seconds() + hour * HOUR + random.between(0, 4) * 900;
                let end = begin + random.between(2, 10) * 900;
                rows.push(task_of(user, (ticket, entity), (begin, end), now, random.chance(50)));
            }
        }
    }
    for row in &rows {
        search::index_on(tx, engine, doc(row)).await?;
    }
    insert_all::<task::Entity>(tx, rows).await
}

fn task_of(
    user: Uuid,
    (ticket_id, entity_id): (Uuid, Uuid),
    (begin, end): (i64, i64),
    now: i64,
    is_done: bool,
) -> task::Model {
    let text = "Measurement: look at the line, write down what it says, and call the requester.".to_owned();
    task::Model {
        id: new_id(),
        ticket_id,
        entity_id,
        author_id: Some(user),
        body: format!("<p>{text}</p>"),
        body_text: text,
        visibility: Visibility::Public.as_str().to_owned(),
        state: if is_done { TaskState::Done } else { TaskState::OnHold }.as_str().to_owned(),
        category_id: None,
        planned_begin: Some(begin),
        planned_end: Some(end),
        estimated_minutes: None,
        actual_minutes: is_done.then_some(45),
        user_id: Some(user),
        group_id: None,
        reminder_minutes: None,
        remind_at: None,
        reminded_at: None,
        template_id: None,
        template_name: None,
        done_at: is_done.then_some(now),
        done_by_id: is_done.then_some(user),
        registered_at: now,
        edited_at: None,
        edited_by_id: None,
        public_edited_at: None,
        revision_count: 0,
        removed_at: None,
        removed_by_id: None,
        removed_reason: None,
        version: 1,
    }
}

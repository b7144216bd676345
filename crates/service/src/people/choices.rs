//! People and groups as options of the fields of a ticket.

use domain::policy::Capability;
use domain::views::Choice;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::{Named, has_role_in};
use crate::actor::Actor;
use crate::error::ServiceError;
use crate::sql::Sql;

/// Most people a field lists; beyond that their address is typed.
const MAX: i64 = 200;

#[derive(Debug, FromQueryResult)]
struct Addressed {
    id: Uuid,
    name: String,
    email: String,
}

/// Who may be assigned to tickets of an entity: active people with `ticket.take` there (`user:<id>`), then its active
/// groups with that flag (`group:<id>`); the first 200 of each by name.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn assignable_choices(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
) -> Result<Vec<Choice>, ServiceError> {
    let mut sql = Sql::new("SELECT u.id, u.name FROM app_user u WHERE u.active = TRUE AND ");
    sql.append(&has_role_in(actor, &[entity], Some(Capability::TicketTake)));
    sql.push_bind(" ORDER BY u.name, u.id LIMIT ", MAX);
    let people: Vec<Named> = sql.all(connection).await?;
    let mut sql =
        Sql::new("SELECT g.id, g.name FROM app_group g WHERE g.active = TRUE AND g.may_be_assigned = TRUE AND ");
    sql.append(&group_reaches(actor, entity));
    sql.push_bind(" ORDER BY g.name, g.id LIMIT ", MAX);
    let groups: Vec<Named> = sql.all(connection).await?;
    let people = people.into_iter().map(|row| choice("user", row.id, row.name));
    let groups = groups.into_iter().map(|row| choice("group", row.id, row.name));
    Ok(people.chain(groups).collect())
}

/// Who may be named as requester or observer: active people with an assignment where the actor is an agent, the first 200
/// by name; an actor who is no agent in the entity gets none, he types addresses.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn requester_choices(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
) -> Result<Vec<Choice>, ServiceError> {
    if !actor.is_agent_in(entity) {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT u.id, u.name, u.email FROM app_user u WHERE u.active = TRUE AND ");
    sql.append(&has_role_in(actor, &actor.agent_entities(), None));
    sql.push_bind(" ORDER BY u.name, u.id LIMIT ", MAX);
    let rows: Vec<Addressed> = sql.all(connection).await?;
    Ok(rows.into_iter().map(|row| choice("user", row.id, format!("{} · {}", row.name, row.email))).collect())
}

/// Some entities as options, trees in the order of their branches.
pub(crate) fn entity_choices(actor: &Actor, held: &[Uuid]) -> Vec<Choice> {
    let mut rows: Vec<(Vec<String>, u8, Uuid)> = held
        .iter()
        .map(|id| {
            let way = actor.path_of(*id);
            let depth = way.iter().skip(1).filter(|above| held.contains(above)).count();
            let names: Vec<String> = way.iter().rev().map(|above| actor.entity_name(*above)).collect();
            (names, u8::try_from(depth).unwrap_or(u8::MAX), *id)
        })
        .collect();
    rows.sort();
    rows.into_iter()
        .map(|(mut names, depth, id)| Choice { value: id.to_string(), name: names.pop().unwrap_or_default(), depth })
        .collect()
}

/// Condition that a group `g` belongs to an entity, or to an ancestor and reaches down.
pub(super) fn group_reaches(actor: &Actor, entity: Uuid) -> Sql {
    let mut sql = Sql::new("(g.entity_id = ");
    sql.bind(entity).push(" OR (g.recursive = TRUE AND g.entity_id IN ").list(actor.path_of(entity)).push("))");
    sql
}

fn choice(kind: &str, id: Uuid, name: String) -> Choice {
    Choice { value: format!("{kind}:{id}"), name, depth: 0 }
}

//! Who may do tasks, as options: active agents, and groups that may be assigned (T-TSK-01).

use std::collections::BTreeSet;

use domain::views::Choice;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::actor::{Actor, read_capabilities};
use crate::error::ServiceError;
use crate::sql::Sql;

/// Most options of a field.
const MAX: i64 = 200;

#[derive(Debug, FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
}

#[derive(Debug, FromQueryResult)]
struct RoleRow {
    id: Uuid,
    capabilities: String,
}

/// Condition on `app_user` under the alias `u`: active, and by one of his roles an agent in one of these entities.
pub(super) async fn agents_in(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entities: &[Uuid],
) -> Result<Sql, ServiceError> {
    let roles: Vec<RoleRow> = Sql::new("SELECT id, capabilities FROM role").all(connection).await?;
    let agents = roles.iter().filter(|role| read_capabilities(&role.capabilities).is_agent()).map(|role| role.id);
    let above: BTreeSet<Uuid> = entities.iter().flat_map(|entity| actor.path_of(*entity)).collect();
    let mut sql = Sql::new("u.active = TRUE AND u.id IN (SELECT a.user_id FROM assignment a WHERE a.role_id IN ");
    sql.list(agents).push(" AND (a.entity_id IN ").list(entities.iter().copied());
    sql.push(" OR (a.recursive = TRUE AND a.entity_id IN ").list(above).push(")))");
    Ok(sql)
}

/// Agents of some entities, the first 200 by name.
pub(super) async fn users(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entities: &[Uuid],
) -> Result<Vec<Choice>, ServiceError> {
    let mut sql = Sql::new("SELECT u.id, u.name FROM app_user u WHERE ");
    sql.append(&agents_in(connection, actor, entities).await?);
    sql.push_bind(" ORDER BY u.name, u.id LIMIT ", MAX);
    Ok(sql.all::<Named>(connection).await?.into_iter().map(choice).collect())
}

/// Groups that may be assigned in one of these entities, the first 200 by name.
pub(super) async fn groups(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entities: &[Uuid],
) -> Result<Vec<Choice>, ServiceError> {
    let above: BTreeSet<Uuid> = entities.iter().flat_map(|entity| actor.path_of(*entity)).collect();
    let mut sql = Sql::new(
        "SELECT g.id, g.name FROM app_group g WHERE g.active = TRUE AND g.may_be_assigned = TRUE AND (g.entity_id IN ",
    );
    sql.list(entities.iter().copied()).push(" OR (g.recursive = TRUE AND g.entity_id IN ").list(above).push("))");
    sql.push_bind(" ORDER BY g.name, g.id LIMIT ", MAX);
    Ok(sql.all::<Named>(connection).await?.into_iter().map(choice).collect())
}

fn choice(row: Named) -> Choice {
    Choice { value: row.id.to_string(), name: row.name, depth: 0 }
}

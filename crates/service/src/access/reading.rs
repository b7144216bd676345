//! What several lists and pages of the administration read: whom one may administer, his roles, the rights of a person.

use std::collections::BTreeMap;

use domain::access::Grant;
use domain::views::{HeldRole, Ref, RoleName};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::actor::{Actor, read_capabilities};
use crate::error::ServiceError;
use crate::sql::Sql;

/// Condition that a person `u` lives in one of `held`, or holds a role in one of them.
pub(super) fn reach(held: &[Uuid]) -> Sql {
    let mut sql = Sql::new("(u.entity_id IN ");
    sql.list(held.iter().copied());
    sql.push(" OR EXISTS (SELECT 1 FROM assignment h WHERE h.user_id = u.id AND h.entity_id IN ");
    sql.list(held.iter().copied()).push("))");
    sql
}

#[derive(Debug, FromQueryResult)]
struct HeldRow {
    id: Uuid,
    user_id: Uuid,
    entity_id: Uuid,
    recursive: bool,
    role_id: Uuid,
    role_key: Option<String>,
    role_name: String,
}

/// The roles of people in the entities `held`, by person, by name of the role.
pub(super) async fn roles_of(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    users: &[Uuid],
    held: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<HeldRole>>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT a.id, a.user_id, a.entity_id, a.recursive, r.id AS role_id, r.key AS role_key, r.name AS role_name \
         FROM assignment a JOIN role r ON r.id = a.role_id WHERE a.user_id IN ",
    );
    sql.list(users.iter().copied()).push(" AND a.entity_id IN ").list(held.iter().copied());
    sql.push(" ORDER BY r.name, a.id");
    let rows: Vec<HeldRow> = sql.all(connection).await?;
    let mut out: BTreeMap<Uuid, Vec<HeldRole>> = BTreeMap::new();
    for row in rows {
        out.entry(row.user_id).or_default().push(HeldRole {
            id: row.id,
            entity: Ref { id: row.entity_id, name: actor.entity_name(row.entity_id) },
            role: RoleName { id: row.role_id, key: row.role_key.unwrap_or_default(), name: row.role_name },
            recursive: row.recursive,
        });
    }
    Ok(out)
}

#[derive(Debug, FromQueryResult)]
struct RoleRow {
    id: Uuid,
    key: Option<String>,
    name: String,
}

/// All roles by name, the shipped ones first in the order of the matrix.
pub(super) async fn role_names(connection: &impl ConnectionTrait) -> Result<Vec<RoleName>, ServiceError> {
    let rows: Vec<RoleRow> =
        Sql::new("SELECT id, key, name FROM role ORDER BY shipped DESC, created_at, name, id").all(connection).await?;
    let mut names: Vec<RoleName> =
        rows.into_iter().map(|row| RoleName { id: row.id, key: row.key.unwrap_or_default(), name: row.name }).collect();
    names.sort_by_key(|role| place(&role.key));
    Ok(names)
}

/// Place of a shipped role in the matrix; copies come behind.
pub(super) fn place(key: &str) -> usize {
    let shipped = domain::policy::ShippedRole::ALL;
    shipped.iter().position(|role| role.key() == key).unwrap_or(shipped.len())
}

#[derive(Debug, FromQueryResult)]
struct GrantRow {
    user_id: Uuid,
    entity_id: Uuid,
    recursive: bool,
    role_id: Uuid,
    capabilities: String,
}

/// An assignment with its role.
#[derive(Clone, Copy, Debug)]
pub(super) struct Assigned {
    /// Which role.
    pub(super) role: Uuid,
    /// Where, how far, and what it holds.
    pub(super) grant: Grant,
}

/// All assignments of some people, by person.
pub(super) async fn grants_of(
    connection: &impl ConnectionTrait,
    of: &Sql,
) -> Result<BTreeMap<Uuid, Vec<Assigned>>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT a.user_id, a.entity_id, a.recursive, a.role_id, r.capabilities FROM assignment a \
         JOIN role r ON r.id = a.role_id JOIN app_user u ON u.id = a.user_id WHERE ",
    );
    let rows: Vec<GrantRow> = sql.append(of).all(connection).await?;
    let mut out: BTreeMap<Uuid, Vec<Assigned>> = BTreeMap::new();
    for row in rows {
        let capabilities = read_capabilities(&row.capabilities);
        let grant = Grant { entity: row.entity_id, recursive: row.recursive, capabilities };
        out.entry(row.user_id).or_default().push(Assigned { role: row.role_id, grant });
    }
    Ok(out)
}

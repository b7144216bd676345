//! Roles: what each holds, who holds it, what it says beside another one (T-ROL-02).

mod reasons;
mod save;

use domain::error::AppError;
use domain::policy::{CapSet, Capability};
use domain::views::{HolderView, Ref, RoleEffect, RoleList, RoleName, RolePage, RoleView};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::reading::{place, role_names};
use super::{require, trail};
use crate::actor::{Actor, read_capabilities};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::people;
use crate::sql::Sql;

pub use reasons::why;
pub use save::{RoleSaved, create_role, delete_role, save_role};

/// Kind of the audit row of a changed role.
const CHANGED: &str = "role_changed";
/// Most people whose names stand beside an effect.
const NAMES_MAX: usize = 20;
/// Most holders a page lists.
const HOLDERS_MAX: i64 = 100;

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    key: Option<String>,
    name: String,
    shipped: bool,
    capabilities: String,
    version: i32,
    people: i64,
}

impl Row {
    fn view(self) -> RoleView {
        RoleView {
            role: RoleName { id: self.id, key: self.key.unwrap_or_default(), name: self.name },
            shipped: self.shipped,
            capabilities: read_capabilities(&self.capabilities),
            people: u32::try_from(self.people).unwrap_or(u32::MAX),
            version: self.version,
        }
    }
}

const ROWS: &str = "SELECT r.id, r.key, r.name, r.shipped, r.capabilities, r.version, \
    (SELECT COUNT(DISTINCT a.user_id) FROM assignment a JOIN app_user u ON u.id = a.user_id \
    WHERE a.role_id = r.id AND u.active = TRUE) AS people FROM role r";

/// All roles, the shipped ones first.
///
/// # Errors
/// `Forbidden` without `admin.users`.
pub async fn roles(ctx: &Ctx) -> Result<RoleList, ServiceError> {
    require(&ctx.actor, Capability::AdminUsers)?;
    let mut sql = Sql::new(ROWS);
    let rows: Vec<Row> =
        sql.push(" ORDER BY r.shipped DESC, r.created_at, r.name, r.id").all(ctx.db().reader()).await?;
    let mut roles: Vec<RoleView> = rows.into_iter().map(Row::view).collect();
    roles.sort_by_key(|row| place(&row.role.key));
    Ok(RoleList { roles, may_copy: root_of(&ctx.actor).is_some() })
}

/// The page of a role, beside another one if `compare` names it.
///
/// # Errors
/// `Forbidden` without `admin.users`; `NotFound` for an unknown role.
pub async fn role_page(ctx: &Ctx, id: &str, compare: &str) -> Result<RolePage, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let id = people::path_id(id)?;
    let snapshot = ctx.db().snapshot().await?;
    let role = one(&snapshot, id).await?.ok_or(AppError::NotFound)?;
    let compared = match compare.parse::<Uuid>() {
        Ok(other) if other != id => one(&snapshot, other).await?,
        _ => None,
    };
    let may_copy = root_of(&ctx.actor).is_some();
    Ok(RolePage {
        may_change: may_copy && !role.shipped,
        may_copy,
        compared,
        roles: role_names(&snapshot).await?,
        holders: holders(&snapshot, &ctx.actor, id, &held).await?,
        effects: last_effects(&snapshot, id, &held).await?,
        role,
    })
}

/// One role, as the API answers it.
pub(super) async fn one(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<RoleView>, ServiceError> {
    let mut sql = Sql::new(ROWS);
    let row: Option<Row> = sql.push_bind(" WHERE r.id = ", id).one(connection).await?;
    Ok(row.map(Row::view))
}

/// The root entity, if the actor administers users there: roles count everywhere, so they are changed from there only.
fn root_of(actor: &Actor) -> Option<Uuid> {
    let held = actor.entities_with(Capability::AdminUsers);
    held.into_iter().find(|id| actor.path_of(*id).len() == 1)
}

#[derive(Debug, FromQueryResult)]
struct HolderRow {
    id: Uuid,
    name: String,
    entity_id: Uuid,
    recursive: bool,
}

async fn holders(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    role: Uuid,
    held: &[Uuid],
) -> Result<Vec<HolderView>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT u.id, u.name, a.entity_id, a.recursive FROM assignment a JOIN app_user u ON u.id = a.user_id \
         WHERE u.active = TRUE AND a.role_id = ",
    );
    sql.bind(role).push(" AND a.entity_id IN ").list(held.iter().copied());
    sql.push_bind(" ORDER BY u.name, u.id, a.id LIMIT ", HOLDERS_MAX);
    let rows: Vec<HolderRow> = sql.all(connection).await?;
    let view = |row: HolderRow| HolderView {
        user: Ref { id: row.id, name: row.name },
        entity: Ref { id: row.entity_id, name: actor.entity_name(row.entity_id) },
        recursive: row.recursive,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// What a save meant to whom, as the audit log keeps it: ids, never names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Effect {
    gained: CapSet,
    lost: CapSet,
    people: u32,
    users: Vec<Uuid>,
}

/// What the last save of a role meant, with the names of those the reader administers.
async fn last_effects(
    connection: &impl ConnectionTrait,
    role: Uuid,
    held: &[Uuid],
) -> Result<Vec<RoleEffect>, ServiceError> {
    let Some(changed) = trail::last(connection, CHANGED, role).await? else { return Ok(Vec::new()) };
    let effects = changed.data.get("effects").cloned().unwrap_or_default();
    let effects: Vec<Effect> = serde_json::from_value(effects).unwrap_or_default();
    told(connection, effects, held).await
}

async fn told(
    connection: &impl ConnectionTrait,
    effects: Vec<Effect>,
    held: &[Uuid],
) -> Result<Vec<RoleEffect>, ServiceError> {
    let mut out = Vec::new();
    for effect in effects {
        let mut sql = Sql::new("SELECT u.id, u.name FROM app_user u WHERE u.id IN ");
        sql.list(effect.users.iter().copied()).push(" AND ").append(&super::reading::reach(held));
        let mut names = Vec::new();
        for row in sql.push(" ORDER BY u.name, u.id").rows(connection).await? {
            names.push(Ref { id: row.try_get("", "id")?, name: row.try_get("", "name")? });
        }
        out.push(RoleEffect { gained: effect.gained, lost: effect.lost, people: effect.people, names });
    }
    Ok(out)
}

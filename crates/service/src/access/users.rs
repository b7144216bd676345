//! Users: the list, the page of one, and what he may be made by whom (T-ROL-01, 08, 09).

mod commands;
mod rights;
mod save;

use domain::access::{Held, excess};
use domain::error::{AppError, Code, FieldErrors};
use domain::policy::Capability;
use domain::views::{Choice, Page, Ref, UserDetail, UserList, UserListQuery, UserPage, UserRow};
use entity::app_user;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::reading::{reach, role_names, roles_of};
use super::{optional_id, require};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people::{self, Paging, assignable_choices, entity_choices, has_role_in, named_like};
use crate::scope;
use crate::sql::Sql;
use crate::tasks;

pub use commands::{UserDone, run_user_command};
pub use save::{CreatedUser, change_assignment, create_user, save_user};

/// What begins the key of an account whose name and address are forgotten.
const REMOVED: &str = "removed:";

/// The users a holder of `admin.users` may administer, by name.
///
/// # Errors
/// `Forbidden` for others; `Invalid` with every wrong filter.
pub async fn users(ctx: &Ctx, query: UserListQuery) -> Result<UserList, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let mut errors = FieldErrors::new();
    let role = errors.check("role", optional_id(&query.role)).flatten();
    let entity = errors.check("entity", optional_id(&query.entity)).flatten();
    let active = errors.check("state", state(&query.state)).flatten();
    errors.or(Some(()))?;
    let mut sql = Sql::new("SELECT u.* FROM app_user u WHERE ");
    sql.append(&reach(&held));
    if let Some(active) = active {
        sql.push_bind(" AND u.active = ", active);
    }
    if let Some(role) = role {
        sql.push_bind(" AND EXISTS (SELECT 1 FROM assignment f WHERE f.user_id = u.id AND f.role_id = ", role);
        sql.push(" AND f.entity_id IN ").list(held.iter().copied()).push(")");
    }
    if let Some(entity) = entity {
        let wanted: Vec<Uuid> = held.iter().copied().filter(|id| *id == entity).collect();
        sql.push(" AND ").append(&has_role_in(&ctx.actor, &wanted, None));
    }
    let q = query.q.trim();
    if !q.is_empty() {
        sql.push(" AND ").append(&named_like("u", q, &["email_key"]));
    }
    let filters = [q, query.role.as_str(), query.entity.as_str(), query.state.as_str()];
    let paging = Paging::open(ctx, "access-users", &filters, &query.cursor, 0)?;
    let snapshot = ctx.db().snapshot().await?;
    let count = Paging::count(&snapshot, &sql, true).await?;
    paging.append(&mut sql, "u");
    let mut rows: Vec<app_user::Model> = sql.all(&snapshot).await?;
    let next_cursor = paging.close(ctx, &mut rows, |row| (row.name.clone(), row.id));
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut roles = roles_of(&snapshot, &ctx.actor, &ids, &held).await?;
    let items = rows
        .into_iter()
        .map(|row| UserRow {
            id: row.id,
            name: row.name,
            email: row.email,
            active: row.active,
            roles: roles.remove(&row.id).unwrap_or_default(),
            last_seen_at: row.last_seen_at.map(|at| moment(at, ctx.actor.zone)),
        })
        .collect();
    Ok(UserList {
        page: Page { items, next_cursor, count, now: ctx.moment() },
        roles: role_names(&snapshot).await?,
        entities: entity_choices(&ctx.actor, &held),
    })
}

fn state(text: &str) -> Result<Option<bool>, Code> {
    match text {
        "" | "active" => Ok(Some(true)),
        "disabled" => Ok(Some(false)),
        "all" => Ok(None),
        _ => Err(Code::Invalid),
    }
}

/// The page of a user, or of a new one (`new`).
///
/// # Errors
/// `Forbidden` without `admin.users`; `NotFound` for anybody out of reach.
pub async fn user_page(ctx: &Ctx, id: &str) -> Result<UserPage, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let snapshot = ctx.db().snapshot().await?;
    let user = if id == "new" {
        None
    } else {
        let row = in_reach(&snapshot, people::path_id(id)?, &held, false).await?;
        Some(detail(ctx, &snapshot, row, &held).await?)
    };
    let successors = match &user {
        Some(user) if user.active && (user.open_tickets > 0 || user.open_tasks > 0) => {
            let all = assignable_choices(&snapshot, &ctx.actor, user.entity.id).await?;
            let own = format!("user:{}", user.id);
            all.into_iter().filter(|choice| choice.value != own).collect::<Vec<Choice>>()
        }
        _ => Vec::new(),
    };
    Ok(UserPage {
        user,
        entities: entity_choices(&ctx.actor, &held),
        roles: role_names(&snapshot).await?,
        successors,
        now: ctx.moment(),
    })
}

/// Somebody the actor may administer; `for_update` keeps others from changing him meanwhile.
async fn in_reach(
    connection: &impl ConnectionTrait,
    id: Uuid,
    held: &[Uuid],
    for_update: bool,
) -> Result<app_user::Model, ServiceError> {
    let mut sql = Sql::new("SELECT u.* FROM app_user u WHERE u.id = ");
    sql.bind(id).push(" AND ").append(&reach(held));
    if for_update && connection.get_database_backend() == sea_orm::DbBackend::Postgres {
        sql.push(" FOR NO KEY UPDATE");
    }
    let row: Option<app_user::Model> = sql.one(connection).await?;
    row.ok_or_else(|| AppError::NotFound.into())
}

/// Whether the actor holds all that somebody holds: only then may he open that account to anybody, himself included.
async fn outranks(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    user: &app_user::Model,
) -> Result<Result<(), Capability>, ServiceError> {
    let target = Actor::load(connection, user.clone(), String::new()).await?;
    let missing = excess(&Held::new(), target.held(), |entity| actor.caps(entity));
    Ok(missing.map_or(Ok(()), Err))
}

async fn detail(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    row: app_user::Model,
    held: &[Uuid],
) -> Result<UserDetail, ServiceError> {
    let actor = &ctx.actor;
    let may_change = held.contains(&row.entity_id);
    let may_invite = may_change && row.active && outranks(connection, actor, &row).await?.is_ok();
    let roles = roles_of(connection, actor, &[row.id], held).await?.remove(&row.id).unwrap_or_default();
    let open = open_tickets(connection, actor, row.id).await?.len();
    let tasks = tasks::held_by(connection, actor, row.id).await?.len();
    let invited = invited_until(connection, row.id, ctx.now()).await?;
    Ok(UserDetail {
        roles,
        groups: groups_of(connection, row.id).await?,
        open_tickets: u32::try_from(open).unwrap_or(u32::MAX),
        open_tasks: u32::try_from(tasks).unwrap_or(u32::MAX),
        entity: Ref { id: row.entity_id, name: actor.entity_name(row.entity_id) },
        removed: is_removed(&row),
        may_change,
        may_invite,
        has_password: row.password_hash.is_some(),
        invited_until: invited.map(|at| moment(at, actor.zone)),
        last_seen_at: row.last_seen_at.map(|at| moment(at, actor.zone)),
        created_at: Some(moment(row.created_at, actor.zone)),
        id: row.id,
        name: row.name,
        email: row.email,
        phone: row.phone.unwrap_or_default(),
        extension: row.extension.unwrap_or_default(),
        language: row.language,
        time_zone: row.time_zone,
        active: row.active,
        version: row.version,
    })
}

fn is_removed(row: &app_user::Model) -> bool {
    row.email_key.starts_with(REMOVED)
}

async fn groups_of(connection: &impl ConnectionTrait, user: Uuid) -> Result<Vec<Ref>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT g.id, g.name FROM app_group g JOIN app_group_member m ON m.group_id = g.id WHERE g.active = TRUE AND m.user_id = ",
    );
    let mut out = Vec::new();
    for row in sql.bind(user).push(" ORDER BY g.name, g.id").rows(connection).await? {
        out.push(Ref { id: row.try_get("", "id")?, name: row.try_get("", "name")? });
    }
    Ok(out)
}

/// Numbers of the open tickets somebody is assigned to, as far as the actor sees them (T-VIS-02).
async fn open_tickets(connection: &impl ConnectionTrait, actor: &Actor, user: Uuid) -> Result<Vec<i64>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT t.number AS open_number FROM ticket t JOIN ticket_actor a ON a.ticket_id = t.id \
         WHERE t.status NOT IN ('solved', 'closed', 'cancelled') AND a.role = 'assignee' AND a.user_id = ",
    );
    let mut out = Vec::new();
    sql.bind(user).push(" AND ").append(&scope::tickets(actor));
    for row in sql.push(" ORDER BY t.number").rows(connection).await? {
        out.push(row.try_get("", "open_number")?);
    }
    Ok(out)
}

async fn invited_until(connection: &impl ConnectionTrait, user: Uuid, now: i64) -> Result<Option<i64>, ServiceError> {
    let mut sql = Sql::new("SELECT expires_at FROM invitation WHERE user_id = ");
    sql.bind(user).push_bind(" AND expires_at > ", now).push(" ORDER BY expires_at DESC LIMIT 1");
    Ok(sql.scalar(connection).await?)
}

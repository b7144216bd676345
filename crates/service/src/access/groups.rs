//! Groups: the list, the page of one, its members, and what it insists on (T-ROL-04, M-RCP-05).

mod save;

use domain::access::GroupMail;
use domain::error::AppError;
use domain::policy::Capability;
use domain::views::{Choice, GroupDetail, GroupPage, GroupRow, MemberView, Page, Ref};
use entity::app_group;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::reading::reach;
use super::require;
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::people::{self, Paging, entity_choices, named_like};
use crate::sql::Sql;

pub use save::{change_member, create_group, delete_group, save_group};

/// Most people a field lists; beyond that their address is typed.
const CHOICES_MAX: i64 = 200;

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    name: String,
    entity_id: Uuid,
    recursive: bool,
    may_be_assigned: bool,
    may_be_asked: bool,
    may_be_requester: bool,
    members: i64,
}

impl Row {
    fn view(self, actor: &Actor) -> GroupRow {
        GroupRow {
            id: self.id,
            name: self.name,
            entity: Ref { id: self.entity_id, name: actor.entity_name(self.entity_id) },
            recursive: self.recursive,
            may_be_assigned: self.may_be_assigned,
            may_be_asked: self.may_be_asked,
            may_be_requester: self.may_be_requester,
            members: u32::try_from(self.members).unwrap_or(u32::MAX),
        }
    }
}

fn rows_of(held: &[Uuid]) -> Sql {
    let mut sql = Sql::new(
        "SELECT g.id, g.name, g.entity_id, g.recursive, g.may_be_assigned, g.may_be_asked, g.may_be_requester, \
         (SELECT COUNT(*) FROM app_group_member m JOIN app_user u ON u.id = m.user_id WHERE m.group_id = g.id AND u.active = TRUE) \
         AS members FROM app_group g WHERE g.active = TRUE AND g.entity_id IN ",
    );
    sql.list(held.iter().copied());
    sql
}

/// The groups of the entities a holder of `admin.users` administers, by name.
///
/// # Errors
/// `Forbidden` for others.
pub async fn groups(ctx: &Ctx, q: &str, cursor: &str) -> Result<Page<GroupRow>, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let q = q.trim();
    let mut sql = rows_of(&held);
    if !q.is_empty() {
        sql.push(" AND ").append(&named_like("g", q, &[]));
    }
    let paging = Paging::open(ctx, "access-groups", &[q], cursor, 0)?;
    let snapshot = ctx.db().snapshot().await?;
    let count = Paging::count(&snapshot, &sql, true).await?;
    paging.append(&mut sql, "g");
    let mut rows: Vec<Row> = sql.all(&snapshot).await?;
    let next_cursor = paging.close(ctx, &mut rows, |row| (row.name.clone(), row.id));
    let items = rows.into_iter().map(|row| row.view(&ctx.actor)).collect();
    Ok(Page { items, next_cursor, count, now: ctx.moment() })
}

/// The page of a group, or of a new one (`new`).
///
/// # Errors
/// `Forbidden` without `admin.users`; `NotFound` for a group out of reach.
pub async fn group_page(ctx: &Ctx, id: &str) -> Result<GroupPage, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let snapshot = ctx.db().snapshot().await?;
    let group = if id == "new" {
        None
    } else {
        let id = people::path_id(id)?;
        let mut sql = rows_of(&held);
        let row: Option<Row> = sql.push_bind(" AND g.id = ", id).one(&snapshot).await?;
        let row = row.ok_or(AppError::NotFound)?.view(&ctx.actor);
        Some(GroupDetail {
            row,
            members: members_of(&snapshot, id).await?,
            extra_addresses: addresses_of(&snapshot, id).await?,
            mandatory_notifications: mails_of(&snapshot, id).await?,
            version: version_of(&snapshot, id).await?,
        })
    };
    let people = if group.is_some() { candidates(&snapshot, &held).await? } else { Vec::new() };
    Ok(GroupPage { group, entities: entity_choices(&ctx.actor, &held), people })
}

/// A group the actor may administer; `for_update` keeps others from changing it meanwhile.
async fn in_reach(
    connection: &impl ConnectionTrait,
    id: Uuid,
    held: &[Uuid],
    for_update: bool,
) -> Result<app_group::Model, ServiceError> {
    let mut sql = Sql::new("SELECT g.* FROM app_group g WHERE g.active = TRUE AND g.id = ");
    sql.bind(id).push(" AND g.entity_id IN ").list(held.iter().copied());
    if for_update && connection.get_database_backend() == sea_orm::DbBackend::Postgres {
        sql.push(" FOR NO KEY UPDATE");
    }
    let row: Option<app_group::Model> = sql.one(connection).await?;
    row.ok_or_else(|| AppError::NotFound.into())
}

async fn version_of(connection: &impl ConnectionTrait, id: Uuid) -> Result<i32, ServiceError> {
    let version: Option<i32> =
        Sql::new("SELECT version FROM app_group WHERE id = ").bind(id).scalar(connection).await?;
    Ok(version.unwrap_or(0))
}

async fn members_of(connection: &impl ConnectionTrait, id: Uuid) -> Result<Vec<MemberView>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT u.id, u.name, u.active, m.manager FROM app_group_member m JOIN app_user u ON u.id = m.user_id WHERE m.group_id = ",
    );
    let mut out = Vec::new();
    for row in sql.bind(id).push(" ORDER BY u.name, u.id").rows(connection).await? {
        out.push(MemberView {
            id: row.try_get("", "id")?,
            name: row.try_get("", "name")?,
            manager: row.try_get("", "manager")?,
            active: row.try_get("", "active")?,
        });
    }
    Ok(out)
}

/// The addresses a group copies to (M-RCP-05), in alphabetical order.
async fn addresses_of(connection: &impl ConnectionTrait, id: Uuid) -> Result<Vec<String>, ServiceError> {
    let mut sql = Sql::new("SELECT address FROM app_group_address WHERE group_id = ");
    let mut out = Vec::new();
    for row in sql.bind(id).push(" ORDER BY address").rows(connection).await? {
        out.push(row.try_get("", "address")?);
    }
    Ok(out)
}

/// The mails a group insists on (M-RCP-05), in their order.
async fn mails_of(connection: &impl ConnectionTrait, id: Uuid) -> Result<Vec<GroupMail>, ServiceError> {
    let mut sql = Sql::new("SELECT event FROM app_group_mail WHERE group_id = ");
    let mut out: Vec<GroupMail> = Vec::new();
    for row in sql.bind(id).rows(connection).await? {
        let event: String = row.try_get("", "event")?;
        out.extend(event.parse::<GroupMail>());
    }
    out.sort_unstable();
    Ok(out)
}

/// People who may become members, as options.
async fn candidates(connection: &impl ConnectionTrait, held: &[Uuid]) -> Result<Vec<Choice>, ServiceError> {
    let mut sql = Sql::new("SELECT u.id, u.name, u.email FROM app_user u WHERE u.active = TRUE AND ");
    sql.append(&reach(held)).push_bind(" ORDER BY u.name, u.id LIMIT ", CHOICES_MAX);
    let mut out = Vec::new();
    for row in sql.rows(connection).await? {
        let (id, name, email): (Uuid, String, String) =
            (row.try_get("", "id")?, row.try_get("", "name")?, row.try_get("", "email")?);
        out.push(Choice { value: id.to_string(), name: format!("{name} · {email}"), depth: 0 });
    }
    Ok(out)
}

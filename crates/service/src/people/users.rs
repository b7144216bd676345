//! People as agents see them (api.md section 8).

use std::collections::BTreeMap;

use domain::error::{AppError, FieldErrors};
use domain::policy::Capability;
use domain::views::{Moment, Page, Ref};
use entity::app_user;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Paging, has_role_in, ids, named_like, path_id, switch};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments;
use crate::sql::Sql;

/// Which people, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UserQuery {
    /// Part of the name or address.
    pub q: String,
    /// Entity ids, comma separated: people with an assignment in force there.
    pub entity: String,
    /// Group ids, comma separated: members.
    pub group: String,
    /// `true`, `false`; empty = both.
    pub active: String,
    /// `true`: holders of `ticket.take`, `false`: the others.
    pub assignable: String,
    /// `true`: holders of `validation.answer`, `false`: the others.
    pub can_validate: String,
    /// No part of the name or address.
    pub not_q: String,
    /// Entity ids: people without assignment there.
    pub not_entity: String,
    /// Group ids: people who are no members.
    pub not_group: String,
    /// Count the rows up to 1 000.
    pub count: bool,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
}

/// A person as agents see him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserView {
    /// Account id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Phone, if known.
    pub phone: Option<String>,
    /// Extension, if known.
    pub extension: Option<String>,
    /// Location; this release stores none.
    pub location: Option<Ref>,
    /// Address of the picture; this release stores none.
    pub picture: Option<String>,
    /// Whether he may sign in.
    pub active: bool,
    /// What only holders of `admin.users` in his home entity see; absent for others.
    #[serde(flatten)]
    pub admin: Option<UserAdmin>,
}

/// The part of a person that his administrators see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserAdmin {
    /// Language code.
    pub language: String,
    /// IANA name.
    pub time_zone: String,
    /// His roles in entities the reader administers.
    pub assignments: Vec<AssignmentView>,
    /// His groups.
    pub groups: Vec<Ref>,
    /// When he was seen last, to the minute.
    pub last_seen_at: Option<Moment>,
    /// Version of the account.
    pub version: i32,
}

/// A role of a person in an entity (T-ROL-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssignmentView {
    /// Where.
    pub entity: Ref,
    /// Which role.
    pub role: Ref,
    /// Also in sub-entities.
    pub recursive: bool,
}

/// People with an assignment in an entity where the caller is an agent, by name.
///
/// # Errors
/// `Forbidden` without capability for callers who are agents nowhere; `Invalid` with every wrong parameter.
pub async fn users(ctx: &Ctx, query: UserQuery) -> Result<Page<UserView>, ServiceError> {
    let mut sql = reachable(ctx)?;
    let filters = [
        query.q.as_str(),
        query.entity.as_str(),
        query.group.as_str(),
        query.active.as_str(),
        query.assignable.as_str(),
        query.can_validate.as_str(),
        query.not_q.as_str(),
        query.not_entity.as_str(),
        query.not_group.as_str(),
    ];
    append_filters(&ctx.actor, &query, &mut sql)?;
    let paging = Paging::open(ctx, "users", &filters, &query.cursor, query.limit)?;
    let snapshot = ctx.db().snapshot().await?;
    let count = Paging::count(&snapshot, &sql, query.count).await?;
    paging.append(&mut sql, "u");
    let mut rows: Vec<app_user::Model> = sql.all(&snapshot).await?;
    let next_cursor = paging.close(ctx, &mut rows, |row| (row.name.clone(), row.id));
    Ok(Page { items: views(&snapshot, &ctx.actor, rows).await?, next_cursor, count, now: ctx.moment() })
}

/// One person.
///
/// # Errors
/// `Forbidden` without capability for callers who are agents nowhere; `NotFound` for anybody out of their reach.
pub async fn user(ctx: &Ctx, id: &str) -> Result<UserView, ServiceError> {
    let mut sql = reachable(ctx)?;
    sql.push_bind(" AND u.id = ", path_id(id)?);
    let snapshot = ctx.db().snapshot().await?;
    let rows: Vec<app_user::Model> = sql.all(&snapshot).await?;
    views(&snapshot, &ctx.actor, rows).await?.pop().ok_or_else(|| AppError::NotFound.into())
}

/// The people in the reach of the caller, to be narrowed.
fn reachable(ctx: &Ctx) -> Result<Sql, AppError> {
    let entities = ctx.actor.agent_entities();
    if entities.is_empty() {
        return Err(AppError::Forbidden(String::new()));
    }
    let mut sql = Sql::new("SELECT u.* FROM app_user u WHERE (");
    sql.append(&has_role_in(&ctx.actor, &entities, None));
    let administered = ctx.actor.entities_with(Capability::AdminUsers);
    if !administered.is_empty() {
        // Who lives there is administered there, be it that he holds no role yet.
        sql.push(" OR u.entity_id IN ").list(administered);
    }
    sql.push(")");
    Ok(sql)
}

fn append_filters(actor: &Actor, query: &UserQuery, sql: &mut Sql) -> Result<(), AppError> {
    let mut errors = FieldErrors::new();
    let entity = errors.check("entity", ids(&query.entity)).flatten();
    let group = errors.check("group", ids(&query.group)).flatten();
    let not_entity = errors.check("not.entity", ids(&query.not_entity)).flatten();
    let not_group = errors.check("not.group", ids(&query.not_group)).flatten();
    let active = errors.check("active", switch(&query.active)).flatten();
    let assignable = errors.check("assignable", switch(&query.assignable)).flatten();
    let can_validate = errors.check("can_validate", switch(&query.can_validate)).flatten();
    errors.or(Some(()))?;
    let mut entities = actor.agent_entities();
    if let Some(wanted) = entity {
        entities.retain(|id| wanted.contains(id));
        sql.push(" AND ").append(&has_role_in(actor, &entities, None));
    }
    if let Some(unwanted) = not_entity {
        let unwanted: Vec<Uuid> = actor.agent_entities().into_iter().filter(|id| unwanted.contains(id)).collect();
        sql.push(" AND NOT ").append(&has_role_in(actor, &unwanted, None));
    }
    for (groups, is_in) in [(group, " AND u.id IN "), (not_group, " AND u.id NOT IN ")] {
        if let Some(groups) = groups {
            sql.push(is_in).push("(SELECT user_id FROM app_group_member WHERE group_id IN ").list(groups).push(")");
        }
    }
    if let Some(active) = active {
        sql.push_bind(" AND u.active = ", active);
    }
    for (wanted, capability) in [(assignable, Capability::TicketTake), (can_validate, Capability::ValidationAnswer)] {
        if let Some(wanted) = wanted {
            sql.push(if wanted { " AND " } else { " AND NOT " }).append(&has_role_in(
                actor,
                &entities,
                Some(capability),
            ));
        }
    }
    for (q, word) in [(query.q.trim(), " AND "), (query.not_q.trim(), " AND NOT ")] {
        if !q.is_empty() {
            sql.push(word).append(&named_like("u", q, &["email_key"]));
        }
    }
    Ok(())
}

#[derive(Debug, FromQueryResult)]
struct AssignmentRow {
    user_id: Uuid,
    entity_id: Uuid,
    role_id: Uuid,
    role_name: String,
    recursive: bool,
}

#[derive(Debug, FromQueryResult)]
struct MembershipRow {
    user_id: Uuid,
    id: Uuid,
    name: String,
}

async fn views(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<app_user::Model>,
) -> Result<Vec<UserView>, ServiceError> {
    let administered: Vec<Uuid> =
        rows.iter().filter(|row| actor.has(row.entity_id, Capability::AdminUsers)).map(|row| row.id).collect();
    let mut assignments = assignments(connection, actor, &administered).await?;
    let mut groups = memberships(connection, &administered).await?;
    let view = |row: app_user::Model| {
        let admin = administered.contains(&row.id).then(|| UserAdmin {
            language: row.language,
            time_zone: row.time_zone,
            assignments: assignments.remove(&row.id).unwrap_or_default(),
            groups: groups.remove(&row.id).unwrap_or_default(),
            last_seen_at: row.last_seen_at.map(|at| moments::moment(at, actor.zone)),
            version: row.version,
        });
        UserView {
            id: row.id,
            name: row.name,
            email: row.email,
            phone: row.phone,
            extension: row.extension,
            location: None,
            picture: None,
            active: row.active,
            admin,
        }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Roles of people in entities the reader administers, by person.
async fn assignments(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    users: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<AssignmentView>>, ServiceError> {
    let mut out: BTreeMap<Uuid, Vec<AssignmentView>> = BTreeMap::new();
    if users.is_empty() {
        return Ok(out);
    }
    let mut sql = Sql::new(
        "SELECT a.user_id, a.entity_id, a.role_id, r.name AS role_name, a.recursive FROM assignment a JOIN role r ON r.id = a.role_id \
         WHERE a.user_id IN ",
    );
    sql.list(users.iter().copied()).push(" AND a.entity_id IN ");
    sql.list(actor.entities_with(Capability::AdminUsers)).push(" ORDER BY r.name, a.id");
    let rows: Vec<AssignmentRow> = sql.all(connection).await?;
    for row in rows {
        out.entry(row.user_id).or_default().push(AssignmentView {
            entity: Ref { id: row.entity_id, name: actor.entity_name(row.entity_id) },
            role: Ref { id: row.role_id, name: row.role_name },
            recursive: row.recursive,
        });
    }
    Ok(out)
}

async fn memberships(
    connection: &impl ConnectionTrait,
    users: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Ref>>, ServiceError> {
    let mut out: BTreeMap<Uuid, Vec<Ref>> = BTreeMap::new();
    if users.is_empty() {
        return Ok(out);
    }
    let mut sql = Sql::new(
        "SELECT m.user_id, g.id, g.name FROM app_group_member m JOIN app_group g ON g.id = m.group_id WHERE m.user_id IN ",
    );
    sql.list(users.iter().copied()).push(" ORDER BY g.name, g.id");
    let rows: Vec<MembershipRow> = sql.all(connection).await?;
    for row in rows {
        out.entry(row.user_id).or_default().push(Ref { id: row.id, name: row.name });
    }
    Ok(out)
}

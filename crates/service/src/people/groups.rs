//! Groups: all of them in reach for agents, the own ones for everybody else (api.md section 8).

use std::collections::BTreeMap;

use domain::access::GroupMail;
use domain::error::{AppError, FieldErrors};
use domain::policy::Capability;
use domain::views::{Page, Ref};
use entity::app_group;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Paging, ids, named_like, path_id, switch, ways};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::lists;
use crate::sql::Sql;

/// Which groups, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GroupQuery {
    /// Part of the name.
    pub q: String,
    /// Entity ids, comma separated.
    pub entity: String,
    /// `true`, `false`; empty = both.
    pub may_be_assigned: String,
    /// `true`, `false`; empty = both.
    pub may_be_asked: String,
    /// `true`, `false`; empty = both.
    pub may_be_requester: String,
    /// No part of the name.
    pub not_q: String,
    /// Entity ids of other groups.
    pub not_entity: String,
    /// Count the rows up to 1 000.
    pub count: bool,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupView {
    /// Group id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// What only agents of its entity see; absent for others.
    #[serde(flatten)]
    pub details: Option<GroupDetails>,
    /// What only holders of `admin.users` in its entity see; absent for others.
    #[serde(flatten)]
    pub admin: Option<GroupAdmin>,
}

/// The part of a group that agents see (T-ROL-04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupDetails {
    /// Its entity.
    pub entity: Ref,
    /// Also in sub-entities.
    pub recursive: bool,
    /// May be assigned to tickets.
    pub may_be_assigned: bool,
    /// May be asked for a validation.
    pub may_be_asked: bool,
    /// May be requester.
    pub may_be_requester: bool,
    /// Active members, by name.
    pub members: Vec<Ref>,
    /// Those of them who lead it.
    pub managers: Vec<Ref>,
}

/// The part of a group that its administrators see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GroupAdmin {
    /// Addresses that get copies (M-RCP-05).
    pub extra_addresses: Vec<String>,
    /// `opening`, `progress`, `closing` (M-RCP-05).
    pub mandatory_notifications: Vec<String>,
    /// Version of the group.
    pub version: i32,
}

/// Active groups by name: for agents those of their entities, and everybody's own.
///
/// # Errors
/// `Invalid` with every wrong parameter.
pub async fn groups(ctx: &Ctx, query: GroupQuery) -> Result<Page<GroupView>, ServiceError> {
    let filters = [
        query.q.as_str(),
        query.entity.as_str(),
        query.may_be_assigned.as_str(),
        query.may_be_asked.as_str(),
        query.may_be_requester.as_str(),
        query.not_q.as_str(),
        query.not_entity.as_str(),
    ];
    let mut sql = reachable(&ctx.actor);
    append_filters(&ctx.actor, &query, &mut sql)?;
    let paging = Paging::open(ctx, "groups", &filters, &query.cursor, query.limit)?;
    let snapshot = ctx.db().snapshot().await?;
    let count = Paging::count(&snapshot, &sql, query.count).await?;
    paging.append(&mut sql, "g");
    let mut rows: Vec<app_group::Model> = sql.all(&snapshot).await?;
    let next_cursor = paging.close(ctx, &mut rows, |row| (row.name.clone(), row.id));
    Ok(Page { items: views(&snapshot, &ctx.actor, rows).await?, next_cursor, count, now: ctx.moment() })
}

/// One group.
///
/// # Errors
/// `NotFound` for a group out of the caller's reach.
pub async fn group(ctx: &Ctx, id: &str) -> Result<GroupView, ServiceError> {
    let mut sql = reachable(&ctx.actor);
    sql.push_bind(" AND g.id = ", path_id(id)?);
    let snapshot = ctx.db().snapshot().await?;
    let rows: Vec<app_group::Model> = sql.all(&snapshot).await?;
    views(&snapshot, &ctx.actor, rows).await?.pop().ok_or_else(|| AppError::NotFound.into())
}

fn reachable(actor: &Actor) -> Sql {
    let mut sql = Sql::new("SELECT g.* FROM app_group g WHERE g.active = TRUE AND (g.id IN ");
    sql.list(actor.groups.iter().copied()).push(" OR ").append(&in_reach(actor)).push(")");
    sql
}

/// Whether a group can be used in an entity (`path`: it and its ancestors).
pub(crate) fn group_reaches(row: &app_group::Model, path: &[Uuid]) -> bool {
    row.active && lists::reaches(row.entity_id, row.recursive, path)
}

/// Groups the reader knows as an agent.
fn in_reach(actor: &Actor) -> Sql {
    let entities = actor.agent_entities();
    let mut sql = Sql::new("(g.entity_id IN ");
    sql.list(entities.iter().copied()).push(" OR (g.recursive = TRUE AND g.entity_id IN ");
    sql.list(ways(actor, &entities)).push("))");
    sql
}

/// Whether the reader sees more of a group than its name.
fn sees_details(actor: &Actor, row: &app_group::Model) -> bool {
    let entities = actor.agent_entities();
    entities.contains(&row.entity_id) || (row.recursive && ways(actor, &entities).contains(&row.entity_id))
}

fn append_filters(actor: &Actor, query: &GroupQuery, sql: &mut Sql) -> Result<(), AppError> {
    let mut errors = FieldErrors::new();
    let entity = errors.check("entity", ids(&query.entity)).flatten();
    let not_entity = errors.check("not.entity", ids(&query.not_entity)).flatten();
    let assigned = errors.check("may_be_assigned", switch(&query.may_be_assigned)).flatten();
    let asked = errors.check("may_be_asked", switch(&query.may_be_asked)).flatten();
    let requester = errors.check("may_be_requester", switch(&query.may_be_requester)).flatten();
    errors.or(Some(()))?;
    if [&entity, &not_entity].into_iter().any(Option::is_some)
        || [assigned, asked, requester].iter().any(Option::is_some)
    {
        // Of an own group elsewhere only the name is known: a condition on the rest is false for it (A-LST-04).
        sql.push(" AND ").append(&in_reach(actor));
    }
    if let Some(entities) = entity {
        sql.push(" AND g.entity_id IN ").list(entities);
    }
    if let Some(entities) = not_entity {
        sql.push(" AND g.entity_id NOT IN ").list(entities);
    }
    let flags = [
        (" AND g.may_be_assigned = ", assigned),
        (" AND g.may_be_asked = ", asked),
        (" AND g.may_be_requester = ", requester),
    ];
    for (condition, wanted) in flags {
        if let Some(wanted) = wanted {
            sql.push_bind(condition, wanted);
        }
    }
    for (q, word) in [(query.q.trim(), " AND "), (query.not_q.trim(), " AND NOT ")] {
        if !q.is_empty() {
            sql.push(word).append(&named_like("g", q, &[]));
        }
    }
    Ok(())
}

#[derive(Debug, FromQueryResult)]
struct MemberRow {
    group_id: Uuid,
    id: Uuid,
    name: String,
    manager: bool,
}

async fn views(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    rows: Vec<app_group::Model>,
) -> Result<Vec<GroupView>, ServiceError> {
    let detailed: Vec<Uuid> = rows.iter().filter(|row| sees_details(actor, row)).map(|row| row.id).collect();
    let mut members = members(connection, &detailed).await?;
    let administered: Vec<Uuid> =
        rows.iter().filter(|row| actor.has(row.entity_id, Capability::AdminUsers)).map(|row| row.id).collect();
    let mut addresses = words(connection, "app_group_address", "address", &administered).await?;
    let mut mails = words(connection, "app_group_mail", "event", &administered).await?;
    let view = |row: app_group::Model| {
        let details = detailed.contains(&row.id).then(|| {
            let people = members.remove(&row.id).unwrap_or_default();
            GroupDetails {
                entity: Ref { id: row.entity_id, name: actor.entity_name(row.entity_id) },
                recursive: row.recursive,
                may_be_assigned: row.may_be_assigned,
                may_be_asked: row.may_be_asked,
                may_be_requester: row.may_be_requester,
                managers: people.iter().filter(|person| person.manager).map(reference).collect(),
                members: people.iter().map(reference).collect(),
            }
        });
        let admin = administered.contains(&row.id).then(|| GroupAdmin {
            extra_addresses: addresses.remove(&row.id).unwrap_or_default(),
            mandatory_notifications: in_order(mails.remove(&row.id).unwrap_or_default()),
            version: row.version,
        });
        GroupView { id: row.id, name: row.name, details, admin }
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Mails in the order of a ticket's life.
fn in_order(words: Vec<String>) -> Vec<String> {
    GroupMail::ALL.iter().map(|mail| mail.as_str().to_owned()).filter(|word| words.contains(word)).collect()
}

/// One word of each row of a table about groups, by group.
async fn words(
    connection: &impl ConnectionTrait,
    table: &str,
    column: &str,
    groups: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<String>>, ServiceError> {
    let mut out: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    if groups.is_empty() {
        return Ok(out);
    }
    let mut sql = Sql::new(&format!("SELECT group_id, {column} AS word FROM {table} WHERE group_id IN "));
    for row in sql.list(groups.iter().copied()).push(" ORDER BY word").rows(connection).await? {
        out.entry(row.try_get("", "group_id")?).or_default().push(row.try_get("", "word")?);
    }
    Ok(out)
}

fn reference(row: &MemberRow) -> Ref {
    Ref { id: row.id, name: row.name.clone() }
}

/// A member is a member only while his account is active (T-ROL-04).
async fn members(
    connection: &impl ConnectionTrait,
    groups: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<MemberRow>>, ServiceError> {
    let mut out: BTreeMap<Uuid, Vec<MemberRow>> = BTreeMap::new();
    if groups.is_empty() {
        return Ok(out);
    }
    let mut sql = Sql::new(
        "SELECT m.group_id, u.id, u.name, m.manager FROM app_group_member m JOIN app_user u ON u.id = m.user_id \
         WHERE u.active = TRUE AND m.group_id IN ",
    );
    sql.list(groups.iter().copied()).push(" ORDER BY u.name, u.id");
    let rows: Vec<MemberRow> = sql.all(connection).await?;
    for row in rows {
        out.entry(row.group_id).or_default().push(row);
    }
    Ok(out)
}

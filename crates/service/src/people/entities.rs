//! Entities in which the caller holds an assignment (api.md section 8).

use domain::error::{AppError, Code, FieldErrors};
use domain::policy::Capability;
use domain::views::{Page, Ref};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Paging, ids, named_like, path_id};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::Sql;

/// Which entities, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EntityQuery {
    /// Part of the name.
    pub q: String,
    /// Ids of parents, comma separated; `none` = those without a parent in sight.
    pub parent: String,
    /// No part of the name.
    pub not_q: String,
    /// Ids of other parents.
    pub not_parent: String,
    /// Count the rows up to 1 000.
    pub count: bool,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
}

/// An entity. Ancestors in which the reader holds nothing are left out of `parent` and `path`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EntityView {
    /// Entity id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// The entity above.
    pub parent: Option<Ref>,
    /// From the top down to itself, "Acme > Brasil".
    pub path: String,
    /// Language code.
    pub language: String,
    /// IANA name.
    pub time_zone: String,
    /// ISO 4217.
    pub currency: String,
    /// Version, for those who may change it; absent for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    parent_id: Option<Uuid>,
    name: String,
    language: String,
    time_zone: String,
    currency: String,
    version: i32,
}

/// Entities in which the caller holds a capability, by name.
///
/// # Errors
/// `Invalid` with every wrong parameter.
pub async fn entities(ctx: &Ctx, query: EntityQuery) -> Result<Page<EntityView>, ServiceError> {
    let mut sql = reachable(&ctx.actor);
    let mut errors = FieldErrors::new();
    for (field, value, word) in [("parent", &query.parent, " AND "), ("not.parent", &query.not_parent, " AND NOT ")] {
        if let Some(Some(condition)) = errors.check(field, below(&ctx.actor, value)) {
            sql.push(word).append(&condition);
        }
    }
    errors.or(Some(()))?;
    for (q, word) in [(query.q.trim(), " AND "), (query.not_q.trim(), " AND NOT ")] {
        if !q.is_empty() {
            sql.push(word).append(&named_like("e", q, &[]));
        }
    }
    let filters = [&query.q, &query.parent, &query.not_q, &query.not_parent].map(String::as_str);
    let paging = Paging::open(ctx, "entities", &filters, &query.cursor, query.limit)?;
    let count = Paging::count(ctx.db().reader(), &sql, query.count).await?;
    paging.append(&mut sql, "e");
    let mut rows: Vec<Row> = sql.all(ctx.db().reader()).await?;
    let next_cursor = paging.close(ctx, &mut rows, |row| (row.name.clone(), row.id));
    let items = rows.into_iter().map(|row| view(row, &ctx.actor)).collect();
    Ok(Page { items, next_cursor, count, now: ctx.moment() })
}

/// One entity.
///
/// # Errors
/// `NotFound` for an entity in which the caller holds nothing.
pub async fn entity(ctx: &Ctx, id: &str) -> Result<EntityView, ServiceError> {
    let mut sql = reachable(&ctx.actor);
    sql.push_bind(" AND e.id = ", path_id(id)?);
    let row: Option<Row> = sql.one(ctx.db().reader()).await?;
    row.map(|row| view(row, &ctx.actor)).ok_or_else(|| AppError::NotFound.into())
}

/// Condition on the parent as the reader sees it: one in which he holds nothing is none to him (A-LST-04).
fn below(actor: &Actor, value: &str) -> Result<Option<Sql>, Code> {
    let seen = actor.entities();
    let is_root = value.trim() == "none";
    let wanted = if is_root { None } else { ids(value)? };
    if !is_root && wanted.is_none() {
        return Ok(None);
    }
    let parents = seen.iter().copied().filter(|id| wanted.as_ref().is_none_or(|wanted| wanted.contains(id)));
    let mut sql = Sql::new("(e.parent_id IS NOT NULL AND e.parent_id ");
    sql.push("IN ").list(parents).push(")");
    if is_root {
        let mut root = Sql::new("NOT ");
        root.append(&sql);
        sql = root;
    }
    Ok(Some(sql))
}

fn reachable(actor: &Actor) -> Sql {
    let mut sql = Sql::new(
        "SELECT e.id, e.parent_id, e.name, e.language, e.time_zone, e.currency, e.version FROM entity e WHERE e.id IN ",
    );
    sql.list(actor.entities());
    sql
}

fn view(row: Row, actor: &Actor) -> EntityView {
    let seen = actor.entities();
    let mut names: Vec<String> =
        actor.path_of(row.id).into_iter().filter(|id| seen.contains(id)).map(|id| actor.entity_name(id)).collect();
    names.reverse();
    EntityView {
        id: row.id,
        parent: row.parent_id.filter(|id| seen.contains(id)).map(|id| Ref { id, name: actor.entity_name(id) }),
        path: names.join(" > "),
        name: row.name,
        language: row.language,
        time_zone: row.time_zone,
        currency: row.currency,
        version: actor.has(row.id, Capability::AdminEntities).then_some(row.version),
    }
}

//! Entities in which the caller holds an assignment (api.md section 8).

use domain::error::{AppError, FieldErrors};
use domain::views::{Page, Ref};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Paging, contains, ids, path_id};
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
    /// Ids of parents, comma separated.
    pub parent: String,
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
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    parent_id: Option<Uuid>,
    name: String,
    language: String,
    time_zone: String,
    currency: String,
}

/// Entities in which the caller holds a capability, by name.
///
/// # Errors
/// `Invalid` with every wrong parameter.
pub async fn entities(ctx: &Ctx, query: EntityQuery) -> Result<Page<EntityView>, ServiceError> {
    let mut sql = reachable(&ctx.actor);
    let mut errors = FieldErrors::new();
    let parents = errors.check("parent", ids(&query.parent)).flatten();
    errors.or(Some(()))?;
    if let Some(parents) = parents {
        sql.push(" AND e.parent_id IN ").list(parents);
    }
    let q = query.q.trim();
    if !q.is_empty() {
        sql.push_bind(" AND (LOWER(e.name) LIKE ", contains(&q.to_lowercase()))
            .push_bind(" ESCAPE '!' OR e.name LIKE ", contains(q))
            .push(" ESCAPE '!')");
    }
    let paging = Paging::open(ctx, "entities", &[query.q.as_str(), query.parent.as_str()], &query.cursor, query.limit)?;
    paging.append(&mut sql, "e");
    let mut rows: Vec<Row> = sql.all(ctx.db().reader()).await?;
    let next_cursor = paging.close(ctx, &mut rows, |row| (row.name.clone(), row.id));
    Ok(Page { items: rows.into_iter().map(|row| view(row, &ctx.actor)).collect(), next_cursor, count: None })
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

fn reachable(actor: &Actor) -> Sql {
    let mut sql =
        Sql::new("SELECT e.id, e.parent_id, e.name, e.language, e.time_zone, e.currency FROM entity e WHERE e.id IN ");
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
    }
}

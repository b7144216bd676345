//! Tickets opened in a period by what they are about and who works on them.

use std::collections::BTreeMap;

use domain::policy::Capability;
use domain::statistics::ROWS_MAX;
use entity::list_row;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use uuid::Uuid;

use super::period::Asked;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::{Sql, unique};
use crate::{customers, lists, people, scope};

/// Name of the row that stands for all that are not listed.
pub const OTHERS: &str = "\u{2026}";

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Option<Uuid>,
    n: i64,
}

/// Rows of a breakdown: name and number, the most first; an empty name stands for none.
type Rows = Vec<(String, i64)>;

/// By a column of the ticket that names a row of a list.
pub(super) async fn by_row(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    asked: &Asked,
    column: &str,
) -> Result<Rows, ServiceError> {
    let mut sql = Sql::new("SELECT t.");
    sql.push(column).push(" AS id, COUNT(*) AS n FROM ticket t WHERE ").append(&asked.tickets(&ctx.actor));
    sql.append(&asked.period.holds("opened_at")).push(" GROUP BY t.").push(column);
    let rows = read(connection, sql).await?;
    let ids = unique(rows.iter().filter_map(|row| row.id));
    let found = if ids.is_empty() {
        Vec::new()
    } else {
        list_row::Entity::find().filter(list_row::Column::Id.is_in(ids)).all(connection).await?
    };
    let names: BTreeMap<Uuid, String> = found.iter().map(|row| (row.id, lists::name(row, ctx.actor.lang))).collect();
    Ok(named(rows, |id| names.get(&id).cloned().unwrap_or_default()))
}

/// By assigned people, or by assigned groups.
pub(super) async fn by_assignee(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    asked: &Asked,
    groups: bool,
) -> Result<Rows, ServiceError> {
    let column = if groups { "a.group_id" } else { "a.user_id" };
    let mut sql = Sql::new("SELECT ");
    sql.push(column).push(" AS id, COUNT(*) AS n FROM ticket t JOIN ticket_actor a ON a.ticket_id = t.id");
    sql.push(" AND a.role = 'assignee' AND ").push(column).push(" IS NOT NULL WHERE ");
    sql.append(&asked.tickets(&ctx.actor)).append(&asked.period.holds("opened_at")).push(" GROUP BY ").push(column);
    let rows = read(connection, sql).await?;
    let ids = unique(rows.iter().filter_map(|row| row.id));
    let none: &[Uuid] = &[];
    let (users, of_groups) = if groups { (none, ids.as_slice()) } else { (ids.as_slice(), none) };
    let names = people::actor_views(connection, users, of_groups).await?;
    Ok(named(rows, |id| if groups { names.group(id).name } else { names.user(id).name }))
}

/// By customer, as far as the reader sees customers where the ticket is; `None` = nowhere.
pub(super) async fn by_customer(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    asked: &Asked,
) -> Result<Option<Rows>, ServiceError> {
    let held = ctx.actor.entities_with(Capability::CustomerView);
    if held.is_empty() {
        return Ok(None);
    }
    let mut sql =
        Sql::new("SELECT c.id AS id, COUNT(*) AS n FROM ticket t LEFT JOIN customer c ON c.id = t.customer_id");
    sql.push(" AND t.entity_id IN ").list(held);
    sql.push(" AND ").append(&scope::customers(&ctx.actor, Capability::CustomerView, "c"));
    sql.push(" WHERE ").append(&asked.tickets(&ctx.actor)).append(&asked.period.holds("opened_at"));
    sql.push(" GROUP BY c.id");
    let rows = read(connection, sql).await?;
    let ids = unique(rows.iter().take(kept()).filter_map(|row| row.id));
    let names = customers::Named::load(connection, &ctx.actor, &ids).await?;
    Ok(Some(named(rows, |id| names.get(Some(id)).map(|found| found.name).unwrap_or_default())))
}

/// Rows that are named.
fn kept() -> usize {
    usize::try_from(ROWS_MAX).unwrap_or(usize::MAX)
}

async fn read(connection: &impl ConnectionTrait, mut sql: Sql) -> Result<Vec<Row>, ServiceError> {
    sql.push(" ORDER BY n DESC, id");
    Ok(sql.all(connection).await?)
}

/// The first ones by name; the rest is one row.
fn named(rows: Vec<Row>, name: impl Fn(Uuid) -> String) -> Rows {
    let keep = kept();
    let rest: i64 = rows.iter().skip(keep).map(|row| row.n).sum();
    let first = rows.iter().take(keep).map(|row| (row.id.map(&name).unwrap_or_default(), row.n));
    let others = (rest > 0).then(|| (OTHERS.to_owned(), rest));
    first.chain(others).collect()
}

//! Solutions that somebody has not seen yet: they count like the entries beside them (P-LIS-05, T-TIM-07).

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::actor::Actor;
use crate::error::ServiceError;
use crate::sql::Sql;

#[derive(Debug, FromQueryResult)]
struct Row {
    ticket_id: Uuid,
    n: i64,
}

/// Unread solutions of each ticket opened before; in the portal a request never opened counts whole. Whether the reader sees them
/// is asked by the caller.
pub(crate) async fn unread(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[Uuid],
    portal: bool,
) -> Result<BTreeMap<Uuid, u32>, ServiceError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let join = if portal { "LEFT JOIN" } else { "JOIN" };
    let mut sql = Sql::new(&format!(
        "SELECT s.ticket_id, COUNT(*) AS n FROM solution s {join} read_mark r ON r.ticket_id = s.ticket_id AND r.user_id = "
    ));
    sql.bind(actor.id()).push(" WHERE s.registered_at > COALESCE(r.read_at, 0) AND s.ticket_id IN ");
    sql.list(ids.iter().copied());
    sql.push_bind(" AND (s.author_id IS NULL OR s.author_id <> ", actor.id()).push(") GROUP BY s.ticket_id");
    let rows: Vec<Row> = sql.all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.ticket_id, u32::try_from(row.n.min(99)).unwrap_or(99))).collect())
}

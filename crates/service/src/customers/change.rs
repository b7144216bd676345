//! A customer that goes to another entity, or no longer counts below his own (C-CUS-07).

use domain::error::{AppError, Code};
use entity::customer;
use serde_json::json;
use uuid::Uuid;

use crate::customer_occurrences::tally;
use crate::error::ServiceError;
use crate::scope;
use crate::sql::Sql;
use crate::work::Work;

/// Numbers of tickets that a refusal tells.
const TOLD_MAX: usize = 20;

/// Refuses the change while a ticket names the customer from an entity that he would no longer reach. Tickets the writer may see
/// are told by their numbers, the others counted.
pub(super) async fn require_tickets_reached(w: &Work, row: &customer::Model) -> Result<(), ServiceError> {
    let mut reached: Vec<Uuid> = vec![row.entity_id];
    if row.recursive {
        reached.extend(w.actor().below(row.entity_id));
    }
    let mut lost = Sql::new("FROM ticket t WHERE t.customer_id = ");
    lost.bind(row.id).push(" AND t.entity_id NOT IN ").list(reached);
    let mut all = Sql::new("SELECT COUNT(*) ");
    let all: i64 = all.append(&lost).scalar(&w.tx).await?.unwrap_or(0);
    if all == 0 {
        return Ok(());
    }
    let mut seen = Sql::new("SELECT t.number ");
    seen.append(&lost).push(" AND ").append(&scope::customer_tickets(w.actor()));
    seen.push(" ORDER BY t.number LIMIT 20");
    let mut numbers: Vec<i64> = Vec::new();
    for row in seen.rows(&w.tx).await?.iter().take(TOLD_MAX) {
        numbers.push(row.try_get("", "number")?);
    }
    let more = all.saturating_sub(i64::try_from(numbers.len()).unwrap_or(0));
    let data = json!({ "tickets": numbers, "more": more });
    Err(AppError::Refused { code: Code::InUse, data: Some(data) }.into())
}

/// Takes occurrences, their images and their numbers in the report along.
pub(super) async fn take_along(
    w: &Work,
    before: &customer::Model,
    after: &customer::Model,
) -> Result<(), ServiceError> {
    let place = |row: &customer::Model| (row.entity_id, row.recursive);
    tally::take_along(w, before.id, place(before), place(after)).await?;
    let mut sql = Sql::new("UPDATE customer_occurrence SET entity_id = ");
    sql.bind(after.entity_id).push_bind(", recursive = ", after.recursive).push_bind(" WHERE customer_id = ", after.id);
    sql.run(&w.tx).await?;
    let mut sql = Sql::new("UPDATE document SET entity_id = ");
    sql.bind(after.entity_id).push(" WHERE entry_kind = 'customer_occurrence' AND entry_id IN ");
    sql.push_bind("(SELECT o.id FROM customer_occurrence o WHERE o.customer_id = ", after.id).push(")");
    sql.run(&w.tx).await?;
    Ok(())
}

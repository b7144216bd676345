//! What every stored change of an occurrence brings along: numbers of the report, the last day of its customer, the live event.

use entity::customer_occurrence;

use super::KIND;
use crate::customers;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::sql::Sql;
use crate::work::Work;

/// Adds to the number the report reads for entity, day, category and impact of a row.
pub(super) async fn tally(w: &Work, row: &customer_occurrence::Model, n: i64) -> Result<(), ServiceError> {
    let mut sql = Sql::new("INSERT INTO customer_tally (entity_id, recursive, day, category_id, impact, n) VALUES (");
    sql.bind(row.entity_id)
        .push_bind(", ", row.recursive)
        .push_bind(", ", row.occurred_on)
        .push_bind(", ", row.category_id)
        .push_bind(", ", row.impact.clone())
        .push_bind(", ", n)
        .push(") ON CONFLICT (entity_id, day, recursive, category_id, impact) DO UPDATE SET n = customer_tally.n + excluded.n");
    sql.run(&w.tx).await?;
    Ok(())
}

/// Brings numbers and last day up to date after a row changed from `before` to `after`; deleted ones count nowhere (C-OCC-09).
pub(super) async fn follow(
    w: &Work,
    before: Option<&customer_occurrence::Model>,
    after: &customer_occurrence::Model,
) -> Result<(), ServiceError> {
    let place = |row: &customer_occurrence::Model| (row.occurred_on, row.category_id, row.impact.clone());
    let old = before.filter(|row| row.removed_at.is_none());
    let new = Some(after).filter(|row| row.removed_at.is_none());
    if old.map(place) != new.map(place) {
        if let Some(row) = old {
            tally(w, row, -1).await?;
        }
        if let Some(row) = new {
            tally(w, row, 1).await?;
        }
    }
    customers::set_last(&w.tx, after.customer_id).await
}

/// Tells those who reach the customer.
pub(super) async fn tell(
    w: &Work,
    customer: &entity::customer::Model,
    row: &customer_occurrence::Model,
    what: &str,
) -> Result<(), ServiceError> {
    let change = NewChange {
        kind: KIND,
        what,
        object: row.id,
        version: row.version,
        audience: "customer",
        author: Some(w.actor().id()),
    };
    events::tell_of_customer(w, customer, change).await
}

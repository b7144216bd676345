//! What every stored change of an occurrence brings along: numbers of the report, the last day of its customer, the live event.

use entity::customer_occurrence;

use super::{KIND, tally};
use crate::customers;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::work::Work;

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
        tally::append(w, old, new).await?;
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

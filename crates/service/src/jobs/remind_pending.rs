//! Looks after pending tickets whose time has come (T-PEN-03..06): one transaction each, safe with several instances and
//! across restarts (T-CLK-11).
//!
//! No lease is needed: the timer of a ticket is read again under the lock of the ticket, and its next time is written together
//! with what was done, so whoever comes second finds nothing due.

use super::database_now;
use crate::actor::Actor;
use crate::ctx::{Ctx, Services};
use crate::error::ServiceError;
use crate::pending;
use crate::work;

/// Does what is due now, for at most a hundred tickets, and answers for how many.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn remind_pending(services: &Services) -> Result<usize, ServiceError> {
    let now = database_now(services).await?;
    let due = pending::due(services, now).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let ctx = Ctx::new(services.clone(), Actor::automatic(services.db.reader()).await?);
    let mut done = 0;
    for ticket in due {
        let step = work::write(&ctx, move |w| Box::pin(async move { pending::step(w, ticket, now).await })).await;
        match step {
            Ok(()) => done += 1,
            Err(error) => {
                tracing::warn!(%error, %ticket, "a pending ticket waits for an hour");
                pending::postpone(&ctx, ticket, now).await?;
            }
        }
    }
    Ok(done)
}

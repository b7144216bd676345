//! Tells of deadlines that are at risk or have passed (T-NTF-02): one transaction for each ticket, safe with several instances and
//! across restarts (T-CLK-11).
//!
//! No lease is needed: the watch of a ticket is read again under the lock of the ticket, and what was told is written together with
//! the notifications, so whoever comes second finds nothing new.

use domain::error::AppError;

use super::database_now;
use crate::actor::Actor;
use crate::ctx::{Ctx, Services};
use crate::deadlines;
use crate::error::ServiceError;
use crate::work;

/// Looks at what is due now, at most a hundred tickets, and answers how many were looked at without a failure.
///
/// # Errors
/// `Unavailable` when the database is away; what was not told by then is told later.
pub async fn watch_deadlines(services: &Services) -> Result<usize, ServiceError> {
    let now = database_now(services).await?;
    let due = deadlines::due(services, now).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let ctx = Ctx::new(services.clone(), Actor::automatic(services.db.reader()).await?);
    let mut done = 0;
    for ticket in due {
        match work::write(&ctx, move |w| Box::pin(async move { deadlines::step(w, ticket, now).await })).await {
            Ok(()) => done += 1,
            Err(error) if matches!(error.public, AppError::Unavailable { .. }) => return Err(error),
            Err(error) => {
                tracing::warn!(%error, %ticket, "a deadline waits for an hour");
                deadlines::postpone(&ctx, ticket, now).await?;
            }
        }
    }
    Ok(done)
}

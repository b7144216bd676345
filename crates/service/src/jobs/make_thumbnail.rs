//! Makes thumbnails of the images of customer occurrences, off the way of every request (C-IMG-05).
//!
//! One after the other on each instance, as a large picture takes much memory while it is decoded. A row is leased before, so
//! that several instances make each thumbnail once; what dies with its instance is taken up again, a few times.

use super::database_now;
use crate::actor::Actor;
use crate::ctx::{Ctx, Services};
use crate::documents;
use crate::error::ServiceError;

/// Makes the thumbnail that comes next, and answers how many images were settled: 0 or 1, one that cannot be made counts, too.
///
/// # Errors
/// `Unavailable` when the database is away, `Internal` or `StorageFull` when the files are; it is tried again.
pub async fn make_thumbnail(services: &Services) -> Result<usize, ServiceError> {
    let now = database_now(services).await?;
    if !documents::is_thumbnail_due(services, now).await? {
        return Ok(0);
    }
    let ctx = Ctx::new(services.clone(), Actor::automatic(services.db.reader()).await?);
    documents::make_thumbnail(&ctx, now).await
}

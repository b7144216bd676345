//! Thumbnails of the images of customer occurrences: wanted when an image is attached, made by a job of any instance, seen by
//! whoever may see the image (C-IMG-05).

mod picture;

use bytes::Bytes;
use domain::customer::IMAGE_BYTES_MAX;
use domain::error::AppError;
use entity::{document, thumbnail};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::read::{self, OpenDocument};
use super::store::Stored;
use super::types;
use crate::ctx::{Ctx, Services, new_id};
use crate::customer_occurrences::KIND;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::{self, Work};
use picture::Why;

/// A claimed image belongs to its instance for so many seconds: longer than the largest one takes.
const LEASE: i64 = 120;
/// What failed for a reason outside of the image is tried again after so many seconds.
const AGAIN: i64 = 30;
/// An image that nobody who claimed it came back from is left alone after so many tries.
const TRIES_MAX: i32 = 3;

/// What there is to show where the thumbnail of a picture belongs.
#[derive(Clone, Debug)]
pub enum Thumbnail {
    /// The small picture; of pictures that get none (uploads not attached yet, files of tickets) the picture itself.
    Ready(Box<OpenDocument>),
    /// It is still to be made.
    Waiting,
    /// It cannot be made.
    Impossible,
}

/// Opens the thumbnail of a picture; sight is that of the picture itself.
///
/// # Errors
/// `NotFound` for what does not exist, what the actor may not see, and what is no picture alike.
pub async fn open_thumbnail(ctx: &Ctx, id: Uuid) -> Result<Thumbnail, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let found = read::find(&snapshot, &ctx.actor, id, ctx.now()).await?;
    thumbnail_of(ctx, &snapshot, found.row).await
}

/// The same of a picture whose sight the caller has looked at.
pub(crate) async fn thumbnail_of(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    row: document::Model,
) -> Result<Thumbnail, ServiceError> {
    if !types::is_inline_image(&row.media_type) {
        return Err(AppError::NotFound.into());
    }
    let small = row_of(connection, &row).await?;
    let whole = read::opened(ctx, row);
    Ok(match small {
        None => Thumbnail::Ready(Box::new(whole)),
        Some(thumbnail::Model { sha256: Some(key), size, .. }) => {
            Thumbnail::Ready(Box::new(whole.made_small(key, size.unwrap_or_default())))
        }
        Some(small) if small.is_open => Thumbnail::Waiting,
        Some(_) => Thumbnail::Impossible,
    })
}

/// Whether there is a picture to show where the thumbnail of a file belongs.
pub(super) async fn has_thumbnail(
    connection: &impl ConnectionTrait,
    row: &document::Model,
) -> Result<bool, ServiceError> {
    if !types::is_inline_image(&row.media_type) {
        return Ok(false);
    }
    Ok(row_of(connection, row).await?.is_none_or(|small| small.sha256.is_some()))
}

async fn row_of(
    connection: &impl ConnectionTrait,
    row: &document::Model,
) -> Result<Option<thumbnail::Model>, ServiceError> {
    if row.entry_kind.as_deref() != Some(KIND) {
        return Ok(None);
    }
    Ok(thumbnail::Entity::find_by_id(row.id).one(connection).await?)
}

/// Asks for the thumbnail of an image, in the transaction that attaches it.
pub(crate) async fn want_thumbnail(w: &Work, document: Uuid) -> Result<(), ServiceError> {
    let mut sql = Sql::new("INSERT INTO thumbnail (document_id, is_open, tries, lease_until) VALUES (");
    sql.bind(document).push(", TRUE, 0, 0) ON CONFLICT (document_id) DO NOTHING");
    sql.run(&w.tx).await?;
    Ok(())
}

/// Whether any thumbnail is to be made: without the right to write.
pub(crate) async fn is_thumbnail_due(services: &Services, now: i64) -> Result<bool, ServiceError> {
    let mut sql = Sql::new("SELECT 1 FROM thumbnail h WHERE h.is_open AND h.lease_until <= ");
    sql.bind(now).push(" LIMIT 1");
    Ok(!sql.rows(services.db.reader()).await?.is_empty())
}

/// Makes the thumbnail that comes next, or finds out that it cannot be made; answers how many were settled, 0 or 1.
pub(crate) async fn make_thumbnail(ctx: &Ctx, now: i64) -> Result<usize, ServiceError> {
    let Some(claimed) = claim(ctx, now).await? else { return Ok(0) };
    match small_of(ctx, &claimed).await {
        Ok(Ok(small)) => {
            let stored = keep(ctx, small).await;
            match stored {
                Ok(stored) => settle(ctx, &claimed, Some(stored)).await,
                Err(error) => put_off(ctx, &claimed, now).await.and(Err(error)),
            }
        }
        Ok(Err(why)) => {
            tracing::warn!(document = %claimed.document_id, ?why, "a thumbnail cannot be made");
            settle(ctx, &claimed, None).await
        }
        Err(error) => put_off(ctx, &claimed, now).await.and(Err(error)),
    }
}

/// Leases the row that comes next; others leave it alone meanwhile, and take it when whoever has it does not come back.
async fn claim(ctx: &Ctx, now: i64) -> Result<Option<thumbnail::Model>, ServiceError> {
    work::write(ctx, move |w| {
        Box::pin(async move {
            let mut sql = Sql::new(
                "WITH due AS MATERIALIZED (SELECT h.document_id FROM thumbnail h WHERE h.is_open AND h.lease_until <= ",
            );
            sql.bind(now).push(" ORDER BY h.lease_until, h.document_id LIMIT 1");
            if w.ctx.db().engine() == Engine::Postgres {
                sql.push(" FOR UPDATE SKIP LOCKED");
            }
            sql.push_bind(") UPDATE thumbnail SET tries = tries + 1, lease_until = ", now + LEASE);
            sql.push(" WHERE document_id IN (SELECT document_id FROM due) RETURNING *");
            Ok(sql.one(&w.tx).await?)
        })
    })
    .await
}

/// A thumbnail in memory, and whose file it is of.
#[derive(Debug)]
struct Small {
    entity: Uuid,
    content: Vec<u8>,
}

async fn small_of(ctx: &Ctx, claimed: &thumbnail::Model) -> Result<Result<Small, Why>, ServiceError> {
    if claimed.tries > TRIES_MAX {
        return Ok(Err(Why::Deadly));
    }
    let row = document::Entity::find_by_id(claimed.document_id).one(ctx.db().reader()).await?;
    let Some(row) = row else { return Ok(Err(Why::Gone)) };
    let Some(content) = ctx.services.files.read(&row.sha256).await? else { return Ok(Err(Why::Gone)) };
    let (entity, media_type) = (row.entity_id, row.media_type);
    // Decoding takes a whole processor for a while: no request waits behind it.
    let made = tokio::task::spawn_blocking(move || picture::small(&content, &media_type)).await;
    match made {
        Ok(made) => Ok(made.map(|content| Small { entity, content })),
        // A decoder that panics would do so again.
        Err(failed) if failed.is_panic() => Ok(Err(Why::Broken)),
        Err(failed) => Err(ServiceError::internal(failed)),
    }
}

async fn keep(ctx: &Ctx, small: Small) -> Result<Stored, ServiceError> {
    let pieces = futures::stream::iter([Ok::<Bytes, std::io::Error>(Bytes::from(small.content))]);
    let files = &ctx.services.files;
    let incoming = files.receive(small.entity, new_id(), IMAGE_BYTES_MAX, pieces).await?;
    files.keep(&incoming).await?;
    Ok(incoming.stored)
}

/// Writes down what was made, or that nothing can be; answers whether this instance still had the row, 0 or 1.
async fn settle(ctx: &Ctx, claimed: &thumbnail::Model, stored: Option<Stored>) -> Result<usize, ServiceError> {
    let (id, tries) = (claimed.document_id, claimed.tries);
    work::write(ctx, move |w| {
        let stored = stored.clone();
        Box::pin(async move {
            let mut sql = Sql::new("UPDATE thumbnail SET is_open = FALSE");
            if let Some(stored) = &stored {
                sql.push_bind(", sha256 = ", stored.key.clone()).push_bind(", size = ", stored.size);
            }
            sql.push_bind(" WHERE is_open AND document_id = ", id).push_bind(" AND tries = ", tries);
            if sql.run(&w.tx).await?.rows_affected() == 0 {
                return Ok(0);
            }
            // The collector removes old contents under a lock that this change waits for: what is there now stays.
            if let Some(stored) = &stored
                && !w.ctx.services.files.contains(&stored.key).await?
            {
                return Err(ServiceError::unavailable("a content was collected while it was made again"));
            }
            Ok(1)
        })
    })
    .await
}

/// Lets go of a row for a reason that is not its own: the try is not counted.
async fn put_off(ctx: &Ctx, claimed: &thumbnail::Model, now: i64) -> Result<(), ServiceError> {
    let (id, tries) = (claimed.document_id, claimed.tries);
    work::write(ctx, move |w| {
        Box::pin(async move {
            let mut sql = Sql::new("UPDATE thumbnail SET tries = tries - 1, lease_until = ");
            sql.bind(now + AGAIN).push_bind(" WHERE is_open AND document_id = ", id).push_bind(" AND tries = ", tries);
            sql.run(&w.tx).await?;
            Ok(())
        })
    })
    .await
}

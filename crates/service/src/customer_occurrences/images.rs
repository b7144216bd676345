//! Images of occurrences: four types by content, limits read from the header, no position inside (customers.md section 3).

mod position;
mod size;
mod xmp;

use std::collections::BTreeMap;

use bytes::Bytes;
use domain::customer::{IMAGE_BYTES_MAX, IMAGE_PIXELS_MAX, IMAGE_SIDE_MAX, IMAGES_MAX};
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::CustomerImage;
use domain::occurrence::Visibility;
use entity::document;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::KIND;
use super::fields::Picture;
use crate::ctx::{Ctx, new_id};
use crate::documents::{self, OpenDocument, Thumbnail};
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;

/// What a look at an own upload found: a content without position in its place, if it had one; or why it is refused.
pub(super) type Looked = BTreeMap<Uuid, Result<Option<String>, Code>>;

/// Whether a type is one of the four an occurrence takes (C-IMG-02).
#[must_use]
pub fn is_image_of(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/webp" | "image/gif")
}

/// Looks at uploads before the transaction that attaches them: it reads files, which takes its time. Those that are no own
/// uploads are left out and refused by [`attach`].
pub(super) async fn look(ctx: &Ctx, ids: &[Uuid]) -> Result<Looked, ServiceError> {
    let mut out = Looked::new();
    if ids.is_empty() {
        return Ok(out);
    }
    let rows = document::Entity::find()
        .filter(document::Column::Id.is_in(ids.iter().copied()))
        .filter(document::Column::AuthorId.eq(ctx.actor.id()))
        .filter(document::Column::TicketId.is_null())
        .filter(document::Column::EntryId.is_null())
        .all(ctx.db().reader())
        .await?;
    for row in rows {
        let found = look_at(ctx, &row).await?;
        out.insert(row.id, found);
    }
    Ok(out)
}

async fn look_at(ctx: &Ctx, row: &document::Model) -> Result<Result<Option<String>, Code>, ServiceError> {
    if !is_image_of(&row.media_type) || !documents::is_named_as(&row.name, &row.media_type) {
        return Ok(Err(Code::TypeNotAllowed));
    }
    if row.size > IMAGE_BYTES_MAX {
        return Ok(Err(Code::TooLarge));
    }
    let Some(content) = ctx.services.files.read(&row.sha256).await? else { return Ok(Err(Code::UnknownReference)) };
    let Some((width, height)) = size::of(&content, &row.media_type) else { return Ok(Err(Code::TypeNotAllowed)) };
    let is_too_long = width.max(height) > IMAGE_SIDE_MAX;
    if is_too_long || u64::from(width).saturating_mul(u64::from(height)) > IMAGE_PIXELS_MAX {
        return Ok(Err(Code::TooManyPixels));
    }
    let mut bytes = content.to_vec();
    if !position::remove(&mut bytes, &row.media_type) {
        return Ok(Ok(None));
    }
    let pieces = futures::stream::iter([Ok::<Bytes, std::io::Error>(Bytes::from(bytes))]);
    let files = &ctx.services.files;
    let incoming = files.receive(row.entity_id, new_id(), IMAGE_BYTES_MAX, pieces).await?;
    files.keep(&incoming).await?;
    Ok(Ok(Some(incoming.stored.key)))
}

/// Notes every image of a form that could not be attached, beside whatever else is wrong with it; images that are `present`
/// may stay.
pub(super) fn judge(
    images: Option<&[CustomerImage]>,
    present: &[&[Picture]],
    looked: &Looked,
    errors: &mut FieldErrors,
) {
    let Some(images) = images.filter(|images| images.len() <= IMAGES_MAX) else { return };
    for (at, image) in images.iter().enumerate() {
        let field = format!("images[{at}]");
        let Ok(id) = image.id.trim().parse::<Uuid>() else { continue };
        if errors.of(&field).is_some() || present.iter().any(|some| some.iter().any(|one| one.id == id)) {
            continue;
        }
        match looked.get(&id) {
            Some(Ok(_)) => {}
            Some(Err(code)) => errors.add(field, *code),
            None => errors.add(field, Code::UnknownReference),
        }
    }
}

/// Makes `wanted` the images of an occurrence: uploads are attached, others stay, the rest goes. Wrong ones are refused at
/// `images[i]`.
///
/// # Errors
/// `Invalid` with every wrong one.
pub(super) async fn attach(
    w: &Work,
    row: &entity::customer_occurrence::Model,
    wanted: &[Picture],
    looked: &Looked,
) -> Result<(), ServiceError> {
    let present = documents::of_entries(&w.tx, &[row.id]).await?.remove(&row.id).unwrap_or_default();
    let mut errors = FieldErrors::new();
    for (at, picture) in wanted.iter().enumerate() {
        let field = format!("images[{at}]");
        if present.iter().any(|file| file.id == picture.id) {
            continue;
        }
        match looked.get(&picture.id) {
            Some(Ok(_)) => {}
            Some(Err(code)) => errors.add(field, *code),
            None => errors.add(field, Code::UnknownReference),
        }
    }
    errors.or(Some(()))?;
    let keep: Vec<Uuid> = wanted.iter().map(|picture| picture.id).collect();
    documents::retain(w, row.id, &keep).await?;
    for (position, picture) in (0_i32..).zip(wanted) {
        let alt = Some(picture.alt.clone()).filter(|alt| !alt.is_empty());
        let mut sql = Sql::new("UPDATE document SET position = ");
        sql.bind(position).push_bind(", comment = ", alt);
        let is_new = present.iter().all(|file| file.id != picture.id);
        if is_new {
            sql.push_bind(", entry_kind = ", KIND)
                .push_bind(", entry_id = ", row.id)
                .push_bind(", entity_id = ", row.entity_id)
                .push_bind(", registered_at = ", w.now())
                .push(", expires_at = NULL");
            if let Some(Ok(Some(key))) = looked.get(&picture.id) {
                sql.push_bind(", sha256 = ", key.clone());
            }
            sql.push_bind(" WHERE ticket_id IS NULL AND entry_id IS NULL AND expires_at > ", w.now());
            sql.push_bind(" AND author_id = ", w.actor().id()).push_bind(" AND id = ", picture.id);
        } else {
            sql.push_bind(" WHERE id = ", picture.id);
        }
        if sql.run(&w.tx).await?.rows_affected() != 1 {
            // It expired, or another form took it, between the look and now.
            return Err(AppError::field(format!("images[{position}]"), Code::UnknownReference).into());
        }
        if is_new {
            documents::want_thumbnail(w, picture.id).await?;
        }
    }
    Ok(())
}

/// The images of some occurrences as their revisions keep them.
pub(super) async fn pictures(connection: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Picture>, ServiceError> {
    let files = documents::of_entries(connection, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(files.into_iter().map(|file| Picture { id: file.id, alt: file.comment.unwrap_or_default() }).collect())
}

/// Opens an image that some version of an occurrence had, for the page that shows them (C-IMG-06).
///
/// # Errors
/// `NotFound` for what never was one, and for those who may not see the customer.
pub async fn former_image(ctx: &Ctx, occurrence: Uuid, id: Uuid) -> Result<OpenDocument, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let row = former(&snapshot, ctx, occurrence, id).await?;
    Ok(documents::opened(ctx, row))
}

/// Opens the thumbnail of such an image (C-IMG-05).
///
/// # Errors
/// As [`former_image`].
pub async fn former_thumbnail(ctx: &Ctx, occurrence: Uuid, id: Uuid) -> Result<Thumbnail, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let row = former(&snapshot, ctx, occurrence, id).await?;
    documents::thumbnail_of(ctx, &snapshot, row).await
}

async fn former(
    connection: &impl ConnectionTrait,
    ctx: &Ctx,
    occurrence: Uuid,
    id: Uuid,
) -> Result<document::Model, ServiceError> {
    let loaded = super::load(connection, &ctx.actor, occurrence).await?;
    let row = document::Entity::find_by_id(id).one(connection).await?;
    let is_its = |row: &document::Model| row.entry_kind.as_deref() == Some(KIND) && row.entry_id == Some(loaded.row.id);
    Ok(row.filter(is_its).ok_or(AppError::NotFound)?)
}

/// Gives a ticket that is opened from an occurrence its own copies of the images (C-OCC-11); the contents are shared.
pub(super) async fn copy_to(w: &Work, occurrence: Uuid, ticket: &entity::ticket::Model) -> Result<(), ServiceError> {
    let files = documents::of_entries(&w.tx, &[occurrence]).await?.remove(&occurrence).unwrap_or_default();
    for file in files {
        let copy = document::Model {
            id: new_id(),
            entity_id: ticket.entity_id,
            ticket_id: Some(ticket.id),
            entry_kind: Some(documents::DESCRIPTION.to_owned()),
            entry_id: Some(ticket.id),
            visibility: Visibility::Public.as_str().to_owned(),
            comment: None,
            author_id: w.actor().id(),
            uploaded_at: w.now(),
            registered_at: Some(w.now()),
            version: 1,
            ..file
        };
        document::Entity::insert(document::ActiveModel::from(copy)).exec_without_returning(&w.tx).await?;
    }
    Ok(())
}

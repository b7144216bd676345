//! Files: uploaded first, seen by their uploader only, then attached to an entry whose visibility they share (T-DOC).

mod articles;
mod entries;
mod free;
mod orphans;
mod page;
mod read;
mod store;
mod thumbnails;
mod types;

use chrono_tz::Tz;
use domain::error::{AppError, Code, FieldErrors};
use domain::occurrence::Visibility;
use domain::views::{ActorView, DocumentView};
use entity::document;
use futures::Stream;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::actor::Actor;
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::moments::moment;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::{idempotency, work};

pub(crate) use articles::{copy_for_article, forget_of_article, set_of_article};
pub(crate) use entries::{attach, of_entries, retain, set_visibility, told};
pub use free::{AddDocument, add, add_all, remove, remove_version};
pub use orphans::collect_orphans;
pub use page::page;
pub(crate) use read::list_rows;
pub(crate) use read::opened;
pub use read::{DocumentQuery, OpenDocument, list, list_fitting, open};
pub use store::Files;
pub use thumbnails::{Thumbnail, open_thumbnail};
pub(crate) use thumbnails::{is_thumbnail_due, make_thumbnail, thumbnail_of, want_thumbnail};

/// Kind of the entry that is the description of a ticket; its id is the ticket's.
pub const DESCRIPTION: &str = "description";
/// Kind of the entry that is an occurrence.
pub const OCCURRENCE: &str = "occurrence";
/// Kind of the entry that is an article of the knowledge base; its files have no ticket.
pub const ARTICLE: &str = "article";
/// Kind of the entry that is a task.
pub const TASK: &str = crate::tasks::KIND;
/// Kind of a free document, an entry of its own (T-DOC-02).
pub const DOCUMENT: &str = "document";
/// Kind of the entry that is a request for validation.
pub const VALIDATION: &str = "validation";
/// Kind of the entry that is the answer of one who is asked.
pub const VALIDATION_ANSWER: &str = "validation_answer";
/// Name of the command "upload" for idempotency keys.
const UPLOAD: &str = "upload";
/// Seconds until an upload that nothing was attached to is forgotten.
const UPLOAD_LIFE: i64 = 24 * 3600;

/// Whether a browser may show a type in place (T-DOC-03): PNG, JPEG, GIF, WebP, PDF.
#[must_use]
pub fn is_inline(media_type: &str) -> bool {
    types::is_inline(media_type)
}

/// Whether the extension of a name, if it is one of a known type, is that of `media_type` (C-IMG-02).
pub(crate) fn is_named_as(name: &str, media_type: &str) -> bool {
    mime_guess::from_path(name).first_raw().is_none_or(|guessed| guessed == media_type)
}

/// A row as a reader of its entry sees it.
pub(crate) fn view(row: &document::Model, ticket: Option<i64>, author: ActorView, zone: Tz) -> DocumentView {
    DocumentView {
        id: row.id,
        name: row.name.clone(),
        media_type: row.media_type.clone(),
        size: row.size,
        ticket,
        entry_kind: row.entry_kind.clone(),
        entry_id: row.entry_id,
        visibility: row.visibility.parse().unwrap_or(Visibility::Private),
        comment: row.comment.clone(),
        author,
        registered_at: row.registered_at.map(|at| moment(at, zone)),
        is_image: types::is_inline_image(&row.media_type),
        has_thumbnail: types::is_inline_image(&row.media_type),
        version: row.version,
    }
}

/// When an upload made at `uploaded_at` is forgotten, for the answer of the upload (24 h).
#[must_use]
pub const fn expires_at(uploaded_at: i64) -> i64 {
    uploaded_at + UPLOAD_LIFE
}

/// Ids as sent; one that is no id names nothing (`unknown_reference` at `field[i]`).
///
/// # Errors
/// `Invalid` with every wrong one.
pub fn ids(texts: &[String], field: &str) -> Result<Vec<Uuid>, AppError> {
    let mut errors = FieldErrors::new();
    let parse = |(index, text): (usize, &String)| {
        errors.check(&format!("{field}[{index}]"), text.trim().parse::<Uuid>().map_err(|_no_id| Code::UnknownReference))
    };
    let ids: Vec<Uuid> = texts.iter().enumerate().filter_map(parse).collect();
    errors.or(Some(ids))
}

/// Takes a file in (T-DOC-01): counted, hashed and written piece by piece. Until it is attached, only its uploader
/// sees it, for 24 hours. `entity` is the tenant it belongs to meanwhile, by default the uploader's.
///
/// # Errors
/// `Invalid` on `file`: `file_empty`, `too_large`, `type_not_allowed`, `invalid` when the content breaks off; `StorageFull`.
pub async fn upload(
    ctx: &Ctx,
    entity: Option<Uuid>,
    name: &str,
    content: impl Stream<Item = Result<bytes::Bytes, std::io::Error>> + Send + Unpin,
) -> Result<DocumentView, ServiceError> {
    upload_once(ctx, entity, name, content, "").await
}

/// The same under an idempotency key, empty = none: the same name with the same content is taken in once (A-IDM-01).
///
/// # Errors
/// As `upload`; `Refused(IdempotencyMismatch)` for another file under the same key, `NotFound` when the first one is gone.
pub async fn upload_once(
    ctx: &Ctx,
    entity: Option<Uuid>,
    name: &str,
    content: impl Stream<Item = Result<bytes::Bytes, std::io::Error>> + Send + Unpin,
    key: &str,
) -> Result<DocumentView, ServiceError> {
    take_in(ctx, entity, name, content, (key, None)).await
}

/// The same for a file that is read and not attached: of at most `most` bytes, however large other files may be (C-IMP-01).
///
/// # Errors
/// As `upload`.
pub async fn upload_of_at_most(
    ctx: &Ctx,
    name: &str,
    content: impl Stream<Item = Result<bytes::Bytes, std::io::Error>> + Send + Unpin,
    most: i64,
) -> Result<DocumentView, ServiceError> {
    take_in(ctx, None, name, content, ("", Some(most))).await
}

async fn take_in(
    ctx: &Ctx,
    entity: Option<Uuid>,
    name: &str,
    content: impl Stream<Item = Result<bytes::Bytes, std::io::Error>> + Send + Unpin,
    (key, most): (&str, Option<i64>),
) -> Result<DocumentView, ServiceError> {
    let entity = entity.unwrap_or(ctx.actor.user.entity_id);
    let settings = instance_settings(ctx).await?;
    let clean = types::clean_name(name);
    let refused = || AppError::field("file", Code::TypeNotAllowed);
    let forbidden = settings.forbidden_extensions();
    if types::has_forbidden_extension(name, &forbidden) || types::has_forbidden_extension(&clean, &forbidden) {
        return Err(refused().into());
    }
    let files = &ctx.services.files;
    let most = most.unwrap_or_else(|| settings.upload_max());
    let incoming = files.receive(entity, new_id(), most, content).await?;
    if types::is_program(&incoming.head) {
        files.discard(&incoming).await;
        return Err(refused().into());
    }
    files.keep(&incoming).await?;
    let now = ctx.now();
    let row = document::Model {
        id: new_id(),
        entity_id: entity,
        ticket_id: None,
        entry_kind: None,
        entry_id: None,
        position: 0,
        media_type: types::media_type(&incoming.head, &clean),
        name: clean,
        size: incoming.stored.size,
        sha256: incoming.stored.key,
        visibility: Visibility::Private.as_str().to_owned(),
        comment: None,
        author_id: ctx.actor.id(),
        uploaded_at: now,
        registered_at: None,
        expires_at: Some(expires_at(now)),
        removed_at: None,
        removed_by_id: None,
        version: 1,
    };
    let hash = idempotency::content_hash(&(&row.name, row.size, &row.sha256));
    let key = key.to_owned();
    let row = work::write(ctx, move |w| {
        let (row, key, hash) = (row.clone(), key.clone(), hash.clone());
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<Uuid>(w, UPLOAD, &key, &hash).await? {
                let first = document::Entity::find_by_id(done).one(&w.tx).await?;
                return first.ok_or_else(|| AppError::NotFound.into());
            }
            let row = row.into_active_model().reset_all().insert(&w.tx).await?;
            idempotency::answer(w, UPLOAD, &key, &row.id).await?;
            // The collector removes old contents under a lock that this row's insertion waits for: what is there now stays.
            if !w.ctx.services.files.contains(&row.sha256).await? {
                return Err(ServiceError::unavailable("a content was collected while it was uploaded again"));
            }
            Ok(row)
        })
    })
    .await?;
    Ok(view(&row, None, ctx.actor.view(), ctx.actor.zone))
}

/// Forgets an own upload that is not attached.
///
/// # Errors
/// `NotFound` for everything else.
pub async fn remove_upload(ctx: &Ctx, id: Uuid) -> Result<(), ServiceError> {
    // The row expires at once; the collector removes content and row together.
    let done = work::write(ctx, move |w| {
        Box::pin(async move {
            let mut sql = Sql::new("UPDATE document SET expires_at = 0 WHERE ticket_id IS NULL AND expires_at > ");
            sql.bind(w.now()).push_bind(" AND id = ", id).push_bind(" AND author_id = ", w.actor().id());
            Ok(sql.run(&w.tx).await?.rows_affected())
        })
    })
    .await?;
    if done == 1 { Ok(()) } else { Err(AppError::NotFound.into()) }
}

/// Own uploads that are not attached yet, in the order asked for; others are left out. For drafts.
pub(crate) async fn upload_views(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ids: &[Uuid],
) -> Result<Vec<DocumentView>, ServiceError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = document::Entity::find()
        .filter(document::Column::Id.is_in(ids.iter().copied()))
        .filter(document::Column::AuthorId.eq(actor.id()))
        .filter(document::Column::TicketId.is_null())
        .filter(document::Column::ExpiresAt.gt(0))
        .all(connection)
        .await?;
    let found = ids.iter().filter_map(|id| rows.iter().find(|row| row.id == *id));
    Ok(found.map(|row| view(row, None, actor.view(), actor.zone)).collect())
}

/// The settings of the whole instance: those of the root entity.
async fn instance_settings(ctx: &Ctx) -> Result<Settings, ServiceError> {
    let path = ctx.actor.path_of(ctx.actor.user.entity_id);
    let root: Vec<Uuid> = path.last().copied().into_iter().collect();
    Settings::load(ctx.db().reader(), &root).await
}

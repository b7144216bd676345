//! Publishing, archiving, the trash, and out of it for ever (T-KNO-01, T-KNO-05).

use domain::error::{AppError, Code};
use domain::knowledge::ArticleStatus;
use domain::policy::Capability;
use entity::article;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::json;
use uuid::Uuid;

use super::fields::{STATUS, Values};
use super::save::{ArticleChange, update};
use super::{KIND, lock};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::work::{Work, write};
use crate::{audit, documents, drafts, search};

/// Makes an article readable for its audience.
///
/// # Errors
/// As [`update`].
pub async fn publish(ctx: &Ctx, id: Uuid, version: Option<i32>, if_match: Option<i32>) -> Result<(), ServiceError> {
    set_status(ctx, id, ArticleStatus::Published, version, if_match).await
}

/// Takes it out of search, suggestions and the portal.
///
/// # Errors
/// As [`update`].
pub async fn archive(ctx: &Ctx, id: Uuid, version: Option<i32>, if_match: Option<i32>) -> Result<(), ServiceError> {
    set_status(ctx, id, ArticleStatus::Archived, version, if_match).await
}

async fn set_status(
    ctx: &Ctx,
    id: Uuid,
    status: ArticleStatus,
    version: Option<i32>,
    if_match: Option<i32>,
) -> Result<(), ServiceError> {
    let values = Values::from([(STATUS, status.as_str().to_owned())]);
    update(ctx, id, ArticleChange { values, version, if_match, ..ArticleChange::default() }).await
}

/// Puts an article into the trash: it is gone everywhere, links to it say so.
///
/// # Errors
/// `NotFound`; `Forbidden(knowledge.edit)`; `Refused(EntryDeleted)` when it lies there; `Conflict`, `PreconditionFailed`.
pub async fn delete(ctx: &Ctx, id: Uuid, version: Option<i32>, if_match: Option<i32>) -> Result<(), ServiceError> {
    write(ctx, move |w| {
        Box::pin(async move {
            let mut row = locked(w, id, version, if_match).await?;
            if row.deleted_at.is_some() {
                return Err(Code::EntryDeleted.into());
            }
            row.deleted_at = Some(w.now());
            row.deleted_by_id = Some(w.actor().id());
            save(w, row, "article_deleted").await
        })
    })
    .await
}

/// Brings an article back as it was.
///
/// # Errors
/// As [`delete`]; `Refused(TransitionNotAllowed)` when it does not lie in the trash.
pub async fn restore(ctx: &Ctx, id: Uuid, version: Option<i32>, if_match: Option<i32>) -> Result<(), ServiceError> {
    write(ctx, move |w| {
        Box::pin(async move {
            let mut row = locked(w, id, version, if_match).await?;
            if row.deleted_at.is_none() {
                return Err(Code::TransitionNotAllowed.into());
            }
            row.deleted_at = None;
            row.deleted_by_id = None;
            save(w, row, "article_restored").await
        })
    })
    .await
}

/// Removes an article from the trash for ever, with its versions and files; tickets still say that there was one.
///
/// # Errors
/// As [`restore`]; `Forbidden(ticket.purge)` for those who may not remove for ever.
pub async fn purge(ctx: &Ctx, id: Uuid, version: Option<i32>, if_match: Option<i32>) -> Result<(), ServiceError> {
    write(ctx, move |w| {
        Box::pin(async move {
            let row = locked(w, id, version, if_match).await?;
            if !w.actor().has(row.entity_id, Capability::TicketPurge) {
                return Err(AppError::Forbidden(Capability::TicketPurge.name().to_owned()).into());
            }
            if row.deleted_at.is_none() {
                return Err(Code::TransitionNotAllowed.into());
            }
            search::unindex_article(&w.tx, w.ctx.db().engine(), id).await?;
            documents::forget_of_article(w, id).await?;
            article::Entity::delete_by_id(id).exec(&w.tx).await?;
            drafts::clear(w, KIND, &id.to_string()).await?;
            audit::record(w, "article_purged", Some(row.entity_id), id.to_string(), &json!({})).await
        })
    })
    .await
}

async fn locked(
    w: &Work,
    id: Uuid,
    version: Option<i32>,
    if_match: Option<i32>,
) -> Result<article::Model, ServiceError> {
    let row = lock(w, id).await?;
    if if_match.is_some_and(|wanted| wanted != row.version) {
        return Err(AppError::PreconditionFailed(row.version).into());
    }
    if version.is_some_and(|from| from < row.version) {
        return Err(AppError::Conflict { version: row.version, conflicts: Vec::new() }.into());
    }
    Ok(row)
}

async fn save(w: &Work, mut row: article::Model, what: &str) -> Result<(), ServiceError> {
    row.version += 1;
    row.updated_at = w.now();
    row.clone().into_active_model().reset_all().update(&w.tx).await?;
    search::index_article(&w.tx, w.ctx.db().engine(), &row).await?;
    audit::record(w, what, Some(row.entity_id), row.id.to_string(), &json!({})).await
}

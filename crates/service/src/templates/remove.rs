//! Removing templates. What was begun with one stays as it is, and keeps its name (T-TPL-01, T-TPL-04).

use domain::error::{AppError, Code};
use domain::template::TemplateKind;
use entity::template;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::save::{DRAFT, REMOVED, locked, record};
use super::{fields, kind_of, uses};
use crate::ctx::Ctx;
use crate::drafts;
use crate::error::ServiceError;
use crate::work::{Work, write};

/// Removes a template.
///
/// # Errors
/// `NotFound`; `Forbidden(admin.templates)` for readers; `Conflict` and `PreconditionFailed` by version; `Refused(InUse)` with
/// keys and entities for one that a setting names (T-SET-07), and for one that came with the product, which is only reset.
pub async fn remove(
    ctx: &Ctx,
    kind: TemplateKind,
    id: Uuid,
    version: Option<i32>,
    if_match: Option<i32>,
) -> Result<(), ServiceError> {
    write(ctx, move |w| Box::pin(apply(w, Some(kind), id, version, if_match))).await
}

/// The same from the page, which names no kind.
///
/// # Errors
/// As [`remove`].
pub async fn remove_form(ctx: &Ctx, id: &str) -> Result<TemplateKind, ServiceError> {
    let id = id.trim().parse::<Uuid>().map_err(|_not_an_id| AppError::NotFound)?;
    let row = super::list::seen(ctx.db().reader(), &ctx.actor, id).await?;
    write(ctx, move |w| Box::pin(apply(w, None, id, None, None))).await?;
    Ok(kind_of(&row))
}

async fn apply(
    w: &Work,
    kind: Option<TemplateKind>,
    id: Uuid,
    version: Option<i32>,
    if_match: Option<i32>,
) -> Result<(), ServiceError> {
    let row = locked(w, id).await?;
    if kind.is_some_and(|kind| kind != kind_of(&row)) {
        return Err(AppError::NotFound.into());
    }
    if if_match.is_some_and(|wanted| wanted != row.version) {
        return Err(AppError::PreconditionFailed(row.version).into());
    }
    if version.is_some_and(|from| from < row.version) {
        return Err(AppError::Conflict { version: row.version, conflicts: Vec::new() }.into());
    }
    let found = uses::of(&w.tx, &row).await?;
    if !found.is_empty() {
        return Err(uses::in_use(w.actor(), &found));
    }
    if row.purpose.is_some() {
        // It would come back at the next start.
        return Err(Code::InUse.into());
    }
    template::Entity::delete_by_id(id).exec(&w.tx).await?;
    drafts::clear(w, DRAFT, &id.to_string()).await?;
    let former = fields::of_row(&row).into_iter().filter(|(_, old)| !old.is_empty());
    record(w, &row, REMOVED, former.map(|(field, old)| (field, old, String::new()))).await
}

//! Deleting a row that nothing uses; one in use is deactivated instead (T-SET-07, T-SET-09).

use domain::error::AppError;
use domain::forms::RemoveListRow;
use domain::lists::List;
use entity::list_row;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::fields::all_of;
use super::save::{Basis, lock};
use super::values::Values;
use super::{trace, used};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::work::write;

/// Deletes a row and answers the entity it was of.
///
/// # Errors
/// `NotFound` for a row out of sight, `Forbidden` without `admin.templates` in its entity; `Conflict` and `PreconditionFailed`
/// for another version; `Refused(InUse)` with what holds on to it: settings, rows below it, tickets or entries, the product
/// itself.
pub async fn remove(ctx: &Ctx, list: List, id: Uuid, basis: Basis) -> Result<Uuid, ServiceError> {
    write(ctx, move |w| {
        Box::pin(async move {
            let (row, _home) = lock(w, list, id).await?;
            if basis.if_match.is_some_and(|wanted| wanted != row.version) {
                return Err(AppError::PreconditionFailed(row.version).into());
            }
            if basis.version.is_some_and(|from| from != row.version) {
                return Err(AppError::Conflict { version: row.version, conflicts: Vec::new() }.into());
            }
            let all = all_of(&w.tx, list).await?;
            let mut found = used::at_a_glance(&w.tx, w.actor(), list, &row, &all).await?;
            // Looking through all tickets is left out where the answer is known already.
            found.records = !found.is_used() && used::by_records(&w.tx, list, id).await?;
            if found.is_used() {
                return Err(used::in_use(&found));
            }
            list_row::Entity::delete_by_id(id).exec(&w.tx).await?;
            let changed = trace::changed(list, row.version + 1, Some(Values::of(&row)), None);
            trace::record(w, row.entity_id, id, &changed).await?;
            Ok(row.entity_id)
        })
    })
    .await
}

/// Deletes the row of the page.
///
/// # Errors
/// As [`remove`].
pub async fn remove_form(ctx: &Ctx, form: &RemoveListRow) -> Result<Uuid, ServiceError> {
    let list = List::read(&form.list).ok_or(AppError::NotFound)?;
    let id = form.id.parse::<Uuid>().map_err(|_not_an_id| AppError::NotFound)?;
    remove(ctx, list, id, Basis { version: (form.version > 0).then_some(form.version), if_match: None }).await
}

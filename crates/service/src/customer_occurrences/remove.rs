//! Deleting and restoring occurrences (C-OCC-09).

use domain::error::AppError;
use domain::forms::RunCustomerOccurrence;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use uuid::Uuid;

use super::{Basis, rows};
use crate::ctx::Ctx;
use crate::customers;
use crate::error::ServiceError;
use crate::work::write;

/// Deletes an occurrence, or brings it back; where it is so already nothing happens. Answers its customer.
///
/// # Errors
/// `NotFound` for one out of sight, `Forbidden(customer.edit)` for those who may not; `Conflict` and `PreconditionFailed` for
/// another version.
pub async fn set_removed(ctx: &Ctx, id: Uuid, is_removed: bool, basis: Basis) -> Result<Uuid, ServiceError> {
    write(ctx, move |w| {
        Box::pin(async move {
            let loaded = super::lock(w, id).await?;
            loaded.require_change(w.actor())?;
            let before = &loaded.row;
            if basis.if_match.is_some_and(|wanted| wanted != before.version) {
                return Err(AppError::PreconditionFailed(before.version).into());
            }
            if basis.version.is_some_and(|from| from != before.version) {
                return Err(AppError::Conflict { version: before.version, conflicts: Vec::new() }.into());
            }
            if before.removed_at.is_some() == is_removed {
                return Ok(before.customer_id);
            }
            let mut row = before.clone();
            row.removed_at = is_removed.then_some(w.now());
            row.removed_by_id = is_removed.then_some(w.actor().id());
            row.version += 1;
            row.clone().into_active_model().reset_all().update(&w.tx).await?;
            rows::follow(w, Some(before), &row).await?;
            rows::tell(w, &loaded.customer.row, &row, if is_removed { "removed" } else { "changed" }).await?;
            Ok(row.customer_id)
        })
    })
    .await
}

/// Runs the command of a page and answers the customer.
///
/// # Errors
/// As [`set_removed`].
pub async fn run(ctx: &Ctx, form: &RunCustomerOccurrence) -> Result<Uuid, ServiceError> {
    let id = customers::read_id(&form.id)?;
    let basis = Basis { version: (form.version > 0).then_some(form.version), if_match: None };
    set_removed(ctx, id, !form.restore, basis).await
}

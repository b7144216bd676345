//! Deleting a customer that nothing names (C-CUS-06).

use domain::error::{AppError, Code};
use domain::forms::RemoveCustomer;
use entity::customer;
use sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;

use super::fields::Values;
use super::history::{Changed, record};
use super::save::{Basis, tell};
use super::{KIND, rows};
use crate::ctx::Ctx;
use crate::drafts;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::write;

/// Deletes a customer without ticket, occurrence or contract; the row of its history stays.
///
/// # Errors
/// `NotFound` for one out of sight, `Forbidden(customer.edit)` without that right in its own entity; `Conflict` and
/// `PreconditionFailed` for another version; `Refused(InUse)` with what names it.
pub async fn remove(ctx: &Ctx, id: Uuid, basis: Basis) -> Result<(), ServiceError> {
    write(ctx, move |w| {
        Box::pin(async move {
            let loaded = super::lock(w, id).await?;
            loaded.require_change()?;
            let mut row = loaded.row;
            if basis.if_match.is_some_and(|wanted| wanted != row.version) {
                return Err(AppError::PreconditionFailed(row.version).into());
            }
            if basis.version.is_some_and(|from| from != row.version) {
                return Err(AppError::Conflict { version: row.version, conflicts: Vec::new() }.into());
            }
            let mut uses = Vec::new();
            for (name, table) in [("tickets", "ticket"), ("occurrences", "customer_occurrence")] {
                let mut sql = Sql::new("SELECT 1 AS found FROM ");
                sql.push(table).push_bind(" WHERE customer_id = ", id).push(" LIMIT 1");
                if !sql.rows(&w.tx).await?.is_empty() {
                    uses.push(name);
                }
            }
            if !uses.is_empty() {
                return Err(AppError::Refused { code: Code::InUse, data: Some(json!({ "uses": uses })) }.into());
            }
            rows::forget_words(&w.tx, w.ctx.db().engine(), id).await?;
            customer::Entity::delete_by_id(id).exec(&w.tx).await?;
            let old = Some(Values::of(&row));
            record(w, "customer_deleted", &row, &Changed { version: row.version + 1, old, changes: Vec::new() })
                .await?;
            drafts::clear(w, KIND, &id.to_string()).await?;
            row.version += 1;
            tell(w, &row, "removed").await
        })
    })
    .await
}

/// Deletes the customer of the page.
///
/// # Errors
/// As [`remove`].
pub async fn remove_form(ctx: &Ctx, form: &RemoveCustomer) -> Result<(), ServiceError> {
    let id = super::read_id(&form.id)?;
    remove(ctx, id, Basis { version: (form.version > 0).then_some(form.version), if_match: None }).await
}

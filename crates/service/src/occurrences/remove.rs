//! Removing an occurrence: a tombstone stays (T-OCC-21..23).

use domain::error::{AppError, Code};
use domain::forms::RemoveOccurrence;
use domain::occurrence::{REMOVE_REASON_MAX, Visibility};
use domain::policy;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use uuid::Uuid;

use super::{edit, rows};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::tickets::{self, Touch, state};
use crate::{documents, mail, sanitise, search, work};

/// Removes an occurrence.
///
/// # Errors
/// In the order of T-GEN-02; `Refused(EntryDeleted)` when it is removed already.
pub async fn remove(ctx: &Ctx, form: RemoveOccurrence) -> Result<(), ServiceError> {
    let reason = sanitise::nfc(&form.reason).trim().to_owned();
    if reason.chars().count() > REMOVE_REASON_MAX {
        return Err(AppError::field("reason", Code::TooLong).into());
    }
    let id: Uuid = form.id.parse().map_err(|_not_an_id| AppError::NotFound)?;
    work::write(ctx, move |w| {
        let (form, reason) = (form.clone(), reason.clone());
        Box::pin(async move {
            let (mut loaded, row) = edit::lock(w, id).await?;
            let mine = row.author_id == Some(w.actor().id());
            policy::can_delete_occurrence(loaded.caps, mine).map_err(|c| AppError::Forbidden(c.name().to_owned()))?;
            if form.version != 0 && form.version != row.version {
                return Err(if form.if_match {
                    AppError::PreconditionFailed(row.version)
                } else {
                    AppError::Conflict { version: row.version, conflicts: Vec::new() }
                }
                .into());
            }
            state::require_writable_plainly(&loaded)?;
            if row.removed_at.is_some() {
                return Err(Code::EntryDeleted.into());
            }
            mail::recall(w, &row, form.acknowledge_mail_sent).await?;
            let files: Vec<Uuid> =
                documents::of_entries(&w.tx, &[id]).await?.into_values().flatten().map(|d| d.id).collect();
            rows::keep_revision(w, &row, "removed", &files).await?;
            let visibility = rows::visibility_of(&row);
            let mut gone = row.clone();
            gone.removed_at = Some(w.now());
            gone.removed_by_id = Some(w.actor().id());
            gone.removed_reason = (!reason.is_empty()).then_some(reason.clone());
            gone.version += 1;
            gone.revision_count += 1;
            let version = gone.version;
            gone.into_active_model().reset_all().update(&w.tx).await?;
            search::unindex(w, id).await?;
            let entry = Some(("occurrence", id, visibility, row.author_id));
            let reason = (!reason.is_empty()).then_some(reason);
            history::record(
                w,
                loaded.ticket.id,
                Record { kind: "occurrence_deleted", entry, reason, ..Record::default() },
            )
            .await?;
            let touch = if visibility == Visibility::Public { Touch::PublicEntry } else { Touch::PrivateEntry };
            tickets::save(w, &mut loaded.ticket, touch).await?;
            let change = NewChange {
                kind: "occurrence",
                what: "removed",
                object: id,
                version,
                audience: events::audience(visibility),
                author: row.author_id,
            };
            events::emit(w, &loaded.ticket, change).await
        })
    })
    .await
}

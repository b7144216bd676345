//! Removing an occurrence: a tombstone stays (T-OCC-21..23).

use domain::error::AppError;
use domain::forms::RemoveOccurrence;
use domain::occurrence::Visibility;
use domain::policy;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use uuid::Uuid;

use super::{edit, rows};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::tickets::{self, Touch};
use crate::versions::{self, Removal};
use crate::{documents, mail, search, work};

/// Removes an occurrence.
///
/// # Errors
/// In the order of T-GEN-02; `Refused(EntryDeleted)` when it is removed already.
pub async fn remove(ctx: &Ctx, form: RemoveOccurrence) -> Result<(), ServiceError> {
    let removal = Removal::read(&form)?;
    let is_acknowledged = form.acknowledge_mail_sent;
    work::write(ctx, move |w| {
        let removal = removal.clone();
        Box::pin(async move {
            let id = removal.id;
            let (mut loaded, row) = edit::lock(w, id).await?;
            let mine = row.author_id == Some(w.actor().id());
            policy::can_delete_occurrence(loaded.caps, mine).map_err(|c| AppError::Forbidden(c.name().to_owned()))?;
            removal.check(row.version)?;
            versions::require_present(&loaded, row.removed_at)?;
            mail::recall(w, &row, is_acknowledged).await?;
            let files: Vec<Uuid> =
                documents::of_entries(&w.tx, &[id]).await?.into_values().flatten().map(|d| d.id).collect();
            rows::keep_revision(w, &row, "removed", &files).await?;
            let visibility = rows::visibility_of(&row);
            let mut gone = row.clone();
            gone.removed_at = Some(w.now());
            gone.removed_by_id = Some(w.actor().id());
            gone.removed_reason.clone_from(&removal.reason);
            gone.version += 1;
            gone.revision_count += 1;
            let version = gone.version;
            gone.into_active_model().reset_all().update(&w.tx).await?;
            search::unindex(w, id).await?;
            let entry = Some(("occurrence", id, visibility, row.author_id));
            let reason = removal.reason;
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

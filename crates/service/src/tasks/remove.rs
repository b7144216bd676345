//! Removing a task: a tombstone stays (T-TSK-02, T-OCC-21..23).

use domain::error::AppError;
use domain::forms::RemoveOccurrence;
use domain::policy;
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::{KIND, add, edit, plans, revisions, rows};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::search;
use crate::versions::{self, Removal};
use crate::work::{self, Work};

/// Removes a task; the form is that of any entry.
///
/// # Errors
/// In the order of T-GEN-02; `Refused(EntryDeleted)` when it is removed already.
pub async fn remove(ctx: &Ctx, form: RemoveOccurrence) -> Result<(), ServiceError> {
    let removal = Removal::read(&form)?;
    work::write(ctx, move |w| {
        let removal = removal.clone();
        Box::pin(async move { remove_in(w, removal).await })
    })
    .await
}

async fn remove_in(w: &Work, removal: Removal) -> Result<(), ServiceError> {
    let id = removal.id;
    let (mut loaded, row) = edit::lock(w, id).await?;
    let mine = row.author_id == Some(w.actor().id());
    policy::can_delete_task(loaded.caps, mine).map_err(|c| AppError::Forbidden(c.name().to_owned()))?;
    removal.check(row.version)?;
    versions::require_present(&loaded, row.removed_at)?;
    let files = edit::files_of(w, id).await?;
    revisions::keep(w, &row, "removed", &files).await?;
    let visibility = rows::visibility_of(&row);
    let reason = removal.reason;
    let mut gone = row.clone();
    gone.removed_at = Some(w.now());
    gone.removed_by_id = Some(w.actor().id());
    gone.removed_reason.clone_from(&reason);
    gone.remind_at = None;
    gone.version += 1;
    gone.revision_count += 1;
    let version = gone.version;
    gone.into_active_model().reset_all().update(&w.tx).await?;
    search::unindex(w, id).await?;
    let entry = Some((KIND, id, visibility, row.author_id));
    let record = Record { kind: "task_deleted", entry, reason, ..Record::default() };
    history::record(w, loaded.ticket.id, record).await?;
    let settings = w.settings(&w.actor().path_of(loaded.ticket.entity_id)).await?;
    let changed = plans::follow(w, &mut loaded, &settings).await?;
    add::save_ticket(w, &mut loaded, changed, visibility).await?;
    let (audience, author) = (events::audience(visibility), row.author_id);
    let change = NewChange { kind: KIND, what: "removed", object: id, version, audience, author };
    events::emit(w, &loaded.ticket, change).await
}

//! Interrupting a task, its ticket, or both in one command; resuming mirrors it (T-TSK-05).

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::PauseTask;
use domain::policy::Capability;
use domain::task::TaskState;
use domain::ticket::machine::Trigger;
use domain::views::SavedTask;
use entity::task;
use uuid::Uuid;

use super::revisions::Wanted;
use super::{edit, rows};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::idempotency;
use crate::tickets::commands::JUSTIFICATION_MAX;
use crate::tickets::hold::{Asked, Hold};
use crate::tickets::{Loaded, state, update};
use crate::versions;
use crate::work::{self, Work};

/// Name of the command for idempotency keys.
pub const PAUSE: &str = "task_pause";

/// Interrupts or resumes.
///
/// # Errors
/// In the order of T-GEN-02: `Invalid`, `NotFound`, `Forbidden`, `Refused` by the state of the ticket, `Refused(EntryDeleted)`.
pub async fn pause(ctx: &Ctx, form: PauseTask) -> Result<SavedTask, ServiceError> {
    let mut errors = FieldErrors::new();
    if !form.task && !form.ticket {
        errors.add("task", Code::Required);
    }
    if form.text.trim().chars().count() > JUSTIFICATION_MAX {
        errors.add("ticket.text", Code::TooLong);
    }
    errors.or(Some(()))?;
    let id: Uuid = form.id.parse().map_err(|_not_an_id| AppError::NotFound)?;
    let hash = idempotency::content_hash(&form);
    work::write(ctx, move |w| {
        let (form, hash) = (form.clone(), hash.clone());
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<SavedTask>(w, PAUSE, &form.key, &hash).await? {
                return Ok(done);
            }
            let (mut loaded, row) = edit::lock(w, id).await?;
            let saved = run(w, &mut loaded, row, &form).await?;
            idempotency::answer(w, PAUSE, &form.key, &saved).await?;
            Ok(saved)
        })
    })
    .await
}

async fn run(w: &Work, loaded: &mut Loaded, row: task::Model, form: &PauseTask) -> Result<SavedTask, ServiceError> {
    if form.task {
        edit::require_right(w, loaded, &row, true)?;
    }
    if form.ticket {
        loaded.require(if form.resume { Capability::TicketReactivate } else { Capability::TicketSuspend })?;
    }
    let path = w.actor().path_of(loaded.ticket.entity_id);
    let settings = w.settings(&path).await?;
    let mut errors = FieldErrors::new();
    let asked = Asked { reason: &form.reason, text: &form.text, public: form.text_public, prefix: "ticket." };
    let hold = if form.ticket && !form.resume {
        Some(Hold::read(w, &settings, &path, asked, &mut errors).await?)
    } else {
        None
    };
    errors.or(Some(()))?;
    versions::require_present(loaded, row.removed_at)?;
    if let Some(hold) = hold {
        // The ticket first: on hold it stays so when its last open plan ends.
        let rules = state::rules(loaded, &settings, w.now(), w.actor().entity_zone(loaded.ticket.entity_id));
        let told = hold.apply(w, loaded, &rules).await?;
        update::finish(w, loaded, "suspended", told.changes, told.text).await?;
    }
    let saved = if form.task {
        set(w, loaded, row, if form.resume { TaskState::InProgress } else { TaskState::OnHold }).await?
    } else {
        SavedTask { id: row.id, warnings: Vec::new() }
    };
    if form.ticket && form.resume {
        // The task first: a ticket with an open plan resumes as planned.
        let rules = state::rules(loaded, &settings, w.now(), w.actor().entity_zone(loaded.ticket.entity_id));
        state::apply(w, loaded, Trigger::Reactivate, &rules).await?;
        update::finish(w, loaded, "reactivated", Vec::new(), None).await?;
    }
    Ok(saved)
}

/// Sets the state of a task, with its revision and what follows from it.
pub(super) async fn set(
    w: &Work,
    loaded: &mut Loaded,
    row: task::Model,
    state: TaskState,
) -> Result<SavedTask, ServiceError> {
    if rows::state_of(&row) == state {
        return Ok(SavedTask { id: row.id, warnings: Vec::new() });
    }
    let present = edit::files_of(w, row.id).await?;
    let mut new = row.clone();
    edit::set_state(&mut new, state, w);
    let wanted = Wanted { new, files: present.clone(), new_files: Vec::new(), present };
    wanted.store(w, loaded, row).await
}

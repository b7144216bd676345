//! Editing a task: revisions, merging, plans, changes of visibility (T-TSK-02..04, T-OCC-15..20).

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{Patch, TaskPatch};
use domain::occurrence::ATTACHMENTS_MAX;
use domain::policy::{self, Capability};
use domain::task::{self as rules_of, Replan};
use domain::views::SavedTask;
use entity::task;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::revisions::Wanted;
use super::{KIND, fields, rows};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::lists::{self, Chosen, Purpose};
use crate::occurrences::attachments;
use crate::sanitise;
use crate::tickets::{self, Loaded};
use crate::work::{self, Work};
use crate::{documents, drafts, idempotency, versions};

/// Name of the command for idempotency keys.
const EDIT: &str = "task_edit";

/// Changes a task; a save without any difference makes no revision.
///
/// # Errors
/// In the order of T-GEN-02; `Conflict` where the same field was changed to another value meanwhile.
pub async fn edit(ctx: &Ctx, id: Uuid, patch: TaskPatch) -> Result<SavedTask, ServiceError> {
    if patch.is_form {
        keep_draft(ctx, id, &patch).await;
    }
    let parsed = Parsed::read(ctx, &patch);
    let hash = idempotency::content_hash(&format!("{id} {patch:?}"));
    work::write(ctx, move |w| {
        let (patch, parsed, hash) = (patch.clone(), parsed.clone(), hash.clone());
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<SavedTask>(w, EDIT, &patch.key, &hash).await? {
                drafts::remove(w, KIND, &id.to_string()).await?;
                return Ok(done);
            }
            let parsed = parsed?;
            let (mut loaded, row) = lock(w, id).await?;
            require_right(w, &loaded, &row, patch.is_progress_only())?;
            let mut wanted = parsed.complete(w, &loaded, &row, &patch).await?;
            if patch.if_match.is_some_and(|version| version != row.version) {
                return Err(AppError::PreconditionFailed(row.version).into());
            }
            if let Some(version) = patch.version {
                wanted.settle(w, &row, version, &patch.decided).await?;
            }
            versions::require_present(&loaded, row.removed_at)?;
            let saved = wanted.store(w, &mut loaded, row).await?;
            idempotency::answer(w, EDIT, &patch.key, &saved).await?;
            if patch.is_form {
                drafts::remove(w, KIND, &id.to_string()).await?;
            }
            Ok(saved)
        })
    })
    .await
}

async fn keep_draft(ctx: &Ctx, id: Uuid, patch: &TaskPatch) {
    let text = |patch: &Patch<String>| if let Patch::Set(text) = patch { text.clone() } else { String::new() };
    let files = if let Patch::Set(files) = &patch.attachments { files.clone() } else { Vec::new() };
    let fields = serde_json::json!({
        "content": text(&patch.content), "format": patch.format, "category": text(&patch.category),
        "state": text(&patch.state), "visibility": text(&patch.visibility),
        "planned_begin": text(&patch.planned_begin), "planned_end": text(&patch.planned_end),
        "duration_minutes": text(&patch.duration_minutes), "estimated_minutes": text(&patch.estimated_minutes),
        "actual_minutes": text(&patch.actual_minutes), "user": text(&patch.user), "group": text(&patch.group),
        "reminder_minutes": text(&patch.reminder_minutes), "attachments": files,
        "begun": patch.version.map(|version| version.to_string()).unwrap_or_default(),
    });
    drafts::keep(ctx, KIND, &id.to_string(), &fields).await;
}

/// The task with its locked ticket, if the actor may see both.
pub(super) async fn lock(w: &Work, id: Uuid) -> Result<(Loaded, task::Model), ServiceError> {
    let row = task::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    let loaded = tickets::lock_by_id(w, row.ticket_id).await?;
    // Read again under the lock: a twin may have changed it meanwhile.
    let row = task::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    if !rows::sees(w.actor(), &loaded, &row, false) {
        return Err(AppError::NotFound.into());
    }
    Ok((loaded, row))
}

/// The same, if the actor may change the task too.
pub(crate) async fn lock_to_change(w: &Work, id: Uuid) -> Result<(Loaded, task::Model), ServiceError> {
    let (loaded, row) = lock(w, id).await?;
    require_right(w, &loaded, &row, false)?;
    Ok((loaded, row))
}

/// Whoever does a task sets its state and the time it took without further right (T-TSK-03).
pub(super) fn require_right(
    w: &Work,
    loaded: &Loaded,
    row: &task::Model,
    is_progress: bool,
) -> Result<(), ServiceError> {
    if is_progress && rows::is_doer(w.actor(), row) {
        return Ok(());
    }
    let mine = row.author_id == Some(w.actor().id());
    let forbidden = |capability: Capability| AppError::Forbidden(capability.name().to_owned());
    Ok(policy::can_update_task(loaded.caps, mine).map_err(forbidden)?)
}

/// Takes one file off a task that is locked to be changed: a change like any other, with its revision (T-DOC-04).
///
/// # Errors
/// `Refused` by the state of the ticket or the task.
pub(crate) async fn drop_file(
    w: &mut Work,
    mut loaded: Loaded,
    row: task::Model,
    file: Uuid,
) -> Result<(), ServiceError> {
    versions::require_present(&loaded, row.removed_at)?;
    let present = files_of(w, row.id).await?;
    if !present.contains(&file) {
        return Err(AppError::NotFound.into());
    }
    let files: Vec<Uuid> = present.iter().copied().filter(|id| *id != file).collect();
    let mut new = row.clone();
    // A picture leaves the text with its file.
    let kept = sanitise::keep_images(&sanitise::stored(row.body.clone()), &files);
    kept.as_str().clone_into(&mut new.body);
    let wanted = Wanted { new, new_files: Vec::new(), files, present };
    wanted.store(w, &mut loaded, row).await.map(|_saved| ())
}

/// Files of a task in order.
pub(super) async fn files_of(w: &Work, id: Uuid) -> Result<Vec<Uuid>, ServiceError> {
    Ok(documents::of_entries(&w.tx, &[id]).await?.into_values().flatten().map(|file| file.id).collect())
}

/// Fields that need no stored data.
#[derive(Clone, Debug)]
struct Parsed {
    content: Option<sanitise::Rich>,
    visibility: Option<domain::occurrence::Visibility>,
    state: Option<rules_of::TaskState>,
    replan: Replan,
    estimated: Option<Option<i32>>,
    actual: Option<Option<i32>>,
    reminder: Option<Option<i32>>,
    attachments: Option<Vec<Uuid>>,
}

impl Parsed {
    fn read(ctx: &Ctx, patch: &TaskPatch) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        let content = required("content", &patch.content, &mut errors)
            .and_then(|text| errors.check("content", sanitise::check(text, patch.format)));
        let visibility = required("visibility", &patch.visibility, &mut errors)
            .and_then(|text| errors.check("visibility", text.parse()));
        let state = required("state", &patch.state, &mut errors).and_then(|text| errors.check("state", text.parse()));
        let begin = time(ctx, "planned_begin", &patch.planned_begin, &mut errors);
        let end = time(ctx, "planned_end", &patch.planned_end, &mut errors);
        let length = match &patch.duration_minutes {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(text) => match errors.check("duration_minutes", rules_of::minutes(text)) {
                Some(Some(minutes)) => Patch::Set(minutes),
                _ => Patch::Clear,
            },
        };
        let estimated = minutes("estimated_minutes", &patch.estimated_minutes, &mut errors);
        let actual = minutes("actual_minutes", &patch.actual_minutes, &mut errors);
        let reminder = match &patch.reminder_minutes {
            Patch::Keep => None,
            Patch::Clear => Some(None),
            Patch::Set(text) => errors.check("reminder_minutes", rules_of::reminder(text)),
        };
        let attachments = match &patch.attachments {
            Patch::Keep => None,
            Patch::Clear => Some(Vec::new()),
            Patch::Set(texts) => Some(attachments(texts, &mut errors)),
        };
        let replan = Replan { begin, end, length, is_form: patch.is_form };
        errors.or(Some(Self { content, visibility, state, replan, estimated, actual, reminder, attachments }))
    }

    /// Adds what needs stored data.
    async fn complete(
        self,
        w: &Work,
        loaded: &Loaded,
        row: &task::Model,
        patch: &TaskPatch,
    ) -> Result<Wanted, ServiceError> {
        let mut errors = FieldErrors::new();
        let path = w.actor().path_of(loaded.ticket.entity_id);
        let mut new = row.clone();
        let (list, purpose) = (lists::TASK_CATEGORIES, Purpose::Occurrence);
        let category = Chosen { list, field: "category", purpose, present: row.category_id };
        let category = category.read(&w.tx, &path, &patch.category, &mut errors).await?;
        new.category_id = category.unwrap_or(new.category_id);
        // Whoever does it now may go on, whatever has become of him.
        if let Some(text) = changed(&patch.user, row.user_id) {
            new.user_id = fields::user(&w.tx, &path, text, &mut errors).await?;
        }
        if let Some(text) = changed(&patch.group, row.group_id) {
            new.group_id = fields::group(&w.tx, &path, text, &mut errors).await?;
        }
        if let Some(visibility) = self.visibility {
            visibility.as_str().clone_into(&mut new.visibility);
        }
        if new.user_id != row.user_id || new.visibility != row.visibility {
            let visibility = rows::visibility_of(&new);
            fields::check_sight(&w.tx, &path, visibility, new.user_id, row.author_id, &mut errors).await?;
        }
        self.plan(w, row, &mut new, &mut errors);
        let present = files_of(w, row.id).await?;
        if self.attachments.as_ref().is_some_and(|files| files.len() > ATTACHMENTS_MAX) {
            errors.add("attachments", Code::TooMany);
        }
        let files = self.attachments.unwrap_or_else(|| present.clone());
        match self.content.filter(|content| !sanitise::says(content, patch.format, &row.body_text)) {
            Some(content) => {
                sanitise::keep_images(&content.html, &files).as_str().clone_into(&mut new.body);
                new.body_text = content.text;
            }
            // A picture leaves the text with its file.
            None if files != present => {
                let kept = sanitise::keep_images(&sanitise::stored(row.body.clone()), &files);
                kept.as_str().clone_into(&mut new.body);
            }
            None => {}
        }
        if let Some(state) = self.state {
            set_state(&mut new, state, w);
        }
        new.estimated_minutes = self.estimated.unwrap_or(new.estimated_minutes);
        new.actual_minutes = self.actual.unwrap_or(new.actual_minutes);
        let new_files = files.iter().copied().filter(|id| !present.contains(id)).collect();
        Ok(errors.or(Some(Wanted { new, new_files, files, present }))?)
    }

    /// The plan from now on, and when to remind of it.
    fn plan(&self, w: &Work, row: &task::Model, new: &mut task::Model, errors: &mut FieldErrors) {
        let present = rows::plan_of(row);
        // The page sends wall time without seconds: the same minute is no change.
        let same = |patch: &Patch<i64>, of: Option<i64>| match patch {
            Patch::Set(at) => Patch::Set(of.filter(|of| of.div_euclid(60) == at.div_euclid(60)).unwrap_or(*at)),
            other => other.clone(),
        };
        let begin = same(&self.replan.begin, row.planned_begin);
        let end = same(&self.replan.end, row.planned_end);
        let replan = Replan { begin, end, ..self.replan.clone() };
        let planned = replan.apply(present, errors);
        if let Some(plan) = planned {
            new.planned_begin = plan.map(|plan| plan.begin);
            new.planned_end = plan.map(|plan| plan.end);
        }
        new.reminder_minutes = self.reminder.unwrap_or(new.reminder_minutes);
        let plan = rows::plan_of(new);
        if plan.is_none() && new.reminder_minutes.is_some() {
            if present.is_none() && errors.is_empty() {
                errors.add("reminder_minutes", Code::BeginRequired);
            }
            // Without a plan there is nothing to remind of (T-TSK-04).
            new.reminder_minutes = None;
        }
        if new.planned_begin != row.planned_begin || new.reminder_minutes != row.reminder_minutes {
            new.remind_at = plan.and_then(|plan| plan.remind_at(new.reminder_minutes, row.reminded_at, w.now()));
        }
    }
}

/// Sets the state; done keeps when and by whom (T-TSK-04).
pub(super) fn set_state(row: &mut task::Model, state: rules_of::TaskState, w: &Work) {
    let was_done = rows::state_of(row) == rules_of::TaskState::Done;
    let is_done = state == rules_of::TaskState::Done;
    state.as_str().clone_into(&mut row.state);
    if is_done != was_done {
        row.done_at = is_done.then_some(w.now());
        row.done_by_id = is_done.then(|| w.actor().id());
    }
}

fn required<'p>(field: &str, patch: &'p Patch<String>, errors: &mut FieldErrors) -> Option<&'p str> {
    match patch {
        Patch::Keep => None,
        Patch::Clear => {
            errors.add(field, Code::Required);
            None
        }
        Patch::Set(text) => Some(text.as_str()),
    }
}

fn time(ctx: &Ctx, field: &str, patch: &Patch<String>, errors: &mut FieldErrors) -> Patch<i64> {
    match patch {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(text) => fields::time(ctx, field, text, errors).map_or(Patch::Clear, Patch::Set),
    }
}

fn minutes(field: &str, patch: &Patch<String>, errors: &mut FieldErrors) -> Option<Option<i32>> {
    match patch {
        Patch::Keep => None,
        Patch::Clear => Some(None),
        Patch::Set(text) => {
            errors.check(field, rules_of::minutes(text)).map(|minutes| minutes.map(|minutes| minutes.0))
        }
    }
}

/// The new value of a person or group; nothing where it is the one of now.
fn changed(patch: &Patch<String>, present: Option<Uuid>) -> Option<&str> {
    match patch {
        Patch::Keep => None,
        Patch::Clear => present.map(|_| ""),
        Patch::Set(text) => {
            let is_same = present.is_some_and(|id| id.to_string() == text.trim());
            (!is_same).then_some(text.as_str())
        }
    }
}

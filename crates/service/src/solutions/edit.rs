//! Changing a solution while it waits for its answer (T-SOL-06): former versions are kept, as of occurrences.

use chrono_tz::Tz;
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{Decided, Patch, SolutionPatch};
use domain::occurrence::{ATTACHMENTS_MAX, Visibility};
use domain::policy;
use domain::solution::SolutionState;
use domain::ticket::Status;
use domain::views::FieldChange;
use entity::{solution, solution_revision};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::{KIND, rows};
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::history::{self, Record};
use crate::lists::{self, Chosen, Purpose};
use crate::sanitise::{self, Rich};
use crate::tickets::{self, Loaded, Touch, state};
use crate::versions::{self, Field, Stored, same};
use crate::work::{self, Work};
use crate::{documents, drafts, idempotency};

/// Name of the command for idempotency keys.
const SCOPE: &str = "solution_edit";

/// Changes a solution; a save without any difference makes no version.
///
/// # Errors
/// In the order of T-GEN-02; `Conflict` where the same field was changed to another value meanwhile; `Refused` when it waits no
/// more.
pub async fn edit(ctx: &Ctx, id: Uuid, patch: SolutionPatch) -> Result<(), ServiceError> {
    keep_draft(ctx, id, &patch).await;
    let parsed = Parsed::read(&patch);
    let hash = idempotency::content_hash(&format!("{id} {patch:?}"));
    work::write(ctx, move |w| {
        let (patch, parsed, hash) = (patch.clone(), parsed.clone(), hash.clone());
        Box::pin(async move {
            if idempotency::claim::<()>(w, SCOPE, &patch.key, &hash).await?.is_some() {
                return drafts::remove(w, KIND, &id.to_string()).await;
            }
            let parsed = parsed?;
            let (mut loaded, row) = lock_to_change(w, id).await?;
            let mut wanted = parsed.complete(w, &loaded, &row, &patch).await?;
            if patch.if_match.is_some_and(|version| version != row.version) {
                return Err(AppError::PreconditionFailed(row.version).into());
            }
            if let Some(version) = patch.version {
                wanted.settle(w, &row, version, &patch.decided).await?;
            }
            require_waiting(&loaded, &row)?;
            wanted.store(w, &mut loaded, row).await?;
            idempotency::answer(w, SCOPE, &patch.key, &()).await?;
            drafts::remove(w, KIND, &id.to_string()).await
        })
    })
    .await
}

/// The draft of a change has the id of its solution as its object (T-DRF-01).
async fn keep_draft(ctx: &Ctx, id: Uuid, patch: &SolutionPatch) {
    let text = |patch: &Patch<String>| if let Patch::Set(text) = patch { text.clone() } else { String::new() };
    let begun = patch.version.map(|version| version.to_string()).unwrap_or_default();
    let mut fields = json!({
        "body": text(&patch.body), "format": patch.format, "kind": text(&patch.kind), "begun": begun,
    });
    if let (Patch::Set(files), Some(fields)) = (&patch.attachments, fields.as_object_mut()) {
        fields.insert("attachments".to_owned(), json!(files));
    }
    drafts::keep(ctx, KIND, &id.to_string(), &fields).await;
}

/// Refuses whoever may not change a solution, before anything is written.
pub(crate) async fn require_editor(ctx: &Ctx, id: Uuid) -> Result<(), ServiceError> {
    let reader = ctx.db().reader();
    let row = solution::Entity::find_by_id(id).one(reader).await?.ok_or(AppError::NotFound)?;
    let loaded = tickets::load_visible_by_id(reader, &ctx.actor, row.ticket_id).await?;
    let mine = row.author_id == Some(ctx.actor.id());
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    policy::can_update_occurrence(loaded.caps, mine).map_err(|c| AppError::Forbidden(c.name().to_owned()))?;
    Ok(())
}

/// The solution with its locked ticket, if the actor may see both.
async fn lock(w: &Work, id: Uuid) -> Result<(Loaded, solution::Model), ServiceError> {
    let row = solution::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    let loaded = tickets::lock_by_id(w, row.ticket_id).await?;
    // Read again under the lock: a twin may have changed it meanwhile.
    let row = solution::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    let settings = w.settings(&w.actor().path_of(loaded.ticket.entity_id)).await?;
    if super::sees(&loaded, &settings, false) { Ok((loaded, row)) } else { Err(AppError::NotFound.into()) }
}

/// The same, if the actor may change the solution too.
pub(crate) async fn lock_to_change(w: &Work, id: Uuid) -> Result<(Loaded, solution::Model), ServiceError> {
    let (loaded, row) = lock(w, id).await?;
    let mine = row.author_id == Some(w.actor().id());
    policy::can_update_occurrence(loaded.caps, mine).map_err(|c| AppError::Forbidden(c.name().to_owned()))?;
    Ok((loaded, row))
}

/// Takes one file off a solution that is locked to be changed: a change like any other, with its version (T-DOC-04).
///
/// # Errors
/// `Refused` when it waits no more.
pub(crate) async fn drop_file(
    w: &mut Work,
    mut loaded: Loaded,
    row: solution::Model,
    file: Uuid,
) -> Result<(), ServiceError> {
    require_waiting(&loaded, &row)?;
    let present: Vec<Uuid> =
        documents::of_entries(&w.tx, &[row.id]).await?.into_values().flatten().map(|one| one.id).collect();
    if !present.contains(&file) {
        return Err(AppError::NotFound.into());
    }
    let files: Vec<Uuid> = present.iter().copied().filter(|id| *id != file).collect();
    let body = without_lost_pictures(&row, &files);
    Wanted { body, kind: None, files, present }.store(w, &mut loaded, row).await
}

/// The text with the pictures it still has: one leaves the text with its file. `None` = nothing changes.
fn without_lost_pictures(row: &solution::Model, files: &[Uuid]) -> Option<(String, String)> {
    let kept = sanitise::keep_images(&sanitise::stored(row.body.clone()), files).as_str().to_owned();
    (kept != row.body).then(|| (kept, row.body_text.clone()))
}

/// T-GEN-02 (8): the ticket takes changes, and nobody has answered.
fn require_waiting(loaded: &Loaded, row: &solution::Model) -> Result<(), ServiceError> {
    state::require_writable_plainly(loaded)?;
    let waits = rows::state_of(row) == SolutionState::Waiting && loaded.status() == Status::Solved;
    if waits { Ok(()) } else { Err(Code::TransitionNotAllowed.into()) }
}

/// Fields that need no stored data.
#[derive(Clone, Debug)]
struct Parsed {
    body: Option<Rich>,
    attachments: Option<Vec<Uuid>>,
}

impl Parsed {
    fn read(patch: &SolutionPatch) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        let body = match &patch.body {
            Patch::Keep => None,
            Patch::Clear => {
                errors.add("body", Code::Required);
                None
            }
            Patch::Set(text) => errors.check("body", sanitise::check(text, patch.format)),
        };
        let attachments = match &patch.attachments {
            Patch::Keep => None,
            Patch::Clear => Some(Vec::new()),
            Patch::Set(texts) => Some(tickets::create::ids(texts, &mut errors)),
        };
        if attachments.as_ref().is_some_and(|files| files.len() > ATTACHMENTS_MAX) {
            errors.add("attachments", Code::TooMany);
        }
        errors.or(Some(Self { body, attachments }))
    }

    async fn complete(
        self,
        w: &Work,
        loaded: &Loaded,
        row: &solution::Model,
        patch: &SolutionPatch,
    ) -> Result<Wanted, ServiceError> {
        let mut errors = FieldErrors::new();
        let path = w.actor().path_of(loaded.ticket.entity_id);
        let chosen =
            Chosen { list: lists::SOLUTION_TYPES, field: "type", purpose: Purpose::Occurrence, present: row.type_id };
        let kind = chosen.read(&w.tx, &path, &patch.kind, &mut errors).await?;
        let present: Vec<Uuid> =
            documents::of_entries(&w.tx, &[row.id]).await?.into_values().flatten().map(|file| file.id).collect();
        let files = self.attachments.unwrap_or_else(|| present.clone());
        let body = match self.body.filter(|body| !sanitise::says(body, patch.format, &row.body_text)) {
            Some(body) => Some((sanitise::keep_images(&body.html, &files).as_str().to_owned(), body.text)),
            None => without_lost_pictures(row, &files),
        };
        Ok(errors.or(Some(Wanted { body, kind, files, present }))?)
    }
}

/// The typed change.
struct Wanted {
    body: Option<(String, String)>,
    kind: Option<Option<Uuid>>,
    files: Vec<Uuid>,
    present: Vec<Uuid>,
}

impl Wanted {
    fn applied(&self, row: &solution::Model) -> solution::Model {
        let mut new = row.clone();
        if let Some((html, text)) = &self.body {
            new.body.clone_from(html);
            new.body_text.clone_from(text);
        }
        new.type_id = self.kind.unwrap_or(new.type_id);
        new
    }

    /// Refuses a save from `version` whose fields somebody else changed since to other values; those only others changed stay as
    /// they are (T-GEN-07).
    async fn settle(
        &mut self,
        w: &Work,
        row: &solution::Model,
        version: i32,
        decided: &Decided,
    ) -> Result<(), ServiceError> {
        if version >= row.version {
            return Ok(());
        }
        let states = solution_revision::Entity::find()
            .filter(solution_revision::Column::SolutionId.eq(row.id))
            .filter(solution_revision::Column::Number.gte(version))
            .order_by_asc(solution_revision::Column::Number)
            .all(&w.tx)
            .await?;
        let present = as_revision(row, &self.present)?;
        let mine = as_revision(&self.applied(row), &self.files)?;
        let untouched = versions::settle(w, states, present, &mine, decided, true).await?;
        for field in &untouched {
            match *field {
                "body" => self.body = None,
                "type" => self.kind = None,
                "attachments" => self.files.clone_from(&self.present),
                _ => {}
            }
        }
        if !untouched.is_empty() {
            // Pictures go by the files there are from now on.
            self.body = match self.body.take() {
                Some((html, text)) => {
                    Some((sanitise::keep_images(&sanitise::stored(html), &self.files).as_str().to_owned(), text))
                }
                None => without_lost_pictures(row, &self.files),
            };
        }
        Ok(())
    }

    async fn store(self, w: &mut Work, loaded: &mut Loaded, row: solution::Model) -> Result<(), ServiceError> {
        let mut new = self.applied(&row);
        let is_other_files = self.files != self.present;
        if new == row && !is_other_files {
            return Ok(());
        }
        keep_revision(w, &row, &self.present).await?;
        documents::retain(w, row.id, &self.files).await?;
        let (ticket, files) = (&loaded.ticket, &self.files);
        documents::attach(w, ticket, KIND, row.id, Visibility::Public, files, "attachments").await?;
        new.version += 1;
        new.revision_count += 1;
        new.edited_at = Some(w.now());
        new.edited_by_id = Some(w.actor().id());
        let active = new.clone().into_active_model().reset_all();
        let new = active.update(&w.tx).await?;
        rows::index(w, &new).await?;
        // The event names the fields, never the text (T-OCC-20).
        let named = |field: &str, changed: bool| {
            changed.then(|| FieldChange { field: field.to_owned(), old: String::new(), new: String::new() })
        };
        let changes = [
            named("body", row.body != new.body),
            named("solution_type", row.type_id != new.type_id),
            named("attachments", is_other_files),
        ];
        let changes: Vec<FieldChange> = changes.into_iter().flatten().collect();
        history::record(w, loaded.ticket.id, Record { changes, ..rows::record("solution_edited", &new, 0) }).await?;
        tickets::save(w, &mut loaded.ticket, Touch::PublicEntry).await?;
        rows::emit_changed(w, &loaded.ticket, &new).await
    }
}

impl Stored for solution_revision::Model {
    fn number(&self) -> i32 {
        self.number
    }

    fn at(&self) -> i64 {
        self.at
    }

    fn by(&self) -> Option<Uuid> {
        self.by_id
    }

    fn what(&self) -> &str {
        "edited"
    }

    fn visibility(&self) -> &str {
        Visibility::Public.as_str()
    }

    fn fields(&self, _zone: Tz) -> Vec<Field> {
        vec![
            ("body", json!(self.body), json!(self.body_text)),
            same("type", json!(self.type_id)),
            versions::files(&self.attachments),
        ]
    }
}

/// Keeps the present state of a solution as its next version.
async fn keep_revision(w: &Work, row: &solution::Model, files: &[Uuid]) -> Result<(), ServiceError> {
    let kept =
        solution_revision::Model { id: new_id(), at: w.now(), by_id: w.actor().account(), ..as_revision(row, files)? };
    solution_revision::ActiveModel::from(kept).reset_all().insert(&w.tx).await?;
    Ok(())
}

/// The present state of a solution in the form of a version.
pub(super) fn as_revision(row: &solution::Model, files: &[Uuid]) -> Result<solution_revision::Model, ServiceError> {
    Ok(solution_revision::Model {
        id: row.id,
        solution_id: row.id,
        number: row.version,
        at: row.edited_at.unwrap_or(row.registered_at),
        by_id: row.edited_by_id.or(row.author_id),
        body: row.body.clone(),
        body_text: row.body_text.clone(),
        type_id: row.type_id,
        attachments: serde_json::to_string(files)?,
    })
}

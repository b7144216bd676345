//! Editing an occurrence: revisions, merging, changes of visibility (T-OCC-15..20).

use domain::duration::{Minutes, parse_minutes};
use domain::error::{AppError, Code, FieldConflict, FieldErrors};
use domain::forms::{OccurrencePatch, Patch};
use domain::occurrence::{ATTACHMENTS_MAX, Visibility, check_past};
use domain::policy;
use domain::ticket::Side;
use domain::views::FieldChange;
use entity::{occurrence, occurrence_revision};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{add, rows};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::moments::{self, moment};
use crate::sanitise::{self, Rich};
use crate::sql::unique;
use crate::tickets::{self, Loaded, Touch, people};
use crate::work::{self, Work};
use crate::{documents, drafts, lists};

/// Changes an occurrence; a save without any difference makes no revision.
///
/// # Errors
/// In the order of T-GEN-02; `Conflict` where the same field was changed to another value meanwhile.
pub async fn edit(ctx: &Ctx, id: Uuid, patch: OccurrencePatch) -> Result<(), ServiceError> {
    keep_draft(ctx, id, &patch).await;
    let parsed = Parsed::read(ctx, &patch);
    work::write(ctx, move |w| {
        let (patch, parsed) = (patch.clone(), parsed.clone());
        Box::pin(async move {
            let parsed = parsed?;
            let (mut loaded, row) = lock(w, id).await?;
            let mine = row.author_id == Some(w.actor().id());
            policy::can_update_occurrence(loaded.caps, mine).map_err(|c| AppError::Forbidden(c.name().to_owned()))?;
            let wanted = parsed.complete(w, &loaded, &row, &patch).await?;
            if patch.if_match.is_some_and(|version| version != row.version) {
                return Err(AppError::PreconditionFailed(row.version).into());
            }
            if let Some(version) = patch.version {
                wanted.refuse_conflicts(w, &row, version).await?;
            }
            tickets::require_writable(&loaded.ticket)?;
            if row.removed_at.is_some() {
                return Err(Code::EntryDeleted.into());
            }
            wanted.store(w, &mut loaded, row).await?;
            drafts::remove(w, "occurrence_edit", &id.to_string()).await
        })
    })
    .await
}

async fn keep_draft(ctx: &Ctx, id: Uuid, patch: &OccurrencePatch) {
    let text = |patch: &Patch<String>| if let Patch::Set(text) = patch { text.clone() } else { String::new() };
    let fields = serde_json::json!({
        "body": text(&patch.body), "format": patch.format, "visibility": text(&patch.visibility),
        "occurred_at": text(&patch.occurred_at), "minutes": text(&patch.minutes),
        "category": text(&patch.category), "source": text(&patch.source),
    });
    drafts::keep(ctx, "occurrence_edit", &id.to_string(), &fields).await;
}

/// The entry with its locked ticket, if the actor may see both.
pub(super) async fn lock(w: &Work, id: Uuid) -> Result<(Loaded, occurrence::Model), ServiceError> {
    let row = occurrence::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    let loaded = tickets::lock_by_id(w, row.ticket_id).await?;
    // Read again under the lock: a twin may have changed it meanwhile.
    let row = occurrence::Entity::find_by_id(id).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    if !rows::sees(w.actor(), &loaded, &row, false) {
        return Err(AppError::NotFound.into());
    }
    Ok((loaded, row))
}

/// Fields that need no stored data.
#[derive(Clone, Debug)]
struct Parsed {
    body: Option<Rich>,
    visibility: Option<Visibility>,
    occurred_at: Option<i64>,
    minutes: Option<Option<Minutes>>,
    attachments: Option<Vec<Uuid>>,
}

impl Parsed {
    fn read(ctx: &Ctx, patch: &OccurrencePatch) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        let required = |field: &str, patch: &Patch<String>, errors: &mut FieldErrors| match patch {
            Patch::Keep => None,
            Patch::Clear => {
                errors.add(field, Code::Required);
                None
            }
            Patch::Set(text) => Some(text.clone()),
        };
        let body = required("body", &patch.body, &mut errors)
            .and_then(|text| errors.check("body", sanitise::check(&text, patch.format)));
        let visibility = required("visibility", &patch.visibility, &mut errors)
            .and_then(|text| errors.check("visibility", text.parse()));
        let occurred_at = required("occurred_at", &patch.occurred_at, &mut errors)
            .filter(|text| !text.trim().is_empty())
            .and_then(|text| {
                errors.check(
                    "occurred_at",
                    moments::parse(&text, ctx.actor.zone).and_then(|at| check_past(at, ctx.now())),
                )
            });
        let minutes = match &patch.minutes {
            Patch::Keep => None,
            Patch::Clear => Some(None),
            Patch::Set(text) => errors.check("minutes", parse_minutes(text)),
        };
        let attachments = match &patch.attachments {
            Patch::Keep => None,
            Patch::Clear => Some(Vec::new()),
            Patch::Set(texts) => Some(add::attachments(texts, &mut errors)),
        };
        errors.or(Some(Self { body, visibility, occurred_at, minutes, attachments }))
    }

    /// Adds what needs stored data: references, the right to make private, image permissions.
    async fn complete(
        self,
        w: &Work,
        loaded: &Loaded,
        row: &occurrence::Model,
        patch: &OccurrencePatch,
    ) -> Result<Wanted, ServiceError> {
        let mut errors = FieldErrors::new();
        let path = w.actor().path_of(loaded.ticket.entity_id);
        let mine = row.author_id == Some(w.actor().id());
        if self.visibility == Some(Visibility::Private) && rows::visibility_of(row) == Visibility::Public {
            let by_requester = rows::side_of(row) == Side::Requester;
            if policy::can_make_private(loaded.caps, mine, by_requester).is_err() {
                errors.add("visibility", Code::NotAllowed);
            }
        }
        let category =
            reference(w, lists::OCCURRENCE_CATEGORIES, &path, "category", &patch.category, &mut errors).await?;
        let source = reference(w, lists::SOURCES, &path, "source", &patch.source, &mut errors).await?;
        let present: Vec<Uuid> =
            documents::of_entries(&w.tx, &[row.id]).await?.into_values().flatten().map(|d| d.id).collect();
        if self.attachments.as_ref().is_some_and(|files| files.len() > ATTACHMENTS_MAX) {
            errors.add("attachments", Code::TooMany);
        }
        let files = self.attachments.unwrap_or_else(|| present.clone());
        // The page sends wall time without seconds: the same minute is no change.
        let occurred_at = self.occurred_at.filter(|at| at.div_euclid(60) != row.occurred_at.div_euclid(60));
        errors
            .or(Some(Wanted {
                body: self.body.map(|body| (sanitise::keep_images(&body.html, &files).as_str().to_owned(), body.text)),
                visibility: self.visibility,
                occurred_at,
                minutes: self.minutes.map(|m| m.map(|m| m.0)),
                category,
                source,
                new_files: files.iter().copied().filter(|id| !present.contains(id)).collect(),
                files,
                present,
            }))
            .map_err(Into::into)
    }
}

async fn reference(
    w: &Work,
    list: &str,
    path: &[Uuid],
    field: &str,
    patch: &Patch<String>,
    errors: &mut FieldErrors,
) -> Result<Option<Option<Uuid>>, ServiceError> {
    match patch {
        Patch::Keep => Ok(None),
        Patch::Clear => Ok(Some(None)),
        Patch::Set(text) => {
            Ok(errors.check(field, lists::active_row(&w.tx, list, path, text).await?).map(|row| Some(row.id)))
        }
    }
}

/// The typed change.
struct Wanted {
    body: Option<(String, String)>,
    visibility: Option<Visibility>,
    occurred_at: Option<i64>,
    minutes: Option<Option<i32>>,
    category: Option<Option<Uuid>>,
    source: Option<Option<Uuid>>,
    files: Vec<Uuid>,
    new_files: Vec<Uuid>,
    present: Vec<Uuid>,
}

impl Wanted {
    /// The row as this save would leave it.
    fn applied(&self, row: &occurrence::Model) -> occurrence::Model {
        let mut new = row.clone();
        if let Some((html, text)) = &self.body {
            new.body.clone_from(html);
            new.body_text.clone_from(text);
        }
        if let Some(visibility) = self.visibility {
            visibility.as_str().clone_into(&mut new.visibility);
        }
        new.occurred_at = self.occurred_at.unwrap_or(new.occurred_at);
        new.minutes = self.minutes.unwrap_or(new.minutes);
        new.category_id = self.category.unwrap_or(new.category_id);
        new.source_id = self.source.unwrap_or(new.source_id);
        new
    }

    fn files_changed(&self) -> bool {
        self.files.len() != self.present.len() || !self.new_files.is_empty()
    }

    /// T-GEN-07: a field that this save changes and somebody else changed since `version`, to another value.
    async fn refuse_conflicts(&self, w: &Work, row: &occurrence::Model, version: i32) -> Result<(), ServiceError> {
        if version >= row.version {
            return Ok(());
        }
        let revisions = occurrence_revision::Entity::find()
            .filter(occurrence_revision::Column::OccurrenceId.eq(row.id))
            .filter(occurrence_revision::Column::Number.gte(version))
            .order_by_asc(occurrence_revision::Column::Number)
            .all(&w.tx)
            .await?;
        let Some(base) = revisions.first() else { return Ok(()) };
        let new = self.applied(row);
        let mut conflicts = Vec::new();
        let mut check = |field: &str, base: serde_json::Value, theirs: serde_json::Value, yours: serde_json::Value| {
            if yours != base && theirs != base && yours != theirs {
                conflicts.push((field.to_owned(), yours, theirs));
            }
        };
        let id = |value: Option<Uuid>| value.map_or(serde_json::Value::Null, |id| id.to_string().into());
        check("body", base.body_text.clone().into(), row.body_text.clone().into(), new.body_text.clone().into());
        check(
            "visibility",
            base.visibility.clone().into(),
            row.visibility.clone().into(),
            new.visibility.clone().into(),
        );
        check("occurred_at", base.occurred_at.into(), row.occurred_at.into(), new.occurred_at.into());
        check("minutes", base.minutes.into(), row.minutes.into(), new.minutes.into());
        check("category", id(base.category_id), id(row.category_id), id(new.category_id));
        check("source", id(base.source_id), id(row.source_id), id(new.source_id));
        if conflicts.is_empty() {
            return Ok(());
        }
        let names = people::directory(&w.tx, &[], &unique(row.edited_by_id)).await?;
        let by = row.edited_by_id.map(|id| names.user(id).name);
        let at = moment(row.edited_at.unwrap_or(row.registered_at), w.actor().zone).as_str().to_owned();
        let conflicts = conflicts
            .into_iter()
            .map(|(field, yours, theirs)| FieldConflict { field, yours, theirs, by: by.clone(), at: at.clone() })
            .collect();
        Err(AppError::Conflict { version: row.version, conflicts }.into())
    }

    async fn store(self, w: &mut Work, loaded: &mut Loaded, row: occurrence::Model) -> Result<(), ServiceError> {
        let mut new = self.applied(&row);
        if new == row && !self.files_changed() {
            return Ok(());
        }
        let (before, after) = (rows::visibility_of(&row), rows::visibility_of(&new));
        rows::keep_revision(w, &row, "edited", &self.present).await?;
        documents::retain(w, row.id, &self.files).await?;
        documents::attach(w, &loaded.ticket, "occurrence", row.id, after, &self.new_files, "attachments").await?;
        new.version += 1;
        new.revision_count += 1;
        new.edited_at = Some(w.now());
        new.edited_by_id = Some(w.actor().id());
        if before == Visibility::Public && after == Visibility::Public && new.body != row.body {
            new.public_edited_at = Some(w.now());
        }
        let active = new.clone().into_active_model().reset_all();
        let new = active.update(&w.tx).await?;
        add::index(w, &new).await?;
        self.record(w, loaded, &row, &new).await?;
        if before != after {
            documents::set_visibility(w, row.id, after).await?;
            history::follow_visibility(w, row.id, after).await?;
        }
        let is_public = before == Visibility::Public || after == Visibility::Public;
        tickets::save(w, &mut loaded.ticket, if is_public { Touch::PublicEntry } else { Touch::PrivateEntry }).await?;
        // Turned private: for readers of public entries it is removed.
        let audience = if before == Visibility::Public && after == Visibility::Private {
            "hidden"
        } else {
            events::audience(after)
        };
        let change = NewChange {
            kind: "occurrence",
            what: "changed",
            object: row.id,
            version: new.version,
            audience,
            author: new.author_id,
        };
        events::emit(w, &loaded.ticket, change).await
    }

    /// The event names the fields, never the text (T-OCC-20).
    async fn record(
        &self,
        w: &Work,
        loaded: &Loaded,
        old: &occurrence::Model,
        new: &occurrence::Model,
    ) -> Result<(), ServiceError> {
        let visibility = rows::visibility_of(new);
        let entry = Some(("occurrence", new.id, visibility, new.author_id));
        let named = |field: &str, changed: bool| {
            changed.then(|| FieldChange { field: field.into(), old: String::new(), new: String::new() })
        };
        let changes: Vec<FieldChange> = [
            named("body", old.body != new.body),
            named("occurred_at", old.occurred_at != new.occurred_at),
            history::change("minutes", old.minutes.unwrap_or(0).to_string(), new.minutes.unwrap_or(0).to_string()),
            named("category", old.category_id != new.category_id),
            named("source", old.source_id != new.source_id),
            named("attachments", self.files_changed()),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !changes.is_empty() {
            history::record(
                w,
                loaded.ticket.id,
                Record { kind: "occurrence_edited", changes, entry, ..Record::default() },
            )
            .await?;
        }
        if old.visibility != new.visibility {
            let changes =
                history::change("visibility", old.visibility.clone(), new.visibility.clone()).into_iter().collect();
            history::record(
                w,
                loaded.ticket.id,
                Record { kind: "visibility_changed", changes, entry, ..Record::default() },
            )
            .await?;
        }
        Ok(())
    }
}

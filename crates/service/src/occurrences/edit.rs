//! Editing an occurrence: revisions, merging, changes of visibility (T-OCC-15..20).

mod conflicts;

use domain::duration::{Minutes, parse_minutes};
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{OccurrencePatch, Patch};
use domain::notification::Event;
use domain::occurrence::{ATTACHMENTS_MAX, Visibility, check_past};
use domain::policy::{self, Capability};
use domain::ticket::Side;
use domain::views::FieldChange;
use entity::occurrence;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::{add, rows};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::lists::{self, Chosen, Purpose};
use crate::mail::{self, Cause, Recipient};
use crate::moments;
use crate::notifications::{self, News};
use crate::sanitise::{self, Rich};
use crate::tickets::{self, Loaded, Touch};
use crate::work::{self, Work};
use crate::{documents, drafts, idempotency, versions};

/// Changes an occurrence; a save without any difference makes no revision.
///
/// # Errors
/// In the order of T-GEN-02; `Conflict` where the same field was changed to another value meanwhile.
pub async fn edit(ctx: &Ctx, id: Uuid, patch: OccurrencePatch) -> Result<(), ServiceError> {
    keep_draft(ctx, id, &patch).await;
    let parsed = Parsed::read(ctx, &patch);
    let hash = idempotency::content_hash(&format!("{id} {patch:?}"));
    work::write(ctx, move |w| {
        let (patch, parsed, hash) = (patch.clone(), parsed.clone(), hash.clone());
        Box::pin(async move {
            // The second of two clicks would find nothing changed, and mail it again.
            if idempotency::claim::<()>(w, "occurrence_edit", &patch.key, &hash).await?.is_some() {
                return drafts::remove(w, "occurrence_edit", &id.to_string()).await;
            }
            let parsed = parsed?;
            let (mut loaded, row) = lock_to_change(w, id).await?;
            let mut wanted = parsed.complete(w, &loaded, &row, &patch).await?;
            if patch.if_match.is_some_and(|version| version != row.version) {
                return Err(AppError::PreconditionFailed(row.version).into());
            }
            if let Some(version) = patch.version {
                wanted.settle(w, &row, version, &patch.decided, loaded.is_agent()).await?;
            }
            versions::require_present(&loaded, row.removed_at)?;
            let hides =
                rows::visibility_of(&wanted.applied(&row)).is_private() && !rows::visibility_of(&row).is_private();
            if hides {
                mail::recall(w, &row, patch.acknowledge_mail_sent).await?;
            }
            wanted.store(w, &mut loaded, row).await?;
            idempotency::answer(w, "occurrence_edit", &patch.key, &()).await?;
            drafts::remove(w, "occurrence_edit", &id.to_string()).await
        })
    })
    .await
}

async fn keep_draft(ctx: &Ctx, id: Uuid, patch: &OccurrencePatch) {
    let text = |patch: &Patch<String>| if let Patch::Set(text) = patch { text.clone() } else { String::new() };
    let mut fields = serde_json::json!({
        "body": text(&patch.body), "format": patch.format, "visibility": text(&patch.visibility),
        "occurred_at": text(&patch.occurred_at), "minutes": text(&patch.minutes),
        "category": text(&patch.category), "source": text(&patch.source), "send_mail": patch.send_mail,
        "begun": patch.version.map(|version| version.to_string()).unwrap_or_default(),
    });
    // Without scripts the page is made anew from the draft, so the uploads have to be in it.
    if let (Patch::Set(files), Some(fields)) = (&patch.attachments, fields.as_object_mut()) {
        fields.insert("attachments".to_owned(), serde_json::json!(files));
    }
    drafts::keep(ctx, "occurrence_edit", &id.to_string(), &fields).await;
}

/// Refuses whoever may not change an entry, before anything is written.
pub(crate) async fn require_editor(ctx: &Ctx, id: Uuid) -> Result<(), ServiceError> {
    let reader = ctx.db().reader();
    let row = occurrence::Entity::find_by_id(id).one(reader).await?.ok_or(AppError::NotFound)?;
    let loaded = tickets::load_visible_by_id(reader, &ctx.actor, row.ticket_id).await?;
    if !rows::sees(&ctx.actor, &loaded, &row, false) {
        return Err(AppError::NotFound.into());
    }
    let mine = row.author_id == Some(ctx.actor.id());
    policy::can_update_occurrence(loaded.caps, mine).map_err(|c| AppError::Forbidden(c.name().to_owned()))?;
    Ok(())
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

/// The same, if the actor may change the entry too.
pub(crate) async fn lock_to_change(w: &Work, id: Uuid) -> Result<(Loaded, occurrence::Model), ServiceError> {
    let (loaded, row) = lock(w, id).await?;
    let mine = row.author_id == Some(w.actor().id());
    policy::can_update_occurrence(loaded.caps, mine).map_err(|c| AppError::Forbidden(c.name().to_owned()))?;
    Ok((loaded, row))
}

/// Takes one file off an entry that is locked to be changed: a change like any other, with its revision (T-DOC-04, T-OCC-16).
///
/// # Errors
/// `Refused` by the state of the ticket or the entry.
pub(crate) async fn drop_file(
    w: &mut Work,
    mut loaded: Loaded,
    row: occurrence::Model,
    file: Uuid,
) -> Result<(), ServiceError> {
    versions::require_present(&loaded, row.removed_at)?;
    let present: Vec<Uuid> =
        documents::of_entries(&w.tx, &[row.id]).await?.into_values().flatten().map(|d| d.id).collect();
    if !present.contains(&file) {
        return Err(AppError::NotFound.into());
    }
    let files: Vec<Uuid> = present.iter().copied().filter(|id| *id != file).collect();
    let wanted = Wanted {
        body: without_lost_pictures(&row, &files),
        visibility: None,
        occurred_at: None,
        minutes: None,
        category: None,
        source: None,
        new_files: Vec::new(),
        files,
        present,
        mail_to: Vec::new(),
    };
    wanted.store(w, &mut loaded, row).await
}

/// A picture leaves the text with its file: the text with those it still has. `None` = nothing changes.
fn without_lost_pictures(row: &occurrence::Model, files: &[Uuid]) -> Option<(String, String)> {
    let kept = sanitise::keep_images(&sanitise::stored(row.body.clone()), files).as_str().to_owned();
    (kept != row.body).then(|| (kept, row.body_text.clone()))
}

/// Fields that need no stored data.
#[derive(Clone, Debug)]
struct Parsed {
    body: Option<Rich>,
    visibility: Option<Visibility>,
    occurred_at: Option<i64>,
    minutes: Option<Option<Minutes>>,
    attachments: Option<Vec<Uuid>>,
    send_mail: bool,
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
        if patch.send_mail && visibility == Some(Visibility::Private) {
            errors.add("send_mail", Code::MailRequiresPublic);
        }
        let send_mail = patch.send_mail;
        errors.or(Some(Self { body, visibility, occurred_at, minutes, attachments, send_mail }))
    }

    /// Who is no agent changes neither time spent nor time of happening nor source (T-OCC-05); emptying what he does not see
    /// means nothing.
    fn refuse_agents_fields(&self, row: &occurrence::Model, patch: &OccurrencePatch, errors: &mut FieldErrors) {
        let minutes = self.minutes.flatten().map(|minutes| minutes.0);
        let is_other_minute = |at: i64| at.div_euclid(60) != row.occurred_at.div_euclid(60);
        let source = row.source_id.map(|id| id.to_string());
        let given = [
            ("minutes", minutes.is_some() && minutes != row.minutes),
            ("occurred_at", self.occurred_at.is_some_and(is_other_minute)),
            ("source", matches!(&patch.source, Patch::Set(text) if Some(text) != source.as_ref())),
        ];
        for (field, _) in given.iter().filter(|(_, is_given)| *is_given) {
            errors.add(*field, Code::NotAllowed);
        }
    }

    /// Who gets the changed entry by mail (T-OCC-19).
    async fn mail_to(
        &self,
        w: &Work,
        loaded: &Loaded,
        row: &occurrence::Model,
        path: &[Uuid],
        errors: &mut FieldErrors,
    ) -> Result<Vec<Recipient>, ServiceError> {
        if !self.send_mail {
            return Ok(Vec::new());
        }
        if !loaded.is_agent() {
            errors.add("send_mail", Code::NotAllowed);
            return Ok(Vec::new());
        }
        loaded.require(Capability::OccurrenceSendMail)?;
        if self.visibility.unwrap_or_else(|| rows::visibility_of(row)).is_private() {
            errors.add("send_mail", Code::MailRequiresPublic);
            return Ok(Vec::new());
        }
        let settings = w.settings(path).await?;
        let found = mail::check(&w.ctx, &w.tx, loaded, &settings, mail::Kind::Requester).await?;
        Ok(errors.check("send_mail", found).unwrap_or_default())
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
        let agent = loaded.is_agent();
        let mail_to = self.mail_to(w, loaded, row, &path, &mut errors).await?;
        if !agent {
            self.refuse_agents_fields(row, patch, &mut errors);
        }
        let of = |list, field, present| Chosen { list, field, purpose: Purpose::Occurrence, present };
        let category = of(lists::OCCURRENCE_CATEGORIES, "category", row.category_id);
        let category = category.read(&w.tx, &path, &patch.category, &mut errors).await?;
        let source = of(lists::SOURCES, "source", row.source_id);
        let source = if agent { source.read(&w.tx, &path, &patch.source, &mut errors).await? } else { None };
        let present: Vec<Uuid> =
            documents::of_entries(&w.tx, &[row.id]).await?.into_values().flatten().map(|d| d.id).collect();
        if self.attachments.as_ref().is_some_and(|files| files.len() > ATTACHMENTS_MAX) {
            errors.add("attachments", Code::TooMany);
        }
        let files = self.attachments.unwrap_or_else(|| present.clone());
        let body = match self.body.filter(|body| !sanitise::says(body, patch.format, &row.body_text)) {
            Some(body) => Some((sanitise::keep_images(&body.html, &files).as_str().to_owned(), body.text)),
            None => without_lost_pictures(row, &files),
        };
        // The page sends wall time without seconds: the same minute is no change.
        let occurred_at = self.occurred_at.filter(|at| agent && at.div_euclid(60) != row.occurred_at.div_euclid(60));
        errors
            .or(Some(Wanted {
                body,
                visibility: self.visibility,
                occurred_at,
                minutes: self.minutes.filter(|_| agent).map(|m| m.map(|m| m.0)),
                category,
                source,
                new_files: files.iter().copied().filter(|id| !present.contains(id)).collect(),
                files,
                present,
                mail_to,
            }))
            .map_err(Into::into)
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
    mail_to: Vec<Recipient>,
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

    async fn store(self, w: &mut Work, loaded: &mut Loaded, row: occurrence::Model) -> Result<(), ServiceError> {
        let mut new = self.applied(&row);
        if new == row && !self.files_changed() {
            return self.mail(w, loaded, &row).await;
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
        events::emit(w, &loaded.ticket, change).await?;
        if before == Visibility::Private && after == Visibility::Public {
            let news = News { entry: Some(("occurrence", new.id)), ..News::of(Event::PublicOccurrence) };
            notifications::add(w, &loaded.ticket, &loaded.actors, &[news]).await?;
        }
        self.mail(w, loaded, &new).await
    }

    /// Mails it again, as changed (M-OUT-10).
    async fn mail(&self, w: &Work, loaded: &Loaded, row: &occurrence::Model) -> Result<(), ServiceError> {
        if self.mail_to.is_empty() {
            return Ok(());
        }
        let cause = Cause { kind: mail::Kind::Requester, changed: row.revision_count > 0 };
        mail::queue(w, &loaded.ticket, row, cause, &self.mail_to).await?;
        mail::copy_to_observers(w, loaded, row, cause, &self.mail_to).await
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

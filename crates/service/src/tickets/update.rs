//! Changing fields of a ticket: merged with others' changes, refused where both changed the same (T-GEN-07).

use domain::error::{AppError, Code, FieldConflict, FieldErrors};
use domain::forms::{Patch, TicketPatch, UpdateTicket};
use domain::occurrence::Visibility;
use domain::policy::Capability;
use domain::ticket::priority::priority;
use domain::views::{FieldChange, RevisionView};
use entity::{description_revision, ticket};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use uuid::Uuid;

use super::create::{TITLE_MAX, ids, level};
use super::{Loaded, Touch, people, row_id};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::history::{self, Record};
use crate::moments::moment;
use crate::sanitise::{self, Rich};
use crate::search::{self, Doc};
use crate::settings::Settings;
use crate::sql::unique;
use crate::work::{self, Work};
use crate::{documents, lists};

/// One property as the page saves it.
///
/// # Errors
/// As `update`; `UnknownField` for a field that is not one.
pub async fn update_field(ctx: &Ctx, form: UpdateTicket) -> Result<(), ServiceError> {
    let text = Patch::from_text(form.value.clone());
    let list = || {
        let texts: Vec<String> =
            form.value.split(['\n', ',']).map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect();
        Patch::Set(texts)
    };
    let mut patch = TicketPatch {
        version: (!form.keep_mine).then_some(form.version),
        format: form.format,
        ..TicketPatch::default()
    };
    match form.field.as_str() {
        "title" => patch.title = Patch::Set(form.value.clone()),
        "description" => patch.description = Patch::Set(form.value.clone()),
        "urgency" => patch.urgency = text,
        "impact" => patch.impact = text,
        "priority" => patch.priority = text,
        "source" => patch.source = text,
        "location" => patch.location = text,
        "requesters" => patch.requesters = list(),
        "observers" => patch.observers = list(),
        _ => return Err(AppError::field(form.field, Code::UnknownField).into()),
    }
    update(ctx, form.number, patch).await
}

/// Changes fields of a ticket.
///
/// # Errors
/// `NotFound`, `Forbidden(ticket.update)`, `Invalid`, `Conflict`, `PreconditionFailed`, and the codes of T-TKT-07.
pub async fn update(ctx: &Ctx, number: i64, patch: TicketPatch) -> Result<(), ServiceError> {
    let body = match &patch.description {
        Patch::Set(text) => Some(sanitise::check(text, patch.format)),
        Patch::Clear => Some(Err(Code::Required)),
        Patch::Keep => None,
    };
    work::write(ctx, move |w| {
        let (patch, body) = (patch.clone(), body.clone());
        Box::pin(async move {
            let mut loaded = super::lock(w, number).await?;
            let only_priority = is_priority_only(&patch);
            if only_priority {
                loaded.require(Capability::TicketChangePriority)?;
            } else {
                loaded.require(Capability::TicketUpdate)?;
            }
            if let Some(version) = patch.if_match.filter(|v| *v != loaded.ticket.version) {
                tracing::debug!(version, "precondition failed");
                return Err(AppError::PreconditionFailed(loaded.ticket.version).into());
            }
            let wanted = Wanted::check(w, &loaded, &patch, body).await?;
            if let Some(version) = patch.version {
                wanted.refuse_conflicts(w, &loaded, version).await?;
            }
            super::require_writable(&loaded.ticket)?;
            wanted.store(w, &mut loaded).await
        })
    })
    .await
}

fn is_priority_only(patch: &TicketPatch) -> bool {
    !patch.priority.is_keep()
        && patch.title.is_keep()
        && patch.description.is_keep()
        && patch.urgency.is_keep()
        && patch.impact.is_keep()
        && patch.source.is_keep()
        && patch.location.is_keep()
        && patch.requesters.is_keep()
        && patch.observers.is_keep()
        && patch.attachments.is_keep()
}

/// The fields of a patch, typed; `None` = stays.
struct Wanted {
    title: Option<String>,
    body: Option<Rich>,
    urgency: Option<u8>,
    impact: Option<u8>,
    priority: Option<u8>,
    source: Option<Option<(Uuid, String)>>,
    location: Option<Option<(Uuid, String)>>,
    requesters: Option<Vec<crate::people::ResolvedActor>>,
    observers: Option<Vec<crate::people::ResolvedActor>>,
    attachments: Option<Vec<Uuid>>,
    computed: u8,
}

impl Wanted {
    async fn check(
        w: &Work,
        loaded: &Loaded,
        patch: &TicketPatch,
        body: Option<Result<Rich, Code>>,
    ) -> Result<Self, ServiceError> {
        let mut errors = FieldErrors::new();
        let actor = w.actor();
        let entity = loaded.ticket.entity_id;
        let path = actor.path_of(entity);
        let title = match &patch.title {
            Patch::Keep => None,
            Patch::Clear => {
                errors.add("title", Code::Required);
                None
            }
            Patch::Set(text) => errors.check("title", checked_title(text)),
        };
        let body = body.and_then(|body| errors.check("description", body));
        let urgency = required_level(&patch.urgency, "urgency", &mut errors);
        let impact = required_level(&patch.impact, "impact", &mut errors);
        let text = match &patch.priority {
            Patch::Set(text) => text.as_str(),
            Patch::Clear => {
                errors.add("priority", Code::Required);
                ""
            }
            Patch::Keep => "",
        };
        let by_hand = super::create::priority_by_hand(text, loaded.caps, &mut errors);
        let source = list_reference(w, lists::SOURCES, &path, "source", &patch.source, &mut errors).await?;
        let location = list_reference(w, lists::LOCATIONS, &path, "location", &patch.location, &mut errors).await?;
        let mut requesters = None;
        if let Some(texts) = patch.requesters.clone().into_option() {
            let found =
                people::resolve_all(&w.tx, actor, entity, "requesters", &texts.unwrap_or_default(), &mut errors)
                    .await?;
            if found.is_empty() && errors.is_empty() {
                errors.add("requesters", Code::Required);
            }
            requesters = Some(found);
        }
        let mut observers = None;
        if let Some(texts) = patch.observers.clone().into_option() {
            observers = Some(
                people::resolve_all(&w.tx, actor, entity, "observers", &texts.unwrap_or_default(), &mut errors).await?,
            );
        }
        let attachments = match patch.attachments.clone().into_option() {
            Some(texts) => Some(ids(&texts.unwrap_or_default())?),
            None => None,
        };
        let settings = Settings::load(&w.tx, &path).await?;
        let now = |level: Option<u8>, stored: i32| level.unwrap_or_else(|| u8::try_from(stored).unwrap_or(3));
        let computed =
            priority(now(urgency, loaded.ticket.urgency), now(impact, loaded.ticket.impact), &settings.matrix());
        let wanted = Self {
            title,
            body,
            urgency,
            impact,
            priority: by_hand,
            source,
            location,
            requesters,
            observers,
            attachments,
            computed,
        };
        Ok(errors.or(Some(wanted))?)
    }

    /// Fields this save would change, with both values as JSON.
    fn differences(&self, ticket: &ticket::Model) -> Vec<(&'static str, serde_json::Value, serde_json::Value)> {
        let mut out = Vec::new();
        let mut add = |field, yours: Option<serde_json::Value>, theirs: serde_json::Value| {
            if let Some(yours) = yours.filter(|y| *y != theirs) {
                out.push((field, yours, theirs));
            }
        };
        add("title", self.title.clone().map(Into::into), ticket.title.clone().into());
        add("description", self.body.as_ref().map(|b| b.text.clone().into()), ticket.description_text.clone().into());
        add("urgency", self.urgency.map(Into::into), ticket.urgency.into());
        add("impact", self.impact.map(Into::into), ticket.impact.into());
        add("priority", self.priority.map(Into::into), ticket.priority.into());
        let id = |value: Option<Uuid>| value.map_or(serde_json::Value::Null, |id| id.to_string().into());
        add("source", self.source.as_ref().map(|s| id(s.as_ref().map(|s| s.0))), id(ticket.source_id));
        add("location", self.location.as_ref().map(|s| id(s.as_ref().map(|s| s.0))), id(ticket.location_id));
        out
    }

    async fn refuse_conflicts(&self, w: &Work, loaded: &Loaded, version: i32) -> Result<(), ServiceError> {
        if version >= loaded.ticket.version {
            return Ok(());
        }
        let changed = history::changed_since(&w.tx, loaded.ticket.id, version).await?;
        let authors: Vec<Uuid> = changed.iter().filter_map(|(_, by, _)| *by).collect();
        let names = crate::people::actor_views(&w.tx, &authors, &[]).await?;
        let conflicts: Vec<FieldConflict> = self
            .differences(&loaded.ticket)
            .into_iter()
            .filter_map(|(field, yours, theirs)| {
                let (_, by, at) = changed.iter().find(|(name, ..)| name == field)?;
                Some(FieldConflict {
                    field: field.to_owned(),
                    yours,
                    theirs,
                    by: by.map(|id| names.user(id).name),
                    at: moment(*at, w.actor().zone).as_str().to_owned(),
                })
            })
            .collect();
        if conflicts.is_empty() {
            Ok(())
        } else {
            Err(AppError::Conflict { version: loaded.ticket.version, conflicts }.into())
        }
    }

    async fn store(self, w: &mut Work, loaded: &mut Loaded) -> Result<(), ServiceError> {
        let before = loaded.ticket.clone();
        let mut changes: Vec<FieldChange> = Vec::new();
        let ticket = &mut loaded.ticket;
        if let Some(title) = self.title {
            changes.extend(history::change("title", ticket.title.clone(), title.clone()));
            ticket.title = title;
        }
        for (field, level, stored) in
            [("urgency", self.urgency, &mut ticket.urgency), ("impact", self.impact, &mut ticket.impact)]
        {
            if let Some(level) = level.map(i32::from) {
                changes.extend(history::change(field, stored.to_string(), level.to_string()));
                *stored = level;
            }
        }
        let levels_changed = before.urgency != ticket.urgency || before.impact != ticket.impact;
        if let Some(by_hand) = self.priority {
            ticket.priority = i32::from(by_hand);
            ticket.priority_by_hand = true;
        } else if levels_changed {
            ticket.priority = i32::from(self.computed);
            ticket.priority_by_hand = false;
        }
        changes.extend(history::change("priority", before.priority.to_string(), ticket.priority.to_string()));
        let names =
            lists::refs(&w.tx, &unique([before.source_id, before.location_id].into_iter().flatten()), w.actor().lang)
                .await?;
        let old_name = |id: Option<Uuid>| id.and_then(|id| names.get(&id)).map(|r| r.name.clone()).unwrap_or_default();
        for (field, value, stored) in
            [("source", self.source, &mut ticket.source_id), ("location", self.location, &mut ticket.location_id)]
        {
            if let Some(value) = value {
                let (id, name) = value.unzip();
                if *stored != id {
                    changes.extend(history::change(field, old_name(*stored), name.unwrap_or_default()));
                }
                *stored = id;
            }
        }
        let described = self.body.is_some() || self.attachments.is_some();
        if described {
            changes.extend(describe(w, ticket, self.body, self.attachments).await?);
        }
        if let Some(wanted) = self.requesters {
            changes.extend(people::replace(w, &loaded.ticket, &mut loaded.actors, "requester", &wanted).await?);
        }
        if let Some(wanted) = self.observers {
            changes.extend(people::replace(w, &loaded.ticket, &mut loaded.actors, "observer", &wanted).await?);
        }
        if changes.is_empty() {
            return Ok(());
        }
        finish(w, loaded, "field_changed", changes, None).await
    }
}

/// Saves the row with a new version, its history row, search index and live event.
pub(crate) async fn finish(
    w: &Work,
    loaded: &mut Loaded,
    kind: &str,
    changes: Vec<FieldChange>,
    reason: Option<String>,
) -> Result<(), ServiceError> {
    super::save(w, &mut loaded.ticket, Touch::Fields).await?;
    let ticket = &loaded.ticket;
    history::record(w, ticket.id, Record { kind, changes, reason, version: ticket.version, ..Record::default() })
        .await?;
    index(w, ticket).await?;
    let change = NewChange {
        kind: "ticket",
        what: "changed",
        object: ticket.id,
        version: ticket.version,
        audience: "public",
        author: None,
    };
    events::emit(w, ticket, change).await
}

/// Stores the description column after its images are known.
pub(crate) async fn store_description(w: &Work, ticket: &ticket::Model) -> Result<(), ServiceError> {
    let mut row = ticket.clone().into_active_model();
    row.description = Set(ticket.description.clone());
    row.update(&w.tx).await?;
    Ok(())
}

/// Writes the ticket's own words into the public index.
pub(crate) async fn index(w: &Work, ticket: &ticket::Model) -> Result<(), ServiceError> {
    let doc = Doc {
        ticket_id: ticket.id,
        entity_id: ticket.entity_id,
        kind: "ticket",
        entry_id: ticket.id,
        author: ticket.writer_id,
        private: false,
        at: ticket.opened_at,
        text: &search::ticket_text(ticket),
    };
    search::index(w, doc).await
}

async fn describe(
    w: &Work,
    ticket: &mut ticket::Model,
    body: Option<Rich>,
    attachments: Option<Vec<Uuid>>,
) -> Result<Vec<FieldChange>, ServiceError> {
    let files = match attachments {
        Some(wanted) => {
            documents::retain(w, ticket.id, &wanted).await?;
            let present: Vec<Uuid> =
                documents::of_entries(&w.tx, &[ticket.id]).await?.into_values().flatten().map(|d| d.id).collect();
            let new: Vec<Uuid> = wanted.iter().copied().filter(|id| !present.contains(id)).collect();
            documents::attach(w, ticket, "description", ticket.id, Visibility::Public, &new, "attachments").await?;
            wanted
        }
        None => documents::of_entries(&w.tx, &[ticket.id]).await?.into_values().flatten().map(|d| d.id).collect(),
    };
    let Some(body) = body else { return Ok(Vec::new()) };
    let html = sanitise::keep_images(&body.html, &files).as_str().to_owned();
    if html == ticket.description {
        return Ok(Vec::new());
    }
    let number = description_revision::Entity::find()
        .filter(description_revision::Column::TicketId.eq(ticket.id))
        .count(&w.tx)
        .await?;
    description_revision::ActiveModel {
        id: Set(row_id()),
        ticket_id: Set(ticket.id),
        number: Set(i32::try_from(number).unwrap_or(i32::MAX - 1) + 1),
        at: Set(ticket.description_edited_at.unwrap_or(ticket.created_at)),
        by_id: Set(ticket.writer_id),
        body: Set(std::mem::replace(&mut ticket.description, html)),
        body_text: Set(std::mem::replace(&mut ticket.description_text, body.text)),
    }
    .insert(&w.tx)
    .await?;
    ticket.description_edited_at = Some(w.now());
    Ok(vec![FieldChange { field: "description".into(), old: String::new(), new: String::new() }])
}

/// Former descriptions, oldest first, with the present one at the end; agents only.
///
/// # Errors
/// `NotFound` for everybody else.
pub async fn description_revisions(ctx: &Ctx, number: i64) -> Result<Vec<RevisionView>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = super::load_visible(&snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let ticket = &loaded.ticket;
    let mut rows = description_revision::Entity::find()
        .filter(description_revision::Column::TicketId.eq(ticket.id))
        .order_by_asc(description_revision::Column::Number)
        .all(&snapshot)
        .await?;
    rows.push(description_revision::Model {
        id: ticket.id,
        ticket_id: ticket.id,
        number: i32::try_from(rows.len()).unwrap_or(i32::MAX - 1) + 1,
        at: ticket.description_edited_at.unwrap_or(ticket.created_at),
        by_id: ticket.writer_id,
        body: ticket.description.clone(),
        body_text: ticket.description_text.clone(),
    });
    let names_ids = unique(rows.iter().filter_map(|r| r.by_id));
    let names = people::directory(&snapshot, &[], &names_ids).await?;
    let mut former = String::new();
    Ok(rows
        .into_iter()
        .map(|row| {
            let diff = sanitise::word_diff(&former, &row.body_text);
            former.clone_from(&row.body_text);
            RevisionView {
                revision: row.number,
                at: moment(row.at, ctx.actor.zone),
                by: people::author(&names, row.by_id, true),
                what: if row.number == 1 { "created" } else { "edited" }.to_owned(),
                body: sanitise::stored(row.body),
                visibility: Visibility::Public,
                occurred_at: moment(row.at, ctx.actor.zone),
                minutes: None,
                category: None,
                source: None,
                attachments: Vec::new(),
                diff,
            }
        })
        .collect())
}

fn checked_title(text: &str) -> Result<String, Code> {
    let title = sanitise::title(text);
    match title.chars().count() {
        0 => Err(Code::Required),
        n if n > TITLE_MAX => Err(Code::TooLong),
        _ => Ok(title),
    }
}

fn required_level(patch: &Patch<String>, field: &str, errors: &mut FieldErrors) -> Option<u8> {
    match patch {
        Patch::Keep => None,
        Patch::Clear => {
            errors.add(field, Code::Required);
            None
        }
        Patch::Set(text) => errors.check(field, level(text, 5)),
    }
}

async fn list_reference(
    w: &Work,
    list: &str,
    path: &[Uuid],
    field: &str,
    patch: &Patch<String>,
    errors: &mut FieldErrors,
) -> Result<Option<Option<(Uuid, String)>>, ServiceError> {
    match patch {
        Patch::Keep => Ok(None),
        Patch::Clear => Ok(Some(None)),
        Patch::Set(text) => {
            let found = lists::active_row(&w.tx, list, path, text).await?;
            Ok(errors.check(field, found).map(|row| Some((row.id, lists::name(&row, w.actor().lang)))))
        }
    }
}

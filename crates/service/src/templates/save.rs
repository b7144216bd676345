//! Making and changing templates: compiled before anything is stored, each change with its audit row (T-TPL-01, T-TPL-02, T-SET-05).

use std::collections::BTreeMap;

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::SaveTemplate;
use domain::lang::Lang;
use domain::policy::Capability;
use domain::template::{TemplateKind, text_field};
use domain::views::TemplateView;
use entity::{audit, template};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::fields::{self, ACTIVE, CATEGORY, Fields, GROUP, NAME, OF_TASKS, RECURSIVE, SOURCE, TYPE, USER, VISIBILITY};
use super::list::{self, seen};
use super::{kind_of, uses};
use crate::actor::Actor;
use crate::conflict;
use crate::ctx::{Ctx, new_id};
use crate::db::Engine;
use crate::error::ServiceError;
use crate::lists::{self, Purpose};
use crate::mail::{SHIPPED, language_of};
use crate::sql::Sql;
use crate::work::{Work, write};
use crate::{drafts, idempotency, settings, tasks};

/// Kind of the draft of a template that was refused or only shown.
pub(super) const DRAFT: &str = "template";
/// Kinds of audit rows.
const CREATED: &str = "template_created";
const CHANGED: &str = "template_changed";
pub(super) const REMOVED: &str = "template_removed";

/// A template to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTemplate {
    /// What it is for.
    pub kind: TemplateKind,
    /// Id of the entity it is kept in.
    pub entity: String,
    /// What it holds; what is not given is empty, but for the switches, which are on.
    pub fields: Fields,
    /// Idempotency key; empty = none.
    pub key: String,
}

/// A change of a template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// New values; what is not given stays.
    pub fields: Fields,
    /// Of a shipped one: back to the texts that came with the product.
    pub reset: bool,
    /// `fields` is a whole form: what is as it was when the form was made is no change.
    pub is_form: bool,
    /// Version the change was made from; absent = without comparison.
    pub version: Option<i32>,
    /// Version that must be the present one.
    pub if_match: Option<i32>,
}

/// Former and new value of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Pair {
    old: String,
    new: String,
}

/// What an audit row keeps besides who, when, and in which entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Recorded {
    version: i32,
    kind: String,
    name: String,
    changes: BTreeMap<String, Pair>,
}

/// Makes a template.
///
/// # Errors
/// `Invalid` with every wrong field, of texts with line, column and reason; `NotFound` without `admin.templates` anywhere.
pub async fn create(ctx: &Ctx, new: NewTemplate) -> Result<TemplateView, ServiceError> {
    let kind = new.kind;
    let id = make(ctx, new, String::new()).await?;
    list::get(ctx, kind, id).await
}

async fn make(ctx: &Ctx, mut new: NewTemplate, draft: String) -> Result<Uuid, ServiceError> {
    new.fields.entry(NAME).or_default();
    let read = fields::read(new.kind, &new.fields)?;
    let entity = chosen(&ctx.actor, &new.entity)?;
    let hash = idempotency::content_hash(&(new.kind, entity, &read));
    let (kind, key) = (new.kind, new.key);
    write(ctx, move |w| {
        let (read, hash, key, draft) = (read.clone(), hash.clone(), key.clone(), draft.clone());
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<Uuid>(w, "template", &key, &hash).await? {
                return Ok(done);
            }
            let id = insert(w, kind, entity, &read).await?;
            idempotency::answer(w, "template", &key, &id).await?;
            drafts::remove(w, DRAFT, &draft).await?;
            Ok(id)
        })
    })
    .await
}

/// The entity a new template is kept in.
fn chosen(actor: &Actor, text: &str) -> Result<Uuid, AppError> {
    let held = actor.entities_with(Capability::AdminTemplates);
    if held.is_empty() {
        return Err(AppError::NotFound);
    }
    if text.trim().is_empty() {
        return Err(AppError::field("entity", Code::Required));
    }
    let found = text.trim().parse::<Uuid>().ok().filter(|id| held.contains(id));
    found.ok_or_else(|| AppError::field("entity", Code::UnknownReference))
}

async fn insert(w: &Work, kind: TemplateKind, entity: Uuid, given: &Fields) -> Result<Uuid, ServiceError> {
    // Names are unique in an entity: nobody else makes or renames a template of it until this ends.
    settings::lock_entity(w, entity).await?;
    let mut row = template::Model {
        id: new_id(),
        kind: kind.as_str().to_owned(),
        entity_id: entity,
        recursive: true,
        active: true,
        purpose: None,
        name: String::new(),
        texts: "{}".to_owned(),
        category_id: None,
        source_id: None,
        visibility: None,
        sets: None,
        created_at: w.now(),
        updated_at: w.now(),
        version: 1,
    };
    let mut all = fields::of_row(&row);
    all.extend(given.clone());
    check(w, &row, &all, given).await?;
    fields::put(&mut row, &all)?;
    template::Entity::insert(template::ActiveModel::from(row.clone())).exec_without_returning(&w.tx).await?;
    let changes =
        given.iter().filter(|(_, new)| !new.is_empty()).map(|(field, new)| (*field, String::new(), new.clone()));
    record(w, &row, CREATED, changes).await?;
    Ok(row.id)
}

/// Changes a template.
///
/// # Errors
/// `Invalid` with every wrong field, of texts with line, column and reason; `NotFound`; `Forbidden(admin.templates)` for readers;
/// `Conflict` and `PreconditionFailed` by version; `Refused(InUse)` for one that a setting names and that would no longer count
/// there (T-SET-07).
pub async fn update(ctx: &Ctx, kind: TemplateKind, id: Uuid, change: Change) -> Result<TemplateView, ServiceError> {
    alter(ctx, kind, id, change).await?;
    list::get(ctx, kind, id).await
}

async fn alter(ctx: &Ctx, kind: TemplateKind, id: Uuid, change: Change) -> Result<(), ServiceError> {
    let read = fields::read(kind, &change.fields)?;
    write(ctx, move |w| {
        let (read, change) = (read.clone(), change.clone());
        Box::pin(async move {
            apply(w, kind, id, read, &change).await?;
            if change.is_form { drafts::remove(w, DRAFT, &id.to_string()).await } else { Ok(()) }
        })
    })
    .await
}

async fn apply(w: &Work, kind: TemplateKind, id: Uuid, read: Fields, change: &Change) -> Result<(), ServiceError> {
    let mut row = locked(w, id).await?;
    if kind_of(&row) != kind {
        return Err(AppError::NotFound.into());
    }
    if change.if_match.is_some_and(|wanted| wanted != row.version) {
        return Err(AppError::PreconditionFailed(row.version).into());
    }
    let present = fields::of_row(&row);
    let mut wanted = read;
    if change.reset {
        wanted.extend(shipped(&row)?);
    }
    wanted.retain(|field, value| present.get(field) != Some(&*value));
    let with = |wanted: &Fields| -> Fields {
        let mut all = present.clone();
        all.extend(wanted.clone());
        all
    };
    check(w, &row, &with(&wanted), &wanted).await?;
    if let Some(from) = change.version.filter(|from| *from < row.version) {
        settle(w, &row, &present, &mut wanted, from, change.is_form).await?;
    }
    if wanted.is_empty() {
        return Ok(());
    }
    require_free(w, &row, &wanted).await?;
    fields::put(&mut row, &with(&wanted))?;
    row.version += 1;
    row.updated_at = w.now();
    row.clone().into_active_model().reset_all().update(&w.tx).await?;
    let old = |field: &str| present.get(field).cloned().unwrap_or_default();
    let changes = wanted.iter().map(|(field, new)| (*field, old(field), new.clone()));
    record(w, &row, CHANGED, changes).await
}

/// The row of a template the caller may change, which nobody else changes until this ends.
pub(super) async fn locked(w: &Work, id: Uuid) -> Result<template::Model, ServiceError> {
    let row = seen(&w.tx, w.actor(), id).await?;
    if !w.actor().has(row.entity_id, Capability::AdminTemplates) {
        return Err(AppError::Forbidden(Capability::AdminTemplates.name().to_owned()).into());
    }
    settings::lock_entity(w, row.entity_id).await?;
    let mut select = template::Entity::find_by_id(id);
    if w.ctx.db().engine() == Engine::Postgres {
        select = select.lock_exclusive();
    }
    select.one(&w.tx).await?.ok_or_else(|| AppError::NotFound.into())
}

/// The texts that came with the product.
fn shipped(row: &template::Model) -> Result<Fields, AppError> {
    let found = SHIPPED.iter().find(|shipped| Some(shipped.purpose) == row.purpose.as_deref());
    let found = found.ok_or_else(|| AppError::field("texts", Code::NotAllowed))?;
    Ok(found.texts.iter().map(|(lang, text)| (text_field(*lang), crate::sanitise::lines(text))).collect())
}

/// What needs stored data (T-GEN-02, step 6): the name, what it refers to, and a text to fall back on.
async fn check(w: &Work, row: &template::Model, all: &Fields, changed: &Fields) -> Result<(), ServiceError> {
    let mut errors = FieldErrors::new();
    if let Some(name) = changed.get(NAME) {
        let twin = template::Entity::find()
            .filter(template::Column::Kind.eq(row.kind.clone()))
            .filter(template::Column::EntityId.eq(row.entity_id))
            .filter(template::Column::Name.eq(name.clone()))
            .filter(template::Column::Id.ne(row.id))
            .one(&w.tx)
            .await?;
        if twin.is_some() {
            errors.add(NAME, Code::DuplicateName);
        }
    }
    let path = w.actor().path_of(row.entity_id);
    let categories =
        if kind_of(row) == TemplateKind::Task { lists::TASK_CATEGORIES } else { lists::OCCURRENCE_CATEGORIES };
    for (field, list) in [(CATEGORY, categories), (SOURCE, lists::SOURCES), (TYPE, lists::SOLUTION_TYPES)] {
        if let Some(id) = changed.get(field).filter(|id| !id.is_empty()) {
            errors.check(field, lists::fitting_row(&w.tx, list, &path, id, Purpose::Occurrence).await?);
        }
    }
    if let Some(id) = changed.get(USER) {
        tasks::check_user(&w.tx, &path, id, &mut errors).await?;
    }
    if let Some(id) = changed.get(GROUP) {
        tasks::check_group(&w.tx, &path, id, &mut errors).await?;
    }
    let home = language_of(&w.tx, row.entity_id).await?;
    let has_text = |lang: Lang| all.get(text_field(lang)).is_some_and(|text| !text.is_empty());
    if !has_text(home) && !has_text(Lang::En) {
        errors.add(text_field(home), Code::Required);
    }
    Ok(errors.or(Some(()))?)
}

/// T-GEN-07: fields that this change and another one since `from` both set. Of a form, what was not touched in it stays as the
/// others left it.
async fn settle(
    w: &Work,
    row: &template::Model,
    present: &Fields,
    wanted: &mut Fields,
    from: i32,
    is_form: bool,
) -> Result<(), ServiceError> {
    let mut sql = Sql::new("SELECT * FROM audit WHERE entity_id = ");
    sql.bind(row.entity_id).push_bind(" AND kind = ", CHANGED).push_bind(" AND object = ", row.id.to_string());
    sql.push(" ORDER BY at DESC, id DESC LIMIT 500");
    let saved: Vec<audit::Model> = sql.all(&w.tx).await?;
    let since: Vec<(audit::Model, Recorded)> = saved
        .into_iter()
        .map(|saved| {
            let recorded: Recorded = serde_json::from_str(&saved.data).unwrap_or_default();
            (saved, recorded)
        })
        .filter(|(_, recorded)| recorded.version > from)
        .collect();
    let mut conflicts = Vec::new();
    let mut untouched: Vec<&'static str> = Vec::new();
    for (field, yours) in wanted.iter() {
        let mut of_field = since.iter().filter_map(|(saved, told)| Some((saved, told.changes.get(*field)?)));
        let Some((newest, change)) = of_field.next() else { continue };
        let base = of_field.next_back().map_or(&change.old, |(_, first)| &first.old);
        if is_form && base == yours {
            untouched.push(*field);
            continue;
        }
        let theirs = present.get(field).cloned().unwrap_or_default();
        let actor = settings::author(w, newest.user_id).await?;
        let difference = (*field, json!(yours), json!(theirs));
        conflicts.push(conflict::told(w, difference, newest.user_id, actor, newest.at).await?);
    }
    if !conflicts.is_empty() {
        return Err(AppError::Conflict { version: row.version, conflicts }.into());
    }
    wanted.retain(|field, _| !untouched.contains(field));
    Ok(())
}

/// What a setting names is neither switched off nor taken from the entities below that name it (T-SET-07).
async fn require_free(w: &Work, row: &template::Model, wanted: &Fields) -> Result<(), ServiceError> {
    let is_off = |field: &str| wanted.get(field).is_some_and(|value| value == "false");
    let (goes, narrows) = (is_off(ACTIVE), is_off(RECURSIVE));
    if !goes && !narrows {
        return Ok(());
    }
    let mut found = uses::of(&w.tx, row).await?;
    found.retain(|(_, entity)| goes || *entity != row.entity_id);
    if found.is_empty() { Ok(()) } else { Err(uses::in_use(w.actor(), &found)) }
}

/// Who, when, which template, former and new values (T-SET-05).
pub(super) async fn record(
    w: &Work,
    row: &template::Model,
    kind: &str,
    changes: impl Iterator<Item = (&'static str, String, String)>,
) -> Result<(), ServiceError> {
    let recorded = Recorded {
        version: row.version,
        kind: row.kind.clone(),
        name: row.name.clone(),
        changes: changes.map(|(field, old, new)| (field.to_owned(), Pair { old, new })).collect(),
    };
    crate::audit::record(w, kind, Some(row.entity_id), row.id.to_string(), &recorded).await
}

/// Saves what the page holds; what is refused, or only to be shown, is kept as a draft. Answers the id of what was saved, and
/// nothing for what is only shown.
///
/// # Errors
/// As [`create`] and [`update`].
pub async fn save_form(ctx: &Ctx, form: &SaveTemplate) -> Result<Option<Uuid>, ServiceError> {
    if ctx.actor.entities_with(Capability::AdminTemplates).is_empty() {
        return Err(AppError::NotFound.into());
    }
    let id = form.id.trim();
    let (id, kind) = if id.is_empty() {
        (None, TemplateKind::of_plural(&form.kind).ok_or(AppError::NotFound)?)
    } else {
        let id = id.parse::<Uuid>().map_err(|_not_an_id| AppError::NotFound)?;
        (Some(id), kind_of(&seen(ctx.db().reader(), &ctx.actor, id).await?))
    };
    let draft = draft_object(id, kind);
    if !form.reset {
        drafts::keep(ctx, DRAFT, &draft, &as_draft(form)?).await;
    }
    let fields = of_form(form, kind);
    if form.preview {
        fields::read(kind, &fields)?;
        return Ok(None);
    }
    let Some(id) = id else {
        let new = NewTemplate { kind, entity: form.entity.clone(), fields, key: String::new() };
        return make(ctx, new, draft).await.map(Some);
    };
    let version = (form.version > 0).then_some(form.version);
    let fields = if form.reset { Fields::new() } else { fields };
    alter(ctx, kind, id, Change { fields, reset: form.reset, is_form: true, version, if_match: None }).await?;
    Ok(Some(id))
}

/// What the draft of a template is about.
pub(super) fn draft_object(id: Option<Uuid>, kind: TemplateKind) -> String {
    id.map_or_else(|| format!("new-{}", kind.plural()), |id| id.to_string())
}

/// The form as a draft, with the version it was made from, which tells later whether others saved meanwhile.
fn as_draft(form: &SaveTemplate) -> Result<Value, ServiceError> {
    let mut kept = serde_json::to_value(form)?;
    if let Some(fields) = kept.as_object_mut() {
        fields.insert("version".to_owned(), json!(form.version.to_string()));
        fields.remove("preview");
    }
    Ok(kept)
}

/// The fields of a form.
fn of_form(form: &SaveTemplate, kind: TemplateKind) -> Fields {
    let mut out = Fields::from([
        (NAME, form.name.clone()),
        (RECURSIVE, form.recursive.to_string()),
        (ACTIVE, form.active.to_string()),
    ]);
    for lang in Lang::ALL {
        out.insert(text_field(lang), form.text(lang).to_owned());
    }
    if matches!(kind, TemplateKind::Reply | TemplateKind::Task) {
        out.extend([(CATEGORY, form.category.clone()), (VISIBILITY, form.visibility.clone())]);
    }
    if kind == TemplateKind::Reply {
        out.insert(SOURCE, form.source.clone());
    }
    if kind == TemplateKind::Task {
        let given = [&form.state, &form.estimated_minutes, &form.user, &form.group, &form.reminder_minutes];
        out.extend(OF_TASKS.into_iter().zip(given.map(String::clone)));
    }
    if kind == TemplateKind::Solution {
        out.insert(TYPE, form.category.clone());
    }
    out
}

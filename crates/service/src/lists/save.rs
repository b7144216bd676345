//! Making and changing rows (T-SET-09..11): everything of one call or nothing, each change with its trace.

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{ListRowPatch, MoveListRow, SaveListRow};
use domain::lang::Lang;
use domain::lists::List;
use domain::pending::Rule;
use domain::policy::Capability;
use entity::list_row;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::admin;
use super::fields::{Place, all_of};
use super::trace::{self, Since};
use super::used;
use super::values::Values;
use crate::actor::Actor;
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::work::{Work, write};
use crate::{calendars, idempotency, pending, settings};

/// Name of the command for idempotency keys.
const CREATE: &str = "create_list_row";

/// What a change was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Basis {
    /// Version the caller has read: what was changed since to another value is refused; absent = without comparison.
    pub version: Option<i32>,
    /// Version that must be the present one.
    pub if_match: Option<i32>,
}

/// Makes a row in an entity and answers its id.
///
/// # Errors
/// `Invalid` with every wrong field: `unknown_reference` on `entity` for one in which the caller holds nothing, `duplicate_name`
/// on `names.<language>`; `Forbidden` without `admin.templates` there.
pub async fn create(ctx: &Ctx, list: List, entity: &str, patch: ListRowPatch, key: &str) -> Result<Uuid, ServiceError> {
    let entity = entity_of(&ctx.actor, entity)?;
    let (key, hash) = (key.to_owned(), idempotency::content_hash(&(list, entity, &patch)));
    write(ctx, move |w| {
        let (patch, key, hash) = (patch.clone(), key.clone(), hash.clone());
        Box::pin(async move {
            if let Some(done) = idempotency::claim::<Uuid>(w, CREATE, &key, &hash).await? {
                return Ok(done);
            }
            let id = insert(w, list, entity, &patch).await?;
            idempotency::answer(w, CREATE, &key, &id).await?;
            Ok(id)
        })
    })
    .await
}

/// Changes a row.
///
/// # Errors
/// `NotFound` for a row out of sight, `Forbidden` without `admin.templates` in its entity; `Invalid` with every wrong field;
/// `Refused(InUse)` with what holds on to it where it is to be deactivated, or to leave the sub-entities that use it
/// (T-SET-07); `Conflict` and `PreconditionFailed` by version.
pub async fn update(ctx: &Ctx, list: List, id: Uuid, patch: ListRowPatch, basis: Basis) -> Result<(), ServiceError> {
    write(ctx, move |w| {
        let patch = patch.clone();
        Box::pin(async move { change(w, list, id, &patch, basis).await })
    })
    .await
}

/// Saves the form of the page and answers the id of its row.
///
/// # Errors
/// As [`create`] and [`update`].
pub async fn save_form(ctx: &Ctx, form: &SaveListRow) -> Result<Uuid, ServiceError> {
    let list = List::read(&form.list).ok_or(AppError::NotFound)?;
    let patch = form.patch(list);
    if form.id.is_empty() {
        return create(ctx, list, &form.entity, patch, "").await;
    }
    let id = form.id.parse::<Uuid>().map_err(|_not_an_id| AppError::NotFound)?;
    let basis = Basis { version: (form.version > 0).then_some(form.version), if_match: None };
    update(ctx, list, id, patch, basis).await?;
    Ok(id)
}

/// Moves a row before or behind its neighbour: the next of the same entity under the same parent. Where there is none,
/// nothing happens. Answers the entity of the row.
///
/// # Errors
/// `NotFound` for a row out of sight, `Forbidden` without `admin.templates` in its entity.
pub async fn shift(ctx: &Ctx, form: &MoveListRow) -> Result<Uuid, ServiceError> {
    let list = List::read(&form.list).ok_or(AppError::NotFound)?;
    let id = form.id.parse::<Uuid>().map_err(|_not_an_id| AppError::NotFound)?;
    let up = form.up;
    write(ctx, move |w| {
        Box::pin(async move {
            let (row, home) = lock(w, list, id).await?;
            let all = all_of(&w.tx, list).await?;
            let is_neighbour =
                |other: &&list_row::Model| other.entity_id == row.entity_id && other.parent_id == row.parent_id;
            let mut order: Vec<&list_row::Model> = all.iter().filter(is_neighbour).collect();
            let positions: Vec<i32> = order.iter().map(|row| row.position).collect();
            let Some(at) = order.iter().position(|other| other.id == id) else { return Ok(row.entity_id) };
            let next = if up { at.checked_sub(1) } else { Some(at + 1).filter(|next| *next < order.len()) };
            let Some(next) = next else { return Ok(row.entity_id) };
            order.swap(at, next);
            let mut least = 0;
            for (row, position) in order.into_iter().zip(positions) {
                // Rows that shared a position get each its own.
                let position = position.max(least);
                least = position.saturating_add(1);
                if row.position != position {
                    store(w, (list, home), row, &Values { position, ..Values::of(row) }).await?;
                }
            }
            Ok(row.entity_id)
        })
    })
    .await
}

/// The entity of a new row.
fn entity_of(actor: &Actor, text: &str) -> Result<Uuid, AppError> {
    if text.trim().is_empty() {
        return Err(AppError::field("entity", Code::Required));
    }
    let found = text.trim().parse::<Uuid>().ok().filter(|id| actor.entities().contains(id));
    let entity = found.ok_or_else(|| AppError::field("entity", Code::UnknownReference))?;
    require(actor, entity)?;
    Ok(entity)
}

/// Lists are edited with `admin.templates` (T-SET-02).
fn require(actor: &Actor, entity: Uuid) -> Result<(), AppError> {
    if actor.has(entity, Capability::AdminTemplates) {
        Ok(())
    } else {
        Err(AppError::Forbidden(Capability::AdminTemplates.name().to_owned()))
    }
}

/// A row that the caller may change, with the language of its entity. Nobody else changes lists of that entity until this ends.
pub(super) async fn lock(w: &Work, list: List, id: Uuid) -> Result<(list_row::Model, Lang), ServiceError> {
    let seen = find(w, list, id).await?;
    admin::place_of(w.actor(), &seen).ok_or(AppError::NotFound)?;
    require(w.actor(), seen.entity_id)?;
    let entity = settings::lock_entity(w, seen.entity_id).await?;
    // It may have changed while the lock was waited for.
    Ok((find(w, list, id).await?, entity.language.parse().unwrap_or_default()))
}

async fn find(w: &Work, list: List, id: Uuid) -> Result<list_row::Model, ServiceError> {
    let row = list_row::Entity::find_by_id(id).one(&w.tx).await?;
    row.filter(|row| row.list == list.as_str()).ok_or_else(|| AppError::NotFound.into())
}

async fn insert(w: &Work, list: List, entity: Uuid, patch: &ListRowPatch) -> Result<Uuid, ServiceError> {
    let home: Lang = settings::lock_entity(w, entity).await?.language.parse().unwrap_or_default();
    let path = w.actor().path_of(entity);
    let all = all_of(&w.tx, list).await?;
    let mut errors = FieldErrors::new();
    let mut values = Values::initial(list).patched(patch, &mut errors);
    if patch.position.is_none() {
        let last = all.iter().filter(|row| row.entity_id == entity).map(|row| row.position).max();
        values.position = last.map_or(1, |last| last.saturating_add(1));
    }
    let place = Place { list, path: &path, home, all: &all, stored: None };
    place.check(&w.tx, &values, &mut errors).await?;
    errors.or(Some(()))?;
    let mut row = list_row::Model {
        id: new_id(),
        list: list.as_str().to_owned(),
        entity_id: entity,
        recursive: false,
        parent_id: None,
        code: None,
        names: String::new(),
        labels: None,
        active: false,
        position: 0,
        for_tickets: false,
        for_occurrences: false,
        for_incident: false,
        for_request: false,
        portal: false,
        group_id: None,
        rule: None,
        version: 1,
        hours: None,
    };
    values.write(&mut row, home)?;
    let id = row.id;
    list_row::Entity::insert(list_row::ActiveModel::from(row)).exec_without_returning(&w.tx).await?;
    trace::record(w, entity, id, &trace::changed(list, 1, None, Some(values.clone()))).await?;
    be_only_default(w, (list, home), &all, (entity, id), &values).await?;
    Ok(id)
}

/// One reason of an entity is chosen at first (T-PEN-01): the one that becomes it takes the place of another.
async fn be_only_default(
    w: &Work,
    of: (List, Lang),
    all: &[list_row::Model],
    (entity, id): (Uuid, Uuid),
    values: &Values,
) -> Result<(), ServiceError> {
    if !values.rule.is_default {
        return Ok(());
    }
    for other in all.iter().filter(|other| other.entity_id == entity && other.id != id) {
        let before = Values::of(other);
        if before.rule.is_default {
            let rule = Rule { is_default: false, ..before.rule.clone() };
            store(w, of, other, &Values { rule, ..before }).await?;
        }
    }
    Ok(())
}

async fn change(w: &Work, list: List, id: Uuid, patch: &ListRowPatch, basis: Basis) -> Result<(), ServiceError> {
    let (row, home) = lock(w, list, id).await?;
    if basis.if_match.is_some_and(|wanted| wanted != row.version) {
        return Err(AppError::PreconditionFailed(row.version).into());
    }
    let stored = Values::of(&row);
    let since = match basis.version.filter(|from| *from < row.version) {
        Some(from) => Some((from, Since::load(w, &row, from).await?)),
        None => None,
    };
    let base = match &since {
        // What nobody knows any more cannot be compared.
        Some((from, since)) => {
            since.base(*from).ok_or_else(|| AppError::Conflict { version: row.version, conflicts: Vec::new() })?
        }
        None => stored.clone(),
    };
    let mut errors = FieldErrors::new();
    let yours = base.patched(patch, &mut errors);
    let values = stored.merged(&base, &yours);
    let (path, all) = (w.actor().path_of(row.entity_id), all_of(&w.tx, list).await?);
    let place = Place { list, path: &path, home, all: &all, stored: Some(&row) };
    place.check(&w.tx, &values, &mut errors).await?;
    errors.or(Some(()))?;
    if let Some((_from, since)) = &since {
        since.refuse(w, &row, &base, &yours).await?;
    }
    if values == stored {
        return Ok(());
    }
    refuse_use(w, &row, &all, &values).await?;
    store(w, (list, home), &row, &values).await?;
    be_only_default(w, (list, home), &all, (row.entity_id, id), &values).await?;
    if values.rule != stored.rule {
        pending::look_again(w, id).await?;
    }
    if (&values.week, &values.holidays) != (&stored.week, &stored.holidays) {
        calendars::changed(w, &row).await?;
    }
    Ok(())
}

/// T-SET-07: what a setting names stays to be chosen, and stays where it is named.
async fn refuse_use(
    w: &Work,
    row: &list_row::Model,
    all: &[list_row::Model],
    values: &Values,
) -> Result<(), ServiceError> {
    let is_put_away = row.active && !values.active;
    let is_narrowed = row.recursive && !values.recursive;
    if !is_put_away && !is_narrowed {
        return Ok(());
    }
    let mut found =
        used::by_settings(&w.tx, w.actor(), row.id, |entity| is_put_away || entity != row.entity_id).await?;
    // Rows below it that sub-entities see would hang in the air there.
    found.rows = is_narrowed
        && all
            .iter()
            .any(|other| other.parent_id == Some(row.id) && (other.recursive || other.entity_id != row.entity_id));
    if found.is_used() { Err(used::in_use(&found)) } else { Ok(()) }
}

async fn store(
    w: &Work,
    (list, home): (List, Lang),
    before: &list_row::Model,
    values: &Values,
) -> Result<(), ServiceError> {
    let mut row = before.clone();
    values.write(&mut row, home)?;
    row.version += 1;
    let (id, entity, version) = (row.id, row.entity_id, row.version);
    row.into_active_model().reset_all().update(&w.tx).await?;
    let changed = trace::changed(list, version, Some(Values::of(before)), Some(values.clone()));
    trace::record(w, entity, id, &changed).await
}

/// The entity has another language from now on: what its rows lack falls back to that one (T-SET-09). Nothing that can be
/// edited of them changes.
pub(crate) async fn follow_language(w: &Work, entity: Uuid, home: Lang) -> Result<(), ServiceError> {
    let rows = list_row::Entity::find().filter(list_row::Column::EntityId.eq(entity)).all(&w.tx).await?;
    for before in rows {
        let mut row = before.clone();
        Values::of(&before).write(&mut row, home)?;
        if row != before {
            row.into_active_model().reset_all().update(&w.tx).await?;
        }
    }
    Ok(())
}

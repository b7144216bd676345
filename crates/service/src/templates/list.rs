//! Templates for their readers: who holds `admin.templates` reads all that reach his entities, agents the active ones that begin
//! an entry.

use std::collections::{BTreeMap, BTreeSet};

use domain::error::AppError;
use domain::lang::Lang;
use domain::policy::Capability;
use domain::template::TemplateKind;
use domain::views::{Ref, TemplateRow, TemplateView};
use entity::template;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{compiles, fields, kind_of, texts};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::lists;
use crate::moments::moment;
use crate::sql::unique;

/// Entities whose templates somebody reads, each with its ancestors.
#[derive(Debug)]
pub(super) struct Sight {
    /// Where he holds `admin.templates`.
    managed: Vec<Vec<Uuid>>,
    /// Where he is an agent.
    served: Vec<Vec<Uuid>>,
}

impl Sight {
    /// What somebody sees.
    pub(super) fn of(actor: &Actor) -> Self {
        let paths = |entities: Vec<Uuid>| entities.into_iter().map(|entity| actor.path_of(entity)).collect();
        Self { managed: paths(actor.entities_with(Capability::AdminTemplates)), served: paths(actor.agent_entities()) }
    }

    /// Whether he administers any.
    pub(super) const fn is_manager(&self) -> bool {
        !self.managed.is_empty()
    }

    /// Whether a template counts in an entity he administers.
    pub(super) fn manages(&self, row: &template::Model) -> bool {
        self.managed.iter().any(|path| lists::reaches(row.entity_id, row.recursive, path))
    }

    /// Whether he may read it.
    fn sees(&self, row: &template::Model) -> bool {
        let is_offered = row.active && kind_of(row).begins_entries();
        let serves = || self.served.iter().any(|path| lists::reaches(row.entity_id, row.recursive, path));
        self.manages(row) || (is_offered && serves())
    }

    /// Every entity whose templates may reach him.
    fn entities(&self) -> BTreeSet<Uuid> {
        self.managed.iter().chain(&self.served).flatten().copied().collect()
    }

    /// Whether an entity is one of those he looks from.
    fn has(&self, entity: Uuid) -> bool {
        self.managed.iter().chain(&self.served).any(|path| path.first() == Some(&entity))
    }
}

/// The templates of a kind the caller may read, by name; with an entity only those that count there.
///
/// # Errors
/// `NotFound` for those who may read none of that kind, or ask for an entity that is none of theirs.
pub async fn list(ctx: &Ctx, kind: TemplateKind, entity: Option<Uuid>) -> Result<Vec<TemplateView>, ServiceError> {
    let sight = Sight::of(&ctx.actor);
    let reads = sight.is_manager() || (kind.begins_entries() && !sight.served.is_empty());
    if !reads || entity.is_some_and(|entity| !sight.has(entity)) {
        return Err(AppError::NotFound.into());
    }
    let snapshot = ctx.db().snapshot().await?;
    let rows = template::Entity::find()
        .filter(template::Column::Kind.eq(kind.as_str()))
        .filter(template::Column::EntityId.is_in(sight.entities()))
        .order_by_asc(template::Column::Name)
        .order_by_asc(template::Column::Id)
        .all(&snapshot)
        .await?;
    let path = entity.map(|entity| ctx.actor.path_of(entity));
    let counts =
        |row: &template::Model| path.as_deref().is_none_or(|path| lists::reaches(row.entity_id, row.recursive, path));
    let rows: Vec<template::Model> = rows.into_iter().filter(|row| sight.sees(row) && counts(row)).collect();
    views(ctx, &snapshot, &rows).await
}

/// The templates of a kind that count where the caller administers them, for the page.
///
/// # Errors
/// `NotFound` for those who administer none (T-SET-02).
pub async fn managed(ctx: &Ctx, kind: TemplateKind) -> Result<Vec<TemplateRow>, ServiceError> {
    if !Sight::of(&ctx.actor).is_manager() {
        return Err(AppError::NotFound.into());
    }
    Ok(list(ctx, kind, None).await?.into_iter().map(|view| view.row).collect())
}

/// One template.
///
/// # Errors
/// `NotFound` for unknown ones, those of another kind, and those the caller may not read.
pub async fn get(ctx: &Ctx, kind: TemplateKind, id: Uuid) -> Result<TemplateView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let row = seen(&snapshot, &ctx.actor, id).await?;
    if kind_of(&row) != kind {
        return Err(AppError::NotFound.into());
    }
    let found = views(ctx, &snapshot, std::slice::from_ref(&row)).await?;
    found.into_iter().next().ok_or_else(|| AppError::NotFound.into())
}

/// The row of a template the reader may see.
pub(super) async fn seen(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    id: Uuid,
) -> Result<template::Model, ServiceError> {
    let row = template::Entity::find_by_id(id).one(connection).await?;
    row.filter(|row| Sight::of(actor).sees(row)).ok_or_else(|| AppError::NotFound.into())
}

/// Rows as their reader sees them, with the names of what they set: one query.
pub(super) async fn views(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    rows: &[template::Model],
) -> Result<Vec<TemplateView>, ServiceError> {
    let ids = unique(rows.iter().flat_map(|row| [row.category_id, row.source_id]).flatten());
    let refs = lists::refs(connection, &ids, ctx.actor.lang).await?;
    Ok(rows.iter().map(|row| view(&ctx.actor, row, &refs)).collect())
}

fn view(actor: &Actor, row: &template::Model, refs: &BTreeMap<Uuid, Ref>) -> TemplateView {
    let stored = texts(row);
    let texts: BTreeMap<Lang, String> = Lang::ALL
        .into_iter()
        .filter_map(|lang| Some((lang, stored.get(lang.code()).filter(|text| !text.trim().is_empty())?.clone())))
        .collect();
    let named = |id: Option<Uuid>| id.and_then(|id| refs.get(&id)).cloned();
    let row = TemplateRow {
        id: row.id,
        kind: kind_of(row),
        name: row.name.clone(),
        entity: Ref { id: row.entity_id, name: actor.entity_name(row.entity_id) },
        recursive: row.recursive,
        active: row.active,
        shipped: row.purpose.is_some(),
        broken: !compiles(row),
        editable: actor.has(row.entity_id, Capability::AdminTemplates),
        languages: texts.keys().copied().collect(),
        category: named(row.category_id),
        source: named(row.source_id),
        visibility: row.visibility.as_deref().and_then(|word| word.parse().ok()),
        sets: fields::sets_of(row),
        updated_at: moment(row.updated_at, actor.zone),
        version: row.version,
    };
    TemplateView { row, texts }
}

//! Lists as they are read by those who edit them, and by the API.

use std::collections::{BTreeMap, BTreeSet};

use domain::error::AppError;
use domain::lang::Lang;
use domain::lists::{List, stays_active};
use domain::policy::Capability;
use domain::template::TemplateKind;
use domain::views::{Choice, ListPageView, ListRowPageView, ListRowView, Ref, RuleTemplates};
use entity::{app_group, entity as tenant, list_row, template};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use uuid::Uuid;

use super::fields::all_of;
use super::values::Values;
use super::{calendar, label, name, reaches, rows, used};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{pending, people, templates};

/// The rows of a list that the caller may read in an entity, in order, branches after their roots: agents all of them, others
/// those shown in the portal.
///
/// # Errors
/// `NotFound` for an entity in which the caller holds nothing.
pub async fn visible(ctx: &Ctx, list: List, entity: Uuid) -> Result<Vec<ListRowView>, ServiceError> {
    let hidden = list.read_with().is_some_and(|capability| {
        !ctx.actor.has(entity, capability) && !ctx.actor.has(entity, Capability::AdminTemplates)
    });
    if hidden || !ctx.actor.entities().contains(&entity) {
        return Err(AppError::NotFound.into());
    }
    let snapshot = ctx.db().snapshot().await?;
    let found = rows(&snapshot, list.as_str(), &ctx.actor.path_of(entity)).await?;
    let agent = ctx.actor.is_agent_in(entity);
    let seen = found.into_iter().filter(|row| agent || is_public(row)).collect();
    views(&snapshot, &ctx.actor, list, seen, agent).await
}

/// One row, and whether the caller reads it as an agent.
///
/// # Errors
/// `NotFound` for a row out of the caller's sight.
pub async fn get(ctx: &Ctx, list: List, id: Uuid) -> Result<(ListRowView, bool), ServiceError> {
    let row = find(ctx.db().reader(), list, id).await?;
    let entity = place_of(&ctx.actor, &row).ok_or(AppError::NotFound)?;
    let found = visible(ctx, list, entity).await?.into_iter().find(|row| row.id == id);
    Ok((found.ok_or(AppError::NotFound)?, ctx.actor.is_agent_in(entity)))
}

/// A list with what its page needs; without an entity, that of the topmost in which the caller may edit lists.
///
/// # Errors
/// `NotFound` where the caller does not hold `admin.templates` (T-SET-02), and for a list that does not exist.
pub async fn page(ctx: &Ctx, list: &str, entity: &str) -> Result<ListPageView, ServiceError> {
    let list = List::read(list).ok_or(AppError::NotFound)?;
    let actor = &ctx.actor;
    let entity = chosen(actor, entity)?;
    let path = actor.path_of(entity);
    let snapshot = ctx.db().snapshot().await?;
    let found = rows(&snapshot, list.as_str(), &path).await?;
    let parents = parents(list, &found, None, actor.lang);
    let groups = groups(&snapshot, list, &path, None).await?;
    let templates = rule_templates(&snapshot, list, &path).await?;
    let home = home_of(&snapshot, entity).await?;
    let rows = views(&snapshot, actor, list, found, true).await?;
    Ok(ListPageView {
        list,
        entity: Ref { id: entity, name: actor.entity_name(entity) },
        home,
        rows,
        parents,
        groups,
        templates,
        entities: people::entity_choices(actor, &actor.entities_with(Capability::AdminTemplates)),
    })
}

/// One row with what its page needs.
///
/// # Errors
/// `NotFound` where the caller does not hold `admin.templates` in the entity of the row, and for one that does not exist.
pub async fn row_page(ctx: &Ctx, list: &str, id: &str) -> Result<ListRowPageView, ServiceError> {
    let list = List::read(list).ok_or(AppError::NotFound)?;
    let id = id.parse::<Uuid>().map_err(|_not_an_id| AppError::NotFound)?;
    let actor = &ctx.actor;
    let snapshot = ctx.db().snapshot().await?;
    let row = find(&snapshot, list, id).await?;
    if !actor.has(row.entity_id, Capability::AdminTemplates) {
        return Err(AppError::NotFound.into());
    }
    let path = actor.path_of(row.entity_id);
    let found = rows(&snapshot, list.as_str(), &path).await?;
    let all = all_of(&snapshot, list).await?;
    let used = used::at_a_glance(&snapshot, actor, list, &row, &all).await?;
    let parents = parents(list, &found, Some(&row), actor.lang);
    let groups = groups(&snapshot, list, &path, row.group_id).await?;
    let templates = rule_templates(&snapshot, list, &path).await?;
    let home = home_of(&snapshot, row.entity_id).await?;
    let view = views(&snapshot, actor, list, found, true).await?.into_iter().find(|view| view.id == id);
    Ok(ListRowPageView {
        list,
        row: view.ok_or(AppError::NotFound)?,
        home,
        parents,
        groups,
        templates,
        is_fixed: stays_active(list, row.code.as_deref()),
        used,
    })
}

/// An entity in which somebody sees a row, one in which he is an agent before others; none = it is out of his sight.
pub(super) fn place_of(actor: &Actor, row: &list_row::Model) -> Option<Uuid> {
    let is_reached = |entity: &Uuid| reaches(row.entity_id, row.recursive, &actor.path_of(*entity));
    let as_agent = actor.agent_entities().into_iter().find(is_reached);
    as_agent.or_else(|| actor.entities().into_iter().find(is_reached).filter(|_| is_public(row)))
}

/// Whether the requester side may read a row.
const fn is_public(row: &list_row::Model) -> bool {
    row.portal && row.active
}

/// The entity that is asked for, if the caller may edit its lists.
fn chosen(actor: &Actor, text: &str) -> Result<Uuid, AppError> {
    let held = actor.entities_with(Capability::AdminTemplates);
    let found = if text.is_empty() {
        held.into_iter().min_by_key(|id| (actor.path_of(*id).len(), actor.entity_name(*id)))
    } else {
        text.parse::<Uuid>().ok().filter(|id| held.contains(id))
    };
    found.ok_or(AppError::NotFound)
}

async fn find(connection: &impl ConnectionTrait, list: List, id: Uuid) -> Result<list_row::Model, ServiceError> {
    let row = list_row::Entity::find_by_id(id).one(connection).await?;
    row.filter(|row| row.list == list.as_str()).ok_or_else(|| AppError::NotFound.into())
}

async fn home_of(connection: &impl ConnectionTrait, entity: Uuid) -> Result<Lang, ServiceError> {
    let row = tenant::Entity::find_by_id(entity).one(connection).await?.ok_or(AppError::NotFound)?;
    Ok(row.language.parse().unwrap_or_default())
}

/// Rows in the order of their branches, each with its level. One whose parent is not among them begins a branch.
fn in_branches(rows: Vec<list_row::Model>) -> Vec<(list_row::Model, u8)> {
    let known: BTreeSet<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut open: Vec<(list_row::Model, u8)> = Vec::new();
    let mut below: BTreeMap<Uuid, Vec<list_row::Model>> = BTreeMap::new();
    for row in rows {
        match row.parent_id.filter(|parent| known.contains(parent)) {
            Some(parent) => below.entry(parent).or_default().push(row),
            None => open.push((row, 0)),
        }
    }
    open.reverse();
    let mut out = Vec::new();
    while let Some((row, depth)) = open.pop() {
        let next = below.remove(&row.id).unwrap_or_default();
        open.extend(next.into_iter().rev().map(|row| (row, depth.saturating_add(1))));
        out.push((row, depth));
    }
    // What somebody tied into a circle behind our back is shown all the same.
    out.extend(below.into_values().flatten().map(|row| (row, 0)));
    out
}

/// Rows as they are shown; who answers for a category is for agents only.
async fn views(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    list: List,
    rows: Vec<list_row::Model>,
    agent: bool,
) -> Result<Vec<ListRowView>, ServiceError> {
    let groups: Vec<Uuid> = rows.iter().filter_map(|row| row.group_id).filter(|_| agent).collect();
    let directory = people::actor_views(connection, &[], &groups).await?;
    let named: Vec<template::Model> = if agent && list.has_rule() {
        let rules = rows.iter().map(pending::rule_of);
        let ids: Vec<Uuid> =
            rules.flat_map(|rule| [rule.reminder_template, rule.solution_template]).flatten().collect();
        templates::by_ids(connection, &ids).await?
    } else {
        Vec::new()
    };
    let rows = in_branches(rows);
    let names: BTreeMap<Uuid, String> = rows.iter().map(|(row, _)| (row.id, name(row, actor.lang))).collect();
    let reference = |id: Uuid| names.get(&id).map(|name| Ref { id, name: name.clone() });
    let view = |(row, depth): &(list_row::Model, u8)| {
        let values = Values::of(row);
        let rule = if agent { values.rule } else { domain::pending::Rule::default() };
        let path = actor.path_of(row.entity_id);
        let is_usable = |id: Uuid| named.iter().any(|one| one.id == id && templates::is_usable(one, &path));
        let faults = rule.faults(is_usable);
        let is_named =
            |one: &&template::Model| rule.reminder_template == Some(one.id) || rule.solution_template == Some(one.id);
        ListRowView {
            id: row.id,
            entity: Ref { id: row.entity_id, name: actor.entity_name(row.entity_id) },
            name: name(row, actor.lang),
            names: values.names,
            label: if list.has_labels() { label(row, actor.lang) } else { String::new() },
            labels: values.labels,
            parent: row.parent_id.and_then(&reference),
            depth: *depth,
            code: row.code.clone(),
            recursive: row.recursive,
            active: row.active,
            position: row.position,
            for_tickets: row.for_tickets,
            for_occurrences: row.for_occurrences,
            for_incident: row.for_incident,
            for_request: row.for_request,
            portal: row.portal,
            group: row.group_id.filter(|_| agent).map(|id| Ref { id, name: directory.group(id).name }),
            calendar: calendar(row),
            rule_templates: named
                .iter()
                .filter(is_named)
                .map(|one| Ref { id: one.id, name: one.name.clone() })
                .collect(),
            faults,
            rule,
            version: row.version,
            may_edit: actor.has(row.entity_id, Capability::AdminTemplates),
        }
    };
    Ok(rows.iter().map(view).collect())
}

/// Rows another may stand below: active ones, and the one it stands below now; never itself nor what stands below it.
fn parents(list: List, rows: &[list_row::Model], of: Option<&list_row::Model>, lang: Lang) -> Vec<Choice> {
    if !list.is_tree() {
        return Vec::new();
    }
    let present = of.and_then(|row| row.parent_id);
    let mut below: BTreeSet<Uuid> = of.iter().map(|row| row.id).collect();
    let mut out = Vec::new();
    for (row, depth) in in_branches(rows.to_vec()) {
        if row.parent_id.is_some_and(|parent| below.contains(&parent)) {
            below.insert(row.id);
        }
        if !below.contains(&row.id) && (row.active || present == Some(row.id)) {
            out.push(Choice { value: row.id.to_string(), name: name(&row, lang), depth });
        }
    }
    out
}

/// Templates the rules of a list may name.
async fn rule_templates(
    connection: &impl ConnectionTrait,
    list: List,
    path: &[Uuid],
) -> Result<RuleTemplates, ServiceError> {
    if !list.has_rule() {
        return Ok(RuleTemplates::default());
    }
    Ok(RuleTemplates {
        replies: templates::choices(connection, path).await?,
        solutions: templates::choices_of(connection, TemplateKind::Solution, path).await?,
    })
}

/// Groups a row may name, and the one it names now.
async fn groups(
    connection: &impl ConnectionTrait,
    list: List,
    path: &[Uuid],
    present: Option<Uuid>,
) -> Result<Vec<Choice>, ServiceError> {
    if !list.has_group() {
        return Ok(Vec::new());
    }
    let rows = app_group::Entity::find()
        .order_by_asc(app_group::Column::Name)
        .order_by_asc(app_group::Column::Id)
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter(|row| people::group_reaches(row, path) || Some(row.id) == present)
        .map(|row| Choice { value: row.id.to_string(), name: row.name, depth: 0 })
        .collect())
}

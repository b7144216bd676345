//! Texts the system writes by itself: a template with the values of a ticket, in the language of its first requester.

use domain::lang::Lang;
use domain::occurrence::BodyFormat;
use domain::template::TemplateKind;
use domain::views::Ref;
use entity::template;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::preview::{by_actor, ticket_link};
use super::reply::first_requester;
use super::{Facts, check, fits, kind_of, text, texts};
use crate::error::ServiceError;
use crate::mail::template::{Values, render};
use crate::mail::{language_of, own_zone};
use crate::sanitise;
use crate::tickets::Loaded;
use crate::work::Work;

/// A text ready to be stored.
#[derive(Clone, Debug)]
pub(crate) struct Automatic {
    /// Cleaned markup.
    pub(crate) html: String,
    /// The same without markup.
    pub(crate) text: String,
    /// The template it was made from.
    pub(crate) template: Ref,
}

/// The text of a template of a kind (reply, solution) for a ticket; `None` where it is missing, of another kind, inactive,
/// does not count in the entity of the ticket, does not compile or prints nothing.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn automatic(
    w: &Work,
    loaded: &Loaded,
    kind: TemplateKind,
    template: Option<Uuid>,
) -> Result<Option<Automatic>, ServiceError> {
    let entity = loaded.ticket.entity_id;
    let path = w.actor().path_of(entity);
    let Some(row) = usable(&w.tx, kind, &path, template).await? else { return Ok(None) };
    let home = language_of(&w.tx, entity).await?;
    let reader = first_requester(&w.tx, &loaded.actors).await?;
    let lang: Lang = reader.as_ref().and_then(|user| user.language.parse().ok()).unwrap_or(home);
    let zone = reader.as_ref().and_then(|user| own_zone(&user.time_zone));
    let Some(source) = text(&row, lang, home) else { return Ok(None) };
    let facts = Facts::load(&w.ctx, &w.tx, &loaded.ticket, &loaded.actors).await?;
    let mut values = Values::new(lang, zone.unwrap_or_else(|| w.actor().entity_zone(entity)));
    facts.put(&mut values, lang, &ticket_link(&w.ctx, loaded.ticket.number));
    by_actor(&w.ctx, &mut values);
    let Ok(made) = render(&source, &values) else { return Ok(None) };
    let rich = sanitise::rich(&made.html, BodyFormat::Html);
    if rich.is_empty() {
        return Ok(None);
    }
    let template = Ref { id: row.id, name: row.name };
    // Pictures of a template belong to no entry.
    let html = sanitise::keep_images(&rich.html, &[]).as_str().to_owned();
    Ok(Some(Automatic { html, text: rich.text, template }))
}

/// A template that could be used in an entity (`path`: it and its ancestors): there, of the kind, active, right.
pub(crate) async fn usable(
    connection: &impl ConnectionTrait,
    kind: TemplateKind,
    path: &[Uuid],
    id: Option<Uuid>,
) -> Result<Option<template::Model>, ServiceError> {
    let Some(id) = id else { return Ok(None) };
    let row = template::Entity::find_by_id(id).one(connection).await?;
    Ok(row.filter(|row| kind_of(row) == kind && is_usable(row, path)))
}

/// Whether a template is active, counts in an entity and compiles.
pub(crate) fn is_usable(row: &template::Model, path: &[Uuid]) -> bool {
    fits(row, path) && texts(row).values().all(|text| check(kind_of(row), text).is_ok())
}

/// Templates by their ids, whatever their kind and state: their names stay readable.
pub(crate) async fn by_ids(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<template::Model>, ServiceError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(template::Entity::find().filter(template::Column::Id.is_in(ids.iter().copied())).all(connection).await?)
}

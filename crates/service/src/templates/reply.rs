//! Templates an entry is begun with: chosen, made ready for the ticket, added to what is typed (T-OCC-09, T-TPL-04).

use domain::error::AppError;
use domain::forms::AddOccurrence;
use domain::lang::Lang;
use domain::occurrence::BodyFormat;
use domain::template::TemplateKind;
use domain::views::{Choice, DraftView, PropertyView, Ref, ReplyText, TaskText};
use entity::{app_user, template, ticket_actor};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::preview::{by_actor, refusal, ticket_link};
use super::save::REMOVED;
use super::{Facts, fields, fits, kind_of, text};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::lists::{self, Purpose};
use crate::mail::template::{Rendered, Values, render};
use crate::mail::{language_of, own_zone};
use crate::sql::Sql;
use crate::tickets::{self, Loaded};
use crate::{drafts, sanitise};

/// Kind of the draft of the composer.
const DRAFT: &str = "occurrence";

#[derive(Debug, FromQueryResult)]
struct Offered {
    id: Uuid,
    entity_id: Uuid,
    recursive: bool,
    name: String,
}

/// The active reply templates of an entity (`path`: it and its ancestors), by name; their texts are not read.
pub(crate) async fn choices(connection: &impl ConnectionTrait, path: &[Uuid]) -> Result<Vec<Choice>, ServiceError> {
    choices_of(connection, TemplateKind::Reply, path).await
}

/// The same of any kind.
pub(crate) async fn choices_of(
    connection: &impl ConnectionTrait,
    kind: TemplateKind,
    path: &[Uuid],
) -> Result<Vec<Choice>, ServiceError> {
    let mut sql = Sql::new("SELECT id, entity_id, recursive, name FROM template WHERE kind = ");
    sql.bind(kind.as_str()).push(" AND active = TRUE AND entity_id IN ").list(path.iter().copied());
    sql.push(" ORDER BY name, id");
    let rows: Vec<Offered> = sql.all(connection).await?;
    let reaching = rows.into_iter().filter(|row| lists::reaches(row.entity_id, row.recursive, path));
    Ok(reaching.map(|row| Choice { value: row.id.to_string(), name: row.name, depth: 0 }).collect())
}

/// A reply template with the values of a ticket, in the language of its first requester, and what else it sets.
///
/// # Errors
/// `NotFound` for tickets in which the caller is no agent, and for templates that are gone, inactive, or do not count there;
/// `Invalid` at the text for one that does not compile any more or prints too much.
pub async fn reply(ctx: &Ctx, number: i64, id: Uuid) -> Result<ReplyText, ServiceError> {
    text_of(ctx, TemplateKind::Reply, number, id).await
}

/// The same of any kind but tasks; a solution has its type where a reply has its category.
pub(super) async fn text_of(ctx: &Ctx, kind: TemplateKind, number: i64, id: Uuid) -> Result<ReplyText, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let (loaded, row, made) = made(ctx, &snapshot, kind, number, id).await?;
    let path = ctx.actor.path_of(loaded.ticket.entity_id);
    let list = if kind == TemplateKind::Solution { lists::SOLUTION_TYPES } else { lists::OCCURRENCE_CATEGORIES };
    let category = usable(&snapshot, list, &path, row.category_id).await?;
    let source = usable(&snapshot, lists::SOURCES, &path, row.source_id).await?;
    Ok(ReplyText {
        id,
        html: sanitise::rich(&made.html, BodyFormat::Html).html.as_str().to_owned(),
        text: made.text,
        category,
        source,
        visibility: row.visibility.unwrap_or_default(),
    })
}

/// A task template with the values of a ticket, and what else it sets (T-TPL-01). What broke since it was saved is judged when the
/// task is added.
///
/// # Errors
/// As [`reply`].
pub async fn task(ctx: &Ctx, number: i64, id: Uuid) -> Result<TaskText, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let (loaded, row, made) = made(ctx, &snapshot, TemplateKind::Task, number, id).await?;
    let path = ctx.actor.path_of(loaded.ticket.entity_id);
    let mut sets: Vec<(String, String)> = fields::sets_of(&row).into_iter().collect();
    let category = usable(&snapshot, lists::TASK_CATEGORIES, &path, row.category_id).await?;
    sets.extend([("category".to_owned(), category), ("visibility".to_owned(), row.visibility.unwrap_or_default())]);
    sets.retain(|(_, value)| !value.is_empty());
    Ok(TaskText {
        id,
        html: sanitise::rich(&made.html, BodyFormat::Html).html.as_str().to_owned(),
        text: made.text,
        sets,
    })
}

/// A template of a kind with the values of a ticket.
async fn made(
    ctx: &Ctx,
    snapshot: &impl ConnectionTrait,
    kind: TemplateKind,
    number: i64,
    id: Uuid,
) -> Result<(Loaded, template::Model, Rendered), ServiceError> {
    let loaded = tickets::load_visible(snapshot, &ctx.actor, number).await?;
    if !loaded.is_agent() {
        return Err(AppError::NotFound.into());
    }
    let path = ctx.actor.path_of(loaded.ticket.entity_id);
    let row = template::Entity::find_by_id(id).one(snapshot).await?;
    let row = row.filter(|row| kind_of(row) == kind && fits(row, &path)).ok_or(AppError::NotFound)?;
    let home = language_of(snapshot, loaded.ticket.entity_id).await?;
    let reader = first_requester(snapshot, &loaded.actors).await?;
    let lang: Lang = reader.as_ref().and_then(|user| user.language.parse().ok()).unwrap_or(home);
    let zone = reader.as_ref().and_then(|user| own_zone(&user.time_zone));
    let source = text(&row, lang, home).ok_or(AppError::NotFound)?;
    let facts = Facts::load(ctx, snapshot, &loaded.ticket, &loaded.actors).await?;
    let mut values = Values::new(lang, zone.unwrap_or_else(|| ctx.actor.entity_zone(loaded.ticket.entity_id)));
    facts.put(&mut values, lang, &ticket_link(ctx, number));
    by_actor(ctx, &mut values);
    let made = render(&source, &values).map_err(|error| refusal(lang, &error))?;
    Ok((loaded, row, made))
}

pub(super) async fn first_requester(
    connection: &impl ConnectionTrait,
    actors: &[ticket_actor::Model],
) -> Result<Option<app_user::Model>, ServiceError> {
    let first = actors.iter().find(|row| row.role == "requester").and_then(|row| row.user_id);
    match first {
        Some(id) => Ok(app_user::Entity::find_by_id(id).one(connection).await?),
        None => Ok(None),
    }
}

/// A row of a list as the form would take it; empty for one that broke since the template was saved.
async fn usable(
    connection: &impl ConnectionTrait,
    list: &str,
    path: &[Uuid],
    id: Option<Uuid>,
) -> Result<String, ServiceError> {
    let Some(id) = id.map(|id| id.to_string()) else { return Ok(String::new()) };
    let found = lists::fitting_row(connection, list, path, &id, Purpose::Occurrence).await?;
    Ok(found.map(|_row| id).unwrap_or_default())
}

/// Adds a template to what a form holds and keeps both as its draft: for pages without scripts. Without a choice only what is
/// typed is kept.
///
/// # Errors
/// As [`reply`]; what is typed is kept all the same.
pub async fn insert(ctx: &Ctx, form: &AddOccurrence, id: &str) -> Result<(), ServiceError> {
    let (number, object) = (form.ticket, form.ticket.to_string());
    let typed = serde_json::to_value(form)?;
    drafts::keep(ctx, DRAFT, &object, &typed).await;
    if id.trim().is_empty() {
        return Ok(());
    }
    let id = id.trim().parse::<Uuid>().map_err(|_not_an_id| AppError::NotFound)?;
    let made = reply(ctx, number, id).await?;
    let mut fields = typed.as_object().cloned().unwrap_or_default();
    // A choice that was posted is one: of the visibility nobody knows whether it was touched.
    add(&mut fields, &made, false);
    drafts::keep(ctx, DRAFT, &object, &Value::Object(fields)).await;
    Ok(())
}

/// Begins the composer of a page with a template, behind what its draft holds. Nothing is stored.
///
/// # Errors
/// As [`reply`].
pub async fn begin(ctx: &Ctx, page: &mut PropertyView, id: Uuid) -> Result<(), ServiceError> {
    if page.draft.as_ref().is_some_and(|draft| draft.text("template") == id.to_string()) {
        // The address is loaded again: the text stands there already.
        return Ok(());
    }
    let made = reply(ctx, page.ticket.number, id).await?;
    let draft = page.draft.take();
    let is_first = draft.is_none();
    let mut begun = draft.unwrap_or_else(|| DraftView {
        id: Uuid::nil(),
        kind: DRAFT.to_owned(),
        object: page.ticket.number.to_string(),
        fields: Value::Null,
        attachments: Vec::new(),
        saved_at: ctx.moment(),
        other: None,
    });
    // The page must not say that it is saved.
    begun.id = Uuid::nil();
    let mut fields = begun.fields.as_object().cloned().unwrap_or_default();
    add(&mut fields, &made, is_first);
    begun.fields = Value::Object(fields);
    page.draft = Some(begun);
    Ok(())
}

/// Adds a text behind what the field `body` of a form holds.
pub(crate) fn append_text(fields: &mut Map<String, Value>, text: &str, html: &str) {
    let field = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let typed = field("body");
    let (body, format) = if typed.trim().is_empty() {
        (text.to_owned(), "text")
    } else if field("format") == "html" {
        ([typed.as_str(), html].concat(), "html")
    } else {
        ([typed.trim_end(), "\n\n", text].concat(), "text")
    };
    for (name, value) in [("body", body), ("format", format.to_owned())] {
        fields.insert(name.to_owned(), Value::String(value));
    }
}

/// Adds a template to the fields of a form: behind the text; category and source only where none is chosen.
pub(super) fn add(fields: &mut Map<String, Value>, made: &ReplyText, with_visibility: bool) {
    append_text(fields, &made.text, &made.html);
    let mut put = |name: &str, value: String| drop(fields.insert(name.to_owned(), Value::String(value)));
    put("template", made.id.to_string());
    if with_visibility && !made.visibility.is_empty() {
        put("visibility", made.visibility.clone());
    }
    for (name, value) in [("category", &made.category), ("source", &made.source)] {
        let is_empty = fields.get(name).and_then(Value::as_str).unwrap_or_default().is_empty();
        if is_empty && !value.is_empty() {
            fields.insert(name.to_owned(), Value::String(value.clone()));
        }
    }
}

/// A reply template by what a form names: as it is called now, or was called when it was removed (T-TPL-04). Nothing for those
/// of entities that `path` does not lead through.
pub(crate) async fn named(
    connection: &impl ConnectionTrait,
    text: &str,
    path: &[Uuid],
) -> Result<Option<Ref>, ServiceError> {
    named_of(connection, TemplateKind::Reply, text, path).await
}

/// The same of any kind.
pub(crate) async fn named_of(
    connection: &impl ConnectionTrait,
    kind: TemplateKind,
    text: &str,
    path: &[Uuid],
) -> Result<Option<Ref>, ServiceError> {
    let Ok(id) = text.trim().parse::<Uuid>() else { return Ok(None) };
    if let Some(row) = template::Entity::find_by_id(id).one(connection).await? {
        let is_one = kind_of(&row) == kind && path.contains(&row.entity_id);
        return Ok(is_one.then_some(Ref { id, name: row.name }));
    }
    let mut sql = Sql::new("SELECT data FROM audit WHERE kind = ");
    sql.bind(REMOVED).push(" AND entity_id IN ").list(path.iter().copied());
    sql.push_bind(" AND object = ", id.to_string()).push(" ORDER BY at DESC LIMIT 1");
    let data: Option<String> = sql.scalar(connection).await?;
    let data: Value = data.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let of = |name: &str| data.get(name).and_then(Value::as_str).unwrap_or_default();
    Ok((of("kind") == kind.as_str()).then(|| Ref { id, name: of("name").to_owned() }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn made() -> ReplyText {
        ReplyText {
            id: Uuid::nil(),
            text: "We look at it.".to_owned(),
            html: "<p>We look at it.</p>".to_owned(),
            category: "c".to_owned(),
            source: "s".to_owned(),
            visibility: "public".to_owned(),
        }
    }

    fn added(fields: Value, with_visibility: bool) -> Value {
        let mut fields = fields.as_object().cloned().unwrap_or_default();
        add(&mut fields, &made(), with_visibility);
        Value::Object(fields)
    }

    #[test]
    fn t_occ_09_a_template_stands_behind_what_is_typed_and_never_replaces_it() {
        let plain = added(json!({ "body": "Typed.\n", "format": "text" }), true);
        assert_eq!((&plain["body"], &plain["format"]), (&json!("Typed.\n\nWe look at it."), &json!("text")));
        let rich = added(json!({ "body": "<p>Typed.</p>", "format": "html" }), true);
        assert_eq!((&rich["body"], &rich["format"]), (&json!("<p>Typed.</p><p>We look at it.</p>"), &json!("html")));
        let empty = added(json!({ "body": " ", "format": "html" }), true);
        assert_eq!((&empty["body"], &empty["format"]), (&json!("We look at it."), &json!("text")));
        assert_eq!(added(json!({}), true)["template"], json!(Uuid::nil()));
    }

    #[test]
    fn t_occ_09_what_was_chosen_stays_as_it_was_chosen() {
        let fields = added(json!({ "category": "mine", "visibility": "private" }), false);
        assert_eq!(
            (&fields["category"], &fields["source"], &fields["visibility"]),
            (&json!("mine"), &json!("s"), &json!("private"))
        );
        assert_eq!(added(json!({}), true)["visibility"], json!("public"));
        assert_eq!(added(json!({}), false).get("visibility"), None);
    }
}

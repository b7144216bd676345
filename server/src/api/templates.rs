//! Templates of replies, tasks and mails (T-TPL-01, api.md section 8).

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::error::Code;
use domain::forms::Patch;
use domain::lang::Lang;
use domain::template::{TemplateKind, text_field};
use domain::views::{TemplatePreview, TemplateView};
use serde_json::{Value, json};
use service::templates::{
    self, ACTIVE, CATEGORY, Change, Fields as Values, NAME, NewTemplate, OF_TASKS, RECURSIVE, SOURCE, TYPE, VISIBILITY,
};
use uuid::Uuid;

use super::body::JsonBody;
use super::extract::{Caller, Conditions, Id, Key, Params, TemplateName};
use super::fields::Fields;
use super::json::{Answer, Cut, object, value};
use super::problem::ApiError;
use super::replay::Once;

/// `GET /templates/{kind}`: for who holds `admin.templates` those that reach his entities, for agents the active ones but mails.
pub async fn list(caller: Caller, TemplateName(kind): TemplateName, mut params: Params) -> Result<Answer, ApiError> {
    let cut = Cut::read(&mut params);
    let entity = params.id("entity");
    let active = params.switch("active");
    params.finish()?;
    let ctx = &caller.ctx;
    let found = templates::list(ctx, kind, entity).await?;
    let is_wanted = |view: &&TemplateView| active.is_empty() || view.row.active == (active == "true");
    let rows: Vec<(Uuid, Value)> = found.iter().filter(is_wanted).map(|view| (view.row.id, whole(view))).collect();
    cut.page(ctx, &format!("templates:{}:{entity:?}:{active}", kind.plural()), rows).map(Answer::ok)
}

/// `GET /templates/{kind}/{id}`.
pub async fn show(
    caller: Caller,
    TemplateName(kind): TemplateName,
    Id(id): Id,
    params: Params,
) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(whole(&templates::get(&caller.ctx, kind, id).await?)))
}

/// `POST /templates/{kind}`.
pub async fn create(
    caller: Caller,
    TemplateName(kind): TemplateName,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let entity = body.required("entity");
    let mut fields = Values::from([(NAME, body.required("name"))]);
    let texts = texts(&mut body, &mut fields);
    if !matches!(texts, Texts::Given) {
        body.wrong("texts", Code::Required);
    }
    simple(&mut body, &mut fields);
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "template", None).await?;
    let view = templates::create(ctx, NewTemplate { kind, entity, fields, key: key.0.clone() }).await?;
    let location = format!("/templates/{}/{}", kind.plural(), view.row.id);
    once.finish(ctx, Answer::created(&location, whole(&view))).await
}

/// `PATCH /templates/{kind}/{id}`; `texts: null` brings the texts of a shipped one back.
pub async fn update(
    caller: Caller,
    TemplateName(kind): TemplateName,
    Id(id): Id,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let version = body.version();
    let mut fields = Values::new();
    match body.patch("name") {
        Patch::Keep => {}
        Patch::Clear => body.wrong("name", Code::Required),
        Patch::Set(name) => drop(fields.insert(NAME, name)),
    }
    let reset = matches!(texts(&mut body, &mut fields), Texts::Null);
    simple(&mut body, &mut fields);
    body.finish()?;
    conditions.require(version)?;
    let change = Change { fields, reset, is_form: false, version, if_match: conditions.if_match };
    Ok(Answer::changed(whole(&templates::update(&caller.ctx, kind, id, change).await?)))
}

/// `DELETE /templates/{kind}/{id}`.
pub async fn delete(
    caller: Caller,
    TemplateName(kind): TemplateName,
    Id(id): Id,
    conditions: Conditions,
    mut params: Params,
) -> Result<Response, ApiError> {
    let version = params.version();
    params.finish()?;
    conditions.require(version)?;
    templates::remove(&caller.ctx, kind, id, version, conditions.if_match).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /templates/{kind}/{id}/preview`.
pub async fn preview(
    caller: Caller,
    TemplateName(kind): TemplateName,
    Id(id): Id,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let ticket = body.integer("ticket");
    let language = body.text("language");
    if ticket.is_none() {
        body.wrong("ticket", Code::Required);
    }
    let lang = match language.as_str() {
        "" => caller.ctx.actor.lang,
        word => Lang::ALL.into_iter().find(|lang| lang.code() == word).unwrap_or_else(|| {
            body.wrong("language", Code::Invalid);
            Lang::En
        }),
    };
    body.finish()?;
    let made = templates::preview(&caller.ctx, kind, id, ticket.unwrap_or_default(), lang).await?;
    Ok(Answer::ok(shown(&made)))
}

/// What a body says about texts.
#[derive(Clone, Copy, Debug)]
enum Texts {
    /// Nothing.
    Absent,
    /// `null`.
    Null,
    /// Some of them.
    Given,
}

/// Reads `texts{en, pt-BR, es, fr}`: an absent language stays, `null` empties it.
fn texts(body: &mut Fields, fields: &mut Values) -> Texts {
    if !body.has("texts") {
        return Texts::Absent;
    }
    let Some(mut texts) = body.object("texts") else { return Texts::Null };
    for lang in Lang::ALL {
        match texts.patch(lang.code()) {
            Patch::Keep => {}
            Patch::Clear => drop(fields.insert(text_field(lang), String::new())),
            Patch::Set(text) => drop(fields.insert(text_field(lang), text)),
        }
    }
    body.absorb(texts);
    Texts::Given
}

/// Reads switches and what a reply or a task sets.
fn simple(body: &mut Fields, fields: &mut Values) {
    for switch in [RECURSIVE, ACTIVE] {
        if body.has(switch) {
            fields.insert(switch, body.flag(switch).to_string());
        }
    }
    for name in [CATEGORY, SOURCE, TYPE, VISIBILITY].into_iter().chain(OF_TASKS) {
        // Minutes are numbers; in this part they are kept as they are typed.
        let given = if name.ends_with("_minutes") { body.patch_minutes(name) } else { body.patch(name) };
        match given {
            Patch::Keep => {}
            Patch::Clear => drop(fields.insert(name, String::new())),
            Patch::Set(text) => drop(fields.insert(name, text)),
        }
    }
}

fn whole(view: &TemplateView) -> Value {
    let row = &view.row;
    let texts: BTreeMap<&str, Option<&String>> =
        Lang::ALL.into_iter().map(|lang| (lang.code(), view.texts.get(&lang))).collect();
    let mut out = object([
        ("id", json!(row.id)),
        ("name", json!(row.name)),
        ("entity", value(&row.entity)),
        ("recursive", json!(row.recursive)),
        ("active", json!(row.active)),
        ("shipped", json!(row.shipped)),
        ("broken", json!(row.broken)),
        ("texts", json!(texts)),
        ("updated_at", json!(row.updated_at)),
        ("version", json!(row.version)),
    ]);
    let Some(map) = out.as_object_mut().filter(|_| row.kind.begins_entries()) else { return out };
    if row.kind == TemplateKind::Solution {
        // Kept where a reply keeps its category.
        map.insert("type".to_owned(), json!(row.category));
        return out;
    }
    map.insert("category".to_owned(), json!(row.category));
    map.insert("visibility".to_owned(), json!(row.visibility));
    if row.kind == TemplateKind::Reply {
        map.insert("source".to_owned(), json!(row.source));
        return out;
    }
    for field in OF_TASKS {
        let set = row.sets.get(field);
        let minutes = set.filter(|_| field.ends_with("_minutes")).and_then(|text| text.parse::<i32>().ok());
        map.insert(field.to_owned(), minutes.map_or_else(|| json!(set), |minutes| json!(minutes)));
    }
    out
}

fn shown(made: &TemplatePreview) -> Value {
    object([
        ("ticket", json!(made.ticket)),
        ("language", json!(made.lang)),
        ("body", json!(made.html)),
        ("body_text", json!(made.text)),
    ])
}

//! Knowledge articles (T-KNO, api.md section 10): agents get them whole, others without what is the team's.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use domain::error::Code;
use domain::forms::{Decided, Patch};
use domain::views::{ArticleHint, ArticleQuery, ArticleRevision, ArticleRow, ArticleTranslation, ArticleView};
use serde_json::{Value, json};
use service::knowledge::{
    self, AUDIENCE, ArticleChange, BODY, CATEGORY, LANGUAGE, NewArticle, OWNER, RECURSIVE, REVIEW_ON, STATUS, TITLE,
    Values,
};

use super::Api;
use super::body::{JsonBody, OptionalBody};
use super::extract::{Caller, Conditions, Id, Key, Params};
use super::fields::Fields;
use super::json::{self, Answer, Cut, actor, object, value, without};
use super::problem::ApiError;
use super::replay::Once;

/// What can be done with an article by its address alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Makes it readable for its audience.
    Publish,
    /// Takes it out of search, suggestions and the portal.
    Archive,
    /// Brings it back from the trash.
    Restore,
    /// Removes it from the trash for ever.
    Purge,
    /// Makes a former version the newest.
    RestoreVersion,
    /// Counts that it helped.
    Helped,
}

/// `GET /knowledge`.
pub async fn list(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let query = ArticleQuery {
        q: params.text("q"),
        part: params.word("part", &["public", "internal", "draft", "archived", "review", "trash"]),
        category: params.id("category").map(|id| id.to_string()).unwrap_or_default(),
        language: params.word("language", &["en", "pt-BR", "es", "fr"]),
        cursor: params.text("cursor"),
        limit: params.limit(),
    };
    let is_counted = params.flag("count");
    params.finish()?;
    let found = knowledge::list(&caller.ctx, &query).await?;
    let items = found.items.iter().map(row).collect();
    Ok(Answer::ok(json::list(items, found.next_cursor, is_counted.then_some(found.count))))
}

/// `GET /knowledge/suggestions`.
pub async fn suggestions(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let q = params.text("q");
    let entity = params.id("entity").map(|id| id.to_string()).unwrap_or_default();
    if q.trim().is_empty() {
        params.wrong("q", Code::Required);
    }
    params.finish()?;
    let found = knowledge::suggest(&caller.ctx, &q, &entity).await?;
    Ok(Answer::ok(json::list(found.iter().map(hint).collect(), None, None)))
}

/// `GET /knowledge/{id}`.
pub async fn show(caller: Caller, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(whole(&knowledge::get(&caller.ctx, id).await?)))
}

/// `POST /knowledge`.
pub async fn create(
    caller: Caller,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let mut values = Values::from([(TITLE, body.required("title")), (BODY, body.required("body"))]);
    simple(&mut body, &mut values);
    let new = NewArticle {
        entity: body.text("entity"),
        format: body.format(),
        attachments: body.texts("attachments").unwrap_or_default(),
        translation_of: body.text("translation_of"),
        ticket: body.integer("ticket").unwrap_or(0),
        key: key.0.clone(),
        values,
    };
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "article", None).await?;
    let id = knowledge::create(ctx, new).await?;
    let view = knowledge::get(ctx, id).await?;
    once.finish(ctx, Answer::created(&format!("/knowledge/{id}"), whole(&view))).await
}

/// `PATCH /knowledge/{id}`.
pub async fn update(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let version = body.version();
    let mut values = Values::new();
    for name in [TITLE, BODY] {
        match body.patch(name) {
            Patch::Keep => {}
            Patch::Clear => body.wrong(name, Code::Required),
            Patch::Set(text) => drop(values.insert(name, text)),
        }
    }
    simple(&mut body, &mut values);
    let change = ArticleChange {
        values,
        format: body.format(),
        attachments: body.texts("attachments"),
        confirm_public: body.flag("confirm_public"),
        is_form: false,
        version,
        if_match: conditions.if_match,
        decided: Decided::default(),
    };
    body.finish()?;
    conditions.require(version)?;
    knowledge::update(&caller.ctx, id, change).await?;
    Ok(Answer::changed(whole(&knowledge::get(&caller.ctx, id).await?)))
}

/// Reads the fields that an article may have without one another.
fn simple(body: &mut Fields, values: &mut Values) {
    if body.has(RECURSIVE)
        && let Some(on) = body.switch(RECURSIVE)
    {
        values.insert(RECURSIVE, on.to_string());
    }
    for name in [LANGUAGE, AUDIENCE, STATUS] {
        match body.patch(name) {
            Patch::Keep => {}
            Patch::Clear => body.wrong(name, Code::Required),
            Patch::Set(text) => drop(values.insert(name, text)),
        }
    }
    for name in [CATEGORY, OWNER, REVIEW_ON] {
        match body.patch(name) {
            Patch::Keep => {}
            Patch::Clear => drop(values.insert(name, String::new())),
            Patch::Set(text) => drop(values.insert(name, text)),
        }
    }
}

/// `DELETE /knowledge/{id}`: into the trash.
pub async fn delete(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    mut params: Params,
) -> Result<Response, ApiError> {
    let version = params.version();
    params.finish()?;
    conditions.require(version)?;
    knowledge::delete(&caller.ctx, id, version, conditions.if_match).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /knowledge/{id}/versions`: agents who may read it.
pub async fn versions(caller: Caller, Id(id): Id, mut params: Params) -> Result<Answer, ApiError> {
    let cut = Cut::read(&mut params);
    params.finish()?;
    let found = knowledge::revisions(&caller.ctx, id).await?;
    let rows = found.revisions.iter().map(|one| (super::tickets::place(one.revision), revision(one))).collect();
    cut.page(&caller.ctx, &format!("versions:{id}"), rows).map(Answer::ok)
}

/// The route of an action.
pub fn action(action: Action) -> MethodRouter<Api> {
    post(move |caller: Caller, id: Id, key: Key, conditions: Conditions, params: Params, body: OptionalBody| {
        run(action, caller, id, key, conditions, params, body)
    })
}

async fn run(
    action: Action,
    caller: Caller,
    Id(id): Id,
    key: Key,
    conditions: Conditions,
    params: Params,
    OptionalBody(mut body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let (version, if_match) = (body.version(), conditions.if_match);
    let number = if action == Action::RestoreVersion { revision_of(&mut body) } else { 0 };
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "article_action", None).await?;
    match action {
        Action::Publish => knowledge::publish(ctx, id, version, if_match).await?,
        Action::Archive => knowledge::archive(ctx, id, version, if_match).await?,
        Action::Restore => knowledge::restore(ctx, id, version, if_match).await?,
        Action::Purge => {
            knowledge::purge(ctx, id, version, if_match).await?;
            return Ok(Answer::nothing());
        }
        Action::RestoreVersion => knowledge::restore_revision(ctx, id, number, version, if_match).await?,
        Action::Helped => knowledge::helped(ctx, id).await?,
    }
    once.finish(ctx, Answer::changed(whole(&knowledge::get(ctx, id).await?))).await
}

/// The version to go back to.
fn revision_of(body: &mut Fields) -> i32 {
    match body.integer("revision").map(i32::try_from) {
        Some(Ok(number)) if number > 0 => number,
        None => {
            body.wrong("revision", Code::Required);
            0
        }
        Some(_) => {
            body.wrong("revision", Code::Invalid);
            0
        }
    }
}

/// `POST /occurrences/{id}/actions/save-to-knowledge` (T-KNO-04).
pub async fn save_entry(caller: Caller, Id(id): Id, key: Key, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "save_to_knowledge", None).await?;
    let article = knowledge::save_entry(ctx, id, &key.0).await?;
    let view = knowledge::get(ctx, article).await?;
    once.finish(ctx, Answer::created(&format!("/knowledge/{article}"), whole(&view))).await
}

/// An article in a list.
fn row(row: &ArticleRow) -> Value {
    let agent = row.audience.is_some();
    let whole = object([
        ("id", json!(row.id)),
        ("title", json!(row.title)),
        ("snippet", value(&row.snippet)),
        ("language", json!(row.language)),
        ("category", json!(row.category)),
        ("audience", json!(row.audience)),
        ("status", json!(row.status)),
        ("review_on", json!(row.review_on)),
        ("updated_at", json!(row.updated_at)),
        ("version", json!(row.version)),
    ]);
    if agent { whole } else { without(whole, &["audience", "status", "review_on", "version"]) }
}

fn translation(other: &ArticleTranslation) -> Value {
    object([("id", json!(other.id)), ("title", json!(other.title)), ("language", json!(other.language))])
}

/// A whole article.
fn whole(view: &ArticleView) -> Value {
    let (row, agent) = (&view.row, view.about.is_some());
    let mut out = object([
        ("id", json!(row.id)),
        ("title", json!(row.title)),
        ("body", json!(view.body)),
        ("body_text", json!(view.body_text)),
        ("language", json!(row.language)),
        ("category", json!(row.category)),
        ("translations", view.translations.iter().map(translation).collect()),
        ("attachments", view.attachments.iter().map(|file| json::document(file, agent, &[])).collect()),
        ("updated_at", json!(row.updated_at)),
    ]);
    if let (Some(about), Some(map)) = (&view.about, out.as_object_mut()) {
        let more = [
            ("audience", json!(row.audience)),
            ("status", json!(row.status)),
            ("entity", value(&about.entity)),
            ("recursive", json!(about.recursive)),
            ("owner", json!(about.owner)),
            ("review_on", json!(row.review_on)),
            ("author", actor(&about.author, true)),
            ("edited_by", actor(&about.edited_by, true)),
            ("created_at", json!(about.created_at)),
            ("revision", json!(about.revision)),
            ("from_private", json!(about.is_from_private)),
            ("helped", json!(about.helped)),
            ("used", json!(about.used.value)),
            ("used_exact", json!(about.used.exact)),
            ("deleted_at", json!(about.deleted_at)),
            ("version", json!(row.version)),
        ];
        map.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    out
}

fn hint(hint: &ArticleHint) -> Value {
    object([
        ("id", json!(hint.id)),
        ("title", json!(hint.title)),
        ("lines", json!(hint.lines)),
        ("language", json!(hint.language)),
    ])
}

fn revision(one: &ArticleRevision) -> Value {
    object([
        ("revision", json!(one.revision)),
        ("at", json!(one.at)),
        ("by", actor(&one.by, true)),
        ("what", json!(one.what)),
        ("title", json!(one.title)),
        ("body", json!(one.body)),
        ("body_text", json!(one.body_text)),
        ("language", json!(one.language)),
        ("category", json!(one.category)),
        ("audience", json!(one.audience)),
        ("status", json!(one.status)),
        ("owner", json!(one.owner)),
        ("review_on", json!(one.review_on)),
        ("attachments", value(&one.attachments)),
        ("diff", value(&one.diff)),
    ])
}

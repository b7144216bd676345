//! Occurrences: registered, read, changed, removed (section 6).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::error::Code;
use domain::forms::{AddOccurrence, OccurrencePatch, Patch, RemoveOccurrence};
use domain::views::OccurrenceView;
use serde_json::Value;
use service::occurrences::{self, OccurrenceQuery};

use super::body::JsonBody;
use super::extract::{Caller, Conditions, Id, Key, Number, Params};
use super::fields::Fields;
use super::json::{self, Answer, Cut};
use super::problem::ApiError;
use super::tickets::{place, whole};

fn form(view: &OccurrenceView) -> Value {
    json::occurrence(view, json::occurrence_is_whole(view))
}

/// `GET /tickets/{number}/occurrences`.
pub async fn list(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let portal = params.word("as", &["portal"]) == "portal";
    let query = OccurrenceQuery {
        find: params.text("find"),
        visibility: params.text("visibility"),
        author: params.text("author"),
        side: params.text("side"),
        category: params.text("category"),
        source: params.text("source"),
        has_attachments: params.text("has_attachments"),
        occurred_from: params.text("occurred_from"),
        occurred_to: params.text("occurred_to"),
        registered_from: params.text("registered_from"),
        registered_to: params.text("registered_to"),
        removed: params.text("removed"),
        sort: params.text("sort"),
        cursor: params.text("cursor"),
        limit: params.limit(),
        portal,
    };
    params.finish()?;
    let page = occurrences::list(&caller.ctx, number, query).await?;
    let items =
        page.items.iter().map(|view| json::occurrence(view, !portal && json::occurrence_is_whole(view))).collect();
    Ok(Answer::ok(json::list(items, page.next_cursor, page.count)))
}

/// `POST /tickets/{number}/occurrences`: the main job.
pub async fn create(
    caller: Caller,
    Number(number): Number,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let form = AddOccurrence {
        ticket: number,
        key: key.0.clone(),
        from: String::new(),
        body: body.required("body"),
        format: body.format(),
        visibility: body.text("visibility"),
        occurred_at: body.time("occurred_at"),
        minutes: match body.patch_minutes("minutes") {
            Patch::Set(minutes) => minutes,
            Patch::Keep | Patch::Clear => String::new(),
        },
        category: body.text("category"),
        source: body.text("source"),
        reply_to: body.text("reply_to"),
        attachments: body.texts("attachments").unwrap_or_default(),
        then: if body.flag("reactivate") { "resume".to_owned() } else { String::new() },
    };
    no_template(&mut body);
    // Saving removes the caller's draft of this ticket whatever its id (T-DRF-06).
    body.text("draft");
    body.finish()?;
    let is_replayed = key.is_answered(&caller.ctx, "occurrence").await?;
    let id = occurrences::add(&caller.ctx, form).await?;
    let view = occurrences::get(&caller.ctx, id).await?;
    Ok(Answer::created(&format!("/occurrences/{id}"), self::form(&view)).replayed(is_replayed))
}

/// Templates come with a later part: until then there is none to name.
fn no_template(body: &mut Fields) {
    if !body.text("template").is_empty() {
        body.wrong("template", Code::UnknownReference);
    }
}

/// `GET /occurrences/{id}`.
pub async fn show(caller: Caller, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(form(&occurrences::get(&caller.ctx, id).await?)))
}

/// `PATCH /occurrences/{id}`.
pub async fn update(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let patch = OccurrencePatch {
        version: body.version(),
        if_match: conditions.if_match,
        body: body.patch("body"),
        format: body.format(),
        visibility: body.patch("visibility"),
        occurred_at: body.patch_time("occurred_at"),
        minutes: body.patch_minutes("minutes"),
        category: body.patch("category"),
        source: body.patch("source"),
        attachments: whole(&mut body, Fields::texts, "attachments"),
        acknowledge_mail_sent: body.flag("acknowledge_mail_sent"),
    };
    body.finish()?;
    conditions.require(patch.version)?;
    occurrences::edit(&caller.ctx, id, patch).await?;
    Ok(Answer::changed(form(&occurrences::get(&caller.ctx, id).await?)))
}

/// `DELETE /occurrences/{id}`: a tombstone stays.
pub async fn delete(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    mut params: Params,
) -> Result<Response, ApiError> {
    let version = params.version();
    let reason = params.text("reason");
    let acknowledge_mail_sent = params.flag("acknowledge_mail_sent");
    params.finish()?;
    conditions.require(version)?;
    let form = RemoveOccurrence {
        id: id.to_string(),
        ticket: 0,
        version: conditions.if_match.or(version).unwrap_or(0),
        if_match: conditions.if_match.is_some(),
        reason,
        acknowledge_mail_sent,
    };
    occurrences::remove(&caller.ctx, form).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /occurrences/{id}/revisions`: agents who see the entry, else 404 (T-OCC-16).
pub async fn revisions(caller: Caller, Id(id): Id, mut params: Params) -> Result<Answer, ApiError> {
    let cut = Cut::read(&mut params);
    params.finish()?;
    let rows = occurrences::revisions(&caller.ctx, id).await?;
    let rows = rows.iter().map(|row| (place(row.revision), json::revision(row))).collect();
    cut.page(&caller.ctx, &format!("revisions:{id}"), rows).map(Answer::ok)
}

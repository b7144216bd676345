//! Occurrences: registered, read, changed, removed (section 6).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::error::{AppError, Code};
use domain::forms::{AddOccurrence, Decided, OccurrencePatch, Patch, RemoveOccurrence, SendMailAgain};
use domain::views::OccurrenceView;
use serde_json::Value;
use service::mail;
use service::occurrences::{self, OccurrenceQuery};

use super::body::JsonBody;
use super::extract::{Caller, Conditions, Id, Key, Number, Params};
use super::fields::Fields;
use super::json::{self, Answer, Cut};
use super::problem::ApiError;
use super::replay::Once;
use super::tickets::{place, whole};

fn form(view: &OccurrenceView) -> Value {
    json::occurrence(view, json::occurrence_is_whole(view))
}

/// Filters that may be negated (A-LST-03), besides switches.
const NEGATED: &[&str] = &[
    "find",
    "visibility",
    "author",
    "side",
    "category",
    "source",
    "occurred_from",
    "occurred_to",
    "registered_from",
    "registered_to",
];

/// `GET /tickets/{number}/occurrences`.
pub async fn list(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let portal = params.word("as", &["portal"]) == "portal";
    let mut not = Vec::new();
    for name in NEGATED {
        let value = filter(&mut params, &format!("not.{name}"));
        not.extend((!value.is_empty()).then(|| ((*name).to_owned(), value)));
    }
    let query = OccurrenceQuery {
        find: filter(&mut params, "find"),
        visibility: filter(&mut params, "visibility"),
        author: filter(&mut params, "author"),
        side: filter(&mut params, "side"),
        category: filter(&mut params, "category"),
        source: filter(&mut params, "source"),
        has_attachments: params.switch("has_attachments"),
        occurred_from: filter(&mut params, "occurred_from"),
        occurred_to: filter(&mut params, "occurred_to"),
        registered_from: filter(&mut params, "registered_from"),
        registered_to: filter(&mut params, "registered_to"),
        removed: params.switch("removed"),
        not,
        sort: params.text("sort"),
        cursor: params.text("cursor"),
        limit: params.limit(),
        count: params.flag("count"),
        portal,
    };
    params.finish()?;
    let page = occurrences::list(&caller.ctx, number, query).await?;
    let items =
        page.items.iter().map(|view| json::occurrence(view, !portal && json::occurrence_is_whole(view))).collect();
    Ok(Answer::ok(json::list(items, page.next_cursor, page.count)))
}

/// A filter as its kind is written: words once, periods with offset, the rest several times.
fn filter(params: &mut Params, name: &str) -> String {
    match name.trim_start_matches("not.") {
        "find" => params.text(name),
        bare if bare.ends_with("_from") || bare.ends_with("_to") => params.period(name),
        _ => params.many(name),
    }
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
    let (send_mail, notify_responsible) = (body.flag("send_mail"), body.flag("notify_responsible"));
    let mut form =
        AddOccurrence { ticket: number, key: key.0.clone(), send_mail, notify_responsible, ..entry(&mut body) };
    and_then(&mut body, &mut form);
    let draft = body.id("draft");
    body.finish()?;
    let ctx = &caller.ctx.sending(draft);
    let once = Once::begin(ctx, &key, "occurrence", Some(number)).await?;
    let id = occurrences::add(ctx, form).await?;
    let view = occurrences::get(ctx, id).await?;
    once.finish(ctx, Answer::created(&format!("/occurrences/{id}"), self::form(&view))).await
}

/// The fields of an entry itself, alone or with the ticket it begins.
pub(super) fn entry(body: &mut Fields) -> AddOccurrence {
    AddOccurrence {
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
        template: body.text("template"),
        attachments: body.texts("attachments").unwrap_or_default(),
        ..AddOccurrence::default()
    }
}

/// What the same command does to the ticket (T-STA-31): `suspend{}` or `reactivate`.
pub(super) fn and_then(body: &mut Fields, form: &mut AddOccurrence) {
    let is_resumed = body.flag("reactivate");
    if is_resumed {
        "resume".clone_into(&mut form.then);
    }
    if let Some(mut suspend) = body.object("suspend") {
        "suspend".clone_into(&mut form.then);
        form.pending_reason = suspend.text("reason");
        form.pending_text = suspend.text("text");
        form.pending_public = suspend.flag("text_public");
        body.absorb(suspend);
        if is_resumed {
            // One contradicts the other.
            body.wrong("reactivate", Code::NotAllowed);
        }
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
        key: String::new(),
        version: body.version(),
        if_match: conditions.if_match,
        decided: Decided::default(),
        body: body.patch("body"),
        format: body.format(),
        visibility: body.patch("visibility"),
        occurred_at: body.patch_time("occurred_at"),
        minutes: body.patch_minutes("minutes"),
        category: body.patch("category"),
        source: body.patch("source"),
        attachments: whole(&mut body, Fields::texts, "attachments"),
        send_mail: body.flag("send_mail"),
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

/// `POST /occurrences/{id}/actions/send-again`: a new mail for one that failed for good (M-DLV-05).
pub async fn send_again(
    caller: Caller,
    Id(id): Id,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let mail = body.required("mail");
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "send_again", None).await?;
    // A mail of another entry is none of this one's.
    let entry = occurrences::get(ctx, id).await?;
    if !entry.mails.iter().any(|known| known.id.to_string() == mail) {
        return Err(AppError::NotFound.into());
    }
    mail::send_again(ctx, SendMailAgain { mail, ticket: 0, key: key.0.clone() }).await?;
    once.finish(ctx, Answer::ok(form(&occurrences::get(ctx, id).await?))).await
}

/// `GET /occurrences/{id}/revisions`: agents who see the entry, else 404 (T-OCC-16).
pub async fn revisions(caller: Caller, Id(id): Id, mut params: Params) -> Result<Answer, ApiError> {
    let cut = Cut::read(&mut params);
    params.finish()?;
    let rows = occurrences::revisions(&caller.ctx, id).await?;
    let rows = rows.iter().map(|row| (place(row.revision), json::revision(row))).collect();
    cut.page(&caller.ctx, &format!("revisions:{id}"), rows).map(Answer::ok)
}

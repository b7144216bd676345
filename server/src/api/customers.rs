//! Customers (customers.md section 1, C-IMP; api.md section 10).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::customer::Contact;
use domain::error::Code;
use domain::forms::{CustomerPatch, ImportCustomers};
use domain::views::{CustomerQuery, CustomerView, ImportPreview, Warning};
use serde_json::{Value, json};
use service::customers::{self, Basis, Saved};

use super::body::JsonBody;
use super::extract::{Caller, Conditions, Id, Key, Params};
use super::fields::Fields;
use super::json::{self, Answer, object, value};
use super::problem::ApiError;
use super::replay::Once;

/// Orders of the list, each also downwards.
const SORTS: &[&str] = &["name", "-name", "last_occurrence", "-last_occurrence", "updated_at", "-updated_at"];

/// `GET /customers`.
pub async fn list(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let query = CustomerQuery {
        q: params.text("q"),
        segment: params.ids("segment", &["none"]),
        responsible: params.ids("responsible", &["me", "none"]),
        status: params.words("status", &["active", "blocked", "leaving", "inactive", "all"]),
        entity: params.ids("entity", &[]),
        sort: params.word("sort", SORTS),
        cursor: params.text("cursor"),
        limit: params.limit(),
        count: params.flag("count"),
    };
    params.finish()?;
    let page = customers::list(&caller.ctx, &query).await?;
    let items = page
        .items
        .iter()
        .map(|row| {
            let mut out = whole(&row.customer);
            if let Some(map) = out.as_object_mut() {
                map.insert("open_tickets".to_owned(), json!(row.open_tickets));
            }
            out
        })
        .collect();
    Ok(Answer::ok(json::list(items, page.next_cursor, page.count)))
}

/// `GET /customers/{id}`.
pub async fn show(caller: Caller, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(whole(&customers::get(&caller.ctx, id).await?)))
}

/// `POST /customers`.
pub async fn create(
    caller: Caller,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let patch = patch(&mut body);
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "create_customer", None).await?;
    let saved = customers::create(ctx, patch, &key.0).await?;
    let view = customers::get(ctx, saved.id).await?;
    let answer = Answer::created(&format!("/customers/{}", saved.id), whole(&view)).warned(&warnings(&saved));
    once.finish(ctx, answer).await
}

/// `PATCH /customers/{id}`.
pub async fn update(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let version = body.version();
    let patch = patch(&mut body);
    body.finish()?;
    conditions.require(version)?;
    let ctx = &caller.ctx;
    let saved = customers::update(ctx, id, patch, Basis { version, if_match: conditions.if_match }).await?;
    Ok(Answer::changed(whole(&customers::get(ctx, id).await?)).warned(&warnings(&saved)))
}

/// `DELETE /customers/{id}`: one that nothing names (C-CUS-06).
pub async fn delete(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    mut params: Params,
) -> Result<Response, ApiError> {
    let version = params.version();
    params.finish()?;
    conditions.require(version)?;
    customers::remove(&caller.ctx, id, Basis { version, if_match: conditions.if_match }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /customers/{id}/history`: every change, newest first (C-CUS-04).
pub async fn history(caller: Caller, Id(id): Id, mut params: Params) -> Result<Answer, ApiError> {
    let cursor = params.text("cursor");
    params.finish()?;
    let page = customers::history(&caller.ctx, id, &cursor).await?;
    let items = page
        .items
        .iter()
        .map(|change| {
            object([
                ("id", json!(change.id)),
                ("at", json!(change.at)),
                ("by", json::actor(&change.by, true)),
                ("kind", json!(change.kind)),
                ("changes", value(&change.changes)),
            ])
        })
        .collect();
    Ok(Answer::ok(json::list(items, page.next_cursor, page.count)))
}

/// `POST /customers/import`: looks at an upload, or takes in what was looked at (C-IMP-02, C-IMP-03).
pub async fn import(
    caller: Caller,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let mode = body.required("mode");
    let is_run = mode == "run";
    if !mode.is_empty() && mode != "preview" && !is_run {
        body.wrong("mode", Code::Invalid);
    }
    let (upload, preview, entity) = (body.text("upload"), body.text("preview"), body.text("entity"));
    let (ignore, only_right_rows) = (body.flag("ignore_unknown"), body.flag("only_right_rows"));
    if is_run && preview.is_empty() {
        body.wrong("preview", Code::Required);
    }
    if mode == "preview" && upload.is_empty() {
        body.wrong("upload", Code::Required);
    }
    body.finish()?;
    let ctx = &caller.ctx;
    if !is_run {
        return Ok(Answer::ok(looked_at(&customers::preview(ctx, &upload, &entity, ignore).await?)));
    }
    let once = Once::begin(ctx, &key, "customers_imported", None).await?;
    let form = ImportCustomers { preview, only_right_rows, ignore_unknown: ignore, key: key.0.clone() };
    let done = customers::import(ctx, &form).await?;
    let answer =
        object([("created", json!(done.created)), ("updated", json!(done.updated)), ("skipped", json!(done.skipped))]);
    once.finish(ctx, Answer::ok(answer)).await
}

fn looked_at(preview: &ImportPreview) -> Value {
    object([
        ("preview", json!(preview.id)),
        ("file", json!(preview.file)),
        ("entity", value(&preview.entity)),
        ("unknown_columns", json!(preview.unknown_columns)),
        ("create", json!(preview.created)),
        ("update", json!(preview.updated)),
        ("unchanged", json!(preview.unchanged)),
        ("wrong", json!(preview.wrong)),
        ("errors", value(&preview.errors)),
        ("errors_left_out", json!(preview.left_out)),
    ])
}

fn patch(body: &mut Fields) -> CustomerPatch {
    CustomerPatch {
        name: body.patch("name"),
        legal_name: body.patch("legal_name"),
        document_id: body.patch("document_id"),
        contacts: contacts(body),
        segment: body.patch("segment"),
        responsible: body.patch("responsible"),
        status: body.patch("status"),
        entity: body.patch("entity"),
        recursive: body.switch("recursive"),
    }
}

/// The whole list; absent stays as it is, `null` empties it.
fn contacts(body: &mut Fields) -> Option<Vec<Contact>> {
    if !body.has("contacts") {
        return None;
    }
    let mut out = Vec::new();
    for mut contact in body.objects("contacts") {
        out.push(Contact {
            name: contact.text("name"),
            role: contact.text("role"),
            email: contact.text("email"),
            phone: contact.text("phone"),
            is_primary: contact.flag("is_primary"),
        });
        body.absorb(contact);
    }
    Some(out)
}

/// `similar_name`, with the others (C-CUS-01).
fn warnings(saved: &Saved) -> Vec<Warning> {
    if saved.similar.is_empty() {
        return Vec::new();
    }
    vec![Warning { code: "similar_name".to_owned(), data: json!({ "ids": saved.similar }) }]
}

/// A customer on the wire.
fn whole(view: &CustomerView) -> Value {
    let last = view.last.map(|(day, impact)| json!({ "occurred_on": day, "impact": impact.as_str() }));
    object([
        ("id", json!(view.id)),
        ("name", json!(view.name)),
        ("legal_name", json!(view.legal_name)),
        ("document_id", json!(view.document_id)),
        ("contacts", value(&view.contacts)),
        ("segment", value(&view.segment)),
        ("responsible", value(&view.responsible)),
        ("status", json!(view.status.as_str())),
        ("entity", value(&view.entity)),
        ("recursive", json!(view.recursive)),
        ("last_occurrence", json!(last)),
        ("created_at", json!(view.created_at)),
        ("updated_at", json!(view.updated_at)),
        ("version", json!(view.version)),
    ])
}

//! Customer occurrences, their report and its export (customers.md sections 2 to 4; api.md section 10).

pub mod table;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::error::Code;
use domain::forms::{CustomerImage, CustomerOccurrencePatch};
use domain::views::{
    CustomerImageView, CustomerOccurrenceRevision, CustomerOccurrenceView, ReportQuery, ReportShare, ReportView,
};
use serde_json::{Value, json};
use service::customer_occurrences::{self, Basis, Door};
use uuid::Uuid;

use super::body::{JsonBody, OptionalBody};
use super::extract::{Caller, Conditions, Id, Key, Params};
use super::fields::Fields;
use super::json::{self, Answer, Cut, object, value};
use super::problem::ApiError;
use super::replay::Once;
use super::tickets::place;

/// `GET /customer-occurrences`: newest first, deleted ones left out.
pub async fn list(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let query = filters(&mut params, true);
    params.finish()?;
    Ok(Answer::ok(page(customer_occurrences::rows(&caller.ctx, &query).await?)))
}

/// `GET /customers/{id}/occurrences`: of one customer, with what is left of deleted ones (C-OCC-09).
pub async fn of_customer(caller: Caller, Id(id): Id, mut params: Params) -> Result<Answer, ApiError> {
    let query = filters(&mut params, true);
    params.finish()?;
    Ok(Answer::ok(page(customer_occurrences::of_customer(&caller.ctx, id, &query).await?)))
}

fn page(page: domain::views::Page<CustomerOccurrenceView>) -> Value {
    json::list(page.items.iter().map(whole).collect(), page.next_cursor, page.count)
}

/// The filters of C-REP-01; `whole` = without a period everything, as lists are asked for.
fn filters(params: &mut Params, whole: bool) -> ReportQuery {
    let (from, to) = (params.text("from"), params.text("to"));
    ReportQuery {
        impact: params.words("impact", &["positive", "neutral", "negative"]),
        category: params.ids("category", &[]),
        customer: params.ids("customer", &[]),
        responsible: params.ids("responsible", &["me", "none"]),
        segment: params.ids("segment", &["none"]),
        entity: params.ids("entity", &[]),
        entity_only: params.flag("entity_only"),
        cursor: params.text("cursor"),
        limit: params.limit(),
        count: params.flag("count"),
        whole: whole && from.is_empty() && to.is_empty(),
        from,
        to,
    }
}

/// `POST /customer-occurrences`.
pub async fn create(caller: Caller, key: Key, params: Params, JsonBody(body): JsonBody) -> Result<Answer, ApiError> {
    register(caller, None, &key, params, body).await
}

/// `POST /customers/{id}/occurrences`: the customer of the path, no other.
pub async fn create_of_customer(
    caller: Caller,
    Id(id): Id,
    key: Key,
    params: Params,
    JsonBody(body): JsonBody,
) -> Result<Answer, ApiError> {
    register(caller, Some(id), &key, params, body).await
}

async fn register(
    caller: Caller,
    fixed: Option<Uuid>,
    key: &Key,
    params: Params,
    mut body: Fields,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let door = Door { customer: body.text("customer"), fixed, draft: String::new() };
    let patch = patch(&mut body);
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, key, "customer_occurrence", None).await?;
    let id = customer_occurrences::create(ctx, door, patch, &key.0).await?;
    let view = customer_occurrences::get(ctx, id).await?;
    once.finish(ctx, Answer::created(&format!("/customer-occurrences/{id}"), whole(&view))).await
}

/// `GET /customer-occurrences/{id}`.
pub async fn show(caller: Caller, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(whole(&customer_occurrences::get(&caller.ctx, id).await?)))
}

/// `PATCH /customer-occurrences/{id}`; its customer cannot be changed (C-OCC-07).
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
    customer_occurrences::update(ctx, id, patch, Basis { version, if_match: conditions.if_match }).await?;
    Ok(Answer::changed(whole(&customer_occurrences::get(ctx, id).await?)))
}

/// `DELETE /customer-occurrences/{id}`: a tombstone stays.
pub async fn delete(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    mut params: Params,
) -> Result<Response, ApiError> {
    let version = params.version();
    params.finish()?;
    conditions.require(version)?;
    let basis = Basis { version, if_match: conditions.if_match };
    customer_occurrences::set_removed(&caller.ctx, id, true, basis).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /customer-occurrences/{id}/actions/restore`.
pub async fn restore(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    params: Params,
    OptionalBody(mut body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let version = body.version();
    body.finish()?;
    let ctx = &caller.ctx;
    let basis = Basis { version, if_match: conditions.if_match };
    customer_occurrences::set_removed(ctx, id, false, basis).await?;
    Ok(Answer::changed(whole(&customer_occurrences::get(ctx, id).await?)))
}

/// `GET /customer-occurrences/{id}/revisions`.
pub async fn revisions(caller: Caller, Id(id): Id, mut params: Params) -> Result<Answer, ApiError> {
    let cut = Cut::read(&mut params);
    params.finish()?;
    let rows = customer_occurrences::revisions(&caller.ctx, id).await?;
    let rows = rows.iter().map(|row| (place(row.revision), revision(row))).collect();
    cut.page(&caller.ctx, &format!("customer-revisions:{id}"), rows).map(Answer::ok)
}

/// `GET /customer-occurrences/report` (C-REP-02).
pub async fn report(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let query = filters(&mut params, false);
    params.finish()?;
    Ok(Answer::ok(numbers(&customer_occurrences::report(&caller.ctx, &query).await?)))
}

/// `GET /customer-occurrences/export` (C-REP-04).
pub async fn export(caller: Caller, mut params: Params) -> Result<Response, ApiError> {
    let format = params.word("format", &["csv", "xlsx"]);
    let separator = params.text("separator");
    let separator = match separator.as_str() {
        "" => None,
        "," => Some(','),
        ";" => Some(';'),
        "tab" | "\t" => Some('\t'),
        _ => {
            params.wrong("separator", Code::Invalid);
            None
        }
    };
    let query = filters(&mut params, false);
    params.finish()?;
    let ctx = &caller.ctx;
    Ok(if format == "xlsx" { table::xlsx(ctx, query).await? } else { table::csv(ctx, query, separator).await? })
}

fn patch(body: &mut Fields) -> CustomerOccurrencePatch {
    CustomerOccurrencePatch {
        body: body.patch("body"),
        category: body.patch("category"),
        impact: body.patch("impact"),
        occurred_on: body.patch("occurred_on"),
        ticket: body.patch_number("ticket"),
        images: images(body),
    }
}

/// The whole list, each an own upload or an image it has already; absent stays as it is, `null` empties it.
fn images(body: &mut Fields) -> Option<Vec<CustomerImage>> {
    if !body.has("images") {
        return None;
    }
    let mut out = Vec::new();
    for mut image in body.objects("images") {
        let (upload, id) = (image.text("upload"), image.text("id"));
        let alt = image.text("alt");
        if upload.is_empty() == id.is_empty() {
            // One of both says which image it is.
            image.wrong("upload", if id.is_empty() { Code::Required } else { Code::NotAllowed });
        }
        out.push(CustomerImage { id: if upload.is_empty() { id } else { upload }, alt });
        body.absorb(image);
    }
    Some(out)
}

fn image(view: &CustomerImageView) -> Value {
    object([
        ("id", json!(view.id)),
        ("name", json!(view.name)),
        ("alt", json!(view.said)),
        ("size", json!(view.size)),
        ("media_type", json!(view.media_type)),
    ])
}

/// An occurrence on the wire; of a deleted one that it was (C-OCC-09).
fn whole(view: &CustomerOccurrenceView) -> Value {
    let author = json::actor(&view.author, true);
    if let Some(removed) = &view.removed {
        return object([
            ("id", json!(view.id)),
            ("customer", value(&view.customer)),
            ("author", author),
            ("registered_at", json!(view.registered_at)),
            ("removed", json!({ "by": json::actor(&removed.by, true), "at": removed.at })),
            ("version", json!(view.version)),
        ]);
    }
    object([
        ("id", json!(view.id)),
        ("customer", value(&view.customer)),
        ("body", json!(view.body)),
        ("category", value(&view.category)),
        ("impact", json!(view.impact.map(domain::customer::Impact::as_str))),
        ("occurred_on", json!(view.occurred_on)),
        ("images", view.images.iter().map(image).collect()),
        ("ticket", json!(view.ticket)),
        ("author", author),
        ("registered_at", json!(view.registered_at)),
        ("edited_at", json!(view.edited_at)),
        ("edited_by", view.edited_by.as_ref().map_or(Value::Null, |by| json::actor(by, true))),
        ("removed", Value::Null),
        ("version", json!(view.version)),
    ])
}

fn revision(row: &CustomerOccurrenceRevision) -> Value {
    object([
        ("revision", json!(row.revision)),
        ("at", json!(row.at)),
        ("by", json::actor(&row.by, true)),
        ("body", json!(row.body)),
        ("diff", value(&row.diff)),
        ("category", value(&row.category)),
        ("impact", json!(row.impact.as_str())),
        ("occurred_on", json!(row.occurred_on)),
        ("images", row.images.iter().map(image).collect()),
        ("ticket", json!(row.ticket)),
    ])
}

fn numbers(report: &ReportView) -> Value {
    let counts = &report.by_impact;
    let share = |share: &ReportShare| {
        let (id, name) = share.of.as_ref().map(|of| (of.id, of.name.clone())).unzip();
        object([("id", json!(id)), ("name", json!(name)), ("count", json!(share.count))])
    };
    let buckets: Value = report
        .buckets
        .iter()
        .map(|bucket| {
            object([
                ("from", json!(bucket.from)),
                ("to", json!(bucket.to)),
                ("positive", json!(bucket.counts.positive)),
                ("neutral", json!(bucket.counts.neutral)),
                ("negative", json!(bucket.counts.negative)),
            ])
        })
        .collect();
    object([
        ("from", json!(report.from)),
        ("to", json!(report.to)),
        ("total", json!(counts.total())),
        ("by_impact", json!({ "positive": counts.positive, "neutral": counts.neutral, "negative": counts.negative })),
        ("by_category", report.by_category.iter().map(share).collect()),
        ("by_customer", report.by_customer.iter().map(share).collect()),
        ("buckets", buckets),
    ])
}

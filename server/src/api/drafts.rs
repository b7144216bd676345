//! Drafts: what the caller typed elsewhere and has not sent (T-DRF); only his own.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::SaveDraft;
use serde_json::{Map, Value, json};
use service::drafts;

use super::body::JsonBody;
use super::extract::{Caller, DraftName, Params};
use super::json::{Answer, Cut, draft};
use super::problem::ApiError;

/// Kinds of forms that have drafts; another one is no address.
const KINDS: [&str; 10] = [
    "occurrence",
    "occurrence_edit",
    "task",
    "solution",
    "message",
    "chat",
    "validation",
    "ticket",
    "article",
    "customer_occurrence",
];

fn known(name: DraftName) -> Result<DraftName, ApiError> {
    if KINDS.contains(&name.kind.as_str()) { Ok(name) } else { Err(ApiError::NOT_FOUND) }
}

/// `GET /drafts`: the last saved first.
pub async fn list(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let cut = Cut::read(&mut params);
    params.finish()?;
    let rows = drafts::list(&caller.ctx).await?.iter().map(|view| (view.id, draft(view))).collect();
    cut.page(&caller.ctx, "drafts", rows).map(Answer::ok)
}

/// `GET /drafts/{kind}/{object}`.
pub async fn show(caller: Caller, name: DraftName, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    let name = known(name)?;
    let found = drafts::find(&caller.ctx, &name.kind, &name.object).await?.ok_or(ApiError::NOT_FOUND)?;
    Ok(Answer::ok(draft(&found)))
}

/// `PUT /drafts/{kind}/{object}`: the fields as the form names them, texts and lists of texts. Numbers and switches are kept
/// as the texts the forms carry.
pub async fn save(
    caller: Caller,
    name: DraftName,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let mut fields = match body.raw("fields") {
        Some(Value::Object(fields)) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, as_text(value)))
            .collect(),
        None | Some(Value::Null) => {
            body.wrong("fields", Code::Required);
            Map::new()
        }
        Some(_) => {
            body.wrong("fields", Code::Invalid);
            Map::new()
        }
    };
    let attachments = body.texts("attachments");
    body.finish()?;
    let name = known(name)?;
    if let Some(ids) = attachments {
        fields.insert("attachments".to_owned(), json!(ids));
    }
    let form = SaveDraft {
        kind: name.kind,
        object: name.object,
        fields: Value::Object(fields).to_string(),
        device: String::new(),
    };
    let saved = drafts::save(&caller.ctx, form).await.map_err(|error| in_body(error.public))?;
    Ok(Answer::changed(draft(&saved)))
}

fn as_text(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Bool(on) => Value::String(on.to_string()),
        other => other,
    }
}

/// A name in the path that cannot be one is an unknown address, not a wrong field.
fn in_body(error: AppError) -> ApiError {
    let AppError::Invalid(FieldErrors(errors)) = error else { return error.into() };
    if errors.iter().any(|e| e.field == "kind" || e.field == "object") {
        return ApiError::NOT_FOUND;
    }
    FieldErrors(errors).into()
}

/// `DELETE /drafts/{kind}/{object}`: that there was none is no failure.
pub async fn discard(caller: Caller, name: DraftName, params: Params) -> Result<Response, ApiError> {
    params.finish()?;
    let name = known(name)?;
    drafts::discard(&caller.ctx, &name.kind, &name.object).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

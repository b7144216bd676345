//! Articles that a ticket uses, as links of the kind `article` (T-KNO-03, api.md section 9). The id of a link is that of its article:
//! a ticket has one to each.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::error::{AppError, Code};
use domain::views::LinkedArticle;
use serde_json::{Value, json};
use service::knowledge;
use uuid::Uuid;

use super::body::JsonBody;
use super::extract::{Caller, Id, Key, Number, Params};
use super::json::{self, Answer, actor, object};
use super::problem::ApiError;
use super::replay::Once;

/// `GET /tickets/{number}/links`.
pub async fn list(caller: Caller, Number(number): Number, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    let found = knowledge::of_ticket(&caller.ctx, number, "", "").await?;
    Ok(Answer::ok(json::list(found.linked.iter().map(link).collect(), None, None)))
}

/// `POST /tickets/{number}/links`.
pub async fn create(
    caller: Caller,
    Number(number): Number,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let kind = body.required("kind");
    if !kind.is_empty() && kind != "article" {
        body.wrong("kind", Code::Invalid);
    }
    let target = body.required("target");
    body.finish()?;
    // Ids may be written in capitals, too.
    let target = target.trim().parse::<Uuid>().map_or(target, |id| id.to_string());
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "link", Some(number)).await?;
    knowledge::link(ctx, number, &target).await.map_err(|error| at_target(error.public))?;
    let found = knowledge::of_ticket(ctx, number, "", "").await?;
    let made = found.linked.iter().find(|link| link.id.to_string() == target).ok_or(AppError::NotFound)?;
    once.finish(ctx, Answer::created(&format!("/tickets/{number}/links/{target}"), link(made))).await
}

/// What the service tells at `article` was sent as `target`.
fn at_target(error: AppError) -> AppError {
    match error {
        AppError::Invalid(wrong) if wrong.of("article").is_some() => AppError::field("target", Code::UnknownReference),
        other => other,
    }
}

/// `DELETE /tickets/{number}/links/{id}`.
pub async fn delete(caller: Caller, Number(number): Number, Id(id): Id, params: Params) -> Result<Response, ApiError> {
    params.finish()?;
    knowledge::unlink(&caller.ctx, number, &id.to_string()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn link(link: &LinkedArticle) -> Value {
    let target = link.row.as_ref().map_or(Value::Null, |row| {
        object([("id", json!(row.id)), ("title", json!(row.title)), ("language", json!(row.language))])
    });
    object([
        ("id", json!(link.id)),
        ("kind", json!("article")),
        ("target", target),
        ("removed", json!(link.is_removed)),
        ("by", actor(&link.by, true)),
        ("at", json!(link.at)),
    ])
}

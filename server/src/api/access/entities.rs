//! Entities made, renamed, moved, taken away.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::forms::EntityPatch;
use serde_json::Value;
use service::{Ctx, access, people};
use uuid::Uuid;

use super::{reference, text, versions};
use crate::api::body::JsonBody;
use crate::api::extract::{Caller, Conditions, Id, Key, Params};
use crate::api::json::{Answer, value};
use crate::api::problem::ApiError;
use crate::api::replay::Once;

/// `POST /entities`.
pub async fn create(
    caller: Caller,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let patch = EntityPatch { name: text(&mut body, "name"), parent: reference(&mut body, "parent") };
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "create_entity", None).await?;
    let id = access::create_entity(ctx, patch, &key.0).await?;
    let answer = Answer::created(&format!("/entities/{id}"), shown(ctx, id).await?);
    once.finish(ctx, answer).await
}

/// `PATCH /entities/{id}`.
pub async fn update(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let version = body.version();
    let patch = EntityPatch { name: text(&mut body, "name"), parent: reference(&mut body, "parent") };
    body.finish()?;
    conditions.require(version)?;
    access::save_entity(&caller.ctx, &id.to_string(), patch, versions(conditions, version)).await?;
    Ok(Answer::changed(shown(&caller.ctx, id).await?))
}

/// `DELETE /entities/{id}`.
pub async fn delete(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    mut params: Params,
) -> Result<Response, ApiError> {
    let version = params.version();
    params.finish()?;
    conditions.require(version)?;
    access::delete_entity(&caller.ctx, &id.to_string(), versions(conditions, version)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The entity as the caller sees it with the rights he has now.
async fn shown(ctx: &Ctx, id: Uuid) -> Result<Value, ApiError> {
    let ctx = access::refreshed(ctx).await?;
    Ok(value(&people::entity(&ctx, &id.to_string()).await?))
}

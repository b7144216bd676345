//! Groups made, changed, taken away.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::forms::GroupPatch;
use service::{access, people};

use super::{reference, references, text, versions};
use crate::api::body::JsonBody;
use crate::api::extract::{Caller, Conditions, Id, Key, Params};
use crate::api::fields::Fields;
use crate::api::json::{Answer, value};
use crate::api::problem::ApiError;
use crate::api::replay::Once;

/// `POST /groups`.
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
    let once = Once::begin(ctx, &key, "create_group", None).await?;
    let id = access::create_group(ctx, patch, &key.0).await?;
    let group = people::group(ctx, &id.to_string()).await?;
    once.finish(ctx, Answer::created(&format!("/groups/{id}"), value(&group))).await
}

/// `PATCH /groups/{id}`.
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
    access::save_group(&caller.ctx, &id.to_string(), patch, versions(conditions, version)).await?;
    Ok(Answer::changed(value(&people::group(&caller.ctx, &id.to_string()).await?)))
}

/// `DELETE /groups/{id}`.
pub async fn delete(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    mut params: Params,
) -> Result<Response, ApiError> {
    let version = params.version();
    params.finish()?;
    conditions.require(version)?;
    access::delete_group(&caller.ctx, &id.to_string(), versions(conditions, version)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn patch(body: &mut Fields) -> GroupPatch {
    GroupPatch {
        name: text(body, "name"),
        entity: reference(body, "entity"),
        recursive: body.switch("recursive"),
        may_be_assigned: body.switch("may_be_assigned"),
        may_be_asked: body.switch("may_be_asked"),
        may_be_requester: body.switch("may_be_requester"),
        members: references(body, "members"),
        managers: references(body, "managers"),
        extra_addresses: body.texts("extra_addresses"),
        mandatory_notifications: body.texts("mandatory_notifications"),
    }
}

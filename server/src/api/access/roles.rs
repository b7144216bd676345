//! Roles read, copied, changed, taken away; why somebody may do something.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::forms::{RolePatch, WhyForm};
use domain::views::{HeldRole, RoleEffect, RoleView};
use serde_json::{Value, json};
use service::{Ctx, access};
use uuid::Uuid;

use super::{text, versions};
use crate::api::body::JsonBody;
use crate::api::extract::{Caller, Conditions, Id, Key, Params};
use crate::api::json::{Answer, Cut, object, value};
use crate::api::problem::ApiError;
use crate::api::replay::Once;

/// `GET /roles`.
pub async fn list(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let cut = Cut::read(&mut params);
    params.finish()?;
    let roles = access::roles(&caller.ctx).await?.roles;
    let rows = roles.iter().map(|row| (row.role.id, role(row))).collect();
    Ok(Answer::ok(cut.page(&caller.ctx, "roles", rows)?))
}

/// `POST /roles`.
pub async fn create(
    caller: Caller,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let patch = RolePatch { name: text(&mut body, "name"), capabilities: body.texts("capabilities") };
    let copy_of = body.text("copy_of");
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "create_role", None).await?;
    let id = access::create_role(ctx, patch, &copy_of, &key.0).await?;
    let answer = Answer::created(&format!("/roles/{id}"), shown(ctx, id).await?);
    once.finish(ctx, answer).await
}

async fn shown(ctx: &Ctx, id: Uuid) -> Result<Value, ApiError> {
    Ok(role(&access::role_page(ctx, &id.to_string(), "").await?.role))
}

/// `PATCH /roles/{id}`: says who gains or loses what.
pub async fn update(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let version = body.version();
    let patch = RolePatch { name: text(&mut body, "name"), capabilities: body.texts("capabilities") };
    body.finish()?;
    conditions.require(version)?;
    let saved = access::save_role(&caller.ctx, &id.to_string(), patch, versions(conditions, version)).await?;
    let mut answer = role(&saved.role);
    if let Some(map) = answer.as_object_mut() {
        map.insert("effects".to_owned(), saved.effects.iter().map(effect).collect());
    }
    Ok(Answer::changed(answer))
}

/// `DELETE /roles/{id}`.
pub async fn delete(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    mut params: Params,
) -> Result<Response, ApiError> {
    let version = params.version();
    params.finish()?;
    conditions.require(version)?;
    access::delete_role(&caller.ctx, &id.to_string(), versions(conditions, version)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /roles/why`.
pub async fn why(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let form = WhyForm {
        user: params.id("user").map(|id| id.to_string()).unwrap_or_default(),
        capability: params.text("capability"),
        ticket: params.text("ticket"),
    };
    params.finish()?;
    let why = access::why(&caller.ctx, form).await?;
    let because = why.because.iter().map(held).collect();
    Ok(Answer::ok(object([("allowed", json!(why.allowed)), ("because", Value::Array(because))])))
}

fn held(role: &HeldRole) -> Value {
    let name = object([("id", json!(role.role.id)), ("name", json!(role.role.name))]);
    object([("entity", value(&role.entity)), ("role", name), ("recursive", json!(role.recursive))])
}

fn role(row: &RoleView) -> Value {
    let key = Some(row.role.key.as_str()).filter(|key| !key.is_empty());
    object([
        ("id", json!(row.role.id)),
        ("key", json!(key)),
        ("name", json!(row.role.name)),
        ("shipped", json!(row.shipped)),
        ("capabilities", json!(row.capabilities)),
        ("people", json!(row.people)),
        ("version", json!(row.version)),
    ])
}

fn effect(effect: &RoleEffect) -> Value {
    object([
        ("gained", json!(effect.gained)),
        ("lost", json!(effect.lost)),
        ("people", json!(effect.people)),
        ("users", value(&effect.names)),
    ])
}

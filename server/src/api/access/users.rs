//! Accounts made, changed, disabled, forgotten, invited.

use axum::routing::{MethodRouter, post};
use domain::error::Code;
use domain::forms::{GrantForm, RunUserCommand, UserCommand, UserPatch};
use serde_json::{Value, json};
use service::{Ctx, access, people};
use uuid::Uuid;

use super::{reference, text, versions};
use crate::api::Api;
use crate::api::body::{JsonBody, OptionalBody};
use crate::api::extract::{Caller, Conditions, Id, Key, Params};
use crate::api::fields::Fields;
use crate::api::json::{Answer, object, value};
use crate::api::problem::ApiError;
use crate::api::replay::Once;

/// `POST /users`.
pub async fn create(
    caller: Caller,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let mut patch = patch(&mut body);
    body.finish()?;
    if patch.entity.is_none() {
        // He lives where he works.
        patch.entity = patch.assignments.iter().flatten().next().map(|first| first.entity.clone());
    }
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "create_user", None).await?;
    let made = access::create_user(ctx, patch, false, &key.0).await?;
    let answer = Answer::created(&format!("/users/{}", made.id), shown(ctx, made.id).await?);
    once.finish(ctx, answer).await
}

/// `PATCH /users/{id}`.
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
    access::save_user(&caller.ctx, &id.to_string(), patch, versions(conditions, version)).await?;
    Ok(Answer::changed(shown(&caller.ctx, id).await?))
}

/// The route of a command.
pub fn action(command: UserCommand) -> MethodRouter<Api> {
    post(move |caller: Caller, id: Id, key: Key, conditions: Conditions, params: Params, body: OptionalBody| {
        run(command, caller, id, key, conditions, params, body)
    })
}

async fn run(
    command: UserCommand,
    caller: Caller,
    Id(id): Id,
    key: Key,
    conditions: Conditions,
    params: Params,
    OptionalBody(mut body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let version = body.version();
    let hand_over_to = if command == UserCommand::Disable { body.actor("hand_over_to") } else { String::new() };
    body.finish()?;
    let ctx = &caller.ctx;
    // A secret is kept nowhere, so an invitation is made anew whatever the key.
    let is_secret = command == UserCommand::Invite;
    let kept = if is_secret { String::new() } else { key.0.clone() };
    let form = RunUserCommand { id: id.to_string(), command, version: 0, hand_over_to, key: kept };
    if is_secret {
        let done = access::run_user_command(ctx, form, versions(conditions, version)).await?;
        return Ok(Answer::ok(invitation(ctx, &done.invitation.unwrap_or_default())));
    }
    let once = Once::begin(ctx, &key, "user_command", None).await?;
    let done = access::run_user_command(ctx, form, versions(conditions, version)).await;
    done.map_err(|error| conditions.told(error.into()))?;
    let answer = Answer::changed(shown(ctx, id).await?);
    once.finish(ctx, answer).await
}

fn invitation(ctx: &Ctx, secret: &str) -> Value {
    object([("link", json!(format!("{}/invitation?token={secret}", ctx.services.base_url)))])
}

/// The person as the caller sees him with the rights he has now.
async fn shown(ctx: &Ctx, id: Uuid) -> Result<Value, ApiError> {
    let ctx = access::refreshed(ctx).await?;
    Ok(value(&people::user(&ctx, &id.to_string()).await?))
}

fn patch(body: &mut Fields) -> UserPatch {
    UserPatch {
        name: text(body, "name"),
        email: text(body, "email"),
        language: text(body, "language"),
        time_zone: text(body, "time_zone"),
        phone: body.patch("phone"),
        extension: body.patch("extension"),
        entity: reference(body, "entity"),
        assignments: assignments(body),
    }
}

fn assignments(body: &mut Fields) -> Option<Vec<GrantForm>> {
    if !body.has("assignments") {
        return None;
    }
    let mut out = Vec::new();
    for mut item in body.objects("assignments") {
        let entity = reference(&mut item, "entity").unwrap_or_default();
        let role = reference(&mut item, "role").unwrap_or_default();
        if entity.is_empty() {
            item.wrong("entity", Code::Required);
        }
        if role.is_empty() {
            item.wrong("role", Code::Required);
        }
        out.push(GrantForm { entity, role, recursive: item.flag("recursive") });
        body.absorb(item);
    }
    Some(out)
}

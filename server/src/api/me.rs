//! The caller himself: profile and password.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{ChangePassword, Patch, SaveProfile};
use service::{Ctx, account, people};

use super::auth::secret;
use super::body::JsonBody;
use super::extract::{Caller, Conditions, Params};
use super::fields::Fields;
use super::json::{Answer, value};
use super::problem::ApiError;

/// Fields of `preferences` that this release stores.
const PREFERENCES: [&str; 3] = ["default_visibility", "timeline_order", "show_events"];

/// `GET /me`.
pub async fn show(caller: Caller, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(value(&people::me(&caller.ctx).await?)))
}

/// `PATCH /me`: fields of one person are independent of each other, so the last save of each counts.
pub async fn update(
    caller: Caller,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let version = body.version();
    let form = profile(&mut body);
    body.finish()?;
    conditions.require(version)?;
    let ctx = &caller.ctx;
    if conditions.if_match.is_some_and(|wanted| wanted != ctx.actor.user.version) {
        return Err(AppError::PreconditionFailed(ctx.actor.user.version).into());
    }
    account::save(ctx, form).await.map_err(|error| below_preferences(error.public))?;
    // Language and zone of the answer are those just saved: the context still holds the former ones.
    let ctx = match service::events::renewed(ctx).await? {
        Some(renewed) => renewed,
        None => Ctx::clone(ctx),
    };
    Ok(Answer::changed(value(&people::me(&ctx).await?)))
}

fn profile(body: &mut Fields) -> SaveProfile {
    let mut form = SaveProfile {
        language: kept(body, "language"),
        time_zone: kept(body, "time_zone"),
        theme: kept(body, "theme"),
        density: kept(body, "density"),
        signature: match body.patch("signature") {
            Patch::Keep => None,
            Patch::Clear => Some(String::new()),
            Patch::Set(text) => Some(text),
        },
        ..SaveProfile::default()
    };
    if let Some(mut preferences) = body.object("preferences") {
        form.default_visibility = kept(&mut preferences, "default_visibility");
        form.timeline_order = kept(&mut preferences, "timeline_order");
        if preferences.has("show_events") {
            form.show_events = preferences.flag("show_events").to_string();
        }
        body.absorb(preferences);
    }
    form
}

/// A field that cannot be empty: absent leaves it as it is.
fn kept(body: &mut Fields, field: &str) -> String {
    match body.patch(field) {
        Patch::Keep => String::new(),
        Patch::Set(text) if !text.is_empty() => text,
        Patch::Clear | Patch::Set(_) => {
            body.wrong(field, Code::Required);
            String::new()
        }
    }
}

/// The service names fields as its form does; here they stand one level deeper.
fn below_preferences(error: AppError) -> ApiError {
    let AppError::Invalid(errors) = error else { return error.into() };
    let mut out = FieldErrors::new();
    for wrong in errors.0 {
        let is_preference = PREFERENCES.contains(&wrong.field.as_str());
        out.add(if is_preference { format!("preferences.{}", wrong.field) } else { wrong.field }, wrong.code);
    }
    out.into()
}

/// `POST /me/password`: all other sessions and tokens end.
pub async fn password(caller: Caller, params: Params, JsonBody(mut body): JsonBody) -> Result<Response, ApiError> {
    params.finish()?;
    let form = ChangePassword {
        current_password: secret(&mut body, "current_password"),
        new_password: secret(&mut body, "new_password"),
    };
    body.finish()?;
    account::change_password(&caller.ctx, form).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

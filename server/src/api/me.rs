//! The caller himself: profile and password.

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{ChangePassword, Patch, SaveProfile};
use serde_json::Value;
use service::{Ctx, account, people};

use super::auth::secret;
use super::body::JsonBody;
use super::extract::{Caller, Conditions, Key, Params};
use super::fields::Fields;
use super::json::{Answer, value};
use super::problem::ApiError;
use super::replay::Once;

/// Fields of `preferences`.
const PREFERENCES: [&str; 4] = ["default_visibility", "task_default_visibility", "timeline_order", "show_events"];

/// `GET /me`.
pub async fn show(caller: Caller, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(value(&people::me(&caller.ctx).await?)))
}

/// `PATCH /me`.
pub async fn update(
    caller: Caller,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let version = body.version();
    let form = SaveProfile { version: version.unwrap_or(0), ..profile(&mut body) };
    body.finish()?;
    conditions.require(version)?;
    let ctx = &caller.ctx;
    if conditions.if_match.is_some_and(|wanted| wanted != ctx.actor.user.version) {
        return Err(AppError::PreconditionFailed(ctx.actor.user.version).into());
    }
    account::save_from(ctx, form).await.map_err(|error| below_preferences(error.public))?;
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
        form.task_default_visibility = kept(&mut preferences, "task_default_visibility");
        form.timeline_order = match preferences.patch("timeline_order") {
            Patch::Keep => String::new(),
            // The default of the place.
            Patch::Clear => "none".to_owned(),
            // The word of the form is none of the API.
            Patch::Set(text) if text == "none" || text.is_empty() => "?".to_owned(),
            Patch::Set(text) => text,
        };
        form.show_events = match preferences.raw("show_events") {
            None => String::new(),
            Some(Value::Bool(on)) => on.to_string(),
            Some(other) => {
                let code = if other.is_null() { Code::Required } else { Code::Invalid };
                preferences.wrong("show_events", code);
                String::new()
            }
        };
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
    let named = |field: String| {
        if PREFERENCES.contains(&field.as_str()) { format!("preferences.{field}") } else { field }
    };
    match error {
        AppError::Invalid(errors) => {
            let mut out = FieldErrors::new();
            for wrong in errors.0 {
                out.add(named(wrong.field), wrong.code);
            }
            out.into()
        }
        AppError::Conflict { version, mut conflicts } => {
            for conflict in &mut conflicts {
                conflict.field = named(std::mem::take(&mut conflict.field));
            }
            AppError::Conflict { version, conflicts }.into()
        }
        other => other.into(),
    }
}

/// `POST /me/password`: all other sessions and tokens end.
pub async fn password(
    caller: Caller,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let form = ChangePassword {
        current_password: secret(&mut body, "current_password"),
        new_password: secret(&mut body, "new_password"),
    };
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "password", None).await?;
    account::change_password_once(ctx, form, &key.0).await?;
    once.finish(ctx, Answer::nothing()).await
}

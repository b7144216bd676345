//! The own profile and the own password.

use chrono_tz::Tz;
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{ChangePassword, SaveProfile};
use domain::lang::Lang;
use domain::text;
use sea_orm::Value;
use unicode_normalization::UnicodeNormalization;

use super::{passwords, sessions};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::{Work, write};

const SIGNATURE_MAX: usize = 2_000;

/// Saves the fields of the own profile that are not empty; the new version of the account is the answer.
///
/// Fields are independent of each other and of one person: the last save of each counts, whatever `version` says.
///
/// # Errors
/// `Invalid` with every wrong field.
pub async fn save(ctx: &Ctx, form: SaveProfile) -> Result<i32, ServiceError> {
    let changes = changes(form)?;
    if changes.is_empty() {
        return Ok(ctx.actor.user.version);
    }
    write(ctx, move |w| Box::pin(apply(w, changes.clone()))).await
}

async fn apply(w: &Work, changes: Vec<(&'static str, Value)>) -> Result<i32, ServiceError> {
    let mut sql = Sql::new("UPDATE app_user SET version = version + 1");
    for (column, value) in changes {
        sql.push(", ").push(column).push_bind(" = ", value);
    }
    sql.push_bind(" WHERE id = ", w.actor().id());
    sql.run(&w.tx).await?;
    let version: Option<i32> =
        Sql::new("SELECT version FROM app_user WHERE id = ").bind(w.actor().id()).scalar(&w.tx).await?;
    version.ok_or_else(|| AppError::NotFound.into())
}

/// Column and new value of every field that is set.
fn changes(form: SaveProfile) -> Result<Vec<(&'static str, Value)>, AppError> {
    let mut errors = FieldErrors::new();
    let mut out: Vec<(&'static str, Value)> = Vec::new();
    let words: [(&'static str, &str, &[&str]); 5] = [
        ("theme", &form.theme, &["auto", "light", "dark", "contrast", "contrast-dark"]),
        ("density", &form.density, &["compact", "comfortable"]),
        ("default_visibility", &form.default_visibility, &["private", "public"]),
        ("timeline_order", &form.timeline_order, &["asc", "desc"]),
        ("show_events", &form.show_events, &["true", "false"]),
    ];
    for (field, value, allowed) in words {
        if value.is_empty() {
            continue;
        }
        if !allowed.contains(&value) {
            errors.add(field, Code::Invalid);
        } else if field == "show_events" {
            out.push((field, Value::from(value == "true")));
        } else {
            out.push((field, Value::from(value)));
        }
    }
    if !form.language.is_empty()
        && let Some(lang) = errors.check("language", form.language.parse::<Lang>())
    {
        out.push(("language", Value::from(lang.code())));
    }
    if !form.time_zone.is_empty() {
        match form.time_zone.parse::<Tz>() {
            Ok(zone) => out.push(("time_zone", Value::from(zone.name()))),
            Err(_unknown) => errors.add("time_zone", Code::Invalid),
        }
    }
    if let Some(signature) = form.signature {
        let composed: String = signature.nfc().collect();
        let clean = text::normalise_text(&composed);
        if text::length(&clean) > SIGNATURE_MAX {
            errors.add("signature", Code::TooLong);
        }
        out.push(("signature", Value::from(clean)));
    }
    errors.or(Some(out))
}

/// Sets a new password; all other sessions and all other tokens of the person end with it.
///
/// # Errors
/// `Invalid`: `required`, `too_long`, `weak_password`, and `wrong_password` on `current_password`.
pub async fn change_password(ctx: &Ctx, form: ChangePassword) -> Result<(), ServiceError> {
    let user = &ctx.actor.user;
    let mut errors = FieldErrors::new();
    if form.current_password.is_empty() {
        errors.add("current_password", Code::Required);
    }
    errors.check("new_password", passwords::check_new(&form.new_password, [&user.name, &user.email]));
    errors.or(Some(()))?;
    if !passwords::verify(&form.current_password, user.password_hash.as_deref()).await? {
        return Err(AppError::field("current_password", Code::WrongPassword).into());
    }
    let hash = passwords::hash(&form.new_password).await?;
    write(ctx, move |w| Box::pin(replace(w, hash.clone()))).await
}

async fn replace(w: &Work, hash: String) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE app_user SET version = version + 1, password_hash = ");
    sql.bind(hash).push_bind(" WHERE id = ", w.actor().id());
    sql.run(&w.tx).await?;
    sessions::end_others(w).await?;
    let mut sql = Sql::new("DELETE FROM api_token WHERE user_id = ");
    sql.bind(w.actor().id()).push_bind(" AND token_hash <> ", w.actor().credential.clone());
    sql.run(&w.tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bas_04_empty_fields_of_the_profile_stay() {
        assert_eq!(changes(SaveProfile::default()), Ok(Vec::new()));
    }

    #[test]
    fn t_gen_02_every_wrong_field_of_the_profile_is_named() {
        let form = SaveProfile {
            language: "de".into(),
            time_zone: "Mars/Olympus".into(),
            theme: "pink".into(),
            show_events: "maybe".into(),
            signature: Some("x".repeat(2_001)),
            ..SaveProfile::default()
        };
        let Err(AppError::Invalid(errors)) = changes(form) else { panic!("must be refused") };
        for field in ["language", "time_zone", "theme", "show_events"] {
            assert_eq!(errors.of(field), Some(Code::Invalid), "{field}");
        }
        assert_eq!(errors.of("signature"), Some(Code::TooLong));
    }

    #[test]
    fn a_language_is_stored_by_its_code() {
        let form = SaveProfile { language: "PT-br".into(), show_events: "true".into(), ..SaveProfile::default() };
        let changes = changes(form).unwrap();
        assert!(changes.contains(&("language", Value::from("pt-BR"))));
        assert!(changes.contains(&("show_events", Value::from(true))));
    }
}

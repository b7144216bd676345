//! The own profile and the own password.

use chrono_tz::Tz;
use domain::error::{AppError, Code, FieldConflict, FieldErrors};
use domain::forms::{ChangePassword, SaveProfile};
use domain::lang::Lang;
use domain::text;
use entity::app_user;
use sea_orm::{EntityTrait, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

use super::{passwords, sessions};
use crate::audit;
use crate::ctx::Ctx;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::idempotency;
use crate::moments::moment;
use crate::sql::Sql;
use crate::work::{Work, write};

const SIGNATURE_MAX: usize = 2_000;
/// Kind of the audit row that says which fields a version of an account changed.
const CHANGED: &str = "profile_changed";
/// Name of the command for idempotency keys.
const PASSWORD: &str = "password";

/// A field of the account and its new value.
type Change = (&'static str, Value);

/// What a version of an account changed; values are not kept.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Changed {
    version: i32,
    fields: Vec<String>,
}

/// Saves the fields of the own profile that are not empty; the version of the account is the answer.
///
/// Pages save without comparison: the last save of each field counts, whatever `version` says.
///
/// # Errors
/// `Invalid` with every wrong field.
pub async fn save(ctx: &Ctx, form: SaveProfile) -> Result<i32, ServiceError> {
    let changes = changes(form)?;
    write(ctx, move |w| Box::pin(apply(w, changes.clone(), None))).await
}

/// The same from the version the caller has read: what was changed since to another value is refused (A-VER-01).
///
/// # Errors
/// `Invalid` with every wrong field, `Conflict` with every field changed twice.
pub async fn save_from(ctx: &Ctx, form: SaveProfile) -> Result<i32, ServiceError> {
    let from = (form.version > 0).then_some(form.version);
    let changes = changes(form)?;
    write(ctx, move |w| Box::pin(apply(w, changes.clone(), from))).await
}

async fn apply(w: &Work, changes: Vec<Change>, from: Option<i32>) -> Result<i32, ServiceError> {
    let mut select = app_user::Entity::find_by_id(w.actor().id());
    if w.ctx.db().engine() == Engine::Postgres {
        select = select.lock_exclusive();
    }
    let user = select.one(&w.tx).await?.ok_or(AppError::NotFound)?;
    let changes: Vec<Change> = changes.into_iter().filter(|(field, value)| present(&user, field) != *value).collect();
    if let Some(from) = from.filter(|from| *from < user.version) {
        refuse_conflicts(w, &user, &changes, from).await?;
    }
    if changes.is_empty() {
        return Ok(user.version);
    }
    let mut sql = Sql::new("UPDATE app_user SET version = version + 1");
    for (column, value) in &changes {
        sql.push(", ").push(column).push_bind(" = ", bound(value));
    }
    sql.push_bind(" WHERE id = ", user.id);
    sql.run(&w.tx).await?;
    let fields = changes.iter().map(|(field, _)| (*field).to_owned()).collect();
    let changed = Changed { version: user.version + 1, fields };
    audit::record(w, CHANGED, Some(user.entity_id), user.id.to_string(), &changed).await?;
    Ok(changed.version)
}

/// T-GEN-07: fields that this save changes and another save changed since `from`.
async fn refuse_conflicts(w: &Work, user: &app_user::Model, changes: &[Change], from: i32) -> Result<(), ServiceError> {
    let mut sql = Sql::new("SELECT at, data FROM audit WHERE kind = ");
    sql.bind(CHANGED).push_bind(" AND object = ", user.id.to_string()).push(" ORDER BY at DESC, id DESC LIMIT 500");
    let mut since: Vec<(i64, Changed)> = Vec::new();
    for row in sql.rows(&w.tx).await? {
        let data: String = row.try_get("", "data")?;
        since.push((row.try_get("", "at")?, serde_json::from_str(&data).unwrap_or_default()));
    }
    since.retain(|(_, changed)| changed.version > from);
    let actor = w.actor().view();
    let conflict = |(field, value): &Change| {
        let (at, _) = since.iter().find(|(_, changed)| changed.fields.iter().any(|name| name == field))?;
        Some(FieldConflict {
            field: (*field).to_owned(),
            yours: value.clone(),
            theirs: present(user, field),
            by: Some(actor.name.clone()),
            actor: actor.clone(),
            at: moment(*at, w.actor().zone).as_str().to_owned(),
        })
    };
    let conflicts: Vec<FieldConflict> = changes.iter().filter_map(conflict).collect();
    if conflicts.is_empty() { Ok(()) } else { Err(AppError::Conflict { version: user.version, conflicts }.into()) }
}

fn present(user: &app_user::Model, field: &str) -> Value {
    match field {
        "language" => json!(user.language),
        "time_zone" => json!(user.time_zone),
        "theme" => json!(user.theme),
        "density" => json!(user.density),
        "default_visibility" => json!(user.default_visibility),
        "task_default_visibility" => json!(user.task_default_visibility),
        "timeline_order" => json!(user.timeline_order),
        "show_events" => json!(user.show_events),
        "signature" => json!(user.signature),
        _ => Value::Null,
    }
}

fn bound(value: &Value) -> sea_orm::Value {
    match value {
        Value::Bool(on) => (*on).into(),
        Value::String(text) => text.clone().into(),
        _ => None::<String>.into(),
    }
}

/// Column and new value of every field that is set.
fn changes(form: SaveProfile) -> Result<Vec<Change>, AppError> {
    const VISIBILITIES: &[&str] = &["private", "public"];
    let mut errors = FieldErrors::new();
    let mut out: Vec<Change> = Vec::new();
    let words: [(&'static str, &str, &[&str]); 6] = [
        ("theme", &form.theme, &["auto", "light", "dark", "contrast", "contrast-dark"]),
        ("density", &form.density, &["compact", "comfortable"]),
        ("default_visibility", &form.default_visibility, VISIBILITIES),
        ("task_default_visibility", &form.task_default_visibility, VISIBILITIES),
        ("timeline_order", &form.timeline_order, &["asc", "desc", "none"]),
        ("show_events", &form.show_events, &["true", "false"]),
    ];
    for (field, value, allowed) in words {
        if value.is_empty() {
            continue;
        }
        if !allowed.contains(&value) {
            errors.add(field, Code::Invalid);
            continue;
        }
        out.push((
            field,
            match (field, value) {
                ("show_events", value) => json!(value == "true"),
                ("timeline_order", "none") => Value::Null,
                (_, value) => json!(value),
            },
        ));
    }
    if !form.language.is_empty()
        && let Some(lang) = errors.check("language", form.language.parse::<Lang>())
    {
        out.push(("language", json!(lang.code())));
    }
    if !form.time_zone.is_empty() {
        match form.time_zone.parse::<Tz>() {
            Ok(zone) => out.push(("time_zone", json!(zone.name()))),
            Err(_unknown) => errors.add("time_zone", Code::Invalid),
        }
    }
    if let Some(signature) = form.signature {
        let composed: String = signature.nfc().collect();
        let clean = text::normalise_text(&composed);
        if text::length(&clean) > SIGNATURE_MAX {
            errors.add("signature", Code::TooLong);
        }
        out.push(("signature", json!(clean)));
    }
    errors.or(Some(out))
}

/// Sets a new password; all other sessions and all other tokens of the person end with it.
///
/// # Errors
/// `Invalid`: `required`, `too_long`, `weak_password`, and `wrong_password` on `current_password`.
pub async fn change_password(ctx: &Ctx, form: ChangePassword) -> Result<(), ServiceError> {
    change_password_once(ctx, form, "").await
}

/// The same under an idempotency key, empty = none. What came with the key is kept by as slow a hash as a password.
///
/// # Errors
/// As `change_password`; `Refused(IdempotencyMismatch)` for other content under the same key.
pub async fn change_password_once(ctx: &Ctx, form: ChangePassword, key: &str) -> Result<(), ServiceError> {
    let user = &ctx.actor.user;
    let mut errors = FieldErrors::new();
    if form.current_password.is_empty() {
        errors.add("current_password", Code::Required);
    }
    errors.check("new_password", passwords::check_new(&form.new_password, [&user.name, &user.email]));
    errors.or(Some(()))?;
    let content = serde_json::to_string(&form)?;
    if let Some(kept) = idempotency::kept_hash(ctx, PASSWORD, key).await? {
        return require_same(&content, &kept).await;
    }
    if !passwords::verify(&form.current_password, user.password_hash.as_deref()).await? {
        return Err(AppError::field("current_password", Code::WrongPassword).into());
    }
    let hash = passwords::hash(&form.new_password).await?;
    let content_hash = if key.is_empty() { String::new() } else { passwords::hash(&content).await? };
    let new = NewPassword { hash, key: key.to_owned(), content_hash };
    match write(ctx, move |w| Box::pin(replace(w, new.clone()))).await? {
        Some(kept) => require_same(&content, &kept).await,
        None => Ok(()),
    }
}

/// A new password ready to be stored, with what its key is compared by.
#[derive(Clone)]
struct NewPassword {
    hash: String,
    key: String,
    content_hash: String,
}

async fn require_same(content: &str, kept: &str) -> Result<(), ServiceError> {
    let is_same = passwords::verify(content, Some(kept)).await?;
    if is_same { Ok(()) } else { Err(AppError::refused(Code::IdempotencyMismatch).into()) }
}

/// Stores it, or answers what its twin kept: comparing takes long, and no transaction waits for it.
async fn replace(w: &Work, new: NewPassword) -> Result<Option<String>, ServiceError> {
    if let Some(kept) = idempotency::take(w, PASSWORD, &new.key, &new.content_hash).await? {
        return Ok(Some(kept.content_hash));
    }
    let mut sql = Sql::new("UPDATE app_user SET version = version + 1, password_hash = ");
    sql.bind(new.hash).push_bind(" WHERE id = ", w.actor().id());
    sql.run(&w.tx).await?;
    sessions::end_others(w).await?;
    Sql::new("DELETE FROM invitation WHERE user_id = ").bind(w.actor().id()).run(&w.tx).await?;
    let mut sql = Sql::new("DELETE FROM api_token WHERE user_id = ");
    sql.bind(w.actor().id()).push_bind(" AND token_hash <> ", w.actor().credential.clone());
    sql.run(&w.tx).await?;
    idempotency::answer(w, PASSWORD, &new.key, &true).await?;
    Ok(None)
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
            task_default_visibility: "secret".into(),
            signature: Some("x".repeat(2_001)),
            ..SaveProfile::default()
        };
        let Err(AppError::Invalid(errors)) = changes(form) else { panic!("must be refused") };
        for field in ["language", "time_zone", "theme", "show_events", "task_default_visibility"] {
            assert_eq!(errors.of(field), Some(Code::Invalid), "{field}");
        }
        assert_eq!(errors.of("signature"), Some(Code::TooLong));
    }

    #[test]
    fn a_language_is_stored_by_its_code() {
        let form = SaveProfile { language: "PT-br".into(), show_events: "true".into(), ..SaveProfile::default() };
        let changes = changes(form).unwrap();
        assert!(changes.contains(&("language", json!("pt-BR"))));
        assert!(changes.contains(&("show_events", json!(true))));
    }

    #[test]
    fn a_bas_04_the_order_of_the_timeline_can_be_emptied() {
        let form = SaveProfile { timeline_order: "none".into(), ..SaveProfile::default() };
        assert_eq!(changes(form), Ok(vec![("timeline_order", Value::Null)]));
    }
}

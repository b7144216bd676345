//! Saving settings: all of one call or none, each change with its audit row (T-SET-02, T-SET-04, T-SET-05, T-SET-08).

use std::collections::BTreeMap;

use chrono_tz::Tz;
use domain::error::{AppError, Code, FieldConflict, FieldErrors};
use domain::forms::SaveSetting;
use domain::settings::{Key, Kind, Scope, validate};
use domain::views::{ActorKind, ActorView, SettingsView};
use entity::{app_user, audit, entity as tenant};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use serde_json::json;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::list::{self, Stored};
use super::objects::Objects;
use crate::ctx::Ctx;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::sql::Sql;
use crate::work::{Work, write};
use crate::{deadlines, lists, pending};

/// Kind of the audit row of a change.
const CHANGED: &str = "setting_changed";
/// Longest unknown key that is repeated in the refusal, in characters.
const KEY_MAX: usize = 100;

/// What is to be saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewSettings {
    /// Literal keys and values; `None` = inherit, in the root entity the default.
    pub values: BTreeMap<String, Option<String>>,
    /// Version the caller has read: what was changed since to another value is refused; absent = without comparison.
    pub version: Option<i32>,
    /// Version that must be the present one.
    pub if_match: Option<i32>,
}

/// A key with the own value of before and of now.
type Change = (Key, Option<String>, Option<String>);

/// What an audit row keeps besides who, when, and in which entity.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Changed {
    version: i32,
    key: String,
    old: Option<String>,
    new: Option<String>,
}

/// Saves values of an entity and answers its settings as they are then.
///
/// # Errors
/// `NotFound` without `admin.settings` in the entity; `Invalid` with every wrong key: `unknown_setting`, `not_allowed` for what
/// is set elsewhere, and the codes of T-SET-04; `Conflict` and `PreconditionFailed` by version. Nothing is saved then.
pub async fn save(ctx: &Ctx, entity: &str, new: NewSettings) -> Result<SettingsView, ServiceError> {
    let entity = list::chosen(&ctx.actor, entity)?;
    write(ctx, move |w| {
        let new = new.clone();
        Box::pin(async move {
            apply(w, entity, &new).await?;
            let ctx = w.ctx.clone();
            list::read(&ctx, &w.tx, entity).await
        })
    })
    .await
}

/// Saves one row of the page.
///
/// # Errors
/// As [`save`].
pub async fn save_one(ctx: &Ctx, form: &SaveSetting) -> Result<SettingsView, ServiceError> {
    // A form names its entity: without one it would be another than the page shows.
    if form.entity.is_empty() {
        return Err(AppError::NotFound.into());
    }
    let value = (!form.inherit).then(|| form.typed());
    let new = NewSettings {
        values: BTreeMap::from([(form.key.clone(), value)]),
        version: (form.version > 0).then_some(form.version),
        if_match: None,
    };
    save(ctx, &form.entity, new).await
}

async fn apply(w: &Work, entity: Uuid, new: &NewSettings) -> Result<(), ServiceError> {
    let row = lock(w, entity).await?;
    if new.if_match.is_some_and(|wanted| wanted != row.version) {
        return Err(AppError::PreconditionFailed(row.version).into());
    }
    let path = w.actor().path_of(entity);
    let stored = Stored::load(&w.tx, &[entity]).await?;
    let objects = Objects::load(&w.tx).await?;
    let mut errors = FieldErrors::new();
    let mut changes: Vec<Change> = Vec::new();
    for (name, value) in &new.values {
        let field: String = name.chars().filter(|c| !c.is_control()).take(KEY_MAX).collect();
        let checked = errors.check(&field, check(name, value.as_deref(), &path, &objects));
        changes.extend(checked.map(|(key, value)| (key, own(&row, &stored, key), value)));
    }
    errors.or(Some(()))?;
    changes.retain(|(_key, before, now)| before != now);
    if let Some(from) = new.version.filter(|from| *from < row.version) {
        refuse_conflicts(w, &row, &changes, from).await?;
    }
    if changes.is_empty() {
        return Ok(());
    }
    let version = row.version + 1;
    for (key, _before, now) in &changes {
        store(w, entity, *key, now.as_deref()).await?;
    }
    let mut sql = Sql::new("UPDATE entity SET version = ");
    sql.bind(version).push_bind(" WHERE id = ", entity).run(&w.tx).await?;
    for (key, old, new) in changes {
        record(w, entity, &Changed { version, key: key.as_str().to_owned(), old, new }).await?;
    }
    Ok(())
}

/// The entity, whose settings and lists nobody else saves until this ends. Tickets may be registered in it meanwhile.
pub(crate) async fn lock(w: &Work, entity: Uuid) -> Result<tenant::Model, ServiceError> {
    let mut sql = Sql::new("SELECT * FROM entity WHERE id = ");
    sql.bind(entity);
    if w.ctx.db().engine() == Engine::Postgres {
        sql.push(" FOR NO KEY UPDATE");
    }
    let row: Option<tenant::Model> = sql.one(&w.tx).await?;
    row.ok_or_else(|| AppError::NotFound.into())
}

/// The key and its value in the form it is stored in; `None` = no own value.
fn check(name: &str, value: Option<&str>, path: &[Uuid], objects: &Objects) -> Result<(Key, Option<String>), Code> {
    let key = Key::read(name).ok_or(Code::UnknownSetting)?;
    let is_elsewhere = key.scope() == Scope::Instance && path.len() > 1;
    if is_elsewhere || key.kind() == Kind::Transport {
        return Err(Code::NotAllowed);
    }
    let Some(value) = value else {
        return if key.is_of_entity() { Err(Code::Required) } else { Ok((key, None)) };
    };
    let composed: String = value.nfc().collect();
    let value = validate(key, &composed)?;
    match key.kind() {
        Kind::Reference(_) if !value.is_empty() && objects.find(key, &value, path).is_none() => {
            Err(Code::UnknownReference)
        }
        Kind::Reference(_) if objects.is_empty_calendar(key, &value, path) => Err(Code::CalendarEmpty),
        Kind::TimeZone => match value.parse::<Tz>() {
            Ok(zone) => Ok((key, Some(zone.name().to_owned()))),
            Err(_unknown) => Err(Code::Invalid),
        },
        _ => Ok((key, Some(value))),
    }
}

fn own(row: &tenant::Model, stored: &Stored, key: Key) -> Option<String> {
    match key {
        Key::EntityLanguage => Some(row.language.clone()),
        Key::EntityTimeZone => Some(row.time_zone.clone()),
        Key::EntityCurrency => Some(row.currency.clone()),
        key => stored.own(row.id, key).map(str::to_owned),
    }
}

async fn store(w: &Work, entity: Uuid, key: Key, value: Option<&str>) -> Result<(), ServiceError> {
    let mut sql = Sql::default();
    match (key, value) {
        (Key::EntityLanguage | Key::EntityTimeZone | Key::EntityCurrency, value) => {
            let column = match key {
                Key::EntityLanguage => "language",
                Key::EntityCurrency => "currency",
                _ => "time_zone",
            };
            sql.push("UPDATE entity SET ").push(column).push_bind(" = ", value.unwrap_or(key.default_value()));
            sql.push_bind(" WHERE id = ", entity);
        }
        (key, Some(value)) => {
            sql.push_bind("INSERT INTO setting (entity_id, key, value, updated_at) VALUES (", entity)
                .push_bind(", ", key.as_str())
                .push_bind(", ", value)
                .push_bind(", ", w.now())
                .push(") ON CONFLICT (entity_id, key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at");
        }
        (key, None) => {
            sql.push_bind("DELETE FROM setting WHERE entity_id = ", entity).push_bind(" AND key = ", key.as_str());
        }
    }
    sql.run(&w.tx).await?;
    if key == Key::EntityLanguage {
        let home = value.unwrap_or(key.default_value()).parse().unwrap_or_default();
        lists::follow_language(w, entity, home).await?;
    }
    if matches!(key, Key::WorkingCalendar | Key::EntityTimeZone) {
        pending::look_again_below(w, entity).await?;
        deadlines::look_again_below(w, entity).await?;
    }
    Ok(())
}

/// Who, when, key, entity, old value, new value (T-SET-05).
async fn record(w: &Work, entity: Uuid, changed: &Changed) -> Result<(), ServiceError> {
    crate::audit::record(w, CHANGED, Some(entity), changed.key.clone(), changed).await
}

/// T-GEN-07: keys that this save changes and another save changed since `from`.
async fn refuse_conflicts(w: &Work, row: &tenant::Model, changes: &[Change], from: i32) -> Result<(), ServiceError> {
    let mut sql = Sql::new("SELECT * FROM audit WHERE entity_id = ");
    sql.bind(row.id).push_bind(" AND kind = ", CHANGED).push(" ORDER BY at DESC, id DESC LIMIT 500");
    let saved: Vec<audit::Model> = sql.all(&w.tx).await?;
    let mut conflicts = Vec::new();
    for (key, theirs, yours) in changes {
        let is_since = |saved: &&audit::Model| {
            let changed: Changed = serde_json::from_str(&saved.data).unwrap_or_default();
            saved.object == key.as_str() && changed.version > from
        };
        let Some(since) = saved.iter().find(is_since) else { continue };
        let actor = author(w, since.user_id).await?;
        conflicts.push(FieldConflict {
            field: key.as_str().to_owned(),
            yours: json!(yours),
            theirs: json!(theirs),
            by: since.user_id.map(|_| actor.name.clone()),
            actor,
            at: moment(since.at, w.actor().zone).as_str().to_owned(),
        });
    }
    if conflicts.is_empty() { Ok(()) } else { Err(AppError::Conflict { version: row.version, conflicts }.into()) }
}

/// Who made a change, as holders of the right see him; nobody = the system.
pub(crate) async fn author(w: &Work, user: Option<Uuid>) -> Result<ActorView, ServiceError> {
    let Some(id) = user else { return Ok(ActorView::default()) };
    let found = app_user::Entity::find_by_id(id).one(&w.tx).await?;
    Ok(found.map_or_else(ActorView::default, |row| ActorView {
        kind: ActorKind::User,
        id: Some(row.id),
        name: row.name,
        email: Some(row.email),
        disabled: !row.active,
    }))
}

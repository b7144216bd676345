//! New accounts, changed accounts, and their roles.

use chrono_tz::Tz;
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::{GrantForm, Patch, SaveAssignment, UserPatch};
use domain::lang::Lang;
use domain::policy::Capability;
use entity::{app_user, entity as tenant};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::rights::{self, Wanted};
use super::{in_reach, is_removed, outranks};
use crate::access::trail::{self, Changed};
use crate::access::{NAME_MAX, Versions, forbidden, lock_rights, one_of, optional_id, require};
use crate::account;
use crate::conflict::Difference;
use crate::ctx::{Ctx, new_id};
use crate::error::ServiceError;
use crate::idempotency;
use crate::people::{self, email_address};
use crate::sql::Sql;
use crate::work::{Work, write};

const PHONE_MAX: usize = 50;
const EXTENSION_MAX: usize = 20;
/// Name of the command for idempotency keys.
const CREATE: &str = "create_user";

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedUser {
    /// Account id.
    pub id: Uuid,
    /// Secret of the link by which he chooses a password, if one was wanted; nobody is told it again.
    #[serde(skip)]
    pub invitation: Option<String>,
}

/// The fields of an account with every one checked; `None` stays.
#[derive(Clone, Debug, Default)]
struct Checked {
    name: Option<String>,
    email: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
    phone: Option<Option<String>>,
    extension: Option<Option<String>>,
    entity: Option<Uuid>,
    assignments: Option<Vec<Wanted>>,
}

fn check(patch: &UserPatch, held: &[Uuid], is_new: bool) -> Result<Checked, AppError> {
    let mut errors = FieldErrors::new();
    let required =
        |field: &Option<String>| if is_new { Some(field.clone().unwrap_or_default()) } else { field.clone() };
    let name = required(&patch.name).and_then(|name| errors.check("name", account::line(&name, NAME_MAX)));
    let email = required(&patch.email).and_then(|email| errors.check("email", email_address(&email)));
    let entity = required(&patch.entity).and_then(|entity| errors.check("entity", one_of(&entity, held)));
    let language = patch
        .language
        .as_deref()
        .and_then(|code| errors.check("language", code.parse::<Lang>()).map(|lang| lang.code().to_owned()));
    let time_zone = patch.time_zone.as_deref().and_then(|name| {
        let zone = name.trim().parse::<Tz>().map_err(|_unknown| Code::Invalid);
        errors.check("time_zone", zone).map(|zone| zone.name().to_owned())
    });
    let phone = optional_line(&patch.phone, "phone", PHONE_MAX, &mut errors);
    let extension = optional_line(&patch.extension, "extension", EXTENSION_MAX, &mut errors);
    let assignments = patch.assignments.as_ref().map(|all| rights::read(all, held, &mut errors));
    errors.or(Some(Checked { name, email, language, time_zone, phone, extension, entity, assignments }))
}

fn optional_line(patch: &Patch<String>, field: &str, max: usize, errors: &mut FieldErrors) -> Option<Option<String>> {
    match patch {
        Patch::Keep => None,
        Patch::Clear => Some(None),
        Patch::Set(text) => match account::line(text, max) {
            // Nothing but blanks.
            Err(Code::Required) => Some(None),
            line => errors.check(field, line).map(Some),
        },
    }
}

/// Makes an account, with its first roles; with a link to choose a password by, if `invite`.
///
/// # Errors
/// `Forbidden` without `admin.users`, or with the first capability the actor would give without holding it; `Invalid` with
/// every wrong field, `duplicate` for an address that has an account.
pub async fn create_user(ctx: &Ctx, patch: UserPatch, invite: bool, key: &str) -> Result<CreatedUser, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let checked = check(&patch, &held, true)?;
    let (hash, key) = (idempotency::content_hash(&patch), key.to_owned());
    write(ctx, move |w| {
        let (checked, held, hash, key) = (checked.clone(), held.clone(), hash.clone(), key.clone());
        Box::pin(async move {
            if let Some(made) = idempotency::claim::<CreatedUser>(w, CREATE, &key, &hash).await? {
                return Ok(made);
            }
            let made = insert(w, checked, &held, invite).await?;
            idempotency::answer(w, CREATE, &key, &made).await?;
            Ok(made)
        })
    })
    .await
}

async fn insert(w: &Work, checked: Checked, held: &[Uuid], invite: bool) -> Result<CreatedUser, ServiceError> {
    let root = lock_rights(w).await?;
    let (Some(name), Some(email), Some(entity)) = (checked.name, checked.email, checked.entity) else {
        return Err(ServiceError::internal("a new account without name, address or entity"));
    };
    require_free(w, &email, None).await?;
    let home = tenant::Entity::find_by_id(entity).one(&w.tx).await?.ok_or(AppError::NotFound)?;
    let id = new_id();
    let row = app_user::Model {
        id,
        entity_id: entity,
        name,
        email_key: account::email_key(&email),
        email,
        password_hash: None,
        phone: checked.phone.flatten(),
        extension: checked.extension.flatten(),
        language: checked.language.unwrap_or(home.language),
        time_zone: checked.time_zone.unwrap_or(home.time_zone),
        theme: "auto".to_owned(),
        density: "compact".to_owned(),
        default_visibility: "private".to_owned(),
        task_default_visibility: "private".to_owned(),
        timeline_order: None,
        show_events: false,
        signature: String::new(),
        active: true,
        created_at: w.now(),
        last_seen_at: None,
        version: 1,
    };
    app_user::Entity::insert(app_user::ActiveModel::from(row.clone())).exec_without_returning(&w.tx).await?;
    let given = rights::replace(w, (root, id), held, &checked.assignments.unwrap_or_default()).await?;
    trail::record(w, "user_created", Some(entity), id, &Changed::whole(1).with(given.data)).await?;
    let invitation = if invite { Some(account::invite(w, &row).await?) } else { None };
    Ok(CreatedUser { id, invitation })
}

/// An address belongs to one account.
async fn require_free(w: &Work, email: &str, but: Option<Uuid>) -> Result<(), ServiceError> {
    let mut sql = Sql::new("SELECT id FROM app_user WHERE email_key = ");
    let found: Option<Uuid> = sql.bind(account::email_key(email)).scalar(&w.tx).await?;
    match found {
        Some(other) if Some(other) != but => Err(AppError::field("email", Code::Duplicate).into()),
        _ => Ok(()),
    }
}

/// Changes an account and answers its version.
///
/// # Errors
/// As [`create_user`]; `NotFound` out of reach; `Conflict` and `PreconditionFailed` by version;
/// `Refused(LastAdministrator)`. Nothing is saved then.
pub async fn save_user(ctx: &Ctx, id: &str, patch: UserPatch, versions: Versions) -> Result<i32, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let id = people::path_id(id)?;
    let checked = check(&patch, &held, false)?;
    write(ctx, move |w| {
        let (checked, held) = (checked.clone(), held.clone());
        Box::pin(async move { apply(w, id, &checked, &held, versions).await })
    })
    .await
}

async fn apply(w: &Work, id: Uuid, checked: &Checked, held: &[Uuid], versions: Versions) -> Result<i32, ServiceError> {
    let root = lock_rights(w).await?;
    let user = in_reach(&w.tx, id, held, true).await?;
    versions.require(user.version)?;
    let changes = changes(&user, checked);
    if !changes.is_empty() {
        require_home(&user, held)?;
    }
    trail::refuse_conflicts(w, id, (user.version, versions.from), &changes).await?;
    if let Some(email) = checked.email.as_ref().filter(|email| **email != user.email) {
        require_free(w, email, Some(id)).await?;
        // Whoever has the address has the account, sooner or later.
        outranks(&w.tx, w.actor(), &user).await?.map_err(forbidden)?;
        // A link that went to the address before opens nothing any more.
        Sql::new("DELETE FROM invitation WHERE user_id = ").bind(id).run(&w.tx).await?;
    }
    let mut told: Vec<Difference> = changes;
    let mut data = Value::Null;
    if let Some(wanted) = &checked.assignments {
        data = rights::replace(w, (root, id), held, wanted).await?.data;
        if !data.is_null() {
            told.push(("assignments", Value::Null, Value::Null));
        }
    }
    if told.is_empty() {
        return Ok(user.version);
    }
    let version = user.version + 1;
    let mut sql = Sql::new("UPDATE app_user SET version = ");
    sql.bind(version);
    for (field, new, _) in &told {
        let column = match *field {
            "assignments" => continue,
            "entity" => "entity_id",
            field => field,
        };
        sql.push(", ").push(column).push_bind(" = ", bound(field, new, checked));
    }
    if let Some(email) = &checked.email {
        sql.push_bind(", email_key = ", account::email_key(email));
    }
    sql.push_bind(" WHERE id = ", id).run(&w.tx).await?;
    let entity = checked.entity.unwrap_or(user.entity_id);
    trail::record(w, "user_changed", Some(entity), id, &Changed::fields(version, &told).with(data)).await?;
    Ok(version)
}

/// The account itself is for those who administer its home.
pub(super) fn require_home(user: &app_user::Model, held: &[Uuid]) -> Result<(), AppError> {
    if !held.contains(&user.entity_id) {
        return Err(forbidden(Capability::AdminUsers));
    }
    // Nothing of somebody who is forgotten comes back.
    if is_removed(user) { Err(AppError::field("removed", Code::NotAllowed)) } else { Ok(()) }
}

fn bound(field: &str, new: &Value, checked: &Checked) -> sea_orm::Value {
    match (field, new) {
        ("entity", _) => checked.entity.into(),
        (_, Value::String(text)) => text.clone().into(),
        _ => None::<String>.into(),
    }
}

fn changes(user: &app_user::Model, checked: &Checked) -> Vec<Difference> {
    let mut out: Vec<Difference> = Vec::new();
    let texts: [(&'static str, &Option<String>, &String); 4] = [
        ("name", &checked.name, &user.name),
        ("email", &checked.email, &user.email),
        ("language", &checked.language, &user.language),
        ("time_zone", &checked.time_zone, &user.time_zone),
    ];
    for (field, new, old) in texts {
        if let Some(new) = new.as_ref().filter(|new| *new != old) {
            out.push((field, json!(new), json!(old)));
        }
    }
    for (field, new, old) in
        [("phone", &checked.phone, &user.phone), ("extension", &checked.extension, &user.extension)]
    {
        if let Some(new) = new.as_ref().filter(|new| *new != old) {
            out.push((field, json!(new), json!(old)));
        }
    }
    if let Some(entity) = checked.entity.filter(|entity| *entity != user.entity_id) {
        out.push(("entity", json!(entity), json!(user.entity_id)));
    }
    out
}

/// Gives somebody one role more, or takes one away.
///
/// # Errors
/// As [`save_user`]; wrong fields are `entity` and `role`.
pub async fn change_assignment(ctx: &Ctx, form: SaveAssignment) -> Result<i32, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let id = people::path_id(&form.user)?;
    let removed = optional_id(&form.remove).map_err(|_no_id| AppError::NotFound)?;
    let wanted = if removed.is_some() { None } else { Some(one(&form, &held)?) };
    write(ctx, move |w| {
        let held = held.clone();
        Box::pin(async move {
            // What is read next must not be overtaken by another change of his roles.
            lock_rights(w).await?;
            let stored = rights::stored(w, id, &held).await?;
            let is_other = |entity: Uuid, role: Uuid| wanted.is_none_or(|one| one.entity != entity || one.role != role);
            let mut all: Vec<Wanted> = stored
                .iter()
                .filter(|row| Some(row.id) != removed && is_other(row.entity_id, row.role_id))
                .map(Wanted::from)
                .collect();
            all.extend(wanted);
            let checked = Checked { assignments: Some(all), ..Checked::default() };
            apply(w, id, &checked, &held, Versions::default()).await.map_err(at_field)
        })
    })
    .await
}

fn one(form: &SaveAssignment, held: &[Uuid]) -> Result<Wanted, AppError> {
    let mut errors = FieldErrors::new();
    let typed = GrantForm { entity: form.entity.clone(), role: form.role.clone(), recursive: form.recursive };
    let read = rights::read(&[typed], held, &mut errors);
    for wrong in &mut errors.0 {
        wrong.field = last_part(&wrong.field);
    }
    errors.or(read.first().copied())
}

/// A form with one role names its fields without their place in a list.
fn at_field(mut error: ServiceError) -> ServiceError {
    if let AppError::Invalid(errors) = &mut error.public {
        for wrong in &mut errors.0 {
            wrong.field = last_part(&wrong.field);
        }
    }
    error
}

fn last_part(field: &str) -> String {
    field.rsplit('.').next().unwrap_or(field).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_gen_02_every_wrong_field_of_a_new_account_is_named() {
        let home = new_id();
        let patch = UserPatch {
            language: Some("de".to_owned()),
            time_zone: Some("Mars/Olympus".to_owned()),
            phone: Patch::Set("1".repeat(51)),
            entity: Some(home.to_string()),
            assignments: Some(vec![GrantForm::default()]),
            ..UserPatch::default()
        };
        let Err(AppError::Invalid(errors)) = check(&patch, &[home], true) else { panic!("must be refused") };
        assert_eq!((errors.of("name"), errors.of("email")), (Some(Code::Required), Some(Code::Required)));
        assert_eq!((errors.of("language"), errors.of("time_zone")), (Some(Code::Invalid), Some(Code::Invalid)));
        assert_eq!((errors.of("phone"), errors.of("entity")), (Some(Code::TooLong), None));
        assert_eq!(errors.of("assignments[0].role"), Some(Code::Required));
        let Err(AppError::Invalid(errors)) = check(&patch, &[], true) else { panic!("must be refused") };
        assert_eq!(errors.of("entity"), Some(Code::UnknownReference), "an entity one does not administer");
    }

    #[test]
    fn a_bas_04_blanks_empty_a_phone() {
        let patch = UserPatch { phone: Patch::Set("  ".to_owned()), ..UserPatch::default() };
        let checked = check(&patch, &[], false).unwrap();
        assert_eq!((checked.phone, checked.extension, checked.name), (Some(None), None, None));
    }
}

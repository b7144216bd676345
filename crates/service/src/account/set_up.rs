//! The first run: the organisation, its lists and roles, its first administrator.

use chrono_tz::Tz;
use domain::error::{AppError, Code, FieldErrors};
use domain::forms::SetUp;
use domain::lang::Lang;
use domain::policy::ShippedRole;
use entity::{app_user, assignment};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::{SignedIn, email_key, line, passwords, secret_hash, sessions};
use crate::ctx::{Services, new_id, random_token};
use crate::error::ServiceError;
use crate::install;
use crate::people;
use crate::sql::Sql;

/// Name of the row that holds the hash of the set-up token.
const TOKEN: &str = "setup_token";

/// Whether nobody has an account yet.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn set_up_needed(services: &Services) -> Result<bool, ServiceError> {
    has_no_user(services.db.reader()).await
}

async fn has_no_user(connection: &impl ConnectionTrait) -> Result<bool, ServiceError> {
    Ok(Sql::new("SELECT 1 AS one FROM app_user LIMIT 1").rows(connection).await?.is_empty())
}

/// A token that opens the set-up, while nobody has an account. Only its hash is kept, so each call makes a new one and
/// the newest counts: the server prints it when it starts.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn set_up_token(services: &Services) -> Result<Option<String>, ServiceError> {
    if !set_up_needed(services).await? {
        return Ok(None);
    }
    let token = random_token(32);
    let mut sql = Sql::new("INSERT INTO instance_secret (name, value, created_at) VALUES (");
    sql.bind(TOKEN)
        .push_bind(", ", secret_hash(&token))
        .push_bind(", ", services.now())
        .push(") ON CONFLICT (name) DO UPDATE SET value = excluded.value, created_at = excluded.created_at");
    sql.run(services.db.writer()).await?;
    Ok(Some(token))
}

/// The form with every field checked.
#[derive(Debug)]
struct Checked {
    organisation: String,
    lang: Lang,
    zone: Tz,
    name: String,
    email: String,
}

fn check(form: &SetUp) -> Result<Checked, AppError> {
    let mut errors = FieldErrors::new();
    let organisation = errors.check("organisation", line(&form.organisation, 100));
    let lang = errors.check("language", required(&form.language).and_then(str::parse::<Lang>));
    let zone = errors.check(
        "time_zone",
        required(&form.time_zone).and_then(|name| name.parse::<Tz>().map_err(|_unknown| Code::Invalid)),
    );
    let name = errors.check("name", line(&form.name, 100));
    let email = errors.check("email", people::email_address(&form.email));
    errors.check("password", passwords::check_new(&form.password, [&form.name, &form.email]));
    let checked = match (organisation, lang, zone, name, email) {
        (Some(organisation), Some(lang), Some(zone), Some(name), Some(email)) => {
            Some(Checked { organisation, lang, zone, name, email })
        }
        _ => None,
    };
    errors.or(checked)
}

fn required(text: &str) -> Result<&str, Code> {
    if text.trim().is_empty() { Err(Code::Required) } else { Ok(text.trim()) }
}

/// Creates the root entity with its lists and roles, and its first administrator, who is signed in at once.
///
/// # Errors
/// `Invalid` with every wrong field; `Refused(SetupClosed)` when somebody has an account or the token is not the one printed.
pub async fn set_up(services: &Services, form: SetUp) -> Result<SignedIn, ServiceError> {
    let checked = check(&form)?;
    let token_hash = secret_hash(form.token.trim());
    if !is_open(services.db.reader(), &token_hash).await? {
        return Err(Code::SetupClosed.into());
    }
    let password_hash = passwords::hash(&form.password).await?;
    let now = services.now();
    let tx = services.db.begin().await?;
    // Whoever takes the token away goes on; a twin waits for this row and finds it gone.
    let mut take = Sql::new("DELETE FROM instance_secret WHERE name = ");
    take.bind(TOKEN).push_bind(" AND value = ", token_hash);
    if take.run(&tx).await?.rows_affected() != 1 || !has_no_user(&tx).await? {
        return Err(Code::SetupClosed.into());
    }
    let root = insert_root(&tx, &checked, now).await?;
    let roles = install::shipped_roles(&tx, now).await?;
    install::ensure(&tx, root, now).await?;
    let user = administrator(&checked, root, password_hash, now);
    app_user::Entity::insert(app_user::ActiveModel::from(user.clone())).exec_without_returning(&tx).await?;
    let role_id =
        roles.get(&ShippedRole::Admin).copied().ok_or_else(|| ServiceError::internal("no shipped role admin"))?;
    let row = assignment::Model { id: new_id(), user_id: user.id, entity_id: root, role_id, recursive: true };
    assignment::Entity::insert(assignment::ActiveModel::from(row)).exec_without_returning(&tx).await?;
    let cookie_token = sessions::open(&tx, &user, "", "", now).await?;
    tx.commit().await?;
    Ok(SignedIn { cookie_token, user_id: user.id })
}

async fn is_open(connection: &impl ConnectionTrait, token_hash: &str) -> Result<bool, ServiceError> {
    let mut sql = Sql::new("SELECT 1 AS one FROM instance_secret WHERE name = ");
    sql.bind(TOKEN).push_bind(" AND value = ", token_hash);
    Ok(!sql.rows(connection).await?.is_empty() && has_no_user(connection).await?)
}

async fn insert_root(tx: &impl ConnectionTrait, checked: &Checked, now: i64) -> Result<Uuid, ServiceError> {
    let row = entity::entity::Model {
        id: new_id(),
        parent_id: None,
        name: checked.organisation.clone(),
        language: checked.lang.code().to_owned(),
        time_zone: checked.zone.name().to_owned(),
        currency: "EUR".to_owned(),
        created_at: now,
        version: 1,
    };
    let id = row.id;
    entity::entity::Entity::insert(entity::entity::ActiveModel::from(row)).exec_without_returning(tx).await?;
    Ok(id)
}

fn administrator(checked: &Checked, root: Uuid, password_hash: String, now: i64) -> app_user::Model {
    app_user::Model {
        id: new_id(),
        entity_id: root,
        name: checked.name.clone(),
        email: checked.email.clone(),
        email_key: email_key(&checked.email),
        password_hash: Some(password_hash),
        phone: None,
        extension: None,
        language: checked.lang.code().to_owned(),
        time_zone: checked.zone.name().to_owned(),
        theme: "auto".to_owned(),
        density: "comfortable".to_owned(),
        default_visibility: "private".to_owned(),
        task_default_visibility: "private".to_owned(),
        timeline_order: None,
        show_events: false,
        signature: String::new(),
        active: true,
        created_at: now,
        last_seen_at: None,
        version: 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_gen_02_every_wrong_field_of_the_set_up_is_named() {
        let Err(AppError::Invalid(errors)) = check(&SetUp::default()) else { panic!("must be refused") };
        for field in ["organisation", "language", "time_zone", "name", "email", "password"] {
            assert_eq!(errors.of(field), Some(Code::Required), "{field}");
        }
        let form = SetUp {
            organisation: "Fictional Ltd".into(),
            language: "pt-BR".into(),
            time_zone: "America/Sao_Paulo".into(),
            name: "Ana Souza".into(),
            email: " Ana@Example.org".into(),
            password: "quartz lantern 83 mossy".into(),
            ..SetUp::default()
        };
        let checked = check(&form).unwrap();
        assert_eq!((checked.lang, checked.zone.name()), (Lang::PtBr, "America/Sao_Paulo"));
        assert_eq!(checked.email, "Ana@Example.org");
    }
}

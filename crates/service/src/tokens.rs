//! Tokens of the REST API (A-AUT-01..03): made, looked up by hash, listed, revoked.

use std::fmt;
use std::time::Duration;

use domain::error::{AppError, Code, FieldErrors};
use domain::views::{Moment, Ref};
use entity::{api_token, app_user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::{self, secret_hash};
use crate::actor::Actor;
use crate::ctx::{Ctx, Services, new_id, random_token};
use crate::error::ServiceError;
use crate::moments;
use crate::sql::Sql;

/// What every token begins with, so that scanners recognise a leaked one.
const PREFIX: &str = "guichet_";
/// Days a token lives when nothing is said.
const DEFAULT_DAYS: i64 = 30;
/// `last_used_at` is written at most once in this many seconds.
const TOUCH_EVERY: i64 = 60;
/// How long a request waits for the writer to note that a token was used.
const TOUCH_PATIENCE: Duration = Duration::from_millis(500);

/// What a token may do (A-AUT-02).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Everything its user may.
    #[default]
    Full,
    /// GET and HEAD only.
    Read,
}

impl Scope {
    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Read => "read",
        }
    }

    /// Reads the word; empty is `Full`.
    fn parse(text: &str) -> Result<Self, Code> {
        match text {
            "" | "full" => Ok(Self::Full),
            "read" => Ok(Self::Read),
            _ => Err(Code::Invalid),
        }
    }
}

/// A new token; its text is never shown again.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct CreatedToken {
    /// The secret.
    pub token: String,
    /// Id to revoke it by.
    pub id: Uuid,
    /// Name its user gave it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// When it ends.
    pub expires_at: Moment,
    /// Whose it is.
    pub user: Ref,
}

impl fmt::Debug for CreatedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedToken").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// A token as its user sees it afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TokenView {
    /// Id to revoke it by.
    pub id: Uuid,
    /// Name its user gave it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Moment,
    /// When it was used last, to the minute.
    pub last_used_at: Option<Moment>,
    /// When it ends.
    pub expires_at: Moment,
}

/// A new token for address and password (A-AUT-03); `scope` is `full`, `read` or empty, days 1..365 or 30.
///
/// # Errors
/// `Invalid` with every wrong field; `InvalidCredentials` and `TooMany` as for signing in.
pub async fn create(
    services: &Services,
    email: &str,
    password: &str,
    name: &str,
    scope: &str,
    expires_in_days: Option<i64>,
    address: &str,
) -> Result<CreatedToken, ServiceError> {
    let wanted = Wanted::check(name, scope, expires_in_days, &[("email", email.trim()), ("password", password)])?;
    let proven = account::prove(services, email, password, address).await?;
    let now = services.now();
    let tx = services.db.begin().await?;
    proven.record(&tx, now).await?;
    let created = insert(&tx, &proven.user, wanted, now).await?;
    tx.commit().await?;
    Ok(created)
}

/// A new token without password, for the command line of the machine.
///
/// # Errors
/// `Invalid` with every wrong field; `unknown_reference` on `email` when no active account has it.
pub async fn create_for(
    services: &Services,
    user_email: &str,
    name: &str,
    scope: &str,
    days: Option<i64>,
) -> Result<CreatedToken, ServiceError> {
    let wanted = Wanted::check(name, scope, days, &[("email", user_email.trim())])?;
    let now = services.now();
    let tx = services.db.begin().await?;
    let user = app_user::Entity::find()
        .filter(app_user::Column::EmailKey.eq(account::email_key(user_email)))
        .one(&tx)
        .await?
        .filter(|user| user.active)
        .ok_or_else(|| AppError::field("email", Code::UnknownReference))?;
    let created = insert(&tx, &user, wanted, now).await?;
    tx.commit().await?;
    Ok(created)
}

/// The checked fields of a new token.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    name: String,
    scope: Scope,
    days: i64,
}

impl Wanted {
    fn check(name: &str, scope: &str, days: Option<i64>, required: &[(&str, &str)]) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        for (field, value) in required {
            if value.is_empty() {
                errors.add(*field, Code::Required);
            }
        }
        let name = match account::line(name, 100) {
            // Without a name it is called after what it is for.
            Err(Code::Required) => Some("API".to_owned()),
            other => errors.check("name", other),
        };
        let scope = errors.check("scope", Scope::parse(scope));
        let days = match days.unwrap_or(DEFAULT_DAYS) {
            days @ 1..=365 => Some(days),
            _ => {
                errors.add("expires_in_days", Code::OutOfRange);
                None
            }
        };
        let wanted = match (name, scope, days) {
            (Some(name), Some(scope), Some(days)) => Some(Self { name, scope, days }),
            _ => None,
        };
        errors.or(wanted)
    }
}

async fn insert(
    tx: &impl ConnectionTrait,
    user: &app_user::Model,
    wanted: Wanted,
    now: i64,
) -> Result<CreatedToken, ServiceError> {
    let token = format!("{PREFIX}{}", random_token(32));
    let row = api_token::Model {
        id: new_id(),
        user_id: user.id,
        token_hash: secret_hash(&token),
        name: wanted.name.clone(),
        scope: wanted.scope.as_str().to_owned(),
        created_at: now,
        expires_at: now + wanted.days * 86_400,
        last_used_at: None,
    };
    let created = CreatedToken {
        token,
        id: row.id,
        name: wanted.name,
        scope: wanted.scope,
        expires_at: moments::moment(row.expires_at, moments::zone(&user.time_zone)),
        user: Ref { id: user.id, name: user.name.clone() },
    };
    api_token::Entity::insert(api_token::ActiveModel::from(row)).exec_without_returning(tx).await?;
    Ok(created)
}

/// The actor of a bearer token with his rights of this moment; `None` for anything that opens nothing (A-AUT-01).
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn authenticate(services: &Services, bearer: &str) -> Result<Option<(Actor, Scope)>, ServiceError> {
    if !bearer.starts_with(PREFIX) {
        return Ok(None);
    }
    let (reader, now, hash) = (services.db.reader(), services.now(), secret_hash(bearer));
    let row = api_token::Entity::find().filter(api_token::Column::TokenHash.eq(hash.as_str())).one(reader).await?;
    let Some(row) = row.filter(|row| row.expires_at > now) else { return Ok(None) };
    let Ok(scope) = Scope::parse(&row.scope) else { return Ok(None) };
    let user = app_user::Entity::find_by_id(row.user_id).one(reader).await?;
    let Some(user) = user.filter(|user| user.active) else { return Ok(None) };
    if row.last_used_at.is_none_or(|at| now - at >= TOUCH_EVERY) {
        let mut sql = Sql::new("UPDATE api_token SET last_used_at = ");
        sql.bind(now).push_bind(" WHERE id = ", row.id);
        // That the use could not be noted in time is no failure of the request.
        if let Ok(Err(error)) = tokio::time::timeout(TOUCH_PATIENCE, sql.run(services.db.writer())).await {
            tracing::debug!(%error, "token not touched");
        }
    }
    Ok(Some((Actor::load(reader, user, hash).await?, scope)))
}

/// The actor's own tokens, newest first.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn list(ctx: &Ctx) -> Result<Vec<TokenView>, ServiceError> {
    let rows = api_token::Entity::find()
        .filter(api_token::Column::UserId.eq(ctx.actor.id()))
        .filter(api_token::Column::ExpiresAt.gt(ctx.now()))
        .order_by_desc(api_token::Column::CreatedAt)
        .order_by_desc(api_token::Column::Id)
        .all(ctx.db().reader())
        .await?;
    Ok(rows.into_iter().map(|row| view(row, &ctx.actor)).collect())
}

fn view(row: api_token::Model, actor: &Actor) -> TokenView {
    TokenView {
        id: row.id,
        scope: Scope::parse(&row.scope).unwrap_or(Scope::Read),
        created_at: moments::moment(row.created_at, actor.zone),
        last_used_at: row.last_used_at.map(|at| moments::moment(at, actor.zone)),
        expires_at: moments::moment(row.expires_at, actor.zone),
        name: row.name,
    }
}

/// Revokes an own token; it opens nothing from the next request on.
///
/// # Errors
/// `NotFound` for anything but the id of an own token.
pub async fn revoke(ctx: &Ctx, id: &str) -> Result<(), ServiceError> {
    let id: Uuid = id.parse().map_err(|_not_an_id| AppError::NotFound)?;
    let mut sql = Sql::new("DELETE FROM api_token WHERE id = ");
    sql.bind(id).push_bind(" AND user_id = ", ctx.actor.id());
    if sql.run(ctx.db().writer()).await?.rows_affected() == 0 {
        return Err(AppError::NotFound.into());
    }
    Ok(())
}

/// Revokes the token the actor came with.
///
/// # Errors
/// `NotFound` when he came with a session, or the token was revoked meanwhile.
pub async fn revoke_current(ctx: &Ctx) -> Result<(), ServiceError> {
    let mut sql = Sql::new("DELETE FROM api_token WHERE token_hash = ");
    sql.bind(ctx.actor.credential.clone()).push_bind(" AND user_id = ", ctx.actor.id());
    if sql.run(ctx.db().writer()).await?.rows_affected() == 0 {
        return Err(AppError::NotFound.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_aut_01_a_token_has_its_prefix_and_256_bits() {
        assert_eq!(format!("{PREFIX}{}", random_token(32)).len(), "guichet_".len() + 43);
    }

    #[test]
    fn a_aut_03_a_token_lives_30_days_and_may_do_everything_unless_said_otherwise() {
        let wanted = Wanted::check("", "", None, &[]).unwrap();
        assert_eq!(wanted, Wanted { name: "API".to_owned(), scope: Scope::Full, days: 30 });
        assert_eq!(Wanted::check("ci", "read", Some(365), &[]).unwrap().scope, Scope::Read);
    }

    #[test]
    fn t_gen_02_every_wrong_field_of_a_token_is_named() {
        let Err(AppError::Invalid(errors)) = Wanted::check(&"x".repeat(101), "write", Some(0), &[("email", "")]) else {
            panic!("must be refused")
        };
        assert_eq!(errors.of("email"), Some(Code::Required));
        assert_eq!(errors.of("name"), Some(Code::TooLong));
        assert_eq!(errors.of("scope"), Some(Code::Invalid));
        assert_eq!(errors.of("expires_in_days"), Some(Code::OutOfRange));
    }
}

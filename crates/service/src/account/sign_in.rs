//! Signing in with address and password, and the limits that stop guessing (A-AUT-03).

use domain::error::{AppError, Code, FieldErrors};
use domain::forms::SignIn;
use entity::{app_user, login_attempt};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{cut, email_key, passwords, sessions};
use crate::ctx::{Services, new_id};
use crate::error::ServiceError;
use crate::sql::Sql;

/// Failures are counted over 15 minutes.
const WINDOW: i64 = 15 * 60;
/// Failures allowed for one account from one address.
const PER_ACCOUNT: i64 = 10;
/// Failures allowed from one address.
const PER_ADDRESS: i64 = 100;
/// How long an address stays known after a success.
pub(super) const KNOWN_FOR: i64 = 90 * 86_400;

/// A new session: what goes into the cookie, and whose it is.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The secret of the session; the database keeps its hash only.
    pub cookie_token: String,
    /// The account.
    pub user_id: Uuid,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// Opens a session for address and password.
///
/// # Errors
/// `Invalid` for empty fields; `InvalidCredentials`, the same for a wrong password, an unknown and a disabled account;
/// `TooMany` beyond the limits of A-AUT-03.
pub async fn sign_in(services: &Services, form: SignIn, address: &str, agent: &str) -> Result<SignedIn, ServiceError> {
    let proven = prove(services, &form.email, &form.password, address).await?;
    let now = services.now();
    let tx = services.db.begin().await?;
    proven.record(&tx, now).await?;
    let cookie_token = sessions::open(&tx, &proven.user, address, agent, now).await?;
    tx.commit().await?;
    Ok(SignedIn { cookie_token, user_id: proven.user.id })
}

/// Somebody who has shown the right password, before it is written down.
#[derive(Debug)]
pub(crate) struct Proven {
    /// The account, which is active.
    pub(crate) user: app_user::Model,
    address: String,
    renewed_hash: Option<String>,
}

impl Proven {
    /// Notes the success and renews an outdated hash, in the transaction that opens what the person came for.
    pub(crate) async fn record(&self, tx: &impl ConnectionTrait, now: i64) -> Result<(), ServiceError> {
        note(tx, &self.user.email_key, &self.address, true, now).await?;
        if let Some(hash) = &self.renewed_hash {
            let mut sql = Sql::new("UPDATE app_user SET password_hash = ");
            sql.bind(hash.clone())
                .push_bind(" WHERE id = ", self.user.id)
                .push_bind(" AND password_hash = ", self.user.password_hash.clone());
            sql.run(tx).await?;
        }
        Ok(())
    }
}

/// Checks address and password under the limits of A-AUT-03; failures are recorded here, success by the caller.
pub(crate) async fn prove(
    services: &Services,
    email: &str,
    password: &str,
    address: &str,
) -> Result<Proven, ServiceError> {
    let mut errors = FieldErrors::new();
    if email.trim().is_empty() {
        errors.add("email", Code::Required);
    }
    if password.is_empty() {
        errors.add("password", Code::Required);
    }
    errors.or(Some(()))?;
    let (key, address) = (cut(&email_key(email), 320), cut(address, 64));
    // Limit, hash and record under one turn at the gate: no burst of guesses outruns the counter.
    let turn = passwords::turn().await?;
    let now = services.now();
    let strained = limit(services.db.reader(), &key, &address, now).await?;
    let account = app_user::Entity::find()
        .filter(app_user::Column::EmailKey.eq(key.as_str()))
        .one(services.db.reader())
        .await?
        .filter(|user| user.active);
    let stored = account.as_ref().and_then(|user| user.password_hash.as_deref());
    let (right, turn) = passwords::verify_in(turn, password, stored).await?;
    let Some(user) = account.filter(|_| right) else {
        note(services.db.writer(), &key, &address, false, now).await?;
        return Err(strained.unwrap_or(AppError::InvalidCredentials).into());
    };
    drop(turn);
    let renewed_hash = match &user.password_hash {
        Some(stored) if passwords::is_outdated(stored) => Some(passwords::hash(password).await?),
        _ => None,
    };
    Ok(Proven { user, address, renewed_hash })
}

/// What a wrong password gets instead of the usual answer: set when too many others failed from an address this account
/// is known at, because there the right one still opens.
async fn limit(
    connection: &impl ConnectionTrait,
    key: &str,
    address: &str,
    now: i64,
) -> Result<Option<AppError>, ServiceError> {
    if let Some(retry_s) = wait(connection, Some(key), address, now).await? {
        return Err(AppError::TooMany { retry_s }.into());
    }
    let Some(retry_s) = wait(connection, None, address, now).await? else { return Ok(None) };
    let mut sql = Sql::new("SELECT 1 AS known FROM login_attempt WHERE success = TRUE AND account_key = ");
    sql.bind(key).push_bind(" AND address = ", address).push_bind(" AND at > ", now - KNOWN_FOR).push(" LIMIT 1");
    if sql.rows(connection).await?.is_empty() {
        return Err(AppError::TooMany { retry_s }.into());
    }
    Ok(Some(AppError::TooMany { retry_s }))
}

/// Seconds until the failures of the window are within their limit again; `None` when they are.
async fn wait(
    connection: &impl ConnectionTrait,
    key: Option<&str>,
    address: &str,
    now: i64,
) -> Result<Option<u32>, ServiceError> {
    let mut sql = Sql::new("SELECT at FROM login_attempt WHERE success = FALSE AND address = ");
    sql.bind(address).push_bind(" AND at > ", now - WINDOW);
    if let Some(key) = key {
        sql.push_bind(" AND account_key = ", key);
    }
    let allowed = if key.is_some() { PER_ACCOUNT } else { PER_ADDRESS };
    sql.push_bind(" ORDER BY at DESC LIMIT 1 OFFSET ", allowed);
    let oldest_too_many: Option<i64> = sql.scalar(connection).await?;
    Ok(oldest_too_many.map(|at| seconds_left(at, now)))
}

fn seconds_left(at: i64, now: i64) -> u32 {
    u32::try_from((at + WINDOW - now).max(1)).unwrap_or(1)
}

async fn note(
    connection: &impl ConnectionTrait,
    key: &str,
    address: &str,
    success: bool,
    now: i64,
) -> Result<(), ServiceError> {
    let row = login_attempt::Model {
        id: new_id(),
        account_key: key.to_owned(),
        address: address.to_owned(),
        success,
        at: now,
    };
    login_attempt::Entity::insert(login_attempt::ActiveModel::from(row)).exec_without_returning(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_aut_03_the_wait_ends_when_the_failure_leaves_the_window() {
        assert_eq!(seconds_left(1_000, 1_000), 900);
        assert_eq!(seconds_left(1_000, 1_899), 1);
        assert_eq!(seconds_left(1_000, 5_000), 1);
    }
}

//! Links by which somebody chooses his password: made by an administrator, shown once, good for a week and one use.

use domain::access::{Held, excess};
use domain::error::AppError;
use domain::forms::AcceptInvitation;
use domain::views::InvitationView;
use entity::app_user;
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::{SignedIn, passwords, secret_hash, sessions};
use crate::actor::Actor;
use crate::ctx::{Services, random_token};
use crate::error::ServiceError;
use crate::mail;
use crate::sql::Sql;
use crate::work::Work;

/// Seconds an invitation is good: seven days.
const LIFE: i64 = 7 * 86_400;

/// Makes a link for somebody and answers its secret, of which only the hash is kept; those before are void. It is mailed to him
/// where that is possible (M-OUT-07), and whoever makes it is told it in any case.
pub(crate) async fn invite(w: &Work, user: &app_user::Model) -> Result<String, ServiceError> {
    let secret = mail::invite(w, user).await?.unwrap_or_else(|| random_token(32));
    keep(&w.tx, user.id, w.actor().id(), w.now(), &secret).await?;
    Ok(secret)
}

async fn keep(tx: &impl ConnectionTrait, user: Uuid, by: Uuid, now: i64, secret: &str) -> Result<(), ServiceError> {
    let mut old = Sql::new("DELETE FROM invitation WHERE user_id = ");
    old.bind(user).push_bind(" OR expires_at <= ", now).run(tx).await?;
    let mut sql = Sql::new("INSERT INTO invitation (token_hash, user_id, by_id, created_at, expires_at) VALUES (");
    sql.bind(secret_hash(secret))
        .push_bind(", ", user)
        .push_bind(", ", by)
        .push_bind(", ", now)
        .push_bind(", ", now + LIFE)
        .push(")");
    sql.run(tx).await?;
    Ok(())
}

/// Whom a link is for; nothing for one that is used, void, or past its life, or whose person holds by now what its maker does
/// not (T-ROL-08).
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn invitation(services: &Services, token: &str) -> Result<Option<InvitationView>, ServiceError> {
    let user = invited(services.db.reader(), token, services.now()).await?;
    Ok(user.map(|user| InvitationView { name: user.name, email: user.email }))
}

async fn invited(
    connection: &impl ConnectionTrait,
    token: &str,
    now: i64,
) -> Result<Option<app_user::Model>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT u.* FROM app_user u JOIN invitation i ON i.user_id = u.id WHERE u.active = TRUE AND i.token_hash = ",
    );
    sql.bind(secret_hash(token.trim())).push_bind(" AND i.expires_at > ", now);
    let Some(user) = sql.one::<app_user::Model>(connection).await? else { return Ok(None) };
    let mut by = Sql::new(
        "SELECT m.* FROM app_user m JOIN invitation i ON i.by_id = m.id WHERE m.active = TRUE AND i.token_hash = ",
    );
    let maker = by.bind(secret_hash(token.trim())).one::<app_user::Model>(connection).await?;
    let Some(maker) = maker else { return Ok(None) };
    let maker = Actor::load(connection, maker, String::new()).await?;
    let held = Actor::load(connection, user.clone(), String::new()).await?;
    Ok(excess(&Held::new(), held.held(), |entity| maker.caps(entity)).is_none().then_some(user))
}

/// Sets the password of whom a link is for, and signs him in; all else that was signed in with the account ends.
///
/// # Errors
/// `Invalid` on `password`; `NotFound` for a link that opens nothing.
pub async fn accept_invitation(
    services: &Services,
    form: AcceptInvitation,
    address: &str,
    agent: &str,
) -> Result<SignedIn, ServiceError> {
    let now = services.now();
    let user = invited(services.db.reader(), &form.token, now).await?.ok_or(AppError::NotFound)?;
    passwords::check_new(&form.password, [&user.name, &user.email])
        .map_err(|code| AppError::field("password", code))?;
    let hash = passwords::hash(&form.password).await?;
    let tx = services.db.begin().await?;
    // Whoever takes the link away goes on; a twin finds it gone.
    let mut take = Sql::new("DELETE FROM invitation WHERE token_hash = ");
    take.bind(secret_hash(form.token.trim())).push_bind(" AND user_id = ", user.id);
    if take.run(&tx).await?.rows_affected() != 1 {
        return Err(AppError::NotFound.into());
    }
    let mut sql = Sql::new("UPDATE app_user SET version = version + 1, password_hash = ");
    sql.bind(hash).push_bind(" WHERE active = TRUE AND id = ", user.id);
    if sql.run(&tx).await?.rows_affected() != 1 {
        return Err(AppError::NotFound.into());
    }
    for table in ["session", "api_token"] {
        let mut sql = Sql::new("DELETE FROM ");
        sql.push(table).push_bind(" WHERE user_id = ", user.id).run(&tx).await?;
    }
    let user = app_user::Entity::find_by_id(user.id).one(&tx).await?.ok_or(AppError::NotFound)?;
    let cookie_token = sessions::open(&tx, &user, address, agent, now).await?;
    tx.commit().await?;
    Ok(SignedIn { cookie_token, user_id: user.id })
}

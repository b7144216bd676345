//! Sessions of browsers: opened, looked at with every request, ended.

use std::time::Duration;

use domain::settings::Key;
use entity::{app_user, session};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::sign_in::KNOWN_FOR;
use super::{cut, secret_hash};
use crate::actor::Actor;
use crate::chat;
use crate::ctx::{Ctx, Services, random_token};
use crate::db::Db;
use crate::error::ServiceError;
use crate::settings::{Known, Settings};
use crate::sql::{Sql, unique};
use crate::work::{Work, write};

/// `last_seen_at` is written at most once in this many seconds.
const TOUCH_EVERY: i64 = 60;
/// Seconds the row of a session outlives it: whose it was tells whose a form is that comes too late (T-DRF-03).
const KNOWN_AFTER: i64 = 86_400;
/// How long a request waits for the writer to note that somebody was seen.
const TOUCH_PATIENCE: Duration = Duration::from_millis(500);

/// Opens a session and returns its secret; the row is part of the caller's transaction.
pub(super) async fn open(
    tx: &impl ConnectionTrait,
    user: &app_user::Model,
    address: &str,
    agent: &str,
    now: i64,
) -> Result<String, ServiceError> {
    let hours = settings_of(tx, user.entity_id).await?.number(Key::SessionMaxHours).max(1);
    let token = random_token(32);
    let row = session::Model {
        token_hash: secret_hash(&token),
        user_id: user.id,
        created_at: now,
        last_seen_at: now,
        expires_at: now.saturating_add(hours.saturating_mul(3_600)),
        address: cut(address, 64),
        agent: cut(agent, 300),
    };
    session::Entity::insert(session::ActiveModel::from(row)).exec_without_returning(tx).await?;
    Ok(token)
}

/// Somebody who came with a session, and what every page shows him around what it is about: read together with his session and
/// rights, so that no page asks for it once more. Nothing of it is kept between two requests (T-SET-03).
#[derive(Clone, Debug)]
pub struct Visit {
    /// The person, with his rights of this moment.
    pub actor: Actor,
    /// Where he finds help (`help.contact_url` of his home entity); empty = nowhere.
    pub help: String,
    /// The chat is switched on where he is an agent who reads chats: its panel stands in the menu (T-CHT-04).
    pub chats: bool,
}

/// Settings that every request has to know.
const ASKED: [Key; 3] = [Key::SessionIdleMinutes, Key::HelpContactUrl, Key::ChatEnabled];

/// The visit a session stands for, if it is neither idle nor expired and the account is active.
///
/// Notes that he was seen at most once a minute; that it could not be noted is no failure of the request.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn visit(services: &Services, token: &str) -> Result<Option<Visit>, ServiceError> {
    visit_from(services, token, "").await
}

async fn visit_from(services: &Services, token: &str, address: &str) -> Result<Option<Visit>, ServiceError> {
    if token.is_empty() {
        return Ok(None);
    }
    let (reader, now) = (services.db.reader(), services.now());
    let Some(session) = session::Entity::find_by_id(secret_hash(token)).one(reader).await? else { return Ok(None) };
    let user = app_user::Entity::find_by_id(session.user_id).one(reader).await?.filter(|user| user.active);
    let Some(user) = user.filter(|_| session.expires_at > now) else { return Ok(None) };
    let actor = Actor::load(reader, user, session.token_hash.clone()).await?;
    let home = actor.path_of(actor.user.entity_id);
    let desks: Vec<Vec<Uuid>> = chat::desks_of(&actor).into_iter().map(|entity| actor.path_of(entity)).collect();
    let around = unique(desks.iter().flatten().chain(&home).copied());
    let known = Known::load(reader, &ASKED, around).await?;
    if !is_alive(&session, known.number(Key::SessionIdleMinutes, &home), now) {
        return Ok(None);
    }
    if now - session.last_seen_at >= TOUCH_EVERY {
        let touched = tokio::time::timeout(TOUCH_PATIENCE, touch(&services.db, &session, address, now)).await;
        if let Ok(Err(error)) = touched {
            tracing::debug!(%error, "session not touched");
        }
    }
    let help = known.text(Key::HelpContactUrl, &home).to_owned();
    let chats = desks.iter().any(|path| known.is_on(Key::ChatEnabled, path));
    Ok(Some(Visit { actor, help, chats }))
}

/// The person a session belongs to, as [`visit`] finds him; `address` is noted with the time he was seen.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn session_of(
    services: &Services,
    token: &str,
    address: &str,
) -> Result<Option<app_user::Model>, ServiceError> {
    Ok(visit_from(services, token, address).await?.map(|visit| visit.actor.user))
}

/// The actor of a session, with his rights of this moment.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn load_actor(services: &Services, token: &str) -> Result<Option<Actor>, ServiceError> {
    Ok(visit(services, token).await?.map(|visit| visit.actor))
}

/// Whose session this was, if it ended lately: by idleness, by age, or because he ended his other ones. Nobody where it opens
/// still, where somebody signed out of it, and where the account is disabled.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn who_was(services: &Services, token: &str) -> Result<Option<Uuid>, ServiceError> {
    if token.is_empty() || visit(services, token).await?.is_some() {
        return Ok(None);
    }
    let (reader, now) = (services.db.reader(), services.now());
    let Some(session) = session::Entity::find_by_id(secret_hash(token)).one(reader).await? else { return Ok(None) };
    if session.expires_at <= now - KNOWN_AFTER {
        return Ok(None);
    }
    let user = app_user::Entity::find_by_id(session.user_id).one(reader).await?;
    Ok(user.filter(|user| user.active).map(|user| user.id))
}

/// Ends a session; a token that opens none is no failure.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn sign_out(services: &Services, token: &str) -> Result<(), ServiceError> {
    Sql::new("DELETE FROM session WHERE token_hash = ").bind(secret_hash(token)).run(services.db.writer()).await?;
    Ok(())
}

/// Ends every session of the actor but the one he came with.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn end_other_sessions(ctx: &Ctx) -> Result<(), ServiceError> {
    write(ctx, |w| Box::pin(end_others(w))).await
}

/// Ends the other sessions in a running transaction. Their rows stay for a while: somebody may be writing there.
pub(super) async fn end_others(w: &Work) -> Result<(), ServiceError> {
    let mut sql = Sql::new("UPDATE session SET expires_at = ");
    sql.bind(w.now())
        .push_bind(" WHERE user_id = ", w.actor().id())
        .push_bind(" AND token_hash <> ", w.actor().credential.clone())
        .push_bind(" AND expires_at > ", w.now());
    sql.run(&w.tx).await?;
    Ok(())
}

/// Removes what no longer opens or counts: sessions that ended a day ago, expired tokens, old attempts to sign in.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn sweep(db: &Db, now: i64) -> Result<(), ServiceError> {
    Sql::new("DELETE FROM session WHERE expires_at <= ").bind(now - KNOWN_AFTER).run(db.writer()).await?;
    Sql::new("DELETE FROM api_token WHERE expires_at <= ").bind(now).run(db.writer()).await?;
    let mut attempts = Sql::new("DELETE FROM login_attempt WHERE at < ");
    attempts.bind(now - KNOWN_FOR).push_bind(" OR (success = FALSE AND at < ", now - 86_400).push(")");
    attempts.run(db.writer()).await?;
    Ok(())
}

const fn is_alive(session: &session::Model, idle_minutes: i64, now: i64) -> bool {
    let idle = now.saturating_sub(session.last_seen_at);
    session.expires_at > now && idle < idle_minutes.saturating_mul(60).saturating_add(TOUCH_EVERY)
}

async fn touch(db: &Db, session: &session::Model, address: &str, now: i64) -> Result<(), ServiceError> {
    let tx = db.begin().await?;
    let mut sql = Sql::new("UPDATE session SET last_seen_at = ");
    sql.bind(now);
    if !address.is_empty() {
        sql.push_bind(", address = ", cut(address, 64));
    }
    sql.push_bind(" WHERE token_hash = ", session.token_hash.clone());
    sql.run(&tx).await?;
    let mut sql = Sql::new("UPDATE app_user SET last_seen_at = ");
    sql.bind(now).push_bind(" WHERE id = ", session.user_id);
    sql.run(&tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Settings in force for people of an entity.
async fn settings_of(connection: &impl ConnectionTrait, entity: Uuid) -> Result<Settings, ServiceError> {
    let mut sql =
        Sql::new("WITH RECURSIVE way (id, parent_id, depth) AS (SELECT id, parent_id, 0 FROM entity WHERE id = ");
    sql.bind(entity).push(
        " UNION ALL SELECT e.id, e.parent_id, way.depth + 1 FROM entity e JOIN way ON e.id = way.parent_id WHERE way.depth < 32) \
         SELECT id FROM way ORDER BY depth",
    );
    let mut path: Vec<Uuid> = Vec::new();
    for row in sql.rows(connection).await? {
        path.push(row.try_get("", "id")?);
    }
    Settings::load(connection, &path).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(last_seen_at: i64, expires_at: i64) -> session::Model {
        session::Model {
            token_hash: String::new(),
            user_id: Uuid::nil(),
            created_at: 0,
            last_seen_at,
            expires_at,
            address: String::new(),
            agent: String::new(),
        }
    }

    #[test]
    fn session_idle_minutes_a_session_ends_by_idleness_and_by_age() {
        assert!(is_alive(&session(1_000, 9_000), 10, 1_000));
        assert!(is_alive(&session(1_000, 9_000), 10, 1_600), "seen up to a minute later than noted");
        assert!(!is_alive(&session(1_000, 9_000), 10, 1_660));
        assert!(!is_alive(&session(8_999, 9_000), 10, 9_000));
    }
}

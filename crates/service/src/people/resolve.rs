//! People of a ticket as they are typed or chosen: who is meant, and whether he may be assigned.

use domain::error::Code;
use domain::policy::Capability;
use entity::app_user;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::choices::group_reaches;
use super::{address, email_address, has_role_in};
use crate::account;
use crate::actor::Actor;
use crate::error::ServiceError;
use crate::sql::Sql;

/// Longest name beside an address, in characters.
const NAME_MAX: usize = 100;

/// Who is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResolvedActor {
    /// An account.
    User(Uuid),
    /// A group.
    Group(Uuid),
    /// Somebody without account.
    Email {
        /// His address, lower case.
        address: String,
        /// His name, if it came with the address.
        name: Option<String>,
    },
}

/// Reads `me`, `user:<id>`, `group:<id>`, `email:<address>`, an address, or `Name <address>`.
///
/// The address of an active account is that account. Ids of people and groups the actor may not see, and of inactive ones,
/// are `unknown_reference`, like unknown ones (T-GEN-03). People already beside a ticket need not be resolved again.
///
/// # Errors
/// `Unavailable` when the database is away; the inner code says why the text means nobody.
pub async fn resolve_actor(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
    text: &str,
) -> Result<Result<ResolvedActor, Code>, ServiceError> {
    let text = text.trim();
    if text == "me" {
        return Ok(Ok(ResolvedActor::User(actor.id())));
    }
    if let Some(id) = text.strip_prefix("user:") {
        let Ok(id) = id.trim().parse::<Uuid>() else { return Ok(Err(Code::UnknownReference)) };
        let seen = sees_user(connection, actor, entity, id).await?;
        return Ok(if seen { Ok(ResolvedActor::User(id)) } else { Err(Code::UnknownReference) });
    }
    if let Some(id) = text.strip_prefix("group:") {
        let Ok(id) = id.trim().parse::<Uuid>() else { return Ok(Err(Code::UnknownReference)) };
        let seen = sees_group(connection, actor, entity, id).await?;
        return Ok(if seen { Ok(ResolvedActor::Group(id)) } else { Err(Code::UnknownReference) });
    }
    by_address(connection, text.strip_prefix("email:").unwrap_or(text)).await
}

async fn by_address(
    connection: &impl ConnectionTrait,
    text: &str,
) -> Result<Result<ResolvedActor, Code>, ServiceError> {
    let (name, typed) = address::split(text);
    let name = match name.map(|name| account::line(name, NAME_MAX)) {
        Some(Ok(name)) => Some(name),
        Some(Err(Code::Required)) | None => None,
        Some(Err(code)) => return Ok(Err(code)),
    };
    let address = match email_address(typed) {
        Ok(address) => account::email_key(&address),
        Err(code) => return Ok(Err(code)),
    };
    let user = app_user::Entity::find().filter(app_user::Column::EmailKey.eq(address.as_str())).one(connection).await?;
    Ok(Ok(match user.filter(|user| user.active) {
        Some(user) => ResolvedActor::User(user.id),
        None => ResolvedActor::Email { address, name },
    }))
}

/// Whether an id names an active person the actor may name: himself, or for agents whoever has an assignment in reach.
async fn sees_user(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
    id: Uuid,
) -> Result<bool, ServiceError> {
    if id == actor.id() {
        return Ok(true);
    }
    if !actor.is_agent() {
        return Ok(false);
    }
    let mut reach = actor.agent_entities();
    if actor.is_agent_in(entity) {
        reach.push(entity);
    }
    let mut sql = Sql::new("SELECT 1 AS found FROM app_user u WHERE u.active = TRUE AND u.id = ");
    sql.bind(id).push(" AND ").append(&has_role_in(actor, &reach, None));
    Ok(!sql.rows(connection).await?.is_empty())
}

/// Whether an id names an active group the actor may name: his own, or for agents those that reach the entity.
async fn sees_group(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
    id: Uuid,
) -> Result<bool, ServiceError> {
    let own = actor.groups.contains(&id);
    if !own && !actor.is_agent() {
        return Ok(false);
    }
    let mut sql = Sql::new("SELECT 1 AS found FROM app_group g WHERE g.active = TRUE AND g.id = ");
    sql.bind(id);
    if !own {
        sql.push(" AND ").append(&group_reaches(actor, entity));
    }
    Ok(!sql.rows(connection).await?.is_empty())
}

/// Whether somebody may be assigned to tickets of an entity: an active person with `ticket.take` there, or an active group
/// of the entity with that flag; an address never.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn may_be_assigned(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
    found: &ResolvedActor,
) -> Result<bool, ServiceError> {
    let sql = match found {
        ResolvedActor::User(id) => {
            let mut sql = Sql::new("SELECT 1 AS found FROM app_user u WHERE u.active = TRUE AND u.id = ");
            sql.bind(*id).push(" AND ").append(&has_role_in(actor, &[entity], Some(Capability::TicketTake)));
            sql
        }
        ResolvedActor::Group(id) => {
            let mut sql = Sql::new(
                "SELECT 1 AS found FROM app_group g WHERE g.active = TRUE AND g.may_be_assigned = TRUE AND g.id = ",
            );
            sql.bind(*id).push(" AND ").append(&group_reaches(actor, entity));
            sql
        }
        ResolvedActor::Email { .. } => return Ok(false),
    };
    Ok(!sql.rows(connection).await?.is_empty())
}

//! "Why may X do Y": the roles that give somebody a capability, anywhere or where a ticket is.

use domain::error::{Code, FieldErrors};
use domain::forms::WhyForm;
use domain::ids::TicketNumber;
use domain::policy::Capability;
use domain::views::{HeldRole, Ref, WhyView};
use entity::app_user;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::access::reading::{reach, roles_of};
use crate::access::require;
use crate::account;
use crate::actor::{Actor, read_capabilities};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::scope;
use crate::sql::Sql;

/// Why somebody may do something, or may not. With a ticket: whether he sees it, and what he holds in its entity; what he may
/// do also depends on its state and on what he is to it (T-ROL-05, 06).
///
/// # Errors
/// `Forbidden` without `admin.users`; `Invalid` with every wrong field, `unknown_reference` for people and tickets the asker
/// does not see.
pub async fn why(ctx: &Ctx, form: WhyForm) -> Result<WhyView, ServiceError> {
    let held = require(&ctx.actor, Capability::AdminUsers)?;
    let snapshot = ctx.db().snapshot().await?;
    let mut errors = FieldErrors::new();
    let user = match form.user.trim() {
        "" => Err(Code::Required),
        text => named(&snapshot, text, &held).await?.ok_or(Code::UnknownReference),
    };
    let user = errors.check("user", user);
    let capability = match form.capability.trim() {
        "" => Err(Code::Required),
        name => name.parse::<Capability>(),
    };
    let capability = errors.check("capability", capability);
    let ticket = match form.ticket.trim().trim_start_matches('#') {
        "" => Ok(None),
        text => seen(&snapshot, &ctx.actor, text).await?.map(Some),
    };
    let ticket = errors.check("ticket", ticket);
    let (user, capability, ticket) = errors.or(user.zip(capability).zip(ticket).map(|((u, c), t)| (u, c, t)))?;

    let person = Actor::load(&snapshot, user.clone(), String::new()).await?.asking_at(ctx.now());
    let sees_ticket = match &ticket {
        Some(ticket) => Some(user.active && sees(&snapshot, &person, ticket.id).await?),
        None => None,
    };
    // Only roles the asker administers are named; the answer itself counts all of them.
    let mut because = roles_of(&snapshot, &ctx.actor, &[user.id], &held).await?.remove(&user.id).unwrap_or_default();
    let giving = roles_with(&snapshot, capability).await?;
    because
        .retain(|role| giving.contains(&role.role.id) && counts(role, &person, ticket.as_ref().map(|t| t.entity_id)));
    let holds = match &ticket {
        Some(ticket) => person.has(ticket.entity_id, capability),
        None => !person.entities_with(capability).is_empty(),
    };
    Ok(WhyView {
        allowed: user.active && holds && sees_ticket != Some(false),
        user: Ref { id: user.id, name: user.name },
        active: user.active,
        capability,
        entity: ticket.map(|t| Ref { id: t.entity_id, name: ctx.actor.entity_name(t.entity_id) }),
        sees_ticket,
        because,
    })
}

/// Whether a role is in force in an entity; anywhere without one.
fn counts(role: &HeldRole, person: &Actor, entity: Option<Uuid>) -> bool {
    entity.is_none_or(|entity| {
        role.entity.id == entity || (role.recursive && person.path_of(entity).contains(&role.entity.id))
    })
}

/// Somebody in reach, by his id or his address.
async fn named(
    connection: &impl ConnectionTrait,
    text: &str,
    held: &[Uuid],
) -> Result<Option<app_user::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT u.* FROM app_user u WHERE ");
    match text.parse::<Uuid>() {
        Ok(id) => sql.push_bind("u.id = ", id),
        Err(_no_id) => sql.push_bind("u.email_key = ", account::email_key(text)),
    };
    Ok(sql.push(" AND ").append(&reach(held)).one(connection).await?)
}

#[derive(Debug, FromQueryResult)]
struct TicketRow {
    id: Uuid,
    entity_id: Uuid,
}

/// A ticket the asker sees.
async fn seen(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    text: &str,
) -> Result<Result<TicketRow, Code>, ServiceError> {
    let Ok(number) = text.parse::<TicketNumber>() else { return Ok(Err(Code::UnknownReference)) };
    let mut sql = Sql::new("SELECT t.id, t.entity_id FROM ticket t WHERE t.number = ");
    let row: Option<TicketRow> =
        sql.bind(number.get()).push(" AND ").append(&scope::tickets(actor)).one(connection).await?;
    Ok(row.ok_or(Code::UnknownReference))
}

async fn sees(connection: &impl ConnectionTrait, person: &Actor, ticket: Uuid) -> Result<bool, ServiceError> {
    let mut sql = Sql::new("SELECT 1 AS found FROM ticket t WHERE t.id = ");
    sql.bind(ticket).push(" AND ").append(&scope::tickets(person));
    Ok(!sql.rows(connection).await?.is_empty())
}

/// Ids of the roles that hold a capability.
async fn roles_with(connection: &impl ConnectionTrait, capability: Capability) -> Result<Vec<Uuid>, ServiceError> {
    let mut out = Vec::new();
    for row in Sql::new("SELECT id, capabilities FROM role").rows(connection).await? {
        let names: String = row.try_get("", "capabilities")?;
        if read_capabilities(&names).contains(capability) {
            out.push(row.try_get("", "id")?);
        }
    }
    Ok(out)
}

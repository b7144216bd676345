//! Messages that wait to be read: on the icon of the ticket, in lists, in the menu (T-MSG-01, P-LIS-05).

use std::collections::BTreeMap;

use domain::policy::Capability;
use domain::ticket::Side;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::scope;
use crate::sql::Sql;
use crate::tickets::Loaded;

/// Numbers beside icons and rows end here.
const MOST: i64 = 99;

#[derive(Debug, FromQueryResult)]
struct UnreadRow {
    ticket_id: Uuid,
    n: i64,
}

/// Condition on `message` under the alias `m`: there, by somebody else, and not read by the actor.
fn waiting(actor: &Actor) -> Sql {
    let mut sql = Sql::new("m.withdrawn_at IS NULL AND m.author_id <> ");
    sql.bind(actor.id())
        .push_bind(
            " AND NOT EXISTS (SELECT 1 FROM message_read r WHERE r.message_id = m.id AND r.user_id = ",
            actor.id(),
        )
        .push(")");
    sql
}

/// Condition on `message` under the alias `m`: the actor asked or is assigned, himself or by a group, so that its messages are
/// for his eyes whatever else he is (T-MSG-04).
pub(crate) fn of_sides(actor: &Actor) -> Sql {
    takes_part(actor, "m.ticket_id")
}

fn takes_part(actor: &Actor, ticket: &str) -> Sql {
    let mut sql = Sql::new("EXISTS (SELECT 1 FROM ticket_actor a WHERE a.ticket_id = ");
    sql.push(ticket).push(" AND a.role IN ('requester','assignee') AND (a.user_id = ");
    sql.bind(actor.id()).push(" OR a.group_id IN ").list(actor.groups.iter().copied()).push("))");
    sql
}

/// Condition on `message` under the alias `m` and its ticket, which the actor sees, under `t`: it is there, and for his eyes
/// (T-MSG-04).
pub(crate) fn seen_where(actor: &Actor) -> Sql {
    let mut sql = Sql::new("m.withdrawn_at IS NULL AND ");
    sql.append(&sides_where(actor));
    sql
}

/// Condition on a ticket that the actor sees, under `t`: what is said between its two sides is for his eyes (T-MSG-04).
pub(crate) fn sides_where(actor: &Actor) -> Sql {
    let mut sql = Sql::new("t.entity_id IN ");
    sql.list(actor.entities_with(Capability::OccurrenceViewPublic));
    sql.push(" AND (t.entity_id IN ").list(actor.agent_entities());
    sql.push(" OR ").append(&takes_part(actor, "t.id")).push(")");
    sql
}

/// Condition on `ticket` under the alias `t`: a message of it waits for the actor, who is on one of its sides (P-LIS-03).
pub(crate) fn unread_where(actor: &Actor) -> Sql {
    let mut sql = Sql::new("EXISTS (SELECT 1 FROM message m WHERE m.ticket_id = t.id AND ");
    sql.append(&waiting(actor)).push(" AND ").append(&of_sides(actor)).push(")");
    sql
}

/// Unread messages by ticket. Those of `agents`, where the actor is an agent, count from his last visit on (T-TIM-07): a ticket
/// never opened is not "unread" to the whole desk. Those of `others` count until he has read them.
pub(crate) async fn unread(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    agents: &[Uuid],
    others: &[Uuid],
) -> Result<BTreeMap<Uuid, u32>, ServiceError> {
    let mut out = BTreeMap::new();
    if !agents.is_empty() {
        let mut sql = Sql::new(
            "SELECT m.ticket_id, COUNT(*) AS n FROM message m JOIN read_mark v ON v.ticket_id = m.ticket_id AND v.user_id = ",
        );
        sql.bind(actor.id())
            .push_bind(" WHERE m.withdrawn_at IS NULL AND m.sent_at > v.read_at AND m.author_id <> ", actor.id())
            .push(" AND m.ticket_id IN ")
            .list(agents.iter().copied())
            .push(" GROUP BY m.ticket_id");
        add(&mut out, sql.all(connection).await?);
    }
    if !others.is_empty() {
        let mut sql = Sql::new("SELECT m.ticket_id, COUNT(*) AS n FROM message m WHERE m.ticket_id IN ");
        sql.list(others.iter().copied()).push(" AND ").append(&waiting(actor));
        sql.push(" AND ").append(&of_sides(actor)).push(" GROUP BY m.ticket_id");
        add(&mut out, sql.all(connection).await?);
    }
    Ok(out)
}

fn add(out: &mut BTreeMap<Uuid, u32>, rows: Vec<UnreadRow>) {
    out.extend(rows.into_iter().map(|row| (row.ticket_id, short(row.n))));
}

fn short(n: i64) -> u32 {
    u32::try_from(n.clamp(0, MOST)).unwrap_or(0)
}

/// Answers of the requester side that the actor has not read: the number on the icon of the ticket (T-MSG-01).
pub(crate) async fn unread_answers(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    loaded: &Loaded,
) -> Result<u32, ServiceError> {
    let mut sql = here(actor, loaded.ticket.id);
    sql.push_bind(" AND m.side = ", Side::Requester.as_str());
    counted(connection, &sql).await
}

/// Messages of a ticket that the actor has not read, for the requester side; whether he may see them was asked before.
pub(crate) async fn unread_here(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ticket: Uuid,
) -> Result<u32, ServiceError> {
    counted(connection, &here(actor, ticket)).await
}

fn here(actor: &Actor, ticket: Uuid) -> Sql {
    let mut sql = Sql::new("m.ticket_id = ");
    sql.bind(ticket).push(" AND ").append(&waiting(actor));
    sql
}

async fn counted(connection: &impl ConnectionTrait, condition: &Sql) -> Result<u32, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM message m WHERE ");
    sql.append(condition).push_bind(" LIMIT ", MOST).push(") n");
    Ok(short(sql.scalar::<i64>(connection).await?.unwrap_or(0)))
}

/// Messages that wait for a person: of his requests those of others, of the tickets assigned to him or his groups the answers
/// of the requester side; at most 99.
pub(crate) async fn unread_of(ctx: &Ctx, connection: &impl ConnectionTrait) -> Result<u32, ServiceError> {
    let actor = &ctx.actor;
    let mut condition = Sql::new("m.ticket_id IN (");
    condition.append(&taking_part(actor, "'requester','assignee'"));
    condition.push(") AND (m.side = 'requester' OR m.ticket_id IN (").append(&taking_part(actor, "'requester'"));
    condition.push(")) AND ").append(&waiting(actor));
    condition.push(" AND EXISTS (SELECT 1 FROM ticket t WHERE t.id = m.ticket_id AND ").append(&scope::tickets(actor));
    condition.push(")");
    counted(connection, &condition).await
}

/// Tickets the actor takes part in, himself or by a group.
fn taking_part(actor: &Actor, roles: &str) -> Sql {
    let mut sql = Sql::new("SELECT ticket_id FROM ticket_actor WHERE user_id = ");
    sql.bind(actor.id()).push(" AND role IN (").push(roles);
    sql.push(") UNION SELECT ticket_id FROM ticket_actor WHERE group_id IN ").list(actor.groups.iter().copied());
    sql.push(" AND role IN (").push(roles).push(")");
    sql
}

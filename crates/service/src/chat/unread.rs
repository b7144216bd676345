//! Lines that wait to be read: on the icon of the ticket, in lists, in the panel (T-CHT-02).

use std::collections::BTreeMap;

use domain::ticket::Side;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::entities_on;
use crate::actor::Actor;
use crate::error::ServiceError;
use crate::messages;
use crate::sql::Sql;

/// Numbers beside icons and rows end here.
const MOST: i64 = 99;

#[derive(Debug, FromQueryResult)]
struct UnreadRow {
    ticket_id: Uuid,
    n: i64,
}

/// Condition on `chat_line` under the alias `m`: by somebody else, and not read by the actor.
fn waiting(actor: &Actor) -> Sql {
    let mut sql = Sql::new("m.author_id <> ");
    sql.bind(actor.id())
        .push_bind(
            " AND NOT EXISTS (SELECT 1 FROM chat_line_read r WHERE r.line_id = m.id AND r.user_id = ",
            actor.id(),
        )
        .push(")");
    sql
}

/// Condition on `chat_line` under the alias `m`: the requester side said it, and it is the actor's to answer. Of what came to his
/// group he is freed by a colleague who reads it.
fn for_desk(actor: &Actor) -> Sql {
    let mut sql = Sql::new("m.side = ");
    sql.bind(Side::Requester.as_str())
        .push(" AND (EXISTS (SELECT 1 FROM ticket_actor a WHERE a.ticket_id = m.ticket_id AND a.role = 'assignee'")
        .push_bind(" AND a.user_id = ", actor.id())
        .push(") OR ((EXISTS (SELECT 1 FROM ticket_actor a WHERE a.ticket_id = m.ticket_id AND a.role = 'assignee' AND a.group_id IN ")
        .list(actor.groups.iter().copied())
        .push_bind(") OR EXISTS (SELECT 1 FROM read_mark v WHERE v.ticket_id = m.ticket_id AND v.user_id = ", actor.id())
        .push_bind(")) AND NOT EXISTS (SELECT 1 FROM chat_line_read s WHERE s.line_id = m.id AND s.side = ", Side::Service.as_str())
        .push(")))");
    sql
}

/// Unread lines by ticket, where the chat is switched on: of `agents`, where the actor is an agent, those he is to answer; of
/// `others` all of others.
pub(crate) async fn unread(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    agents: &[Uuid],
    others: &[Uuid],
) -> Result<BTreeMap<Uuid, u32>, ServiceError> {
    let mut out = BTreeMap::new();
    let on = entities_on(connection, actor).await?;
    if on.is_empty() {
        return Ok(out);
    }
    for (tickets, condition) in [(agents, for_desk(actor)), (others, messages::of_sides(actor))] {
        if tickets.is_empty() {
            continue;
        }
        let mut sql =
            Sql::new("SELECT m.ticket_id, COUNT(*) AS n FROM chat_line m JOIN ticket t ON t.id = m.ticket_id WHERE ");
        sql.push("m.ticket_id IN ").list(tickets.iter().copied());
        sql.push(" AND t.entity_id IN ").list(on.iter().copied());
        sql.push(" AND ").append(&waiting(actor)).push(" AND ").append(&condition).push(" GROUP BY m.ticket_id");
        let rows: Vec<UnreadRow> = sql.all(connection).await?;
        out.extend(rows.into_iter().map(|row| (row.ticket_id, short(row.n))));
    }
    Ok(out)
}

fn short(n: i64) -> u32 {
    u32::try_from(n.clamp(0, MOST)).unwrap_or(0)
}

/// Lines of a ticket that the actor has not read; whether he may see them was asked before.
pub(crate) async fn unread_here(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ticket: Uuid,
) -> Result<u32, ServiceError> {
    counted(connection, actor, ticket, None).await
}

/// Those of the requester side: the number on the icon of the ticket.
pub(crate) async fn unread_of_desk(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ticket: Uuid,
) -> Result<u32, ServiceError> {
    counted(connection, actor, ticket, Some(Side::Requester)).await
}

async fn counted(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    ticket: Uuid,
    side: Option<Side>,
) -> Result<u32, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM chat_line m WHERE m.ticket_id = ");
    sql.bind(ticket).push(" AND ").append(&waiting(actor));
    if let Some(side) = side {
        sql.push_bind(" AND m.side = ", side.as_str());
    }
    sql.push_bind(" LIMIT ", MOST).push(") n");
    Ok(short(sql.scalar::<i64>(connection).await?.unwrap_or(0)))
}

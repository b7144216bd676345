//! The agents' panel: who waits in the queue, and what one is talking about (T-CHT-04).

use domain::ids::TicketNumber;
use domain::policy::Capability;
use domain::views::{ChatPanelView, ChatRow};
use entity::ticket_actor;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{entities_on, unread};
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::scope;
use crate::sql::Sql;
use crate::tickets::people;

/// Rows of one part.
const MOST: i64 = 100;

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    number: i64,
    title: String,
    waiting_since: Option<i64>,
    last_line_at: i64,
}

/// Entities where a person is an agent who reads chats: where the chat is switched on in one of them, its panel stands in the menu.
pub(crate) fn desks_of(actor: &Actor) -> Vec<Uuid> {
    let reads = actor.entities_with(Capability::OccurrenceViewPublic);
    actor.agent_entities().into_iter().filter(|entity| reads.contains(entity)).collect()
}

/// Those in which the chat is switched on.
async fn desks(ctx: &Ctx, connection: &impl ConnectionTrait) -> Result<Vec<Uuid>, ServiceError> {
    let mut desks = desks_of(&ctx.actor);
    if desks.is_empty() {
        return Ok(desks);
    }
    let on = entities_on(connection, &ctx.actor).await?;
    desks.retain(|entity| on.contains(entity));
    Ok(desks)
}

/// The chats that are going on, the longest waiting first: of tickets nobody has taken, and of one's own. `number` = only that
/// ticket; empty = all.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn panel(ctx: &Ctx, number: &str) -> Result<ChatPanelView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let desks = desks(ctx, &snapshot).await?;
    let typed = number.trim().trim_start_matches('#');
    let wanted: Option<i64> = typed.parse::<TicketNumber>().ok().map(TicketNumber::get);
    let mut view = ChatPanelView {
        queue: Vec::new(),
        mine: Vec::new(),
        is_on: !desks.is_empty(),
        is_wrong: !typed.is_empty() && wanted.is_none(),
        now: ctx.moment(),
    };
    if desks.is_empty() || view.is_wrong {
        return Ok(view);
    }
    let queue = Sql::new(
        "NOT EXISTS (SELECT 1 FROM ticket_actor a JOIN app_user u ON u.id = a.user_id WHERE a.ticket_id = t.id \
         AND a.role = 'assignee' AND u.active = TRUE)",
    );
    let mut mine = Sql::new(
        "EXISTS (SELECT 1 FROM ticket_actor a WHERE a.ticket_id = t.id AND a.role = 'assignee' AND a.user_id = ",
    );
    mine.bind(ctx.actor.id()).push(")");
    view.queue = part(ctx, &snapshot, &desks, &queue, wanted).await?;
    view.mine = part(ctx, &snapshot, &desks, &mine, wanted).await?;
    Ok(view)
}

async fn part(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    desks: &[Uuid],
    condition: &Sql,
    wanted: Option<i64>,
) -> Result<Vec<ChatRow>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT t.id, t.number, t.title, c.waiting_since, c.last_line_at FROM chat c JOIN ticket t ON t.id = c.ticket_id \
         WHERE c.ended_at IS NULL AND ",
    );
    sql.append(&scope::tickets(&ctx.actor)).push(" AND t.entity_id IN ").list(desks.iter().copied());
    sql.push(" AND ").append(condition);
    if let Some(number) = wanted {
        sql.push_bind(" AND t.number = ", number);
    }
    // Who was answered waits for nothing: behind everybody who does.
    sql.push(
        " ORDER BY CASE WHEN c.waiting_since IS NULL THEN 1 ELSE 0 END, c.waiting_since, c.last_line_at, t.number",
    )
    .push_bind(" LIMIT ", MOST);
    let rows: Vec<Row> = sql.all(connection).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let requesters = requesters(connection, &ids).await?;
    let names = people::directory(connection, &requesters, &[]).await?;
    let unread = unread(connection, &ctx.actor, &ids, &[]).await?;
    let at = |at: i64| moment(at, ctx.actor.zone);
    let view = |row: Row| ChatRow {
        requester: requesters
            .iter()
            .find(|actor| actor.ticket_id == row.id)
            .map(|actor| people::view(actor, &names, true)),
        number: row.number,
        title: row.title,
        waiting_since: row.waiting_since.map(at),
        last_line_at: at(row.last_line_at),
        unread: unread.get(&row.id).copied().unwrap_or(0),
    };
    Ok(rows.into_iter().map(view).collect())
}

async fn requesters(
    connection: &impl ConnectionTrait,
    tickets: &[Uuid],
) -> Result<Vec<ticket_actor::Model>, ServiceError> {
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    Ok(ticket_actor::Entity::find()
        .filter(ticket_actor::Column::TicketId.is_in(tickets.iter().copied()))
        .filter(ticket_actor::Column::Role.eq("requester"))
        .order_by_asc(ticket_actor::Column::Position)
        .order_by_asc(ticket_actor::Column::Id)
        .all(connection)
        .await?)
}

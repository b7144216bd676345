//! Who has read what of a chat: marked when it is before him, seen by the agents.

use domain::ticket::Side;
use uuid::Uuid;

use super::{KIND, unread_here};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::notifications;
use crate::sql::Sql;
use crate::tickets::Loaded;
use crate::work::{self, Work};

/// Marks the lines up to the last one that was just shown; written only when something was unread. That it could not be noted is no failure of
/// reading.
pub(super) async fn note_reading(ctx: &Ctx, loaded: &Loaded, last: i64) {
    let number = loaded.ticket.number;
    crate::messages::patiently(number, mark(ctx, loaded, last)).await;
}

async fn mark(ctx: &Ctx, loaded: &Loaded, last: i64) -> Result<(), ServiceError> {
    if unread_here(ctx.db().reader(), &ctx.actor, loaded.ticket.id).await? == 0 {
        return Ok(());
    }
    let loaded = loaded.clone();
    work::write(ctx, move |w| {
        let loaded = loaded.clone();
        Box::pin(async move { mark_in(w, &loaded, last).await })
    })
    .await
}

/// Marks the lines of others as read by the actor, and tells the agents who look at them.
async fn mark_in(w: &Work, loaded: &Loaded, last: i64) -> Result<(), ServiceError> {
    let (reader, ticket) = (w.actor().id(), loaded.ticket.id);
    let side = if loaded.side() == Side::Requester { Side::Requester } else { Side::Service };
    let mut sql = Sql::new("INSERT INTO chat_line_read (line_id, user_id, side, read_at) SELECT l.id, ");
    sql.bind(reader)
        .push_bind(", ", side.as_str())
        .push_bind(", ", w.now())
        .push_bind(" FROM chat_line l WHERE l.ticket_id = ", ticket)
        .push_bind(" AND l.author_id <> ", reader)
        .push_bind(" AND l.number <= ", last)
        .push_bind(" AND NOT EXISTS (SELECT 1 FROM chat_line_read r WHERE r.line_id = l.id AND r.user_id = ", reader)
        .push(") ON CONFLICT DO NOTHING RETURNING line_id");
    let mut newest: Option<Uuid> = None;
    for row in sql.rows(&w.tx).await? {
        let id: Uuid = row.try_get("", "line_id")?;
        newest = newest.max(Some(id));
    }
    let Some(object) = newest else { return Ok(()) };
    notifications::read_of_chat(w, ticket).await?;
    let change = NewChange { kind: KIND, what: "changed", object, version: 1, audience: "private", author: None };
    events::emit(w, &loaded.ticket, change).await
}

//! Lines as their reader may see them: in their order, in a number of queries that does not grow with theirs.

use std::collections::BTreeMap;

use domain::ticket::Side;
use domain::views::{ChatLineView, ReaderView};
use entity::{chat_line, chat_line_read};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::sanitise;
use crate::sql::unique;
use crate::tickets::{Loaded, people};

/// The views of rows the reader may see; `portal` = in the form for the requester side.
pub(super) async fn views(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    rows: &[chat_line::Model],
    portal: bool,
) -> Result<Vec<ChatLineView>, ServiceError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let agent = loaded.is_agent() && !portal;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let reads = reads(connection, &ids).await?;
    let readers = reads.values().flatten().filter(|_| agent).map(|read| read.user_id);
    let named = unique(rows.iter().map(|row| row.author_id).chain(readers));
    let names = people::directory(connection, &[], &named).await?;
    let at = |at: i64| moment(at, ctx.actor.zone);
    let view = |row: &chat_line::Model| {
        let mine = row.author_id == ctx.actor.id();
        let reads = reads.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        let own = reads.iter().find(|read| read.user_id == ctx.actor.id());
        let others: Vec<&chat_line_read::Model> = reads.iter().filter(|read| read.side != row.side).collect();
        let first = if agent { others.first().copied() } else { own };
        let readers = others.iter().filter(|_| agent).map(|read| ReaderView {
            name: people::author(&names, Some(read.user_id), true).name,
            at: at(read.read_at),
        });
        ChatLineView {
            id: row.id,
            ticket: loaded.ticket.number,
            number: row.number,
            author: people::author(&names, Some(row.author_id), agent),
            side: side_of(row),
            html: sanitise::linked(&row.text),
            text: row.text.clone(),
            sent_at: at(row.sent_at),
            read_at: first.map(|read| at(read.read_at)),
            readers: readers.collect(),
            mine,
            unread: !mine && own.is_none(),
        }
    };
    Ok(rows.iter().map(view).collect())
}

/// Who has had which line before him, the first one first; one query.
async fn reads(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<chat_line_read::Model>>, ServiceError> {
    let found = chat_line_read::Entity::find()
        .filter(chat_line_read::Column::LineId.is_in(ids.iter().copied()))
        .order_by_asc(chat_line_read::Column::ReadAt)
        .order_by_asc(chat_line_read::Column::UserId)
        .all(connection)
        .await?;
    let mut out: BTreeMap<Uuid, Vec<chat_line_read::Model>> = BTreeMap::new();
    for row in found {
        out.entry(row.line_id).or_default().push(row);
    }
    Ok(out)
}

/// Side of a row.
pub(super) fn side_of(row: &chat_line::Model) -> Side {
    row.side.parse().unwrap_or(Side::System)
}

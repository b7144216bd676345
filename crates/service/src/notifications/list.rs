//! Reading notifications: one's own only, and only those of what one may still see.

use std::collections::BTreeSet;

use domain::error::{AppError, Code};
use domain::notification::{Event, UNREAD_MAX};
use domain::settings::Key;
use domain::ticket::Status;
use domain::views::{Count, NotificationView, Page};
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::Serialize;
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people;
use crate::settings::Settings;
use crate::sql::{Sql, unique};
use crate::tickets::list::{COUNT_MAX, reasons};
use crate::work::{self, Work};
use crate::{idempotency, lists, messages, scope};

/// Rows of a page when the caller does not say, and the most.
const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 200;
/// Most ids of one command.
const IDS_MAX: usize = 200;
/// Name of the command for idempotency keys.
const SCOPE: &str = "read-notifications";

/// What of them is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotificationQuery {
    /// Only those that were not read.
    pub unread: bool,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
    /// Count them up to 1 000.
    pub count: bool,
}

/// Which ones are read from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Read {
    /// These, at most 200; those of others are left alone.
    Ids(Vec<Uuid>),
    /// This one and all before it.
    Until(Uuid),
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    event: String,
    why: String,
    entry_kind: Option<String>,
    entry_id: Option<Uuid>,
    author_id: Option<Uuid>,
    at: i64,
    read_at: Option<i64>,
    number: i64,
    title: String,
    entity_id: Uuid,
    status: String,
    pending_reason_id: Option<Uuid>,
    /// Since when the ticket has its status.
    since: Option<i64>,
}

impl Row {
    /// Whether it tells that the ticket was put on hold, and it still is.
    fn waits(&self) -> bool {
        self.event == Event::Pending.as_str()
            && self.status == Status::Pending.as_str()
            && self.since.is_some_and(|since| since <= self.at)
    }
}

/// A page of one's notifications, newest first.
///
/// # Errors
/// `Invalid` on a wrong cursor or limit.
pub async fn list(ctx: &Ctx, query: NotificationQuery) -> Result<Page<NotificationView>, ServiceError> {
    let limit = match query.limit {
        0 => LIMIT,
        limit if limit <= LIMIT_MAX => limit,
        _ => return Err(AppError::field("limit", Code::Invalid).into()),
    };
    let binding = format!("notifications:{}:{}", ctx.actor.id(), query.unread);
    let after: Option<Uuid> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let snapshot = ctx.db().snapshot().await?;
    let mut mine = visible(ctx, &snapshot).await?;
    if query.unread {
        mine.push(" AND n.read_at IS NULL");
    }
    let count = if query.count { Some(count(&snapshot, &mine, COUNT_MAX).await?) } else { None };
    if let Some(after) = after {
        mine.push_bind(" AND n.id < ", after);
    }
    mine.push_bind(" ORDER BY n.id DESC LIMIT ", i64::from(limit) + 1);
    let mut found = rows(&snapshot, &mine).await?;
    let keep = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > keep;
    found.truncate(keep);
    let last = found.last().filter(|_| is_more);
    let next_cursor = last.map(|row| cursor::seal(&ctx.services.secret, &binding, &row.id));
    let count =
        count.map(|found| Count { value: u32::try_from(found.min(COUNT_MAX)).unwrap_or(0), exact: found <= COUNT_MAX });
    Ok(Page { items: views(ctx, &snapshot, found).await?, next_cursor, count, now: ctx.moment() })
}

/// Marks one as read and answers the path of what it is about.
///
/// # Errors
/// `NotFound` for one of somebody else, and for one of what is out of sight by now.
pub async fn open(ctx: &Ctx, id: Uuid) -> Result<String, ServiceError> {
    let reader = ctx.db().reader();
    let mut mine = visible(ctx, reader).await?;
    mine.push_bind(" AND n.id = ", id);
    let found = rows(reader, &mine).await?;
    let view = views(ctx, reader, found).await?.pop().ok_or(AppError::NotFound)?;
    if view.read_at.is_none() {
        read(ctx, Read::Ids(vec![id]), "").await?;
    }
    Ok(view.path())
}

/// Marks some as read, under an idempotency key; empty = none. What is read or not one's own is left as it is.
///
/// # Errors
/// `Invalid` on `ids` for more than 200.
pub async fn read(ctx: &Ctx, what: Read, key: &str) -> Result<(), ServiceError> {
    if matches!(&what, Read::Ids(ids) if ids.len() > IDS_MAX) {
        return Err(AppError::field("ids", Code::TooMany).into());
    }
    let (key, hash) = (key.to_owned(), idempotency::content_hash(&what));
    work::write(ctx, move |w| {
        let (what, key, hash) = (what.clone(), key.clone(), hash.clone());
        Box::pin(async move {
            if idempotency::claim::<bool>(w, SCOPE, &key, &hash).await?.is_some() {
                return Ok(());
            }
            let mut sql = mark(w);
            match what {
                Read::Ids(ids) => sql.push(" AND id IN ").list(ids),
                Read::Until(id) => sql.push_bind(" AND id <= ", id),
            };
            sql.run(&w.tx).await?;
            idempotency::answer(w, SCOPE, &key, &true).await
        })
    })
    .await
}

/// Who opens a ticket has read what it told him.
pub(crate) async fn read_of_ticket(w: &Work, ticket: Uuid) -> Result<(), ServiceError> {
    mark(w).push_bind(" AND ticket_id = ", ticket).run(&w.tx).await?;
    Ok(())
}

/// Whether something of a ticket was told to the reader that he has not read.
pub(crate) async fn has_unread(ctx: &Ctx, ticket: Uuid) -> Result<bool, ServiceError> {
    let mut sql = Sql::new("SELECT 1 FROM notification WHERE read_at IS NULL AND user_id = ");
    sql.bind(ctx.actor.id()).push_bind(" AND ticket_id = ", ticket).push(" LIMIT 1");
    Ok(!sql.rows(ctx.db().reader()).await?.is_empty())
}

/// Who has read messages of a ticket has read what told him of them.
pub(crate) async fn read_of_messages(w: &Work, ticket: Uuid) -> Result<(), ServiceError> {
    mark(w)
        .push_bind(" AND ticket_id = ", ticket)
        .push(" AND entry_kind = 'message' AND EXISTS (SELECT 1 FROM message_read r WHERE r.user_id = notification.user_id")
        .push(" AND r.message_id = notification.entry_id)")
        .run(&w.tx)
        .await?;
    Ok(())
}

/// Who has read a chat has read what told him that it began.
pub(crate) async fn read_of_chat(w: &Work, ticket: Uuid) -> Result<(), ServiceError> {
    mark(w).push_bind(" AND ticket_id = ", ticket).push(" AND entry_kind = 'chat'").run(&w.tx).await?;
    Ok(())
}

fn mark(w: &Work) -> Sql {
    let mut sql = Sql::new("UPDATE notification SET read_at = ");
    sql.bind(w.now()).push_bind(" WHERE read_at IS NULL AND user_id = ", w.actor().id());
    sql
}

/// Unread ones without those of the ticket `opened`, which its page marks as read (0 = none); counted up to one more than
/// [`UNREAD_MAX`].
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn unread(ctx: &Ctx, opened: i64) -> Result<u32, ServiceError> {
    let reader = ctx.db().reader();
    let mut mine = visible(ctx, reader).await?;
    mine.push_bind(" AND n.read_at IS NULL AND t.number <> ", opened);
    let found = count(reader, &mine, i64::from(UNREAD_MAX)).await?;
    Ok(u32::try_from(found).unwrap_or(0))
}

/// One's own rows of tickets in sight, without those of entries that were removed or are out of sight: from `FROM` on, the
/// notification under the alias `n`, its ticket under `t`.
async fn visible(ctx: &Ctx, connection: &impl ConnectionTrait) -> Result<Sql, ServiceError> {
    let actor = &ctx.actor;
    let mut sql = Sql::new("FROM notification n JOIN ticket t ON t.id = n.ticket_id WHERE n.user_id = ");
    sql.bind(actor.id()).push(" AND ").append(&scope::tickets(actor));
    sql.push(" AND (n.entry_kind IS NULL OR n.entry_kind <> 'occurrence' OR (");
    let silent = silent(ctx, connection).await?;
    if !silent.is_empty() {
        sql.push("t.entity_id NOT IN ").list(silent).push(" AND ");
    }
    sql.push("EXISTS (SELECT 1 FROM occurrence o WHERE o.id = n.entry_id AND o.removed_at IS NULL AND ");
    sql.append(&scope::entries(actor)).push("))) AND (n.entry_kind IS NULL OR n.entry_kind <> 'task' OR ");
    sql.push("EXISTS (SELECT 1 FROM task k WHERE k.id = n.entry_id AND k.removed_at IS NULL AND k.entity_id IN ");
    sql.list(actor.agent_entities()).push(" AND ").append(&scope::tasks(actor));
    sql.push(")) AND (n.entry_kind IS NULL OR n.entry_kind <> 'message' OR ");
    sql.push("EXISTS (SELECT 1 FROM message m WHERE m.id = n.entry_id AND ");
    sql.append(&messages::seen_where(actor)).push(")) AND (n.entry_kind IS NULL OR n.entry_kind <> 'chat' OR (");
    sql.append(&messages::sides_where(actor)).push("))");
    Ok(sql)
}

/// Entities whose portal shows the reader no occurrences (setting 298).
async fn silent(ctx: &Ctx, connection: &impl ConnectionTrait) -> Result<Vec<Uuid>, ServiceError> {
    let actor = &ctx.actor;
    let portal: Vec<Uuid> = actor.entities().into_iter().filter(|entity| !actor.is_agent_in(*entity)).collect();
    let paths: Vec<Vec<Uuid>> = portal.iter().map(|entity| actor.path_of(*entity)).collect();
    let shown: BTreeSet<Uuid> = Settings::switched_on(connection, Key::PortalShowOccurrences, &paths).await?;
    Ok(portal.into_iter().filter(|entity| !shown.contains(entity)).collect())
}

async fn rows(connection: &impl ConnectionTrait, mine: &Sql) -> Result<Vec<Row>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT n.id, n.event, n.why, n.entry_kind, n.entry_id, n.author_id, n.at, n.read_at, t.number, t.title, t.entity_id, \
         t.status, t.pending_reason_id, \
         (SELECT i.from_at FROM status_interval i WHERE i.ticket_id = t.id AND i.to_at IS NULL LIMIT 1) AS since ",
    );
    Ok(sql.append(mine).all(connection).await?)
}

/// How many there are; one more than `most` stands for more.
async fn count(connection: &impl ConnectionTrait, mine: &Sql, most: i64) -> Result<i64, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 AS one ");
    sql.append(mine).push_bind(" LIMIT ", most + 1).push(") x");
    Ok(sql.scalar(connection).await?.unwrap_or(0))
}

async fn views(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    rows: Vec<Row>,
) -> Result<Vec<NotificationView>, ServiceError> {
    let names = people::actor_views(connection, &unique(rows.iter().filter_map(|row| row.author_id)), &[]).await?;
    let actor = &ctx.actor;
    let waiting = unique(rows.iter().filter(|row| row.waits()).filter_map(|row| row.pending_reason_id));
    let known = reasons(connection, &waiting).await?;
    let label = |row: &Row| {
        let found = row.pending_reason_id.and_then(|id| known.iter().find(|reason| reason.id == id));
        found.map_or_else(|| lists::waiting(actor.lang).to_owned(), |reason| lists::label(reason, actor.lang))
    };
    let view = |row: Row| {
        let agent = actor.is_agent_in(row.entity_id);
        let label = if row.waits() { label(&row) } else { String::new() };
        Some(NotificationView {
            id: row.id,
            // A word of a later release is none that this one could say.
            event: row.event.parse().ok()?,
            why: row.why.parse().ok()?,
            ticket: row.number,
            title: row.title,
            entry: row.entry_kind.zip(row.entry_id),
            author: names.author(row.author_id, agent),
            at: moment(row.at, actor.zone),
            read_at: row.read_at.map(|at| moment(at, actor.zone)),
            label,
            agent,
        })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

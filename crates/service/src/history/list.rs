//! The history of a ticket read row by row (T-HIS-01, 03): what its reader may know of it, filtered, then paged.

use domain::error::{AppError, Code, FieldErrors};
use domain::policy::Capability;
use domain::search::Query;
use domain::settings::Key;
use domain::text::excerpt;
use domain::views::{Count, EventView, HistoryRow, Page};
use entity::ticket_event;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{parse_period, view, visible};
use crate::chat;
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::messages;
use crate::moments::moment;
use crate::people::{self, ActorDirectory};
use crate::requests;
use crate::search;
use crate::settings::Settings;
use crate::sql::{Sql, unique};
use crate::tickets::list::COUNT_MAX;
use crate::tickets::{self, Loaded};

/// Rows of a page when the reader does not say (T-HIS-01, P-HIS-03).
const ROWS: i64 = 50;
/// Characters of an occurrence that its row shows: the beginning, texts are read at the entry itself.
const EXCERPT: usize = 200;
/// Most rows whose words are compared at once; a longer history goes on behind the next cursor.
const SCAN_MAX: i64 = 10_000;

/// Filters of the history drawer (T-HIS-01). Values of one field are comma separated and joined by "or".
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HistoryQuery {
    /// Event kinds.
    pub kinds: String,
    /// User ids, `me`, `none` (the system).
    pub person: String,
    /// Words: in who, what, old and new values, reasons, and in the texts of occurrences, tasks and messages.
    pub text: String,
    /// First day or moment.
    pub from: String,
    /// Last day or moment.
    pub to: String,
    /// Event kinds left out.
    pub not_kinds: String,
    /// People left out.
    pub not_person: String,
    /// Words left out.
    pub not_text: String,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
    /// Count the rows up to 1 000.
    pub count: bool,
    /// The reader looks from My requests: public only, whoever he is.
    pub portal: bool,
    /// The same, and the ticket must be one of his requests (P-GEN-01).
    pub own: bool,
    /// The tab "Chat": messages and lines of the chat instead of events (T-HIS-02).
    pub chat: bool,
}

/// A place in the order of a history.
type Position = (i64, Uuid);

/// An event with what there is of the occurrence, task or message it tells of.
struct Row {
    event: ticket_event::Model,
    /// Text of the occurrence or task that was added, or of the message that was sent, while it is there.
    text: Option<String>,
    removed_at: Option<i64>,
}

impl Row {
    const fn position(&self) -> Position {
        (self.event.at, self.event.id)
    }
}

/// The history of a ticket, newest first.
///
/// # Errors
/// `NotFound` when the ticket may not be seen; `Invalid` on a wrong filter.
pub async fn list(ctx: &Ctx, number: i64, query: HistoryQuery) -> Result<Page<HistoryRow>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let reading = Reading::begin(ctx, &snapshot, number, &query).await?;
    let limit = if query.limit == 0 { ROWS } else { i64::from(query.limit.min(200)) };
    reading.asked(&query)?.page(&snapshot, limit).await
}

/// Somebody at the history of a ticket: what he may know of it at all.
pub(super) struct Reading<'c> {
    ctx: &'c Ctx,
    /// The ticket.
    pub(super) loaded: Loaded,
    /// He reads what agents read.
    pub(super) agent: bool,
    /// There is a tab "Chat" for him (T-HIS-02).
    pub(super) has_chat: bool,
    /// He looks at it.
    is_chat: bool,
    readable: Sql,
}

impl<'c> Reading<'c> {
    /// # Errors
    /// `NotFound` when the ticket may not be seen from where he reads.
    pub(super) async fn begin(
        ctx: &'c Ctx,
        connection: &impl ConnectionTrait,
        number: i64,
        query: &HistoryQuery,
    ) -> Result<Self, ServiceError> {
        let loaded = if query.own {
            requests::load(ctx, connection, number).await?
        } else {
            tickets::load_visible(connection, &ctx.actor, number).await?
        };
        let agent = loaded.is_agent() && !query.portal && !query.own;
        let settings = Settings::load(connection, &ctx.actor.path_of(loaded.ticket.entity_id)).await?;
        let has_chat = chat::is_on(&settings) && messages::sees(&loaded, query.own);
        if query.chat && !has_chat {
            return Err(AppError::NotFound.into());
        }
        let readable = if query.chat {
            // Whoever has the tab may read all of it.
            Sql::default()
        } else if agent {
            visible(&ctx.actor, &loaded, false)
        } else {
            readable(&settings, &loaded, messages::sees(&loaded, query.own))
        };
        Ok(Self { ctx, loaded, agent, has_chat, is_chat: query.chat, readable })
    }

    /// Whoever wrote an event that he may know of, whatever the filters say; none = the system.
    pub(super) async fn authors(&self, connection: &impl ConnectionTrait) -> Result<Vec<Option<Uuid>>, ServiceError> {
        let mut sql = Sql::new("SELECT DISTINCT e.author_id AS author_id FROM ");
        if self.is_chat {
            sql.append(&said(self.loaded.ticket.id));
        } else {
            sql.push("ticket_event");
        }
        sql.push_bind(" e WHERE e.ticket_id = ", self.loaded.ticket.id).append(&self.readable);
        let mut out = Vec::new();
        for row in sql.rows(connection).await? {
            out.push(row.try_get("", "author_id")?);
        }
        Ok(out)
    }

    /// His question, checked.
    ///
    /// # Errors
    /// `Invalid` on a wrong filter or cursor.
    pub(super) fn asked(&self, query: &HistoryQuery) -> Result<Asked<'_>, ServiceError> {
        let ctx = self.ctx;
        let unbound = HistoryQuery { cursor: String::new(), limit: 0, count: false, ..query.clone() };
        let number = self.loaded.ticket.number;
        let binding = format!("history:{number}:{}:{}", ctx.actor.id(), serde_json::to_string(&unbound)?);
        let position: Option<Position> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
        let words = Words::read(query)?;
        let mut source = Sql::new(" FROM ");
        if self.is_chat {
            source.append(&said(self.loaded.ticket.id)).push(" e");
        } else {
            source.push(
                "ticket_event e LEFT JOIN occurrence o ON o.id = e.entry_id AND e.kind = 'occurrence_added' \
                 LEFT JOIN task k ON k.id = e.entry_id AND e.kind = 'task_added' \
                 LEFT JOIN message m ON m.id = e.entry_id AND e.kind = 'message_sent'",
            );
        }
        source.push_bind(" WHERE e.ticket_id = ", self.loaded.ticket.id).append(&self.readable);
        append_filters(ctx, query, &mut source)?;
        Ok(Asked { reading: self, source, words, binding, position, is_counted: query.count })
    }
}

/// Events the requester side may know of: public occurrences, tasks and documents besides what is marked P (T-HIS-03, P-HIS-01), while
/// setting 298 shows them, and messages in any case (P-HIS-02), for those they are for (T-MSG-04).
fn readable(settings: &Settings, loaded: &Loaded, sees_messages: bool) -> Sql {
    let mut sql = Sql::new(" AND e.entry_private = FALSE AND (e.public = TRUE");
    if settings.is_on(Key::PortalShowOccurrences) {
        sql.push(" OR e.kind = 'occurrence_added'");
        if loaded.caps.contains(Capability::TaskViewPublic) {
            sql.push(" OR e.kind = 'task_added'");
        }
        // A document that was taken off leaves nothing behind on the requester side.
        sql.push(
            " OR (e.kind = 'document_added' AND EXISTS (SELECT 1 FROM document d WHERE d.id = e.entry_id \
             AND d.removed_at IS NULL AND d.visibility = 'public'))",
        );
    }
    if sees_messages {
        // One that was withdrawn leaves nothing behind either.
        sql.push(
            " OR (e.kind = 'message_sent' AND EXISTS (SELECT 1 FROM message s WHERE s.id = e.entry_id \
             AND s.withdrawn_at IS NULL))",
        );
    }
    sql.push(")");
    sql
}

/// Messages and lines of the chat of a ticket in the form of events, as a table (T-HIS-02).
fn said(ticket: Uuid) -> Sql {
    let mut sql = Sql::new(
        "(SELECT m.id, m.ticket_id, m.sent_at AS at, m.author_id, 'message_sent' AS kind, FALSE AS public, 'message' AS entry_kind, \
         m.id AS entry_id, FALSE AS entry_private, m.author_id AS entry_author_id, '[]' AS changes, '{}' AS data, m.text AS said \
         FROM message m WHERE m.withdrawn_at IS NULL AND m.ticket_id = ",
    );
    sql.bind(ticket).push(
        " UNION ALL SELECT l.id, l.ticket_id, l.sent_at, l.author_id, 'chat_line', FALSE, 'chat', l.id, FALSE, l.author_id, '[]', \
         '{}', l.text FROM chat_line l WHERE l.ticket_id = ",
    );
    sql.bind(ticket).push(")");
    sql
}

/// What is asked of a history: the rows to read, and the words to find in them.
pub(super) struct Asked<'r> {
    reading: &'r Reading<'r>,
    source: Sql,
    words: Option<Words>,
    binding: String,
    position: Option<Position>,
    is_counted: bool,
}

impl Asked<'_> {
    /// A page of `limit` rows, without files.
    pub(super) async fn page(
        &self,
        connection: &impl ConnectionTrait,
        limit: i64,
    ) -> Result<Page<HistoryRow>, ServiceError> {
        let ctx = self.reading.ctx;
        let keep = usize::try_from(limit).unwrap_or(usize::MAX);
        let most = if self.words.is_some() { SCAN_MAX } else { limit + 1 };
        let mut rows = self.read(connection, self.position, most).await?;
        // Where a long history goes on, if none of the rest fits.
        let end = rows.last().filter(|_| self.words.is_some() && is_full(&rows, SCAN_MAX)).map(Row::position);
        let reader = self.reader(connection, &rows).await?;
        if let Some(words) = &self.words {
            rows.retain(|row| words.fit(&reader, row));
        }
        let count = if self.is_counted { Some(self.count(connection).await?) } else { None };
        let more = rows.len() > keep;
        rows.truncate(keep);
        let last = rows.last().filter(|_| more).map(Row::position);
        let next_cursor = last.or(end).map(|at| cursor::seal(&ctx.services.secret, &self.binding, &at));
        let items = rows.iter().map(|row| reader.row(row)).collect();
        Ok(Page { items, next_cursor, count, now: ctx.moment() })
    }

    /// How many rows fit from the first one on, counted up to one more than `most`.
    pub(super) async fn number(&self, connection: &impl ConnectionTrait, most: i64) -> Result<i64, ServiceError> {
        let Some(words) = &self.words else {
            let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1");
            sql.append(&self.source).push_bind(" LIMIT ", most + 1).push(") n");
            return Ok(sql.scalar(connection).await?.unwrap_or(0));
        };
        let (mut found, mut position) = (0_i64, None);
        loop {
            let rows = self.read(connection, position, SCAN_MAX).await?;
            let reader = self.reader(connection, &rows).await?;
            found += i64::try_from(rows.iter().filter(|row| words.fit(&reader, row)).count()).unwrap_or(i64::MAX);
            if found > most || !is_full(&rows, SCAN_MAX) {
                return Ok(found.min(most + 1));
            }
            position = rows.last().map(Row::position);
        }
    }

    async fn count(&self, connection: &impl ConnectionTrait) -> Result<Count, ServiceError> {
        let found = self.number(connection, COUNT_MAX).await?;
        Ok(Count { value: u32::try_from(found.min(COUNT_MAX)).unwrap_or(0), exact: found <= COUNT_MAX })
    }

    async fn read(
        &self,
        connection: &impl ConnectionTrait,
        position: Option<Position>,
        most: i64,
    ) -> Result<Vec<Row>, ServiceError> {
        let mut sql = Sql::new(if self.reading.is_chat {
            "SELECT e.*, e.said AS entry_text, CAST(NULL AS BIGINT) AS entry_removed_at"
        } else {
            "SELECT e.*, CASE WHEN o.removed_at IS NULL AND k.removed_at IS NULL AND m.withdrawn_at IS NULL \
             THEN COALESCE(o.body_text, k.body_text, m.text) END AS entry_text, \
             COALESCE(o.removed_at, k.removed_at, m.withdrawn_at) AS entry_removed_at"
        });
        sql.append(&self.source);
        if let Some((at, id)) = position {
            sql.push_bind(" AND (e.at, e.id) < (", at).push_bind(", ", id).push(")");
        }
        sql.push_bind(" ORDER BY e.at DESC, e.id DESC LIMIT ", most);
        let mut out = Vec::new();
        for row in sql.rows(connection).await? {
            let text: Option<String> = row.try_get("", "entry_text")?;
            let removed_at: Option<i64> = row.try_get("", "entry_removed_at")?;
            let event = ticket_event::Model::from_query_result(&row, "")?;
            out.push(Row { event, text, removed_at });
        }
        Ok(out)
    }

    async fn reader(&self, connection: &impl ConnectionTrait, rows: &[Row]) -> Result<Reader<'_>, ServiceError> {
        let ids = unique(rows.iter().filter_map(|row| row.event.author_id));
        let names = people::actor_views(connection, &ids, &[]).await?;
        Ok(Reader { reading: self.reading, names })
    }
}

/// Whether reading stopped because of its limit.
fn is_full(rows: &[Row], limit: i64) -> bool {
    i64::try_from(rows.len()).is_ok_and(|read| read >= limit)
}

/// Who reads, and whom he knows.
struct Reader<'r> {
    reading: &'r Reading<'r>,
    names: ActorDirectory,
}

impl Reader<'_> {
    fn view(&self, row: &Row) -> EventView {
        let entity = self.reading.loaded.ticket.entity_id;
        view(&row.event, entity, &self.names, &self.reading.ctx.actor, self.reading.agent)
    }

    fn row(&self, row: &Row) -> HistoryRow {
        let actor = &self.reading.ctx.actor;
        HistoryRow {
            event: self.view(row),
            // What is said stands nowhere else, so it stands there whole.
            text: match row.text.as_deref() {
                Some(text) if self.reading.is_chat => text.to_owned(),
                Some(text) => excerpt(text, EXCERPT),
                None => String::new(),
            },
            files: Vec::new(),
            removed: row.removed_at.map(|at| moment(at, actor.zone)),
            mine: row.event.author_id == Some(actor.id()),
        }
    }
}

/// Words that must be in a row, and words that must not; compared after reading, folded like those of the search.
struct Words {
    wanted: Option<Query>,
    unwanted: Option<Query>,
}

impl Words {
    /// Nothing when no words were asked for.
    fn read(query: &HistoryQuery) -> Result<Option<Self>, AppError> {
        let mut errors = FieldErrors::new();
        let mut parse = |field: &str, text: &str| {
            if text.trim().is_empty() { None } else { errors.check(field, search::parse(text)) }
        };
        let (wanted, unwanted) = (parse("text", &query.text), parse("not.text", &query.not_text));
        let is_asked = wanted.is_some() || unwanted.is_some();
        errors.or(Some(is_asked.then_some(Self { wanted, unwanted })))
    }

    fn fit(&self, reader: &Reader<'_>, row: &Row) -> bool {
        let text = told(&reader.view(row), row.text.as_deref());
        self.wanted.as_ref().is_none_or(|words| search::find_in_text(&text, words))
            && !self.unwanted.as_ref().is_some_and(|words| search::find_in_text(&text, words))
    }
}

/// Everything a reader is told by a row, as one text.
fn told(event: &EventView, entry: Option<&str>) -> String {
    let mut out = format!("{} {}", event.author.name, event.kind);
    let changes = event.changes.iter().flat_map(|change| [&change.field, &change.old, &change.new]);
    for part in changes.map(String::as_str).chain(event.reason.as_deref()).chain(entry) {
        out.push(' ');
        out.push_str(part);
    }
    out
}

fn append_filters(ctx: &Ctx, query: &HistoryQuery, sql: &mut Sql) -> Result<(), ServiceError> {
    let mut errors = FieldErrors::new();
    for (value, is_in) in [(&query.kinds, " AND e.kind IN "), (&query.not_kinds, " AND e.kind NOT IN ")] {
        if !value.is_empty() {
            sql.push(is_in).list(value.split(',').map(|kind| kind.trim().to_owned()));
        }
    }
    for (field, value, negated) in [("person", &query.person, false), ("not.person", &query.not_person, true)] {
        if !value.is_empty()
            && let Some(people) = errors.check(field, people_of(ctx, value))
        {
            sql.push(if negated { " AND NOT (" } else { " AND (" }).append(&people).push(")");
        }
    }
    if let Some(from) = period("from", &query.from, ctx, &mut errors) {
        sql.push_bind(" AND e.at >= ", from.0);
    }
    if let Some(to) = period("to", &query.to, ctx, &mut errors) {
        sql.push_bind(" AND e.at < ", to.1);
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors).into()) }
}

/// People by their ids, `me`, or `none` for the system; never NULL, so that it can be negated.
fn people_of(ctx: &Ctx, value: &str) -> Result<Sql, Code> {
    let mut wanted: Vec<Uuid> = Vec::new();
    let mut or_system = false;
    for text in value.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        match text {
            "me" => wanted.push(ctx.actor.id()),
            "none" => or_system = true,
            id => wanted.push(id.parse().map_err(|_not_an_id| Code::Invalid)?),
        }
    }
    let mut sql = Sql::default();
    sql.among("e.author_id", wanted).push(if or_system { " OR e.author_id IS NULL" } else { "" });
    Ok(sql)
}

fn period(field: &str, text: &str, ctx: &Ctx, errors: &mut FieldErrors) -> Option<(i64, i64)> {
    if text.is_empty() {
        return None;
    }
    errors.check(field, parse_period(text, ctx.actor.zone))
}

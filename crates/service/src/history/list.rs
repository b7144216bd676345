//! The history of a ticket as its drawer and the API show it (T-HIS-01, 03): filtered over all of it, then paged.

use domain::error::{AppError, Code, FieldErrors};
use domain::search::Query;
use domain::settings::Key;
use domain::views::{Count, EventView, HistoryRow, Page};
use entity::ticket_event;
use sea_orm::{ConnectionTrait, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{parse_period, view, visible};
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::people::{self, ActorDirectory};
use crate::search;
use crate::settings::Settings;
use crate::sql::{Sql, unique};
use crate::tickets::list::COUNT_MAX;
use crate::tickets::{self, Loaded};

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
    /// Words: in who, what, old and new values, reasons, and in the texts of occurrences.
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
}

/// An event with the text of the occurrence it tells of.
type Row = (ticket_event::Model, Option<String>);

/// The history of a ticket, newest first.
///
/// # Errors
/// `NotFound` when the ticket may not be seen; `Invalid` on a wrong filter.
pub async fn list(ctx: &Ctx, number: i64, query: HistoryQuery) -> Result<Page<HistoryRow>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    let agent = loaded.is_agent() && !query.portal;
    let limit = if query.limit == 0 { 50 } else { i64::from(query.limit.min(200)) };
    let unbound = HistoryQuery { cursor: String::new(), limit: 0, count: false, ..query.clone() };
    let binding = format!("history:{number}:{}:{}", ctx.actor.id(), serde_json::to_string(&unbound)?);
    let position: Option<(i64, Uuid)> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let words = Words::read(&query)?;
    let mut source = Sql::new(
        " FROM ticket_event e LEFT JOIN occurrence o ON o.id = e.entry_id AND e.kind = 'occurrence_added' \
         AND o.removed_at IS NULL WHERE e.ticket_id = ",
    );
    source.bind(loaded.ticket.id).append(&readable(ctx, &snapshot, &loaded, agent).await?);
    append_filters(ctx, &query, &mut source)?;

    let keep = usize::try_from(limit).unwrap_or(usize::MAX);
    let most = if words.is_some() { SCAN_MAX } else { limit + 1 };
    let mut rows = read(&snapshot, &source, position, most).await?;
    let is_cut = words.is_some() && i64::try_from(rows.len()).is_ok_and(|read| read == SCAN_MAX);
    // Where a long history goes on, if none of the rest fits.
    let end = rows.last().filter(|_| is_cut).map(|(row, _)| (row.at, row.id));
    let names_ids = unique(rows.iter().filter_map(|(row, _)| row.author_id));
    let names = people::actor_views(&snapshot, &names_ids, &[]).await?;
    let reader = Reader { ctx, names: &names, agent };
    if let Some(words) = &words {
        rows.retain(|row| words.fit(&reader, row));
    }
    let count = match (query.count, &words) {
        (false, _) => None,
        (true, None) => Some(count(&snapshot, &source).await?),
        (true, Some(words)) => Some(count_fitting(ctx, &snapshot, &source, words, agent).await?),
    };
    let more = rows.len() > keep;
    rows.truncate(keep);
    let last = rows.last().filter(|_| more).map(|(row, _)| (row.at, row.id));
    let next_cursor = last.or(end).map(|at| cursor::seal(&ctx.services.secret, &binding, &at));
    let items = rows.iter().map(|(row, _)| HistoryRow { event: reader.view(row) }).collect();
    Ok(Page { items, next_cursor, count, now: ctx.moment() })
}

/// Events the reader may know of. The requester side reads public occurrences besides what is marked P (T-HIS-03, P-HIS-01),
/// while setting 298 shows them.
async fn readable(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    agent: bool,
) -> Result<Sql, ServiceError> {
    if agent {
        return Ok(visible(&ctx.actor, loaded, false));
    }
    let settings = Settings::load(connection, &ctx.actor.path_of(loaded.ticket.entity_id)).await?;
    let mut sql = Sql::new(" AND e.entry_private = FALSE AND (e.public = TRUE");
    if settings.is_on(Key::PortalShowOccurrences) {
        sql.push(" OR e.kind = 'occurrence_added'");
    }
    sql.push(")");
    Ok(sql)
}

async fn read(
    connection: &impl ConnectionTrait,
    source: &Sql,
    position: Option<(i64, Uuid)>,
    most: i64,
) -> Result<Vec<Row>, ServiceError> {
    let mut sql = Sql::new("SELECT e.*, o.body_text AS entry_text");
    sql.append(source);
    if let Some((at, id)) = position {
        sql.push_bind(" AND (e.at, e.id) < (", at).push_bind(", ", id).push(")");
    }
    sql.push_bind(" ORDER BY e.at DESC, e.id DESC LIMIT ", most);
    let mut out = Vec::new();
    for row in sql.rows(connection).await? {
        let text: Option<String> = row.try_get("", "entry_text")?;
        out.push((ticket_event::Model::from_query_result(&row, "")?, text));
    }
    Ok(out)
}

async fn count(connection: &impl ConnectionTrait, source: &Sql) -> Result<Count, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1");
    sql.append(source).push_bind(" LIMIT ", COUNT_MAX + 1).push(") n");
    let found: i64 = sql.scalar(connection).await?.unwrap_or(0);
    Ok(Count { value: u32::try_from(found.min(COUNT_MAX)).unwrap_or(0), exact: found <= COUNT_MAX })
}

async fn count_fitting(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    source: &Sql,
    words: &Words,
    agent: bool,
) -> Result<Count, ServiceError> {
    let rows = read(connection, source, None, SCAN_MAX).await?;
    let names_ids = unique(rows.iter().filter_map(|(row, _)| row.author_id));
    let names = people::actor_views(connection, &names_ids, &[]).await?;
    let reader = Reader { ctx, names: &names, agent };
    let found = i64::try_from(rows.iter().filter(|row| words.fit(&reader, row)).count()).unwrap_or(i64::MAX);
    let is_whole = i64::try_from(rows.len()).is_ok_and(|read| read < SCAN_MAX);
    Ok(Count { value: u32::try_from(found.min(COUNT_MAX)).unwrap_or(0), exact: is_whole && found <= COUNT_MAX })
}

/// Who reads, and whom he knows.
struct Reader<'r> {
    ctx: &'r Ctx,
    names: &'r ActorDirectory,
    agent: bool,
}

impl Reader<'_> {
    fn view(&self, row: &ticket_event::Model) -> EventView {
        view(row, self.names, &self.ctx.actor, self.agent)
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

    fn fit(&self, reader: &Reader<'_>, (row, entry): &Row) -> bool {
        let text = told(&reader.view(row), entry.as_deref());
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
    let mut sql = Sql::new("(e.author_id IS NOT NULL AND e.author_id IN ");
    sql.list(wanted).push(if or_system { ") OR e.author_id IS NULL" } else { ")" });
    Ok(sql)
}

fn period(field: &str, text: &str, ctx: &Ctx, errors: &mut FieldErrors) -> Option<(i64, i64)> {
    if text.is_empty() {
        return None;
    }
    errors.check(field, parse_period(text, ctx.actor.zone))
}

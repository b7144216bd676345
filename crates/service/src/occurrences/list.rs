//! The occurrences of a ticket as a list with filters (api.md section 6, A-LST).

use domain::error::{AppError, Code, FieldErrors};
use domain::occurrence::Visibility;
use domain::settings::Key;
use domain::ticket::Side;
use domain::views::{Count, OccurrenceView, Page};
use entity::occurrence;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rows;
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::history::parse_period;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets;
use crate::tickets::list::COUNT_MAX;
use crate::{scope, search};

/// Most entries of a ticket whose words are compared.
const SCAN_MAX: i64 = 10_000;

/// Filters of the API's list of occurrences. Ids and words of one field are comma separated and joined by "or".
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OccurrenceQuery {
    /// Words (T-OCC-24).
    pub find: String,
    /// `private`, `public`.
    pub visibility: String,
    /// User ids, `me`, `none` (the system).
    pub author: String,
    /// `requester`, `service`, `observer`, `system`.
    pub side: String,
    /// Category ids, `none`.
    pub category: String,
    /// Source ids, `none`.
    pub source: String,
    /// `true`, `false`.
    pub has_attachments: String,
    /// First day or moment of happening.
    pub occurred_from: String,
    /// Last day or moment of happening.
    pub occurred_to: String,
    /// First day or moment of registration.
    pub registered_from: String,
    /// Last day or moment of registration.
    pub registered_to: String,
    /// `true`: tombstones only, `false`: none; empty: both.
    pub removed: String,
    /// Negated filters by their name: `category` → ids that must not be.
    pub not: Vec<(String, String)>,
    /// `registered_at` (default), `occurred_at`, with `-` downwards.
    pub sort: String,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
    /// Count the rows up to 1 000.
    pub count: bool,
    /// The reader looks from My requests.
    pub portal: bool,
}

/// Occurrences of a ticket, oldest first unless sorted otherwise.
///
/// # Errors
/// `NotFound` when the ticket may not be seen; `Invalid` at a wrong filter.
pub async fn list(ctx: &Ctx, number: i64, query: OccurrenceQuery) -> Result<Page<OccurrenceView>, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = tickets::load_visible(&snapshot, &ctx.actor, number).await?;
    let settings = Settings::load(&snapshot, &ctx.actor.path_of(loaded.ticket.entity_id)).await?;
    let portal = query.portal || !loaded.is_agent();
    let limit = if query.limit == 0 { 50 } else { i64::from(query.limit.min(200)) };
    let (column, descending) = sort(&query.sort)?;
    let unbound = OccurrenceQuery { cursor: String::new(), limit: 0, count: false, ..query.clone() };
    let binding = format!("occurrences:{number}:{}:{}", ctx.actor.id(), serde_json::to_string(&unbound)?);
    let position: Option<(i64, Uuid)> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let filters = Filters::read(ctx, &query, portal)?;
    if portal && !settings.is_on(Key::PortalShowOccurrences) {
        let count = query.count.then_some(Count { value: 0, exact: true });
        return Ok(Page { items: Vec::new(), next_cursor: None, count, now: ctx.moment() });
    }
    let mut source = Sql::new(" FROM occurrence o WHERE o.ticket_id = ");
    source.bind(loaded.ticket.id).push(" AND ");
    if portal {
        source.push("o.visibility = 'public'");
    } else {
        source.append(&scope::entries(&ctx.actor));
    }
    source.append(&filters.sql);
    let count = if query.count { Some(count(&snapshot, &source, &filters).await?) } else { None };

    let (sign, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
    let mut sql = Sql::new("SELECT o.*");
    sql.append(&source);
    if let Some((at, id)) = position {
        sql.push(&format!(" AND (o.{column}, o.id) {sign} (")).bind(at).push_bind(", ", id).push(")");
    }
    let read = if filters.has_words() { SCAN_MAX } else { limit + 1 };
    sql.push(&format!(" ORDER BY o.{column} {direction}, o.id {direction}")).push_bind(" LIMIT ", read);
    let mut rows: Vec<occurrence::Model> = sql.all(&snapshot).await?;
    rows.retain(|row| filters.fit(row));
    let keep = usize::try_from(limit).unwrap_or(50);
    let more = rows.len() > keep;
    rows.truncate(keep);
    let next_cursor = rows.last().filter(|_| more).map(|row| {
        let at = if column == "occurred_at" { row.occurred_at } else { row.registered_at };
        cursor::seal(&ctx.services.secret, &binding, &(at, row.id))
    });
    let items = rows::views(ctx, &snapshot, &loaded, &rows, &settings, portal).await?;
    Ok(Page { items, next_cursor, count, now: ctx.moment() })
}

/// Rows that fit, exact to 1 000 (A-LST-02).
async fn count(
    connection: &impl sea_orm::ConnectionTrait,
    source: &Sql,
    filters: &Filters,
) -> Result<Count, ServiceError> {
    let found: i64 = if filters.has_words() {
        let mut sql = Sql::new("SELECT o.*");
        sql.append(source).push_bind(" LIMIT ", SCAN_MAX);
        let rows: Vec<occurrence::Model> = sql.all(connection).await?;
        i64::try_from(rows.iter().filter(|row| filters.fit(row)).count()).unwrap_or(i64::MAX)
    } else {
        let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1");
        sql.append(source).push_bind(" LIMIT ", COUNT_MAX + 1).push(") n");
        sql.scalar(connection).await?.unwrap_or(0)
    };
    Ok(Count { value: u32::try_from(found.min(COUNT_MAX)).unwrap_or(0), exact: found <= COUNT_MAX })
}

fn sort(text: &str) -> Result<(&'static str, bool), ServiceError> {
    Ok(match text {
        "" | "registered_at" => ("registered_at", false),
        "-registered_at" => ("registered_at", true),
        "occurred_at" => ("occurred_at", false),
        "-occurred_at" => ("occurred_at", true),
        _ => return Err(AppError::field("sort", Code::Invalid).into()),
    })
}

/// The conditions of a list: what SQL decides, and words, which are compared after reading: a ticket has few entries, and both
/// engines then find the same.
struct Filters {
    sql: Sql,
    find: Option<domain::search::Query>,
    avoid: Option<domain::search::Query>,
}

impl Filters {
    fn read(ctx: &Ctx, query: &OccurrenceQuery, portal: bool) -> Result<Self, AppError> {
        let mut errors = FieldErrors::new();
        let given = [
            ("visibility", &query.visibility),
            ("author", &query.author),
            ("side", &query.side),
            ("category", &query.category),
            ("source", &query.source),
            ("has_attachments", &query.has_attachments),
            ("occurred_from", &query.occurred_from),
            ("occurred_to", &query.occurred_to),
            ("registered_from", &query.registered_from),
            ("registered_to", &query.registered_to),
            ("removed", &query.removed),
        ];
        let mut sql = Sql::default();
        for (name, value) in given.into_iter().filter(|(_, value)| !value.trim().is_empty()) {
            if let Some(one) = errors.check(name, condition(ctx, name, value, portal)) {
                sql.push(" AND (").append(&one).push(")");
            }
        }
        let mut avoided = "";
        for (name, value) in query.not.iter().filter(|(_, value)| !value.trim().is_empty()) {
            if name == "find" {
                avoided = value.as_str();
                continue;
            }
            if let Some(one) = errors.check(&format!("not.{name}"), condition(ctx, name, value, portal)) {
                // A condition on what the reader does not see is false, also negated (A-LST-04).
                let is_hidden = is_hidden(ctx, name, value, portal);
                sql.push(if is_hidden { " AND (" } else { " AND NOT (" }).append(&one).push(")");
            }
        }
        let find = words(&query.find, "find", &mut errors);
        let avoid = words(avoided, "not.find", &mut errors);
        errors.or(Some(Self { sql, find, avoid }))
    }

    const fn has_words(&self) -> bool {
        self.find.is_some() || self.avoid.is_some()
    }

    fn fit(&self, row: &occurrence::Model) -> bool {
        let has =
            |query: &domain::search::Query| row.removed_at.is_none() && search::find_in_text(&row.body_text, query);
        self.find.as_ref().is_none_or(has) && !self.avoid.as_ref().is_some_and(has)
    }
}

fn words(text: &str, name: &str, errors: &mut FieldErrors) -> Option<domain::search::Query> {
    if text.trim().is_empty() { None } else { errors.check(name, search::parse(text)) }
}

fn values(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|value| !value.is_empty())
}

/// Whether a filter looks at what the requester side does not see (P-HID-01): visibility, source, who others are.
fn is_hidden(ctx: &Ctx, name: &str, value: &str, portal: bool) -> bool {
    let me = ctx.actor.id().to_string();
    let is_other = |one: &str| one != "me" && one != me;
    portal && (matches!(name, "visibility" | "source") || (name == "author" && values(value).any(is_other)))
}

fn condition(ctx: &Ctx, name: &str, value: &str, portal: bool) -> Result<Sql, Code> {
    const FILES: &str = "EXISTS (SELECT 1 FROM document d WHERE d.entry_id = o.id AND d.removed_at IS NULL)";
    let condition = match name {
        "visibility" => one_of("o.visibility", value, |word| word.parse::<Visibility>().map(Visibility::as_str)),
        "side" => one_of("o.side", value, |word| word.parse::<Side>().map(Side::as_str)),
        "author" => ids(ctx, "o.author_id", value, true),
        "category" => ids(ctx, "o.category_id", value, false),
        "source" => ids(ctx, "o.source_id", value, false),
        "has_attachments" => switch(FILES, value),
        "removed" => switch("o.removed_at IS NOT NULL", value),
        _ => period(ctx, name, value),
    }?;
    Ok(if is_hidden(ctx, name, value, portal) { Sql::new("1 = 0") } else { condition })
}

fn one_of(column: &str, value: &str, read: impl Fn(&str) -> Result<&'static str, Code>) -> Result<Sql, Code> {
    let words: Vec<&str> = values(value).map(read).collect::<Result<_, _>>()?;
    let mut sql = Sql::new(column);
    sql.push(" IN ").list(words);
    Ok(sql)
}

/// Ids, `none`, and for people `me`; never NULL, so that it can be negated.
fn ids(ctx: &Ctx, column: &str, value: &str, people: bool) -> Result<Sql, Code> {
    let mut wanted: Vec<Uuid> = Vec::new();
    let mut or_none = false;
    for text in values(value) {
        match text {
            "none" => or_none = true,
            "me" if people => wanted.push(ctx.actor.id()),
            id => wanted.push(id.parse().map_err(|_not_an_id| Code::Invalid)?),
        }
    }
    let mut sql = Sql::new(&format!("({column} IS NOT NULL AND {column} IN "));
    sql.list(wanted).push(")");
    if or_none {
        sql.push(&format!(" OR {column} IS NULL"));
    }
    Ok(sql)
}

fn switch(condition: &str, value: &str) -> Result<Sql, Code> {
    match value {
        "true" => Ok(Sql::new(condition)),
        "false" => Ok(Sql::new(&format!("NOT ({condition})"))),
        _ => Err(Code::Invalid),
    }
}

fn period(ctx: &Ctx, name: &str, value: &str) -> Result<Sql, Code> {
    let (field, is_end) = match name.rsplit_once('_') {
        Some((field @ ("occurred" | "registered"), "from")) => (field, false),
        Some((field @ ("occurred" | "registered"), "to")) => (field, true),
        _ => return Err(Code::Invalid),
    };
    let (first, after) = parse_period(value, ctx.actor.zone)?;
    let mut sql = Sql::new(&format!("o.{field}_at"));
    if is_end {
        sql.push_bind(" < ", after)
    } else {
        sql.push_bind(" >= ", first)
    };
    Ok(sql)
}

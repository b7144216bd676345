//! The search itself: a number first, then hits by the newest change of their ticket (T-OCC-26), then articles and customers
//! (T-LST-08).

use std::collections::BTreeMap;

use domain::error::{AppError, Code};
use domain::policy::Capability;
use domain::search::Query;
use domain::ticket::Status;
use domain::views::{Count, SearchHit, SearchPage};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};
use uuid::Uuid;

use super::others::{self, Others};
use super::query::{self, Own, Reach, hits};
use super::snippet::snippet;
use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::cursor;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people;
use crate::scope;
use crate::solutions;
use crate::sql::Sql;

/// Hits of a page unless the caller says otherwise.
const PAGE: u32 = 50;
/// Most hits of a page.
const PAGE_MAX: u32 = 200;
/// What is found of tickets.
const KINDS: [&str; 4] = ["ticket", "occurrence", "task", solutions::KIND];
/// Hits are counted exactly up to here.
const COUNTED: i64 = 1_000;
/// They come from so many of the newest rows that match: one more than is counted.
const NEWEST: i64 = COUNTED + 1;
/// Rows of the index that PostgreSQL looks at first.
const NEAR: i64 = 100_000;
/// Up to so many tickets of a person are known by their ids, and searched one by one where the word is a common one.
const KNOWN: i64 = 3_000;

/// Last change of the ticket, its number, the entry: what orders hits, newest first.
type Position = (i64, i64, Uuid);

#[derive(Clone, Debug, FromQueryResult)]
struct Hit {
    kind: String,
    entry_id: Uuid,
    author_id: Option<Uuid>,
    at: i64,
    visibility: String,
    number: i64,
    title: String,
    status: String,
    entity_id: Uuid,
    changed: i64,
    /// Hits in all, as far as they are examined.
    total: i64,
}

#[derive(Debug, FromQueryResult)]
struct Text {
    id: Uuid,
    text: String,
    /// Who wrote it, where he has no account (T-ROL-10).
    author_name: Option<String>,
}

/// Searches tickets and their entries (T-OCC-25..27), articles and customers (T-LST-08). `kinds`: `ticket`, `occurrence`, `task`,
/// `solution`, `article`, `customer`, none = all; `limit` 0 = 50.
///
/// The pages are those of tickets. Articles and customers come beside the first one, the best few of each; what is asked for
/// alone has pages of its own ([`others::is_alone`]). Nothing is asked of the database for what the reader may not see.
///
/// # Errors
/// `Invalid`: `q` `too_long`, an unknown kind, a foreign `cursor`.
pub async fn search(
    ctx: &Ctx,
    q: &str,
    kinds: &[String],
    entity: Option<Uuid>,
    cursor: &str,
    limit: u32,
) -> Result<SearchPage, ServiceError> {
    let query = super::parse(q).map_err(|code| AppError::field("q", code))?;
    let is_of_tickets = |kind: &String| KINDS.contains(&kind.as_str());
    if kinds.iter().any(|kind| !is_of_tickets(kind) && !others::KINDS.contains(&kind.as_str())) {
        return Err(AppError::field("kinds", Code::Invalid).into());
    }
    let limit = if limit == 0 { PAGE } else { limit.min(PAGE_MAX) };
    let others = Others { ctx, q, query: &query, kinds, entity, cursor, limit };
    let binding = others.binding(&kinds.join(","));
    let position: Option<Position> =
        if others::is_alone(kinds) { None } else { cursor::open(&ctx.services.secret, &binding, cursor)? };
    let mut page = SearchPage {
        items: Vec::new(),
        next_cursor: None,
        count: Count { value: 0, exact: true },
        articles: None,
        customers: None,
        empty_query: query.is_empty(),
        now: ctx.moment(),
    };
    if page.empty_query {
        return Ok(page);
    }
    let snapshot = ctx.db().snapshot().await?;
    if kinds.is_empty() || kinds.iter().any(is_of_tickets) {
        let engine = ctx.db().engine();
        let request = Request {
            actor: &ctx.actor,
            reach: reach(&snapshot, engine, &ctx.actor).await?,
            own: own(&snapshot, engine, &ctx.actor).await?,
            engine,
            number: number(q).filter(|_| kinds.is_empty() || kinds.iter().any(|kind| kind == "ticket")),
            query: &query,
            kinds,
            entity,
        };
        let named = request.by_number(&snapshot).await?;
        let mut found = request.page(&snapshot, position, limit).await?;
        let count = found.first().map_or(0, |hit| hit.total).saturating_add(i64::from(named.is_some()));
        let is_more = found.len() > to_usize(limit);
        found.truncate(to_usize(limit));
        page.next_cursor = found
            .last()
            .filter(|_| is_more)
            .map(|hit| cursor::seal(&ctx.services.secret, &binding, &(hit.changed, hit.number, hit.entry_id)));
        if let Some(named) = named.filter(|_| position.is_none()) {
            found.insert(0, named);
        }
        page.items = request.views(&snapshot, found, ctx.actor.zone).await?;
        page.count = Count { value: u32::try_from(count.min(COUNTED)).unwrap_or_default(), exact: count <= COUNTED };
    }
    page.articles = others.articles(&snapshot).await?;
    page.customers = others.customers(&snapshot).await?;
    Ok(page)
}

/// `#42` or digits alone name a ticket.
fn number(q: &str) -> Option<i64> {
    let digits = q.trim();
    let digits = digits.strip_prefix('#').unwrap_or(digits);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

fn to_usize(limit: impl TryInto<usize>) -> usize {
    limit.try_into().unwrap_or(usize::MAX)
}

/// The person's own tickets, where he sees no whole entity. PostgreSQL is told which they are, if they are not too many: what it
/// would guess of them is too far off for it to begin there. SQLite selects them once.
async fn own(connection: &impl ConnectionTrait, engine: Engine, actor: &Actor) -> Result<Option<Own>, ServiceError> {
    let ids = match Own::of(actor) {
        Some(Own::Selected(ids)) if scope::whole_entities(actor).is_empty() => ids,
        other => return Ok(other),
    };
    if engine == Engine::Sqlite {
        return Ok(Some(Own::Named(ids)));
    }
    let mut sql = Sql::new("SELECT n.id FROM (");
    sql.append(&ids).push_bind(") n LIMIT ", KNOWN + 1);
    let found = sql.rows(connection).await?;
    if found.len() > to_usize(KNOWN) {
        return Ok(Some(Own::Named(ids)));
    }
    let known: Result<Vec<Uuid>, DbErr> = found.iter().map(|row| row.try_get_by_index(0)).collect();
    Ok(Some(Own::Known(known?)))
}

/// How far back it is searched: whoever has no tickets of his own to begin with begins with the newest rows.
async fn reach(connection: &impl ConnectionTrait, engine: Engine, actor: &Actor) -> Result<Reach, ServiceError> {
    let begins_there = engine == Engine::Postgres && scope::sees_whole_entities_only(actor);
    let near = if begins_there { Some(query::near(connection, actor, NEAR).await?) } else { None };
    Ok(Reach { newest: NEWEST, near })
}

struct Request<'a> {
    actor: &'a Actor,
    /// His tickets, unless he sees whole entities.
    own: Option<Own>,
    reach: Reach,
    engine: Engine,
    number: Option<i64>,
    query: &'a Query,
    kinds: &'a [String],
    entity: Option<Uuid>,
}

impl Request<'_> {
    /// The last change the reader may know of (T-GEN-07).
    fn changed(&self) -> Sql {
        let private = self.actor.entities_with(Capability::OccurrenceViewPrivate);
        if private.is_empty() {
            return Sql::new("t.public_updated_at");
        }
        let mut sql = Sql::new("CASE WHEN t.entity_id IN ");
        sql.list(private).push(" THEN t.updated_at ELSE t.public_updated_at END");
        sql
    }

    /// Condition on `ticket` under the alias `t`: of those the reader may see, what he asks for.
    fn asked(&self, mut visible: Sql) -> Sql {
        if let Some(entity) = self.entity {
            // With all below it, as in every filter by entity (A-BAS-03).
            visible.push(" AND ").among("t.entity_id", self.actor.below(entity).into_iter().collect::<Vec<_>>());
        }
        visible
    }

    /// All hits as a table `h`: read once, counted and sorted without their titles.
    fn hits(&self) -> Sql {
        let visible = match &self.own {
            Some(own @ (Own::Known(_) | Own::Named(_))) => own.has("t.id"),
            _ => scope::tickets(self.actor),
        };
        let mut sql = Sql::new("WITH ");
        sql.append(&self.own.as_ref().map_or_else(Sql::default, Own::table)).push(
            "h AS MATERIALIZED (SELECT h.kind, h.entry_id, h.author_id, h.at, h.visibility, t.id AS ticket_id, t.number, ",
        );
        sql.append(&self.changed()).push(" AS changed FROM (").append(&hits(
            self.actor,
            self.own.as_ref(),
            self.query,
            self.engine,
            self.reach,
        ));
        sql.push(") AS h JOIN ticket t ON t.id = h.ticket_id WHERE ").append(&self.asked(visible));
        if !self.kinds.is_empty() {
            sql.push(" AND h.kind IN ").list(self.kinds.iter().cloned());
        }
        if let Some(number) = self.number {
            // The ticket the query names stands first already.
            sql.push_bind(" AND NOT (h.kind = 'ticket' AND t.number = ", number).push(")");
        }
        sql.push(") ");
        sql
    }

    async fn by_number(&self, connection: &impl ConnectionTrait) -> Result<Option<Hit>, ServiceError> {
        let Some(number) = self.number else { return Ok(None) };
        let mut sql = Sql::new(
            "SELECT 'ticket' AS kind, t.id AS entry_id, t.writer_id AS author_id, t.opened_at AS at, 'public' AS visibility, \
             t.number, t.title, t.status, t.entity_id, CAST(0 AS BIGINT) AS total, ",
        );
        sql.append(&self.changed())
            .push(" AS changed FROM ticket t WHERE ")
            .append(&self.asked(scope::tickets(self.actor)));
        sql.push_bind(" AND t.number = ", number);
        Ok(sql.one(connection).await?)
    }

    async fn page(
        &self,
        connection: &impl ConnectionTrait,
        after: Option<Position>,
        limit: u32,
    ) -> Result<Vec<Hit>, ServiceError> {
        let mut sql = self.hits();
        sql.push("SELECT r.*, t.title, t.status, t.entity_id, (SELECT COUNT(*) FROM h) AS total FROM (SELECT * FROM h");
        if let Some((changed, number, entry)) = after {
            sql.push_bind(" WHERE (changed, number, entry_id) < (", changed)
                .push_bind(", ", number)
                .push_bind(", ", entry)
                .push(")");
        }
        let order = |of: &str| format!(" ORDER BY {of}changed DESC, {of}number DESC, {of}entry_id DESC");
        sql.push(&order("")).push_bind(" LIMIT ", i64::from(limit) + 1);
        sql.push(") AS r JOIN ticket t ON t.id = r.ticket_id").push(&order("r."));
        Ok(sql.all(connection).await?)
    }

    /// Texts and names of one page: one query each.
    async fn views(
        &self,
        snapshot: &DatabaseTransaction,
        found: Vec<Hit>,
        zone: chrono_tz::Tz,
    ) -> Result<Vec<SearchHit>, ServiceError> {
        let of_kind =
            |kind: &str| -> Vec<Uuid> { found.iter().filter(|hit| hit.kind == kind).map(|hit| hit.entry_id).collect() };
        let mut texts = BTreeMap::new();
        for (kind, select) in [
            (
                "ticket",
                "SELECT id, description_text AS text, CAST(NULL AS TEXT) AS author_name FROM ticket WHERE id IN ",
            ),
            ("occurrence", "SELECT id, body_text AS text, author_name FROM occurrence WHERE id IN "),
            (
                solutions::KIND,
                "SELECT id, body_text AS text, CAST(NULL AS TEXT) AS author_name FROM solution WHERE id IN ",
            ),
            ("task", "SELECT id, body_text AS text, CAST(NULL AS TEXT) AS author_name FROM task WHERE id IN "),
        ] {
            texts.extend(self::texts(snapshot, select, of_kind(kind)).await?);
        }
        let authors: Vec<Uuid> = found.iter().filter_map(|hit| hit.author_id).collect();
        let directory = people::actor_views(snapshot, &authors, &[]).await?;
        let view = |hit: Hit| {
            let read = texts.get(&hit.entry_id);
            let text = read.map_or("", |read| read.text.as_str());
            let agent = self.actor.is_agent_in(hit.entity_id);
            SearchHit {
                snippet: self.snippet(&hit, text),
                author: match read.and_then(|read| read.author_name.as_deref()) {
                    Some(name) => people::named(name, agent),
                    None => directory.author(hit.author_id, agent),
                },
                agent,
                at: moment(hit.at, zone),
                private: hit.visibility != "public",
                status: hit.status.parse().unwrap_or(Status::New),
                id: hit.entry_id,
                number: hit.number,
                title: hit.title,
                kind: hit.kind,
            }
        };
        Ok(found.into_iter().map(view).collect())
    }

    /// From the description, or from the title where only that matched.
    fn snippet(&self, hit: &Hit, text: &str) -> Vec<domain::views::Snippet> {
        let first = snippet(text, self.query);
        if hit.kind != "ticket" || first.iter().any(|part| part.hit) {
            return first;
        }
        let title = snippet(&hit.title, self.query);
        if title.iter().any(|part| part.hit) || first.is_empty() { title } else { first }
    }
}

async fn texts(
    connection: &impl ConnectionTrait,
    select: &str,
    ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, Text>, ServiceError> {
    let rows: Vec<Text> = Sql::new(select).list(ids).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_occ_25_digits_alone_name_a_ticket() {
        let cases = [
            ("42", Some(42)),
            ("#42", Some(42)),
            (" #42 ", Some(42)),
            ("##42", None),
            ("42a", None),
            ("", None),
            ("#", None),
        ];
        for (q, expected) in cases {
            assert_eq!(number(q), expected, "{q}");
        }
        assert_eq!(number("99999999999999999999"), None);
    }
}

//! Finding customers by their words, also among a hundred thousand (C-CUS-03): exact names, names that begin so, the rest.

use domain::customer::{DOCUMENT_PREFIX, document_key};
use domain::error::{AppError, Code};
use domain::policy::Capability;
use domain::search::{MAX_QUERY, Query, Term};
use domain::views::CustomerChoice;
use entity::customer;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::of_new_tickets;
use super::rows::text;
use crate::ctx::Ctx;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::{scope, search};

/// From how many letters on a word also finds longer ones.
const PREFIX_FROM: usize = 3;
/// Up to so many hits are found first and sorted then; beyond, names are walked in order and compared.
const FEW: i64 = 2_000;
/// Above so many hits each name that is walked is asked for its words, because the hits themselves are too many to be gathered.
const MANY: i64 = 10_000;
/// So many customers tell whether words are common.
const SAMPLE: i64 = 400;
/// Words are, that one in so many customers has.
const COMMON: i64 = 10;
/// Customers whose words are compared at a time, first and at most.
const COMPARED: (i64, i64) = (100, 2_000);
/// Customers a picker shows.
const PICKED: i64 = 20;
/// Behind every text that begins with another one.
const LAST: char = '\u{10FFFF}';

/// The customers that match, as far as they were looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hits {
    /// At most `FEW`: their numbers, between commas; one that matches twice stands there twice.
    Few(String),
    /// More, and at most `MANY`.
    Many,
    /// More than that, or so common that they were not counted.
    TooMany,
}

impl Hits {
    /// Condition that `c` is one of a few.
    fn among(numbers: &str, engine: Engine) -> Sql {
        let mut sql = Sql::new("c.seq ");
        match engine {
            Engine::Sqlite => sql.push_bind("IN (SELECT n.value FROM json_each(", format!("[{numbers}]")).push(") n)"),
            Engine::Postgres => {
                sql.push_bind("= ANY (CAST(CAST(", format!("{{{numbers}}}")).push(" AS TEXT) AS BIGINT[]))")
            }
        };
        sql
    }
}

/// What is looked for.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Names from the first text on, up to and without the second, begin as typed.
    names: (String, String),
    words: Query,
    /// The same for document numbers.
    documents: Option<(String, String)>,
}

impl Wanted {
    /// Reads a text; `None` = it holds nothing to look for.
    ///
    /// # Errors
    /// `TooLong` above 200 characters.
    pub(super) fn read(typed: &str) -> Result<Option<Self>, Code> {
        let text = search::fold(&crate::sanitise::nfc(typed.trim()));
        if domain::text::length(&text) > MAX_QUERY {
            return Err(Code::TooLong);
        }
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let term = |word: &str| Term {
            prefix: word.chars().count() >= PREFIX_FROM,
            words: vec![word.to_owned()],
            negative: false,
        };
        let words = Query { terms: words.map(term).collect() };
        let number = document_key(typed);
        let documents = (number.chars().count() >= DOCUMENT_PREFIX).then(|| range(&number));
        let is_something = !words.is_empty() || documents.is_some();
        Ok(is_something.then(|| Self { names: range(&text), words, documents }))
    }

    /// Reads a text of the search over everything (T-LST-08). What has a meaning of its own there (T-OCC-25) keeps it: words in
    /// order, words that must not stand there. `None` = it holds nothing to look for.
    pub(super) fn of_search(typed: &str, query: &Query) -> Option<Self> {
        let is_plain = query.terms.iter().all(|term| !term.negative && term.words.len() == 1);
        if is_plain && let Ok(read) = Self::read(typed) {
            return read;
        }
        let names = range(&search::fold(&crate::sanitise::nfc(typed.trim())));
        (!query.is_empty()).then(|| Self { names, words: query.clone(), documents: None })
    }

    /// The words that are looked for.
    pub(super) const fn words(&self) -> &Query {
        &self.words
    }

    /// The numbers of the rows that match by their words; empty where no words are looked for.
    fn by_words(&self, engine: Engine) -> Sql {
        let mut sql = Sql::default();
        if !self.words.is_empty() {
            match engine {
                Engine::Sqlite => {
                    sql.push("SELECT f.rowid AS seq FROM customer_fts f WHERE f.customer_fts MATCH ");
                    sql.bind(search::fts5(&self.words));
                }
                Engine::Postgres => {
                    sql.push("SELECT d.seq FROM customer d WHERE d.words @@ CAST(CAST(");
                    sql.bind(search::tsquery(&self.words)).push(" AS TEXT) AS TSQUERY)");
                }
            }
        }
        sql
    }

    /// The same by the beginning of their document number.
    fn by_document(&self) -> Sql {
        let mut sql = Sql::default();
        if let Some((from, to)) = &self.documents {
            sql.push("SELECT d.seq FROM customer d WHERE d.document_key >= ").bind(from.clone());
            sql.push_bind(" AND d.document_key < ", to.clone());
        }
        sql
    }

    /// The numbers of the rows that match, some of them twice: for `IN`, where that makes no difference and gathering them twice
    /// to tell them apart would.
    fn found(&self, engine: Engine) -> Sql {
        let mut sql = self.by_words(engine);
        let by_document = self.by_document();
        if !by_document.is_empty() {
            sql.push(if sql.is_empty() { "" } else { " UNION ALL " }).append(&by_document);
        }
        sql
    }

    /// Looks for what matches, as far as one more than `MANY`. PostgreSQL gathers all hits before it tells the first, so words that
    /// many of the first customers have are not looked for.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub(super) async fn hits(&self, connection: &impl ConnectionTrait, engine: Engine) -> Result<Hits, ServiceError> {
        if let Some(matches) = self.matches(engine).filter(|_| !self.words.is_empty()) {
            let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT * FROM customer ORDER BY id LIMIT ");
            sql.bind(SAMPLE).push(") c WHERE ").append(&matches);
            if sql.scalar::<i64>(connection).await?.unwrap_or(0) > SAMPLE / COMMON {
                return Ok(Hits::TooMany);
            }
        }
        // One text instead of many rows.
        let mut sql = Sql::new("SELECT string_agg(CAST(n.seq AS TEXT), ',') FROM (");
        sql.append(&self.found(engine)).push_bind(" LIMIT ", MANY + 1).push(") n");
        let found: Option<String> = sql.scalar(connection).await?.flatten();
        let numbers = found.unwrap_or_default();
        let number = if numbers.is_empty() { 0 } else { numbers.bytes().filter(|sign| *sign == b',').count() + 1 };
        Ok(match i64::try_from(number).unwrap_or(i64::MAX) {
            number if number <= FEW => Hits::Few(numbers),
            number if number <= MANY => Hits::Many,
            _ => Hits::TooMany,
        })
    }

    /// Condition that the customer `c` at hand matches, asked of its own words: for names that are walked in order. SQLite keeps no
    /// words with a customer, and its index would gather all beginnings anew for each of them; there they are compared here.
    fn matches(&self, engine: Engine) -> Option<Sql> {
        if engine == Engine::Sqlite {
            return None;
        }
        let mut sql = Sql::new("(");
        if let Some((from, to)) = &self.documents {
            sql.push_bind("(c.document_key >= ", from.clone());
            sql.push_bind(" AND c.document_key < ", to.clone()).push(")");
        }
        if !self.words.is_empty() {
            sql.push(if self.documents.is_some() { " OR " } else { "" }).push("c.words @@ CAST(CAST(");
            sql.bind(search::tsquery(&self.words)).push(" AS TEXT) AS TSQUERY)");
        }
        sql.push(")");
        Some(sql)
    }

    /// Whether a customer matches, asked of his row.
    fn is_in(&self, row: &customer::Model) -> bool {
        let key = row.document_key.as_ref();
        let by_document = self.documents.as_ref().zip(key).is_some_and(|((from, to), key)| (from..to).contains(&key));
        by_document || (!self.words.is_empty() && self.is_in_words(&search::limited(&text(row, &super::contacts(row)))))
    }

    fn is_in_words(&self, words: &str) -> bool {
        let words: Vec<&str> = words.split(' ').collect();
        let stands = |term: &Term| {
            let is = |word: &str, wanted: &str| if term.prefix { word.starts_with(wanted) } else { word == wanted };
            let mut places = words.windows(term.words.len().max(1));
            places.any(|found| found.iter().zip(&term.words).all(|(word, wanted)| is(word, wanted)))
        };
        self.words.terms.iter().all(|term| stands(term) != term.negative)
    }

    /// Ids of the customers `c` that match and fulfil `condition`, after a place, in order.
    pub(super) async fn page(
        &self,
        connection: &impl ConnectionTrait,
        engine: Engine,
        hits: &Hits,
        condition: &Sql,
        after: Option<&Place>,
        limit: i64,
    ) -> Result<Vec<(Place, Uuid)>, ServiceError> {
        if let Hits::Few(numbers) = hits {
            let mut few = Hits::among(numbers, engine);
            few.push(" AND ").append(condition);
            return self.sorted(connection, &few, after, limit).await;
        }
        let mut narrowed = condition.clone();
        let mut is_compared = false;
        match self.matches(engine) {
            Some(matches) => {
                narrowed.push(" AND ").append(&matches);
            }
            None if *hits == Hits::TooMany => is_compared = true,
            None => {
                // The plus sign keeps SQLite from looking rows up one by one instead of walking the names.
                narrowed.push(" AND +c.seq IN (").append(&self.found(engine)).push(")");
            }
        }
        let mut out = Vec::new();
        for tier in [0, 1] {
            let left = limit.saturating_sub(i64::try_from(out.len()).unwrap_or(limit));
            if left > 0 && after.is_none_or(|place| place.0 <= tier) {
                out.extend(if is_compared {
                    self.compared(connection, &narrowed, tier, after, left).await?
                } else {
                    places(
                        self.walked(engine, "c.id, c.name_key", &narrowed, tier, after, left).rows(connection).await?,
                        Some(tier),
                    )?
                });
            }
        }
        Ok(out)
    }

    /// One of the two stretches, name by name: of a word that so many have, a page of them stands near the beginning.
    async fn compared(
        &self,
        connection: &impl ConnectionTrait,
        condition: &Sql,
        tier: i32,
        after: Option<&Place>,
        limit: i64,
    ) -> Result<Vec<(Place, Uuid)>, ServiceError> {
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let (mut size, most) = COMPARED;
        let mut out = Vec::new();
        let mut after = after.cloned();
        loop {
            let walk = self.walked(Engine::Sqlite, super::COLUMNS, condition, tier, after.as_ref(), size);
            let rows: Vec<customer::Model> = walk.all(connection).await?;
            let is_end = i64::try_from(rows.len()).unwrap_or(size) < size;
            for row in &rows {
                if out.len() < wanted && self.is_in(row) {
                    out.push((Place(tier, row.name_key.clone(), row.id), row.id));
                }
            }
            if is_end || out.len() >= wanted {
                return Ok(out);
            }
            after = rows.last().map(|row| Place(tier, row.name_key.clone(), row.id));
            size = (size * 2).min(most);
        }
    }

    async fn sorted(
        &self,
        connection: &impl ConnectionTrait,
        condition: &Sql,
        after: Option<&Place>,
        limit: i64,
    ) -> Result<Vec<(Place, Uuid)>, ServiceError> {
        let mut sql = Sql::new("SELECT h.id, h.name_key, h.tier FROM (SELECT c.id, c.name_key, CASE WHEN ");
        sql.push_bind("c.name_key >= ", self.names.0.clone()).push_bind(" AND c.name_key < ", self.names.1.clone());
        sql.push(" THEN 0 ELSE 1 END AS tier FROM customer c WHERE ").append(condition).push(") h");
        if let Some(Place(tier, name, id)) = after {
            sql.push_bind(" WHERE (h.tier, h.name_key, h.id) > (", *tier).push_bind(", ", name.clone());
            sql.push_bind(", ", *id).push(")");
        }
        sql.push_bind(" ORDER BY h.tier, h.name_key, h.id LIMIT ", limit);
        places(sql.rows(connection).await?, None)
    }

    /// One of the two stretches of what fulfils `condition`: names that begin as typed, then the others.
    fn walked(
        &self,
        engine: Engine,
        columns: &str,
        condition: &Sql,
        tier: i32,
        after: Option<&Place>,
        limit: i64,
    ) -> Sql {
        let (from, to) = self.names.clone();
        // The plus signs keep SQLite from taking one end of the names for the order of all of them.
        let plain = if engine == Engine::Sqlite { "+" } else { "" };
        let mut sql = Sql::new("SELECT ");
        sql.push(columns).push(" FROM customer c WHERE ");
        if tier == 0 {
            sql.push_bind("c.name_key >= ", from).push_bind(" AND c.name_key < ", to);
        } else {
            sql.push("(").push(plain).push_bind("c.name_key < ", from);
            sql.push(" OR ").push(plain).push_bind("c.name_key >= ", to).push(")");
        }
        sql.push(" AND ").append(condition);
        if let Some(Place(_, name, id)) = after.filter(|place| place.0 == tier) {
            sql.push_bind(" AND (c.name_key, c.id) > (", name.clone()).push_bind(", ", *id).push(")");
        }
        sql.push_bind(" ORDER BY c.name_key, c.id LIMIT ", limit);
        sql
    }

    /// How many customers `c` match and fulfil `condition`, as far as one more than `most`.
    pub(super) async fn count(
        &self,
        connection: &impl ConnectionTrait,
        engine: Engine,
        hits: &Hits,
        condition: &Sql,
        most: i64,
    ) -> Result<i64, ServiceError> {
        if let Hits::Few(numbers) = hits {
            let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM customer c WHERE ");
            sql.append(&Hits::among(numbers, engine)).push(" AND ").append(condition);
            sql.push_bind(" LIMIT ", most + 1).push(") n");
            return Ok(sql.scalar(connection).await?.unwrap_or(0));
        }
        if !self.words.is_empty() {
            // Hit by hit, so that of many only the first ones are looked at.
            let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM ");
            match engine {
                Engine::Sqlite => {
                    sql.push("customer_fts f CROSS JOIN customer c ON c.seq = f.rowid WHERE f.customer_fts MATCH ");
                    sql.bind(search::fts5(&self.words));
                }
                Engine::Postgres => {
                    sql.push("customer c WHERE c.words @@ CAST(CAST(");
                    sql.bind(search::tsquery(&self.words)).push(" AS TEXT) AS TSQUERY)");
                }
            }
            sql.push(" AND ").append(condition).push_bind(" LIMIT ", most + 1).push(") n");
            let found = sql.scalar::<i64>(connection).await?.unwrap_or(0);
            if found > most || self.documents.is_none() {
                return Ok(found);
            }
        }
        let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM customer c WHERE ");
        sql.append(condition).push(" AND c.seq IN (").append(&self.found(engine)).push(")");
        sql.push_bind(" LIMIT ", most + 1).push(") n");
        Ok(sql.scalar(connection).await?.unwrap_or(0))
    }
}

/// Where a customer stands among those that were found: stretch, folded name, id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place(pub(super) i32, pub(super) String, pub(super) Uuid);

fn places(rows: Vec<sea_orm::QueryResult>, tier: Option<i32>) -> Result<Vec<(Place, Uuid)>, ServiceError> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let id: Uuid = row.try_get("", "id")?;
        let tier = match tier {
            Some(tier) => tier,
            None => row.try_get("", "tier")?,
        };
        out.push((Place(tier, row.try_get("", "name_key")?, id), id));
    }
    Ok(out)
}

fn range(text: &str) -> (String, String) {
    let mut end = text.to_owned();
    end.push(LAST);
    (text.to_owned(), end)
}

/// What a customer is picked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To register an occurrence.
    Register,
    /// To narrow a list: inactive ones too (C-CUS-05).
    Filter,
    /// To be named by a ticket of this entity.
    Ticket(Uuid),
    /// To be named by a new ticket, whose entity may not be known yet.
    NewTicket,
}

/// The first 20 customers for a text, as pickers show them; none for an empty one.
///
/// # Errors
/// `NotFound` for those who see no customer at all; `Invalid` on `q` (`too_long`).
pub async fn pick(ctx: &Ctx, text: &str, purpose: Purpose) -> Result<Vec<CustomerChoice>, ServiceError> {
    let actor = &ctx.actor;
    if actor.entities_with(Capability::CustomerView).is_empty() {
        return Err(AppError::NotFound.into());
    }
    let wanted = Wanted::read(text).map_err(|code| AppError::field("q", code))?;
    let Some(wanted) = wanted else { return Ok(Vec::new()) };
    let mut condition = match purpose {
        Purpose::Register => scope::customers(actor, Capability::CustomerEdit, "c"),
        Purpose::Filter => scope::customers(actor, Capability::CustomerView, "c"),
        Purpose::Ticket(entity) if actor.has(entity, Capability::CustomerView) => {
            scope::reaching(actor, &[entity], "c")
        }
        Purpose::Ticket(_) => return Err(AppError::NotFound.into()),
        Purpose::NewTicket => {
            let entities = of_new_tickets(actor);
            if entities.is_empty() {
                return Err(AppError::NotFound.into());
            }
            scope::reaching(actor, &entities, "c")
        }
    };
    if purpose != Purpose::Filter {
        condition.push(" AND c.status <> 'inactive'");
    }
    let snapshot = ctx.db().snapshot().await?;
    let engine = ctx.db().engine();
    let hits = wanted.hits(&snapshot, engine).await?;
    let found = wanted.page(&snapshot, engine, &hits, &condition, None, PICKED).await?;
    let ids: Vec<Uuid> = found.into_iter().map(|(_, id)| id).collect();
    let rows = super::by_ids(&snapshot, &ids).await?;
    Ok(rows.iter().map(|row| super::choice(actor, row)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c_cus_03_words_of_three_letters_find_longer_ones() {
        let wanted = Wanted::read("Açm de").unwrap().unwrap();
        let prefixes: Vec<(&str, bool)> =
            wanted.words.terms.iter().map(|term| (term.words[0].as_str(), term.prefix)).collect();
        assert_eq!(prefixes, [("acm", true), ("de", false)]);
        assert_eq!(wanted.names.0, "acm de");
        assert!(wanted.documents.is_some(), "a document number may hold letters");
        let number = Wanted::read("12.345").unwrap().unwrap();
        assert_eq!(number.documents.map(|(from, _)| from), Some("12345".to_owned()));
        assert!(wanted.is_in_words("acme de lima") && wanted.is_in_words("de acm"));
        assert!(!wanted.is_in_words("acme dental") && !wanted.is_in_words("de"), "short words are whole ones");
        assert!(Wanted::read("12").unwrap().unwrap().documents.is_none());
        assert!(Wanted::read(" . ").unwrap().is_none());
        assert_eq!(Wanted::read(&"a".repeat(201)).err(), Some(Code::TooLong));
    }

    #[test]
    fn t_lst_08_words_in_order_and_words_left_out_keep_their_meaning() {
        let read = |typed: &str| Wanted::of_search(typed, &search::parse(typed).unwrap());
        let cases = [
            ("acm lim", "acme de lima", true),
            ("acme -lima", "acme de lima", false),
            ("acme -rio", "acme de lima", true),
            ("\"acme de\" lima", "acme de lima", true),
            ("\"de acme\"", "acme de lima", false),
            ("acme -\"de lima\"", "acme de lima", false),
            ("acme -\"lima de\"", "acme de lima", true),
        ];
        for (typed, words, expected) in cases {
            assert_eq!(read(typed).unwrap().is_in_words(words), expected, "{typed}");
        }
        assert!(read("12.345").unwrap().documents.is_some());
        assert!(read("12.345 -6").unwrap().documents.is_none());
        assert!(read("-acme").is_none() && read("!?").is_none());
        // Longer when it is folded: the picker refuses it, the search over everything does not.
        assert!(read(&"ß".repeat(150)).is_some());
    }
}

//! From a query to SQL. Every word is quoted and consists of letters and digits; values are always bound.

use domain::policy::Capability;
use domain::search::{Query, Term};
use domain::settings::Key;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::NEWEST;
use super::index::{PRIVATE, PUBLIC};
use crate::actor::Actor;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::scope;
use crate::solutions;
use crate::sql::Sql;

/// The columns of a hit.
const COLUMNS: &str = "s.ticket_id, s.kind, s.entry_id, s.author_id, s.at, ";

/// FTS5: `"vpn" AND "drops"* NOT "daily"`.
pub(crate) fn fts5(query: &Query) -> String {
    let one = |term: &Term| format!("\"{}\"{}", term.words.join(" "), if term.prefix { "*" } else { "" });
    let wanted: Vec<String> = query.terms.iter().filter(|term| !term.negative).map(one).collect();
    let unwanted: String =
        query.terms.iter().filter(|term| term.negative).map(|term| format!(" NOT {}", one(term))).collect();
    format!("({}){unwanted}", wanted.join(" AND "))
}

/// PostgreSQL: `('vpn') & ('drops':*) & !('daily')`.
pub(crate) fn tsquery(query: &Query) -> String {
    let one = |term: &Term| {
        let words: Vec<String> =
            term.words.iter().map(|word| format!("'{word}'{}", if term.prefix { ":*" } else { "" })).collect();
        format!("{}({})", if term.negative { "!" } else { "" }, words.join(" <-> "))
    };
    query.terms.iter().map(one).collect::<Vec<_>>().join(" & ")
}

/// How far a search goes back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// At most so many of the rows of each table that match: the newest.
    pub(super) newest: i64,
    /// Rows behind these numbers of the public and of the private table are looked at first, all others only where those are too
    /// few.
    pub(super) near: Option<(i64, i64)>,
}

impl Reach {
    pub(super) const fn all(newest: i64) -> Self {
        Self { newest, near: None }
    }
}

/// Rows of one table, with the visibility they have, that match and fulfil `only` (on alias `s`): the newest.
fn rows(
    engine: Engine,
    (table, visibility): (&str, &str),
    query: &Query,
    only: &Sql,
    (newest, near): (i64, Option<i64>),
) -> Sql {
    let among = |more: &Sql| {
        let mut sql = Sql::new("SELECT ");
        sql.push(COLUMNS).push(visibility).push(" AS visibility FROM ").push(table);
        match engine {
            Engine::Sqlite => {
                // CROSS JOIN keeps the order: the engine walks the hits from the newest on and stops at the limit.
                sql.push("_fts f CROSS JOIN ").push(table).push(" s ON s.id = f.rowid WHERE f.").push(table);
                sql.push_bind("_fts MATCH ", fts5(query));
            }
            Engine::Postgres => {
                sql.push_bind(" s WHERE s.words @@ CAST(CAST(", tsquery(query)).push(" AS TEXT) AS TSQUERY)");
            }
        }
        sql.push(" AND ").append(only).append(more);
        sql.push(if engine == Engine::Sqlite { " ORDER BY f.rowid" } else { " ORDER BY s.id" });
        sql.push_bind(" DESC LIMIT ", newest);
        sql
    };
    let Some(near) = near else { return among(&Sql::default()) };
    let (mut here, mut beyond) = (Sql::new(" AND s.id > "), Sql::new(" AND s.id <= "));
    here.bind(near);
    beyond.bind(near).push_bind(" AND (SELECT COUNT(*) FROM near) < ", newest);
    let mut sql = Sql::new("WITH near AS MATERIALIZED (");
    sql.append(&among(&here)).push(") SELECT * FROM near UNION ALL SELECT * FROM (").append(&among(&beyond));
    sql.push_bind(") AS beyond LIMIT ", newest);
    sql
}

/// Where the newest `window` rows of the tables begin that a search of `actor` names. PostgreSQL gathers all rows that match before
/// it takes the newest, and of common words that are too many.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(super) async fn near(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    window: i64,
) -> Result<(i64, i64), ServiceError> {
    let highest = async |table: &str| -> Result<i64, ServiceError> {
        let sql = Sql::new(&format!("SELECT MAX(id) FROM {table}"));
        Ok(sql.scalar::<Option<i64>>(connection).await?.flatten().unwrap_or(0))
    };
    let private = if private_rows(actor).is_some() { highest(PRIVATE).await? } else { 0 };
    Ok((highest(PUBLIC).await? - window, private - window))
}

/// The tickets of a person who does not see whole entities, as a statement knows them.
#[derive(Clone, Debug)]
pub(super) enum Own {
    /// By what selects their ids.
    Selected(Sql),
    /// By a table `mine` of their ids, which the statement makes once and reads in several places.
    Named(Sql),
    /// By their ids, which are known and not many.
    Known(Vec<Uuid>),
}

impl Own {
    /// Those of a search; `None` where whole entities are seen.
    pub(super) fn of(actor: &Actor) -> Option<Self> {
        (!scope::sees_whole_entities_only(actor)).then(|| Self::Selected(scope::ticket_ids(actor)))
    }

    /// The table that the statement needs before its others; ends with a comma.
    pub(super) fn table(&self) -> Sql {
        let mut sql = Sql::new("");
        if let Self::Named(ids) = self {
            sql.push("mine AS MATERIALIZED (").append(ids).push("), ");
        }
        sql
    }

    /// Condition that a column names one of them.
    pub(super) fn has(&self, column: &str) -> Sql {
        let mut sql = Sql::new(column);
        match self {
            Self::Selected(ids) => {
                sql.push(" IN (").append(ids).push(")");
            }
            Self::Named(_) => {
                sql.push(" IN (SELECT id FROM mine)");
            }
            // One value, whatever their number: PostgreSQL sees how many they are, and the statement stays the same.
            Self::Known(ids) => {
                let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
                sql.push_bind(" = ANY (CAST(CAST(", format!("{{{}}}", ids.join(","))).push(" AS TEXT) AS UUID[]))");
            }
        }
        sql
    }
}

/// Which public rows are worth a place among the newest: of entities the actor reads in, and where he does not see whole
/// entities, of his own tickets only, so that others' matches do not crowd his out.
fn public_rows(actor: &Actor, own: Option<&Own>, engine: Engine) -> Sql {
    let mut sql = Sql::new("s.entity_id IN ");
    sql.list(actor.entities());
    if let Some(own) = own {
        match engine {
            // The set of index rows is made once, and a hit is compared with it before its row is read; without the plus
            // sign the engine would ask the full-text index once for each of them.
            Engine::Sqlite => {
                sql.push(&format!(" AND +f.rowid IN (SELECT own.id FROM {PUBLIC} own WHERE "));
                sql.append(&own.has("own.ticket_id")).push(")")
            }
            Engine::Postgres => sql.push(" AND ").append(&own.has("s.ticket_id")),
        };
    }
    sql
}

/// Which private rows: of entities with view-private of their kind, and one's own as an agent; `None` = the private table is not
/// named at all.
fn private_rows(actor: &Actor) -> Option<Sql> {
    let occurrences = actor.entities_with(Capability::OccurrenceViewPrivate);
    let tasks = actor.entities_with(Capability::TaskViewPrivate);
    let agent = actor.agent_entities();
    if occurrences.is_empty() && tasks.is_empty() && agent.is_empty() {
        return None;
    }
    let mut sql = Sql::new("((s.kind = 'occurrence' AND s.entity_id IN ");
    sql.list(occurrences).push(") OR (s.kind = 'task' AND s.entity_id IN ").list(tasks);
    sql.push_bind(") OR (s.author_id = ", actor.id()).push(" AND s.entity_id IN ").list(agent).push("))");
    Some(sql)
}

/// All index rows of a query the actor may learn of, as far as the entry decides, public and private ones each as
/// far as they are reached for; the ticket's own condition is the caller's to add. Columns: ticket_id, kind, entry_id, author_id, at, visibility.
pub(super) fn hits(actor: &Actor, own: Option<&Own>, query: &Query, engine: Engine, reach: Reach) -> Sql {
    let mut only = public_rows(actor, own, engine);
    hide_entries(&mut only, actor, false);
    let mut sql = Sql::new("SELECT * FROM (");
    sql.append(&rows(engine, (PUBLIC, "'public'"), query, &only, (reach.newest, reach.near.map(|near| near.0))))
        .push(") AS public_hits");
    if let Some(only) = private_rows(actor) {
        sql.push(" UNION ALL SELECT * FROM (")
            .append(&rows(engine, (PRIVATE, "'private'"), query, &only, (reach.newest, reach.near.map(|near| near.1))))
            .push(") AS private_hits");
    }
    sql
}

/// Condition on `ticket` under the alias `t` for the list filter "text" (T-LST-03); `None` = the query has nothing to look for.
pub(crate) fn text_condition(actor: &Actor, query: &Query, engine: Engine) -> Option<Sql> {
    (!query.is_empty()).then(|| wrap(&hits(actor, Own::of(actor).as_ref(), query, engine, Reach::all(NEWEST))))
}

/// The same for My requests: names the public table only, whoever reads (T-VIS-04).
pub(crate) fn text_condition_portal(actor: &Actor, query: &Query, engine: Engine) -> Option<Sql> {
    if query.is_empty() {
        return None;
    }
    let mut only = public_rows(actor, Some(&Own::Selected(scope::portal_ids(actor))), engine);
    hide_entries(&mut only, actor, true);
    Some(wrap(&rows(engine, (PUBLIC, "'public'"), query, &only, (NEWEST, None))))
}

fn wrap(hits: &Sql) -> Sql {
    let mut sql = Sql::new("t.id IN (SELECT h.ticket_id FROM (");
    sql.append(hits).push(") AS h)");
    sql
}

/// Leaves out entries of entities where the actor reads none: the setting that shows them (298 of occurrences and tasks, 371 of
/// solutions) is off there and he is no agent (in the portal: whoever he is), or the capability to view public ones is missing. The
/// settings are looked up by the same SQL, down the tree of entities.
fn hide_entries(sql: &mut Sql, actor: &Actor, portal: bool) {
    let entities = actor.entities();
    for (kind, capability) in [
        ("occurrence", Capability::OccurrenceViewPublic),
        ("task", Capability::TaskViewPublic),
        (solutions::KIND, Capability::OccurrenceViewPublic),
    ] {
        let blind: Vec<Uuid> = entities.iter().copied().filter(|e| !actor.has(*e, capability)).collect();
        if !blind.is_empty() {
            sql.push_bind(" AND (s.kind <> ", kind).push(" OR s.entity_id NOT IN ").list(blind).push(")");
        }
    }
    let readers: Vec<Uuid> = entities.into_iter().filter(|e| portal || !actor.is_agent_in(*e)).collect();
    if readers.is_empty() {
        return;
    }
    for (kind, key) in [
        ("occurrence", Key::PortalShowOccurrences),
        ("task", Key::PortalShowOccurrences),
        (solutions::KIND, Key::PortalShowSolution),
    ] {
        hide_kind(sql, kind, key, &readers);
    }
}

fn hide_kind(sql: &mut Sql, kind: &'static str, key: Key, readers: &[Uuid]) {
    sql.push(" AND (s.kind <> '")
        .push(kind)
        .push("' OR s.entity_id NOT IN (WITH RECURSIVE shows(id, value) AS (")
        .push_bind("SELECT e.id, COALESCE((SELECT own.value FROM setting own WHERE own.entity_id = e.id AND own.key = ", key.as_str())
        .push("), '")
        .push(key.default_value())
        .push("') FROM entity e WHERE e.parent_id IS NULL UNION ALL SELECT e.id, COALESCE((SELECT own.value FROM setting own ")
        .push_bind("WHERE own.entity_id = e.id AND own.key = ", key.as_str())
        .push("), shows.value) FROM entity e JOIN shows ON e.parent_id = shows.id) ")
        .push("SELECT shows.id FROM shows WHERE shows.value <> 'true' AND shows.id IN ")
        .list(readers.iter().copied())
        .push("))");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_occ_25_every_term_is_quoted() {
        let query = crate::search::parse("vpn -\"very old\" \"drops daily\" not near").unwrap();
        assert_eq!(fts5(&query), "(\"vpn\" AND \"drops daily\" AND \"not\" AND \"near\"*) NOT \"very old\"");
        assert_eq!(tsquery(&query), "('vpn') & !('very' <-> 'old') & ('drops' <-> 'daily') & ('not') & ('near':*)");
    }

    #[test]
    fn t_occ_25_signs_of_the_engines_never_get_through() {
        let query = crate::search::parse("a* OR b:c ^d NEAR(e) {f} 'g' h\\' & | ! <-> (i)").unwrap();
        let allowed =
            |sql: &str, signs: &str| sql.chars().all(|c| c.is_alphanumeric() || c == ' ' || signs.contains(c));
        assert!(query.terms.iter().flat_map(|t| &t.words).all(|word| word.chars().all(char::is_alphanumeric)));
        assert!(allowed(&fts5(&query), "\"*()"), "{}", fts5(&query));
        assert!(allowed(&tsquery(&query), "'&!()<->:*"), "{}", tsquery(&query));
    }
}

//! What a use case asks of its database: how many statements, and how SQLite means to answer them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::{ConnectionTrait, Statement};
use service::Services;
use service::db::Db;

use crate::world::World;

/// Tables that grow with the desk: nothing that a person waits for may read one from end to end.
const GROWING: [&str; 23] = [
    "chat",
    "chat_line",
    "chat_line_read",
    "chat_mail",
    "document",
    "draft",
    "event",
    "idempotency",
    "message",
    "message_read",
    "notification",
    "occurrence",
    "occurrence_revision",
    "read_mark",
    "refused_form",
    "session",
    "status_interval",
    "task",
    "task_revision",
    "thumbnail",
    "ticket",
    "ticket_actor",
    "ticket_event",
];

/// The statements of a desk, in the order they were run. The bounds of transactions are not among them.
#[derive(Debug)]
pub struct Statements {
    heard: Arc<Mutex<Vec<Statement>>>,
    db: Db,
}

impl World {
    /// The same desk through connections whose statements are heard.
    #[must_use]
    pub fn heard(&self) -> (Self, Statements) {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&heard);
        let db = self.db().clone().heard_by(move |statement: &Statement| lock(&notes).push(statement.clone()));
        let services = Services { db, ..self.services.clone() };
        let world = Self { services, root: self.root, brasil: self.brasil, network: self.network };
        (world, Statements { heard, db: self.db().clone() })
    }
}

impl Statements {
    /// What `work` answers, and what was run for it.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> (T, Vec<Statement>) {
        lock(&self.heard).clear();
        let answer = work.await;
        (answer, std::mem::take(&mut *lock(&self.heard)))
    }

    /// How SQLite means to answer a statement: a line per step.
    pub async fn plan(&self, statement: &Statement) -> Vec<String> {
        let question = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement.clone() };
        let rows = self.db.reader().query_all_raw(question).await;
        let rows = rows.unwrap_or_else(|error| panic!("no plan of {}: {error}", statement.sql));
        rows.iter().map(|row| row.try_get("", "detail").expect("a step has a description")).collect()
    }

    /// The steps of its plan that read a growing table from end to end.
    pub async fn whole_reads(&self, statement: &Statement) -> Vec<String> {
        let names = names_of_growing(&statement.sql);
        let is_whole = |step: &String| {
            let mut words = step.split_whitespace();
            // A virtual table answers by its own index, and is called a scan whatever it does.
            words.next() == Some("SCAN")
                && words.next().is_some_and(|name| names.iter().any(|known| known == name))
                && !step.contains("VIRTUAL TABLE")
        };
        self.plan(statement).await.into_iter().filter(is_whole).collect()
    }
}

/// Names under which a plan may speak of the growing tables of a statement: their own and their aliases.
fn names_of_growing(sql: &str) -> Vec<String> {
    let words = sql.replace('(', " ( ").replace(')', " ) ").replace(',', " , ").replace('"', "");
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut names = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let is_source = word.eq_ignore_ascii_case("from") || word.eq_ignore_ascii_case("join");
        let Some(table) = words.get(at + 1).filter(|table| is_source && GROWING.contains(*table)) else { continue };
        names.push((*table).to_owned());
        // What follows is an alias, a sign or a word of SQL; no plan calls a table by one of the last two.
        let alias = words.iter().skip(at + 2).find(|word| !word.eq_ignore_ascii_case("as"));
        names.extend(alias.map(|alias| (*alias).to_owned()));
    }
    names
}

fn lock(heard: &Mutex<Vec<Statement>>) -> MutexGuard<'_, Vec<Statement>> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growing_tables_are_known_by_their_aliases_too() {
        let sql = "SELECT t.id FROM ticket t JOIN \"ticket_actor\" AS a ON a.ticket_id = t.id WHERE t.id IN (SELECT ticket_id FROM occurrence) \
                   AND t.entity_id IN (SELECT id FROM entity e)";
        let names = names_of_growing(sql);
        for name in ["ticket", "t", "ticket_actor", "a", "occurrence"] {
            assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
        }
        assert!(!names.iter().any(|known| known == "e" || known == "entity"), "{names:?}");
    }
}

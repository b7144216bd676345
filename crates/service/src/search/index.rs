//! The index rows: written in the transaction of their text, one row per entry, in the table of its visibility.

use entity::{article, occurrence, solution, task, ticket};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::fold::{tokens, words};
use crate::ctx::Services;
use crate::db::Engine;
use crate::error::ServiceError;
use crate::solutions;
use crate::sql::Sql;
use crate::tasks;
use crate::work::Work;

/// Table of public texts.
pub(super) const PUBLIC: &str = "search_public";
/// Table of private texts.
pub(super) const PRIVATE: &str = "search_private";
/// Longest text that goes into the index, in bytes of folded words: PostgreSQL takes at most 1 MB per row.
const WORDS_MAX: usize = 300_000;
/// Highest position PostgreSQL keeps.
const POSITION_MAX: usize = 16_383;
/// Rows of one transaction while everything is indexed anew.
const BATCH: u64 = 500;

/// A text to find.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doc<'a> {
    /// Its ticket.
    pub(crate) ticket_id: Uuid,
    /// Entity of the ticket.
    pub(crate) entity_id: Uuid,
    /// `ticket`, `occurrence`, `task` or `solution`.
    pub(crate) kind: &'a str,
    /// Id of the entry; of the ticket itself for kind `ticket`.
    pub(crate) entry_id: Uuid,
    /// Who wrote it, for authors who find their own private entries.
    pub(crate) author: Option<Uuid>,
    /// Goes into the private table.
    pub(crate) private: bool,
    /// When it was registered.
    pub(crate) at: i64,
    /// The text, without markup.
    pub(crate) text: &'a str,
}

/// What of a ticket itself is found: number, title, description (T-OCC-25).
pub(crate) fn ticket_text(ticket: &ticket::Model) -> String {
    format!("{}\n{}\n{}", ticket.number, ticket.title, ticket.description_text)
}

/// Indexes an entry in its transaction; a former row of it goes, in whichever table it was.
pub(crate) async fn index(w: &Work, doc: Doc<'_>) -> Result<(), ServiceError> {
    index_on(&w.tx, w.ctx.db().engine(), doc).await
}

/// The same on any connection, for bulk work.
pub(crate) async fn index_on(
    connection: &impl ConnectionTrait,
    engine: Engine,
    doc: Doc<'_>,
) -> Result<(), ServiceError> {
    remove(connection, engine, doc.entry_id).await?;
    insert(connection, engine, doc).await
}

/// Indexes an entry that came just now in its transaction: no row of it is looked for.
pub(crate) async fn index_new(w: &Work, doc: Doc<'_>) -> Result<(), ServiceError> {
    insert(&w.tx, w.ctx.db().engine(), doc).await
}

async fn insert(connection: &impl ConnectionTrait, engine: Engine, doc: Doc<'_>) -> Result<(), ServiceError> {
    let table = if doc.private { PRIVATE } else { PUBLIC };
    let mut sql = Sql::new("INSERT INTO ");
    sql.push(table).push(" (ticket_id, entity_id, kind, entry_id, author_id, at");
    sql.push(if engine == Engine::Postgres { ", words) VALUES (" } else { ") VALUES (" });
    sql.bind(doc.ticket_id)
        .push_bind(",", doc.entity_id)
        .push_bind(",", doc.kind)
        .push_bind(",", doc.entry_id)
        .push_bind(",", doc.author)
        .push_bind(",", doc.at);
    if engine == Engine::Postgres {
        // Written as a vector, not parsed by the server: its parser would cut words in ways of its own.
        sql.push_bind(", CAST(CAST(", vector(doc.text)).push(" AS TEXT) AS TSVECTOR))");
        sql.run(connection).await?;
        return Ok(());
    }
    sql.push(") RETURNING id");
    let id: Option<i64> = sql.scalar(connection).await?;
    let id = id.ok_or_else(|| ServiceError::internal("the index row got no id"))?;
    let mut sql = Sql::new("INSERT INTO ");
    sql.push(table).push("_fts (rowid, words) VALUES (").bind(id).push_bind(",", limited(doc.text)).push(")");
    sql.run(connection).await?;
    Ok(())
}

/// Takes an entry out of the index in its transaction (T-OCC-23).
pub(crate) async fn unindex(w: &Work, entry_id: Uuid) -> Result<(), ServiceError> {
    remove(&w.tx, w.ctx.db().engine(), entry_id).await
}

/// Takes everything of a ticket out of the index in its transaction, before the ticket goes for ever.
pub(crate) async fn unindex_ticket(w: &Work, ticket_id: Uuid) -> Result<(), ServiceError> {
    for table in [PUBLIC, PRIVATE] {
        if w.ctx.db().engine() == Engine::Sqlite {
            let mut sql = Sql::new("DELETE FROM ");
            sql.push(table).push("_fts WHERE rowid IN (SELECT s.id FROM ").push(table);
            sql.push_bind(" s WHERE s.ticket_id = ", ticket_id).push(")");
            sql.run(&w.tx).await?;
        }
        let mut sql = Sql::new("DELETE FROM ");
        sql.push(table).push_bind(" WHERE ticket_id = ", ticket_id);
        sql.run(&w.tx).await?;
    }
    Ok(())
}

async fn remove(connection: &impl ConnectionTrait, engine: Engine, entry_id: Uuid) -> Result<(), ServiceError> {
    for table in [PUBLIC, PRIVATE] {
        let mut sql = Sql::new("DELETE FROM ");
        sql.push(table).push_bind(" WHERE entry_id = ", entry_id);
        if engine == Engine::Postgres {
            sql.run(connection).await?;
            continue;
        }
        sql.push(" RETURNING id");
        let id: Option<i64> = sql.scalar(connection).await?;
        if let Some(id) = id {
            let mut sql = Sql::new("DELETE FROM ");
            sql.push(table).push_bind("_fts WHERE rowid = ", id);
            sql.run(connection).await?;
        }
    }
    Ok(())
}

/// Words up to the limit, never half a word.
pub(crate) fn limited(text: &str) -> String {
    let mut words = words(text);
    if words.len() > WORDS_MAX {
        let end = words.bytes().take(WORDS_MAX).rposition(|byte| byte == b' ').unwrap_or(0);
        words.truncate(end);
    }
    words
}

/// `'word':1 'next':2`: letters and digits only, so nothing needs escaping.
pub(crate) fn vector(text: &str) -> String {
    let mut out = String::new();
    let mut bytes = 0;
    for (index, token) in tokens(text).enumerate() {
        bytes += token.word.len() + 1;
        if bytes > WORDS_MAX {
            break;
        }
        out.push('\'');
        out.push_str(&token.word);
        out.push_str("':");
        out.push_str(&(index + 1).min(POSITION_MAX).to_string());
        out.push(' ');
    }
    out
}

/// Indexes everything anew, 500 rows a transaction, while the service may go on; answers how many entries.
///
/// # Errors
/// `Unavailable` when the database is away; it may be run again.
pub async fn rebuild(services: &Services) -> Result<u64, ServiceError> {
    let tickets = rebuild_tickets(services).await?;
    let occurrences = rebuild_occurrences(services).await?;
    let solutions = rebuild_solutions(services).await?;
    let articles = rebuild_articles(services).await?;
    let tasks = rebuild_tasks(services).await?;
    sweep(services).await?;
    Ok(tickets + occurrences + tasks + solutions + articles)
}

async fn rebuild_articles(services: &Services) -> Result<u64, ServiceError> {
    let (mut done, mut after) = (0, Uuid::nil());
    loop {
        let tx = services.db.begin().await?;
        let rows = article::Entity::find()
            .filter(article::Column::Id.gt(after))
            .order_by_asc(article::Column::Id)
            .limit(BATCH)
            .all(&tx)
            .await?;
        for row in &rows {
            super::index_article(&tx, services.db.engine(), row).await?;
            done += u64::from(row.deleted_at.is_none());
        }
        tx.commit().await?;
        match rows.last() {
            Some(last) => after = last.id,
            None => return Ok(done),
        }
    }
}

async fn rebuild_tickets(services: &Services) -> Result<u64, ServiceError> {
    let engine = services.db.engine();
    let (mut done, mut after) = (0, Uuid::nil());
    loop {
        let tx = services.db.begin().await?;
        let rows = ticket::Entity::find()
            .filter(ticket::Column::Id.gt(after))
            .order_by_asc(ticket::Column::Id)
            .limit(BATCH)
            .all(&tx)
            .await?;
        for row in &rows {
            let doc = Doc {
                ticket_id: row.id,
                entity_id: row.entity_id,
                kind: "ticket",
                entry_id: row.id,
                author: row.writer_id,
                private: false,
                at: row.opened_at,
                text: &ticket_text(row),
            };
            index_on(&tx, engine, doc).await?;
            done += 1;
        }
        tx.commit().await?;
        match rows.last() {
            Some(last) => after = last.id,
            None => return Ok(done),
        }
    }
}

async fn rebuild_occurrences(services: &Services) -> Result<u64, ServiceError> {
    let engine = services.db.engine();
    let (mut done, mut after) = (0, Uuid::nil());
    loop {
        let tx = services.db.begin().await?;
        let rows = occurrence::Entity::find()
            .filter(occurrence::Column::Id.gt(after))
            .order_by_asc(occurrence::Column::Id)
            .limit(BATCH)
            .all(&tx)
            .await?;
        for row in &rows {
            if row.removed_at.is_some() {
                remove(&tx, engine, row.id).await?;
                continue;
            }
            index_on(&tx, engine, occurrence_doc(row)).await?;
            done += 1;
        }
        tx.commit().await?;
        match rows.last() {
            Some(last) => after = last.id,
            None => return Ok(done),
        }
    }
}

async fn rebuild_solutions(services: &Services) -> Result<u64, ServiceError> {
    let engine = services.db.engine();
    let (mut done, mut after) = (0, Uuid::nil());
    loop {
        let tx = services.db.begin().await?;
        let rows = solution::Entity::find()
            .filter(solution::Column::Id.gt(after))
            .order_by_asc(solution::Column::Id)
            .limit(BATCH)
            .all(&tx)
            .await?;
        for row in &rows {
            index_on(&tx, engine, solutions::rows::doc(row)).await?;
            done += 1;
        }
        tx.commit().await?;
        match rows.last() {
            Some(last) => after = last.id,
            None => return Ok(done),
        }
    }
}

async fn rebuild_tasks(services: &Services) -> Result<u64, ServiceError> {
    let engine = services.db.engine();
    let (mut done, mut after) = (0, Uuid::nil());
    loop {
        let tx = services.db.begin().await?;
        let rows = task::Entity::find()
            .filter(task::Column::Id.gt(after))
            .order_by_asc(task::Column::Id)
            .limit(BATCH)
            .all(&tx)
            .await?;
        for row in &rows {
            if row.removed_at.is_some() {
                remove(&tx, engine, row.id).await?;
                continue;
            }
            index_on(&tx, engine, tasks::rows::doc(row)).await?;
            done += 1;
        }
        tx.commit().await?;
        match rows.last() {
            Some(last) => after = last.id,
            None => return Ok(done),
        }
    }
}

/// An occurrence as the index holds it. Everything that is not plainly public counts as private.
pub(crate) fn occurrence_doc(row: &occurrence::Model) -> Doc<'_> {
    Doc {
        ticket_id: row.ticket_id,
        entity_id: row.entity_id,
        kind: "occurrence",
        entry_id: row.id,
        author: row.author_id,
        private: row.visibility != domain::occurrence::Visibility::Public.as_str(),
        at: row.registered_at,
        text: &row.body_text,
    }
}

/// Rows of entries that are gone; on SQLite also words whose row went with its ticket.
async fn sweep(services: &Services) -> Result<(), ServiceError> {
    let tx = services.db.begin().await?;
    for table in [PUBLIC, PRIVATE] {
        let mut sql = Sql::new("DELETE FROM ");
        sql.push(table).push(
            " WHERE NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.id = entry_id) \
             AND NOT EXISTS (SELECT 1 FROM occurrence WHERE occurrence.id = entry_id AND occurrence.removed_at IS NULL) \
             AND NOT EXISTS (SELECT 1 FROM task WHERE task.id = entry_id AND task.removed_at IS NULL) \
             AND NOT EXISTS (SELECT 1 FROM solution WHERE solution.id = entry_id)",
        );
        sql.run(&tx).await?;
        if services.db.engine() == Engine::Sqlite {
            let mut sql = Sql::new("DELETE FROM ");
            sql.push(table).push("_fts WHERE rowid IN (SELECT f.rowid FROM ").push(table);
            sql.push("_fts f WHERE NOT EXISTS (SELECT 1 FROM ").push(table).push(" s WHERE s.id = f.rowid))");
            sql.run(&tx).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_occ_25_a_vector_holds_words_and_their_places() {
        assert_eq!(vector("Ação: o'Neil"), "'acao':1 'o':2 'neil':3 ");
        assert_eq!(vector("'; DROP TABLE x; --"), "'drop':1 'table':2 'x':3 ");
    }

    #[test]
    fn very_long_texts_are_cut_between_words() {
        let text = "abcdefghi ".repeat(40_000);
        let words = limited(&text);
        assert!(words.len() <= WORDS_MAX && words.ends_with("abcdefghi"));
        assert!(vector(&text).len() < 1_000_000);
    }
}

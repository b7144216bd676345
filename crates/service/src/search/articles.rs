//! The index of articles: what everybody may read and what only agents may lie in different tables, and the SQL of a portal
//! user names the first alone (T-KNO-02, T-OCC-27).

use domain::knowledge::{ArticleStatus, Audience};
use domain::search::Query;
use domain::views::Snippet;
use entity::article;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::index::{limited, vector};
use super::query::{fts5, tsquery};
use super::{NEWEST, fold, snippet};
use crate::db::Engine;
use crate::error::ServiceError;
use crate::sql::Sql;

/// Published articles for everybody.
const PUBLIC: &str = "search_article_public";
/// All others.
const INTERNAL: &str = "search_article_internal";
/// Most words of a text that are looked for when articles are suggested.
const WORDS_MAX: usize = 16;
/// Words of an article that are compared with what is typed.
const TOKENS_MAX: usize = 4_000;
/// Letters from which on a word tells something.
const WORD_FROM: usize = 3;

/// Writes the words of an article into the table of its readers, in its transaction; one in the trash has none.
pub(crate) async fn index_article(
    connection: &impl ConnectionTrait,
    engine: Engine,
    row: &article::Model,
) -> Result<(), ServiceError> {
    unindex_article(connection, engine, row.id).await?;
    if row.deleted_at.is_some() {
        return Ok(());
    }
    let is_public = row.status == ArticleStatus::Published.as_str() && row.audience == Audience::Public.as_str();
    let table = if is_public { PUBLIC } else { INTERNAL };
    let text = [row.title.as_str(), "\n", row.body_text.as_str()].concat();
    let mut sql = Sql::new("INSERT INTO ");
    sql.push(table).push(" (article_id");
    if engine == Engine::Postgres {
        sql.push_bind(", words) VALUES (", row.id)
            .push_bind(", CAST(CAST(", vector(&text))
            .push(" AS TEXT) AS TSVECTOR))");
        sql.run(connection).await?;
        return Ok(());
    }
    sql.push_bind(") VALUES (", row.id).push(") RETURNING id");
    let id: Option<i64> = sql.scalar(connection).await?;
    let id = id.ok_or_else(|| ServiceError::internal("the index row of an article got no id"))?;
    let mut sql = Sql::new("INSERT INTO ");
    sql.push(table).push("_fts (rowid, words) VALUES (").bind(id).push_bind(",", limited(&text)).push(")");
    sql.run(connection).await?;
    Ok(())
}

/// Takes an article out of the index, in its transaction.
pub(crate) async fn unindex_article(
    connection: &impl ConnectionTrait,
    engine: Engine,
    id: Uuid,
) -> Result<(), ServiceError> {
    for table in [PUBLIC, INTERNAL] {
        let mut sql = Sql::new("DELETE FROM ");
        sql.push(table).push_bind(" WHERE article_id = ", id);
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

/// Condition on `article` under the alias `a`: it fits the query. `is_internal` names the table of agents, too. `only`, a
/// condition on the same alias, is applied before the newest rows are cut off: what others alone may read takes no place.
pub(crate) fn article_condition(query: &Query, engine: Engine, is_internal: bool, only: &Sql) -> Sql {
    condition(&matching(query, engine), engine, is_internal, only)
}

fn matching(query: &Query, engine: Engine) -> String {
    match engine {
        Engine::Sqlite => fts5(query),
        Engine::Postgres => tsquery(query),
    }
}

/// The words of `text` that are looked for when articles are suggested, folded, each once.
pub(crate) fn suggesting_words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in fold::words(text).split(' ').filter(|word| word.chars().count() >= WORD_FROM) {
        let word = fold::cut(word);
        if out.len() < WORDS_MAX && !out.iter().any(|known| known == word) {
            out.push(word.to_owned());
        }
    }
    out
}

/// Condition on `article` under the alias `a`: it is for everybody and has one of these words, as its beginning. They consist of
/// letters and digits only; `only` as in [`article_condition`].
pub(crate) fn any_word_condition(words: &[String], engine: Engine, only: &Sql) -> Sql {
    let one = |word: &String| match engine {
        Engine::Sqlite => format!("\"{word}\"*"),
        Engine::Postgres => format!("'{word}':*"),
    };
    let joint = match engine {
        Engine::Sqlite => " OR ",
        Engine::Postgres => " | ",
    };
    condition(&words.iter().map(one).collect::<Vec<_>>().join(joint), engine, false, only)
}

fn condition(matching: &str, engine: Engine, is_internal: bool, only: &Sql) -> Sql {
    let mut sql = Sql::new("a.id IN (SELECT h.article_id FROM (");
    sql.append(&rows(PUBLIC, matching, engine, only)).push(") AS h");
    if is_internal {
        sql.push(" UNION ALL SELECT i.article_id FROM (")
            .append(&rows(INTERNAL, matching, engine, only))
            .push(") AS i");
    }
    sql.push(")");
    sql
}

/// The newest rows of a table that match, of articles that fulfil `only`.
fn rows(table: &str, matching: &str, engine: Engine, only: &Sql) -> Sql {
    let mut sql = Sql::new("SELECT s.article_id FROM ");
    match engine {
        Engine::Sqlite => {
            sql.push(table).push("_fts f CROSS JOIN ").push(table).push(" s ON s.id = f.rowid");
            sql.push(" CROSS JOIN article a ON a.id = s.article_id WHERE f.").push(table);
            sql.push_bind("_fts MATCH ", matching.to_owned()).push(" AND (").append(only).push(") ORDER BY f.rowid");
        }
        Engine::Postgres => {
            sql.push(table).push(" s JOIN article a ON a.id = s.article_id");
            sql.push_bind(" WHERE s.words @@ CAST(CAST(", matching.to_owned());
            sql.push(" AS TEXT) AS TSQUERY) AND (").append(only).push(") ORDER BY s.id");
        }
    }
    sql.push_bind(" DESC LIMIT ", NEWEST);
    sql
}

/// The stretch of an article around the first hit; from its title where only that matched. Without a query the first lines.
pub(crate) fn article_snippet(row: &article::Model, query: &Query) -> Vec<Snippet> {
    let text = snippet::snippet(&row.body_text, query);
    if query.is_empty() || text.iter().any(|part| part.hit) {
        return text;
    }
    let title = snippet::snippet(&row.title, query);
    if title.iter().any(|part| part.hit) { title } else { text }
}

/// How many of some folded words stand in an article: in its title, and anywhere.
pub(crate) fn words_found(row: &article::Model, words: &[String]) -> (usize, usize) {
    let read = |text: &str| fold::tokens(text).take(TOKENS_MAX).map(|token| token.word).collect::<Vec<String>>();
    let (title, body) = (read(&row.title), read(&row.body_text));
    let has = |text: &[String], word: &str| text.iter().any(|token| token.starts_with(word));
    let in_title = words.iter().filter(|word| has(&title, word)).count();
    let anywhere = words.iter().filter(|word| has(&title, word) || has(&body, word)).count();
    (in_title, anywhere)
}

#[cfg(test)]
mod tests {
    use sea_orm::DbBackend;

    use super::*;

    #[test]
    fn t_kno_02_rights_are_applied_before_the_newest_rows_are_cut_off() {
        let only = Sql::new("a.status = 'published'");
        for (engine, backend) in [(Engine::Sqlite, DbBackend::Sqlite), (Engine::Postgres, DbBackend::Postgres)] {
            let sql = condition("vpn", engine, true, &only).statement(backend).sql;
            let parts: Vec<&str> = sql.split(" DESC LIMIT ").collect();
            assert_eq!(parts.len(), 3, "{sql}");
            assert!(parts.iter().take(2).all(|part| part.contains("a.status = 'published'")), "{sql}");
        }
    }

    #[test]
    fn t_kno_05_words_that_tell_something_are_looked_for_once() {
        assert_eq!(suggesting_words("Não há VPN, a vpn cai!"), ["nao", "vpn", "cai"]);
        assert_eq!(suggesting_words("a b c"), [] as [&str; 0]);
        let many: String = (0..40).map(|n| format!("word{n} ")).collect();
        assert_eq!(suggesting_words(&many).len(), WORDS_MAX);
    }

    #[test]
    fn t_occ_25_signs_of_the_engines_never_get_through() {
        let words = suggesting_words("drop\" OR 1:* NEAR('x') table -- ');");
        assert!(words.iter().all(|word| word.chars().all(char::is_alphanumeric)), "{words:?}");
    }
}

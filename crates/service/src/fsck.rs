//! Looks whether what is stored fits together, without changing anything. For tests that pull the plug, and for doubts.

use std::fmt::Display;

use domain::occurrence::Visibility;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::ctx::Services;
use crate::db::Engine;
use crate::documents;
use crate::error::ServiceError;
use crate::solutions;
use crate::sql::Sql;

/// Rows of one query: each is one moment, so a service that goes on working makes no false findings.
const BATCH: i64 = 2_000;
/// After so many findings the search ends: the rest would say the same.
const FINDINGS_MAX: usize = 1_000;

/// Something that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong: `search_missing`, `interval_open`, `created_event` …
    pub code: &'static str,
    /// On which object: `ticket 42`, `occurrence <id>`, or what the engine says.
    pub object: String,
}

/// Checks everything, table by table, 2 000 rows at a time; an empty answer means that all is well. At most about 1 000
/// findings.
///
/// - `search_missing`, `search_wrong_table`, `search_of_removed`: every entry has one index row, in the table of its
///   visibility, removed ones none (T-OCC-23, 25);
/// - the same of articles: published ones for everybody in their table, all others in that of agents, those of the trash in
///   none (T-KNO-02), and every version kept as `article_revision`;
/// - `search_orphan`, `search_entity`, `search_words`: every index row has an entry, the entity of its ticket, its words;
/// - `interval_open`, `interval_status`: every ticket has one open interval, of its status (T-CLK-01);
/// - `actor_copy`: its people carry its number, status and times, by which they find it (T-LST-04);
/// - `created_event`: its history begins (T-HIS); `number_sequence`: no number is given twice (T-GEN-10);
/// - `revision_count`: as many former versions as the row says (T-OCC-16);
/// - `document_entry`, `document_visibility`, `document_content`: files have their entry, its visibility, their content;
/// - `thumbnail_content`: thumbnails that were made have theirs (C-IMG-05);
/// - `integrity_check`, `foreign_key_check`: what SQLite says of its file.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn check(services: &Services) -> Result<Vec<Finding>, ServiceError> {
    let reader = services.db.reader();
    let mut report = Report::default();
    if services.db.engine() == Engine::Sqlite {
        engine(reader, &mut report).await?;
    }
    sequence(reader, &mut report).await?;
    tickets(reader, &mut report).await?;
    entries(reader, OCCURRENCES, &mut report).await?;
    entries(reader, TASKS, &mut report).await?;
    solutions(reader, &mut report).await?;
    for table in ["search_public", "search_private"] {
        index(reader, services.db.engine(), table, &mut report).await?;
    }
    articles(reader, &mut report).await?;
    if services.db.engine() == Engine::Sqlite {
        for table in ["search_article_public", "search_article_internal"] {
            words_without_row(reader, table, &mut report).await?;
        }
    }
    files(services, &mut report).await?;
    thumbnails(services, &mut report).await?;
    Ok(report.0)
}

#[derive(Debug, Default)]
struct Report(Vec<Finding>);

impl Report {
    fn note(&mut self, code: &'static str, object: impl Display) {
        self.0.push(Finding { code, object: object.to_string() });
    }

    fn note_if(&mut self, wrong: bool, code: &'static str, object: impl Display) {
        if wrong {
            self.note(code, object);
        }
    }

    fn is_full(&self) -> bool {
        self.0.len() >= FINDINGS_MAX
    }
}

/// What SQLite finds in its own file.
async fn engine(connection: &impl ConnectionTrait, report: &mut Report) -> Result<(), ServiceError> {
    for row in Sql::new("PRAGMA integrity_check(100)").rows(connection).await? {
        let text: String = row.try_get_by_index(0)?;
        report.note_if(text != "ok", "integrity_check", text);
    }
    let sql = Sql::new("SELECT \"table\" || ' -> ' || \"parent\" AS broken FROM pragma_foreign_key_check LIMIT 100");
    for row in sql.rows(connection).await? {
        let text: String = row.try_get("", "broken")?;
        report.note("foreign_key_check", text);
    }
    Ok(())
}

async fn sequence(connection: &impl ConnectionTrait, report: &mut Report) -> Result<(), ServiceError> {
    let sql = Sql::new(
        "SELECT COALESCE(MAX(t.number), 0) - COALESCE((SELECT s.value FROM number_sequence s WHERE s.name = 'ticket'), 0) FROM ticket t",
    );
    let ahead: Option<i64> = sql.scalar(connection).await?;
    report.note_if(ahead.unwrap_or(0) > 0, "number_sequence", "ticket");
    Ok(())
}

#[derive(Debug, FromQueryResult)]
struct TicketRow {
    id: Uuid,
    number: i64,
    in_public: i64,
    in_private: i64,
    open: i64,
    fitting: i64,
    created: i64,
    astray: i64,
}

async fn tickets(connection: &impl ConnectionTrait, report: &mut Report) -> Result<(), ServiceError> {
    let mut after = Uuid::nil();
    while !report.is_full() {
        let mut sql = Sql::new(
            "SELECT t.id, t.number, \
             (SELECT COUNT(*) FROM search_public s WHERE s.entry_id = t.id) AS in_public, \
             (SELECT COUNT(*) FROM search_private s WHERE s.entry_id = t.id) AS in_private, \
             (SELECT COUNT(*) FROM status_interval i WHERE i.ticket_id = t.id AND i.to_at IS NULL) AS open, \
             (SELECT COUNT(*) FROM status_interval i WHERE i.ticket_id = t.id AND i.to_at IS NULL AND i.status = t.status) AS fitting, \
             (SELECT COUNT(*) FROM ticket_event e WHERE e.ticket_id = t.id AND e.kind = 'created') AS created, \
             (SELECT COUNT(*) FROM ticket_actor a WHERE a.ticket_id = t.id AND NOT COALESCE((a.number, a.status, a.updated_at, \
             a.public_updated_at) = (t.number, t.status, t.updated_at, t.public_updated_at), FALSE)) AS astray \
             FROM ticket t WHERE t.id > ",
        );
        sql.bind(after).push_bind(" ORDER BY t.id LIMIT ", BATCH);
        let rows: Vec<TicketRow> = sql.all(connection).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in &rows {
            let object = format!("ticket {}", row.number);
            report.note_if(row.in_public != 1, "search_missing", &object);
            report.note_if(row.in_private != 0, "search_wrong_table", &object);
            report.note_if(row.open != 1, "interval_open", &object);
            report.note_if(row.open == 1 && row.fitting != 1, "interval_status", &object);
            report.note_if(row.created != 1, "created_event", &object);
            report.note_if(row.astray != 0, "actor_copy", &object);
        }
    }
    Ok(())
}

/// A table of entries, its former versions, and what they name it by.
type Entries = (&'static str, &'static str, &'static str);

const OCCURRENCES: Entries = ("occurrence", "occurrence_revision", "occurrence_id");
const TASKS: Entries = ("task", "task_revision", "task_id");

#[derive(Debug, FromQueryResult)]
struct EntryRow {
    id: Uuid,
    visibility: String,
    removed_at: Option<i64>,
    revision_count: i32,
    in_public: i64,
    in_private: i64,
    revisions: i64,
}

async fn entries(
    connection: &impl ConnectionTrait,
    (table, revisions, of): Entries,
    report: &mut Report,
) -> Result<(), ServiceError> {
    let mut after = Uuid::nil();
    while !report.is_full() {
        let mut sql = Sql::new(
            "SELECT o.id, o.visibility, o.removed_at, o.revision_count, \
             (SELECT COUNT(*) FROM search_public s WHERE s.entry_id = o.id) AS in_public, \
             (SELECT COUNT(*) FROM search_private s WHERE s.entry_id = o.id) AS in_private, \
             (SELECT COUNT(*) FROM ",
        );
        sql.push(revisions).push(" r WHERE r.").push(of).push(" = o.id) AS revisions FROM ").push(table);
        sql.push_bind(" o WHERE o.id > ", after).push_bind(" ORDER BY o.id LIMIT ", BATCH);
        let rows: Vec<EntryRow> = sql.all(connection).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in &rows {
            judge(table, row, report);
        }
    }
    Ok(())
}

fn judge(table: &str, row: &EntryRow, report: &mut Report) {
    let object = format!("{table} {}", row.id);
    // What is not plainly public counts as private, as the index itself decides.
    let is_public = row.visibility == Visibility::Public.as_str();
    let (right, wrong) = if is_public { (row.in_public, row.in_private) } else { (row.in_private, row.in_public) };
    if row.removed_at.is_some() {
        report.note_if(right + wrong != 0, "search_of_removed", &object);
    } else {
        report.note_if(right != 1, "search_missing", &object);
        report.note_if(wrong != 0, "search_wrong_table", &object);
    }
    report.note_if(i64::from(row.revision_count) != row.revisions, "revision_count", &object);
}

#[derive(Debug, FromQueryResult)]
struct SolutionRow {
    id: Uuid,
    revision_count: i32,
    in_public: i64,
    in_private: i64,
    revisions: i64,
}

async fn solutions(connection: &impl ConnectionTrait, report: &mut Report) -> Result<(), ServiceError> {
    let mut after = Uuid::nil();
    while !report.is_full() {
        let mut sql = Sql::new(
            "SELECT n.id, n.revision_count, \
             (SELECT COUNT(*) FROM search_public s WHERE s.entry_id = n.id) AS in_public, \
             (SELECT COUNT(*) FROM search_private s WHERE s.entry_id = n.id) AS in_private, \
             (SELECT COUNT(*) FROM solution_revision r WHERE r.solution_id = n.id) AS revisions \
             FROM solution n WHERE n.id > ",
        );
        sql.bind(after).push_bind(" ORDER BY n.id LIMIT ", BATCH);
        let rows: Vec<SolutionRow> = sql.all(connection).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in &rows {
            let object = format!("solution {}", row.id);
            report.note_if(row.in_public != 1, "search_missing", &object);
            report.note_if(row.in_private != 0, "search_wrong_table", &object);
            report.note_if(i64::from(row.revision_count) != row.revisions, "revision_count", &object);
        }
    }
    Ok(())
}

#[derive(Debug, FromQueryResult)]
struct IndexRow {
    id: i64,
    entry_id: Uuid,
    entries: i64,
    same_entity: i64,
    words: i64,
}

async fn index(
    connection: &impl ConnectionTrait,
    engine: Engine,
    table: &str,
    report: &mut Report,
) -> Result<(), ServiceError> {
    let mut after = 0_i64;
    while !report.is_full() {
        let mut sql = Sql::new(
            "SELECT s.id, s.entry_id, (SELECT COUNT(*) FROM ticket t WHERE t.id = s.entry_id) \
             + (SELECT COUNT(*) FROM occurrence o WHERE o.id = s.entry_id AND o.ticket_id = s.ticket_id) \
             + (SELECT COUNT(*) FROM task k WHERE k.id = s.entry_id AND k.ticket_id = s.ticket_id) \
             + (SELECT COUNT(*) FROM solution n WHERE n.id = s.entry_id AND n.ticket_id = s.ticket_id) AS entries, \
             (SELECT COUNT(*) FROM ticket t WHERE t.id = s.ticket_id AND t.entity_id = s.entity_id) AS same_entity, ",
        );
        match engine {
            // The words lie in a table of their own, which no foreign key watches.
            Engine::Sqlite => {
                sql.push("(SELECT COUNT(*) FROM ").push(table).push("_fts f WHERE f.rowid = s.id)");
            }
            Engine::Postgres => {
                sql.push("CAST(1 AS BIGINT)");
            }
        }
        sql.push(" AS words FROM ").push(table).push_bind(" s WHERE s.id > ", after);
        sql.push_bind(" ORDER BY s.id LIMIT ", BATCH);
        let rows: Vec<IndexRow> = sql.all(connection).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in &rows {
            let object = format!("{table} {} of {}", row.id, row.entry_id);
            report.note_if(row.entries != 1, "search_orphan", &object);
            report.note_if(row.same_entity != 1, "search_entity", &object);
            report.note_if(row.words != 1, "search_words", &object);
        }
    }
    if engine == Engine::Sqlite {
        words_without_row(connection, table, report).await?;
    }
    Ok(())
}

/// Words on SQLite whose row is gone: they would come up again under the next row with that number.
async fn words_without_row(
    connection: &impl ConnectionTrait,
    table: &str,
    report: &mut Report,
) -> Result<(), ServiceError> {
    let mut sql = Sql::new("SELECT f.rowid AS id FROM ");
    sql.push(table)
        .push("_fts f WHERE NOT EXISTS (SELECT 1 FROM ")
        .push(table)
        .push(" s WHERE s.id = f.rowid) LIMIT 100");
    for row in sql.rows(connection).await? {
        let id: i64 = row.try_get("", "id")?;
        report.note("search_orphan", format!("{table}_fts {id}"));
    }
    Ok(())
}

#[derive(Debug, FromQueryResult)]
struct ArticleRow {
    id: Uuid,
    is_open: i64,
    is_gone: i64,
    in_public: i64,
    in_internal: i64,
    revision: i32,
    revisions: i64,
}

async fn articles(connection: &impl ConnectionTrait, report: &mut Report) -> Result<(), ServiceError> {
    let mut after = Uuid::nil();
    while !report.is_full() {
        let mut sql = Sql::new(
            "SELECT a.id, a.revision, \
             CAST(CASE WHEN a.deleted_at IS NULL AND a.status = 'published' AND a.audience = 'public' THEN 1 ELSE 0 END \
             AS BIGINT) AS is_open, CAST(CASE WHEN a.deleted_at IS NULL THEN 0 ELSE 1 END AS BIGINT) AS is_gone, \
             (SELECT COUNT(*) FROM search_article_public s WHERE s.article_id = a.id) AS in_public, \
             (SELECT COUNT(*) FROM search_article_internal s WHERE s.article_id = a.id) AS in_internal, \
             (SELECT COUNT(*) FROM article_revision r WHERE r.article_id = a.id) AS revisions FROM article a WHERE a.id > ",
        );
        sql.bind(after).push_bind(" ORDER BY a.id LIMIT ", BATCH);
        let rows: Vec<ArticleRow> = sql.all(connection).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in &rows {
            let object = format!("article {}", row.id);
            let found = (row.in_public, row.in_internal);
            let is_open = row.is_open == 1;
            if row.is_gone == 1 {
                report.note_if(found != (0, 0), "search_of_removed", &object);
            } else {
                let (own, other) = if is_open { found } else { (row.in_internal, row.in_public) };
                report.note_if(own != 1, "search_missing", &object);
                report.note_if(other != 0, "search_wrong_table", &object);
            }
            report.note_if(row.revisions != i64::from(row.revision), "article_revision", &object);
        }
    }
    Ok(())
}

#[derive(Debug, FromQueryResult)]
struct DocumentRow {
    id: Uuid,
    sha256: String,
    visibility: String,
    entry_kind: Option<String>,
    removed_at: Option<i64>,
    of_entry: Option<String>,
    fits: i64,
}

async fn files(services: &Services, report: &mut Report) -> Result<(), ServiceError> {
    let mut after = Uuid::nil();
    while !report.is_full() {
        // A free document is its own entry.
        let mut sql = Sql::new(
            "SELECT d.id, d.sha256, d.visibility, d.entry_kind, d.removed_at, COALESCE(o.visibility, k.visibility) AS of_entry, \
             CAST(CASE WHEN d.entry_kind = 'occurrence' AND o.ticket_id = d.ticket_id THEN 1 \
             WHEN d.entry_kind = 'task' AND k.ticket_id = d.ticket_id THEN 1 \
             WHEN d.entry_kind = 'description' AND d.entry_id = d.ticket_id THEN 1 \
             WHEN d.entry_kind = 'solution' AND EXISTS (SELECT 1 FROM solution n WHERE n.id = d.entry_id AND n.ticket_id = d.ticket_id) THEN 1 \
             WHEN d.entry_kind = 'document' AND d.entry_id = d.id THEN 1 \
             WHEN d.entry_kind = 'validation' THEN \
             (SELECT COUNT(*) FROM validation v WHERE v.id = d.entry_id AND v.ticket_id = d.ticket_id) \
             WHEN d.entry_kind = 'validation_answer' THEN \
             (SELECT COUNT(*) FROM validation_target x WHERE x.id = d.entry_id AND x.ticket_id = d.ticket_id) \
             ELSE 0 END AS BIGINT) AS fits \
             FROM document d LEFT JOIN occurrence o ON o.id = d.entry_id AND d.entry_kind = 'occurrence' \
             LEFT JOIN task k ON k.id = d.entry_id AND d.entry_kind = 'task' WHERE d.ticket_id IS NOT NULL AND d.id > ",
        );
        sql.bind(after).push_bind(" ORDER BY d.id LIMIT ", BATCH);
        let rows: Vec<DocumentRow> = sql.all(services.db.reader()).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        for row in &rows {
            let object = format!("document {}", row.id);
            report.note_if(row.fits != 1, "document_entry", &object);
            let of_entry = match row.entry_kind.as_deref() {
                Some(documents::OCCURRENCE | documents::TASK) => row.of_entry.as_deref(),
                Some(documents::DESCRIPTION | solutions::KIND) => Some(Visibility::Public.as_str()),
                // Never for the requester side (T-VIS-05).
                Some(documents::VALIDATION | documents::VALIDATION_ANSWER) => Some(Visibility::Private.as_str()),
                _ => None,
            };
            report.note_if(
                of_entry.is_some_and(|visibility| visibility != row.visibility),
                "document_visibility",
                &object,
            );
            if row.removed_at.is_none() && !services.files.contains(&row.sha256).await? {
                report.note("document_content", &object);
            }
        }
    }
    Ok(())
}

async fn thumbnails(services: &Services, report: &mut Report) -> Result<(), ServiceError> {
    let mut after = Uuid::nil();
    while !report.is_full() {
        let mut sql =
            Sql::new("SELECT h.document_id, h.sha256 FROM thumbnail h WHERE h.sha256 IS NOT NULL AND h.document_id > ");
        sql.bind(after).push_bind(" ORDER BY h.document_id LIMIT ", BATCH);
        let rows = sql.rows(services.db.reader()).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            after = row.try_get("", "document_id")?;
            let key: String = row.try_get("", "sha256")?;
            let is_there = services.files.contains(&key).await?;
            report.note_if(!is_there, "thumbnail_content", format!("document {after}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(row: &EntryRow) -> Vec<&'static str> {
        let mut report = Report::default();
        judge("occurrence", row, &mut report);
        report.0.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn t_occ_23_an_entry_is_found_by_its_own_readers_only() {
        let public = |in_public, in_private, removed_at| EntryRow {
            id: Uuid::nil(),
            visibility: "public".to_owned(),
            removed_at,
            revision_count: 0,
            in_public,
            in_private,
            revisions: 0,
        };
        assert!(codes(&public(1, 0, None)).is_empty());
        assert!(codes(&public(0, 0, Some(5))).is_empty());
        assert_eq!(codes(&public(0, 0, None)), ["search_missing"]);
        assert_eq!(codes(&public(1, 1, None)), ["search_wrong_table"]);
        assert_eq!(codes(&public(1, 0, Some(5))), ["search_of_removed"]);
        let private = EntryRow { visibility: "private".to_owned(), revisions: 2, ..public(1, 0, None) };
        assert_eq!(codes(&private), ["search_missing", "search_wrong_table", "revision_count"]);
    }
}

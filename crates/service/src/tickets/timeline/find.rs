//! Places in a timeline: the entry a deep link names, those whose words were looked for, and the marks of what was found.

use domain::error::AppError;
use domain::views::{Entry, Timeline};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{entry_scope, task_scope};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::tickets::Loaded;
use crate::validations::timeline as validations;
use crate::{messages, sanitise, search, solutions, tasks};

/// Time and id of the entry a deep link names, if the reader may see it; an invisible one gives no hint (T-TIM-04).
pub(super) async fn around(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    anchor: &str,
    portal: bool,
    shows_solutions: bool,
) -> Result<Option<(i64, Uuid)>, ServiceError> {
    let Some((kind, id)) = anchor.split_once('-') else { return Ok(None) };
    let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
    let table = match kind {
        messages::KIND if messages::sees(loaded, portal) => {
            let mut sql = Sql::new("SELECT m.sent_at FROM message m WHERE m.withdrawn_at IS NULL AND m.ticket_id = ");
            sql.bind(loaded.ticket.id).push_bind(" AND m.id = ", id);
            let at: Option<i64> = sql.scalar(connection).await?;
            return Ok(at.map(|at| (at, id)));
        }
        solutions::KIND if shows_solutions => {
            let mut sql = Sql::new("SELECT s.registered_at FROM solution s WHERE s.ticket_id = ");
            sql.bind(loaded.ticket.id).push_bind(" AND s.id = ", id);
            let at: Option<i64> = sql.scalar(connection).await?;
            return Ok(at.map(|at| (at, id)));
        }
        validations::REQUEST | validations::ANSWER if validations::sees(loaded, portal) => {
            let mut sql = validations::of_ticket(loaded.ticket.id);
            sql.push_bind(" AND e.answered = ", i64::from(kind == validations::ANSWER)).push_bind(" AND e.id = ", id);
            let row: Option<validations::Found> = sql.all(connection).await?.into_iter().next();
            return Ok(row.map(|row| (row.at, row.id)));
        }
        tasks::KIND => {
            let mut sql = Sql::new("SELECT k.registered_at FROM task k WHERE k.ticket_id = ");
            sql.bind(loaded.ticket.id).push_bind(" AND k.id = ", id).push(" AND ").append(&task_scope(ctx, portal));
            let at: Option<i64> = sql.scalar(connection).await?;
            return Ok(at.map(|at| (at, id)));
        }
        "occurrence" => "occurrence",
        "document" => "document",
        _ => return Ok(None),
    };
    let mut sql = Sql::new(&format!("SELECT o.registered_at FROM {table} o WHERE o.ticket_id = "));
    sql.bind(loaded.ticket.id).push_bind(" AND o.id = ", id).push(" AND ").append(&entry_scope(ctx, portal));
    let at: Option<i64> = sql.scalar(connection).await?;
    Ok(at.map(|at| (at, id)))
}

/// Marks what was looked for in the texts of the entries, for pages; the API gives texts as they are stored.
pub(crate) fn mark_hits(timeline: &mut Timeline, find: &str) {
    let Some(query) = search::parse(find).ok().filter(|query| !query.is_empty()) else { return };
    for entry in &mut timeline.entries {
        let body = match entry {
            Entry::Occurrence(entry) => &mut entry.body,
            Entry::Task(task) => &mut task.entry.body,
            Entry::Solution(entry) => &mut entry.body,
            Entry::Message(_) | Entry::Document(_) | Entry::Validation(_) | Entry::Event(_) => continue,
        };
        *body = sanitise::mark(body, |words| search::hits_in_text(words, &query));
    }
}

/// Ids of the visible occurrences, tasks and solutions of a ticket whose text matches (T-OCC-24).
pub(super) async fn find(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    text: &str,
    portal: bool,
    shows_solutions: bool,
) -> Result<Vec<Uuid>, ServiceError> {
    let query = search::parse(text).map_err(|code| AppError::field("find", code))?;
    let mut occurrences =
        Sql::new("SELECT o.id, o.body_text FROM occurrence o WHERE o.removed_at IS NULL AND o.ticket_id = ");
    occurrences.bind(loaded.ticket.id).push(" AND ").append(&entry_scope(ctx, portal));
    occurrences.push(" ORDER BY o.registered_at DESC, o.id DESC LIMIT 10000");
    let mut tasks = Sql::new("SELECT k.id, k.body_text FROM task k WHERE k.removed_at IS NULL AND k.ticket_id = ");
    tasks.bind(loaded.ticket.id).push(" AND ").append(&task_scope(ctx, portal));
    tasks.push(" ORDER BY k.registered_at DESC, k.id DESC LIMIT 10000");
    let mut searched = vec![occurrences, tasks];
    if shows_solutions {
        let mut sql = Sql::new("SELECT s.id, s.body_text FROM solution s WHERE s.ticket_id = ");
        sql.bind(loaded.ticket.id).push(" ORDER BY s.registered_at DESC, s.id DESC LIMIT 10000");
        searched.push(sql);
    }
    let mut out = Vec::new();
    for sql in searched {
        for row in sql.rows(connection).await? {
            let body: String = row.try_get("", "body_text")?;
            if search::find_in_text(&body, &query) {
                out.push(row.try_get("", "id")?);
            }
        }
    }
    Ok(out)
}

//! The timeline of a ticket: entries of several tables merged by (time, id), 30 at a time (T-TIM).

mod find;

use domain::error::{AppError, Code};
use domain::settings::Key;
use domain::views::{Entry, TaskEntry, Timeline, TimelineQuery};
use entity::{document, message, occurrence, solution, task, ticket_event};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{Loaded, people};
use crate::ctx::Ctx;
use crate::cursor;
use crate::error::ServiceError;
use crate::occurrences::rows;
use crate::settings::Settings;
use crate::sql::{Sql, unique};
use crate::validations::timeline as validations;
use crate::{documents, history, messages, scope, solutions, tasks};

pub(crate) use self::find::mark_hits;
use self::find::{around, find};

/// Kinds of events that only repeat an entry which the timeline shows anyway.
const ECHOES: &str = "('occurrence_added','occurrence_edited','occurrence_deleted','visibility_changed','task_added','task_edited','task_state_changed','task_deleted','document_added','document_removed','created','message_sent',\
    'solution_added','solution_edited','solution_approved','solution_refused','reminder_sent',\
    'validation_requested','validation_answered')";

/// A page of the timeline of a ticket.
///
/// # Errors
/// `NotFound` when the ticket may not be seen; `Invalid` on a wrong cursor, order or kind.
pub async fn timeline(ctx: &Ctx, number: i64, query: TimelineQuery) -> Result<Timeline, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let loaded = super::load_visible(&snapshot, &ctx.actor, number).await?;
    let settings = Settings::load(&snapshot, &super::path(ctx, &loaded.ticket)).await?;
    let portal = !loaded.is_agent();
    of_loaded(ctx, &snapshot, &loaded, &query, &settings, portal).await
}

/// Where a page begins and which way it goes.
type Position = (i64, Uuid, bool);

/// What to read, decided once.
struct Plan<'a> {
    loaded: &'a Loaded,
    query: &'a TimelineQuery,
    portal: bool,
    ascending: bool,
    position: Option<Position>,
    inclusive: bool,
    limit: i64,
    hits: Option<Vec<Uuid>>,
    /// Solutions are shown here (setting 371).
    shows_solutions: bool,
}

impl Plan<'_> {
    fn wants(&self, kind: &str, by_default: bool) -> bool {
        if self.query.kinds.is_empty() { by_default } else { self.query.kinds.split(',').any(|k| k.trim() == kind) }
    }

    fn is_backwards(&self) -> bool {
        self.position.is_some_and(|(_, _, backwards)| backwards)
    }

    /// Appends position, order and limit for a table whose time column is `at`.
    fn append_page(&self, sql: &mut Sql, at: &str, id: &str) {
        let up = self.ascending != self.is_backwards();
        if let Some((time, entry, _)) = self.position {
            let sign = match (up, self.inclusive) {
                (true, true) => ">=",
                (true, false) => ">",
                (false, true) => "<=",
                (false, false) => "<",
            };
            sql.push(&format!(" AND ({at}, {id}) {sign} (")).bind(time).push_bind(", ", entry).push(")");
        }
        let direction = if up { "ASC" } else { "DESC" };
        sql.push(&format!(" ORDER BY {at} {direction}, {id} {direction}")).push_bind(" LIMIT ", self.limit + 1);
    }
}

enum Row {
    Occurrence(Box<occurrence::Model>),
    Task(Box<task::Model>),
    Message(Box<message::Model>),
    Document(Box<document::Model>),
    Solution(Box<solution::Model>),
    Validation(Box<validations::Found>),
    Event(Box<ticket_event::Model>),
}

impl Row {
    fn position(&self) -> (i64, Uuid) {
        match self {
            Self::Occurrence(row) => (row.registered_at, row.id),
            Self::Task(row) => (row.registered_at, row.id),
            Self::Message(row) => (row.sent_at, row.id),
            Self::Document(row) => (row.registered_at.unwrap_or_default(), row.id),
            Self::Solution(row) => (row.registered_at, row.id),
            Self::Validation(row) => (row.at, row.id),
            Self::Event(row) => (row.at, row.id),
        }
    }
}

pub(crate) async fn of_loaded(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    query: &TimelineQuery,
    settings: &Settings,
    portal: bool,
) -> Result<Timeline, ServiceError> {
    let preference = ctx.actor.user.timeline_order.as_deref();
    let order = match query.order.as_str() {
        "asc" => "asc",
        "desc" => "desc",
        "" if portal => preference.unwrap_or("asc"),
        "" => preference.unwrap_or("desc"),
        _ => return Err(AppError::field("order", Code::Invalid).into()),
    };
    if query.kinds.split(',').any(|k| {
        !matches!(
            k.trim(),
            "" | "description"
                | "occurrence"
                | "task"
                | "solution"
                | "validation_request"
                | "validation_answer"
                | "message"
                | "document"
                | "event"
        )
    }) {
        return Err(AppError::field("kind", Code::Invalid).into());
    }
    let binding = binding(ctx, loaded, query, order, portal);
    let mut position: Option<Position> = cursor::open(&ctx.services.secret, &binding, &query.cursor)?;
    let mut inclusive = false;
    let shows_entries = !portal || settings.is_on(Key::PortalShowOccurrences);
    let shows_solutions = solutions::sees(loaded, settings, portal);
    if position.is_none()
        && !query.around.is_empty()
        && let Some(start) = around(ctx, connection, loaded, &query.around, portal, shows_solutions).await?
    {
        position = Some((start.0, start.1, false));
        inclusive = true;
    }
    let hits = if query.find.trim().is_empty() || !shows_entries {
        None
    } else {
        Some(find(ctx, connection, loaded, &query.find, portal, shows_solutions).await?)
    };
    let limit = if query.limit == 0 { 30 } else { i64::from(query.limit.min(200)) };
    let ascending = order == "asc";
    let plan = Plan { loaded, query, portal, ascending, position, inclusive, limit, hits, shows_solutions };
    let (rows, more) = merged(ctx, connection, &plan, shows_entries).await?;
    let seal = |row: &Row, backwards: bool| {
        let (at, id) = row.position();
        cursor::seal(&ctx.services.secret, &binding, &(at, id, backwards))
    };
    let backwards = plan.is_backwards();
    let next_cursor = rows.last().filter(|_| more || backwards).map(|row| seal(row, false));
    let previous_cursor =
        rows.first().filter(|_| (position.is_some() && !backwards) || (backwards && more)).map(|row| seal(row, true));
    let hits = plan.hits.as_ref().map(|ids| u32::try_from(ids.len()).unwrap_or(u32::MAX));
    let entries = entries(ctx, connection, loaded, rows, settings, portal).await?;
    Ok(Timeline { entries, next_cursor, previous_cursor, order: order.to_owned(), hits })
}

fn binding(ctx: &Ctx, loaded: &Loaded, query: &TimelineQuery, order: &str, portal: bool) -> String {
    format!(
        "timeline:{}:{}:{order}:{}:{}:{}:{}:{}:{portal}",
        loaded.ticket.number,
        ctx.actor.id(),
        query.kinds,
        query.public_only,
        query.mine,
        query.with_attachments,
        query.find
    )
}

/// Rows of a page in display order, and whether more follow in the direction read.
async fn merged(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    plan: &Plan<'_>,
    shows_entries: bool,
) -> Result<(Vec<Row>, bool), ServiceError> {
    let mut rows = Vec::new();
    if shows_entries && plan.wants("occurrence", true) {
        rows.extend(occurrence_rows(ctx, connection, plan).await?.into_iter().map(|r| Row::Occurrence(Box::new(r))));
    }
    let is_searched = !plan.query.find.trim().is_empty();
    if plan.shows_solutions && plan.wants("solution", true) && (plan.hits.is_some() || !is_searched) {
        rows.extend(solution_rows(ctx, connection, plan).await?.into_iter().map(|r| Row::Solution(Box::new(r))));
    }
    if shows_entries && plan.wants(tasks::KIND, true) {
        rows.extend(task_rows(ctx, connection, plan).await?.into_iter().map(|r| Row::Task(Box::new(r))));
    }
    // Not found by words (T-MSG-04), without files, and shown whatever the portal shows of occurrences (P-HIS-02).
    let has_messages = plan.hits.is_none() && plan.query.find.trim().is_empty() && !plan.query.with_attachments;
    if has_messages && plan.wants("message", true) && messages::sees(plan.loaded, plan.portal) {
        rows.extend(message_rows(ctx, connection, plan).await?.into_iter().map(|r| Row::Message(Box::new(r))));
    }
    if shows_entries && plan.hits.is_none() && plan.wants("document", true) {
        rows.extend(document_rows(ctx, connection, plan).await?.into_iter().map(|r| Row::Document(Box::new(r))));
    }
    // The search in a ticket is over occurrences, tasks and solutions (T-OCC-24).
    if !is_searched && validations::sees(plan.loaded, plan.portal) {
        rows.extend(validation_rows(ctx, connection, plan).await?.into_iter().map(|r| Row::Validation(Box::new(r))));
    }
    let events_by_default = plan.portal || ctx.actor.user.show_events;
    let only_entries = plan.query.mine || plan.query.with_attachments || plan.query.public_only;
    if plan.hits.is_none() && plan.wants("event", events_by_default && !only_entries) {
        rows.extend(event_rows(ctx, connection, plan).await?.into_iter().map(|r| Row::Event(Box::new(r))));
    }
    rows.sort_by_key(Row::position);
    if plan.ascending == plan.is_backwards() {
        rows.reverse();
    }
    let keep = usize::try_from(plan.limit).unwrap_or(30);
    let more = rows.len() > keep;
    rows.truncate(keep);
    if plan.is_backwards() {
        rows.reverse();
    }
    Ok((rows, more))
}

/// Condition on `occurrence o`: what this reader sees of it here.
fn entry_scope(ctx: &Ctx, portal: bool) -> Sql {
    if portal { Sql::new("o.visibility = 'public'") } else { scope::entries(&ctx.actor) }
}

async fn occurrence_rows(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    plan: &Plan<'_>,
) -> Result<Vec<occurrence::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT o.* FROM occurrence o WHERE o.ticket_id = ");
    sql.bind(plan.loaded.ticket.id).push(" AND ").append(&entry_scope(ctx, plan.portal));
    if plan.query.public_only {
        sql.push(" AND o.visibility = 'public'");
    }
    if plan.query.mine {
        sql.push_bind(" AND o.author_id = ", ctx.actor.id());
    }
    if plan.query.with_attachments {
        sql.push(" AND o.removed_at IS NULL AND EXISTS (SELECT 1 FROM document d WHERE d.entry_id = o.id AND d.removed_at IS NULL)");
    }
    if let Some(hits) = &plan.hits {
        sql.push(" AND o.id IN ").list(hits.iter().copied());
    }
    plan.append_page(&mut sql, "o.registered_at", "o.id");
    Ok(sql.all(connection).await?)
}

async fn solution_rows(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    plan: &Plan<'_>,
) -> Result<Vec<solution::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT s.* FROM solution s WHERE s.ticket_id = ");
    sql.bind(plan.loaded.ticket.id);
    if plan.query.mine {
        sql.push_bind(" AND s.author_id = ", ctx.actor.id());
    }
    if plan.query.with_attachments {
        sql.push(" AND EXISTS (SELECT 1 FROM document d WHERE d.entry_id = s.id AND d.removed_at IS NULL)");
    }
    if let Some(hits) = &plan.hits {
        sql.push(" AND s.id IN ").list(hits.iter().copied());
    }
    plan.append_page(&mut sql, "s.registered_at", "s.id");
    Ok(sql.all(connection).await?)
}

/// Condition on `task k`: what this reader sees of it here.
fn task_scope(ctx: &Ctx, portal: bool) -> Sql {
    if portal { scope::portal_tasks(&ctx.actor) } else { scope::tasks(&ctx.actor) }
}

async fn task_rows(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    plan: &Plan<'_>,
) -> Result<Vec<task::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT k.* FROM task k WHERE k.ticket_id = ");
    sql.bind(plan.loaded.ticket.id).push(" AND ").append(&task_scope(ctx, plan.portal));
    if plan.query.public_only {
        sql.push(" AND k.visibility = 'public'");
    }
    if plan.query.mine {
        sql.push_bind(" AND k.author_id = ", ctx.actor.id());
    }
    if plan.query.with_attachments {
        sql.push(" AND k.removed_at IS NULL AND EXISTS (SELECT 1 FROM document d WHERE d.entry_id = k.id AND d.removed_at IS NULL)");
    }
    if let Some(hits) = &plan.hits {
        sql.push(" AND k.id IN ").list(hits.iter().copied());
    }
    plan.append_page(&mut sql, "k.registered_at", "k.id");
    Ok(sql.all(connection).await?)
}

async fn message_rows(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    plan: &Plan<'_>,
) -> Result<Vec<message::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT m.* FROM message m WHERE m.withdrawn_at IS NULL AND m.ticket_id = ");
    sql.bind(plan.loaded.ticket.id);
    if plan.query.mine {
        sql.push_bind(" AND m.author_id = ", ctx.actor.id());
    }
    plan.append_page(&mut sql, "m.sent_at", "m.id");
    Ok(sql.all(connection).await?)
}

async fn document_rows(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    plan: &Plan<'_>,
) -> Result<Vec<document::Model>, ServiceError> {
    let mut sql = Sql::new(
        "SELECT o.* FROM document o WHERE o.entry_kind = 'document' AND o.removed_at IS NULL AND o.ticket_id = ",
    );
    sql.bind(plan.loaded.ticket.id).push(" AND ").append(&entry_scope(ctx, plan.portal));
    if plan.query.public_only {
        sql.push(" AND o.visibility = 'public'");
    }
    if plan.query.mine {
        sql.push_bind(" AND o.author_id = ", ctx.actor.id());
    }
    plan.append_page(&mut sql, "o.registered_at", "o.id");
    Ok(sql.all(connection).await?)
}

async fn validation_rows(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    plan: &Plan<'_>,
) -> Result<Vec<validations::Found>, ServiceError> {
    let (requests, answers) = (plan.wants(validations::REQUEST, true), plan.wants(validations::ANSWER, true));
    // No validation is public.
    if plan.query.public_only || !(requests || answers) {
        return Ok(Vec::new());
    }
    let mut sql = validations::of_ticket(plan.loaded.ticket.id);
    if requests != answers {
        sql.push_bind(" AND e.answered = ", i64::from(answers));
    }
    if plan.query.mine {
        sql.push_bind(" AND e.author_id = ", ctx.actor.id());
    }
    if plan.query.with_attachments {
        sql.push(" AND EXISTS (SELECT 1 FROM document d WHERE d.entry_id = e.id AND d.removed_at IS NULL)");
    }
    plan.append_page(&mut sql, "e.at", "e.id");
    Ok(sql.all(connection).await?)
}

async fn event_rows(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    plan: &Plan<'_>,
) -> Result<Vec<ticket_event::Model>, ServiceError> {
    let mut sql = Sql::new("SELECT e.* FROM ticket_event e WHERE e.ticket_id = ");
    sql.bind(plan.loaded.ticket.id).push(" AND e.kind NOT IN ").push(ECHOES);
    sql.append(&history::visible(&ctx.actor, plan.loaded, plan.portal));
    plan.append_page(&mut sql, "e.at", "e.id");
    Ok(sql.all(connection).await?)
}

async fn entries(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    rows: Vec<Row>,
    settings: &Settings,
    portal: bool,
) -> Result<Vec<Entry>, ServiceError> {
    let agent = loaded.is_agent() && !portal;
    let authors: Vec<Uuid> = rows
        .iter()
        .filter_map(|row| match row {
            Row::Document(row) => Some(row.author_id),
            Row::Event(row) => row.author_id,
            Row::Occurrence(_) | Row::Task(_) | Row::Message(_) | Row::Solution(_) | Row::Validation(_) => None,
        })
        .collect();
    let names = people::directory(connection, &[], &unique(authors)).await?;
    let models: Vec<occurrence::Model> = rows
        .iter()
        .filter_map(|row| if let Row::Occurrence(row) = row { Some((**row).clone()) } else { None })
        .collect();
    let mut views = rows::views(ctx, connection, loaded, &models, settings, portal).await?.into_iter();
    let models: Vec<task::Model> =
        rows.iter().filter_map(|row| if let Row::Task(row) = row { Some((**row).clone()) } else { None }).collect();
    let mut planned = tasks::rows::views(ctx, connection, loaded, &models, portal).await?.into_iter();
    let models: Vec<message::Model> =
        rows.iter().filter_map(|row| if let Row::Message(row) = row { Some((**row).clone()) } else { None }).collect();
    let mut said = messages::rows::views(ctx, connection, loaded, &models, portal).await?.into_iter();
    let models: Vec<solution::Model> =
        rows.iter().filter_map(|row| if let Row::Solution(row) = row { Some((**row).clone()) } else { None }).collect();
    let mut solved = solutions::rows::views(ctx, connection, loaded, &models, portal).await?.into_iter();
    let found: Vec<validations::Found> = rows
        .iter()
        .filter_map(|row| if let Row::Validation(row) = row { Some((**row).clone()) } else { None })
        .collect();
    let mut validated = validations::views(ctx, connection, loaded, &found).await?.into_iter();
    let mut out = Vec::new();
    for row in rows {
        match row {
            Row::Validation(_) => out.extend(validated.next().map(|view| Entry::Validation(Box::new(view)))),
            Row::Solution(_) => out.extend(solved.next().map(|view| Entry::Solution(Box::new(view)))),
            Row::Occurrence(_) => out.extend(views.next().map(|view| Entry::Occurrence(Box::new(view)))),
            Row::Task(_) => {
                out.extend(planned.next().map(|view| Entry::Task(Box::new(TaskEntry::from(view)))));
            }
            Row::Message(_) => out.extend(said.next().map(|view| Entry::Message(Box::new(view)))),
            Row::Document(row) => {
                let author = people::author(&names, Some(row.author_id), agent);
                out.push(Entry::Document(Box::new(documents::view(
                    &row,
                    Some(loaded.ticket.number),
                    author,
                    ctx.actor.zone,
                ))));
            }
            Row::Event(row) => {
                let view = history::view(&row, loaded.ticket.entity_id, &names, &ctx.actor, agent);
                out.push(Entry::Event(Box::new(view)));
            }
        }
    }
    Ok(out)
}

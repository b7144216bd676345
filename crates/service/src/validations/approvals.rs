//! "To validate": what a person is asked for, and the page of one request (T-VAL-06, T-VAL-07, P-APR-01).

use std::collections::BTreeMap;

use domain::error::AppError;
use domain::ticket::Status;
use domain::validation::State;
use domain::views::{ApprovalRow, ApprovalView, ApprovalsView, DocumentView, TimelineQuery};
use entity::validation_target;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::list::{Position, append_page, counting, limit, mine, seen, waits_for};
use super::{ANSWER, answer_of, rows};
use crate::ctx::{Ctx, random_token};
use crate::cursor;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people;
use crate::settings::Settings;
use crate::sql::{Sql, unique};
use crate::tickets::{self, Loaded, people as of_tickets};
use crate::{documents, drafts, sanitise};

/// Requests that wait are counted up to here; one more stands for more.
const WAITING_MAX: i64 = 99;
/// Entries the page of a request shows first.
const ENTRIES: u32 = 50;

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    asker_id: Uuid,
    asked_at: i64,
    state: String,
    rank: i64,
    number: i64,
    title: String,
    status: String,
    entity_id: Uuid,
}

/// Requests that name the reader, those that wait for him first, without tickets that are over.
///
/// # Errors
/// `Invalid` on a wrong cursor.
pub async fn approvals(ctx: &Ctx, text: &str) -> Result<ApprovalsView, ServiceError> {
    let actor = &ctx.actor;
    let binding = format!("approvals:{}", actor.id());
    let position: Option<Position> = cursor::open(&ctx.services.secret, &binding, text)?;
    let snapshot = ctx.db().snapshot().await?;
    let limit = limit(0);
    let mut sql = Sql::new(
        "SELECT p.id, p.asker_id, p.asked_at, p.state, p.rank, k.number, k.title, k.status, k.entity_id FROM (SELECT v.* ",
    );
    sql.append(&mine(actor));
    append_page(&mut sql, position, limit);
    sql.push(") p JOIN ticket k ON k.id = p.ticket_id ORDER BY p.rank, p.asked_at DESC, p.id DESC");
    let mut found: Vec<Row> = sql.all(&snapshot).await?;
    let keep = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = found.len() > keep;
    found.truncate(keep);
    let last = found.last().filter(|_| is_more);
    let next_cursor = last.map(|row| cursor::seal(&ctx.services.secret, &binding, &(row.rank, row.asked_at, row.id)));
    let waiting = count_waiting(ctx, &snapshot).await?;
    let names = people::actor_views(&snapshot, &unique(found.iter().map(|row| row.asker_id)), &[]).await?;
    let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
    let mut own: BTreeMap<Uuid, validation_target::Model> = BTreeMap::new();
    for target in super::targets(&snapshot, &ids).await? {
        let is_own = target.user_id == Some(actor.id());
        let is_of_group = target.group_id.is_some_and(|group| actor.groups.contains(&group));
        if target.answer.is_some() && (is_own || is_of_group) {
            own.insert(target.validation_id, target);
        }
    }
    let row = |row: Row| ApprovalRow {
        id: row.id,
        ticket: row.number,
        status: row.status.parse().unwrap_or(Status::New),
        title: row.title,
        asker: names.author(Some(row.asker_id), actor.is_agent_in(row.entity_id)),
        asked_at: moment(row.asked_at, actor.zone),
        state: row.state.parse().unwrap_or(State::Waiting),
        waiting: row.rank == 0,
        answer: own.get(&row.id).and_then(answer_of),
    };
    Ok(ApprovalsView { rows: found.into_iter().map(row).collect(), waiting, next_cursor, now: ctx.moment() })
}

/// How many requests wait for the reader: the number beside "To validate"; 100 stands for more.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn waiting(ctx: &Ctx) -> Result<u32, ServiceError> {
    count_waiting(ctx, ctx.db().reader()).await
}

/// The same by a connection at hand.
pub(crate) async fn count_waiting(ctx: &Ctx, connection: &impl ConnectionTrait) -> Result<u32, ServiceError> {
    let mut sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 AS one ");
    sql.append(&counting(&ctx.actor)).push(" AND r.state = 'waiting' AND ").append(&waits_for(&ctx.actor));
    sql.push_bind(" LIMIT ", WAITING_MAX + 1).push(") n");
    let found: i64 = sql.scalar(connection).await?.unwrap_or(0);
    Ok(u32::try_from(found).unwrap_or(0))
}

/// The page of one request for who is asked: what was asked, and of the ticket what the requester side would see, also when the
/// reader is no actor of it (T-VAL-07, T-VIS-04). `text` is the cursor of its entries.
///
/// # Errors
/// `NotFound` for requests that do not name the reader, and once his sight has ended; `Invalid` on a wrong cursor.
pub async fn approval(ctx: &Ctx, id: Uuid, text: &str) -> Result<ApprovalView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let (loaded, request) = seen(ctx, &snapshot, id).await?;
    if request.of(&ctx.actor).is_empty() || request.row.withdrawn_at.is_some() {
        return Err(AppError::NotFound.into());
    }
    let settings = Settings::load(&snapshot, &tickets::path(ctx, &loaded.ticket)).await?;
    let query = TimelineQuery {
        kinds: "occurrence,document".to_owned(),
        cursor: text.to_owned(),
        limit: ENTRIES,
        ..TimelineQuery::default()
    };
    let timeline = tickets::timeline::of_loaded(ctx, &snapshot, &loaded, &query, &settings, true).await?;
    let names = of_tickets::directory(&snapshot, &loaded.actors, &[]).await?;
    let description_files = files(ctx, &snapshot, &loaded).await?;
    let view = rows::views(ctx, &snapshot, &loaded, vec![request.row]).await?.pop().ok_or(AppError::NotFound)?;
    drop(snapshot);
    let draft = drafts::find(ctx, ANSWER, &id.to_string()).await?;
    let people_of =
        |role: &str| loaded.of_role(role).map(|row| of_tickets::view(row, &names, false).name).collect::<Vec<_>>();
    let ticket = &loaded.ticket;
    Ok(ApprovalView {
        request: view,
        number: ticket.number,
        title: ticket.title.clone(),
        status: loaded.status(),
        description: sanitise::stored(ticket.description.clone()),
        description_text: ticket.description_text.clone(),
        description_files,
        requesters: people_of("requester"),
        assignees: people_of("assignee"),
        opened_at: moment(ticket.opened_at, ctx.actor.zone),
        timeline,
        agent: loaded.is_agent(),
        draft,
        upload_max: settings.upload_max(),
        forbidden_extensions: settings.forbidden_extensions(),
        key: random_token(16),
        now: ctx.moment(),
    })
}

/// Files of the description; those of entries stand with them.
async fn files(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
) -> Result<Vec<DocumentView>, ServiceError> {
    let id = loaded.ticket.id;
    let found = documents::of_entries(connection, &[id]).await?.remove(&id).unwrap_or_default();
    let names = people::actor_views(connection, &unique(found.iter().map(|file| file.author_id)), &[]).await?;
    let view = |row: &entity::document::Model| {
        let author = names.author(Some(row.author_id), false);
        documents::view(row, Some(loaded.ticket.number), author, ctx.actor.zone)
    };
    Ok(found.iter().map(view).collect())
}

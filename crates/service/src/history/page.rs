//! The history as its page shows it: the head of the ticket, whom one may filter by, rows with their files.

use std::collections::BTreeMap;

use domain::error::{AppError, Code, FieldErrors};
use domain::views::{ActorView, HistoryPerson, HistoryRow, HistoryView, Page};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::HistoryQuery;
use super::list::Reading;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::people as directory;
use crate::sql::unique;
use crate::tickets::{self, people};
use crate::{cursor, documents};

/// Rows of a page when the reader does not say (T-HIS-01, P-HIS-03).
const ROWS: u32 = 50;
/// Most rows of a page: a printed one is long.
const ROWS_MAX: u32 = 1_000;

/// Somebody of the history, beside the id his value stands for.
pub(super) struct Person {
    id: Option<Uuid>,
    view: HistoryPerson,
}

/// A page of the history with what stands around it. What is wrong with the filters is told beside no rows; in My
/// requests the request counts as read from now on (P-LIS-05).
///
/// # Errors
/// `NotFound` when the ticket may not be seen, or is none of the reader's requests while he looks for one of those.
pub async fn page(ctx: &Ctx, number: i64, query: HistoryQuery) -> Result<HistoryView, ServiceError> {
    let snapshot = ctx.db().snapshot().await?;
    let reading = Reading::begin(ctx, &snapshot, number, &query).await?;
    let persons = persons(ctx, &snapshot, &reading, &query).await?;
    let limit = if query.limit == 0 { ROWS } else { query.limit.min(ROWS_MAX) };
    let (page, errors) = match rows(ctx, &snapshot, &reading, &query, &persons, i64::from(limit)).await {
        Ok(page) => (page, FieldErrors::new()),
        Err(ServiceError { public: AppError::Invalid(errors), .. }) => (nothing(ctx), errors),
        Err(error) => return Err(error),
    };
    let ticket = &reading.loaded.ticket;
    let names = people::directory(&snapshot, &reading.loaded.actors, &[]).await?;
    let of_role = |role: &str| -> Vec<ActorView> {
        reading.loaded.of_role(role).map(|row| people::view(row, &names, reading.agent)).collect()
    };
    let view = HistoryView {
        number,
        title: ticket.title.clone(),
        status: tickets::status_of(ticket),
        opened_at: moment(ticket.opened_at, ctx.actor.zone),
        requesters: of_role("requester"),
        assignees: of_role("assignee"),
        chat: reading.has_chat,
        people: persons.into_iter().map(|person| person.view).collect(),
        errors,
        page,
    };
    drop(snapshot);
    if query.own {
        tickets::note_reading(ctx, number).await;
    }
    Ok(view)
}

fn nothing(ctx: &Ctx) -> Page<HistoryRow> {
    Page { items: Vec::new(), next_cursor: None, count: None, now: ctx.moment() }
}

async fn rows(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    reading: &Reading<'_>,
    query: &HistoryQuery,
    persons: &[Person],
    limit: i64,
) -> Result<Page<HistoryRow>, ServiceError> {
    let query = by_ids(query, persons)?;
    let mut page = reading.asked(&query)?.page(connection, limit).await?;
    add_files(ctx, connection, reading, &mut page.items).await?;
    Ok(page)
}

/// Everybody who appears in the history as far as the reader sees it, by name; the system last.
pub(super) async fn persons(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    reading: &Reading<'_>,
    query: &HistoryQuery,
) -> Result<Vec<Person>, ServiceError> {
    let authors = reading.authors(connection).await?;
    let names = directory::actor_views(connection, &unique(authors.iter().flatten().copied()), &[]).await?;
    // The requester side learns no ids of people (P-HID-01).
    let tells_ids = reading.loaded.is_agent() && !query.own;
    let binding = format!("person of history:{}", reading.loaded.ticket.id);
    let value = |id: Option<Uuid>| match id {
        None => "none".to_owned(),
        Some(id) if tells_ids => id.to_string(),
        Some(id) => cursor::alias(&ctx.services.secret, &binding, id.as_bytes()),
    };
    let person = |id: Option<Uuid>| {
        let actor = people::author(&names, id, reading.agent);
        Person { id, view: HistoryPerson { value: value(id), actor } }
    };
    let mut persons: Vec<Person> = authors.into_iter().map(person).collect();
    persons.sort_by_cached_key(|person| {
        let name = &person.view.actor.name;
        (person.id.is_none(), name.to_lowercase(), person.view.value.clone())
    });
    Ok(persons)
}

/// The question with ids in place of the words the requester side knows people by.
pub(super) fn by_ids(query: &HistoryQuery, persons: &[Person]) -> Result<HistoryQuery, AppError> {
    let id_of = |word: &str| match persons.iter().find(|person| person.view.value == word) {
        Some(Person { id: Some(id), .. }) => Ok(id.to_string()),
        // `me`, `none` and ids are judged where they are used.
        _ if word.parse::<Uuid>().is_ok() || matches!(word, "me" | "none") => Ok(word.to_owned()),
        _ => Err(AppError::field("person", Code::Invalid)),
    };
    let words = query.person.split(',').map(str::trim).filter(|word| !word.is_empty());
    let person = words.map(id_of).collect::<Result<Vec<_>, _>>()?.join(",");
    Ok(HistoryQuery { person, ..query.clone() })
}

/// Files of the entries that the rows tell of: they are seen by whoever sees the entry (T-DOC-03).
pub(super) async fn add_files(
    ctx: &Ctx,
    connection: &impl ConnectionTrait,
    reading: &Reading<'_>,
    rows: &mut [HistoryRow],
) -> Result<(), ServiceError> {
    let entry_of = |row: &HistoryRow| {
        let is_added = matches!(row.event.kind.as_str(), "occurrence_added" | "task_added" | "document_added");
        row.event.entry.as_ref().filter(|_| is_added && row.removed.is_none()).map(|(_, id)| *id)
    };
    let entries = unique(rows.iter().filter_map(entry_of));
    let mut files: BTreeMap<Uuid, Vec<_>> = documents::of_entries(connection, &entries).await?;
    let number = Some(reading.loaded.ticket.number);
    for row in rows {
        let found = entry_of(row).and_then(|id| files.remove(&id)).unwrap_or_default();
        // Whoever added the entry added its files.
        let author = &row.event.author;
        let view = |file: &entity::document::Model| documents::view(file, number, author.clone(), ctx.actor.zone);
        let shown = found.iter().map(view).filter(|file| reading.agent || !file.visibility.is_private()).collect();
        row.files = shown;
    }
    Ok(())
}

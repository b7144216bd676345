//! What a mail says of its entry, in the version its row names (M-DLV-01).

use domain::solution::SolutionState;
use entity::{
    chat_line, document, message, occurrence, occurrence_revision, outbox, solution, solution_revision, survey,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::about::About;
use crate::error::ServiceError;
use crate::sql::unique;
use crate::tickets::people;
use crate::{chat, documents, messages, sanitise, solutions, surveys};

/// The words and files of an entry.
#[derive(Debug)]
pub(super) struct Content {
    /// The entry, as it is now.
    pub(super) about: About,
    /// Cleaned markup.
    pub(super) html: String,
    /// The same without markup.
    pub(super) text: String,
    /// When it happened.
    pub(super) occurred_at: i64,
    /// When it was saved.
    pub(super) registered_at: i64,
    /// Minutes of work, for the team alone.
    pub(super) minutes: Option<i32>,
    /// Its category.
    pub(super) category: Option<Uuid>,
    /// Its files, in its order.
    pub(super) files: Vec<document::Model>,
}

impl Content {
    /// Reads it; `None` when the entry is gone or no longer public (M-RCP-03).
    pub(super) async fn load(
        connection: &impl ConnectionTrait,
        row: &outbox::Model,
    ) -> Result<Option<Self>, ServiceError> {
        let is_left = |about: &About| !about.is_removed && !about.visibility.is_private();
        if row.entry_kind == messages::KIND {
            let found = message::Entity::find_by_id(row.entry_id).one(connection).await?;
            return Ok(found.filter(|found| is_left(&About::from(found))).map(of_message));
        }
        if row.entry_kind == chat::KIND {
            return of_lines(connection, row).await;
        }
        if row.entry_kind == solutions::KIND {
            let found = solution::Entity::find_by_id(row.entry_id).one(connection).await?;
            // What was answered meanwhile is asked for no more.
            let found = found.filter(|found| solutions::rows::state_of(found) == SolutionState::Waiting);
            return match found {
                Some(found) => of_solution(connection, found, row.entry_version).await.map(Some),
                None => Ok(None),
            };
        }
        if row.entry_kind == surveys::KIND {
            let found = survey::Entity::find_by_id(row.entry_id).one(connection).await?;
            // Answered, or taken back by reopening: nobody is asked any more.
            return Ok(found.filter(surveys::is_open).map(of_survey));
        }
        let found = occurrence::Entity::find_by_id(row.entry_id).one(connection).await?;
        let Some(entry) = found.filter(|found| is_left(&About::from(found))) else { return Ok(None) };
        let about = About::from(&entry);
        let (entry, files) = version(connection, entry, row.entry_version).await?;
        Ok(Some(Self {
            about,
            html: entry.body,
            text: entry.body_text,
            occurred_at: entry.occurred_at,
            registered_at: entry.registered_at,
            minutes: entry.minutes,
            category: entry.category_id,
            files,
        }))
    }
}

fn of_message(row: message::Model) -> Content {
    Content {
        about: About::from(&row),
        html: sanitise::linked(&row.text).as_str().to_owned(),
        text: row.text,
        occurred_at: row.sent_at,
        registered_at: row.sent_at,
        minutes: None,
        category: None,
        files: Vec::new(),
    }
}

/// What others said in a chat from the line that the row names up to the number it names, each under its author's name.
async fn of_lines(connection: &impl ConnectionTrait, row: &outbox::Model) -> Result<Option<Content>, ServiceError> {
    let Some(first) = chat_line::Entity::find_by_id(row.entry_id).one(connection).await? else { return Ok(None) };
    let mut found = chat_line::Entity::find()
        .filter(chat_line::Column::TicketId.eq(first.ticket_id))
        .filter(chat_line::Column::Number.gte(first.number))
        .filter(chat_line::Column::Number.lte(i64::from(row.entry_version)))
        .order_by_asc(chat_line::Column::Number)
        .all(connection)
        .await?;
    found.retain(|line| Some(line.author_id) != row.user_id);
    let names = people::directory(connection, &[], &unique(found.iter().map(|line| line.author_id))).await?;
    let (mut html, mut text) = (String::new(), Vec::new());
    for line in &found {
        let said = [names.user(line.author_id).name.as_str(), ": ", &line.text].concat();
        html.push_str(sanitise::linked(&said).as_str());
        text.push(said);
    }
    Ok(Some(Content {
        about: About::of_lines(&first, row.entry_version),
        html,
        text: text.join("\n\n"),
        occurred_at: first.sent_at,
        registered_at: first.sent_at,
        minutes: None,
        category: None,
        files: Vec::new(),
    }))
}

/// A solution as it was in a version; its category is its type.
async fn of_solution(
    connection: &impl ConnectionTrait,
    row: solution::Model,
    wanted: i32,
) -> Result<Content, ServiceError> {
    let about = About::from(&row);
    let former = if row.version == wanted {
        None
    } else {
        solution_revision::Entity::find()
            .filter(solution_revision::Column::SolutionId.eq(row.id))
            .filter(solution_revision::Column::Number.eq(wanted))
            .one(connection)
            .await?
    };
    let mut content = Content {
        about,
        html: row.body,
        text: row.body_text,
        occurred_at: row.registered_at,
        registered_at: row.registered_at,
        minutes: None,
        category: row.type_id,
        files: Vec::new(),
    };
    match former {
        Some(former) => {
            content.files = files_of(connection, &former.attachments).await?;
            content.html = former.body;
            content.text = former.body_text;
            content.category = former.type_id;
        }
        None => {
            content.files = documents::of_entries(connection, &[row.id]).await?.remove(&row.id).unwrap_or_default();
        }
    }
    Ok(content)
}

/// The files a former version names, in its order.
async fn files_of(connection: &impl ConnectionTrait, named: &str) -> Result<Vec<document::Model>, ServiceError> {
    let ids: Vec<Uuid> = serde_json::from_str(named).unwrap_or_default();
    let mut files = document::Entity::find().filter(document::Column::Id.is_in(ids.clone())).all(connection).await?;
    files.sort_by_key(|file| ids.iter().position(|id| *id == file.id));
    Ok(files)
}

/// A survey has no words of its own: the mail asks.
fn of_survey(row: survey::Model) -> Content {
    Content {
        about: About::from(&row),
        html: String::new(),
        text: String::new(),
        occurred_at: row.sent_at,
        registered_at: row.sent_at,
        minutes: None,
        category: None,
        files: Vec::new(),
    }
}

/// An occurrence and its files as they were in a version.
async fn version(
    connection: &impl ConnectionTrait,
    mut entry: occurrence::Model,
    wanted: i32,
) -> Result<(occurrence::Model, Vec<document::Model>), ServiceError> {
    let former = if entry.version == wanted {
        None
    } else {
        occurrence_revision::Entity::find()
            .filter(occurrence_revision::Column::OccurrenceId.eq(entry.id))
            .filter(occurrence_revision::Column::Number.eq(wanted))
            .one(connection)
            .await?
    };
    let Some(former) = former else {
        let files = documents::of_entries(connection, &[entry.id]).await?.remove(&entry.id).unwrap_or_default();
        return Ok((entry, files));
    };
    let files = files_of(connection, &former.attachments).await?;
    entry.body = former.body;
    entry.body_text = former.body_text;
    entry.occurred_at = former.occurred_at;
    entry.minutes = former.minutes;
    entry.category_id = former.category_id;
    Ok((entry, files))
}

//! The chat of a ticket (T-CHT): lines between the two sides that messages go between, live, and over after half an hour.
//!
//! Belongs here: saying, listing, reading and ending, who is here, the agents' panel, mails to who is away. Does not belong here:
//! the text of a line and who sees it, which are those of messages (`messages`); the stream (`events`, `server`).

mod end;
mod list;
mod offline;
mod page;
mod panel;
mod read;
mod rows;
mod send;
mod signs;
mod unread;

use std::collections::BTreeSet;

use domain::message::{Off, Sending};
use domain::policy;
use domain::settings::Key;
use entity::chat;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

pub use end::end;
pub(crate) use end::{end_idle, end_open};
pub use list::{ChatQuery, get, list};
pub(crate) use offline::mail_unread;
pub use page::{Part, page, portal_page};
pub(crate) use panel::desks_of;
pub use panel::panel;
pub use send::send;
pub use signs::{Presence, Sign, Signs, note_presence, note_typing, presence, signs, signs_in, sweep, switched_off};
pub(crate) use unread::{unread, unread_here, unread_of_desk};

use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::messages;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::{self, Loaded};

/// Name of its lines in events, drafts, keys, mails and anchors.
pub(crate) const KIND: &str = "chat";

/// Whether the setting 316 switches it on.
pub(crate) fn is_on(settings: &Settings) -> bool {
    settings.is_on(Key::ChatEnabled)
}

/// Why the actor can say nothing now (T-CHT-07, T-CHT-08): the rules of a message that needs no answer before it.
pub(crate) fn off(loaded: &Loaded, settings: &Settings) -> Option<Off> {
    Sending {
        side: loaded.side(),
        has_right: messages::sees(loaded, false) && policy::can_add_occurrence(loaded.caps, &loaded.facts).is_ok(),
        is_enabled: is_on(settings),
        may_reply: true,
        is_over: tickets::require_writable(&loaded.ticket).is_err(),
        has_assignee: true,
        is_answer: true,
    }
    .off()
}

/// The entities of a person in which the chat is switched on; one query.
pub(crate) async fn entities_on(
    connection: &impl ConnectionTrait,
    actor: &Actor,
) -> Result<BTreeSet<Uuid>, ServiceError> {
    let paths: Vec<Vec<Uuid>> = actor.entities().into_iter().map(|entity| actor.path_of(entity)).collect();
    Settings::switched_on(connection, Key::ChatEnabled, &paths).await
}

/// The chat of a ticket that is going on.
pub(crate) async fn open_of(
    connection: &impl ConnectionTrait,
    ticket: Uuid,
) -> Result<Option<chat::Model>, ServiceError> {
    let open = chat::Entity::find().filter(chat::Column::TicketId.eq(ticket)).filter(chat::Column::EndedAt.is_null());
    Ok(open.one(connection).await?)
}

/// Number of the last line of a ticket; 0 = none.
pub(crate) async fn last_number(connection: &impl ConnectionTrait, ticket: Uuid) -> Result<i64, ServiceError> {
    let mut sql = Sql::new("SELECT COALESCE(MAX(l.number), 0) FROM chat_line l WHERE l.ticket_id = ");
    Ok(sql.bind(ticket).scalar(connection).await?.unwrap_or(0))
}

/// A ticket by its id or number, if it may be seen.
async fn visible(ctx: &Ctx, by: &str, key: sea_orm::Value) -> Result<Option<Loaded>, ServiceError> {
    let reader = ctx.db().reader();
    let mut sql = Sql::new("SELECT t.id FROM ticket t WHERE ");
    let id: Option<Uuid> = sql.push_bind(by, key).scalar(reader).await?;
    let Some(id) = id else { return Ok(None) };
    match tickets::load_visible_by_id(reader, &ctx.actor, id).await {
        Ok(loaded) => Ok(Some(loaded)),
        Err(error) if error.public == domain::error::AppError::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

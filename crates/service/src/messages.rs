//! Messages between service side and requester side (T-MSG): plain text for the two sides alone, never private, never changed.
//!
//! Belongs here: sending, listing, reading, taking back, and what is unread. Does not belong here: who stands on which side and
//! when one may be sent (`domain`), telling the responsible (`notifications`).

mod list;
mod page;
mod read;
pub(crate) mod rows;
mod send;
mod unread;
mod withdraw;

use domain::message::Sending;
use domain::policy::{self, CapSet};
use domain::settings::Key;
use domain::ticket::Side;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

pub use list::{MessageQuery, get, list};
pub use page::{page, portal_page};
pub use read::read;
pub(crate) use read::{mark_in, note_reading, patiently};
pub use send::send;
pub(crate) use unread::{
    of_sides, seen_where, sides_where, unread, unread_answers, unread_here, unread_of, unread_where,
};
pub use withdraw::withdraw;

use crate::error::ServiceError;
use crate::settings::Settings;
use crate::sql::Sql;
use crate::tickets::{self, Loaded};

/// Name of the entries in events, drafts, keys and anchors.
pub(crate) const KIND: &str = "message";

/// Whether the actor sees the messages of a ticket (T-MSG-04). In the portal his rights as an agent do not count: there he is what
/// the ticket makes of him (T-VIS-04).
pub(crate) fn sees(loaded: &Loaded, portal: bool) -> bool {
    let caps: CapSet =
        if portal { loaded.caps.iter().filter(|capability| capability.is_portal()).collect() } else { loaded.caps };
    policy::can_see_messages(caps, &loaded.facts)
}

/// Whether the actor may send a message now, and why not (T-MSG-01, T-MSG-03).
pub(crate) async fn sending(
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    settings: &Settings,
) -> Result<Sending, ServiceError> {
    let side = loaded.side();
    let has_assignee = loaded.of_role("assignee").next().is_some();
    // Who may begin by himself need not be answered first.
    let is_asked = side == Side::Requester && !has_assignee;
    Ok(Sending {
        side,
        has_right: sees(loaded, false) && policy::can_add_occurrence(loaded.caps, &loaded.facts).is_ok(),
        is_enabled: settings.is_on(Key::MessagesEnabled),
        may_reply: settings.is_on(Key::MessagesReply),
        is_over: tickets::require_writable(&loaded.ticket).is_err(),
        has_assignee,
        is_answer: is_asked && has_of_service(connection, loaded.ticket.id).await?,
    })
}

/// Whether the actor may send a message now.
pub(crate) async fn may_send(
    connection: &impl ConnectionTrait,
    loaded: &Loaded,
    settings: &Settings,
) -> Result<bool, ServiceError> {
    Ok(sending(connection, loaded, settings).await?.off().is_none())
}

async fn has_of_service(connection: &impl ConnectionTrait, ticket: Uuid) -> Result<bool, ServiceError> {
    let mut sql = Sql::new("SELECT 1 AS found FROM message m WHERE m.withdrawn_at IS NULL AND m.ticket_id = ");
    sql.bind(ticket).push_bind(" AND m.side = ", Side::Service.as_str()).push(" LIMIT 1");
    Ok(!sql.rows(connection).await?.is_empty())
}

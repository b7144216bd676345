//! The entry a mail is about, whatever its kind: what rows, events and rights need of it.

use domain::occurrence::Visibility;
use domain::policy;
use entity::{chat_line, message, occurrence, outbox, ticket};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use crate::actor::Actor;
use crate::chat;
use crate::documents::OCCURRENCE;
use crate::error::ServiceError;
use crate::messages;
use crate::occurrences::rows;
use crate::tickets::Loaded;

/// Kind of a mail that is about a ticket as a whole.
pub(crate) const TICKET: &str = "ticket";

/// An entry of a ticket that can be mailed, or the ticket itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct About {
    /// `occurrence`, `message`, `chat`, `ticket`.
    pub(crate) kind: &'static str,
    /// Its id.
    pub(crate) id: Uuid,
    /// Its version; a message has one only, of lines of a chat it is the number of the last one.
    pub(crate) version: i32,
    /// Its ticket.
    pub(crate) ticket: Uuid,
    /// Who may read it.
    pub(crate) visibility: Visibility,
    /// Who wrote it.
    pub(crate) author: Option<Uuid>,
    /// Only the trace is left that there was one.
    pub(crate) is_removed: bool,
}

impl From<&occurrence::Model> for About {
    fn from(row: &occurrence::Model) -> Self {
        Self {
            kind: OCCURRENCE,
            id: row.id,
            version: row.version,
            ticket: row.ticket_id,
            visibility: rows::visibility_of(row),
            author: row.author_id,
            is_removed: row.removed_at.is_some(),
        }
    }
}

impl From<&message::Model> for About {
    fn from(row: &message::Model) -> Self {
        Self {
            kind: messages::KIND,
            id: row.id,
            version: 1,
            ticket: row.ticket_id,
            visibility: Visibility::Public,
            author: Some(row.author_id),
            is_removed: row.withdrawn_at.is_some(),
        }
    }
}

impl From<&ticket::Model> for About {
    fn from(row: &ticket::Model) -> Self {
        Self {
            kind: TICKET,
            id: row.id,
            version: row.version,
            ticket: row.id,
            visibility: Visibility::Public,
            author: None,
            is_removed: false,
        }
    }
}

impl About {
    /// The entry of a mail; `None` when it is gone without a trace, and for mails about no ticket.
    pub(crate) async fn of(
        connection: &impl ConnectionTrait,
        mail: &outbox::Model,
    ) -> Result<Option<Self>, ServiceError> {
        if mail.entry_kind == messages::KIND {
            let found = message::Entity::find_by_id(mail.entry_id).one(connection).await?;
            return Ok(found.as_ref().map(Self::from).filter(|about| !about.is_removed));
        }
        if mail.entry_kind == chat::KIND {
            let found = chat_line::Entity::find_by_id(mail.entry_id).one(connection).await?;
            return Ok(found.map(|line| Self::of_lines(&line, mail.entry_version)));
        }
        if mail.entry_kind == TICKET {
            let found = ticket::Entity::find_by_id(mail.entry_id).one(connection).await?;
            return Ok(found.as_ref().map(Self::from));
        }
        if mail.entry_kind != OCCURRENCE {
            return Ok(None);
        }
        let found = occurrence::Entity::find_by_id(mail.entry_id).one(connection).await?;
        Ok(found.as_ref().map(Self::from))
    }

    /// Lines of a chat from one on, up to the number of the last one.
    pub(crate) fn of_lines(first: &chat_line::Model, last: i32) -> Self {
        Self {
            kind: chat::KIND,
            id: first.id,
            version: last,
            ticket: first.ticket_id,
            visibility: Visibility::Public,
            // Several people may have said them.
            author: None,
            is_removed: false,
        }
    }

    /// Whether somebody sees it on a ticket that he sees.
    pub(super) fn is_seen(&self, actor: &Actor, loaded: &Loaded) -> bool {
        if self.kind == TICKET {
            return true;
        }
        if self.kind == messages::KIND || self.kind == chat::KIND {
            return messages::sees(loaded, false);
        }
        policy::can_see_entry(loaded.caps, self.visibility.is_private(), self.author == Some(actor.id()))
    }

    /// Its name in addresses.
    pub(super) fn anchor(&self) -> String {
        format!("{}-{}", self.kind, self.id)
    }
}

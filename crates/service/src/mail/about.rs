//! The entry a mail is about, whatever its kind: what rows, events and rights need of it.

use domain::notification::Event;
use domain::occurrence::Visibility;
use domain::policy;
use entity::{chat_line, message, occurrence, outbox, solution, survey, task, ticket};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use crate::actor::Actor;
use crate::chat;
use crate::documents::OCCURRENCE;
use crate::error::ServiceError;
use crate::occurrences::rows;
use crate::tickets::Loaded;
use crate::{messages, solutions, surveys, tasks, validations};

/// Kind of a mail that is about a ticket as a whole.
pub(crate) const TICKET: &str = "ticket";

/// An entry of a ticket that can be mailed, or the ticket itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct About {
    /// `occurrence`, `message`, `chat`, `solution`, `survey`, `task`, `validation`, `ticket`.
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

impl From<&solution::Model> for About {
    fn from(row: &solution::Model) -> Self {
        Self {
            kind: solutions::KIND,
            id: row.id,
            version: row.version,
            ticket: row.ticket_id,
            visibility: Visibility::Public,
            author: row.author_id,
            is_removed: false,
        }
    }
}

impl From<&survey::Model> for About {
    fn from(row: &survey::Model) -> Self {
        Self {
            kind: surveys::KIND,
            id: row.id,
            version: 1,
            ticket: row.ticket_id,
            visibility: Visibility::Public,
            author: None,
            is_removed: false,
        }
    }
}

impl From<&task::Model> for About {
    fn from(row: &task::Model) -> Self {
        Self {
            kind: tasks::KIND,
            id: row.id,
            version: row.version,
            ticket: row.ticket_id,
            visibility: tasks::rows::visibility_of(row),
            author: row.author_id,
            is_removed: row.removed_at.is_some(),
        }
    }
}

impl About {
    /// The entry of a mail; `None` when it is gone without a trace, and for mails about no ticket.
    pub(crate) async fn of(
        connection: &impl ConnectionTrait,
        mail: &outbox::Model,
    ) -> Result<Option<Self>, ServiceError> {
        if mail.entry_kind == chat::KIND {
            let found = chat_line::Entity::find_by_id(mail.entry_id).one(connection).await?;
            return Ok(found.map(|line| Self::of_lines(&line, mail.entry_version)));
        }
        let Some(ticket) = mail.ticket_id else { return Ok(None) };
        let found = Self::find(connection, ticket, (&mail.entry_kind, mail.entry_id)).await?;
        if mail.event.as_deref() == Some(Event::ValidationAsked.as_str())
            && !validations::is_waited_for(connection, mail.entry_id).await?
        {
            // What was answered or withdrawn meanwhile is asked for no more.
            return Ok(found.map(|about| Self { is_removed: true, ..about }));
        }
        Ok(found.filter(|about| about.kind != messages::KIND || !about.is_removed))
    }

    /// An entry of a ticket by its kind and id; `None` when it is gone without a trace, and for kinds nobody is mailed about.
    pub(super) async fn find(
        connection: &impl ConnectionTrait,
        ticket: Uuid,
        (kind, id): (&str, Uuid),
    ) -> Result<Option<Self>, ServiceError> {
        Ok(match kind {
            OCCURRENCE => occurrence::Entity::find_by_id(id).one(connection).await?.as_ref().map(Self::from),
            messages::KIND => message::Entity::find_by_id(id).one(connection).await?.as_ref().map(Self::from),
            solutions::KIND => solution::Entity::find_by_id(id).one(connection).await?.as_ref().map(Self::from),
            surveys::KIND => survey::Entity::find_by_id(id).one(connection).await?.as_ref().map(Self::from),
            tasks::KIND => task::Entity::find_by_id(id).one(connection).await?.as_ref().map(Self::from),
            TICKET => ticket::Entity::find_by_id(id).one(connection).await?.as_ref().map(Self::from),
            validations::KIND => Some(Self::of_validation(ticket, id)),
            _ => None,
        })
    }

    /// A request for validation, or an answer to one: both are told of by their ids, and those who may read of them are named
    /// by the request.
    const fn of_validation(ticket: Uuid, id: Uuid) -> Self {
        let (kind, visibility) = (validations::KIND, Visibility::Public);
        Self { kind, id, version: 1, ticket, visibility, author: None, is_removed: false }
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

    /// Whether somebody sees it on a ticket that he sees. Of validations their own part decides ([`validations::hears`]).
    pub(super) fn is_seen(&self, actor: &Actor, loaded: &Loaded) -> bool {
        let (private, is_author) = (self.visibility.is_private(), self.author == Some(actor.id()));
        match self.kind {
            TICKET | validations::KIND => true,
            messages::KIND | chat::KIND => messages::sees(loaded, false),
            surveys::KIND => surveys::sees(loaded),
            tasks::KIND => policy::can_see_task(loaded.caps, private, is_author),
            _ => policy::can_see_entry(loaded.caps, private, is_author),
        }
    }

    /// Its name in addresses.
    pub(super) fn anchor(&self) -> String {
        format!("{}-{}", self.kind, self.id)
    }
}

//! The entry a mail is about, whatever its kind: what rows, events and rights need of it.

use domain::occurrence::Visibility;
use domain::policy;
use entity::{message, occurrence, outbox};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use crate::actor::Actor;
use crate::documents::OCCURRENCE;
use crate::error::ServiceError;
use crate::messages;
use crate::occurrences::rows;
use crate::tickets::Loaded;

/// An entry of a ticket that can be mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct About {
    /// `occurrence`, `message`.
    pub(crate) kind: &'static str,
    /// Its id.
    pub(crate) id: Uuid,
    /// Its version; a message has one only.
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

impl About {
    /// The entry of a mail; `None` when it is gone without a trace.
    pub(crate) async fn of(
        connection: &impl ConnectionTrait,
        mail: &outbox::Model,
    ) -> Result<Option<Self>, ServiceError> {
        if mail.entry_kind == messages::KIND {
            let found = message::Entity::find_by_id(mail.entry_id).one(connection).await?;
            return Ok(found.as_ref().map(Self::from).filter(|about| !about.is_removed));
        }
        let found = occurrence::Entity::find_by_id(mail.entry_id).one(connection).await?;
        Ok(found.as_ref().map(Self::from))
    }

    /// Whether somebody sees it on a ticket that he sees.
    pub(super) fn is_seen(&self, actor: &Actor, loaded: &Loaded) -> bool {
        if self.kind == messages::KIND {
            return messages::sees(loaded, false);
        }
        policy::can_see_entry(loaded.caps, self.visibility.is_private(), self.author == Some(actor.id()))
    }

    /// Its name in addresses.
    pub(super) fn anchor(&self) -> String {
        format!("{}-{}", self.kind, self.id)
    }
}

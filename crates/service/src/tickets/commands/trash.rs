//! To the trash, back, and out of it for ever (T-TKT-08).

use domain::error::{AppError, Code};
use entity::ticket;
use sea_orm::EntityTrait;
use serde_json::json;

use super::Run;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::work::Work;
use crate::{audit, idempotency, search};

impl Run {
    pub(super) async fn delete(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        self.require_version()?;
        if self.loaded.ticket.deleted_at.is_some() {
            return Err(Code::TicketDeleted.into());
        }
        let reason = self.reason();
        let row = &mut self.loaded.ticket;
        row.deleted_at = Some(w.now());
        row.deleted_by_id = Some(w.actor().id());
        row.deleted_reason.clone_from(&reason);
        self.finish(w, "deleted", Vec::new(), reason).await
    }

    pub(super) async fn restore(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        self.require_version()?;
        let row = &mut self.loaded.ticket;
        if row.deleted_at.is_none() {
            return Err(Code::TransitionNotAllowed.into());
        }
        row.deleted_at = None;
        row.deleted_by_id = None;
        row.deleted_reason = None;
        self.finish(w, "restored", Vec::new(), None).await
    }

    pub(super) async fn purge(&mut self, w: &mut Work) -> Result<(), ServiceError> {
        let ticket = self.loaded.ticket.clone();
        if self.form.confirm.trim() != ticket.number.to_string() {
            return Err(AppError::field("number", Code::Invalid).into());
        }
        self.require_version()?;
        if ticket.deleted_at.is_none() {
            return Err(Code::TransitionNotAllowed.into());
        }
        remove(w, &ticket).await
    }
}

/// Removes a ticket for ever, with all that is its own; the audit row and the number stay.
pub(crate) async fn remove(w: &Work, ticket: &ticket::Model) -> Result<(), ServiceError> {
    search::unindex_ticket(w, ticket.id).await?;
    idempotency::forget_replies(w, &format!("ticket {}", ticket.number)).await?;
    let mut sql = Sql::new("DELETE FROM event WHERE ticket_id = ");
    sql.bind(ticket.id).run(&w.tx).await?;
    // Replies point at each other: cut them before the entries go.
    let mut sql = Sql::new("UPDATE occurrence SET reply_to_id = NULL, root_id = NULL WHERE ticket_id = ");
    sql.bind(ticket.id).run(&w.tx).await?;
    ticket::Entity::delete_by_id(ticket.id).exec(&w.tx).await?;
    audit::record(w, "ticket_purged", Some(ticket.entity_id), ticket.number.to_string(), &json!({})).await
}

//! Follow-up tickets (T-STA-30): which ticket one may follow, and the event on both.
//!
//! The `related` link of the two comes with ticket links; `record` is where it is made then.

use domain::error::{AppError, Code};
use domain::ids::TicketNumber;
use domain::ticket::Status;
use domain::views::FieldChange;
use entity::ticket;
use sea_orm::ConnectionTrait;

use crate::actor::Actor;
use crate::error::ServiceError;
use crate::history::{self, Record};
use crate::tickets::{self, Loaded};
use crate::work::Work;

/// The ticket that a new one follows: closed or cancelled, and the actor is on its requester side or an agent. No
/// number, no ticket.
///
/// # Errors
/// Inside: `UnknownReference` for one the actor may not see, `NotAllowed` for one that he may not follow (now).
pub(crate) async fn of(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    number: &str,
) -> Result<Result<Option<Loaded>, Code>, ServiceError> {
    let number = number.trim();
    if number.is_empty() {
        return Ok(Ok(None));
    }
    let Ok(number) = number.parse::<TicketNumber>() else { return Ok(Err(Code::UnknownReference)) };
    let loaded = match tickets::load_visible(connection, actor, number.get()).await {
        Ok(loaded) if loaded.ticket.deleted_at.is_none() => loaded,
        Ok(_in_the_trash) => return Ok(Err(Code::UnknownReference)),
        Err(error) if error.public == AppError::NotFound => return Ok(Err(Code::UnknownReference)),
        Err(error) => return Err(error),
    };
    Ok(if can_be_followed(&loaded) { Ok(Some(loaded)) } else { Err(Code::NotAllowed) })
}

/// Whether a follow-up is offered on a ticket to whoever loaded it; `ticket.create` is asked besides.
pub(crate) fn can_be_followed(loaded: &Loaded) -> bool {
    let is_over = matches!(loaded.status(), Status::Closed | Status::Cancelled);
    is_over && loaded.ticket.merged_into_id.is_none() && (loaded.facts.requester_side || loaded.is_agent())
}

/// Writes the event on both.
pub(super) async fn record(w: &Work, source: &ticket::Model, follower: &ticket::Model) -> Result<(), ServiceError> {
    for (on, field, other) in [(source, "follow_up", follower), (follower, "follow_up_of", source)] {
        let new = ["#", &other.number.to_string()].concat();
        let change = FieldChange { field: field.to_owned(), old: String::new(), new };
        let event =
            Record { kind: "follow_up_created", changes: vec![change], version: on.version, ..Record::default() };
        history::record(w, on.id, event).await?;
    }
    Ok(())
}

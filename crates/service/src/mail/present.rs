//! Whether somebody still gets a mail that was queued for him, asked when it is sent and when it is sent again (M-RCP-03).

use domain::lang::Lang;
use entity::{outbox, ticket, ticket_actor};
use sea_orm::ConnectionTrait;

use super::about::About;
use super::groups::copies;
use super::kind::Kind;
use super::recipients::{Recipient, observers, outside, requesters};
use super::responsible;
use crate::error::ServiceError;

/// The recipient of a mail about a ticket, as he is now; `None` = he gets none any more: he is nothing to the ticket that would
/// bring it, may not see what it is about, or cannot be reached.
pub(super) async fn present(
    connection: &impl ConnectionTrait,
    row: &outbox::Model,
    ticket: &ticket::Model,
    actors: &[ticket_actor::Model],
    about: &About,
    home: Lang,
) -> Result<Option<Recipient>, ServiceError> {
    let Some(kind) = Kind::read(&row.kind) else { return Ok(None) };
    let found = match (kind, row.user_id) {
        (
            Kind::Requester | Kind::Message | Kind::ChatRequester | Kind::Reminder | Kind::Solved | Kind::Survey,
            user,
        ) => among(row, requesters(connection, ticket.entity_id, actors, None, user).await?),
        (Kind::Observer, user) => {
            let still = among(row, observers(connection, ticket.entity_id, actors, None, &[]).await?);
            match user {
                Some(_) if still.is_some() => responsible::reader(connection, row, about, home).await?,
                _ => still,
            }
        }
        (Kind::Responsible | Kind::ChatTeam | Kind::Receipt | Kind::Notice, Some(_)) => {
            responsible::reader(connection, row, about, home).await?
        }
        (Kind::Responsible, None) => among(row, copies(connection, actors, home).await?),
        (Kind::Receipt | Kind::Notice, None) => {
            let asked = actors.iter().filter(|person| person.role != "assignee");
            let mut all: Vec<Recipient> = asked.filter_map(|person| outside(person, home)).collect();
            all.extend(copies(connection, actors, home).await?);
            among(row, all)
        }
        // Only people with an account are in a chat; an invitation is about no ticket.
        (Kind::ChatTeam, None) | (Kind::Invitation, _) => None,
    };
    Ok(found.filter(|one| one.problem.is_none()))
}

/// The recipient of a row among these.
fn among(row: &outbox::Model, all: Vec<Recipient>) -> Option<Recipient> {
    all.into_iter().find(|one| match row.user_id {
        Some(user) => one.user == Some(user),
        None => one.user.is_none() && one.key() == row.address_key,
    })
}

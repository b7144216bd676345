//! Whether somebody still gets a mail that was queued for him, asked when it is sent and when it is sent again (M-RCP-03).

use domain::error::AppError;
use domain::lang::Lang;
use entity::{app_user, outbox, ticket, ticket_actor};
use sea_orm::{ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::about::About;
use super::groups::copies;
use super::kind::Kind;
use super::recipients::{Recipient, observers, outside, requesters};
use super::responsible;
use crate::actor::Actor;
use crate::error::ServiceError;
use crate::tickets::{self, Loaded};

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
        ) => {
            let still = among(row, requesters(connection, ticket.entity_id, actors, None, user).await?);
            match (still, user) {
                (Some(still), Some(user)) => may_read(connection, user, ticket, actors, about).await?.then_some(still),
                (still, _) => still,
            }
        }
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

/// Whether a requester with an account may read what a mail is about: he sees the ticket and the entry, where the ticket is now.
/// A member of a group that is requester is mailed as such (M-OUT-01), also where his role does not list him the tickets of his
/// groups; the entry has to be one he could read in the ticket's entity all the same.
async fn may_read(
    connection: &impl ConnectionTrait,
    user: Uuid,
    ticket: &ticket::Model,
    actors: &[ticket_actor::Model],
    about: &About,
) -> Result<bool, ServiceError> {
    let Some(user) = app_user::Entity::find_by_id(user).one(connection).await? else { return Ok(false) };
    let actor = Actor::load(connection, user, String::new()).await?;
    let loaded = match tickets::load_visible_by_id(connection, &actor, ticket.id).await {
        Ok(loaded) => loaded,
        Err(error) if error.public == AppError::NotFound => {
            let caps = actor.caps(ticket.entity_id);
            let is_asking = |row: &ticket_actor::Model| {
                row.role == "requester" && row.group_id.is_some_and(|group| actor.groups.contains(&group))
            };
            if caps.is_empty() || !actors.iter().any(is_asking) {
                return Ok(false);
            }
            let facts = tickets::facts(&actor, ticket, actors);
            Loaded { ticket: ticket.clone(), actors: actors.to_vec(), facts, caps, has_open_plan: false }
        }
        Err(error) => return Err(error),
    };
    Ok(about.is_seen(&actor, &loaded))
}

/// The recipient of a row among these.
fn among(row: &outbox::Model, all: Vec<Recipient>) -> Option<Recipient> {
    all.into_iter().find(|one| match row.user_id {
        Some(user) => one.user == Some(user),
        None => one.user.is_none() && one.key() == row.address_key,
    })
}

//! Requesters, observers and assignees: as they are shown, and as they are changed.

use std::collections::BTreeSet;

use domain::error::{Code, FieldErrors};
use domain::policy::Capability;
use domain::views::{ActorKind, ActorView, FieldChange};
use entity::{ticket, ticket_actor};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};
use uuid::Uuid;

use super::row_id;
use crate::actor::Actor;
use crate::error::ServiceError;
use crate::people::{self, ActorDirectory, ResolvedActor};
use crate::work::Work;

/// Most people of one role on a ticket (tickets.md section 4).
pub(crate) const MAX: usize = 50;
/// Longest address and name of an email-only person.
const EMAIL_MAX: usize = 254;
const NAME_MAX: usize = 100;

/// Names of everybody beside the given tickets, in one query for people and one for groups.
pub(crate) async fn directory(
    connection: &impl ConnectionTrait,
    actors: &[ticket_actor::Model],
    more: &[Uuid],
) -> Result<ActorDirectory, ServiceError> {
    let mut users: BTreeSet<Uuid> = actors.iter().filter_map(|a| a.user_id).collect();
    users.extend(more);
    let groups: BTreeSet<Uuid> = actors.iter().filter_map(|a| a.group_id).collect();
    let (users, groups): (Vec<Uuid>, Vec<Uuid>) = (users.into_iter().collect(), groups.into_iter().collect());
    people::actor_views(connection, &users, &groups).await
}

/// A person or group beside a ticket; requester-side readers get kind and name only.
pub(crate) fn view(row: &ticket_actor::Model, directory: &ActorDirectory, agent: bool) -> ActorView {
    let full = match (row.user_id, row.group_id) {
        (Some(user), _) => directory.user(user),
        (_, Some(group)) => directory.group(group),
        _ => ActorView {
            kind: ActorKind::Email,
            id: None,
            name: row.name.clone().or_else(|| row.email.clone()).unwrap_or_default(),
            email: row.email.clone(),
            disabled: false,
        },
    };
    if agent { full } else { people::reduced(full) }
}

/// An author by id; none = the system, shown as "Automatic".
pub(crate) fn author(directory: &ActorDirectory, id: Option<Uuid>, agent: bool) -> ActorView {
    directory.author(id, agent)
}

/// Reads the people of one field; every wrong one is noted at `field[i]`. Those in `present` are beside the ticket already and
/// may stay or go, whatever has become of them (T-ROL-09).
pub(crate) async fn resolve_all(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
    (field, texts): (&str, &[String]),
    present: &[ResolvedActor],
    errors: &mut FieldErrors,
) -> Result<Vec<ResolvedActor>, ServiceError> {
    let found = resolve_at(connection, actor, entity, (field, texts), present, errors).await?;
    Ok(found.into_iter().map(|(_, found)| found).collect())
}

/// The same with the place of each in its field, for what is wrong with somebody who is known.
pub(crate) async fn resolve_at(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
    (field, texts): (&str, &[String]),
    present: &[ResolvedActor],
    errors: &mut FieldErrors,
) -> Result<Vec<(usize, ResolvedActor)>, ServiceError> {
    let texts: Vec<&str> = texts.iter().map(|t| t.trim()).filter(|t| !t.is_empty()).collect();
    let mut out: Vec<(usize, ResolvedActor)> = Vec::new();
    if texts.len() > MAX {
        errors.add(field, Code::TooMany);
        return Ok(out);
    }
    for (index, text) in texts.iter().enumerate() {
        let path = format!("{field}[{index}]");
        let known = present.iter().find(|known| is_named(known, text)).cloned();
        let read = match known {
            Some(known) => Ok(known),
            None => people::resolve_actor(connection, actor, entity, text).await?,
        };
        match read {
            Ok(found) if out.iter().any(|(_, other)| *other == found) => errors.add(path, Code::Duplicate),
            Ok(found) if !lengths_fit(&found) => errors.add(path, Code::TooLong),
            Ok(found) => out.push((index, found)),
            Err(code) => errors.add(path, code),
        }
    }
    Ok(out)
}

/// Whether a text is the id of somebody as forms write it.
fn is_named(known: &ResolvedActor, text: &str) -> bool {
    match known {
        ResolvedActor::User(id) => text == format!("user:{id}"),
        ResolvedActor::Group(id) => text == format!("group:{id}"),
        ResolvedActor::Email { .. } => false,
    }
}

fn lengths_fit(found: &ResolvedActor) -> bool {
    match found {
        ResolvedActor::Email { address, name } => {
            address.chars().count() <= EMAIL_MAX && name.as_ref().is_none_or(|n| n.chars().count() <= NAME_MAX)
        }
        _ => true,
    }
}

/// Notes assignees who may not be assigned (`not_assignable`), each at his place in the field.
pub(crate) async fn check_assignable(
    connection: &impl ConnectionTrait,
    actor: &Actor,
    entity: Uuid,
    field: &str,
    people_found: &[(usize, ResolvedActor)],
    errors: &mut FieldErrors,
) -> Result<(), ServiceError> {
    for (index, found) in people_found {
        if !people::may_be_assigned(connection, actor, entity, found).await? {
            errors.add(format!("{field}[{index}]"), Code::NotAssignable);
        }
    }
    Ok(())
}

/// Notes requesters and observers that may not be so: groups without the flag.
pub(crate) fn same(row: &ticket_actor::Model, found: &ResolvedActor) -> bool {
    match found {
        ResolvedActor::User(id) => row.user_id == Some(*id),
        ResolvedActor::Group(id) => row.group_id == Some(*id),
        ResolvedActor::Email { address, .. } => row.email.as_deref() == Some(address.as_str()),
    }
}

/// Makes the people of a role exactly `wanted`; answers who came and who went, as history changes.
pub(crate) async fn replace(
    w: &Work,
    ticket: &ticket::Model,
    actors: &mut Vec<ticket_actor::Model>,
    role: &str,
    wanted: &[ResolvedActor],
) -> Result<Vec<FieldChange>, ServiceError> {
    let mut changes = Vec::new();
    let gone: Vec<ticket_actor::Model> =
        actors.iter().filter(|a| a.role == role && !wanted.iter().any(|found| same(a, found))).cloned().collect();
    let come: Vec<&ResolvedActor> =
        wanted.iter().filter(|found| !actors.iter().any(|a| a.role == role && same(a, found))).collect();
    for row in &gone {
        ticket_actor::Entity::delete_by_id(row.id).exec(&w.tx).await?;
    }
    actors.retain(|a| !gone.iter().any(|g| g.id == a.id));
    let first = actors.iter().filter(|a| a.role == role).map(|a| a.position + 1).max().unwrap_or(0);
    let mut added = Vec::new();
    for (position, found) in (first..).zip(come) {
        let row = insert(w, ticket.id, role, found, position).await?;
        added.push(row.clone());
        actors.push(row);
    }
    let touched: Vec<ticket_actor::Model> = gone.iter().chain(&added).cloned().collect();
    let names = directory(&w.tx, &touched, &[]).await?;
    let text = |row: &ticket_actor::Model| view(row, &names, true).name;
    changes.extend(gone.iter().map(|row| FieldChange { field: role.to_owned(), old: text(row), new: String::new() }));
    changes.extend(added.iter().map(|row| FieldChange { field: role.to_owned(), old: String::new(), new: text(row) }));
    Ok(changes)
}

async fn insert(
    w: &Work,
    ticket: Uuid,
    role: &str,
    found: &ResolvedActor,
    position: i32,
) -> Result<ticket_actor::Model, ServiceError> {
    let (user_id, group_id, email, name) = match found {
        ResolvedActor::User(id) => (Some(*id), None, None, None),
        ResolvedActor::Group(id) => (None, Some(*id), None, None),
        ResolvedActor::Email { address, name } => (None, None, Some(address.clone()), name.clone()),
    };
    let row = ticket_actor::ActiveModel {
        id: Set(row_id()),
        ticket_id: Set(ticket),
        role: Set(role.to_owned()),
        user_id: Set(user_id),
        group_id: Set(group_id),
        email: Set(email),
        name: Set(name),
        position: Set(position),
    };
    Ok(row.insert(&w.tx).await?)
}

/// A person or group as the resolved form of an existing row.
pub(crate) fn resolved(row: &ticket_actor::Model) -> ResolvedActor {
    match (row.user_id, row.group_id) {
        (Some(user), _) => ResolvedActor::User(user),
        (_, Some(group)) => ResolvedActor::Group(group),
        _ => ResolvedActor::Email { address: row.email.clone().unwrap_or_default(), name: row.name.clone() },
    }
}

/// Whether an active person is assigned (groups and disabled people do not count: T-ROL-09).
pub(crate) async fn active_assignees(
    connection: &impl ConnectionTrait,
    actors: &[ticket_actor::Model],
) -> Result<Vec<ActorView>, ServiceError> {
    let assigned: Vec<ticket_actor::Model> =
        actors.iter().filter(|a| a.role == "assignee" && a.user_id.is_some()).cloned().collect();
    let names = directory(connection, &assigned, &[]).await?;
    Ok(assigned.iter().map(|row| view(row, &names, true)).filter(|person| !person.disabled).collect())
}

/// The capability to hand a ticket to others as its creator (delegate) or at all (assign).
pub(crate) fn may_name_assignees(caps: domain::policy::CapSet, only_self: bool) -> Result<(), Capability> {
    let enough = caps.contains(Capability::TicketAssign)
        || caps.contains(Capability::TicketDelegate)
        || (only_self && caps.contains(Capability::TicketTake));
    if enough { Ok(()) } else { Err(Capability::TicketAssign) }
}

//! The caller himself (`GET /me`).

use std::collections::BTreeMap;

use domain::views::Ref;
use sea_orm::FromQueryResult;
use serde::Serialize;
use uuid::Uuid;

use super::{AssignmentView, Named};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::{messages, notifications};

/// The caller with everything he may know of himself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeView {
    /// Account id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Language code.
    pub language: String,
    /// IANA name.
    pub time_zone: String,
    /// `auto`, `light`, `dark`, `contrast`, `contrast-dark`.
    pub theme: String,
    /// `compact`, `comfortable`.
    pub density: String,
    /// Address of the picture; this release stores none.
    pub picture: Option<String>,
    /// Plain text under his mails.
    pub signature: String,
    /// His roles.
    pub assignments: Vec<AssignmentView>,
    /// Names of the capabilities he holds, by entity.
    pub capabilities: BTreeMap<Uuid, Vec<String>>,
    /// His groups.
    pub groups: Vec<Ref>,
    /// How he wants things.
    pub preferences: Preferences,
    /// What waits for him.
    pub unread: Unread,
    /// Version of the account.
    pub version: i32,
}

/// Preferences of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preferences {
    /// Visibility a new occurrence starts with.
    pub default_visibility: String,
    /// Visibility a new task starts with.
    pub task_default_visibility: String,
    /// `asc`, `desc`; `null` = default of the place.
    pub timeline_order: Option<String>,
    /// Whether the timeline shows events at once.
    pub show_events: bool,
}

/// Numbers of what was not read yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Messages, at most 99.
    pub messages: u32,
    /// Notifications; 100 stands for more than 99.
    pub notifications: u32,
}

#[derive(Debug, FromQueryResult)]
struct AssignmentRow {
    entity_id: Uuid,
    role_id: Uuid,
    role_name: String,
    recursive: bool,
}

/// The caller as the database knows him now.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn me(ctx: &Ctx) -> Result<MeView, ServiceError> {
    let actor = &ctx.actor;
    let snapshot = ctx.db().snapshot().await?;
    let mut sql = Sql::new(
        "SELECT a.entity_id, a.role_id, r.name AS role_name, a.recursive FROM assignment a JOIN role r ON r.id = a.role_id WHERE a.user_id = ",
    );
    let assignments: Vec<AssignmentRow> = sql.bind(actor.id()).push(" ORDER BY r.name, a.id").all(&snapshot).await?;
    let mut sql = Sql::new("SELECT g.id, g.name FROM app_group g WHERE g.active = TRUE AND g.id IN ");
    let groups: Vec<Named> =
        sql.list(actor.groups.iter().copied()).push(" ORDER BY g.name, g.id").all(&snapshot).await?;
    let messages = messages::unread_of(ctx, &snapshot).await?;
    // Who holds one connection and waits for another can wait for somebody who does the same.
    drop(snapshot);
    let unread = Unread { messages, notifications: notifications::unread(ctx, 0).await? };
    let user = &actor.user;
    Ok(MeView {
        id: user.id,
        name: user.name.clone(),
        email: user.email.clone(),
        language: user.language.clone(),
        time_zone: user.time_zone.clone(),
        theme: user.theme.clone(),
        density: user.density.clone(),
        picture: None,
        signature: user.signature.clone(),
        assignments: assignments
            .into_iter()
            .map(|row| AssignmentView {
                entity: Ref { id: row.entity_id, name: actor.entity_name(row.entity_id) },
                role: Ref { id: row.role_id, name: row.role_name },
                recursive: row.recursive,
            })
            .collect(),
        capabilities: actor
            .entities()
            .into_iter()
            .map(|entity| (entity, actor.caps(entity).iter().map(|capability| capability.name().to_owned()).collect()))
            .collect(),
        groups: groups.into_iter().map(Ref::from).collect(),
        preferences: Preferences {
            default_visibility: user.default_visibility.clone(),
            task_default_visibility: user.task_default_visibility.clone(),
            timeline_order: user.timeline_order.clone(),
            show_events: user.show_events,
        },
        unread,
        version: user.version,
    })
}

//! Names of people and groups by id, for pages that show many of them.

use std::collections::BTreeMap;

use domain::views::{ActorKind, ActorView};
use entity::{app_group, app_user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::error::ServiceError;

/// People and groups as agents see them; who reads for a requester reduces them.
#[derive(Clone, Debug, Default)]
pub struct ActorDirectory {
    users: BTreeMap<Uuid, ActorView>,
    groups: BTreeMap<Uuid, ActorView>,
}

impl ActorDirectory {
    /// A person; without name when the directory was not asked for him.
    #[must_use]
    pub fn user(&self, id: Uuid) -> ActorView {
        let unknown = || ActorView { kind: ActorKind::User, id: Some(id), ..ActorView::default() };
        self.users.get(&id).cloned().unwrap_or_else(unknown)
    }

    /// An author by id; none = the system, shown as "Automatic". Readers who are no agents get kind and name only.
    #[must_use]
    pub fn author(&self, id: Option<Uuid>, agent: bool) -> ActorView {
        let full = id.map(|id| self.user(id)).unwrap_or_default();
        if agent { full } else { reduced(full) }
    }

    /// A group; without name when the directory was not asked for it.
    #[must_use]
    pub fn group(&self, id: Uuid) -> ActorView {
        let unknown = || ActorView { kind: ActorKind::Group, id: Some(id), ..ActorView::default() };
        self.groups.get(&id).cloned().unwrap_or_else(unknown)
    }
}

/// Loads people and groups by their ids, in one query each.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn actor_views(
    connection: &impl ConnectionTrait,
    users: &[Uuid],
    groups: &[Uuid],
) -> Result<ActorDirectory, ServiceError> {
    let mut directory = ActorDirectory::default();
    if !users.is_empty() {
        let rows =
            app_user::Entity::find().filter(app_user::Column::Id.is_in(users.iter().copied())).all(connection).await?;
        directory.users = rows.into_iter().map(|row| (row.id, user_view(row))).collect();
    }
    if !groups.is_empty() {
        let rows = app_group::Entity::find()
            .filter(app_group::Column::Id.is_in(groups.iter().copied()))
            .all(connection)
            .await?;
        directory.groups = rows.into_iter().map(|row| (row.id, group_view(row))).collect();
    }
    Ok(directory)
}

fn user_view(row: app_user::Model) -> ActorView {
    ActorView { kind: ActorKind::User, id: Some(row.id), name: row.name, email: Some(row.email), disabled: !row.active }
}

fn group_view(row: app_group::Model) -> ActorView {
    ActorView { kind: ActorKind::Group, id: Some(row.id), name: row.name, email: None, disabled: !row.active }
}

/// Kind and name, nothing more: what the requester side may know of a person (P-HID-01).
pub(crate) fn reduced(full: ActorView) -> ActorView {
    let name = if full.kind == ActorKind::Email && full.name.contains('@') {
        full.name.split('@').next().unwrap_or_default().to_owned()
    } else {
        full.name
    };
    ActorView { kind: full.kind, id: None, name, email: None, disabled: false }
}

/// Somebody without account, by the name he is stored under. It may be his address, which is the team's alone (P-HID-01).
pub(crate) fn named(name: &str, agent: bool) -> ActorView {
    let full = ActorView { kind: ActorKind::Email, name: name.to_owned(), ..ActorView::default() };
    if agent { full } else { reduced(full) }
}

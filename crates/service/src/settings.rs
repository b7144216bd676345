//! Effective settings of an entity: the nearest own value on the way up, else the default (T-SET-01).
//!
//! Belongs here: what use cases read (`Settings`), what the page and the API show and save. Nothing is kept between two
//! requests, so a saved value counts from the next one on, on every instance (T-SET-03).

mod list;
mod objects;
mod save;
mod warnings;

use std::collections::{BTreeMap, BTreeSet};

use domain::settings::Key;
use domain::ticket::ReopenPolicy;
use domain::ticket::priority::{DEFAULT_MATRIX, Matrix};
use entity::setting;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::sql::unique;

pub use list::list;
pub use save::{NewSettings, save, save_one};
pub(crate) use save::{author, lock as lock_entity};
pub use warnings::{open_warnings, used_by};

/// The settings in force in one entity.
#[derive(Clone, Debug, Default)]
pub struct Settings(BTreeMap<String, String>);

/// Where the actor finds help (`help.contact_url` of his home entity); empty = nowhere.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn help_contact(ctx: &Ctx) -> Result<String, ServiceError> {
    let path = ctx.actor.path_of(ctx.actor.user.entity_id);
    let rows = setting::Entity::find()
        .filter(setting::Column::Key.eq(Key::HelpContactUrl.as_str()))
        .filter(setting::Column::EntityId.is_in(path.iter().copied()))
        .all(ctx.db().reader())
        .await?;
    let own = |entity: &Uuid| rows.iter().find(|row| row.entity_id == *entity).map(|row| row.value.clone());
    Ok(path.iter().find_map(own).unwrap_or_else(|| Key::HelpContactUrl.default_value().to_owned()))
}

impl Settings {
    /// Loads them; `path` is the entity and its ancestors, nearest first.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn load(connection: &impl ConnectionTrait, path: &[Uuid]) -> Result<Self, ServiceError> {
        let rows = setting::Entity::find()
            .filter(setting::Column::EntityId.is_in(path.iter().copied()))
            .all(connection)
            .await?;
        let mut values = BTreeMap::new();
        for entity in path.iter().rev() {
            for row in rows.iter().filter(|row| row.entity_id == *entity) {
                values.insert(row.key.clone(), row.value.clone());
            }
        }
        Ok(Self(values))
    }

    /// The value of a key in many entities at once, by entity: one query. Each path is an entity and its ancestors, nearest first.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub(crate) async fn of_many(
        connection: &impl ConnectionTrait,
        key: Key,
        paths: &[Vec<Uuid>],
    ) -> Result<BTreeMap<Uuid, String>, ServiceError> {
        let all = unique(paths.iter().flatten().copied());
        if all.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = setting::Entity::find()
            .filter(setting::Column::Key.eq(key.as_str()))
            .filter(setting::Column::EntityId.is_in(all))
            .all(connection)
            .await?;
        let own = |entity: &Uuid| rows.iter().find(|row| row.entity_id == *entity).map(|row| row.value.as_str());
        let of = |path: &Vec<Uuid>| {
            let value = path.iter().find_map(own).unwrap_or(key.default_value());
            path.first().map(|entity| (*entity, value.to_owned()))
        };
        Ok(paths.iter().filter_map(of).collect())
    }

    /// The entities in which a switch is on, for many at once: one query. Each path is an entity and its ancestors, nearest first.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn switched_on(
        connection: &impl ConnectionTrait,
        key: Key,
        paths: &[Vec<Uuid>],
    ) -> Result<BTreeSet<Uuid>, ServiceError> {
        let values = Self::of_many(connection, key, paths).await?;
        Ok(values.into_iter().filter(|(_, value)| value == "true").map(|(entity, _)| entity).collect())
    }

    /// Value as text.
    #[must_use]
    pub fn text(&self, key: Key) -> &str {
        self.0.get(key.as_str()).map_or(key.default_value(), String::as_str)
    }

    /// Value as a switch.
    #[must_use]
    pub fn is_on(&self, key: Key) -> bool {
        self.text(key) == "true"
    }

    /// Value as a whole number; a broken one counts as the default.
    #[must_use]
    pub fn number(&self, key: Key) -> i64 {
        self.text(key).parse().or_else(|_broken| key.default_value().parse()).unwrap_or(0)
    }

    /// Value as a reference; none or broken: `None`.
    #[must_use]
    pub fn reference(&self, key: Key) -> Option<Uuid> {
        self.text(key).parse().ok()
    }

    /// What a reply on a solved ticket does.
    #[must_use]
    pub fn reopen_policy(&self) -> ReopenPolicy {
        self.text(Key::ReopenPolicy).parse().unwrap_or_default()
    }

    /// Priority from urgency and impact.
    #[must_use]
    pub fn matrix(&self) -> Matrix {
        serde_json::from_str(self.text(Key::PriorityMatrix)).unwrap_or(DEFAULT_MATRIX)
    }

    /// Largest file in bytes.
    #[must_use]
    pub fn upload_max(&self) -> i64 {
        self.number(Key::UploadMaxMib).clamp(1, 1024) * 1024 * 1024
    }

    /// Most rows of an export (`lists.export_max_rows`).
    #[must_use]
    pub fn export_max(&self) -> i64 {
        self.number(Key::ListsExportMaxRows).clamp(1_000, 1_000_000)
    }

    /// Forbidden file extensions, lower case, without the dot.
    #[must_use]
    pub fn forbidden_extensions(&self) -> Vec<String> {
        self.text(Key::UploadForbiddenExtensions)
            .split(';')
            .map(|e| e.trim().to_lowercase())
            .filter(|e| !e.is_empty())
            .collect()
    }
}

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

use crate::error::ServiceError;
use crate::sql::unique;

pub use list::list;
pub use save::{NewSettings, save, save_one};
pub(crate) use save::{author, lock as lock_entity};
pub use warnings::{open_warnings, used_by};

/// The settings in force in one entity.
#[derive(Clone, Debug, Default)]
pub struct Settings(BTreeMap<String, String>);

/// A few settings of many entities, read in one query.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known(BTreeMap<String, BTreeMap<Uuid, String>>);

impl Known {
    /// Loads the own values of `keys` in `entities`: whoever asks for the value of one names its ancestors too.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub(crate) async fn load(
        connection: &impl ConnectionTrait,
        keys: &[Key],
        entities: Vec<Uuid>,
    ) -> Result<Self, ServiceError> {
        let rows = setting::Entity::find()
            .filter(setting::Column::Key.is_in(keys.iter().map(|key| key.as_str())))
            .filter(setting::Column::EntityId.is_in(entities))
            .all(connection)
            .await?;
        let mut known: BTreeMap<String, BTreeMap<Uuid, String>> = BTreeMap::new();
        for row in rows {
            known.entry(row.key).or_default().insert(row.entity_id, row.value);
        }
        Ok(Self(known))
    }

    /// The value in force; `path` is the entity and its ancestors, nearest first.
    pub(crate) fn text(&self, key: Key, path: &[Uuid]) -> &str {
        let Some(own) = self.0.get(key.as_str()) else { return key.default_value() };
        path.iter().find_map(|entity| own.get(entity)).map_or(key.default_value(), String::as_str)
    }

    /// The same as a switch.
    pub(crate) fn is_on(&self, key: Key, path: &[Uuid]) -> bool {
        self.text(key, path) == "true"
    }

    /// The same as a whole number; a broken one counts as the default.
    pub(crate) fn number(&self, key: Key, path: &[Uuid]) -> i64 {
        number(self.text(key, path), key)
    }
}

/// A stored number; a broken one counts as the default.
fn number(text: &str, key: Key) -> i64 {
    text.parse().or_else(|_broken| key.default_value().parse()).unwrap_or(0)
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
        number(self.text(key), key)
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

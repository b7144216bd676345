//! Settings that broke since they were saved, counted for those who can mend them (T-SET-06), and what settings hold on to
//! (T-SET-07).

use std::collections::BTreeSet;

use domain::error::AppError;
use domain::policy::Capability;
use domain::settings::{Key, Kind};
use entity::setting;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::list::{Failures, Stored, warning_of};
use super::objects::Objects;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::mail;

/// How many settings need care in all entities whose settings the caller may set. A value that several entities inherit counts
/// once.
///
/// # Errors
/// `NotFound` for those who hold `admin.settings` nowhere (T-SET-02).
pub async fn open_warnings(ctx: &Ctx) -> Result<u32, ServiceError> {
    let held = ctx.actor.entities_with(Capability::AdminSettings);
    if held.is_empty() {
        return Err(AppError::NotFound.into());
    }
    let snapshot = ctx.db().snapshot().await?;
    let paths: Vec<Vec<Uuid>> = held.iter().map(|entity| ctx.actor.path_of(*entity)).collect();
    let all: BTreeSet<Uuid> = paths.iter().flatten().copied().collect();
    let stored = Stored::load(&snapshot, &all.into_iter().collect::<Vec<_>>()).await?;
    let objects = Objects::load(&snapshot).await?;
    let failures = Failures::load(&snapshot, held.clone()).await?;
    let keys = Key::ALL.iter().copied().filter(|key| matches!(key.kind(), Kind::Reference(_)));
    let mut broken: BTreeSet<(Key, Option<Uuid>)> = BTreeSet::new();
    for key in keys {
        for path in &paths {
            let (holder, value) = match stored.nearest(key, path) {
                Some((entity, value)) => (Some(entity), value),
                None => (None, key.default_value()),
            };
            let failed = || failures.warning(key, objects.template_since(key, value, path));
            if objects.warning(key, value, path).or_else(failed).is_some() {
                broken.insert((key, holder));
            }
        }
    }
    let sees_mail = paths.iter().any(|path| path.len() == 1);
    let of_mail = if sees_mail { warning_of(&mail::server_state(ctx, &snapshot).await?) } else { None };
    Ok(u32::try_from(broken.len()).unwrap_or(u32::MAX).saturating_add(u32::from(of_mail.is_some())))
}

/// The settings that name an object, with their entities: whoever would delete or deactivate it is refused with them
/// (T-SET-07).
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn used_by(connection: &impl ConnectionTrait, object: Uuid) -> Result<Vec<(Key, Uuid)>, ServiceError> {
    let rows = setting::Entity::find().filter(setting::Column::Value.eq(object.to_string())).all(connection).await?;
    let named = |row: setting::Model| Key::read(&row.key).map(|key| (key, row.entity_id));
    Ok(rows.into_iter().filter_map(named).collect())
}

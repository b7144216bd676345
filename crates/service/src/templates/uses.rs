//! What settings hold on to: a template that one names is neither removed nor switched off (T-SET-07).

use domain::error::{AppError, Code};
use domain::settings::Key;
use domain::views::{Ref, TemplateUse};
use entity::{setting, template};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::key_of;
use crate::actor::Actor;
use crate::error::ServiceError;
use crate::settings;

/// The settings that mean a template: those that name it, and of a shipped one those without a choice of their own.
pub(super) async fn of(
    connection: &impl ConnectionTrait,
    row: &template::Model,
) -> Result<Vec<(Key, Uuid)>, ServiceError> {
    let mut found = settings::used_by(connection, row.id).await?;
    if let Some(key) = row.purpose.as_deref().and_then(key_of) {
        let rows = setting::Entity::find().filter(setting::Column::Key.eq(key.as_str())).all(connection).await?;
        // It stands with the root entity, whose own choice counts for all that make none.
        if rows.iter().all(|setting| setting.entity_id != row.entity_id) {
            found.push((key, row.entity_id));
        }
        found.extend(rows.iter().filter(|setting| setting.value.is_empty()).map(|setting| (key, setting.entity_id)));
    }
    Ok(found)
}

/// The same for a reader: entities of which he knows nothing have no name.
pub(super) fn views(actor: &Actor, uses: &[(Key, Uuid)]) -> Vec<TemplateUse> {
    let known = actor.entities();
    let name = |id: Uuid| known.contains(&id).then(|| Ref { id, name: actor.entity_name(id) });
    uses.iter().map(|(key, entity)| TemplateUse { key: *key, entity: name(*entity) }).collect()
}

/// The refusal, with the keys and entities.
pub(super) fn in_use(actor: &Actor, uses: &[(Key, Uuid)]) -> ServiceError {
    let settings: Vec<_> =
        views(actor, uses).into_iter().map(|one| json!({ "key": one.key.as_str(), "entity": one.entity })).collect();
    AppError::Refused { code: Code::InUse, data: Some(json!({ "settings": settings })) }.into()
}

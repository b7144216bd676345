//! Fields of an entry that two people changed to different values (T-GEN-07): told with both values, and nothing is saved.

use chrono_tz::Tz;
use domain::error::AppError;
use entity::{occurrence, occurrence_revision};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Wanted;
use crate::conflict::{self, Difference};
use crate::error::ServiceError;
use crate::moments::moment;
use crate::occurrences::rows;
use crate::sql::unique;
use crate::tickets::people;
use crate::work::Work;

/// Name, what is compared, what is told.
type Field = (&'static str, Value, Value);

impl Wanted {
    /// Refuses a save from `version` whose fields somebody else changed since to other values.
    pub(super) async fn refuse_conflicts(
        &self,
        w: &Work,
        row: &occurrence::Model,
        version: i32,
        agent: bool,
    ) -> Result<(), ServiceError> {
        if version >= row.version {
            return Ok(());
        }
        let mut states = occurrence_revision::Entity::find()
            .filter(occurrence_revision::Column::OccurrenceId.eq(row.id))
            .filter(occurrence_revision::Column::Number.gte(version))
            .order_by_asc(occurrence_revision::Column::Number)
            .all(&w.tx)
            .await?;
        let Some(base) = states.first().cloned() else { return Ok(()) };
        let present = rows::as_revision(row, &self.present)?;
        let mine = rows::as_revision(&self.applied(row), &self.files)?;
        states.push(present.clone());
        let zone = w.actor().zone;
        let differing: Vec<Difference> = fields(&base, zone)
            .into_iter()
            .zip(fields(&present, zone))
            .zip(fields(&mine, zone))
            .filter(|(((_, base, _), (_, theirs, _)), (_, yours, _))| {
                yours != base && theirs != base && yours != theirs
            })
            .map(|((_, (name, _, theirs)), (_, _, yours))| (name, yours, theirs))
            .collect();
        if differing.is_empty() {
            return Ok(());
        }
        let authors = unique(states.iter().filter_map(|state| state.by_id));
        let names = people::directory(&w.tx, &[], &authors).await?;
        let mut conflicts = Vec::new();
        for difference in differing {
            let (by, at) = changed_last(&states, difference.0, zone)
                .map_or((row.edited_by_id, row.edited_at), |state| (state.by_id, Some(state.at)));
            let actor = people::author(&names, by, agent);
            conflicts.push(conflict::told(w, difference, by, actor, at.unwrap_or(row.registered_at)).await?);
        }
        Err(AppError::Conflict { version: row.version, conflicts }.into())
    }
}

fn fields(one: &occurrence_revision::Model, zone: Tz) -> [Field; 7] {
    let files: Vec<Uuid> = serde_json::from_str(&one.attachments).unwrap_or_default();
    let files = json!(unique(files));
    let (category, source) = (json!(one.category_id), json!(one.source_id));
    [
        ("body", json!(one.body), json!(one.body_text)),
        ("visibility", json!(one.visibility), json!(one.visibility)),
        ("occurred_at", json!(one.occurred_at), json!(moment(one.occurred_at, zone).as_str())),
        ("minutes", json!(one.minutes), json!(one.minutes)),
        ("category", category.clone(), category),
        ("source", source.clone(), source),
        ("attachments", files.clone(), files),
    ]
}

/// The state that was kept when a field changed last: with who changed it, and when.
fn changed_last<'s>(
    states: &'s [occurrence_revision::Model],
    field: &str,
    zone: Tz,
) -> Option<&'s occurrence_revision::Model> {
    let value = |state: &occurrence_revision::Model| {
        fields(state, zone).into_iter().find(|(name, ..)| *name == field).map(|(_, value, _)| value)
    };
    let later = states.iter().skip(1);
    states.iter().zip(later).rev().find(|(before, after)| value(before) != value(after)).map(|(before, _)| before)
}

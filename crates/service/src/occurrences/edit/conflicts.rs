//! Fields of an entry that two people changed to different values (T-GEN-07): told with both values, and nothing is saved.

use chrono_tz::Tz;
use entity::{occurrence, occurrence_revision};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::Wanted;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::occurrences::rows;
use crate::versions::{self, Field, Stored, same};
use crate::work::Work;

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
        let states = occurrence_revision::Entity::find()
            .filter(occurrence_revision::Column::OccurrenceId.eq(row.id))
            .filter(occurrence_revision::Column::Number.gte(version))
            .order_by_asc(occurrence_revision::Column::Number)
            .all(&w.tx)
            .await?;
        let present = rows::as_revision(row, &self.present)?;
        let mine = rows::as_revision(&self.applied(row), &self.files)?;
        versions::refuse_conflicts(w, row.version, states, present, &mine, agent).await
    }
}

impl Stored for occurrence_revision::Model {
    fn at(&self) -> i64 {
        self.at
    }

    fn by(&self) -> Option<Uuid> {
        self.by_id
    }

    fn what(&self) -> &str {
        &self.what
    }

    fn visibility(&self) -> &str {
        &self.visibility
    }

    fn fields(&self, zone: Tz) -> Vec<Field> {
        vec![
            ("body", json!(self.body), json!(self.body_text)),
            same("visibility", json!(self.visibility)),
            ("occurred_at", json!(self.occurred_at), json!(moment(self.occurred_at, zone).as_str())),
            same("minutes", json!(self.minutes)),
            same("category", json!(self.category_id)),
            same("source", json!(self.source_id)),
            versions::files(&self.attachments),
        ]
    }
}

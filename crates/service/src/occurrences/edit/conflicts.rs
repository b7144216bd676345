//! Fields of an entry that two people changed to different values (T-GEN-07): told with both values, and nothing is saved.

use chrono_tz::Tz;
use domain::error::{AppError, Code};
use domain::forms::Decided;
use entity::{occurrence, occurrence_revision};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::{Wanted, without_lost_pictures};
use crate::error::ServiceError;
use crate::moments::moment;
use crate::occurrences::rows;
use crate::sanitise;
use crate::versions::{self, Field, Stored, same};
use crate::work::Work;

impl Wanted {
    /// Refuses a save from `version` whose fields somebody else changed since to other values; those only others changed stay as
    /// they are.
    pub(super) async fn settle(
        &mut self,
        w: &Work,
        row: &occurrence::Model,
        version: i32,
        decided: &Decided,
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
        let untouched = versions::settle(w, states, present, &mine, decided, agent).await?;
        if untouched.is_empty() {
            return Ok(());
        }
        for field in untouched {
            match field {
                "body" => self.body = None,
                "visibility" => self.visibility = None,
                "occurred_at" => self.occurred_at = None,
                "minutes" => self.minutes = None,
                "category" => self.category = None,
                "source" => self.source = None,
                "attachments" => {
                    self.files.clone_from(&self.present);
                    self.new_files.clear();
                }
                _ => {}
            }
        }
        // Pictures go by the files there are from now on.
        self.body = match self.body.take() {
            Some((html, text)) => {
                Some((sanitise::keep_images(&sanitise::stored(html), &self.files).as_str().to_owned(), text))
            }
            None => without_lost_pictures(row, &self.files),
        };
        // What became private meanwhile is not sent.
        if !self.mail_to.is_empty() && rows::visibility_of(&self.applied(row)).is_private() {
            return Err(AppError::field("send_mail", Code::MailRequiresPublic).into());
        }
        Ok(())
    }
}

impl Stored for occurrence_revision::Model {
    fn number(&self) -> i32 {
        self.number
    }

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

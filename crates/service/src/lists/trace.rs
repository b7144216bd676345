//! The trace of changed rows: who, when, old and new values (T-SET-05), and what two people changed at once (T-GEN-07).

use domain::error::{AppError, FieldConflict};
use domain::lists::List;
use entity::{audit, list_row};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::values::Values;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::settings;
use crate::sql::Sql;
use crate::work::Work;

/// Kind of the audit rows of lists.
const CHANGED: &str = "list_row_changed";

/// What an audit row keeps besides who, when, in which entity, and which row.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Changed {
    pub(super) version: i32,
    pub(super) list: String,
    /// None for a new row.
    pub(super) old: Option<Values>,
    /// None for a deleted row.
    pub(super) new: Option<Values>,
}

/// Writes the trace of a change.
pub(super) async fn record(w: &Work, entity: Uuid, row: Uuid, changed: &Changed) -> Result<(), ServiceError> {
    crate::audit::record(w, CHANGED, Some(entity), row.to_string(), changed).await
}

/// Changes of a row, newest first.
pub(super) struct Since(Vec<(audit::Model, Changed)>);

impl Since {
    /// Those after version `from`.
    pub(super) async fn load(w: &Work, row: &list_row::Model, from: i32) -> Result<Self, ServiceError> {
        let mut sql = Sql::new("SELECT * FROM audit WHERE entity_id = ");
        sql.bind(row.entity_id)
            .push_bind(" AND kind = ", CHANGED)
            .push_bind(" AND object = ", row.id.to_string())
            .push(" ORDER BY at DESC, id DESC LIMIT 500");
        let saved: Vec<audit::Model> = sql.all(&w.tx).await?;
        let read = |row: audit::Model| {
            let changed: Changed = serde_json::from_str(&row.data).unwrap_or_default();
            (changed.version > from).then_some((row, changed))
        };
        Ok(Self(saved.into_iter().filter_map(read).collect()))
    }

    /// The values of the row in version `from`: what the first change after it found.
    pub(super) fn base(&self, from: i32) -> Option<Values> {
        self.0.iter().find(|(_, changed)| changed.version == from + 1).and_then(|(_, changed)| changed.old.clone())
    }

    /// Refuses what changes the same fields to other values.
    pub(super) async fn refuse(
        &self,
        w: &Work,
        row: &list_row::Model,
        base: &Values,
        yours: &Values,
    ) -> Result<(), ServiceError> {
        let (base, stored) = (base.fields(), Values::of(row).fields());
        let mut conflicts = Vec::new();
        for (field, yours) in yours.fields() {
            let theirs = stored.get(&field).cloned().unwrap_or(Value::Null);
            let before = base.get(&field);
            if Some(&yours) == before || Some(&theirs) == before || yours == theirs {
                continue;
            }
            let Some((saved, _)) = self.0.iter().find(|(_, changed)| touches(changed, &field)) else { continue };
            let actor = settings::author(w, saved.user_id).await?;
            conflicts.push(FieldConflict {
                field,
                yours,
                theirs,
                by: saved.user_id.map(|_| actor.name.clone()),
                actor,
                at: moment(saved.at, w.actor().zone).as_str().to_owned(),
            });
        }
        if conflicts.is_empty() {
            return Ok(());
        }
        Err(AppError::Conflict { version: row.version, conflicts }.into())
    }
}

fn touches(changed: &Changed, field: &str) -> bool {
    let value = |values: &Option<Values>| values.as_ref().and_then(|values| values.fields().remove(field));
    value(&changed.old) != value(&changed.new)
}

/// The trace of a row that was made, changed or deleted.
pub(super) fn changed(list: List, version: i32, old: Option<Values>, new: Option<Values>) -> Changed {
    Changed { version, list: list.as_str().to_owned(), old, new }
}

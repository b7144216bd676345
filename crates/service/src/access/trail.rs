//! What a change leaves in the audit log, and what the log says about changes since a version (T-GEN-07).
//!
//! Values of people are not kept: an account that is anonymised leaves no name behind here.

use domain::error::AppError;
use entity::audit;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::conflict::{self, Difference};
use crate::error::ServiceError;
use crate::people;
use crate::sql::Sql;
use crate::work::Work;

/// What a version of an object changed; rows of the own profile have the same form.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Changed {
    /// The new version.
    pub(super) version: i32,
    /// Names of the fields.
    pub(super) fields: Vec<String>,
    /// What else is worth keeping: ids and literal names.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub(super) data: Value,
}

impl Changed {
    /// A change of some fields.
    pub(super) fn fields(version: i32, changes: &[Difference]) -> Self {
        let fields = changes.iter().map(|(field, ..)| (*field).to_owned()).collect();
        Self { version, fields, data: Value::Null }
    }

    /// A change that is not about fields.
    pub(super) const fn whole(version: i32) -> Self {
        Self { version, fields: Vec::new(), data: Value::Null }
    }

    /// The same with what else is worth keeping.
    pub(super) fn with(self, data: Value) -> Self {
        Self { data, ..self }
    }
}

/// Writes who did what to which object.
pub(super) async fn record(
    w: &Work,
    kind: &str,
    entity: Option<Uuid>,
    object: Uuid,
    changed: &Changed,
) -> Result<(), ServiceError> {
    crate::audit::record(w, kind, entity, object.to_string(), changed).await
}

/// The newest row of one kind about an object.
pub(super) async fn last(
    connection: &impl sea_orm::ConnectionTrait,
    kind: &str,
    object: Uuid,
) -> Result<Option<Changed>, ServiceError> {
    let mut sql = Sql::new("SELECT data FROM audit WHERE object = ");
    sql.bind(object.to_string()).push_bind(" AND kind = ", kind).push(" ORDER BY at DESC, id DESC LIMIT 1");
    let data: Option<String> = sql.scalar(connection).await?;
    Ok(data.map(|data| serde_json::from_str(&data).unwrap_or_default()))
}

/// Refuses fields that this save changes and another save changed since `from` to another value.
pub(super) async fn refuse_conflicts(
    w: &Work,
    object: Uuid,
    (present, from): (i32, Option<i32>),
    changes: &[Difference],
) -> Result<(), ServiceError> {
    let Some(from) = from.filter(|from| *from < present) else { return Ok(()) };
    let mut sql = Sql::new("SELECT * FROM audit WHERE object = ");
    sql.bind(object.to_string()).push(" ORDER BY at DESC, id DESC LIMIT 500");
    let saved: Vec<audit::Model> = sql.all(&w.tx).await?;
    let since: Vec<(audit::Model, Changed)> = saved
        .into_iter()
        .map(|row| {
            let changed: Changed = serde_json::from_str(&row.data).unwrap_or_default();
            (row, changed)
        })
        .filter(|(_, changed)| changed.version > from)
        .collect();
    let mut conflicts = Vec::new();
    for (field, yours, theirs) in changes {
        let found = since.iter().find(|(_, changed)| changed.fields.iter().any(|name| name == field));
        let Some((row, _)) = found else { continue };
        let authors: Vec<Uuid> = row.user_id.into_iter().collect();
        let actor = people::actor_views(&w.tx, &authors, &[]).await?.author(row.user_id, true);
        conflicts.push(conflict::told(w, (*field, yours.clone(), theirs.clone()), row.user_id, actor, row.at).await?);
    }
    if conflicts.is_empty() { Ok(()) } else { Err(AppError::Conflict { version: present, conflicts }.into()) }
}

//! The audit log: who did what to which object, when, and in which entity (T-SET-05).
//!
//! Does not belong here: what a kind of rows keeps as its data (whoever writes it), reading the log (`access`).

use entity::audit;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::Serialize;
use uuid::Uuid;

use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::work::Work;

/// Writes a row about an act of the actor, in the transaction of the act.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn record(
    w: &Work,
    kind: &str,
    entity: Option<Uuid>,
    object: String,
    data: &impl Serialize,
) -> Result<(), ServiceError> {
    audit::ActiveModel {
        id: Set(new_id()),
        at: Set(w.now()),
        // The system has no id.
        user_id: Set(w.actor().account()),
        entity_id: Set(entity),
        kind: Set(kind.to_owned()),
        object: Set(object),
        data: Set(serde_json::to_string(data)?),
    }
    .insert(&w.tx)
    .await?;
    Ok(())
}

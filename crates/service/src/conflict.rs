//! A field that two people changed to different values, as both are told of it (T-GEN-07).

use domain::error::FieldConflict;
use domain::views::ActorView;
use serde_json::Value;
use uuid::Uuid;

use crate::documents;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::work::Work;

/// A field with the value of this save and the stored one.
pub(crate) type Difference = (&'static str, Value, Value);

/// Tells a difference: who changed the stored value (`by`, seen as `actor`) and when, files by their names.
pub(crate) async fn told(
    w: &Work,
    (field, yours, theirs): Difference,
    by: Option<Uuid>,
    actor: ActorView,
    at: i64,
) -> Result<FieldConflict, ServiceError> {
    Ok(FieldConflict {
        field: field.to_owned(),
        yours: documents::told(&w.tx, field, yours).await?,
        theirs: documents::told(&w.tx, field, theirs).await?,
        by: by.map(|_| actor.name.clone()),
        actor,
        at: moment(at, w.actor().zone).as_str().to_owned(),
    })
}

//! What is wrong with mails at present: a server that cannot be reached (M-TRN-04), templates that failed while mails were made
//! (M-CON-07).

use chrono_tz::Tz;
use domain::format::Moment;
use domain::mail::Unsent;
use domain::settings::Key;
use entity::mail_transport;
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult};
use uuid::Uuid;

use super::kind::Kind;
use crate::ctx::Services;
use crate::error::ServiceError;
use crate::moments::moment;
use crate::sql::Sql;

/// Since when the mail server cannot be reached, in UTC; `None` = it can, or there is none.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn failing_since(services: &Services) -> Result<Option<Moment>, ServiceError> {
    if services.mailer.is_none() {
        return Ok(None);
    }
    let state = mail_transport::Entity::find_by_id(1).one(services.db.reader()).await?;
    Ok(state.and_then(|state| state.failing_since).map(|at| moment(at, Tz::UTC)))
}

#[derive(Debug, FromQueryResult)]
struct Row {
    kind: String,
    at: i64,
}

/// When templates failed last for tickets of these entities, in seconds since 1970, by the setting that chose them; mails that
/// were sent again since do not count.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn template_failures(
    connection: &impl ConnectionTrait,
    entities: Vec<Uuid>,
) -> Result<Vec<(Key, i64)>, ServiceError> {
    let mut sql =
        Sql::new("SELECT o.kind, MAX(o.state_at) AS at FROM outbox o WHERE o.state = 'failed' AND o.answer = ");
    sql.bind(Unsent::TemplateFailed.as_str())
        .push(" AND o.entity_id IN ")
        .list(entities)
        .push(" AND NOT EXISTS (SELECT 1 FROM outbox n WHERE n.entry_id = o.entry_id AND n.address_key = o.address_key")
        .push(" AND n.id > o.id AND n.state = 'sent') GROUP BY o.kind");
    let rows: Vec<Row> = sql.all(connection).await?;
    Ok(rows.into_iter().filter_map(|row| Some((Kind::key_of(&row.kind)?, row.at))).collect())
}

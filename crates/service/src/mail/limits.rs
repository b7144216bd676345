//! How many automatic mails one address gets (M-LOP-01): looked at when one is about to leave.

use domain::mail::{RATE_OF_ADDRESS, RATES_OF_TICKET, is_too_often};
use entity::outbox;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::kind::Kind;
use crate::error::ServiceError;
use crate::sql::Sql;

#[derive(Debug, FromQueryResult)]
struct Sent {
    ticket_id: Option<Uuid>,
    state_at: i64,
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Whether a mail is one too many for its address, and has to stay.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn is_limited(
    connection: &impl ConnectionTrait,
    row: &outbox::Model,
    now: i64,
) -> Result<bool, ServiceError> {
    if !Kind::read(&row.kind).is_some_and(Kind::is_automatic) {
        return Ok(false);
    }
    let (most, longest) = RATE_OF_ADDRESS;
    let mut sql = Sql::new("SELECT ticket_id, state_at FROM outbox WHERE state = 'sent' AND address_key = ");
    sql.bind(row.address_key.clone())
        .push_bind(" AND state_at > ", now - longest)
        .push(" AND kind IN ")
        .list(Kind::AUTOMATIC.map(Kind::as_str))
        // More would change nothing.
        .push_bind(" ORDER BY state_at DESC LIMIT ", most);
    let sent: Vec<Sent> = sql.all(connection).await?;
    let of_ticket = RATES_OF_TICKET.map(|(_, seconds)| {
        let is_within = |one: &&Sent| one.ticket_id == row.ticket_id && one.state_at > now - seconds;
        number(sent.iter().filter(is_within).count())
    });
    Ok(is_too_often(of_ticket, number(sent.len())))
}

//! When a solved ticket closes by itself (T-SOL-10).

use domain::error::{AppError, Code};
use domain::settings::Key;
use domain::solution::{AutoClose, Way};
use domain::views::FieldChange;
use entity::ticket;
use uuid::Uuid;

use crate::calendars;
use crate::error::ServiceError;
use crate::history::{self, Record};
use crate::sql::Sql;
use crate::work::Work;

/// The instant at which a ticket closes that waits for its answer from now on; later changes of the setting do not move it.
///
/// # Errors
/// `Unavailable` when the database is away.
pub(crate) async fn due(w: &Work, ticket: &ticket::Model) -> Result<Option<i64>, ServiceError> {
    let path = w.actor().path_of(ticket.entity_id);
    let settings = w.settings(&path).await?;
    let AutoClose::After(days) = AutoClose::read(settings.text(Key::AutoCloseDays)) else { return Ok(None) };
    let zone = w.actor().entity_zone(ticket.entity_id);
    let time = calendars::of_settings(&w.tx, &settings, &path, zone).await?;
    Ok(Some(time.add_days(w.now(), days)))
}

/// What the event of a closing says: the way, and of an automatic one the delay in days (T-STA-22).
pub(crate) fn told(way: Way, days: Option<i64>) -> Vec<FieldChange> {
    let change = |field: &str, new: String| FieldChange { field: field.to_owned(), old: String::new(), new };
    let mut out = vec![change("way", way.as_str().to_owned())];
    out.extend(days.map(|days| change("delay", days.to_string())));
    out
}

/// What a validation keeps from being solved or closed by itself is tried again after so many seconds: a day.
const AGAIN: i64 = 86_400;

/// Whether a validation is in the way (T-VAL-08).
pub(crate) fn is_blocked(error: &ServiceError) -> bool {
    matches!(error.public, AppError::Refused { code: Code::ValidationBlocks, .. })
}

/// What keeps a ticket from being closed and is no validation is tried again after so many seconds: an hour.
const SOON: i64 = 3_600;

/// `since` of a row without a validation: no event tells of it.
const UNTOLD: i64 = 0;

/// A validation stands in the way of what the system would do by itself: the event once, the next try a day later (T-PEN-06,
/// T-SOL-11).
pub(crate) async fn put_off(w: &Work, ticket: Uuid) -> Result<(), ServiceError> {
    let again = w.now() + AGAIN;
    let mut sql = Sql::new("UPDATE closing_block SET retry_at = ");
    sql.bind(again).push_bind(" WHERE ticket_id = ", ticket).push_bind(" AND since > ", UNTOLD);
    if sql.run(&w.tx).await?.rows_affected() > 0 {
        return Ok(());
    }
    wait(w, ticket, w.now(), again).await?;
    history::record(w, ticket, Record { kind: "closing_blocked", automatic: true, ..Record::default() }).await
}

/// A ticket that cannot be closed for another reason lets others go first: the next try is an hour later, and no event tells of
/// it.
pub(crate) async fn postpone(w: &Work, ticket: Uuid) -> Result<(), ServiceError> {
    wait(w, ticket, UNTOLD, w.now() + SOON).await
}

async fn wait(w: &Work, ticket: Uuid, since: i64, again: i64) -> Result<(), ServiceError> {
    let mut sql = Sql::new("INSERT INTO closing_block (ticket_id, since, retry_at) VALUES (");
    sql.bind(ticket).push_bind(", ", since).push_bind(", ", again);
    sql.push(") ON CONFLICT (ticket_id) DO UPDATE SET since = excluded.since, retry_at = excluded.retry_at");
    sql.run(&w.tx).await?;
    Ok(())
}

/// Its status is another one, by whomever: what was in the way is forgotten, so that the next time has its own event and no delay.
pub(crate) async fn go_on(w: &Work, ticket: Uuid) -> Result<(), ServiceError> {
    let mut sql = Sql::new("DELETE FROM closing_block WHERE ticket_id = ");
    sql.bind(ticket).run(&w.tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_sta_22_the_event_names_way_and_delay() {
        let named = |changes: Vec<FieldChange>| -> Vec<(String, String)> {
            changes.into_iter().map(|change| (change.field, change.new)).collect()
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(named(told(Way::ByHand, None)), [pair("way", "by_hand")]);
        assert_eq!(named(told(Way::Automatic, Some(7))), [pair("way", "automatic"), pair("delay", "7")]);
    }
}

//! What stays of mails: rows that were sent, or are final, are removed after 90 days; their state on the entry stays (M-DLV-08).

use std::collections::BTreeMap;

use domain::mail::{KEPT_FOR, MailState};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use super::kind::Kind;
use crate::db::Db;
use crate::error::ServiceError;
use crate::sql::Sql;

/// What is known of the mails of an entry whose rows are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Past {
    /// The worst of their states (M-DLV-04).
    pub(crate) worst: MailState,
    /// One of them was sent to the requester side.
    pub(crate) sent: bool,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    entry_id: Uuid,
    worst: i32,
    sent: bool,
}

/// How bad a state is: its place among all.
fn rank(state: MailState) -> i32 {
    MailState::ALL.into_iter().position(|known| known == state).and_then(|at| i32::try_from(at).ok()).unwrap_or(0)
}

/// The state of a rank; what is out of range is the worst.
fn state(rank: i32) -> MailState {
    let at = usize::try_from(rank).unwrap_or(usize::MAX);
    MailState::ALL.get(at).copied().unwrap_or(MailState::Failed)
}

/// What is known of former mails of entries; one query.
pub(crate) async fn of_past(
    connection: &impl ConnectionTrait,
    entries: &[Uuid],
) -> Result<BTreeMap<Uuid, Past>, ServiceError> {
    if entries.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new("SELECT entry_id, worst, sent FROM mail_outcome WHERE entry_id IN ");
    let rows: Vec<Row> = sql.list(entries.iter().copied()).all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.entry_id, Past { worst: state(row.worst), sent: row.sent })).collect())
}

/// Whether a mail of an entry has left whose row is gone.
pub(super) async fn has_left(connection: &impl ConnectionTrait, entry: Uuid) -> Result<bool, ServiceError> {
    let past = of_past(connection, &[entry]).await?;
    Ok(past.get(&entry).is_some_and(|past| past.sent || past.worst != MailState::Failed))
}

/// The state of an entry: the worst of its mails, of those whose rows are gone too.
pub(crate) fn worst(present: Option<MailState>, past: Option<&Past>) -> Option<MailState> {
    MailState::worst(present.into_iter().chain(past.map(|past| past.worst)))
}

/// Removes rows that ended 90 days ago. What became of each entry's mails is written down first; who does both again, writes the
/// same.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn sweep(db: &Db, now: i64) -> Result<(), ServiceError> {
    let mut ended = Sql::new(" WHERE NOT is_open AND state_at <= ");
    ended.bind(now - KEPT_FOR);
    let mut sql = Sql::new(
        "INSERT INTO mail_outcome (entry_id, ticket_id, worst, sent) SELECT entry_id, ticket_id, MAX(CASE state",
    );
    for known in MailState::ALL {
        sql.push(" WHEN '").push(known.as_str()).push("' THEN ").push(&rank(known).to_string());
    }
    sql.push(" ELSE ").push(&rank(MailState::Failed).to_string());
    sql.push(" END), MAX(CASE WHEN state = 'sent' AND kind IN ").list(Kind::TO_REQUESTERS.map(Kind::as_str));
    sql.push(" THEN 1 ELSE 0 END) = 1 FROM outbox").append(&ended);
    sql.push(" AND ticket_id IS NOT NULL AND kind IN ").list(Kind::OF_ENTRIES.map(Kind::as_str));
    sql.push(" GROUP BY entry_id, ticket_id ON CONFLICT (entry_id) DO UPDATE SET worst = CASE WHEN excluded.worst > mail_outcome.worst")
        .push(" THEN excluded.worst ELSE mail_outcome.worst END, sent = (mail_outcome.sent OR excluded.sent)");
    sql.run(db.writer()).await?;
    let mut sql = Sql::new("DELETE FROM outbox");
    sql.append(&ended).run(db.writer()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m_dlv_08_a_state_is_kept_as_its_place_among_all() {
        for known in MailState::ALL {
            assert_eq!(state(rank(known)), known);
        }
        assert_eq!((state(-1), state(9)), (MailState::Failed, MailState::Failed));
        let past = Past { worst: MailState::Sent, sent: true };
        assert_eq!(worst(None, Some(&past)), Some(MailState::Sent));
        assert_eq!(worst(Some(MailState::Queued), Some(&past)), Some(MailState::Queued));
        assert_eq!(worst(None, None), None);
    }
}

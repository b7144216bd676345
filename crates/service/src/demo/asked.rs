//! What requesters of the demo desk said after closing, and the timers of tickets that wait.

use domain::survey::SurveyState;
use domain::ticket::Status;
use entity::{survey, ticket, ticket_actor};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait};

use crate::ctx::new_id;
use crate::error::ServiceError;
use crate::sql::Sql;
use crate::tickets::status_of;

/// Scores and comments, one after another.
const ANSWERS: [(i32, &str); 5] = [
    (5, "Solved before lunch, thank you!"),
    (4, "Fast. I would have liked to know when somebody comes."),
    (5, ""),
    (2, "It took three visits until it worked."),
    (4, ""),
];
/// Seconds from closing to the answer.
const LATER: i64 = 3 * 3_600;
/// Seconds a survey is open.
const LIFE: i64 = 30 * 86_400;

/// Writes both; the rows of the tickets are there already.
pub(super) async fn insert(
    tx: &impl ConnectionTrait,
    tickets: &[ticket::Model],
    actors: &[ticket_actor::Model],
) -> Result<(), ServiceError> {
    let closed = tickets.iter().filter(|ticket| status_of(ticket) == Status::Closed);
    for (ticket, (score, comment)) in closed.zip(ANSWERS.iter().cycle()) {
        let requester = |row: &&ticket_actor::Model| row.ticket_id == ticket.id && row.role == "requester";
        let person = actors.iter().filter(requester).find_map(|row| row.user_id);
        let (Some(person), Some(closed_at)) = (person, ticket.closed_at) else { continue };
        survey::ActiveModel {
            id: Set(new_id()),
            ticket_id: Set(ticket.id),
            state: Set(SurveyState::Answered.as_str().to_owned()),
            sent_at: Set(closed_at),
            expires_at: Set(closed_at + LIFE),
            score: Set(Some(*score)),
            comment: Set((*comment).to_owned()),
            answered_at: Set(Some(closed_at + LATER)),
            answered_by_id: Set(Some(person)),
            answered_by_key: Set(None),
            answered_by_name: Set(None),
            changed_at: Set(Some(closed_at + LATER)),
        }
        .insert(tx)
        .await?;
    }
    let timers = Sql::new(
        "INSERT INTO pending_timer (ticket_id, reason_id, reminders) SELECT id, pending_reason_id, 0 FROM ticket \
         WHERE status = 'pending' AND pending_reason_id IS NOT NULL",
    );
    timers.run(tx).await?;
    Ok(())
}

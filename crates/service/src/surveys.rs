//! The satisfaction survey after closing (T-SRV-01, T-SRV-02): asked with the closing, answered in My requests or by a link
//! without sign-in, taken back by reopening.
//!
//! Does not belong here: until when an answer counts (`domain::survey`), what the mail looks like (`mail`).

mod answer;
mod ask;
mod link;
mod read;

use domain::survey::{Stand, SurveyState};
use entity::survey;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::error::ServiceError;
use crate::tickets::Loaded;

pub use answer::answer;
pub(crate) use ask::{ask, take_back};
pub(crate) use link::address;
pub use link::{answer_by_link, by_link};
pub(crate) use read::may_answer;
pub use read::{get, of_ticket, portal};

/// Kind of the entry in mails, events and history.
pub(crate) const KIND: &str = "survey";

/// Whether somebody who sees a ticket sees its survey: agents, and who is asked (T-SRV-02); observers are not.
pub(crate) fn sees(loaded: &Loaded) -> bool {
    loaded.is_agent() || loaded.facts.requester_side
}

/// State of a row.
pub(crate) fn state_of(row: &survey::Model) -> SurveyState {
    row.state.parse().unwrap_or(SurveyState::Withdrawn)
}

/// Whether nobody has answered, and nothing was taken back.
pub(crate) fn is_open(row: &survey::Model) -> bool {
    state_of(row) == SurveyState::Open
}

/// How a survey stands to somebody.
fn stand(row: &survey::Model, is_mine: bool) -> Stand {
    Stand { state: state_of(row), expires_at: row.expires_at, answered_at: row.answered_at, is_mine }
}

/// The surveys of a ticket, newest first.
async fn all(connection: &impl ConnectionTrait, ticket: Uuid) -> Result<Vec<survey::Model>, ServiceError> {
    Ok(survey::Entity::find()
        .filter(survey::Column::TicketId.eq(ticket))
        .order_by_desc(survey::Column::SentAt)
        .order_by_desc(survey::Column::Id)
        .all(connection)
        .await?)
}

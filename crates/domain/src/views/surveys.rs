//! The survey after closing.

use serde::{Deserialize, Serialize};

use super::ActorView;
use crate::error::Code;
use crate::format::Moment;
use crate::survey::SurveyState;

/// The survey of the last closing of a ticket (T-SRV-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyView {
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// What became of it.
    pub state: SurveyState,
    /// When people were asked.
    pub sent_at: Moment,
    /// Last second of its life.
    pub expires_at: Moment,
    /// 0 to 5; absent without answer.
    pub score: Option<u8>,
    /// Empty without one.
    pub comment: String,
    /// When it was answered first.
    pub answered_at: Option<Moment>,
    /// The reader may change his answer up to here; absent once he may not.
    pub changes_until: Option<Moment>,
    /// Who did, for agents; the requester side knows of itself only.
    pub answered_by: Option<ActorView>,
    /// The reader is an agent in the ticket's entity.
    pub agent: bool,
    /// The reader gave the answer.
    pub is_mine: bool,
    /// Why the reader may not answer, or change his answer, now; absent = he may.
    pub off: Option<Code>,
    /// Surveys of earlier closings, newest first, for agents.
    pub earlier: Vec<SurveyView>,
}

/// The surveys of a ticket for its agents' page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketSurveys {
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Newest first.
    pub surveys: Vec<SurveyView>,
}

/// What whoever opens the link of a mail reads; without texts once nothing can be answered any more (T-SOL-08).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyLinkView {
    /// Number of the ticket.
    pub number: i64,
    /// Its title; empty once the link is over.
    pub title: String,
    /// The score that was given by this person, as long as it may be changed.
    pub score: Option<u8>,
    /// The comment of it.
    pub comment: String,
    /// The answer may be changed up to here; absent without one.
    pub changes_until: Option<Moment>,
    /// When it was answered, by whomever.
    pub answered_at: Option<Moment>,
    /// The ticket was reopened meanwhile.
    pub is_reopened: bool,
    /// Why nothing can be answered; absent = it can.
    pub off: Option<Code>,
}

//! The satisfaction survey after closing (T-SRV-01, T-SRV-02): what an answer may be, and until when there can be one.
//!
//! Belongs here: states and limits. Does not belong here: who is asked, links and mails (`service::surveys`).

#[cfg(test)]
mod tests;

use crate::error::Code;
use crate::text::length;
use crate::ticket::words;

/// The best score; the worst is 0.
pub const SCORE_MAX: u8 = 5;
/// Longest comment, in characters.
pub const COMMENT_MAX: usize = 5_000;
/// Seconds in which an answer may be changed by whoever gave it.
pub const CHANGE_WITHIN: i64 = 12 * 3_600;

words! {
    /// What became of a survey.
    pub enum SurveyState {
        /// Nobody has answered.
        Open => "open",
        /// Somebody has.
        Answered => "answered",
        /// The ticket was reopened before anybody answered.
        Withdrawn => "withdrawn",
        /// The ticket was reopened after the answer: it counts no more.
        Superseded => "superseded",
    }
}

/// A survey as somebody finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Its state.
    pub state: SurveyState,
    /// Last second of its life.
    pub expires_at: i64,
    /// When it was answered first.
    pub answered_at: Option<i64>,
    /// Whoever asks gave that answer.
    pub is_mine: bool,
}

impl Stand {
    /// Whether it may be answered now, or the answer changed (T-SRV-02).
    ///
    /// # Errors
    /// `SurveyClosed` once somebody else answered, twelve hours after one's own answer, and when the ticket was reopened;
    /// `SurveyExpired` after its life.
    pub fn check(&self, now: i64) -> Result<(), Code> {
        match self.state {
            SurveyState::Open if now <= self.expires_at => Ok(()),
            SurveyState::Open => Err(Code::SurveyExpired),
            SurveyState::Answered if self.is_mine && self.answered_at.is_some_and(|at| now < at + CHANGE_WITHIN) => {
                Ok(())
            }
            SurveyState::Answered | SurveyState::Withdrawn | SurveyState::Superseded => Err(Code::SurveyClosed),
        }
    }
}

/// A score as it is typed.
///
/// # Errors
/// `Required` for none, `Invalid` for what is no whole number, `OutOfRange` outside of 0..5.
pub fn score(typed: &str) -> Result<u8, Code> {
    match typed.trim() {
        "" => Err(Code::Required),
        text => {
            let number: i64 = text.parse().map_err(|_not_a_number| Code::Invalid)?;
            u8::try_from(number).ok().filter(|number| *number <= SCORE_MAX).ok_or(Code::OutOfRange)
        }
    }
}

/// A comment, already without what no text may hold; empty = none.
///
/// # Errors
/// `TooLong` above [`COMMENT_MAX`] characters.
pub fn comment(clean: &str) -> Result<String, Code> {
    let comment = clean.trim();
    if length(comment) > COMMENT_MAX { Err(Code::TooLong) } else { Ok(comment.to_owned()) }
}

//! Validations: named people agree to a request before it goes on (tickets.md section 14).
//!
//! Belongs here: what answers make of a request, and requests of a ticket; limits. Does not belong here: who may ask and answer
//! (`policy`), who sees a ticket because he is named (`service::scope`), storing (`service`).

#[cfg(test)]
mod tests;

use crate::error::Code;
use crate::text;
use crate::ticket::words;

/// Most targets of one request (T-VAL-01).
pub const TARGETS_MAX: usize = 20;
/// Longest comment of an answer, in characters (T-VAL-02).
pub const COMMENT_MAX: usize = 10_000;
/// Seconds a named approver may read a ticket that is over: 30 days (T-VAL-07).
pub const SIGHT: i64 = 30 * 86_400;

words! {
    /// What a target says (T-VAL-02).
    pub enum Answer {
        /// Yes.
        Granted => "granted",
        /// No.
        Refused => "refused",
    }
}

words! {
    /// Where a request stands (T-VAL-03).
    pub enum State {
        /// Answers are missing.
        Waiting => "waiting",
        /// Enough targets agreed.
        Granted => "granted",
        /// Too many targets refused.
        Refused => "refused",
    }
}

words! {
    /// Where a ticket stands by its requests (T-VAL-04).
    #[derive(Default)]
    pub enum Standing {
        /// Nobody was asked.
        #[default]
        None => "none",
        /// A request waits.
        Waiting => "waiting",
        /// Every request is granted.
        Granted => "granted",
        /// A request is refused.
        Refused => "refused",
    }
}

impl Standing {
    /// Whether solving and closing wait while the setting `validation.blocks_solving` is on (T-VAL-08).
    #[must_use]
    pub const fn blocks(self) -> bool {
        matches!(self, Self::Waiting | Self::Refused)
    }
}

/// Reads the percentage of targets that must agree: 0 to 100; empty = 0, the first answer decides (T-VAL-01).
///
/// # Errors
/// `Invalid` for what is no whole number, `OutOfRange` outside 0 to 100.
pub fn percent(typed: &str) -> Result<u8, Code> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(0);
    }
    let is_number = typed.strip_prefix('-').unwrap_or(typed).bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || typed == "-" {
        return Err(Code::Invalid);
    }
    typed.parse::<u8>().ok().filter(|percent| *percent <= 100).ok_or(Code::OutOfRange)
}

/// The comment of an answer, normalised before: needed to refuse (T-VAL-02).
///
/// # Errors
/// `Required` for a refusal without words, `TooLong` above 10 000 characters.
pub fn comment(answer: Answer, typed: String) -> Result<String, Code> {
    if text::length(&typed) > COMMENT_MAX {
        Err(Code::TooLong)
    } else if answer == Answer::Refused && typed.trim().is_empty() {
        Err(Code::Required)
    } else {
        Ok(typed)
    }
}

/// Where a request stands by its answers, which are in the order they were given; `targets` were asked, and `percent` of them
/// have to agree (T-VAL-03).
#[must_use]
pub fn state(answers: &[Answer], targets: usize, percent: u8) -> State {
    if percent == 0 {
        return match answers.first() {
            None => State::Waiting,
            Some(Answer::Granted) => State::Granted,
            Some(Answer::Refused) => State::Refused,
        };
    }
    let granted = answers.iter().filter(|answer| **answer == Answer::Granted).count();
    let refused = answers.len() - granted;
    let needed = usize::from(percent) * targets;
    if 100 * granted >= needed {
        State::Granted
    } else if 100 * targets.saturating_sub(refused) < needed {
        State::Refused
    } else {
        State::Waiting
    }
}

/// Where a ticket stands by its requests that are neither withdrawn nor replaced (T-VAL-04).
#[must_use]
pub fn standing(requests: impl IntoIterator<Item = State>) -> Standing {
    let worst = |so_far: Standing, state: State| match (so_far, state) {
        (Standing::Refused, _) | (_, State::Refused) => Standing::Refused,
        (Standing::Waiting, _) | (_, State::Waiting) => Standing::Waiting,
        (_, State::Granted) => Standing::Granted,
    };
    requests.into_iter().fold(Standing::None, worst)
}

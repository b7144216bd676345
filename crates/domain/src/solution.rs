//! Solutions and the three ways in which a ticket is closed (T-SOL): what a solution may be, how long an answer is waited for.
//!
//! Belongs here: words and limits. Does not belong here: who may answer (`policy`), what a status becomes (`ticket::machine`), which
//! day is so many working days later (`calendar`), storing and mailing (`service`).

use crate::error::Code;
use crate::text;
use crate::ticket::machine::Trigger;
use crate::ticket::words;

/// Longest comment of an approval and longest reason of a refusal, in characters (T-SOL-07).
pub const COMMENT_MAX: usize = 10_000;
/// A signed link is good for at most so many seconds: 30 days (T-SOL-08).
pub const LINK_LIFE: i64 = 30 * 86_400;

words! {
    /// What became of a solution (T-SOL-01).
    #[derive(Default)]
    pub enum SolutionState {
        /// Nobody has answered it.
        #[default]
        Waiting => "waiting",
        /// Approved by the requester side, or by the system where nobody is waited for (T-STA-16).
        Accepted => "accepted",
        /// Refused, or the ticket was opened again.
        Refused => "refused",
    }
}

words! {
    /// The answer of the requester side (T-SOL-07).
    #[derive(Default)]
    pub enum Answer {
        /// It works (T-STA-18).
        #[default]
        Approve => "approve",
        /// Not solved (T-STA-19).
        Refuse => "refuse",
    }
}

impl Answer {
    /// What it is to the state machine.
    #[must_use]
    pub const fn trigger(self) -> Trigger {
        match self {
            Self::Approve => Trigger::Approve,
            Self::Refuse => Trigger::Refuse,
        }
    }

    /// What the solution is afterwards.
    #[must_use]
    pub const fn state(self) -> SolutionState {
        match self {
            Self::Approve => SolutionState::Accepted,
            Self::Refuse => SolutionState::Refused,
        }
    }

    /// The field of its text, as the API and refusals name it.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Approve => "comment",
            Self::Refuse => "reason",
        }
    }

    /// The text that comes with it, normalised before: a comment may be empty, a reason may not.
    ///
    /// # Errors
    /// `Required` for a refusal without a reason, `TooLong` above [`COMMENT_MAX`] characters.
    pub fn check(self, text: &str) -> Result<String, Code> {
        let text = text.trim();
        if text.is_empty() && self == Self::Refuse {
            Err(Code::Required)
        } else if text::length(text) > COMMENT_MAX {
            Err(Code::TooLong)
        } else {
            Ok(text.to_owned())
        }
    }
}

words! {
    /// How a ticket was closed: what its event says (T-HIS).
    pub enum Way {
        /// The requester side approved (T-STA-18).
        Requester => "requester",
        /// An agent closed it (T-STA-20, 21).
        ByHand => "by_hand",
        /// Nobody answered in time, or nobody is waited for (T-STA-16, 22).
        Automatic => "automatic",
    }
}

words! {
    /// What solving does with tasks that are still open (T-SOL-02).
    #[derive(Default)]
    pub enum OpenTasks {
        /// They stay as they are.
        #[default]
        Keep => "keep",
        /// They are done.
        Done => "done",
    }
}

words! {
    /// Linked tickets that are solved along (T-LNK-05).
    pub enum Cascade {
        /// Duplicates of this ticket.
        Duplicates => "duplicates",
        /// Open children.
        Children => "children",
    }
}

/// Setting `auto_close_days` (T-SOL-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoClose {
    /// A ticket waits for its answer as long as it takes.
    Never,
    /// Solving closes (T-STA-16).
    AtOnce,
    /// It closes by itself after so many days, working days where there is a calendar.
    After(u32),
}

impl AutoClose {
    /// Reads the stored value; what is none counts as `never`.
    #[must_use]
    pub fn read(value: &str) -> Self {
        match value.trim().parse::<u32>() {
            Ok(0) => Self::AtOnce,
            Ok(days) => Self::After(days),
            Err(_never) => Self::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_sol_10_the_setting_is_never_at_once_or_a_number_of_days() {
        let cases = [
            ("never", AutoClose::Never),
            ("", AutoClose::Never),
            ("0", AutoClose::AtOnce),
            ("1", AutoClose::After(1)),
            ("99", AutoClose::After(99)),
        ];
        for (value, expected) in cases {
            assert_eq!(AutoClose::read(value), expected, "{value}");
        }
    }

    #[test]
    fn t_sol_07_a_refusal_says_why_and_an_approval_may() {
        let longest = "ã".repeat(COMMENT_MAX);
        let cases = [
            (Answer::Approve, " ", Ok(String::new())),
            (Answer::Approve, " fine ", Ok("fine".to_owned())),
            (Answer::Refuse, "\n", Err(Code::Required)),
            (Answer::Refuse, "no", Ok("no".to_owned())),
            (Answer::Refuse, longest.as_str(), Ok(longest.clone())),
        ];
        for (answer, text, expected) in cases {
            assert_eq!(answer.check(text), expected, "{answer}");
        }
        let longer = longest + "x";
        for answer in Answer::ALL {
            assert_eq!(answer.check(&longer), Err(Code::TooLong));
        }
        assert_eq!((Answer::Approve.field(), Answer::Refuse.field()), ("comment", "reason"));
    }

    #[test]
    fn t_sol_01_words_on_the_wire_are_those_of_the_specification() {
        let states: Vec<&str> = SolutionState::ALL.iter().copied().map(SolutionState::as_str).collect();
        assert_eq!(states, ["waiting", "accepted", "refused"]);
        assert_eq!(Answer::Refuse.state(), SolutionState::Refused);
        assert_eq!((Answer::Approve.trigger(), Answer::Refuse.trigger()), (Trigger::Approve, Trigger::Refuse));
        assert_eq!((OpenTasks::default().as_str(), Way::ByHand.as_str()), ("keep", "by_hand"));
        assert_eq!("children".parse::<Cascade>(), Ok(Cascade::Children));
    }
}

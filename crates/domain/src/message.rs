//! Messages between the service side and the requester side (T-MSG): plain text, never private, never changed.
//!
//! Belongs here: the text rule, and when one may be sent. Does not belong here: who stands on which side (`policy`), storing
//! and mailing (`service`).

use serde::{Deserialize, Serialize};

use crate::error::Code;
use crate::text;
use crate::ticket::Side;

/// Longest message in characters (P-MSG-01).
pub const TEXT_MAX: usize = 10_000;

/// Whether a text, normalised before, can be a message.
///
/// # Errors
/// `Required` without anything to read, `TooLong` above 10 000 characters.
pub fn check(text: String) -> Result<String, Code> {
    if text.trim().is_empty() {
        Err(Code::Required)
    } else if text::length(&text) > TEXT_MAX {
        Err(Code::TooLong)
    } else {
        Ok(text)
    }
}

/// Why no message can be sent now, in the order of T-GEN-02: right, settings, state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Off {
    /// The right to add occurrences is missing (T-MSG-01).
    Forbidden,
    /// Setting `messages.enabled` (299).
    Disabled,
    /// Setting `messages.reply`: messages are read-only for the requester side.
    NoReply,
    /// Closed, cancelled, merged or in the trash (T-STA-29).
    Over,
    /// The requester side begins only when somebody is assigned (T-MSG-03).
    NobodyAssigned,
}

/// What decides whether somebody on one of the two sides may send a message now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sending {
    /// His side: service or requester.
    pub side: Side,
    /// He may add occurrences on this ticket.
    pub has_right: bool,
    /// Setting `messages.enabled`.
    pub is_enabled: bool,
    /// Setting `messages.reply`.
    pub may_reply: bool,
    /// The ticket takes no more entries.
    pub is_over: bool,
    /// Somebody is assigned.
    pub has_assignee: bool,
    /// The service side wrote before, so this is an answer.
    pub is_answer: bool,
}

impl Sending {
    /// Why not; `None` = he may (T-MSG-01, T-MSG-03).
    #[must_use]
    pub const fn off(self) -> Option<Off> {
        let is_requester = matches!(self.side, Side::Requester);
        if !self.has_right {
            Some(Off::Forbidden)
        } else if !self.is_enabled {
            Some(Off::Disabled)
        } else if is_requester && !self.may_reply {
            Some(Off::NoReply)
        } else if self.is_over {
            Some(Off::Over)
        } else if is_requester && !self.is_answer && !self.has_assignee {
            Some(Off::NobodyAssigned)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Sending = Sending {
        side: Side::Requester,
        has_right: true,
        is_enabled: true,
        may_reply: true,
        is_over: false,
        has_assignee: true,
        is_answer: true,
    };

    #[test]
    fn p_msg_01_a_message_has_1_to_10_000_characters() {
        let longest = "ã".repeat(TEXT_MAX);
        let cases = [
            (String::new(), Err(Code::Required)),
            (" \n\t".to_owned(), Err(Code::Required)),
            ("ok".to_owned(), Ok("ok".to_owned())),
            (longest.clone(), Ok(longest.clone())),
            (longest + "x", Err(Code::TooLong)),
        ];
        for (typed, expected) in cases {
            assert_eq!(check(typed), expected);
        }
    }

    #[test]
    fn t_msg_01_the_service_side_needs_the_right_the_setting_and_an_open_ticket() {
        let service = Sending { side: Side::Service, has_assignee: false, is_answer: false, may_reply: false, ..ALL };
        let cases = [
            (service, None),
            (Sending { has_right: false, is_enabled: false, ..service }, Some(Off::Forbidden)),
            (Sending { is_enabled: false, is_over: true, ..service }, Some(Off::Disabled)),
            (Sending { is_over: true, ..service }, Some(Off::Over)),
        ];
        for (sending, expected) in cases {
            assert_eq!(sending.off(), expected, "{sending:?}");
        }
    }

    #[test]
    fn t_msg_03_the_requester_side_answers_and_begins_when_somebody_is_assigned() {
        let cases = [
            (ALL, None),
            (Sending { has_assignee: false, ..ALL }, None),
            (Sending { is_answer: false, ..ALL }, None),
            (Sending { is_answer: false, has_assignee: false, ..ALL }, Some(Off::NobodyAssigned)),
            (Sending { may_reply: false, is_over: true, ..ALL }, Some(Off::NoReply)),
            (Sending { is_enabled: false, may_reply: false, ..ALL }, Some(Off::Disabled)),
            (Sending { is_over: true, is_answer: false, has_assignee: false, ..ALL }, Some(Off::Over)),
        ];
        for (sending, expected) in cases {
            assert_eq!(sending.off(), expected, "{sending:?}");
        }
    }
}

//! The chat of a ticket (T-CHT): its spans of time, and when somebody who is away gets his unread lines by mail.
//!
//! Belongs here: pure rules about moments, in seconds since 1970. Does not belong here: the text of a line, which is that of a
//! message (`message`), who stands on which side (`policy`), storing and telling (`service`).

use serde::{Deserialize, Serialize};

/// A chat without a line for so many seconds is over (T-CHT-03).
pub const IDLE_AFTER: i64 = 30 * 60;
/// Who had a stream open within so many seconds is here (T-CHT-02).
pub const ONLINE_FOR: i64 = 60;
/// Who gave a sign of typing within so many seconds is writing (T-CHT-02).
pub const TYPING_FOR: i64 = 5;
/// A line that was not read for so many seconds is mailed (T-CHT-05).
pub const UNREAD_FOR: i64 = 120;
/// One mail about chats per person in so many seconds (T-CHT-05).
pub const MAIL_PAUSE: i64 = 15 * 60;
/// What could not be mailed within so many seconds is too old to be (M-DLV-03 has the same span twice).
pub const MAIL_LATEST: i64 = 24 * 3_600;
/// Somebody who is here may leave without reading: he is looked at again after so many seconds.
pub const LOOK_AGAIN: i64 = 30;

/// Whether somebody is here, by when his stream was last seen open.
#[must_use]
pub const fn is_online(seen_at: i64, now: i64) -> bool {
    now - seen_at < ONLINE_FOR
}

/// Whether somebody is writing.
#[must_use]
pub const fn is_typing(typing_until: i64, now: i64) -> bool {
    typing_until > now
}

/// Whether a chat is over because nobody says anything.
#[must_use]
pub const fn is_idle(last_line_at: i64, now: i64) -> bool {
    now - last_line_at >= IDLE_AFTER
}

/// A line before somebody of the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// When it was said.
    pub sent_at: i64,
    /// He has read it, or somebody who stands for him.
    pub is_read: bool,
    /// It was mailed to him.
    pub is_mailed: bool,
    /// He has a stream open.
    pub is_online: bool,
    /// When he got his last mail about a chat.
    pub last_mail_at: Option<i64>,
}

/// What happens to such a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum OfflineMail {
    /// It is mailed now, with every other unread line.
    Now,
    /// It is looked at again at this moment.
    Later(i64),
    /// Nothing more.
    Never,
}

impl Unread {
    /// What happens to it now (T-CHT-05).
    #[must_use]
    pub fn offline_mail(self, now: i64) -> OfflineMail {
        let due = self.sent_at + UNREAD_FOR;
        let free = self.last_mail_at.map_or(now, |at| at + MAIL_PAUSE);
        if self.is_read || self.is_mailed || now - self.sent_at >= MAIL_LATEST {
            OfflineMail::Never
        } else if now < due {
            OfflineMail::Later(due)
        } else if self.is_online {
            OfflineMail::Later(now + LOOK_AGAIN)
        } else if now < free {
            OfflineMail::Later(free)
        } else {
            OfflineMail::Now
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_000_000;
    const LINE: Unread = Unread { sent_at: AT, is_read: false, is_mailed: false, is_online: false, last_mail_at: None };

    #[test]
    fn t_cht_02_who_had_a_stream_in_the_last_minute_is_here_and_a_sign_of_typing_lasts_five_seconds() {
        for (seconds, expected) in [(0, true), (59, true), (60, false), (3_600, false)] {
            assert_eq!(is_online(AT, AT + seconds), expected, "{seconds}");
        }
        for (seconds, expected) in [(0, true), (4, true), (5, false)] {
            assert_eq!(is_typing(AT + TYPING_FOR, AT + seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn t_cht_03_a_chat_ends_after_thirty_minutes_without_a_line() {
        for (seconds, expected) in [(0, false), (1_799, false), (1_800, true)] {
            assert_eq!(is_idle(AT, AT + seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn t_cht_05_a_line_is_mailed_after_two_minutes_to_who_is_away_once_in_fifteen_minutes() {
        let mailed = |minutes: i64| Unread { last_mail_at: Some(AT + 120 - minutes * 60), ..LINE };
        let cases = [
            (LINE, 0, OfflineMail::Later(AT + 120)),
            (LINE, 119, OfflineMail::Later(AT + 120)),
            (LINE, 120, OfflineMail::Now),
            (Unread { is_read: true, ..LINE }, 120, OfflineMail::Never),
            (Unread { is_mailed: true, ..LINE }, 120, OfflineMail::Never),
            (Unread { is_online: true, ..LINE }, 120, OfflineMail::Later(AT + 150)),
            (mailed(14), 120, OfflineMail::Later(AT + 180)),
            (mailed(15), 120, OfflineMail::Now),
            (LINE, MAIL_LATEST, OfflineMail::Never),
        ];
        for (line, seconds, expected) in cases {
            assert_eq!(line.offline_mail(AT + seconds), expected, "{line:?} after {seconds} s");
        }
    }
}

//! What a mail is made of and what becomes of it, without sending any: states, tries, subject, who never gets one.
//!
//! Belongs here: the rules of mail.md that need no row and no server. Does not belong here: the texts (`service::mail`),
//! the wire (`service::mail::transport`), sentences of the interface (`app`).

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Code;
use crate::text;

/// Longest subject in characters (M-CON-06).
pub const SUBJECT_MAX: usize = 200;
/// Files of an entry travel along up to this many bytes together (M-CON-03).
pub const FILES_MAX: i64 = 10 * 1024 * 1024;
/// A row that was not sent for so many seconds is given up with the answer `expired` (M-DLV-03).
pub const EXPIRES_AFTER: i64 = 48 * 60 * 60;
/// Tries of one mail before it is final (M-DLV-03).
pub const TRIES_MAX: i32 = 5;

/// Rows that were sent, or are final, are removed after so many seconds: 90 days (M-DLV-08).
pub const KEPT_FOR: i64 = 90 * 86_400;
/// Automatic mails about one ticket to one address: so many, in so many seconds (M-LOP-01).
pub const RATES_OF_TICKET: [(i64, i64); 3] = [(10, 600), (25, 3_600), (100, 36_000)];
/// Automatic mails to one address, whatever they are about (M-LOP-01).
pub const RATE_OF_ADDRESS: (i64, i64) = (360, 36_000);

/// What became of one mail to one recipient (M-DLV-03), in the order from good to bad (M-DLV-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailState {
    /// The server accepted it.
    Sent,
    /// Not tried yet, or no server could be reached.
    Queued,
    /// A bounce came back.
    Bounced,
    /// Refused; tried again if a next try is set, else final.
    Failed,
}

impl MailState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Sent, Self::Queued, Self::Bounced, Self::Failed];

    /// The word on the wire and in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Queued => "queued",
            Self::Bounced => "bounced",
            Self::Failed => "failed",
        }
    }

    /// The state of an entry: the worst of its mails (M-DLV-04); `None` without any.
    #[must_use]
    pub fn worst(states: impl IntoIterator<Item = Self>) -> Option<Self> {
        states.into_iter().max()
    }
}

impl fmt::Display for MailState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for MailState {
    type Err = Code;

    fn from_str(text: &str) -> Result<Self, Code> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(Code::Invalid)
    }
}

/// Why a mail never left, as the answer of its row: words of ours beside those of servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unsent {
    /// The recipient may no longer see the entry, or the entry is gone (M-RCP-03).
    Withdrawn,
    /// Older than 48 hours (M-DLV-03).
    Expired,
    /// The template failed while the mail was made (M-CON-07).
    TemplateFailed,
    /// Not one address in the form of RFC 5321 (M-HDR-05).
    InvalidAddress,
    /// Nobody reads mail there: mailer-daemon, no-reply and the like (M-RCP-02).
    NoReplyAddress,
    /// The account is disabled (M-RCP-02).
    Disabled,
    /// Too many automatic mails to one address (M-LOP-01).
    RateLimited,
    /// An administrator gave it up (M-DLV-09).
    GivenUp,
}

impl Unsent {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Withdrawn,
        Self::Expired,
        Self::TemplateFailed,
        Self::InvalidAddress,
        Self::NoReplyAddress,
        Self::Disabled,
        Self::RateLimited,
        Self::GivenUp,
    ];

    /// The word in the table and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::TemplateFailed => "template_failed",
            Self::InvalidAddress => "invalid_address",
            Self::NoReplyAddress => "no_reply_address",
            Self::Disabled => "disabled",
            Self::RateLimited => "rate_limited",
            Self::GivenUp => "given_up",
        }
    }

    /// Reads an answer of a row that is a word of ours.
    #[must_use]
    pub fn read(answer: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == answer)
    }
}

/// Seconds until the next try after `tries` tries, `spread` from -1000 to 1000 moving it by up to 20 % (M-DLV-03);
/// `None` = that was the last one.
#[must_use]
pub fn next_try(tries: i32, spread: i64) -> Option<i64> {
    let minutes = match tries {
        ..=1 => 1,
        2 => 5,
        3 => 15,
        4 => 60,
        _ => return None,
    };
    let seconds = minutes * 60;
    Some(seconds + seconds * spread.clamp(-1000, 1000) / 5000)
}

/// Seconds until a transport that failed `failures` times in a row is tried again (M-TRN-04).
#[must_use]
pub const fn transport_pause(failures: i32) -> i64 {
    60 * match failures {
        ..=1 => 1,
        2 => 2,
        3 => 5,
        4 => 10,
        _ => 15,
    }
}

/// Whether one more automatic mail would be too many (M-LOP-01): `of_ticket` were sent to the address about the ticket within
/// the times of [`RATES_OF_TICKET`], `of_address` to the address within that of [`RATE_OF_ADDRESS`].
#[must_use]
pub fn is_too_often(of_ticket: [i64; 3], of_address: i64) -> bool {
    let is_over = |(sent, (most, _)): (i64, (i64, i64))| sent >= most;
    of_ticket.into_iter().zip(RATES_OF_TICKET).any(is_over) || is_over((of_address, RATE_OF_ADDRESS))
}

/// `[tag #number] title`, at most 200 characters; `prefix` is the word "Changed:" of an entry that is sent again (M-CON-06,
/// M-OUT-10). Control characters of the title are gone: no text of a person makes a header (M-HDR-05).
#[must_use]
pub fn subject(tag: &str, number: i64, prefix: Option<&str>, title: &str) -> String {
    let mut head = format!("[{tag} #{number}] ");
    if let Some(prefix) = prefix {
        head.push_str(prefix);
        head.push(' ');
    }
    let title: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let room = SUBJECT_MAX.saturating_sub(text::length(&head));
    if text::length(&title) <= room {
        return head + &title;
    }
    head.extend(title.chars().take(room.saturating_sub(1)));
    head.push('…');
    head
}

/// `<kind.id.mac@domain>`: `o` = one mail, `t` = the root of a ticket's thread (M-HDR-02, M-HDR-03).
#[must_use]
pub fn message_id(kind: char, id: Uuid, mac: &str, domain: &str) -> String {
    format!("<{kind}.{}.{mac}@{domain}>", id.simple())
}

/// Whether nobody reads mail at this address (M-RCP-02): mailer-daemon, postmaster, abuse, root, no-reply.
#[must_use]
pub fn is_unattended(address: &str) -> bool {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local).to_lowercase();
    matches!(local.as_str(), "mailer-daemon" | "postmaster" | "abuse" | "root")
        || local.starts_with("noreply")
        || local.starts_with("no-reply")
}

//! Who may read an entry, and the limits of an occurrence (T-OCC).

use serde::{Deserialize, Serialize};

/// Who may read an entry: the requester too, or only the attending team (T-VIS-03).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Only holders of view-private and the author.
    #[default]
    Private,
    /// Visible to the requester.
    Public,
}

impl Visibility {
    /// The word on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Public => "public",
        }
    }

    /// Whether only the attending team reads it.
    #[must_use]
    pub const fn is_private(self) -> bool {
        matches!(self, Self::Private)
    }
}

impl std::str::FromStr for Visibility {
    type Err = crate::error::Code;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "private" => Ok(Self::Private),
            "public" => Ok(Self::Public),
            _ => Err(crate::error::Code::Invalid),
        }
    }
}

/// How a text was written: what the sanitiser makes of it (A-BAS-05).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyFormat {
    /// Markup of the editor.
    #[default]
    Html,
    /// Plain text: paragraphs at blank lines (no JavaScript).
    Text,
    /// Markdown (API, import).
    Markdown,
}

/// Longest submitted markup of a rich text, in characters (T-GEN-05).
pub const BODY_MAX: usize = 200_000;
/// Longest reason for removing an entry, in characters (T-OCC-21).
pub const REMOVE_REASON_MAX: usize = 500;
/// Files of one entry (T-DOC-01).
pub const ATTACHMENTS_MAX: usize = 20;
/// Files of one ticket (T-DOC-01).
pub const TICKET_DOCUMENTS_MAX: u64 = 500;
/// Earliest time an occurrence may have happened: 2000-01-01T00:00:00Z, seconds since 1970.
pub const EARLIEST: i64 = 946_684_800;
/// A time may lie this many seconds ahead of the server's clock.
pub const CLOCK_SLACK: i64 = 60;

/// Whether a moment may be the time something happened.
///
/// # Errors
/// `InFuture` later than now + 60 s, `TooOld` before 2000-01-01 (T-OCC fields, T-TKT opened_at).
pub const fn check_past(at: i64, now: i64) -> Result<i64, crate::error::Code> {
    if at > now + CLOCK_SLACK {
        Err(crate::error::Code::InFuture)
    } else if at < EARLIEST {
        Err(crate::error::Code::TooOld)
    } else {
        Ok(at)
    }
}

/// Whether both times are shown: only when their minute differs (T-OCC-06).
#[must_use]
pub const fn shows_both_times(occurred_at: i64, registered_at: i64) -> bool {
    occurred_at.div_euclid(60) != registered_at.div_euclid(60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn t_occ_06_both_times_show_only_when_the_minute_differs() {
        assert!(!shows_both_times(120, 179));
        assert!(shows_both_times(119, 120));
    }

    #[test]
    fn t_gen_03_times_before_2000_and_after_now_plus_a_minute_are_refused() {
        assert_eq!(check_past(EARLIEST, EARLIEST), Ok(EARLIEST));
        assert_eq!(check_past(EARLIEST - 1, EARLIEST), Err(Code::TooOld));
        assert_eq!(check_past(1_000_000_060, 1_000_000_000), Ok(1_000_000_060));
        assert_eq!(check_past(1_000_000_061, 1_000_000_000), Err(Code::InFuture));
    }
}

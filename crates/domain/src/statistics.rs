//! What the dashboard counts (T-STT-02).
//!
//! Does not belong here: the figures of one ticket (`clock`), reading stored times and rights (`service`), pictures (`app`).

#[cfg(test)]
mod tests;

use crate::ticket::words;

/// Longest period of a dashboard, in days.
pub const DAYS_MAX: i64 = 366;
/// Rows of a breakdown; the rest is one row.
pub const ROWS_MAX: i64 = 10;

words! {
    /// How old something in the backlog is, in days (T-STT-02).
    pub enum Age {
        /// Up to one day.
        Day => "0-1",
        /// From two days to a week.
        Week => "2-7",
        /// From eight to thirty days.
        Month => "8-30",
        /// More than thirty days.
        Older => "30+",
    }
}

impl Age {
    /// Below how many seconds of age it ends; the last one has no end.
    #[must_use]
    pub const fn end(self) -> Option<i64> {
        match self {
            Self::Day => Some(2 * 86_400),
            Self::Week => Some(8 * 86_400),
            Self::Month => Some(31 * 86_400),
            Self::Older => None,
        }
    }

    /// At how many seconds of age it begins: where the one before it ends.
    #[must_use]
    pub fn begin(self) -> i64 {
        Self::ALL.iter().take_while(|age| **age != self).filter_map(|age| age.end()).last().unwrap_or(0)
    }
}

//! Time spent, as people type it and as they read it (T-OCC-08). Does not belong here: working time and
//! clocks.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::error::Code;

/// Whole minutes, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minutes(pub i32);

/// The most an occurrence may take: a day.
pub const MAX_OCCURRENCE: Minutes = Minutes(1440);

/// The most a task may be estimated at or take (T-TSK-01).
pub const MAX_TASK: Minutes = Minutes(60_000);

/// Reads the time spent on an occurrence: `90`, `90 min`, `1h30`, `1:30`, `1,5h`; empty = none.
///
/// # Errors
/// `Code::TimeFormat`, or `Code::TimeOutOfRange` above 1440 minutes.
pub fn parse_minutes(text: &str) -> Result<Option<Minutes>, Code> {
    parse_minutes_up_to(text, MAX_OCCURRENCE)
}

/// As [`parse_minutes`], with another upper bound (T-TSK-01).
///
/// # Errors
/// `Code::TimeFormat`, or `Code::TimeOutOfRange` above `max`.
pub fn parse_minutes_up_to(text: &str, max: Minutes) -> Result<Option<Minutes>, Code> {
    // Case and spaces are ignored; `is_whitespace` knows the no-break ones.
    let typed: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    if typed.is_empty() {
        return Ok(None);
    }
    let minutes = total(&typed).ok_or(Code::TimeFormat)?;
    match i32::try_from(minutes) {
        Ok(minutes) if minutes <= max.0 => Ok(Some(Minutes(minutes))),
        _ => Err(Code::TimeOutOfRange),
    }
}

/// The minutes of a text without spaces and capitals; `None` = not one of the accepted forms.
fn total(typed: &str) -> Option<u64> {
    if let Some((hours, minutes)) = typed.split_once(':') {
        return if minutes.len() == 2 { hours_and_minutes(hours, minutes) } else { None };
    }
    if let Some((hours, rest)) = typed.split_once('h') {
        return if rest.is_empty() { decimal_hours(hours) } else { hours_and_minutes(hours, without_unit(rest)) };
    }
    digits(without_unit(typed))
}

fn without_unit(typed: &str) -> &str {
    typed.strip_suffix("min").or_else(|| typed.strip_suffix('m')).unwrap_or(typed)
}

fn hours_and_minutes(hours: &str, minutes: &str) -> Option<u64> {
    let hours = digits(hours)?;
    if minutes.len() > 2 {
        return None;
    }
    let minutes = digits(minutes).filter(|minutes| *minutes < 60)?;
    Some(hours.saturating_mul(60).saturating_add(minutes))
}

/// `N` or `N,D` or `N.DD` hours, rounded half up to a minute.
fn decimal_hours(hours: &str) -> Option<u64> {
    let Some((whole, fraction)) = hours.split_once([',', '.']) else {
        return digits(hours).map(|hours| hours.saturating_mul(60));
    };
    let hundredths = match fraction.len() {
        1 => digits(fraction)?.saturating_mul(10),
        2 => digits(fraction)?,
        _ => return None,
    };
    let all = digits(whole)?.saturating_mul(100).saturating_add(hundredths);
    // A hundredth of an hour is 0.6 minutes.
    Some(all.saturating_mul(6).saturating_add(5) / 10)
}

/// A whole number of ASCII digits only; one too long to count is as large as can be.
fn digits(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.chars().try_fold(0_u64, |number, c| {
        let digit = u64::from(c.to_digit(10)?);
        Some(number.saturating_mul(10).saturating_add(digit))
    })
}

/// `1 h 30 min`, `2 h`, `45 min`, `0 min`: the same in the four languages.
#[must_use]
pub fn words(minutes: Minutes) -> String {
    let all = minutes.0.max(0);
    let (hours, rest) = (all / 60, all % 60);
    let mut text = String::new();
    if hours > 0 {
        // Writing into a String cannot fail.
        let _ = write!(text, "{hours} h");
    }
    if rest > 0 || hours == 0 {
        let gap = if hours > 0 { " " } else { "" };
        let _ = write!(text, "{gap}{rest} min");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_occ_08_accepted_forms() {
        let cases = [
            ("90", 90),
            ("90m", 90),
            ("90 min", 90),
            ("90 MIN", 90),
            ("1h30", 90),
            ("1 h 30 min", 90),
            ("1h30m", 90),
            ("1\u{a0}h\u{202f}30\u{a0}min", 90),
            ("1:30", 90),
            ("1,5h", 90),
            ("1.5 H", 90),
            ("2h", 120),
            ("0:45", 45),
            ("0,75h", 45),
            ("1.33h", 80),
            ("1h5", 65),
            ("01:05", 65),
            ("24h", 1440),
            ("24:00", 1440),
            ("1440", 1440),
            ("0", 0),
            ("0h", 0),
            ("0.01h", 1),
        ];
        for (typed, expected) in cases {
            assert_eq!(parse_minutes(typed), Ok(Some(Minutes(expected))), "{typed}");
        }
    }

    #[test]
    fn t_occ_08_bare_decimal_is_refused() {
        for typed in ["1,5", "1.5", "0.5", "1.5m"] {
            assert_eq!(parse_minutes(typed), Err(Code::TimeFormat), "{typed}");
        }
    }

    #[test]
    fn t_occ_08_other_forms_are_refused() {
        let cases = [
            "1:5",
            "1:60",
            "1h60",
            "-5",
            "1h-3",
            "abc",
            "1.555h",
            "١٢",
            "h",
            "m",
            "min",
            ":30",
            "1:",
            "1:030",
            "1h005",
            "1h30h",
            ".5h",
            "1.h",
            "1,5h30",
            "+5",
            "5d",
            "1h m",
            "90 minutes",
            "1:30h",
            "1:30 min",
            "1e3",
        ];
        for typed in cases {
            assert_eq!(parse_minutes(typed), Err(Code::TimeFormat), "{typed}");
        }
    }

    #[test]
    fn t_occ_08_more_than_a_day_is_out_of_range() {
        for typed in ["1441", "24:01", "25h", "24.01h", "99999999999999999999999999", "99999999999999999999h"] {
            assert_eq!(parse_minutes(typed), Err(Code::TimeOutOfRange), "{typed}");
        }
    }

    #[test]
    fn t_occ_08_empty_means_none() {
        for typed in ["", "  ", "\u{a0}"] {
            assert_eq!(parse_minutes(typed), Ok(None));
        }
    }

    #[test]
    fn t_tsk_01_a_task_may_take_60_000_minutes() {
        assert_eq!(parse_minutes_up_to("1000h", MAX_TASK), Ok(Some(Minutes(60_000))));
        assert_eq!(parse_minutes_up_to("60001", MAX_TASK), Err(Code::TimeOutOfRange));
    }

    #[test]
    fn t_occ_08_shown_in_hours_and_minutes() {
        let cases = [(0, "0 min"), (45, "45 min"), (60, "1 h"), (90, "1 h 30 min"), (1440, "24 h"), (61, "1 h 1 min")];
        for (minutes, expected) in cases {
            assert_eq!(words(Minutes(minutes)), expected);
        }
    }
}

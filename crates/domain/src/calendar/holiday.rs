//! Days on which nobody works: one day, or a day of every year (T-SET-12).

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::HOLIDAYS_MAX;
use crate::error::Code;
use crate::text::{length, normalise_line};

/// Longest name of a holiday, in characters.
const NAME_MAX: usize = 100;
/// A year that has every day.
const LEAP: i32 = 2_024;

/// When a holiday is: `2026-12-25`, or `12-25` every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum HolidayDate {
    /// Every year; 02-29 in leap years only.
    Yearly {
        /// 1..12.
        month: u32,
        /// 1..31.
        day: u32,
    },
    /// Once.
    Once(NaiveDate),
}

impl HolidayDate {
    /// Reads `YYYY-MM-DD` or `MM-DD`.
    ///
    /// # Errors
    /// `Invalid` for anything else.
    pub fn read(text: &str) -> Result<Self, Code> {
        if let Ok(day) = text.parse::<NaiveDate>() {
            return Ok(Self::Once(day));
        }
        let (month, day) = text.split_once('-').ok_or(Code::Invalid)?;
        let number = |text: &str| {
            let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
            if is_number { text.parse::<u32>().map_err(|_too_large| Code::Invalid) } else { Err(Code::Invalid) }
        };
        let (month, day) = (number(month)?, number(day)?);
        NaiveDate::from_ymd_opt(LEAP, month, day).map(|_exists| Self::Yearly { month, day }).ok_or(Code::Invalid)
    }

    /// Whether it is on a day.
    #[must_use]
    pub fn is_on(self, day: NaiveDate) -> bool {
        match self {
            Self::Once(date) => date == day,
            Self::Yearly { month, day: of_month } => day.month() == month && day.day() == of_month,
        }
    }
}

impl fmt::Display for HolidayDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once(date) => write!(f, "{date}"),
            Self::Yearly { month, day } => write!(f, "{month:02}-{day:02}"),
        }
    }
}

impl From<HolidayDate> for String {
    fn from(date: HolidayDate) -> Self {
        date.to_string()
    }
}

impl TryFrom<String> for HolidayDate {
    type Error = Code;

    fn try_from(text: String) -> Result<Self, Code> {
        Self::read(&text)
    }
}

/// A holiday.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Holiday {
    /// When.
    pub date: HolidayDate,
    /// Its name; may be empty.
    #[serde(default)]
    pub name: String,
}

impl fmt::Display for Holiday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() { self.date.fmt(f) } else { write!(f, "{} {}", self.date, self.name) }
    }
}

/// Reads holidays, one a line: its date, then its name. They are kept in the order of their dates.
///
/// # Errors
/// `Invalid` for a line that does not begin with a date, `TooLong` for a name above 100 characters, `Duplicate` for a date that
/// stands twice, `TooMany` above [`HOLIDAYS_MAX`].
pub fn read_holidays(text: &str) -> Result<Vec<Holiday>, Code> {
    let mut out = Vec::new();
    for line in text.lines().map(normalise_line).filter(|line| !line.is_empty()) {
        let (date, name) = line.split_once(' ').unwrap_or((line.as_str(), ""));
        let holiday = Holiday { date: HolidayDate::read(date)?, name: name.trim().to_owned() };
        if length(&holiday.name) > NAME_MAX {
            return Err(Code::TooLong);
        }
        out.push(holiday);
    }
    if out.len() > HOLIDAYS_MAX {
        return Err(Code::TooMany);
    }
    out.sort();
    let is_twice = out.iter().zip(out.iter().skip(1)).any(|(one, next)| one.date == next.date);
    if is_twice { Err(Code::Duplicate) } else { Ok(out) }
}

//! Dates, numbers, durations and sizes as people of the four languages write them.
//!
//! Belongs here: everything that needs no sentence. Does not belong here: sentences (`app/locales`), time
//! zones (`service` gives every instant with the offset of its reader), the clock.
//!
//! The blanks inside a short date are no-break spaces: a line never ends between a day and its month.

mod names;

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, Timelike};
use serde::{Deserialize, Serialize};

use crate::duration::{self, Minutes};
use crate::error::Code;
use crate::lang::Lang;
use names::names;

/// No-break space.
const NBSP: char = '\u{a0}';

/// An instant with the offset of whoever reads it, RFC 3339 with second precision (T-GEN-06):
/// `2026-03-12T10:02:00-03:00`. The browser needs no time zone table to show it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment(String);

impl Moment {
    /// Keeps the offset, drops fractions of a second.
    #[must_use]
    pub fn new(instant: DateTime<FixedOffset>) -> Self {
        Self(instant.to_rfc3339_opts(SecondsFormat::Secs, false))
    }

    /// The text, as in `<time datetime>` and in the API.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The instant to count with.
    #[must_use]
    pub fn date_time(&self) -> Option<DateTime<FixedOffset>> {
        DateTime::parse_from_rfc3339(&self.0).ok()
    }

    /// Formats the instant; a text that is none (which no constructor lets in) stays as it is.
    fn write(&self, write: impl FnOnce(DateTime<FixedOffset>) -> String) -> String {
        self.date_time().map_or_else(|| self.0.clone(), write)
    }
}

impl From<DateTime<FixedOffset>> for Moment {
    fn from(instant: DateTime<FixedOffset>) -> Self {
        Self::new(instant)
    }
}

impl TryFrom<String> for Moment {
    type Error = Code;

    /// Reads RFC 3339; anything else is `Code::Invalid`.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        DateTime::parse_from_rfc3339(&text).ok().map(Self::new).ok_or(Code::Invalid)
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `12 Mar 2026, 14:31` in English, `12/03/2026 14:31` elsewhere.
#[must_use]
pub fn date_time(moment: &Moment, lang: Lang) -> String {
    moment.write(|at| match lang {
        Lang::En => format!("{}, {}", short_date(at, lang), clock(at)),
        Lang::PtBr | Lang::Es | Lang::Fr => format!("{} {}", slashes(at), clock(at)),
    })
}

/// The date of [`date_time`] alone.
#[must_use]
pub fn date(moment: &Moment, lang: Lang) -> String {
    moment.write(|at| match lang {
        Lang::En => short_date(at, lang),
        Lang::PtBr | Lang::Es | Lang::Fr => slashes(at),
    })
}

/// The date in words: `Thu 12 March 2026`, `jueves 12 de marzo de 2026`.
#[must_use]
pub fn date_words(moment: &Moment, lang: Lang) -> String {
    moment.write(|at| {
        let names = names(lang);
        let weekday = at.weekday().num_days_from_monday();
        let (day, month, year) = (day(at, lang), pick(&names.months, at.month0()), at.year());
        match lang {
            Lang::En => format!("{} {day} {month} {year}", pick(&names.days_short, weekday)),
            Lang::PtBr => format!("{}, {day} de {month} de {year}", pick(&names.days, weekday)),
            Lang::Es => format!("{} {day} de {month} de {year}", pick(&names.days, weekday)),
            Lang::Fr => format!("{} {day} {month} {year}", pick(&names.days, weekday)),
        }
    })
}

/// The day at the head of a column, without its year: `Thu 12 Mar`, `jue 12 mar`.
#[must_use]
pub fn day_short(moment: &Moment, lang: Lang) -> String {
    moment.write(|at| {
        let names = names(lang);
        let weekday = pick(&names.days_short, at.weekday().num_days_from_monday());
        format!("{weekday}{NBSP}{}{NBSP}{}", day(at, lang), pick(&names.months_short, at.month0()))
    })
}

/// A day of the calendar as [`date`] writes it (C-OCC-03).
#[must_use]
pub fn calendar_date(day: NaiveDate, lang: Lang) -> String {
    date(&at_midnight(day), lang)
}

/// A day of the calendar in words, as [`date_words`] writes it.
#[must_use]
pub fn calendar_words(day: NaiveDate, lang: Lang) -> String {
    date_words(&at_midnight(day), lang)
}

/// Only the day counts, so any offset does.
fn at_midnight(day: NaiveDate) -> Moment {
    Moment::new(day.and_time(NaiveTime::MIN).and_utc().fixed_offset())
}

/// The past, as short as is exact: `09:31` today, `Thu 12 Mar, 09:14` this year, `12 Mar 2026` otherwise.
/// Both moments carry the offset of the same reader.
#[must_use]
pub fn smart(moment: &Moment, now: &Moment, lang: Lang) -> String {
    moment.write(|at| match now.date_time() {
        Some(now) if now.date_naive() == at.date_naive() => clock(at),
        Some(now) if now.year() == at.year() => {
            let names = names(lang);
            let weekday = pick(&names.days_short, at.weekday().num_days_from_monday());
            let month = pick(&names.months_short, at.month0());
            format!("{weekday}{NBSP}{}{NBSP}{month}, {}", day(at, lang), clock(at))
        }
        _ => short_date(at, lang),
    })
}

/// `14:31`, in every language.
#[must_use]
pub fn time(moment: &Moment) -> String {
    moment.write(clock)
}

fn clock(at: DateTime<FixedOffset>) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

fn slashes(at: DateTime<FixedOffset>) -> String {
    format!("{:02}/{:02}/{:04}", at.day(), at.month(), at.year())
}

fn short_date(at: DateTime<FixedOffset>, lang: Lang) -> String {
    format!("{}{NBSP}{}{NBSP}{}", day(at, lang), pick(&names(lang).months_short, at.month0()), at.year())
}

/// The day before the name of its month; French counts the first one (1er).
fn day(at: DateTime<FixedOffset>, lang: Lang) -> String {
    let suffix = if lang == Lang::Fr && at.day() == 1 { "er" } else { "" };
    format!("{}{suffix}", at.day())
}

fn pick<const N: usize>(table: &[&'static str; N], index: u32) -> &'static str {
    usize::try_from(index).ok().and_then(|index| table.get(index)).copied().unwrap_or_default()
}

/// `1 h 30 min`: the same in the four languages (T-OCC-08).
#[must_use]
pub fn duration(minutes: Minutes, lang: Lang) -> String {
    match lang {
        Lang::En | Lang::PtBr | Lang::Es | Lang::Fr => duration::words(minutes),
    }
}

/// A whole number with its thousands marked: `1,234`, `1.234`, `1 234` (narrow no-break space); Spanish
/// marks them from five digits on.
#[must_use]
pub fn number(number: i64, lang: Lang) -> String {
    let digits = number.unsigned_abs().to_string();
    let (mark, is_marked) = match lang {
        Lang::En => (',', true),
        Lang::PtBr => ('.', true),
        Lang::Es => ('.', digits.len() >= 5),
        Lang::Fr => ('\u{202f}', true),
    };
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        let to_come = digits.len().saturating_sub(at);
        if is_marked && at > 0 && to_come.is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

/// A count that stops at a limit: `1,000+` when there are more than were counted (T-OCC-26, T-LST-04).
#[must_use]
pub fn count_capped(count: i64, is_exact: bool, lang: Lang) -> String {
    let sign = if is_exact { "" } else { "+" };
    format!("{}{sign}", number(count, lang))
}

/// CLDR plural categories of the four languages; which sentence a number takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Plural {
    /// 1 ticket; 0 too in Portuguese and French.
    One,
    /// 1 000 000 **de** tickets, and its multiples, but in English.
    Many,
    /// The rest.
    Other,
}

/// The category of a whole number.
#[must_use]
pub const fn plural(number: i64, lang: Lang) -> Plural {
    let count = number.unsigned_abs();
    let is_one = match lang {
        Lang::En | Lang::Es => count == 1,
        Lang::PtBr | Lang::Fr => count <= 1,
    };
    let has_many = !matches!(lang, Lang::En);
    if is_one {
        Plural::One
    } else if has_many && count != 0 && count.is_multiple_of(1_000_000) {
        Plural::Many
    } else {
        Plural::Other
    }
}

/// Size of a file: `512 B`, `1.5 MB`, `14 MB`; a MB has 1024 × 1024 bytes, as the limits of uploads do.
#[must_use]
pub fn file_size(bytes: i64, lang: Lang) -> String {
    const STEP: i64 = 1024;
    let bytes = bytes.max(0);
    let units = match lang {
        Lang::En | Lang::PtBr | Lang::Es => ["B", "KB", "MB", "GB"],
        Lang::Fr => ["o", "Ko", "Mo", "Go"],
    };
    let [small, kilo, mega, giga] = units;
    if bytes < STEP {
        return format!("{} {small}", number(bytes, lang));
    }
    // What would round to 1024 of a unit is shown as one of the next.
    let mut chosen = (STEP * STEP * STEP, giga);
    for (size, unit) in [(STEP, kilo), (STEP * STEP, mega)] {
        if rounded(bytes, size) < STEP {
            chosen = (size, unit);
            break;
        }
    }
    let (size, unit) = chosen;
    let whole = bytes / size;
    let tenths = rounded((bytes % size).saturating_mul(10), size);
    if whole < 10 && tenths != 0 && tenths != 10 {
        let comma = if lang == Lang::En { '.' } else { ',' };
        format!("{whole}{comma}{tenths} {unit}")
    } else {
        format!("{} {unit}", number(rounded(bytes, size), lang))
    }
}

/// Division rounded half up, for numbers from 0 on.
const fn rounded(number: i64, by: i64) -> i64 {
    number.saturating_add(by / 2) / by
}

#[cfg(test)]
mod tests;

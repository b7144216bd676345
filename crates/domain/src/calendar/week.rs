//! Working hours of the seven weekdays (T-SET-12).

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::error::{Code, FieldErrors};

/// Days of a week; the first is Monday.
pub const DAYS: usize = 7;
/// Most segments of a day.
const SEGMENTS_MAX: usize = 12;
/// Minutes of a day.
const DAY: u16 = 1_440;

/// A stretch of a day, `08:00-12:00`: from its start to before its end, which may be `24:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Segment {
    start: u16,
    end: u16,
}

impl Segment {
    /// Reads `HH:MM-HH:MM`.
    ///
    /// # Errors
    /// `Invalid` for anything else, and where the end is not after the start.
    pub fn read(text: &str) -> Result<Self, Code> {
        let (start, end) = text.split_once('-').ok_or(Code::Invalid)?;
        let (start, end) = (minute(start)?, minute(end)?);
        if start < end { Ok(Self { start, end }) } else { Err(Code::Invalid) }
    }

    /// First minute, counted from midnight.
    #[must_use]
    pub const fn start(self) -> u16 {
        self.start
    }

    /// The minute after the last one, 1 440 at most.
    #[must_use]
    pub const fn end(self) -> u16 {
        self.end
    }
}

fn minute(text: &str) -> Result<u16, Code> {
    let (hours, minutes) = text.split_once(':').ok_or(Code::Invalid)?;
    let is_time = (1..=2).contains(&hours.len())
        && minutes.len() == 2
        && hours.bytes().chain(minutes.bytes()).all(|digit| digit.is_ascii_digit());
    if !is_time {
        return Err(Code::Invalid);
    }
    let number = |text: &str| text.parse::<u16>().map_err(|_no_number| Code::Invalid);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let sum = hours * 60 + minutes;
    if minutes < 60 && sum <= DAY { Ok(sum) } else { Err(Code::Invalid) }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end) = (self.start, self.end);
        write!(f, "{:02}:{:02}-{:02}:{:02}", start / 60, start % 60, end / 60, end % 60)
    }
}

impl From<Segment> for String {
    fn from(segment: Segment) -> Self {
        segment.to_string()
    }
}

impl TryFrom<String> for Segment {
    type Error = Code;

    fn try_from(text: String) -> Result<Self, Code> {
        Self::read(&text)
    }
}

/// The segments of each weekday in order, Monday first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Week([Vec<Segment>; DAYS]);

impl Week {
    /// Reads what is typed for each weekday, Monday first: segments with commas or blanks between them; nothing = no work. Days
    /// that are not named have no hours.
    ///
    /// # Errors
    /// `week[0]` … `week[6]` with `Invalid` for what is no segment or overlaps another, `TooMany` above 12 segments; `week` with
    /// `TooMany` above seven days.
    pub fn read(lines: &[String]) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let mut week = Self::default();
        if lines.len() > DAYS {
            errors.add("week", Code::TooMany);
        }
        for (at, (day, line)) in week.0.iter_mut().zip(lines).enumerate() {
            *day = errors.check(&format!("week[{at}]"), read_day(line)).unwrap_or_default();
        }
        if errors.is_empty() { Ok(week) } else { Err(errors) }
    }

    /// The segments of the weekday of a day.
    #[must_use]
    pub fn of(&self, day: NaiveDate) -> &[Segment] {
        let at = usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0);
        self.0.get(at).map(Vec::as_slice).unwrap_or_default()
    }

    /// The weekdays in order, Monday first.
    pub fn days(&self) -> impl Iterator<Item = &[Segment]> {
        self.0.iter().map(Vec::as_slice)
    }

    /// What is typed for each weekday.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let line = |day: &[Segment]| day.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        self.days().map(line).collect()
    }

    /// Whether no day has a segment.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }
}

fn read_day(line: &str) -> Result<Vec<Segment>, Code> {
    let line = line.replace([',', ';'], " ").replace('–', "-").replace(" -", "-").replace("- ", "-");
    let mut day = line.split_whitespace().map(Segment::read).collect::<Result<Vec<_>, _>>()?;
    if day.len() > SEGMENTS_MAX {
        return Err(Code::TooMany);
    }
    day.sort_unstable();
    let overlaps = day.iter().zip(day.iter().skip(1)).any(|(one, next)| next.start < one.end);
    if overlaps { Err(Code::Invalid) } else { Ok(day) }
}

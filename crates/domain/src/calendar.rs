//! Working time (T-SET-12, T-SOL-10): weekly hours, holidays, and counting with both.
//!
//! Instants are seconds since 1970 UTC, as everywhere; each question takes the zone of the entity, because a day begins when its
//! clocks say so. Belongs here: the rules and the arithmetic. Does not belong here: which calendar counts where
//! (`service::calendars`), the clock. Without a calendar every hour of every day counts: then [`add_days`] is the rule.

mod holiday;
mod local;
mod table;
#[cfg(test)]
mod tests;
mod week;

use chrono::{Days, NaiveDate, TimeZone};
use serde::{Deserialize, Serialize};

pub use holiday::{Holiday, HolidayDate, read_holidays};
pub use local::{add_days, instant, local_date};
pub use table::Table;
pub use week::{DAYS, Segment, Week};

use local::{at_minute, local_time};

/// Most holidays of a calendar.
pub const HOLIDAYS_MAX: usize = 500;
/// So many days are looked at for a working day: a calendar may have none for a year, but not for ten.
const SEARCH_DAYS: u32 = 3_660;
/// So many days are counted at most, about forty years.
const COUNT_DAYS: u32 = 14_610;

/// Weekly hours and holidays. [`Calendar::default`] has no hours at all; such a one is refused where it would count
/// (`calendar_empty`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Calendar {
    /// Working hours of each weekday.
    pub week: Week,
    /// Days without working hours, whatever their weekday.
    pub holidays: Vec<Holiday>,
}

impl Calendar {
    /// Whether no weekday has a working minute (`calendar_empty`).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.week.is_empty()
    }

    /// Whether a day has a segment and is no holiday (T-SOL-10).
    #[must_use]
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        !self.hours_of(day).is_empty()
    }

    /// The working hours of a day in order; none on holidays.
    #[must_use]
    pub fn hours_of(&self, day: NaiveDate) -> &[Segment] {
        if self.holidays.iter().any(|holiday| holiday.date.is_on(day)) { &[] } else { self.week.of(day) }
    }

    /// The first working day on or after a day; `None` when there is none for ten years.
    #[must_use]
    pub fn next_working_day(&self, day: NaiveDate) -> Option<NaiveDate> {
        let mut day = day;
        for _day in 0..SEARCH_DAYS {
            if self.is_working_day(day) {
                return Some(day);
            }
            day = day.succ_opt()?;
        }
        None
    }

    /// The same local time on the `days`-th working day after the local day of `at` (T-SOL-10); 0 days = `at` itself. Where the
    /// calendar has too few working days left, plain days are counted instead.
    ///
    /// A local time that does not exist becomes the next existing instant, one that exists twice is the first (T-CLK-09).
    #[must_use]
    pub fn add_working_days<Z: TimeZone>(&self, at: i64, days: u32, zone: &Z) -> i64 {
        if days == 0 {
            return at;
        }
        let local = local_time(at, zone);
        let mut day = local.date();
        for _left in 0..days {
            let next = day.succ_opt().and_then(|next| self.next_working_day(next));
            let Some(next) = next else { return add_days(at, days, zone) };
            day = next;
        }
        instant(day.and_time(local.time()), zone)
    }

    /// Whole working minutes between two instants; 0 when `to` is not after `from`.
    #[must_use]
    pub fn working_minutes_between<Z: TimeZone>(&self, from: i64, to: i64, zone: &Z) -> i64 {
        self.working_seconds_between(from, to, zone) / 60
    }

    /// Working seconds between two instants; 0 when `to` is not after `from`. Hours that clocks leave out do not count, hours
    /// they show twice count twice. Parts of a stretch sum up to the whole.
    #[must_use]
    pub fn working_seconds_between<Z: TimeZone>(&self, from: i64, to: i64, zone: &Z) -> i64 {
        if to <= from || self.is_empty() {
            return 0;
        }
        let (mut day, last) = (local_date(from, zone), local_date(to, zone));
        let mut sum = 0;
        for _day in 0..COUNT_DAYS {
            for segment in self.hours_of(day) {
                let start = at_minute(day, segment.start(), zone).max(from);
                let end = at_minute(day, segment.end(), zone).min(to);
                sum += (end - start).max(0);
            }
            match day.succ_opt() {
                Some(next) if day < last => day = next,
                _ => break,
            }
        }
        sum
    }

    /// The instant at which so many seconds of working time have passed since `from` (T-CLK-05); `from` itself for 0. Where the
    /// calendar has too few left, plain time is counted instead.
    #[must_use]
    pub fn after_working_seconds<Z: TimeZone>(&self, from: i64, seconds: i64, zone: &Z) -> i64 {
        if seconds <= 0 || self.is_empty() {
            return from.saturating_add(seconds.max(0));
        }
        let (mut day, mut left) = (local_date(from, zone), seconds);
        for _day in 0..COUNT_DAYS {
            for segment in self.hours_of(day) {
                let start = at_minute(day, segment.start(), zone).max(from);
                let here = (at_minute(day, segment.end(), zone) - start).max(0);
                if here >= left {
                    return start + left;
                }
                left -= here;
            }
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
        from.saturating_add(seconds)
    }

    /// The same local time so many weeks later, on the next working day where that day is none (T-PEN-03).
    #[must_use]
    pub fn add_weeks<Z: TimeZone>(&self, at: i64, weeks: u32, zone: &Z) -> i64 {
        let local = local_time(at, zone);
        let Some(day) = local.date().checked_add_days(Days::new(u64::from(weeks) * 7)) else { return at };
        instant(self.next_working_day(day).unwrap_or(day).and_time(local.time()), zone)
    }

    /// Whether an instant lies within working hours (T-TSK-06); the end of a segment does not.
    #[must_use]
    pub fn is_working_time<Z: TimeZone>(&self, at: i64, zone: &Z) -> bool {
        let day = local_date(at, zone);
        let holds =
            |segment: &Segment| at_minute(day, segment.start(), zone) <= at && at < at_minute(day, segment.end(), zone);
        self.hours_of(day).iter().any(holds)
    }
}

//! Between instants and the clocks of a zone (T-CLK-09).

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};

/// No gap of any clock is longer: a whole day was left out once.
const GAP_MINUTES: u32 = 1_500;

/// What the clocks of a zone show at an instant.
pub(super) fn local_time<Z: TimeZone>(at: i64, zone: &Z) -> NaiveDateTime {
    let utc = DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default();
    utc.with_timezone(zone).naive_local()
}

/// The local day of an instant.
#[must_use]
pub fn local_date<Z: TimeZone>(at: i64, zone: &Z) -> NaiveDate {
    local_time(at, zone).date()
}

/// The instant of a local time. One that does not exist becomes the next existing instant, one that exists twice is the first
/// (T-CLK-09).
#[must_use]
pub fn instant<Z: TimeZone>(local: NaiveDateTime, zone: &Z) -> i64 {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => at.timestamp(),
        LocalResult::Ambiguous(first, _second) => first.timestamp(),
        LocalResult::None => after_gap(local, zone),
    }
}

/// The first minute that clocks show again.
fn after_gap<Z: TimeZone>(local: NaiveDateTime, zone: &Z) -> i64 {
    let mut next = local.with_second(0).unwrap_or(local);
    for _minute in 0..GAP_MINUTES {
        let Some(later) = next.checked_add_signed(TimeDelta::minutes(1)) else { break };
        next = later;
        match zone.from_local_datetime(&next) {
            LocalResult::Single(at) => return at.timestamp(),
            LocalResult::Ambiguous(first, _second) => return first.timestamp(),
            LocalResult::None => {}
        }
    }
    local.and_utc().timestamp()
}

/// The instant of a minute of a day; 1 440 is the end of it.
pub(super) fn at_minute<Z: TimeZone>(day: NaiveDate, minute: u16, zone: &Z) -> i64 {
    let time = NaiveTime::from_hms_opt(u32::from(minute / 60), u32::from(minute % 60), 0);
    let local = match time {
        Some(time) => day.and_time(time),
        None => day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN),
    };
    instant(local, zone)
}

/// The same local time so many days later: the rule where no calendar counts (T-SOL-10).
#[must_use]
pub fn add_days<Z: TimeZone>(at: i64, days: u32, zone: &Z) -> i64 {
    if days == 0 {
        return at;
    }
    let local = local_time(at, zone);
    let later = local.checked_add_days(Days::new(u64::from(days)));
    later.map_or(at, |later| instant(later, zone))
}

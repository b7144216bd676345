//! Time zones: the only place that knows them. Seconds in, `Moment` out; wall time in, seconds out.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use domain::calendar;
use domain::error::Code;
use domain::format::Moment;

/// Seconds since 1970 as a moment in `zone`.
#[must_use]
pub fn moment(at: i64, zone: Tz) -> Moment {
    let utc = DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default();
    Moment::new(utc.with_timezone(&zone).fixed_offset())
}

/// What a person or program typed as a time: RFC 3339 with offset, or wall time of `zone`
/// (`2026-03-12T10:02`, seconds allowed).
///
/// A local time that does not exist becomes the next existing instant, one that exists twice is the first (T-CLK-09).
///
/// # Errors
/// `Invalid` for anything else.
pub fn parse(text: &str, zone: Tz) -> Result<i64, Code> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.timestamp());
    }
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_other| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"))
        .map_err(|_unreadable| Code::Invalid)?;
    Ok(instant(naive, zone))
}

/// The instant of a wall time (T-CLK-09).
#[must_use]
pub fn instant(naive: NaiveDateTime, zone: Tz) -> i64 {
    calendar::instant(naive, &zone)
}

/// Local calendar day of an instant.
#[must_use]
pub fn local_date(at: i64, zone: Tz) -> NaiveDate {
    DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default().with_timezone(&zone).date_naive()
}

/// Wall time of an instant.
#[must_use]
pub fn local(at: i64, zone: Tz) -> NaiveDateTime {
    DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default().with_timezone(&zone).naive_local()
}

/// First second of a local day.
#[must_use]
pub fn start_of(day: NaiveDate, zone: Tz) -> i64 {
    instant(day.and_time(chrono::NaiveTime::MIN), zone)
}

/// A zone by its IANA name; unknown names fall back to UTC (stored names were checked when saved).
#[must_use]
pub fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_clk_09_a_local_time_that_does_not_exist_becomes_the_next_existing_instant() {
        let zone = zone("Europe/Lisbon");
        // 2026-03-29 01:00 → 02:00 in Lisbon: 01:30 does not exist.
        for minute in ["01:00", "01:10", "01:20", "01:30", "01:59"] {
            let typed = format!("2026-03-29T{minute}");
            assert_eq!(parse(&typed, zone), parse("2026-03-29T02:00", zone), "{minute}");
        }
    }

    #[test]
    fn t_clk_09_a_local_time_that_exists_twice_is_the_first() {
        let zone = zone("Europe/Lisbon");
        assert_eq!(parse("2026-10-25T01:30", zone), parse("2026-10-25T01:30:00+01:00", zone));
    }

    #[test]
    fn t_gen_06_wall_time_is_read_in_the_zone_of_the_person() {
        assert_eq!(parse("2026-03-12T10:02", zone("America/Sao_Paulo")), parse("2026-03-12T13:02:00Z", Tz::UTC));
        assert_eq!(parse("12/03/2026", Tz::UTC), Err(Code::Invalid));
        assert_eq!(parse("2026-03-12", Tz::UTC), Err(Code::Invalid));
    }
}

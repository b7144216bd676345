//! Working hours laid out once, so that many durations within them are counted by a look-up each.

use chrono::TimeZone;

use super::local::{at_minute, local_date};
use super::{COUNT_DAYS, Calendar};

/// A stretch of working time, with what lies before it in its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: i64,
    end: i64,
    before: i64,
}

/// The working hours of some days, in order. Instants are seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table(Vec<Span>);

impl Calendar {
    /// Lays the working hours out from the local day of one instant to that of another, about forty years at most.
    #[must_use]
    pub fn table<Z: TimeZone>(&self, from: i64, to: i64, zone: &Z) -> Table {
        let mut spans: Vec<Span> = Vec::new();
        if to <= from || self.is_empty() {
            return Table(spans);
        }
        let (mut day, last, mut before) = (local_date(from, zone), local_date(to, zone), 0);
        for _day in 0..COUNT_DAYS {
            for segment in self.hours_of(day) {
                let (start, end) = (at_minute(day, segment.start(), zone), at_minute(day, segment.end(), zone));
                // Hours that clocks leave out are none.
                if end > start {
                    spans.push(Span { start, end, before });
                    before += end - start;
                }
            }
            match day.succ_opt() {
                Some(next) if day < last => day = next,
                _ => break,
            }
        }
        Table(spans)
    }
}

impl Table {
    /// Working seconds between two instants of its days (T-CLK-02); 0 when `to` is not after `from`.
    #[must_use]
    pub fn between(&self, from: i64, to: i64) -> i64 {
        self.until(to).saturating_sub(self.until(from)).max(0)
    }

    /// Working seconds from its beginning on.
    fn until(&self, at: i64) -> i64 {
        let begun = self.0.partition_point(|span| span.start <= at);
        let last = begun.checked_sub(1).and_then(|place| self.0.get(place));
        last.map_or(0, |span| span.before + at.min(span.end) - span.start)
    }
}

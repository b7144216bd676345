//! Periods of the report of customer occurrences and their steps (C-REP-01, C-REP-02).

use chrono::{Datelike, Days, Months, NaiveDate};

/// What one step of the chart is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Up to 31 days.
    Day,
    /// From Monday, up to 26 weeks.
    Week,
    /// Above.
    Month,
}

/// Months of the period when nobody names one, the current one included.
const MONTHS: u32 = 12;

/// From which day to which day, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Period {
    /// The last 12 calendar months, that of `today` included.
    #[must_use]
    pub fn usual(today: NaiveDate) -> Self {
        let first = first_of_month(today);
        let from = first.checked_sub_months(Months::new(MONTHS - 1)).unwrap_or(first);
        Self { from, to: last_of_month(today) }
    }

    /// Days in it.
    #[must_use]
    pub fn days(&self) -> i64 {
        self.to.signed_duration_since(self.from).num_days() + 1
    }

    /// What one step of its chart is.
    #[must_use]
    pub fn step(&self) -> Step {
        match self.days() {
            ..=31 => Step::Day,
            32..=182 => Step::Week,
            _ => Step::Month,
        }
    }

    /// Its steps in order, the first and the last one cut at its ends; empty for one that ends before it begins.
    #[must_use]
    pub fn buckets(&self) -> Vec<Self> {
        let step = self.step();
        let mut out = Vec::new();
        let mut from = self.from;
        while from <= self.to {
            let last = match step {
                Step::Day => from,
                Step::Week => from
                    .checked_add_days(Days::new(u64::from(6 - from.weekday().num_days_from_monday())))
                    .unwrap_or(from),
                Step::Month => last_of_month(from),
            };
            out.push(Self { from, to: last.min(self.to) });
            match last.succ_opt() {
                Some(next) => from = next,
                None => break,
            }
        }
        out
    }
}

/// Which of some buckets in order holds a day.
#[must_use]
pub fn bucket_of(buckets: &[Period], day: NaiveDate) -> Option<usize> {
    let at = buckets.partition_point(|bucket| bucket.to < day);
    buckets.get(at).filter(|bucket| bucket.from <= day).map(|_| at)
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn last_of_month(day: NaiveDate) -> NaiveDate {
    let next = first_of_month(day).checked_add_months(Months::new(1));
    next.and_then(|next| next.pred_opt()).unwrap_or(day)
}

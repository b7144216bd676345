//! From durations to a table.

use std::fmt::Write as _;
use std::time::Duration;

/// One measured operation; times in microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchRow {
    /// What was measured.
    pub name: String,
    /// How often.
    pub n: usize,
    /// Half of them were faster.
    pub p50_us: u64,
    /// 99 of 100 were faster.
    pub p99_us: u64,
    /// The slowest.
    pub max_us: u64,
    /// What `p99_us` must not exceed.
    pub limit_us: u64,
}

impl BenchRow {
    /// The figures of some durations; none at all give zeros.
    #[must_use]
    pub fn of(name: String, mut times: Vec<Duration>, limit: Duration) -> Self {
        times.sort_unstable();
        Self {
            name,
            n: times.len(),
            p50_us: percentile(&times, 50),
            p99_us: percentile(&times, 99),
            max_us: percentile(&times, 100),
            limit_us: micros(limit),
        }
    }

    /// Whether it was measured and kept its limit.
    #[must_use]
    pub const fn is_met(&self) -> bool {
        self.n > 0 && self.p99_us <= self.limit_us
    }
}

/// The smallest duration that so many percent do not exceed.
fn percentile(sorted: &[Duration], percent: usize) -> u64 {
    let rank = (sorted.len() * percent).div_ceil(100);
    rank.checked_sub(1).and_then(|index| sorted.get(index)).copied().map_or(0, micros)
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// The rows as aligned text, times in milliseconds.
#[must_use]
pub fn table(rows: &[BenchRow]) -> String {
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max("operation".len());
    let mut out = String::new();
    let titles = ["n", "p50 ms", "p99 ms", "max ms", "limit ms"];
    line(&mut out, width, "operation", titles.map(str::to_owned), "");
    for row in rows {
        let columns =
            [row.n.to_string(), millis(row.p50_us), millis(row.p99_us), millis(row.max_us), millis(row.limit_us)];
        line(&mut out, width, &row.name, columns, if row.is_met() { "ok" } else { "OVER" });
    }
    out
}

fn line(out: &mut String, width: usize, name: &str, columns: [String; 5], verdict: &str) {
    // Writing into a String cannot fail.
    let _ = write!(out, "{name:<width$}");
    for column in columns {
        let _ = write!(out, " {column:>9}");
    }
    let _ = writeln!(out, " {verdict}");
}

fn millis(us: u64) -> String {
    format!("{}.{:02}", us / 1_000, us % 1_000 / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_durations_that_occurred() {
        let times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        let row = BenchRow::of("list".to_owned(), times, Duration::from_millis(198));
        assert_eq!((row.p50_us, row.p99_us, row.max_us), (100_000, 198_000, 200_000));
        assert!(row.is_met());
        let one = BenchRow::of(String::new(), vec![Duration::from_micros(7)], Duration::from_micros(6));
        assert_eq!((one.p50_us, one.p99_us, one.is_met()), (7, 7, false));
        assert!(!BenchRow::of(String::new(), Vec::new(), Duration::MAX).is_met());
    }

    #[test]
    fn a_table_is_aligned() {
        let row = BenchRow::of("é list".to_owned(), vec![Duration::from_micros(12_345)], Duration::from_millis(50));
        let text = table(&[row]);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].starts_with("é list    ") && lines[1].ends_with("ok") && lines[1].contains("12.34"), "{text}");
    }
}

//! From durations to a table.

use std::fmt::Write as _;
use std::time::Duration;

/// One measured operation. Figures are thousandths of a unit: of a millisecond, or of a KiB where the name says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchRow {
    /// What was measured.
    pub name: String,
    /// How often.
    pub n: usize,
    /// Half of them were faster.
    pub p50: u64,
    /// 99 of 100 were faster.
    pub p99: u64,
    /// The slowest.
    pub max: u64,
    /// What `p99` must not exceed.
    pub limit: u64,
}

impl BenchRow {
    /// The figures of some durations; none at all give zeros.
    #[must_use]
    pub fn of(name: String, mut times: Vec<Duration>, limit: Duration) -> Self {
        times.sort_unstable();
        Self {
            name,
            n: times.len(),
            p50: percentile(&times, 50),
            p99: percentile(&times, 99),
            max: percentile(&times, 100),
            limit: micros(limit),
        }
    }

    /// The figures of one size and its limit, in bytes; `name` says KiB.
    #[must_use]
    pub const fn of_size(name: String, bytes: u64, limit: u64) -> Self {
        let size = kib(bytes);
        Self { name, n: 1, p50: size, p99: size, max: size, limit: kib(limit) }
    }

    /// Whether it was measured and kept its limit.
    #[must_use]
    pub const fn is_met(&self) -> bool {
        self.n > 0 && self.p99 <= self.limit
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

/// Thousandths of a KiB.
const fn kib(bytes: u64) -> u64 {
    bytes.saturating_mul(1_000) / 1_024
}

/// The rows as aligned text: times in milliseconds, sizes in KiB.
#[must_use]
pub fn table(rows: &[BenchRow]) -> String {
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max("operation".len());
    let mut out = String::new();
    let titles = ["n", "p50 ms", "p99 ms", "max ms", "limit ms"];
    line(&mut out, width, "operation", titles.map(str::to_owned), "");
    for row in rows {
        let columns = [row.n.to_string(), whole(row.p50), whole(row.p99), whole(row.max), whole(row.limit)];
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

/// Thousandths as a number with two decimals.
fn whole(thousandths: u64) -> String {
    format!("{}.{:02}", thousandths / 1_000, thousandths % 1_000 / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_durations_that_occurred() {
        let times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        let row = BenchRow::of("list".to_owned(), times, Duration::from_millis(198));
        assert_eq!((row.p50, row.p99, row.max), (100_000, 198_000, 200_000));
        assert!(row.is_met());
        let one = BenchRow::of(String::new(), vec![Duration::from_micros(7)], Duration::from_micros(6));
        assert_eq!((one.p50, one.p99, one.is_met()), (7, 7, false));
        assert!(!BenchRow::of(String::new(), Vec::new(), Duration::MAX).is_met());
    }

    #[test]
    fn a_size_is_told_in_kib_and_nothing_may_be_the_limit() {
        let row = BenchRow::of_size("page, KiB".to_owned(), 61_952, 60 * 1_024);
        assert_eq!((row.p99, row.limit, row.is_met()), (60_500, 60_000, false));
        assert!(BenchRow::of_size(String::new(), 0, 0).is_met());
        assert!(!BenchRow::of_size(String::new(), 2, 0).is_met());
    }

    #[test]
    fn a_table_is_aligned() {
        let row = BenchRow::of("é list".to_owned(), vec![Duration::from_micros(12_345)], Duration::from_millis(50));
        let text = table(&[row]);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].starts_with("é list    ") && lines[1].ends_with("ok") && lines[1].contains("12.34"), "{text}");
    }
}

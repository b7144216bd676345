//! Priority from urgency and impact (T-PRI-01..03). Does not belong here: who may set it by hand.

use serde::{Deserialize, Serialize};

/// Lowest urgency, impact and computed priority (T-PRI-01).
pub const LOWEST: u8 = 1;
/// Highest urgency, impact and computed priority (T-PRI-01).
pub const HIGHEST: u8 = 5;
/// What a missing urgency or impact counts as (T-PRI-02).
pub const MIDDLE: u8 = 3;
/// Major: only set by hand, never by the matrix (T-PRI-01).
pub const MAJOR: u8 = 6;

/// Priorities by urgency (rows 1..5) and impact (columns 1..5), as an entity's settings hold them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Matrix(pub [[u8; 5]; 5]);

/// The matrix as shipped (T-PRI-02).
#[rustfmt::skip]
pub const DEFAULT_MATRIX: Matrix = Matrix([
    [1, 1, 2, 2, 2],
    [1, 2, 2, 3, 3],
    [2, 2, 3, 4, 4],
    [2, 3, 4, 4, 5],
    [2, 3, 4, 5, 5],
]);

impl Default for Matrix {
    fn default() -> Self {
        DEFAULT_MATRIX
    }
}

impl Matrix {
    /// Whether every cell is 1..5; 6 major never comes from a matrix (T-PRI-01).
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.0.iter().flatten().all(|cell| (LOWEST..=HIGHEST).contains(cell))
    }
}

/// The priority 1..5 of a ticket; a level outside 1..5 (0 = missing) counts as 3 (T-PRI-02).
#[must_use]
pub fn priority(urgency: u8, impact: u8, matrix: &Matrix) -> u8 {
    let row = matrix.0.get(index(urgency));
    let cell = row.and_then(|row| row.get(index(impact)));
    cell.copied().unwrap_or(MIDDLE).clamp(LOWEST, HIGHEST)
}

fn index(level: u8) -> usize {
    let level = if (LOWEST..=HIGHEST).contains(&level) { level } else { MIDDLE };
    usize::from(level.saturating_sub(LOWEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_pri_01_major_never_comes_from_the_matrix() {
        let wrong = Matrix([[6; 5]; 5]);
        assert!(!wrong.is_valid());
        assert_eq!(priority(5, 5, &wrong), 5);
        assert!(DEFAULT_MATRIX.is_valid());
    }

    #[test]
    fn t_pri_02_default_matrix_has_urgency_in_rows_and_impact_in_columns() {
        let cases = [(1, 1, 1), (1, 3, 2), (1, 5, 2), (2, 4, 3), (3, 1, 2), (3, 3, 3), (4, 2, 3), (5, 1, 2), (5, 5, 5)];
        for (urgency, impact, expected) in cases {
            assert_eq!(priority(urgency, impact, &DEFAULT_MATRIX), expected, "urgency {urgency}, impact {impact}");
        }
        let lopsided = Matrix([[1, 2, 3, 4, 5], [1; 5], [1; 5], [1; 5], [1; 5]]);
        assert_eq!(priority(1, 4, &lopsided), 4);
        assert_eq!(priority(4, 1, &lopsided), 1);
    }

    #[test]
    fn t_pri_02_a_missing_level_counts_as_three() {
        assert_eq!(priority(5, 0, &DEFAULT_MATRIX), 4);
        assert_eq!(priority(0, 5, &DEFAULT_MATRIX), 4);
        assert_eq!(priority(0, 0, &DEFAULT_MATRIX), 3);
        assert_eq!(priority(200, 1, &DEFAULT_MATRIX), 2);
    }

    #[test]
    fn t_pri_03_the_matrix_travels_as_plain_rows() {
        let json = serde_json::to_string(&DEFAULT_MATRIX).unwrap();
        assert!(json.starts_with("[[1,1,2,2,2],"));
        assert_eq!(serde_json::from_str::<Matrix>(&json).unwrap(), DEFAULT_MATRIX);
    }
}

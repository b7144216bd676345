//! One row of the page Settings.

use serde::{Deserialize, Serialize};

/// A value for one key of one entity, or none of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SaveSetting {
    /// Entity id.
    pub entity: String,
    /// Literal key.
    pub key: String,
    /// Version the page was made from; 0 = without comparison.
    pub version: i32,
    /// The value as typed.
    pub value: String,
    /// The cells of a matrix, row by row; they take the place of `value`.
    pub cells: Vec<String>,
    /// Give up the own value.
    pub inherit: bool,
    /// What was looked for, to come back to the same rows.
    pub q: String,
}

impl SaveSetting {
    /// The value as it is checked: the cells of a matrix as JSON, rows of five.
    #[must_use]
    pub fn typed(&self) -> String {
        if self.cells.is_empty() {
            return self.value.clone();
        }
        let rows: Vec<String> = self.cells.chunks(5).map(|row| ["[", &row.join(","), "]"].concat()).collect();
        ["[", &rows.join(","), "]"].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Key, validate};

    #[test]
    fn t_pri_02_the_cells_of_the_form_are_a_matrix() {
        let form = SaveSetting { cells: vec!["3".to_owned(); 25], ..SaveSetting::default() };
        assert!(validate(Key::PriorityMatrix, &form.typed()).is_ok(), "{}", form.typed());
        let short = SaveSetting { cells: vec!["3".to_owned(); 24], ..SaveSetting::default() };
        assert!(validate(Key::PriorityMatrix, &short.typed()).is_err());
        let plain = SaveSetting { value: "7".to_owned(), ..SaveSetting::default() };
        assert_eq!(plain.typed(), "7");
    }
}

//! Files of customers: which columns there are and where they stand (C-IMP-01).

use crate::csv;
use crate::error::{Code, FieldErrors};

/// Largest file, in bytes.
pub const BYTES_MAX: i64 = 50 * 1024 * 1024;
/// Most rows of a file.
pub const ROWS_MAX: usize = 100_000;
/// Most cells of a file: as many rows with forty columns.
const CELLS_MAX: usize = 40 * ROWS_MAX;
/// The columns, by their names in the heading row.
pub const COLUMNS: [&str; 10] = [
    "name",
    "legal_name",
    "document_id",
    "segment",
    "responsible",
    "status",
    "contact_name",
    "contact_role",
    "contact_email",
    "contact_phone",
];

/// Where the columns of a file stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// Place of each of [`COLUMNS`].
    places: [Option<usize>; 10],
    /// Names that are none of ours, in order.
    pub unknown: Vec<String>,
}

impl Heading {
    /// Reads the heading row.
    ///
    /// # Errors
    /// `required` on `name` when that column is missing, `duplicate` on a column that stands twice.
    pub fn read(cells: &[String]) -> Result<Self, FieldErrors> {
        let mut out = Self::default();
        let mut errors = FieldErrors::new();
        for (at, cell) in cells.iter().enumerate() {
            let name = cell.trim().to_lowercase();
            let place = COLUMNS.iter().zip(out.places.iter_mut()).find(|(known, _)| **known == name);
            match place {
                Some((known, place)) if place.is_some() => errors.add(*known, Code::Duplicate),
                Some((_, place)) => *place = Some(at),
                None if name.is_empty() => {}
                None => out.unknown.push(cell.trim().chars().take(100).collect()),
            }
        }
        if out.places.first().is_none_or(Option::is_none) {
            errors.add("name", Code::Required);
        }
        if errors.is_empty() { Ok(out) } else { Err(errors) }
    }

    /// Whether the file has a column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.place(column).is_some()
    }

    /// The cell of a column in a row; empty where either is missing.
    #[must_use]
    pub fn cell<'r>(&self, row: &'r [String], column: &str) -> &'r str {
        self.place(column).and_then(|at| row.get(at)).map(|cell| cell.trim()).unwrap_or_default()
    }

    fn place(&self, column: &str) -> Option<usize> {
        COLUMNS.iter().zip(self.places).find(|(known, _)| **known == column).and_then(|(_, place)| place)
    }
}

/// The separator of a file: of `,`, `;` and tab the one that stands most often in its first line, outside quotation marks.
#[must_use]
pub fn separator(text: &str) -> char {
    let mut counts = [(',', 0_u32), (';', 0), ('\t', 0)];
    let mut is_quoted = false;
    for c in text.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '\n' | '\r' if !is_quoted => break,
            _ => {
                if let Some((_, n)) = counts.iter_mut().find(|(known, _)| !is_quoted && *known == c) {
                    *n += 1;
                }
            }
        }
    }
    counts.into_iter().rev().max_by_key(|(_, n)| *n).map_or(',', |(c, _)| c)
}

/// The rows of a file with the lines they begin on, the heading row first; blank rows are left out.
///
/// # Errors
/// `too_many` rows, or cells.
pub fn rows(text: &str) -> Result<Vec<csv::Record>, Code> {
    let text = text.strip_prefix(csv::BOM).unwrap_or(text);
    csv::read(text, separator(text), ROWS_MAX + 1, CELLS_MAX).ok_or(Code::TooMany)
}

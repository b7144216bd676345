//! Tables as text that spreadsheets open: RFC 4180 in UTF-8, and no cell that a spreadsheet would run (T-HIS-04).

/// Stands before the first line, so that spreadsheets read the text as UTF-8.
pub const BOM: &str = "\u{feff}";

/// How a cell begins that a spreadsheet takes for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A line of a table, with its end: cells separated by commas, as [`line_with`] writes it.
#[must_use]
pub fn line<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    line_with(',', cells)
}

/// A line of a table, with its end: cells separated by `separator` (`,`, `;` or a tab). A cell that would be a formula begins with `'`; one that
/// holds the separator, a comma, a quotation mark or a line break stands in quotation marks (T-HIS-04, C-REP-04).
#[must_use]
pub fn line_with<'c>(separator: char, cells: impl IntoIterator<Item = &'c str>) -> String {
    let mut out = String::new();
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(separator);
        }
        append(&mut out, separator, cell);
    }
    out.push_str("\r\n");
    out
}

fn append(out: &mut String, separator: char, cell: &str) {
    let guard = if cell.starts_with(FORMULA) { "'" } else { "" };
    if cell.contains([separator, ',', '"', '\r', '\n']) {
        out.push('"');
        out.push_str(guard);
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(guard);
        out.push_str(cell);
    }
}

/// A row of a file that is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The line it begins on, from 1 on.
    pub line: usize,
    /// Its cells.
    pub cells: Vec<String>,
}

/// Reads a table (RFC 4180): cells in quotation marks may hold separators, doubled quotation marks and line breaks. A
/// quotation mark that is never closed ends with the text. Rows without a word are left out. `None` = there are more than `rows`
/// rows or `cells` cells, which a small file of separators and line ends can have, and nobody wants to hold.
#[must_use]
pub fn read(text: &str, separator: char, rows: usize, cells: usize) -> Option<Vec<Record>> {
    let mut out = Vec::new();
    let mut row = Record { line: 1, cells: Vec::new() };
    let (mut cell, mut line, mut is_quoted) = (String::new(), 1_usize, false);
    let mut left = cells;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if is_quoted && rest.peek() == Some(&'"') => {
                rest.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if cell.is_empty() => is_quoted = true,
            c if c == separator && !is_quoted => {
                left = left.checked_sub(1)?;
                row.cells.push(std::mem::take(&mut cell));
            }
            '\r' if !is_quoted && rest.peek() == Some(&'\n') => {}
            '\n' | '\r' if !is_quoted => {
                line += 1;
                left = left.checked_sub(1)?;
                row.cells.push(std::mem::take(&mut cell));
                let row = std::mem::replace(&mut row, Record { line, cells: Vec::new() });
                left += keep(&mut out, row, rows)?;
            }
            c => {
                line += usize::from(c == '\n');
                cell.push(c);
            }
        }
    }
    if !cell.is_empty() || !row.cells.is_empty() {
        left.checked_sub(1)?;
        row.cells.push(cell);
        keep(&mut out, row, rows)?;
    }
    Some(out)
}

/// Keeps a row that says something; answers how many cells were dropped. `None` = there is one too many.
fn keep(out: &mut Vec<Record>, row: Record, most: usize) -> Option<usize> {
    if row.cells.iter().all(|cell| cell.trim().is_empty()) {
        return Some(row.cells.len());
    }
    if out.len() >= most {
        return None;
    }
    out.push(row);
    Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_his_04_cells_are_quoted_where_they_must_be() {
        assert_eq!(line(["a", "", "b c"]), "a,,b c\r\n");
        assert_eq!(line(["a,b", "say \"hi\"", "one\ntwo"]), "\"a,b\",\"say \"\"hi\"\"\",\"one\ntwo\"\r\n");
        assert_eq!(line([]), "\r\n");
    }

    #[test]
    fn t_his_04_no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"] {
            assert_eq!(line([cell]), format!("'{cell}\r\n"), "{cell:?}");
        }
        assert_eq!(line(["\rx"]), "\"'\rx\"\r\n");
        assert_eq!(line(["=HYPERLINK(\"x\",\"y\")"]), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"\r\n");
        assert_eq!(line(["1-2", "a@b.org", " =1"]), "1-2,a@b.org, =1\r\n", "only the first character counts");
    }

    #[test]
    fn c_rep_04_the_separator_of_the_reader_is_quoted_too() {
        assert_eq!(line_with(';', ["a;b", "c", "d,e"]), "\"a;b\";c;\"d,e\"\r\n");
    }

    #[test]
    fn c_imp_01_quoted_cells_keep_separators_marks_and_line_breaks() {
        let read = |text| read(text, ',', 9, 9).unwrap();
        let rows = read("a,\"b, \"\"c\"\"\"\r\n\"two\nlines\",d\n,\nlast");
        let cells: Vec<(usize, Vec<&str>)> =
            rows.iter().map(|row| (row.line, row.cells.iter().map(String::as_str).collect())).collect();
        let expected = vec![(1, vec!["a", "b, \"c\""]), (2, vec!["two\nlines", "d"]), (5, vec!["last"])];
        assert_eq!(cells, expected);
        assert_eq!(read("\"open,x").first().map(|row| row.cells.len()), Some(1));
        assert!(read("").is_empty());
    }

    #[test]
    fn c_imp_01_a_file_of_line_ends_and_separators_holds_no_memory() {
        let cells =
            |text: &str| read(text, ',', 2, 5).map(|rows| rows.iter().map(|row| row.cells.len()).sum::<usize>());
        assert_eq!(cells(&"\n".repeat(1_000)), Some(0), "blank rows are none");
        assert_eq!(cells(&",\n".repeat(1_000)), Some(0));
        assert_eq!(cells("a,b\nc,d\n\n"), Some(4));
        assert_eq!(cells("a\nb\nc"), None, "a row too many");
        assert_eq!(cells("a,b\nc,d,,"), None, "a cell too many");
        assert_eq!(cells(&",".repeat(1_000)), None);
    }
}

//! Tables as text that spreadsheets open: RFC 4180 in UTF-8, and no cell that a spreadsheet would run (T-HIS-04).

/// Stands before the first line, so that spreadsheets read the text as UTF-8.
pub const BOM: &str = "\u{feff}";

/// How a cell begins that a spreadsheet takes for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A line of a table, with its end: cells separated by commas. A cell that would be a formula begins with `'`; one that
/// holds a comma, a quotation mark or a line break stands in quotation marks (T-HIS-04).
#[must_use]
pub fn line<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let mut out = String::new();
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        append(&mut out, cell);
    }
    out.push_str("\r\n");
    out
}

fn append(out: &mut String, cell: &str) {
    let guard = if cell.starts_with(FORMULA) { "'" } else { "" };
    if cell.contains([',', '"', '\r', '\n']) {
        out.push('"');
        out.push_str(guard);
        out.push_str(&cell.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(guard);
        out.push_str(cell);
    }
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
}

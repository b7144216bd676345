//! (server) The audit log as a table for spreadsheets: what its page says, in cells.

use domain::csv;
use domain::lang::Lang;
use domain::views::AuditLine;

use super::words;
use crate::t::audit as t;

/// The first line, with the sign of UTF-8 before it.
#[must_use]
pub fn head(lang: Lang) -> String {
    let cells = [t::when(lang), t::who(lang), t::what(lang), t::object(lang), t::entity(lang), t::details(lang)];
    [csv::BOM, &csv::line(cells)].concat()
}

/// A line for each row; several facts are lines of the same cell.
#[must_use]
pub fn lines(lang: Lang, rows: &[AuditLine]) -> String {
    rows.iter().map(|row| line(lang, row)).collect()
}

fn line(lang: Lang, row: &AuditLine) -> String {
    let who = row.person.as_ref().map_or_else(|| crate::t::common::automatic(lang).to_owned(), |who| who.name.clone());
    let facts: Vec<String> = row.facts.iter().map(|fact| words::fact(lang, fact)).collect();
    csv::line([
        row.at.as_str(),
        who.as_str(),
        words::kind(lang, &row.kind),
        words::object(lang, row).as_str(),
        row.entity.as_ref().map(|entity| entity.name.as_str()).unwrap_or_default(),
        facts.join("\n").as_str(),
    ])
}

//! (server) The history of a request as a table for spreadsheets (T-HIS-04): what its page says, in cells.

use domain::csv;
use domain::lang::Lang;
use domain::views::HistoryRow;

use super::widgets::conversation::{author_name, event_words};
use crate::t::history as h;
use crate::t::messages;
use crate::t::requests as t;

/// The first line, with the sign of UTF-8 before it.
#[must_use]
pub fn head(lang: Lang) -> String {
    let cells =
        [h::column_when(lang), h::column_who(lang), h::column_what(lang), h::column_text(lang), h::column_files(lang)];
    [csv::BOM, &csv::line(cells)].concat()
}

/// A line for each row that says something in the words of requesters.
#[must_use]
pub fn lines(lang: Lang, rows: &[HistoryRow]) -> String {
    rows.iter().filter_map(|row| line(lang, row)).collect()
}

fn line(lang: Lang, row: &HistoryRow) -> Option<String> {
    let event = &row.event;
    let what = match event.kind.as_str() {
        "occurrence_added" if row.removed.is_some() => t::entry_removed(lang).to_owned(),
        "occurrence_added" => h::note(lang).to_owned(),
        "document_added" => t::document_added(lang).to_owned(),
        "chat_line" => messages::event_said(lang).to_owned(),
        _ => event_words(lang, event)?,
    };
    let who = author_name(lang, &event.author, false);
    let files = row.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join("\n");
    Some(csv::line([event.at.as_str(), who.as_str(), what.as_str(), row.text.as_str(), files.as_str()]))
}

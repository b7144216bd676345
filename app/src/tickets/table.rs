//! (server) The history of a ticket as a table for spreadsheets (T-HIS-04): what its page says, in cells.

use domain::csv;
use domain::lang::Lang;
use domain::occurrence::Visibility;
use domain::views::{FieldChange, HistoryRow};

use super::widgets::words;
use crate::t::history as h;
use crate::t::tickets as t;

/// The first line, with the sign of UTF-8 before it.
#[must_use]
pub fn head(lang: Lang) -> String {
    let cells = [
        h::column_when(lang),
        h::column_who(lang),
        h::column_what(lang),
        h::column_field(lang),
        h::column_old(lang),
        h::column_new(lang),
        h::column_reason(lang),
        h::column_text(lang),
        h::column_files(lang),
        h::column_visibility(lang),
    ];
    [csv::BOM, &csv::line(cells)].concat()
}

/// A line for each event. Several changes of one event are lines of the same cells, in the same order.
#[must_use]
pub fn lines(lang: Lang, rows: &[HistoryRow]) -> String {
    rows.iter().map(|row| line(lang, row)).collect()
}

fn line(lang: Lang, row: &HistoryRow) -> String {
    let event = &row.event;
    let each = |of: &dyn Fn(&FieldChange) -> String| event.changes.iter().map(of).collect::<Vec<_>>().join("\n");
    let fields = each(&|change| words::field(lang, &change.field).to_owned());
    let old = each(&|change| words::value(lang, &change.field, &change.old));
    let new = each(&|change| words::value(lang, &change.field, &change.new));
    let text = if row.removed.is_some() { t::removed_entry(lang) } else { row.text.as_str() };
    let files = row.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join("\n");
    let visibility = match (&event.entry, event.private) {
        (None, _) => "",
        (_, true) => words::visibility(lang, Visibility::Private),
        (_, false) => words::visibility(lang, Visibility::Public),
    };
    let who = words::name(lang, &event.author);
    csv::line([
        event.at.as_str(),
        who.as_str(),
        words::event(lang, event).unwrap_or_else(|| t::event_other(lang)),
        fields.as_str(),
        old.as_str(),
        new.as_str(),
        event.reason.as_deref().unwrap_or_default(),
        text,
        files.as_str(),
        visibility,
    ])
}

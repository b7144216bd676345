//! (server) The exported table of the report, in the language of who exports (C-REP-04).

use domain::csv;
use domain::customer::Impact;
use domain::lang::Lang;
use domain::views::ExportRow;

use super::words;
use crate::t::customers as t;

/// The headings, in order.
#[must_use]
pub fn headings(lang: Lang) -> [&'static str; 13] {
    [
        t::date(lang),
        t::customer(lang),
        t::legal_name(lang),
        t::document_id(lang),
        t::segment(lang),
        t::category(lang),
        t::impact(lang),
        t::occurrence(lang),
        t::ticket(lang),
        t::images(lang),
        t::author(lang),
        t::registered_at(lang),
        t::entity(lang),
    ]
}

/// The word of an impact.
#[must_use]
pub fn impact(lang: Lang, impact: Impact) -> &'static str {
    words::impact(lang, impact)
}

/// What stands between two cells where the caller does not say.
#[must_use]
pub const fn separator(lang: Lang) -> char {
    match lang {
        Lang::En => ',',
        Lang::PtBr | Lang::Es | Lang::Fr => ';',
    }
}

/// The first line, with the sign of UTF-8 before it.
#[must_use]
pub fn head(lang: Lang, separator: char) -> String {
    [csv::BOM, &csv::line_with(separator, headings(lang))].concat()
}

/// A line for each row.
#[must_use]
pub fn lines(lang: Lang, separator: char, rows: &[ExportRow]) -> String {
    rows.iter().map(|row| line(lang, separator, row)).collect()
}

fn line(lang: Lang, separator: char, row: &ExportRow) -> String {
    let ticket = row.ticket.map(|number| number.to_string()).unwrap_or_default();
    let (day, images) = (row.occurred_on.to_string(), row.images.to_string());
    let cells = [
        day.as_str(),
        row.customer.as_str(),
        row.legal_name.as_str(),
        row.document_id.as_str(),
        row.segment.as_str(),
        row.category.as_str(),
        impact(lang, row.impact),
        row.body.as_str(),
        ticket.as_str(),
        images.as_str(),
        row.author.as_str(),
        row.registered_at.as_str(),
        row.entity.as_str(),
    ];
    csv::line_with(separator, cells)
}

#[cfg(test)]
mod tests {
    use domain::views::Moment;

    use super::*;

    #[test]
    fn c_rep_04_a_row_has_the_columns_in_order_and_no_formula() {
        let row = ExportRow {
            occurred_on: "2026-03-12".parse().unwrap(),
            customer: "=Acme".into(),
            legal_name: "Acme; Ltda".into(),
            document_id: "-12".into(),
            segment: String::new(),
            category: "Entrega".into(),
            impact: Impact::Negative,
            body: "Paletes \"molhados\"\nhoje".into(),
            ticket: Some(4182),
            images: 2,
            author: "@Tom".into(),
            registered_at: Moment::try_from("2026-03-12T10:02:00-03:00".to_owned()).unwrap(),
            entity: "Sede".into(),
        };
        let line = line(Lang::PtBr, separator(Lang::PtBr), &row);
        let expected = "2026-03-12;'=Acme;\"Acme; Ltda\";'-12;;Entrega;Negativo;\"Paletes \"\"molhados\"\"\nhoje\";4182;2;'@Tom;2026-03-12T10:02:00-03:00;Sede\r\n";
        assert_eq!(line, expected);
        assert_eq!(separator(Lang::En), ',');
        assert!(head(Lang::En, ',').starts_with("\u{feff}Date,Customer,Legal name,"));
    }
}

//! The dashboard as a file that spreadsheets open (T-STT-02, T-LST-07).

use domain::csv;
use domain::lang::Lang;
use domain::views::DashboardView;

use super::words;
use crate::components::sign::status_word;
use crate::t::reports as t;

/// The file: one row for each number, with what it is a part of.
#[must_use]
pub fn csv(lang: Lang, view: &DashboardView) -> String {
    let mut out = csv::BOM.to_owned();
    out.push_str(&csv::line([t::part(lang), t::name(lang), t::count(lang), t::minutes(lang)]));
    let mut count = |part: &str, name: &str, count: i64| out.push_str(&csv::line([part, name, &count.to_string(), ""]));
    for day in &view.days {
        let name = day.from.as_str().get(..10).unwrap_or_default();
        count(t::opened(lang), name, day.opened);
        count(t::solved(lang), name, day.solved);
        count(t::closed(lang), name, day.closed);
    }
    for (status, n) in &view.backlog {
        count(t::backlog(lang), status_word(lang, *status), *n);
    }
    for (age, n) in &view.ages {
        count(t::ages(lang), words::age(lang, *age), *n);
    }
    count(t::late(lang), "", view.late);
    count(t::overdue(lang), "", view.overdue);
    count(t::surveys_answered(lang), "", view.surveys_answered);
    let by_customer = view.by_customer.as_ref().map(|rows| (t::by_customer(lang), rows));
    let parts = [
        (t::by_category(lang), &view.by_category),
        (t::by_group(lang), &view.by_group),
        (t::by_assignee(lang), &view.by_assignee),
        (t::by_source(lang), &view.by_source),
    ];
    for (part, rows) in parts.into_iter().chain(by_customer) {
        for (name, n) in rows {
            count(part, &words::row(lang, name), *n);
        }
    }
    let averages = [
        (t::average_taken(lang), view.taken),
        (t::average_solving(lang), view.solving),
        (t::average_awaiting(lang), view.awaiting),
        (t::average_closing(lang), view.closing),
    ];
    for (name, minutes) in averages {
        let minutes = minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
        out.push_str(&csv::line([t::averages(lang), name, "", &minutes]));
    }
    out.push_str(&csv::line([t::worked(lang), "", "", &view.worked.to_string()]));
    let mean = view.satisfaction.map(|hundredths| words::score(lang, hundredths)).unwrap_or_default();
    out.push_str(&csv::line([t::satisfaction(lang), "", &mean, ""]));
    out
}

#[cfg(test)]
mod tests {
    use domain::statistics::Age;
    use domain::ticket::Status;
    use domain::views::{DayView, Moment};

    use super::*;

    #[test]
    fn t_stt_02_the_file_holds_the_numbers_of_the_page() {
        let from = Moment::try_from("2026-03-12T00:00:00+01:00".to_owned()).expect("an instant");
        let view = DashboardView {
            from: "2026-03-12".to_owned(),
            to: "2026-03-12".to_owned(),
            step: 1,
            days: vec![DayView { from: from.clone(), opened: 3, solved: 2, closed: 1 }],
            backlog: vec![(Status::New, 4)],
            ages: vec![(Age::Older, 5)],
            taken: Some(30),
            solving: None,
            awaiting: None,
            closing: None,
            late: 6,
            overdue: 7,
            worked: 90,
            by_category: vec![(String::new(), 8), ("=1+1".to_owned(), 9)],
            by_group: Vec::new(),
            by_assignee: vec![("\u{2026}".to_owned(), 10)],
            by_source: Vec::new(),
            by_customer: Some(vec![("Acme".to_owned(), 11)]),
            surveys_answered: 12,
            satisfaction: Some(425),
            list: None,
            entities: Vec::new(),
            groups: Vec::new(),
            person: None,
            now: from,
        };
        let file = csv(Lang::En, &view);
        for line in [
            "Opened,2026-03-12,3,",
            "Open tickets by status,New,4,",
            "Open tickets by age,More than 30 days,5,",
            "Solved late,,6,",
            "Overdue now,,7,",
            "Opened by category,None,8,",
            "Opened by category,'=1+1,9,",
            "Opened by assignee,Others,10,",
            "Averages,Until taken into account,,30",
            "Averages,Until solved,,",
            "Worked hours,,,90",
            "Opened by customer,Acme,11,",
            "Surveys answered,,12,",
            "Satisfaction (0 to 5),,4.3,",
        ] {
            assert!(file.lines().any(|known| known == line), "{line} in {file}");
        }
    }
}

//! Names of lists, flags and refusals, and what holds on to a row in words.

use domain::error::{Code, FieldErrors};
use domain::lang::Lang;
use domain::lists::{Flag, List, NAME_MAX};
use domain::pending::{Every, Fault};
use domain::views::{ListRowUse, ListRowView};

use crate::message;
use crate::settings;
use crate::t::lists_admin as t;

/// Name of a list.
pub(crate) fn list(lang: Lang, list: List) -> &'static str {
    match list {
        List::TicketCategories => t::ticket_categories(lang),
        List::OccurrenceCategories => t::occurrence_categories(lang),
        List::RequestSources => t::request_sources(lang),
        List::Locations => t::locations(lang),
        List::PendingReasons => t::pending_reasons(lang),
        List::Calendars => t::calendars(lang),
        List::SolutionTypes => t::solution_types(lang),
        List::KnowledgeCategories => t::knowledge_categories(lang),
        List::TaskCategories => t::task_categories(lang),
        List::CustomerOccurrenceCategories => t::customer_occurrence_categories(lang),
        List::CustomerSegments => t::customer_segments(lang),
    }
}

/// What a list is for, in one sentence.
pub(crate) fn about(lang: Lang, list: List) -> &'static str {
    match list {
        List::TicketCategories => t::ticket_categories_about(lang),
        List::OccurrenceCategories => t::occurrence_categories_about(lang),
        List::RequestSources => t::request_sources_about(lang),
        List::Locations => t::locations_about(lang),
        List::PendingReasons => t::pending_reasons_about(lang),
        List::Calendars => t::calendars_about(lang),
        List::SolutionTypes => t::solution_types_about(lang),
        List::KnowledgeCategories => t::knowledge_categories_about(lang),
        List::TaskCategories => t::task_categories_about(lang),
        List::CustomerOccurrenceCategories => t::customer_occurrence_categories_about(lang),
        List::CustomerSegments => t::customer_segments_about(lang),
    }
}

/// Name of a flag.
pub(crate) fn flag(lang: Lang, flag: Flag) -> &'static str {
    match flag {
        Flag::ForTickets => t::for_tickets(lang),
        Flag::ForOccurrences => t::for_occurrences(lang),
        Flag::ForIncident => t::for_incident(lang),
        Flag::ForRequest => t::for_request(lang),
        Flag::Portal => t::portal(lang),
    }
}

/// The days of a week, Monday first.
pub(crate) fn weekdays(lang: Lang) -> [&'static str; 7] {
    [
        t::monday(lang),
        t::tuesday(lang),
        t::wednesday(lang),
        t::thursday(lang),
        t::friday(lang),
        t::saturday(lang),
        t::sunday(lang),
    ]
}

/// What is to know of a row besides its name: "For incidents · Shown in the portal · Network".
pub(crate) fn facts(lang: Lang, list: List, row: &ListRowView) -> String {
    if list.has_hours() {
        let days = row.calendar.week.days().filter(|day| !day.is_empty()).count();
        let holidays = row.calendar.holidays.len();
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        return [t::working_days(lang, number(days)), t::holidays_count(lang, number(holidays))].join(" · ");
    }
    let period = row.rule.reminder_every.map(|one| every(lang, one));
    let mut words: Vec<&str> = list.flags().iter().filter(|one| row.flag(**one)).map(|one| flag(lang, *one)).collect();
    if list.has_labels() {
        words.push(row.label.as_str());
    }
    words.extend(row.group.as_ref().map(|group| group.name.as_str()));
    words.extend(period.as_deref());
    words.extend(row.rule.is_default.then(|| t::default_short(lang)));
    words.extend((!row.faults.is_empty()).then(|| t::fault_short(lang)));
    words.join(" · ")
}

/// How often people are reminded.
pub(crate) fn every(lang: Lang, every: Every) -> String {
    match every.parts() {
        (days, false) => t::every_days(lang, i64::from(days)),
        (weeks, true) => t::every_weeks(lang, i64::from(weeks)),
    }
}

/// What a rule cannot do, and what mends it.
pub(crate) fn fault(lang: Lang, fault: Fault) -> &'static str {
    match fault {
        Fault::ReminderTemplate => t::fault_reminder(lang),
        Fault::SolutionTemplate => t::fault_solution(lang),
    }
}

/// Why a field was refused, if it was.
pub(crate) fn wrong(lang: Lang, errors: &FieldErrors, field: &str) -> Option<String> {
    let code = errors.of(field)?;
    let words = match (field, code) {
        (_, Code::TooLong) => return Some(t::wrong_length(lang, &NAME_MAX.to_string())),
        ("parent", Code::Invalid) => t::wrong_parent_circle(lang),
        ("parent", Code::OutOfRange) => t::wrong_parent_depth(lang),
        ("parent", Code::NotAllowed) => t::wrong_parent_hidden(lang),
        ("active", Code::NotAllowed) => t::active_fixed(lang),
        ("week", Code::CalendarEmpty) => t::wrong_week_empty(lang),
        ("holidays", Code::Invalid) => t::wrong_holiday(lang),
        ("holidays", Code::Duplicate) => t::wrong_holiday_twice(lang),
        ("holidays", Code::TooMany) => t::wrong_holidays_many(lang),
        (field, Code::Invalid | Code::TooMany) if field.starts_with("week") => t::wrong_hours(lang),
        (_, Code::Conflict) => t::wrong_conflict(lang),
        (_, code) => message::code_sentence(lang, code),
    };
    Some(words.to_owned())
}

/// What holds on to a row, each in a sentence; none = nothing that is known without looking through all tickets.
pub(crate) fn uses(lang: Lang, used: &ListRowUse) -> Vec<String> {
    let mut out: Vec<String> = used
        .settings
        .iter()
        .map(|one| t::used_setting(lang, &one.entity.name, settings::words::label(lang, one.key)))
        .collect();
    if used.other_settings > 0 {
        out.push(t::used_settings(lang, i64::from(used.other_settings)));
    }
    if used.rows {
        out.push(t::used_rows(lang).to_owned());
    }
    if used.shipped {
        out.push(t::used_shipped(lang).to_owned());
    }
    if used.records {
        out.push(t::used_records(lang).to_owned());
    }
    out
}

#[cfg(test)]
mod tests {
    use domain::settings::Key;
    use domain::views::{Ref, SettingUse};

    use super::*;

    #[test]
    fn t_set_07_what_holds_on_to_a_row_is_told_in_words() {
        let entity = Ref { name: "Brasil".to_owned(), ..Ref::default() };
        let used = ListRowUse {
            settings: vec![SettingUse { key: Key::PortalDefaultCategory, entity }],
            other_settings: 2,
            rows: true,
            ..ListRowUse::default()
        };
        for lang in Lang::ALL {
            let told = uses(lang, &used);
            assert_eq!(told.len(), 3, "{told:?}");
            assert!(told[0].contains("Brasil") && told[1].contains('2'), "{told:?}");
        }
    }

    #[test]
    fn t_set_11_facts_name_the_flags_of_the_list_only() {
        let row =
            ListRowView { for_incident: true, for_tickets: true, label: "Wait".to_owned(), ..ListRowView::default() };
        assert_eq!(facts(Lang::En, List::TicketCategories, &row), t::for_incident(Lang::En));
        assert_eq!(facts(Lang::En, List::PendingReasons, &row), "Wait");
        assert_eq!(facts(Lang::En, List::OccurrenceCategories, &row), "");
    }
}

//! The words of the ticket list: its shipped views, its filters and their values, what is wrong with them.

use domain::error::{Code, FieldError};
use domain::format;
use domain::lang::Lang;
use domain::ticket::{Status, TicketType};
use domain::views::{Choice, ListQuery, Moment};

use super::query;
use crate::components::sign::{priority_word, status_word};
use crate::message;
use crate::t::common;
use crate::t::list as t;
use crate::tickets::widgets::words;

/// A list with a name.
pub(super) struct Preset {
    pub(super) name: &'static str,
    pub(super) query: ListQuery,
}

/// The shipped views, the usual one first.
pub(super) fn presets(lang: Lang) -> [Preset; 6] {
    let of = |assignee: &str| ListQuery { assignee: assignee.to_owned(), ..query::plain() };
    let overdue = ListQuery { more: vec![("overdue".to_owned(), "true".to_owned())], ..query::plain() };
    [
        Preset { name: t::view_open(lang), query: query::plain() },
        Preset { name: t::view_mine(lang), query: of("me") },
        Preset { name: t::view_groups(lang), query: of("my_groups") },
        Preset { name: t::view_unassigned(lang), query: of("none") },
        Preset { name: t::view_overdue(lang), query: overdue },
        Preset { name: t::view_all(lang), query: query::cleared(&query::plain()) },
    ]
}

/// A filter that is set, as its chip shows it.
pub(super) struct Chip {
    pub(super) name: String,
    pub(super) field: String,
    pub(super) value: String,
}

/// The filters that are set.
pub(super) fn chips(lang: Lang, query: &ListQuery) -> Vec<Chip> {
    let named = [
        ("status", if query.status == "all" { "" } else { query.status.as_str() }),
        ("assignee", query.assignee.as_str()),
        ("kind", query.kind.as_str()),
        ("priority", query.priority.as_str()),
        ("text", query.text.as_str()),
    ];
    let more = query.more.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    named
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .chain(more)
        .map(|(name, value)| Chip {
            name: name.to_owned(),
            field: field_word(lang, name),
            value: value_words(lang, name, value),
        })
        .collect()
}

/// The label of a filter; one without a label keeps its name.
pub(super) fn field_word(lang: Lang, name: &str) -> String {
    let word = match name {
        "text" => t::field_text(lang),
        "status" => t::field_status(lang),
        "assignee" => t::field_assignee(lang),
        "kind" | "type" => t::field_kind(lang),
        "priority" => t::field_priority(lang),
        "overdue" => t::overdue(lang),
        "entity" | "entity_only" => t::field_entity(lang),
        "group" => t::field_group(lang),
        "opened_from" => t::field_opened_from(lang),
        "opened_to" => t::field_opened_to(lang),
        "sort" => t::field_sort(lang),
        "cursor" => t::field_cursor(lang),
        name => name,
    };
    word.to_owned()
}

fn value_words(lang: Lang, name: &str, values: &str) -> String {
    match name {
        "text" => return values.to_owned(),
        // Ids say nothing to people, and the list does not know whose they are.
        "entity" | "entity_only" => return t::chosen(lang).to_owned(),
        "opened_from" | "opened_to" => {
            let at = Moment::try_from(values.to_owned()).ok();
            return at.map_or_else(|| values.to_owned(), |at| format::date_time(&at, lang));
        }
        _ => {}
    }
    let words: Vec<String> = values.split(',').map(|value| value_word(lang, name, value.trim())).collect();
    words.join(", ")
}

fn value_word(lang: Lang, name: &str, value: &str) -> String {
    let known = match name {
        "status" => status_option(lang, value),
        "assignee" => assignee_option(lang, value),
        "group" if value.contains('-') => Some(t::chosen(lang)),
        "group" => assignee_option(lang, value),
        "kind" | "type" => value.parse::<TicketType>().ok().map(|kind| words::kind(lang, kind)),
        "priority" => {
            value.parse::<u8>().ok().filter(|level| (1..=6).contains(level)).map(|level| priority_word(lang, level))
        }
        _ if value == "true" => Some(common::yes(lang)),
        _ if value == "false" => Some(common::no(lang)),
        _ => None,
    };
    known.unwrap_or(value).to_owned()
}

fn status_option(lang: Lang, value: &str) -> Option<&'static str> {
    match value {
        "open" => Some(t::status_open(lang)),
        "not_closed" => Some(t::status_not_closed(lang)),
        "all" => Some(t::status_all(lang)),
        value => value.parse::<Status>().ok().map(|status| status_word(lang, status)),
    }
}

fn assignee_option(lang: Lang, value: &str) -> Option<&'static str> {
    match value {
        "me" => Some(t::assignee_me(lang)),
        "my_groups" => Some(t::assignee_groups(lang)),
        "none" => Some(t::assignee_none(lang)),
        // An id says nothing to people, and the list does not know whose it is.
        id => id.contains('-').then(|| t::assignee_chosen(lang)),
    }
}

/// The choices of a filter with a present value among them, even one that only an address can hold ("4,5").
pub(super) fn options(lang: Lang, name: &str, values: &[&str], present: &str) -> Vec<Choice> {
    let mut all = values.to_vec();
    if !present.is_empty() && !all.contains(&present) {
        all.push(present);
    }
    all.into_iter()
        .map(|value| Choice { value: value.to_owned(), name: value_words(lang, name, value), depth: 0 })
        .collect()
}

/// The columns a list can be ordered by.
pub(super) const COLUMNS: [&str; 6] = ["updated_at", "opened_at", "due_resolve_at", "priority", "status", "number"];

/// The head of a column.
pub(super) fn column_word(lang: Lang, column: &str) -> &'static str {
    match column {
        "number" => t::column_number(lang),
        "status" => t::field_status(lang),
        "priority" => t::field_priority(lang),
        "opened_at" => t::column_opened(lang),
        "due_resolve_at" => t::column_due(lang),
        _ => t::column_updated(lang),
    }
}

/// Both directions of every column, for screens without heads to click.
pub(super) fn orders(lang: Lang) -> Vec<Choice> {
    let both = |column: &&str| {
        let word = column_word(lang, column);
        [
            Choice { value: ["-", *column].concat(), name: t::order_down(lang, word), depth: 0 },
            Choice { value: (*column).to_owned(), name: t::order_up(lang, word), depth: 0 },
        ]
    };
    COLUMNS.iter().flat_map(both).collect()
}

/// What is wrong with a filter, naming it and its value.
pub(super) fn wrong(lang: Lang, query: &ListQuery, error: &FieldError) -> String {
    let value = match error.field.as_str() {
        "status" => &query.status,
        "assignee" => &query.assignee,
        "kind" | "type" => &query.kind,
        "priority" => &query.priority,
        "sort" => &query.sort,
        "text" if error.code == Code::TooLong => return t::wrong_text(lang).to_owned(),
        "cursor" => return t::wrong_cursor(lang).to_owned(),
        name => match query.more.iter().find(|(given, _)| given == name) {
            Some((_, value)) => value,
            None => return message::code_sentence(lang, error.code).to_owned(),
        },
    };
    t::wrong_value(lang, &field_word(lang, &error.field), value)
}

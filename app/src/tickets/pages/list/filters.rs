//! What narrows the list: chips of the filters that are set, a text box, and the other fields behind one button.
//! All of it is one form with method GET, so it works without scripts.

use domain::error::FieldErrors;
use domain::lang::Lang;
use domain::views::{Choice, ListQuery};
use leptos::prelude::*;

use super::query;
use super::words::{self, Chip};
use crate::components::field::SelectField;
use crate::components::icon::Icon;
use crate::t::common;
use crate::t::list as t;

const ERRORS: &str = "filter-errors";

/// The bar with its chips; wrong filters are told right below it.
pub(super) fn filter_bar(lang: Lang, query: &ListQuery, errors: &FieldErrors) -> AnyView {
    let chips = words::chips(lang, query).into_iter().map(|chip| chip_view(lang, query, chip)).collect_view();
    let is_wrong = !errors.is_empty();
    view! {
        <form class="filter-bar" role="search" aria-label=t::filter_form(lang) method="get" action="/tickets">
            {chips}
            <input
                class="input input-sm filter-text"
                r#type="search"
                name="text"
                value=query.text.clone()
                placeholder=t::text_box(lang)
                aria-label=t::text_box(lang)
                aria-describedby=is_wrong.then_some(ERRORS)
                aria-invalid=errors.of("text").map(|_| "true")
            />
            <button class="btn btn-sm" r#type="button" popovertarget="pop-filters">
                <Icon name="funnel"/>
                {t::filters(lang)}
            </button>
            <div class="pop pop-end pop-wide pop-sheet" id="pop-filters" popover="auto">{more(lang, query)}</div>
        </form>
        {is_wrong.then(|| wrong(lang, query, errors))}
    }
    .into_any()
}

fn chip_view(lang: Lang, query: &ListQuery, chip: Chip) -> AnyView {
    let href = query::address(&query::without(query, &chip.name));
    let label = t::remove_filter(lang, &chip.field, &chip.value);
    view! {
        <span class="chip">
            {t::chip(lang, &chip.field)}
            " "
            <b>{chip.value}</b>
            <a class="chip-remove" href=href aria-label=label><Icon name="x" small=true/></a>
        </span>
    }
    .into_any()
}

/// The fields behind the button, what the address holds besides, and the button that applies them.
fn more(lang: Lang, query: &ListQuery) -> AnyView {
    let statuses =
        ["open", "not_closed", "all", "new", "assigned", "planned", "pending", "solved", "closed", "cancelled"];
    let limits = query::LIMITS
        .iter()
        .map(|n| Choice { value: n.to_string(), name: n.to_string(), depth: 0 })
        .collect::<Vec<_>>();
    let kept = query
        .more
        .iter()
        .map(|(name, value)| view! { <input r#type="hidden" name=name.clone() value=value.clone()/> })
        .collect_view();
    let assignees = words::options(lang, "assignee", &["me", "my_groups", "none"], &query.assignee);
    let kinds = words::options(lang, "kind", &["incident", "request"], &query.kind);
    let priorities = words::options(lang, "priority", &["6", "5", "4", "3", "2", "1"], &query.priority);
    view! {
        <div class="form">
            <div class="field-grid">
                <SelectField
                    name="status"
                    id="filter-status"
                    label=t::field_status(lang)
                    options=words::options(lang, "status", &statuses, &query.status)
                    value=query.status.clone()
                />
                <SelectField name="assignee" id="filter-assignee" label=t::field_assignee(lang) options=assignees value=query.assignee.clone() blank=t::any_assignee(lang)/>
                <SelectField name="kind" id="filter-kind" label=t::field_kind(lang) options=kinds value=query.kind.clone() blank=t::any_kind(lang)/>
                <SelectField name="priority" id="filter-priority" label=t::field_priority(lang) options=priorities value=query.priority.clone() blank=t::any_priority(lang)/>
                <SelectField name="sort" id="filter-sort" label=t::field_sort(lang) options=words::orders(lang) value=query.sort.clone()/>
                <SelectField name="limit" id="filter-limit" label=t::field_limit(lang) options=limits value=query.limit.to_string()/>
            </div>
            {kept}
            <div class="form-foot">
                <button class="btn btn-sm" r#type="submit">{common::filter(lang)}</button>
                <a class="btn btn-ghost btn-sm" href=query::address(&query::cleared(query))>{common::clear_filters(lang)}</a>
            </div>
        </div>
    }
    .into_any()
}

/// The wrong filters by name, each with the way to take it out.
fn wrong(lang: Lang, query: &ListQuery, errors: &FieldErrors) -> AnyView {
    let lines = errors
        .0
        .iter()
        .map(|error| {
            let name = if error.field == "type" { "kind" } else { error.field.as_str() };
            let mended = match name {
                "sort" => ListQuery { sort: query::plain().sort, ..query::first_page(query) },
                "cursor" => query::first_page(query),
                name => query::without(query, name),
            };
            let way_out = if name == "cursor" { common::first_page(lang) } else { t::remove_this(lang) };
            view! { <li>{words::wrong(lang, query, error)}" "<a href=query::address(&mended)>{way_out}</a></li> }
        })
        .collect_view();
    view! {
        <div class="error-summary" role="alert" id=ERRORS>
            <h2><Icon name="circle-alert"/>{t::wrong_filter(lang)}</h2>
            <ul>{lines}</ul>
        </div>
    }
    .into_any()
}

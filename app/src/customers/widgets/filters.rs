//! Filters of the report and of the page of a customer: a form that only asks, so that the address holds them all (C-REP-01).

use domain::customer::{Impact, read_day};
use domain::error::FieldErrors;
use domain::format;
use domain::lang::Lang;
use domain::views::{Choice, ReportQuery};
use leptos::prelude::*;

use crate::components::field::{SelectField, TextField};
use crate::components::icon::Icon;
use crate::customers::words;
use crate::message;
use crate::t::common;
use crate::t::customers as t;

/// One box for each impact; none ticked = all of them.
pub(crate) fn impacts(lang: Lang, query: &ReportQuery) -> AnyView {
    let boxes = Impact::ALL
        .into_iter()
        .map(|impact| {
            let checked = query.impact.split(',').any(|part| part.trim() == impact.as_str());
            view! {
                <label class="check-row impact" data-impact=impact.as_str()>
                    <input class="checkbox checkbox-primary checkbox-sm" r#type="checkbox" name="impact" value=impact.as_str() checked=checked/>
                    <Icon name=words::impact_icon(impact) small=true/>
                    <span>{words::impact(lang, impact)}</span>
                </label>
            }
        })
        .collect_view();
    view! { <fieldset class="field filter-impacts"><legend>{t::impact(lang)}</legend><span class="choice-row">{boxes}</span></fieldset> }
        .into_any()
}

/// Category and period.
pub(crate) fn common_fields(lang: Lang, query: &ReportQuery, categories: &[Choice], wrong: &FieldErrors) -> AnyView {
    let error = |field: &'static str| Signal::stored(message::field_sentence(lang, wrong, field));
    view! {
        <SelectField name="category" label=t::category(lang) options=categories.to_vec() value=query.category.clone() blank=t::any(lang) error=error("category")/>
        <TextField name="from" label=t::from(lang) kind="date" value=query.from.clone() error=error("from")/>
        <TextField name="to" label=t::to(lang) kind="date" value=query.to.clone() error=error("to")/>
    }
    .into_any()
}

/// The button that asks, and the way back to no filter at all.
pub(crate) fn ask(lang: Lang, clear: Option<String>) -> AnyView {
    let clear = clear.map(|href| view! { <a class="btn btn-ghost btn-sm" href=href>{common::clear_filters(lang)}</a> });
    view! {
        <button class="btn btn-sm" r#type="submit"><Icon name="search"/>{common::show(lang)}</button>
        {clear}
    }
    .into_any()
}

/// Whether anything is filtered at all; the customer of a page is no filter of it.
pub(crate) fn is_narrowed(query: &ReportQuery) -> bool {
    let texts =
        [&query.impact, &query.category, &query.from, &query.to, &query.responsible, &query.segment, &query.entity];
    query.entity_only || texts.iter().any(|text| !text.is_empty())
}

/// The filters in words, for paper (C-REP-05): what a form of fields does not tell there.
pub(crate) fn told(lang: Lang, query: &ReportQuery, lists: &[(&'static str, &str, &[Choice])]) -> AnyView {
    let mut parts: Vec<String> = Vec::new();
    let impacts: Vec<&str> = Impact::ALL
        .into_iter()
        .filter(|impact| query.impact.split(',').any(|part| part.trim() == impact.as_str()))
        .map(|impact| words::impact(lang, impact))
        .collect();
    if !impacts.is_empty() {
        parts.push([t::impact(lang), ": ", &impacts.join(", ")].concat());
    }
    for (label, value, choices) in lists {
        if let Some(choice) = choices.iter().find(|choice| choice.value == *value) {
            parts.push([*label, ": ", &choice.name].concat());
        }
    }
    for (label, day) in [(t::from(lang), &query.from), (t::to(lang), &query.to)] {
        if let Ok(day) = read_day(day) {
            parts.push([label, ": ", &format::calendar_date(day, lang)].concat());
        }
    }
    if query.entity_only {
        parts.push(t::entity_only(lang).to_owned());
    }
    view! { <p class="print-only small">{parts.join(" · ")}</p> }.into_any()
}

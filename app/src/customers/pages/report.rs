//! The report of customer occurrences (C-REP-01, C-REP-02, C-REP-04, C-REP-05).

use domain::format;
use domain::lang::Lang;
use domain::views::{Choice, ReportPage as Page, ReportQuery, ReportShare};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::empty::EmptyState;
use crate::components::field::{Checkbox, SelectField};
use crate::components::icon::Icon;
use crate::components::pagination::Pagination;
use crate::customers::chooser::{Chooser, search_button};
use crate::customers::server_fns::customer_report;
use crate::customers::widgets::{chart, entry, filters, frame};
use crate::customers::{address, words};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::customers as t;

/// Page `/reports/customer-occurrences`.
#[component]
pub fn CustomerReportPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|map| (address::read_report(map), map.get("words").unwrap_or_default())));
    let data = Resource::new_blocking(move || asked.get(), |(query, words)| customer_report(query, words));
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => {
                    let (query, words) = asked.get_untracked();
                    report(lang, &page, &query, words)
                }
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn report(lang: Lang, page: &Page, query: &ReportQuery, words: String) -> AnyView {
    let file = |ending: &str| address::filtered(&[address::REPORT, ending].concat(), query, "");
    let tools = view! {
        <span class="page-tools">
            <button class="btn btn-sm" r#type="button" data-print="" hidden=true><Icon name="printer"/>{t::print(lang)}</button>
            <LinkButton href=file(".csv") icon="download">"CSV"</LinkButton>
            <LinkButton href=file(".xlsx") icon="download">"XLSX"</LinkButton>
            {register(lang)}
        </span>
    };
    let content = if page.wrong.is_empty() {
        numbers(lang, page, query)
    } else {
        view! { <Banner tone=Tone::Error text=t::wrong_filters(lang)/> }.into_any()
    };
    let content = view! {
        {ask(lang, page, query, words)}
        {content}
    };
    frame(t::report_title(lang), None, tools.into_any(), content.into_any())
}

fn register(lang: Lang) -> Option<AnyView> {
    let may = crate::boot::use_viewer().is_some_and(|viewer| viewer.can("customer.edit"));
    may.then(|| {
        view! {
            <LinkButton href=address::NEW_OCCURRENCE kind=ButtonKind::Primary icon="plus">{t::register_occurrence(lang)}</LinkButton>
        }
        .into_any()
    })
}

fn ask(lang: Lang, page: &Page, query: &ReportQuery, words: String) -> AnyView {
    let error = |field: &'static str| Signal::stored(message::field_sentence(lang, &page.wrong, field));
    let (segments, people) = (segments(lang, page), people(lang, page));
    let chooser = Chooser {
        lang,
        name: "customer",
        search: "words",
        id: "customer",
        purpose: "filter".to_owned(),
        chosen: page.customer.as_ref(),
        found: &page.found,
        words,
        may_be_empty: true,
        error: error("customer"),
        button: search_button(lang, "find"),
    };
    let clear = filters::is_narrowed(query) || !query.customer.is_empty();
    view! {
        <form class="filter-bar report-filters" role="search" method="get" action=address::REPORT aria-label=t::filters(lang)>
            {filters::impacts(lang, query)}
            {filters::common_fields(lang, query, &page.categories, &page.wrong)}
            {chooser.view()}
            <SelectField name="responsible" label=t::responsible(lang) options=people value=query.responsible.clone() blank=t::any(lang) error=error("responsible")/>
            <SelectField name="segment" label=t::segment(lang) options=segments value=query.segment.clone() blank=t::any(lang) error=error("segment")/>
            <SelectField name="entity" label=t::entity(lang) options=page.entities.clone() value=query.entity.clone() blank=t::any(lang) error=error("entity")/>
            <Checkbox name="entity_only" label=t::entity_only(lang) checked=query.entity_only/>
            {filters::ask(lang, clear.then(|| address::REPORT.to_owned()))}
        </form>
    }
    .into_any()
}

/// Segments to filter by, and none.
fn segments(lang: Lang, page: &Page) -> Vec<Choice> {
    let mut out = vec![words::choice("none", t::without(lang))];
    out.extend_from_slice(&page.segments);
    out
}

/// Responsible people to filter by: the reader, nobody, each of them.
fn people(lang: Lang, page: &Page) -> Vec<Choice> {
    let mut out = vec![words::choice("me", t::me(lang)), words::choice("none", t::without(lang))];
    out.extend_from_slice(&page.people);
    out
}

fn numbers(lang: Lang, page: &Page, query: &ReportQuery) -> AnyView {
    let report = &page.report;
    let (segments, people) = (segments(lang, page), people(lang, page));
    let lists: [(&'static str, &str, &[Choice]); 4] = [
        (t::category(lang), &query.category, &page.categories),
        (t::responsible(lang), &query.responsible, &people),
        (t::segment(lang), &query.segment, &segments),
        (t::entity(lang), &query.entity, &page.entities),
    ];
    let customer = page.customer.as_ref().map(|one| {
        view! { <p class="print-only small">{t::customer(lang)}": "{one.name.clone()}</p> }
    });
    let rows = if page.rows.items.is_empty() {
        view! { <EmptyState icon="search" title=t::none_found(lang) text=t::none_found_hint(lang)/> }.into_any()
    } else {
        entry::entries(lang, &page.rows.items, &page.rows.now, true)
    };
    let first = (!query.cursor.is_empty()).then(|| address::filtered(address::REPORT, query, ""));
    let next = page.rows.next_cursor.as_deref().map(|cursor| address::filtered(address::REPORT, query, cursor));
    let count = words::occurrences(lang, page.rows.count.as_ref());
    view! {
        {filters::told(lang, query, &lists)}
        {customer}
        {chart::counts(lang, &report.by_impact)}
        {chart::chart(lang, report)}
        <div class="report-shares">
            {shares(lang, t::by_category(lang), &report.by_category)}
            {shares(lang, t::by_customer(lang), &report.by_customer)}
        </div>
        {rows}
        <Pagination first=first next=next count=count/>
    }
    .into_any()
}

/// Counts of something, the highest first.
fn shares(lang: Lang, title: &'static str, shares: &[ReportShare]) -> AnyView {
    if shares.is_empty() {
        return ().into_any();
    }
    let rows = shares
        .iter()
        .map(|share| {
            let name = share.of.as_ref().map_or_else(|| t::others(lang).to_owned(), |of| of.name.clone());
            view! { <tr><th scope="row">{name}</th><td class="num">{format::number(share.count, lang)}</td></tr> }
        })
        .collect_view();
    view! {
        <table class="change-table">
            <caption class="card-title">{title}</caption>
            <thead><tr><th scope="col">{t::name(lang)}</th><th scope="col" class="num">{t::total(lang)}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

//! The rows of the log, newest first, with filters in the address.

use domain::error::AppError;
use domain::lang::Lang;
use domain::views::{AuditFilter, AuditLine, AuditPage, Choice, Moment};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::admin::address::with;
use crate::audit::server_fns::audit_log;
use crate::audit::words;
use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::empty::EmptyState;
use crate::components::field::{SelectField, TextField};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::pagination::Pagination;
use crate::components::when::Time;
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::audit as t;
use crate::t::common;

/// Its address.
const PATH: &str = "/audit";
/// Facts that are shown at once; the others unfold.
const SHOWN: usize = 3;

/// Page `/audit`.
#[component]
pub fn AuditLogPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        query.with(|map| {
            let text = |name: &str| map.get_str(name).unwrap_or_default().trim().to_owned();
            AuditFilter {
                person: text("person"),
                kind: text("kind"),
                from: text("from"),
                to: text("to"),
                cursor: text("cursor"),
            }
        })
    });
    let data = Resource::new_blocking(move || filter.get(), audit_log);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(log) => content(lang, &filter.get_untracked(), &log),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

/// The filters of an address with another cursor.
fn address(path: &str, filter: &AuditFilter, cursor: &str) -> String {
    let pairs = [
        ("person", filter.person.as_str()),
        ("kind", filter.kind.as_str()),
        ("from", filter.from.as_str()),
        ("to", filter.to.as_str()),
        ("cursor", cursor),
    ];
    with(path, &pairs)
}

fn content(lang: Lang, filter: &AuditFilter, log: &AuditPage) -> AnyView {
    let wrong = (!log.errors.is_empty()).then(|| {
        let text = message::sentence(lang, &AppError::Invalid(log.errors.clone()));
        view! { <Banner tone=Tone::Error text=text/> }
    });
    let rows = if wrong.is_some() {
        // What is wrong stands at its field; there are no rows to mistake for an answer.
        ().into_any()
    } else if log.page.items.is_empty() {
        view! { <EmptyState icon="scroll-text" title=t::empty(lang) text=t::empty_text(lang)/> }.into_any()
    } else {
        table(lang, filter, &log.page.items, &log.page.now)
    };
    let next = log.page.next_cursor.as_deref().map(|cursor| address(PATH, filter, cursor));
    let first = (!filter.cursor.is_empty()).then(|| address(PATH, filter, ""));
    let count = log.page.count.map(|count| {
        if count.exact { t::rows(lang, i64::from(count.value)) } else { t::rows_more(lang, &count.value.to_string()) }
    });
    let export = address("/audit.csv", filter, "");
    let bar = filters(lang, filter, log);
    view! {
        <PageTitle text=t::title(lang)/>
        <AgentLayout>
            <div class="page page-mid">
                <div class="page-head">
                    <h1>{t::title(lang)}</h1>
                    <span class="page-tools">
                        <a class="btn btn-ghost btn-sm" href=export rel="external"><Icon name="download"/>{t::export(lang)}</a>
                    </span>
                </div>
                <p class="muted">{t::about(lang)}</p>
                {bar}
                {wrong}
                {rows}
                <Pagination first=first next=next count=count.unwrap_or_default()/>
            </div>
        </AgentLayout>
    }
    .into_any()
}

fn filters(lang: Lang, filter: &AuditFilter, log: &AuditPage) -> AnyView {
    let kinds = words::AREAS
        .map(|(value, word)| Choice { value: value.to_owned(), name: word(lang).to_owned(), depth: 0 })
        .to_vec();
    let wrong = |field: &'static str| {
        let error = message::field_sentence(lang, &log.errors, field);
        Signal::derive(move || error.clone())
    };
    let is_narrow = [&filter.person, &filter.kind, &filter.from, &filter.to].iter().any(|text| !text.is_empty());
    let clear =
        is_narrow.then(|| view! { <a class="btn btn-ghost btn-sm" href=PATH>{common::clear_filters(lang)}</a> });
    // Somebody chosen in a row is an id, which says nothing to a reader.
    let is_chosen = is_id(&filter.person);
    let person = if is_chosen {
        let name = if log.person.is_empty() { filter.person.clone() } else { log.person.clone() };
        view! {
            <input r#type="hidden" name="person" value=filter.person.clone()/>
            <span class="chip">{t::by_person(lang, &name)}</span>
        }
        .into_any()
    } else {
        view! { <TextField name="person" id="audit-person" label=t::person(lang) kind="search" value=filter.person.clone() maxlength=100/> }
            .into_any()
    };
    view! {
        <form class="filter-bar" role="search" method="get" action=PATH aria-label=t::filters(lang)>
            {person}
            <SelectField name="kind" id="audit-kind" label=t::kind(lang) options=kinds value=filter.kind.clone() blank=t::everything(lang)/>
            <TextField name="from" id="audit-from" label=t::from(lang) kind="date" value=filter.from.clone() error=wrong("from")/>
            <TextField name="to" id="audit-to" label=t::to(lang) kind="date" value=filter.to.clone() error=wrong("to")/>
            <button class="btn btn-sm" r#type="submit"><Icon name="funnel"/>{common::filter(lang)}</button>
            {clear}
        </form>
    }
    .into_any()
}

/// Whether somebody is named by id.
fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

fn table(lang: Lang, filter: &AuditFilter, rows: &[AuditLine], now: &Moment) -> AnyView {
    let rows = rows.iter().map(|row| line(lang, filter, row, now)).collect_view();
    view! {
        <div class="table-frame">
            <table class="data-table audit-table">
                <caption class="vh">{t::title(lang)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t::what(lang)}</th>
                        <th scope="col" class="col-person">{t::who(lang)}</th>
                        <th scope="col" class="col-person">{t::entity(lang)}</th>
                        <th scope="col" class="audit-details">{t::details(lang)}</th>
                        <th scope="col" class="col-updated">{t::when(lang)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(lang: Lang, filter: &AuditFilter, row: &AuditLine, now: &Moment) -> AnyView {
    let who = match &row.person {
        Some(person) => {
            let theirs = AuditFilter { person: person.id.to_string(), ..filter.clone() };
            view! { <a class="quiet-link" href=address(PATH, &theirs, "")>{person.name.clone()}</a> }.into_any()
        }
        None => common::automatic(lang).into_any(),
    };
    let object = words::object(lang, row);
    let object = (!object.is_empty()).then(|| view! { <small class="admin-second">{object}</small> });
    let entity = row.entity.as_ref().map(|entity| entity.name.clone()).unwrap_or_default();
    view! {
        <tr id=format!("audit-{}", row.id)>
            <th scope="row" class="card-wide">{words::kind(lang, &row.kind)}{object}</th>
            <td data-label=t::who(lang)>{who}</td>
            <td class="card-late" data-label=t::entity(lang)>{entity}</td>
            <td class="card-wide card-late audit-details">{facts(lang, row)}</td>
            <td class="card-end"><Time moment=row.at.clone() now=Some(now.clone())/></td>
        </tr>
    }
    .into_any()
}

fn facts(lang: Lang, row: &AuditLine) -> Option<AnyView> {
    let item = |fact| view! { <li>{words::fact(lang, fact)}</li> };
    let first = row.facts.iter().take(SHOWN).map(item).collect_view();
    let rest = (row.facts.len() > SHOWN).then(|| {
        let rest = row.facts.iter().skip(SHOWN).map(item).collect_view();
        view! { <details><summary>{t::more_details(lang)}</summary><ul class="audit-facts">{rest}</ul></details> }
    });
    (!row.facts.is_empty()).then(|| view! { <ul class="audit-facts">{first}</ul>{rest} }.into_any())
}

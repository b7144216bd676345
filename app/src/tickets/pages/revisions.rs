//! Former versions of an occurrence, word by word (T-OCC-16).

use domain::format;
use domain::lang::Lang;
use domain::views::{DiffPart, FieldChange, Moment, OccurrencePage, RevisionView};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::sign::VisibilityMark;
use crate::components::when::Time;
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::t::tickets as t;
use crate::tickets::server_fns::occurrence_page;
use crate::tickets::widgets::address::{use_entry_id, use_number};
use crate::tickets::widgets::frame::BackToTicket;
use crate::tickets::widgets::words;

/// Page `/tickets/:number/occurrences/:id/revisions`; `?revision=` names the one shown.
#[component]
pub fn RevisionsPage() -> impl IntoView {
    let (number, id) = (use_number(), use_entry_id());
    let data =
        Resource::new_blocking(move || (number.get(), id.get()), |(number, id)| occurrence_page(number, id, true));
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Revisions page=page/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

#[component]
fn Revisions(page: OccurrencePage) -> impl IntoView {
    let lang = use_lang();
    let (entry, revisions, now) = (page.occurrence, page.revisions, StoredValue::new(page.now));
    let number = entry.ticket;
    let path = format!("/tickets/{number}/occurrences/{}/revisions", entry.id);
    let title = t::revisions_title(lang, &format::date_time(&entry.occurred_at, lang));
    let query = use_query_map();
    let last = revisions.len().saturating_sub(1);
    let chosen = Memo::new({
        let numbers: Vec<i32> = revisions.iter().map(|one| one.revision).collect();
        move |_| {
            let wanted = query.with(|map| map.get_str("revision").and_then(|text| text.parse::<i32>().ok()));
            wanted.and_then(|wanted| numbers.iter().position(|one| *one == wanted)).unwrap_or(last)
        }
    });
    let revisions = StoredValue::new(revisions);
    let path = StoredValue::new(path);
    let body = move || {
        let at = chosen.get();
        revisions.with_value(|all| {
            let before = at.checked_sub(1).and_then(|before| all.get(before));
            all.get(at).map(|one| path.with_value(|path| revision(lang, path, all, one, before, at, &now.get_value())))
        })
    };
    let list = move || {
        revisions.with_value(|all| path.with_value(|path| list(lang, path, all, chosen.get(), &now.get_value())))
    };
    view! {
        <PageTitle text=title.clone()/>
        <AgentLayout>
            <div class="page page-mid">
                <BackToTicket number=number title=page.title/>
                <div class="page-head"><h1>{title}</h1></div>
                <div class="revision-page">
                    <nav aria-label=t::revisions(lang)><ol class="revision-list">{list}</ol></nav>
                    {body}
                </div>
            </div>
        </AgentLayout>
    }
}

fn list(lang: Lang, path: &str, all: &[RevisionView], chosen: usize, now: &Moment) -> Vec<AnyView> {
    let last = all.len().saturating_sub(1);
    let row = |(at, one): (usize, &RevisionView)| {
        let number = one.revision.to_string();
        let words = if at == last { t::revision_now(lang, &number) } else { t::revision_number(lang, &number) };
        let by = format!("{}, {}", words::name(lang, &one.by), format::smart(&one.at, now, lang));
        let current = (at == chosen).then_some("page");
        view! { <li><a href=format!("{path}?revision={number}") aria-current=current>{words}<small>{by}</small></a></li> }.into_any()
    };
    all.iter().enumerate().rev().map(row).collect()
}

fn revision(
    lang: Lang,
    path: &str,
    all: &[RevisionView],
    one: &RevisionView,
    before: Option<&RevisionView>,
    at: usize,
    now: &Moment,
) -> AnyView {
    let words = match before {
        Some(before) => t::revision_from_to(lang, &before.revision.to_string(), &one.revision.to_string()),
        None => t::revision_number(lang, &one.revision.to_string()),
    };
    let class = if one.visibility.is_private() { "card private" } else { "card" };
    let changes = before.map(|before| changes(lang, before, one)).unwrap_or_default();
    let table = (!changes.is_empty()).then(|| change_table(lang, &changes));
    let step = |to: Option<&RevisionView>| to.map(|to| format!("{path}?revision={}", to.revision));
    let previous = view! { <Icon name="chevron-left"/>{t::previous(lang)} }.into_any();
    let next = view! { {t::next(lang)}<Icon name="chevron-right"/> }.into_any();
    view! {
        <article class=class>
            <header class="entry-head">
                <VisibilityMark visibility=one.visibility/>
                <span class="entry-author">{words}</span>
                <span class="entry-kind">{words::name(lang, &one.by)}</span>
                <span class="entry-time"><Time moment=one.at.clone() now=Some(now.clone())/></span>
            </header>
            <div class="diff"><p>{one.diff.iter().map(|part| diff(lang, part)).collect_view()}</p></div>
            {table}
            <div class="form-foot">
                <span class="draft-state"></span>
                {step_link(previous, t::oldest_revision(lang), step(before))}
                {step_link(next, t::newest_revision(lang), step(all.get(at.saturating_add(1))))}
            </div>
        </article>
    }
    .into_any()
}

/// Added and removed words are also said, for those who hear the page.
fn diff(lang: Lang, part: &DiffPart) -> AnyView {
    let text = part.text.clone();
    match part.op.as_str() {
        "added" => view! { <ins><span class="vh">{t::added(lang)}</span>{text}</ins> }.into_any(),
        "removed" => view! { <del><span class="vh">{t::removed(lang)}</span>{text}</del> }.into_any(),
        _ => text.into_any(),
    }
}

fn step_link(content: AnyView, why_not: &'static str, href: Option<String>) -> AnyView {
    match href {
        Some(href) => view! { <a class="btn btn-sm" href=href>{content}</a> }.into_any(),
        None => view! { <a class="btn btn-sm" aria-disabled="true" title=why_not>{content}</a> }.into_any(),
    }
}

/// Fields besides the text that differ.
fn changes(lang: Lang, before: &RevisionView, after: &RevisionView) -> Vec<FieldChange> {
    let values = |one: &RevisionView| {
        let names = |all: &[domain::views::Ref]| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>().join(", ");
        [
            ("visibility", words::visibility(lang, one.visibility).to_owned()),
            ("occurred_at", format::date_time(&one.occurred_at, lang)),
            ("minutes", one.minutes.map(|minutes| format::duration(minutes, lang)).unwrap_or_default()),
            ("category", one.category.as_ref().map(|category| category.name.clone()).unwrap_or_default()),
            ("source", one.source.as_ref().map(|source| source.name.clone()).unwrap_or_default()),
            ("attachments", names(&one.attachments)),
        ]
    };
    let pairs = values(before).into_iter().zip(values(after));
    pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| FieldChange { field: field.to_owned(), old, new })
        .collect()
}

fn change_table(lang: Lang, changes: &[FieldChange]) -> AnyView {
    let or_none = |field: &str, text: &str| match text {
        "" => words::nothing(lang, field).to_owned(),
        _ => text.to_owned(),
    };
    let rows = changes.iter().map(|change| {
        view! { <tr><th scope="row">{words::field(lang, &change.field)}</th><td>{or_none(&change.field, &change.old)}</td><td>{or_none(&change.field, &change.new)}</td></tr> }
    });
    let rows = rows.collect_view();
    view! {
        <table class="change-table">
            <caption class="vh">{t::changed_fields(lang)}</caption>
            <thead><tr><th scope="col">{t::field(lang)}</th><th scope="col">{t::before(lang)}</th><th scope="col">{t::after(lang)}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

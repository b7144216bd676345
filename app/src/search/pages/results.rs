//! The search page: a box, the kinds, the tickets, what was found beside them. All state is in the address; private hits carry their
//! mark.

use domain::error::{AppError, Code};
use domain::format;
use domain::lang::Lang;
use domain::views::{ActorKind, Count, Moment, SearchHit, SearchPage as Found, Snippet};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

use crate::boot::{use_lang, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::empty::EmptyState;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::pagination::Pagination;
use crate::components::sign::{PrivateMark, StatusBadge};
use crate::error::Refusal;
use crate::layouts::agent::AgentLayout;
use crate::message;
use crate::search::groups::{self, ARTICLE, CUSTOMER};
use crate::search::server_fns::search_content;
use crate::t::common;
use crate::t::search as t;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Question {
    q: String,
    kind: String,
    cursor: String,
}

impl Question {
    fn read(params: &ParamsMap) -> Self {
        let text = |name| params.get_str(name).unwrap_or_default().trim().to_owned();
        Self { q: text("q"), kind: text("kind"), cursor: text("cursor") }
    }

    /// The address of this question with another kind or page.
    fn address(&self, kind: &str, cursor: &str) -> String {
        let mut address = ["/search?q=", &Url::escape(&self.q)].concat();
        for (name, value) in [("kind", kind), ("cursor", cursor)] {
            if !value.is_empty() {
                address.push_str(&["&", name, "=", &Url::escape(value)].concat());
            }
        }
        address
    }
}

/// The page `/search`.
#[component]
pub fn SearchPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_query_map();
    let question = Memo::new(move |_| params.with(Question::read));
    // An empty box asks nothing of the server.
    let found = Resource::new_blocking(
        move || question.get(),
        |question| async move {
            let answer = match question.q.as_str() {
                "" => None,
                _ => Some(search_content(question.q.clone(), question.kind.clone(), question.cursor.clone()).await),
            };
            (question.q, question.kind, question.cursor, answer)
        },
    );
    let title = Signal::derive(move || question.with(|question| heading(lang, &question.q)));
    view! {
        <AgentLayout>
            <PageTitle text=title/>
            <div class="page">
                <Transition>
                    {move || Suspend::new(async move {
                        let (q, kind, cursor, answer) = found.await;
                        results(lang, &Question { q, kind, cursor }, answer)
                    })}
                </Transition>
            </div>
        </AgentLayout>
    }
    .into_any()
}

fn heading(lang: Lang, q: &str) -> String {
    if q.is_empty() { t::title(lang).to_owned() } else { t::title_for(lang, q) }
}

fn results(lang: Lang, question: &Question, answer: Option<Result<Found, Refusal>>) -> AnyView {
    let too_long =
        matches!(&answer, Some(Err(Refusal(AppError::Invalid(wrong)))) if wrong.of("q") == Some(Code::TooLong));
    let kinds = kinds(lang, question, answer.as_ref().and_then(|answer| answer.as_ref().ok()));
    let content = match answer {
        None => nothing_asked(lang),
        Some(Ok(page)) if page.empty_query => nothing_asked(lang),
        Some(Ok(page)) if is_nothing(&page) => nothing_found(lang, &question.q),
        Some(Ok(page)) if question.kind == ARTICLE || question.kind == CUSTOMER => alone(lang, question, &page),
        Some(Ok(page)) => hits(lang, question, page),
        // Told at the box.
        Some(Err(_)) if too_long => ().into_any(),
        Some(Err(Refusal(error))) => {
            let text = message::sentence(lang, &error);
            view! { <Banner tone=Tone::Error text=text/> }.into_any()
        }
    };
    view! {
        <h1 class="vh">{heading(lang, &question.q)}</h1>
        {search_box(lang, question, too_long)}
        {kinds}
        {content}
    }
    .into_any()
}

fn search_box(lang: Lang, question: &Question, too_long: bool) -> AnyView {
    let error = too_long.then(|| {
        view! { <p class="field-error" id="q-error" role="alert"><Icon name="circle-alert" small=true/>{t::too_long(lang)}</p> }
    });
    let kind =
        (!question.kind.is_empty()).then(|| view! { <input r#type="hidden" name="kind" value=question.kind.clone()/> });
    view! {
        <form class="search-head" role="search" aria-label=t::box_label(lang) method="get" action="/search">
            <div class="search-box">
                <Icon name="search"/>
                <input
                    class="input"
                    name="q"
                    r#type="search"
                    value=question.q.clone()
                    aria-label=t::box_label(lang)
                    aria-describedby=if too_long { "q-hint q-error" } else { "q-hint" }
                    aria-invalid=too_long.then_some("true")
                />
                <button class="btn" r#type="submit">{t::button(lang)}</button>
            </div>
            {kind}
            <p class="field-hint" id="q-hint">{t::hint(lang)}</p>
            {error}
        </form>
    }
    .into_any()
}

/// The kinds the reader may ask for; those beside the tickets say how many were found, as on a narrow screen they stand below.
fn kinds(lang: Lang, question: &Question, found: Option<&Found>) -> AnyView {
    let viewer = use_viewer();
    let may = |rights: &[&str]| viewer.as_ref().is_some_and(|viewer| rights.iter().any(|right| viewer.can(right)));
    let found = found.filter(|_| question.kind.is_empty());
    let mut chips = vec![
        ("", t::kind_all(lang), None),
        ("ticket", t::kind_tickets(lang), None),
        ("occurrence", t::kind_occurrences(lang), None),
        ("task", t::kind_tasks(lang), None),
        ("solution", crate::t::solutions::solutions(lang), None),
    ];
    if may(&["knowledge.view", "knowledge.edit"]) {
        let number = found.and_then(|page| page.articles.as_ref()).and_then(groups::number);
        chips.push((ARTICLE, t::kind_articles(lang), number));
    }
    if may(&["customer.view"]) {
        let number = found.and_then(|page| page.customers.as_ref()).and_then(groups::number);
        chips.push((CUSTOMER, t::kind_customers(lang), number));
    }
    let chips = chips
        .into_iter()
        .map(|(kind, word, number)| {
            let current = (question.kind == kind).then_some("true");
            let number = number.map(|number| view! { " "<span class="count">{number}</span> });
            view! { <a class="chip" href=question.address(kind, "") aria-current=current>{word}{number}</a> }
        })
        .collect_view();
    (!question.q.is_empty())
        .then(|| view! { <nav class="filter-bar" aria-label=t::kinds(lang)>{chips}</nav> })
        .into_any()
}

fn nothing_asked(lang: Lang) -> AnyView {
    // How to ask is said under the box.
    view! { <div class="table-frame"><EmptyState icon="search" title=t::empty_query(lang)/></div> }.into_any()
}

/// Neither tickets nor anything beside them.
fn is_nothing(page: &Found) -> bool {
    page.items.is_empty()
        && page.articles.as_ref().is_none_or(|found| found.items.is_empty())
        && page.customers.as_ref().is_none_or(|found| found.items.is_empty())
}

fn nothing_found(lang: Lang, q: &str) -> AnyView {
    nothing(lang, q, t::nothing(lang, q))
}

fn nothing(lang: Lang, q: &str, title: String) -> AnyView {
    let may_create = use_viewer().is_some_and(|viewer| viewer.can("ticket.create"));
    let create = may_create.then(|| {
        let href = ["/tickets/new?title=", &Url::escape(q)].concat();
        view! { <a class="btn btn-sm" href=href><Icon name="plus"/>{t::create_with(lang)}</a> }
    });
    view! {
        <div class="table-frame">
            <EmptyState icon="search" title=title text=t::nothing_text(lang)>{create}</EmptyState>
        </div>
    }
    .into_any()
}

/// Articles alone, or customers alone.
fn alone(lang: Lang, question: &Question, page: &Found) -> AnyView {
    let (rows, next, count) = match (&page.articles, &page.customers) {
        (Some(found), _) => (groups::articles(lang, found), &found.next_cursor, found.count),
        (None, Some(found)) => (groups::customers(lang, found), &found.next_cursor, found.count),
        (None, None) => return nothing_found(lang, &question.q),
    };
    let pages = pages(lang, question, next.as_deref(), count.unwrap_or(page.count));
    view! { <div class="search-group">{rows}{pages}</div> }.into_any()
}

/// Tickets, and beside them what else was found.
fn hits(lang: Lang, question: &Question, page: Found) -> AnyView {
    let articles = page.articles.as_ref().filter(|found| !found.items.is_empty()).map(|found| {
        let all = found.next_cursor.is_some().then(|| (question.address(ARTICLE, ""), t::all_articles(lang)));
        groups::group(t::kind_articles(lang), groups::articles(lang, found), all)
    });
    let customers = page.customers.as_ref().filter(|found| !found.items.is_empty()).map(|found| {
        let all = found.next_cursor.is_some().then(|| (question.address(CUSTOMER, ""), t::all_customers(lang)));
        groups::group(t::kind_customers(lang), groups::customers(lang, found), all)
    });
    let has_others = articles.is_some() || customers.is_some();
    let tickets = if page.items.is_empty() {
        nothing(lang, &question.q, t::no_tickets(lang).to_owned())
    } else {
        tickets(lang, question, page)
    };
    if !has_others {
        return tickets;
    }
    view! {
        <div class="page-split">
            <section class="search-group"><h2 class="card-title">{t::kind_tickets(lang)}</h2>{tickets}</section>
            <div class="search-groups">{articles}{customers}</div>
        </div>
    }
    .into_any()
}

fn tickets(lang: Lang, question: &Question, page: Found) -> AnyView {
    let pages = pages(lang, question, page.next_cursor.as_deref(), page.count);
    let now = page.now;
    let items = page.items.into_iter().map(|hit| hit_view(lang, hit, &now)).collect_view();
    view! {
        <div class="table-frame">
            <ol class="results" aria-label=t::results(lang)>{items}</ol>
            {pages}
        </div>
    }
    .into_any()
}

/// The ends of a page, with how many there are.
fn pages(lang: Lang, question: &Question, next: Option<&str>, count: Count) -> AnyView {
    let value = i64::from(count.value);
    let words = if count.exact {
        t::found(lang, value)
    } else {
        t::found_capped(lang, &format::count_capped(value, false, lang))
    };
    let first = (!question.cursor.is_empty()).then(|| question.address(&question.kind, ""));
    let next = next.map(|cursor| question.address(&question.kind, cursor));
    view! { <Pagination first=first next=next count=words/> }.into_any()
}

fn hit_view(lang: Lang, hit: SearchHit, now: &Moment) -> AnyView {
    let ticket = ["/tickets/", &hit.number.to_string()].concat();
    let number = ["#", &hit.number.to_string()].concat();
    let is_entry = hit.kind != "ticket";
    let author =
        if hit.author.kind == ActorKind::System { common::automatic(lang).to_owned() } else { hit.author.name };
    let at = format::smart(&hit.at, now, lang);
    let facts = (!is_entry).then(|| view! { <span>{author.clone()}</span><span>{at.clone()}</span> });
    let snippet = snippet_view(hit.snippet);
    let found = if is_entry {
        let anchor = [hit.kind.as_str(), "-", &hit.id.to_string()].concat();
        let href = [ticket.as_str(), "?around=", &anchor, "#", &anchor].concat();
        let words = match (hit.kind.as_str(), hit.private) {
            ("task", true) => t::hit_task_private(lang, &author, &at),
            ("task", false) => t::hit_task(lang, &author, &at),
            ("solution", _) => t::hit_solution(lang, &author, &at),
            (_, true) => t::hit_occurrence_private(lang, &author, &at),
            (_, false) => t::hit_occurrence(lang, &author, &at),
        };
        entry_hit(&href, hit.private, words, snippet)
    } else {
        view! { <p class="result-hit">{snippet}</p> }.into_any()
    };
    view! {
        <li>
            <article class="result">
                <a class="result-title" href=ticket>{hit.title}</a>
                <p class="result-line">
                    <span>{number}</span>
                    <StatusBadge status=hit.status/>
                    {facts}
                </p>
                {found}
            </article>
        </li>
    }
    .into_any()
}

/// An entry that matched, as a link to it; a private one says so first.
fn entry_hit(href: &str, private: bool, words: String, snippet: AnyView) -> AnyView {
    let href = href.to_owned();
    if private {
        view! { <a class="result-hit private quiet-link" href=href><PrivateMark/>" "{words}" "{snippet}</a> }.into_any()
    } else {
        view! { <a class="result-hit quiet-link" href=href>{words}" "{snippet}</a> }.into_any()
    }
}

fn snippet_view(snippet: Vec<Snippet>) -> AnyView {
    snippet
        .into_iter()
        .map(|part| if part.hit { view! { <mark>{part.text}</mark> }.into_any() } else { part.text.into_any() })
        .collect::<Vec<_>>()
        .into_any()
}

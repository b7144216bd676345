//! The history of a request: public entries and changes of status, newest first, by day (P-HIS).

use domain::format;
use domain::lang::Lang;
use domain::text::excerpt;
use domain::views::{DocumentView, Entry, Moment, OccurrenceView, RequestDetail};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

use crate::boot::use_lang;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::pagination::Pagination;
use crate::components::when::Time;
use crate::layouts::portal::PortalLayout;
use crate::requests::server_fns::request_history;
use crate::requests::widgets::conversation::{author_name, event_words, file_list};
use crate::requests::widgets::frame::{refused, use_number};
use crate::t::requests as t;

/// Characters of an entry that the history shows.
const EXCERPT: usize = 200;

/// The page `/requests/{number}/history`.
#[component]
pub fn RequestHistoryPage() -> impl IntoView {
    let lang = use_lang();
    let number = use_number();
    let params = use_query_map();
    let part = Memo::new(move |_| {
        let text = |name| params.with(|map| map.get(name)).unwrap_or_default();
        // An unknown kind counts as none.
        let kinds = Some(text("kinds"))
            .filter(|kinds| matches!(kinds.as_str(), "occurrence,document" | "event"))
            .unwrap_or_default();
        (kinds, text("cursor"))
    });
    let found = Resource::new_blocking(
        move || (number.get(), part.get()),
        |(number, (kinds, cursor))| async move {
            let answer = request_history(number, kinds.clone(), cursor.clone()).await;
            (kinds, cursor, answer)
        },
    );
    view! {
        <PortalLayout>
            <Transition>
                {move || Suspend::new(async move {
                    match found.await {
                        (kinds, cursor, Ok(request)) => content(lang, &request, &kinds, &cursor),
                        (_, _, Err(refusal)) => refused(lang, &refusal),
                    }
                })}
            </Transition>
        </PortalLayout>
    }
    .into_any()
}

fn address(number: i64, kinds: &str, cursor: &str) -> String {
    let given: Vec<String> = [("kinds", kinds), ("cursor", cursor)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| [name, "=", &Url::escape(value)].concat())
        .collect();
    let mark = if given.is_empty() { "" } else { "?" };
    format!("/requests/{number}/history{mark}{}", given.join("&"))
}

fn content(lang: Lang, request: &RequestDetail, kinds: &str, cursor: &str) -> AnyView {
    let number = request.number;
    let name = t::number_title(lang, &number.to_string(), &request.title);
    let first = (!cursor.is_empty()).then(|| address(number, kinds, ""));
    let next = request.timeline.next_cursor.as_deref().map(|cursor| address(number, kinds, cursor));
    let chips = [("", t::kinds_all(lang)), ("occurrence,document", t::kinds_notes(lang)), ("event", t::kinds_events(lang))]
        .into_iter()
        .map(|(kind, word)| view! { <a class="chip" href=address(number, kind, "") aria-current=(kind == kinds).then_some("true")>{word}</a> })
        .collect_view();
    view! {
        <PageTitle text=t::history_of(lang, &number.to_string())/>
        <p class="small">
            <a class="back-link quiet-link muted" href=format!("/requests/{number}")><Icon name="arrow-left"/>{name}</a>
        </p>
        <div class="page-head"><h1>{t::history(lang)}</h1></div>
        <nav class="ticket-tabs" aria-label=t::history_nav(lang)>
            <a href=address(number, "", "") aria-current="page">{t::tab_request(lang)}</a>
        </nav>
        <nav class="filter-bar" aria-label=t::kinds_nav(lang)>{chips}</nav>
        <div class="card">{days(lang, request, kinds)}</div>
        <Pagination first=first next=next/>
    }
    .into_any()
}

/// A line of the history: when it was, and its item.
type Line = (Moment, AnyView);

/// The lines under the names of their days.
fn days(lang: Lang, request: &RequestDetail, kinds: &str) -> AnyView {
    let mut lines: Vec<Line> =
        request.timeline.entries.iter().filter_map(|entry| line(lang, request.number, entry, &request.now)).collect();
    // The beginning of all is no entry of its own; it stands below the oldest one.
    if request.timeline.next_cursor.is_none() && kinds != "occurrence,document" {
        let words = [request.writer.as_str(), t::colon(lang), t::event_created(lang)].concat();
        let item = item(&request.opened_at, "circle-dot", view! { <div>{words}</div> }.into_any());
        lines.push((request.opened_at.clone(), item));
    }
    if lines.is_empty() {
        return view! { <p class="muted">{t::no_entries(lang)}</p> }.into_any();
    }
    let mut days: Vec<(String, Vec<AnyView>)> = Vec::new();
    for (at, item) in lines {
        let day = format::date_words(&at, lang);
        match days.last_mut() {
            Some((last, items)) if *last == day => items.push(item),
            _ => days.push((day, vec![item])),
        }
    }
    days.into_iter()
        .map(|(day, items)| view! { <h2 class="history-day">{day}</h2><ol class="history">{items}</ol> })
        .collect_view()
        .into_any()
}

fn line(lang: Lang, number: i64, entry: &Entry, now: &Moment) -> Option<Line> {
    match entry {
        Entry::Occurrence(entry) => Some(occurrence(lang, number, entry, now)),
        Entry::Document(file) => document(lang, file),
        Entry::Event(event) => {
            let words =
                [author_name(lang, &event.author, false).as_str(), t::colon(lang), &event_words(lang, event)?].concat();
            Some((event.at.clone(), item(&event.at, "circle-dot", view! { <div>{words}</div> }.into_any())))
        }
    }
}

fn occurrence(lang: Lang, number: i64, entry: &OccurrenceView, now: &Moment) -> Line {
    let at = entry.registered_at.clone();
    if let Some(removed) = &entry.removed {
        let moment = removed.at.clone();
        let words =
            view! { <div class="muted">{t::entry_removed(lang)}" "<Time moment=moment now=Some(now.clone())/></div> }
                .into_any();
        let item = item(&at, "trash-2", words);
        return (at, item);
    }
    let beginning = excerpt(&entry.body_text, EXCERPT);
    let words = if entry.mine {
        t::note_added_you(lang, &beginning)
    } else {
        t::note_added(lang, &author_name(lang, &entry.author, false), &beginning)
    };
    let anchor = ["occurrence-", &entry.id.to_string()].concat();
    let href = format!("/requests/{number}?around={anchor}#{anchor}");
    let files = (!entry.attachments.is_empty()).then(|| file_list(lang, &entry.attachments));
    let content = view! { <div><a class="quiet-link" href=href>{words}</a>{files}</div> }.into_any();
    let item = item(&at, "notebook-pen", content);
    (at, item)
}

fn document(lang: Lang, file: &DocumentView) -> Option<Line> {
    let at = file.registered_at.clone()?;
    let words = [author_name(lang, &file.author, false).as_str(), " ", t::document_added(lang)].concat();
    let content = view! { <div>{words}{file_list(lang, std::slice::from_ref(file))}</div> }.into_any();
    let item = item(&at, "paperclip", content);
    Some((at, item))
}

fn item(at: &Moment, icon: &'static str, content: AnyView) -> AnyView {
    view! {
        <li>
            <time datetime=at.as_str().to_owned()>{format::time(at)}</time>
            <Icon name=icon/>
            {content}
        </li>
    }
    .into_any()
}

//! The history of a ticket: every event, newest first, with its old and new values (T-HIS-01).

use domain::format;
use domain::lang::Lang;
use domain::views::{Choice, EventView, HistoryRow, Page};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

use crate::boot::use_lang;
use crate::components::empty::EmptyState;
use crate::components::field::{SelectField, TextField};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::pagination::Pagination;
use crate::layouts::agent::AgentLayout;
use crate::t::tickets as t;
use crate::tickets::server_fns::{HistoryFilter, ticket_history};
use crate::tickets::widgets::address::use_number;
use crate::tickets::widgets::frame::{BackToTicket, Loading, refused};
use crate::tickets::widgets::post::ask;
use crate::tickets::widgets::words;

/// A word of the interface.
type Word = fn(Lang) -> &'static str;

/// Kinds one may look for, in groups people think in.
const KINDS: [(&str, Word); 5] = [
    ("status_changed,suspended,reactivated,closed,reopened,cancelled", t::history_status),
    ("taken,assigned,unassigned,delegated,given_back", t::history_people),
    ("occurrence_added,occurrence_edited,occurrence_deleted,visibility_changed", t::history_occurrences),
    ("field_changed,priority_changed,reclassified,due_changed", t::history_fields),
    ("document_added,document_removed", t::history_documents),
];

/// Page `/tickets/:number/history`.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let (number, query) = (use_number(), use_query_map());
    let filter = Memo::new(move |_| query.with(read));
    let data =
        Resource::new_blocking(move || (number.get(), filter.get()), |(number, filter)| ticket_history(number, filter));
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <History number=number.get_untracked() filter=filter.get_untracked() page=page/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn read(map: &ParamsMap) -> HistoryFilter {
    let text = |name: &str| map.get(name).unwrap_or_default();
    HistoryFilter {
        kinds: text("kinds"),
        person: text("person"),
        from: text("from"),
        to: text("to"),
        cursor: text("cursor"),
    }
}

fn address(number: i64, filter: &HistoryFilter, cursor: &str) -> String {
    let pairs = [
        ("kinds", filter.kinds.as_str()),
        ("person", filter.person.as_str()),
        ("from", filter.from.as_str()),
        ("to", filter.to.as_str()),
        ("cursor", cursor),
    ];
    let query: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", Url::escape(value)))
        .collect();
    format!("/tickets/{number}/history?{}", query.join("&"))
}

#[component]
fn History(number: i64, filter: HistoryFilter, page: Page<HistoryRow>) -> impl IntoView {
    let lang = use_lang();
    let first = (!filter.cursor.is_empty()).then(|| address(number, &filter, ""));
    let next = page.next_cursor.as_ref().map(|cursor| address(number, &filter, cursor));
    let rows = if page.items.is_empty() {
        view! { <EmptyState icon="history" title=t::history_empty(lang)/> }.into_any()
    } else {
        view! { <div class="card">{days(lang, number, &page.items)}</div> }.into_any()
    };
    view! {
        <PageTitle text=t::history_of(lang, &number.to_string())/>
        <AgentLayout>
            <div class="page page-mid">
                <BackToTicket number=number/>
                <div class="page-head"><h1>{t::history(lang)}</h1></div>
                <nav class="ticket-tabs" aria-label=t::history(lang)>
                    <a href=format!("/tickets/{number}/history") aria-current="page">{t::tab_ticket(lang)}</a>
                </nav>
                {filters(lang, number, &filter)}
                {rows}
                <Pagination first=first next=next/>
            </div>
        </AgentLayout>
    }
}

fn filters(lang: Lang, number: i64, filter: &HistoryFilter) -> AnyView {
    let kinds =
        KINDS.map(|(value, word)| Choice { value: value.to_owned(), name: word(lang).to_owned(), depth: 0 }).to_vec();
    let path = format!("/tickets/{number}/history");
    let is_filtered = [&filter.kinds, &filter.person, &filter.from, &filter.to].iter().any(|value| !value.is_empty());
    let clear =
        is_filtered.then(|| view! { <a class="btn btn-ghost btn-sm" href=path.clone()>{t::clear_filters(lang)}</a> });
    view! {
        <form class="filter-bar" role="search" method="get" action=path.clone() aria-label=t::filter(lang) on:submit=ask(path.clone())>
            <SelectField name="kinds" label=t::show(lang) options=kinds value=filter.kinds.clone() blank=t::everything(lang)/>
            <TextField name="from" label=t::from_day(lang) kind="date" value=filter.from.clone()/>
            <TextField name="to" label=t::to_day(lang) kind="date" value=filter.to.clone()/>
            <button class="btn btn-sm" r#type="submit"><Icon name="funnel"/>{t::filter(lang)}</button>
            {clear}
        </form>
    }
    .into_any()
}

/// A list for each day, under its name.
fn days(lang: Lang, number: i64, rows: &[HistoryRow]) -> Vec<AnyView> {
    let mut out = Vec::new();
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let day = format::date_words(&first.event.at, lang);
        let count = rest.iter().take_while(|row| format::date_words(&row.event.at, lang) == day).count();
        let (today, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        let items = today.iter().map(|row| line(lang, number, &row.event)).collect_view();
        out.push(view! { <h2 class="history-day">{day}</h2><ol class="history">{items}</ol> }.into_any());
        rest = after;
    }
    out
}

fn line(lang: Lang, number: i64, event: &EventView) -> AnyView {
    let time = format::time(&event.at);
    let said = words::event(lang, event).map(|said| said.to_owned().into_any());
    let changes = event.changes.iter().map(|change| values(lang, change));
    let reason = event.reason.clone().map(|reason| view! { <span class="muted">{reason}</span> }.into_any());
    let entry = event.entry.as_ref().map(|(kind, id)| {
        let href = format!("/tickets/{number}?around={kind}-{id}#{kind}-{id}");
        view! { <a class="link" href=href>{t::show_entry(lang)}</a> }.into_any()
    });
    let parts = said.into_iter().chain(changes).chain(reason).chain(entry).enumerate().map(|(at, part)| {
        let before = if at == 0 { crate::t::requests::colon(lang) } else { " · " };
        view! { {before}{part} }
    });
    let parts = parts.collect_view();
    view! {
        <li id=format!("event-{}", event.id)>
            <time datetime=event.at.as_str().to_owned()>{time}</time>
            <Icon name=words::event_icon(&event.kind)/>
            <span><b>{words::name(lang, &event.author)}</b>{parts}</span>
        </li>
    }
    .into_any()
}

/// A change with its old value struck and its new one marked: the sentence is made around two signs, then cut there.
fn values(lang: Lang, change: &domain::views::FieldChange) -> AnyView {
    const OLD: &str = "\u{1}";
    const NEW: &str = "\u{2}";
    let sign = |text: &str, sign: &'static str| if text.is_empty() { "" } else { sign };
    let sentence = words::sentence(lang, &change.field, sign(&change.old, OLD), sign(&change.new, NEW));
    let pieces = sentence.split_inclusive(['\u{1}', '\u{2}']).map(|piece| {
        let text = piece.trim_end_matches(['\u{1}', '\u{2}']).to_owned();
        let value = if piece.ends_with(OLD) {
            Some(view! { <span class="old">{words::value(lang, &change.field, &change.old)}</span> }.into_any())
        } else if piece.ends_with(NEW) {
            Some(view! { <span class="new-value">{words::value(lang, &change.field, &change.new)}</span> }.into_any())
        } else {
            None
        };
        view! { {text}{value} }
    });
    pieces.collect_view().into_any()
}

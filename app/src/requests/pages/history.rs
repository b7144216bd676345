//! The history of a request: public entries and changes of status, newest first, by day (P-HIS).

use domain::format;
use domain::lang::Lang;
use domain::views::{ActorView, Choice, HistoryRow, HistoryView, Moment};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::icon::Icon;
use crate::components::sign::portal_status_word;
use crate::history::{HistoryFilter, Shown, chat_kinds, days};
use crate::layouts::portal::PortalLayout;
use crate::requests::server_fns::request_history;
use crate::requests::widgets::conversation::{author_name, event_words, file_list};
use crate::requests::widgets::frame::{part_head, refused, use_number};
use crate::t::messages;
use crate::t::requests as t;

/// Kinds of rows that are entries of people; all others tell what became of the request.
const NOTES: &str = "occurrence_added,task_added,document_added,message_sent";
const EVENTS: &str = "created,status_changed,reminder_sent,solution_added,solution_approved,solution_refused,reopened,cancelled,\
    closed,follow_up_created,merged_into";

/// The page `/requests/{number}/history`.
#[component]
pub fn RequestHistoryPage() -> impl IntoView {
    let lang = use_lang();
    let number = use_number();
    let params = use_query_map();
    let filter = Memo::new(move |_| params.with(HistoryFilter::read));
    let found = Resource::new_blocking(
        move || (number.get(), filter.get()),
        |(number, filter)| async move {
            let answer = request_history(number, filter.clone()).await;
            (filter, answer)
        },
    );
    view! {
        <PortalLayout>
            <Transition>
                {move || Suspend::new(async move {
                    match found.await {
                        (filter, Ok(history)) => content(lang, &history, &filter),
                        (_, Err(refusal)) => refused(lang, &refusal),
                    }
                })}
            </Transition>
        </PortalLayout>
    }
    .into_any()
}

/// How the requester side calls people of the history.
fn person(lang: Lang, actor: &ActorView) -> String {
    author_name(lang, actor, false)
}

fn content(lang: Lang, history: &HistoryView, filter: &HistoryFilter) -> AnyView {
    let number = history.number;
    let kind = |value: &str, name: &str| Choice { value: value.to_owned(), name: name.to_owned(), depth: 0 };
    let shown = Shown {
        lang,
        path: format!("/requests/{number}/history"),
        filter,
        view: history,
        kinds: if filter.is_chat() {
            chat_kinds(lang)
        } else {
            vec![kind(NOTES, t::kinds_notes(lang)), kind(EVENTS, t::kinds_events(lang))]
        },
        all_kinds: t::kinds_all(lang),
        has_private: false,
        name: person,
    };
    let content = shown.content(portal_status_word(lang, history.status), rows(lang, history));
    view! {
        {part_head(lang, number, &history.title, t::history_of(lang, &number.to_string()), t::history(lang))}
        {content}
    }
    .into_any()
}

fn rows(lang: Lang, history: &HistoryView) -> AnyView {
    let lines: Vec<(Moment, AnyView)> = history
        .page
        .items
        .iter()
        .filter_map(|row| Some((row.event.at.clone(), line(lang, history.number, row)?)))
        .collect();
    let lines = if lines.is_empty() {
        view! { <p class="muted">{t::no_entries(lang)}</p> }.into_any()
    } else {
        days(lang, lines)
    };
    view! { <div class="card">{lines}</div> }.into_any()
}

/// A row; `None` where nothing changes in the words of requesters (assigned became planned).
fn line(lang: Lang, number: i64, row: &HistoryRow) -> Option<AnyView> {
    let icon = match row.event.kind.as_str() {
        "occurrence_added" | "task_added" if row.removed.is_some() => "trash-2",
        "occurrence_added" => "notebook-pen",
        "task_added" => "list-checks",
        "document_added" => "paperclip",
        "message_sent" => "message-square",
        "chat_line" => "messages-square",
        _ => "circle-dot",
    };
    let words = sentence(lang, row)?;
    let words = match &row.event.entry {
        Some((kind, id)) if row.removed.is_none() => {
            let anchor = [kind.as_str(), "-", &id.to_string()].concat();
            let href = if kind == "chat" {
                format!("/requests/{number}/chat#{anchor}")
            } else {
                format!("/requests/{number}?around={anchor}#{anchor}")
            };
            view! { <a class="quiet-link" href=href>{words}</a> }.into_any()
        }
        Some(_) => view! { <span class="muted">{words}</span> }.into_any(),
        None => words.into_any(),
    };
    let files = (!row.files.is_empty()).then(|| file_list(lang, &row.files));
    let at = &row.event.at;
    let item = view! {
        <li>
            <time datetime=at.as_str().to_owned()>{format::time(at)}</time>
            <Icon name=icon/>
            <div>{words}{files}</div>
        </li>
    };
    Some(item.into_any())
}

/// What a row says; `None` where nothing changes in the words of requesters.
fn sentence(lang: Lang, row: &HistoryRow) -> Option<String> {
    let who = author_name(lang, &row.event.author, false);
    Some(match row.event.kind.as_str() {
        "occurrence_added" | "task_added" if row.removed.is_some() => t::entry_removed(lang).to_owned(),
        "occurrence_added" if row.mine => t::note_added_you(lang, &row.text),
        "occurrence_added" => t::note_added(lang, &who, &row.text),
        "task_added" => t::task_added(lang, &who, &row.text),
        "message_sent" if row.mine => messages::written_you(lang, &row.text),
        "message_sent" => messages::written(lang, &who, &row.text),
        "chat_line" if row.mine => messages::said_you(lang, &row.text),
        "chat_line" => messages::said(lang, &who, &row.text),
        "document_added" => [who.as_str(), " ", t::document_added(lang)].concat(),
        _ => [who.as_str(), t::colon(lang), &event_words(lang, &row.event)?].concat(),
    })
}

//! The history of a ticket: every event, newest first, with its old and new values (T-HIS-01).

use domain::format;
use domain::lang::Lang;
use domain::views::{Choice, FieldChange, HistoryRow, HistoryView, Moment};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::empty::EmptyState;
use crate::components::icon::Icon;
use crate::components::sign::{PrivateMark, status_word};
use crate::history::{HistoryFilter, Shown, chat_kinds, days};
use crate::layouts::answer::{Loading, refused};
use crate::t::history as h;
use crate::t::messages;
use crate::t::solutions;
use crate::t::survey;
use crate::t::tickets as t;
use crate::tasks::words as tasks;
use crate::tickets::server_fns::ticket_history;
use crate::tickets::widgets::address::use_number;
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::words;

/// A word of the interface.
type Word = fn(Lang) -> &'static str;

/// Kinds one may look for, in groups people think in.
const KINDS: [(&str, Word); 11] = [
    (
        "status_changed,suspended,reactivated,reminder_sent,closed,reopened,cancelled,survey_sent,survey_answered",
        t::history_status,
    ),
    ("taken,assigned,unassigned,delegated,given_back", t::history_people),
    ("occurrence_added,occurrence_edited,occurrence_deleted,visibility_changed", t::history_occurrences),
    ("solution_added,solution_edited,solution_approved,solution_refused,closing_blocked", solutions::solutions),
    ("task_added,task_edited,task_state_changed,task_deleted", t::show_tasks),
    ("message_sent", messages::messages),
    ("chat_started,chat_ended", messages::chat),
    ("field_changed,priority_changed,reclassified,due_changed", t::history_fields),
    ("document_added,document_removed", t::history_documents),
    ("validation_requested,validation_answered,validation_withdrawn,validation_overridden", t::history_validations),
    ("mail_queued,mail_sent,mail_failed,nobody_to_notify", t::history_mails),
];

/// Page `/tickets/:number/history`.
#[component]
pub fn HistoryPage() -> impl IntoView {
    let (number, query) = (use_number(), use_query_map());
    let filter = Memo::new(move |_| query.with(HistoryFilter::read));
    let data =
        Resource::new_blocking(move || (number.get(), filter.get()), |(number, filter)| ticket_history(number, filter));
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(history) => view! { <History filter=filter.get_untracked() history=history/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn History(filter: HistoryFilter, history: HistoryView) -> impl IntoView {
    let lang = use_lang();
    let number = history.number;
    let shown = Shown {
        lang,
        path: format!("/tickets/{number}/history"),
        filter: &filter,
        view: &history,
        kinds: if filter.is_chat() {
            chat_kinds(lang)
        } else {
            KINDS
                .map(|(value, word)| Choice { value: value.to_owned(), name: word(lang).to_owned(), depth: 0 })
                .to_vec()
        },
        all_kinds: h::everything(lang),
        has_private: true,
        name: words::name,
    };
    let content = shown.content(status_word(lang, history.status), rows(lang, number, &history.page.items));
    let tools = view! {
        <a class="btn btn-ghost btn-sm" href=format!("/tickets/{number}/survey")>{survey::survey(lang)}</a>
    }
    .into_any();
    view! {
        <PartPage
            number=number
            title=history.title.clone()
            name=t::history_of(lang, &number.to_string())
            heading=t::history(lang)
            tools=tools
            width="page-mid"
        >
            {content}
        </PartPage>
    }
}

fn rows(lang: Lang, number: i64, rows: &[HistoryRow]) -> AnyView {
    if rows.is_empty() {
        return view! { <EmptyState icon="history" title=t::history_empty(lang)/> }.into_any();
    }
    let lines: Vec<(Moment, AnyView)> =
        rows.iter().map(|row| (row.event.at.clone(), line(lang, number, row))).collect();
    view! { <div class="card">{days(lang, lines)}</div> }.into_any()
}

fn line(lang: Lang, number: i64, row: &HistoryRow) -> AnyView {
    let event = &row.event;
    let time = format::time(&event.at);
    let of_task = tasks::event(lang, &event.kind);
    let said = of_task.or_else(|| words::event(lang, event)).map(|said| said.to_owned().into_any());
    let changes = event.changes.iter().map(|change| match of_task {
        Some(_) => tasks::change(lang, change).into_any(),
        None => values(lang, change),
    });
    let reason = event.reason.clone().map(|reason| view! { <span class="muted">{reason}</span> }.into_any());
    let parts = said.into_iter().chain(changes).chain(reason).chain(links(lang, number, row)).enumerate();
    let parts = parts.map(|(at, part)| {
        let before = if at == 0 { crate::t::requests::colon(lang) } else { " · " };
        view! { {before}{part} }
    });
    let parts = parts.collect_view();
    let mark = event.private.then(|| view! { <PrivateMark/>" " });
    let text = match &row.removed {
        Some(_) => {
            let is_message = event.kind == "message_sent";
            let words = if is_message { messages::withdrawn_done(lang) } else { t::removed_entry(lang) };
            Some(view! { <p class="history-text muted">{words}</p> }.into_any())
        }
        None if row.text.is_empty() => None,
        None => Some(view! { <p class="history-text">{row.text.clone()}</p> }.into_any()),
    };
    view! {
        <li id=format!("history-{}", event.id) class=event.private.then_some("private")>
            <time datetime=event.at.as_str().to_owned()>{time}</time>
            <Icon name=words::event_icon(&event.kind)/>
            <div>
                {mark}<b>{words::name(lang, &event.author)}</b>{parts}
                {text}
                {files(lang, row)}
            </div>
        </li>
    }
    .into_any()
}

/// Where an event leads: to the entry it is about, and to its former versions. What was taken off leads nowhere.
fn links(lang: Lang, number: i64, row: &HistoryRow) -> Vec<AnyView> {
    let event = &row.event;
    let is_gone = event.kind == "document_removed" || (event.kind == "message_sent" && row.removed.is_some());
    let Some((kind, id)) = event.entry.as_ref().filter(|_| !is_gone) else { return Vec::new() };
    let href = match kind.as_str() {
        // Whether it may be read is told there.
        "article" => format!("/knowledge/{id}"),
        "chat" => format!("/tickets/{number}/chat#chat-{id}"),
        "survey" => format!("/tickets/{number}/survey"),
        "validation" => format!("/tickets/{number}/validations#validation-{id}"),
        _ => format!("/tickets/{number}?around={kind}-{id}#{kind}-{id}"),
    };
    let entry = view! { <a class="link history-link" href=href>{t::show_entry(lang)}</a> }.into_any();
    let is_version = matches!(
        event.kind.as_str(),
        "occurrence_edited" | "visibility_changed" | "task_edited" | "task_state_changed"
    );
    let revisions = is_version.then(|| {
        let href = format!("/tickets/{number}/{kind}s/{id}/revisions");
        view! { <a class="link history-link" href=href>{t::view_revisions(lang)}</a> }.into_any()
    });
    std::iter::once(entry).chain(revisions).collect()
}

fn files(lang: Lang, row: &HistoryRow) -> Option<AnyView> {
    let files = row.files.iter().map(|file| {
        let href = format!("/documents/{}", file.id);
        let size = format::file_size(file.size, lang);
        view! { <li><Icon name="paperclip" small=true/><a href=href rel="external">{file.name.clone()}</a><span class="file-size">{size}</span></li> }
    });
    let files = files.collect::<Vec<_>>();
    (!files.is_empty()).then(|| view! { <ul class="file-list">{files}</ul> }.into_any())
}

/// A change with its old value struck and its new one marked: the sentence is made around two signs, then cut there.
fn values(lang: Lang, change: &FieldChange) -> AnyView {
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

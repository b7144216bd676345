//! The conversation of a request: description, public entries, changes of status, and what removed entries leave.
//! Shows nothing that section 8 of the portal's rules lists: no minutes, source, visibility or former version.

use domain::format;
use domain::html::SafeHtml;
use domain::lang::Lang;
use domain::ticket::{Side, Status};
use domain::views::{
    ActorKind, ActorView, DocumentView, Entry, EventView, MessageView, Moment, OccurrenceView, RequestDetail,
    SolutionView,
};
use leptos::prelude::*;

use crate::components::icon::Icon;
use crate::components::person::Avatar;
use crate::components::rich_text::{RichText, is_long};
use crate::components::sign::portal_status_word;
use crate::components::when::Time;
use crate::solutions::card::{Parts, card};
use crate::t::common;
use crate::t::messages;
use crate::t::requests as t;
use crate::t::solutions;

/// Who wrote something, as the reader calls him.
pub(crate) fn author_name(lang: Lang, author: &ActorView, mine: bool) -> String {
    match author.kind {
        _ if mine => t::you(lang).to_owned(),
        ActorKind::System => common::automatic(lang).to_owned(),
        _ if author.name.is_empty() => t::team(lang).to_owned(),
        _ => author.name.clone(),
    }
}

/// What an event says to a requester; `None` for one that changes nothing in his words (assigned became planned).
pub(crate) fn event_words(lang: Lang, event: &EventView) -> Option<String> {
    if let Some(change) = event.changes.iter().find(|change| change.field == "status") {
        let word = |text: &str| {
            text.parse::<Status>()
                .map_or_else(|_no_status| text.to_owned(), |status| portal_status_word(lang, status).to_owned())
        };
        let (old, new) = (word(&change.old), word(&change.new));
        return (old != new).then_some(new);
    }
    let fixed = match event.kind.as_str() {
        "created" => t::event_created(lang),
        "merged_into" => t::event_merged(lang),
        "reopened" => t::event_reopened(lang),
        "follow_up_created" => t::event_follow_up(lang),
        "reminder_sent" => t::event_reminder(lang),
        // The change of status beside it says so.
        "closed" | "cancelled" => return None,
        "solution_added" => solutions::added(lang),
        "solution_approved" => solutions::approved(lang),
        "solution_refused" => solutions::refused(lang),
        _ => t::event_changed(lang),
    };
    Some(fixed.to_owned())
}

/// The whole conversation; `reader` is the name of whoever reads, to call his own description "You".
pub(crate) fn conversation(lang: Lang, request: &RequestDetail, reader: &str) -> AnyView {
    let entries = request
        .timeline
        .entries
        .iter()
        .map(|entry| entry_view(lang, entry, &request.now, request.status.is_over()))
        .collect_view();
    view! {
        <ol class="timeline" aria-label=t::conversation(lang) data-part="conversation">
            {description(lang, request, reader)}
            {entries}
        </ol>
    }
    .into_any()
}

fn description(lang: Lang, request: &RequestDetail, reader: &str) -> AnyView {
    let author = if request.writer == reader { t::you(lang).to_owned() } else { request.writer.clone() };
    article(
        lang,
        Written {
            anchor: "description".to_owned(),
            initials: request.writer.clone(),
            author,
            is_team: false,
            at: &request.opened_at,
            now: &request.now,
            body: request.description.clone(),
            is_long: is_long(&request.description_text),
            files: &request.description_files,
            facts: Vec::new(),
        },
    )
}

/// One entry of it; `over` = the request is over.
pub(crate) fn entry_view(lang: Lang, entry: &Entry, now: &Moment, over: bool) -> AnyView {
    match entry {
        Entry::Occurrence(entry) => occurrence(lang, entry, None, now),
        Entry::Task(task) => occurrence(lang, &task.entry, Some(&task.line), now),
        Entry::Document(file) => document(lang, file, now),
        Entry::Event(event) => event_line(lang, event, now),
        Entry::Message(message) => message_entry(lang, message, now),
        Entry::Solution(entry) => solution(lang, entry, now, over),
        // For agents alone (T-VIS-05): no portal is given one.
        Entry::Validation(_) => ().into_any(),
    }
}

/// A message between the reader's side and the team, marked as one (P-DET-03).
fn message_entry(lang: Lang, message: &MessageView, now: &Moment) -> AnyView {
    let anchor = ["message-", &message.id.to_string()].concat();
    let heading = ["h-", &anchor].concat();
    let foot = message
        .sent_by_mail
        .then(|| view! { <footer class="entry-foot"><span>{messages::sent_by_mail(lang)}</span></footer> });
    view! {
        <li>
            <article class="entry entry-message" id=anchor tabindex="-1" aria-labelledby=heading.clone() data-mine=message.mine.then_some("")>
                <header class="entry-head" id=heading.clone()>
                    <Avatar name=message.author.name.clone() team=message.side == Side::Service/>
                    <span class="entry-author">{author_name(lang, &message.author, message.mine)}</span>
                    <span class="entry-kind">{messages::message(lang)}</span>
                    <span class="entry-time"><Time moment=message.sent_at.clone() now=Some(now.clone())/></span>
                </header>
                <RichText html=message.html.clone() long=is_long(&message.text)/>
                {foot}
            </article>
        </li>
    }
    .into_any()
}

/// A solution, where setting 371 shows it, with what became of it.
fn solution(lang: Lang, entry: &SolutionView, now: &Moment, over: bool) -> AnyView {
    let mailed = entry.sent_by_mail.then(|| view! { <span>{t::sent_by_mail(lang)}</span> });
    let edited =
        entry.edited_at.as_ref().map(|at| view! { <span>{t::edited(lang, &format::smart(at, now, lang))}</span> });
    let parts = Parts {
        author: author_name(lang, &entry.author, entry.mine),
        ring: None,
        over,
        files: entry_files(lang, &entry.attachments),
        foot: view! { {mailed}{edited} }.into_any(),
    };
    card(lang, entry, now, parts)
}

/// An occurrence, or a task, of which `line` says where it stands.
fn occurrence(lang: Lang, entry: &OccurrenceView, line: Option<&str>, now: &Moment) -> AnyView {
    let kind = if line.is_some() { "task-" } else { "occurrence-" };
    let anchor = [kind, &entry.id.to_string()].concat();
    if let Some(removed) = &entry.removed {
        return view! {
            <li class="tombstone" id=anchor>
                <Icon name="trash-2" small=true/>
                <span>{t::entry_removed(lang)}</span>
                <Time moment=removed.at.clone() now=Some(now.clone())/>
            </li>
        }
        .into_any();
    }
    article(
        lang,
        Written {
            anchor,
            initials: entry.author.name.clone(),
            author: author_name(lang, &entry.author, entry.mine),
            is_team: entry.side == Side::Service,
            at: &entry.registered_at,
            now,
            body: entry.body.clone(),
            is_long: is_long(&entry.body_text),
            files: &entry.attachments,
            facts: line.map(str::to_owned).into_iter().chain(facts(lang, entry, now)).collect(),
        },
    )
}

/// What stands under an entry: whom it answers, when it happened, category, "sent by email", "edited".
fn facts(lang: Lang, entry: &OccurrenceView, now: &Moment) -> Vec<String> {
    let answers = entry.reply_to.as_ref().map(|answered| t::answers(lang, &answered.author));
    let happened = entry.shows_both_times.then(|| t::happened(lang, &format::smart(&entry.occurred_at, now, lang)));
    let category = entry.category.as_ref().map(|category| category.name.clone());
    let mailed = entry.sent_by_mail.then(|| t::sent_by_mail(lang).to_owned());
    let edited = entry.edited_at.as_ref().map(|at| t::edited(lang, &format::smart(at, now, lang)));
    [answers, happened, category, mailed, edited].into_iter().flatten().collect()
}

/// An entry by a person.
struct Written<'a> {
    anchor: String,
    initials: String,
    author: String,
    is_team: bool,
    at: &'a Moment,
    now: &'a Moment,
    body: SafeHtml,
    is_long: bool,
    files: &'a [DocumentView],
    facts: Vec<String>,
}

fn article(lang: Lang, entry: Written<'_>) -> AnyView {
    let heading = ["h-", &entry.anchor].concat();
    let foot = (!entry.facts.is_empty()).then(|| {
        let facts = entry.facts.into_iter().map(|fact| view! { <span>{fact}</span> }).collect_view();
        view! { <footer class="entry-foot">{facts}</footer> }
    });
    view! {
        <li>
            <article class="entry" id=entry.anchor tabindex="-1" aria-labelledby=heading>
                <header class="entry-head" id=heading.clone()>
                    <Avatar name=entry.initials team=entry.is_team/>
                    <span class="entry-author">{entry.author}</span>
                    <span class="entry-time"><Time moment=entry.at.clone() now=Some(entry.now.clone())/></span>
                </header>
                <RichText html=entry.body long=entry.is_long/>
                {entry_files(lang, entry.files)}
                {foot}
            </article>
        </li>
    }
    .into_any()
}

fn document(lang: Lang, file: &DocumentView, now: &Moment) -> AnyView {
    let anchor = ["document-", &file.id.to_string()].concat();
    let heading = ["h-", &anchor].concat();
    let author = author_name(lang, &file.author, false);
    let time = file
        .registered_at
        .clone()
        .map(|at| view! { <span class="entry-time"><Time moment=at now=Some(now.clone())/></span> });
    let comment = file.comment.clone().map(|comment| view! { <div class="entry-body"><p>{comment}</p></div> });
    view! {
        <li>
            <article class="entry" id=anchor tabindex="-1" aria-labelledby=heading>
                <header class="entry-head" id=heading.clone()>
                    <span class="entry-author">{author}</span>
                    <span class="entry-kind">{t::document_added(lang)}</span>
                    {time}
                </header>
                {comment}
                {entry_files(lang, std::slice::from_ref(file))}
            </article>
        </li>
    }
    .into_any()
}

fn event_line(lang: Lang, event: &EventView, now: &Moment) -> AnyView {
    let Some(words) = event_words(lang, event) else { return ().into_any() };
    let author = author_name(lang, &event.author, false);
    view! {
        <li class="event-line" id=["event-", &event.id.to_string()].concat()>
            <Icon name="circle-dot"/>
            <span><b>{author}</b>{t::colon(lang)}{words}</span>
            <Time moment=event.at.clone() now=Some(now.clone())/>
        </li>
    }
    .into_any()
}

/// The files of an entry: pictures shown, all listed.
fn entry_files(lang: Lang, files: &[DocumentView]) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let images = files
        .iter()
        .filter(|file| file.is_image)
        .map(|file| {
            let address = address_of(file);
            view! { <a href=address rel="external"><img src=address.clone() alt=file.name.clone() loading="lazy"/></a> }
        })
        .collect::<Vec<_>>();
    let images = (!images.is_empty()).then(|| view! { <div class="image-list">{images}</div> });
    Some(view! { <div class="entry-files">{images}{file_list(lang, files)}</div> }.into_any())
}

/// Files as links with their sizes.
pub(crate) fn file_list(lang: Lang, files: &[DocumentView]) -> AnyView {
    let rows = files.iter().map(|file| file_row(lang, file, None)).collect_view();
    view! { <ul class="file-list">{rows}</ul> }.into_any()
}

/// The same with who brought them and when.
pub(crate) fn whole_file_list(lang: Lang, files: &[DocumentView], now: &Moment) -> AnyView {
    let rows = files.iter().map(|file| file_row(lang, file, Some(now))).collect_view();
    view! { <ul class="file-list">{rows}</ul> }.into_any()
}

fn file_row(lang: Lang, file: &DocumentView, now: Option<&Moment>) -> AnyView {
    let icon = if file.is_image { "file-image" } else { "file-text" };
    let origin = now.map(|now| {
        let at = file.registered_at.clone().map(|at| view! { " · "<Time moment=at now=Some(now.clone())/> });
        view! { <span class="file-origin">{author_name(lang, &file.author, false)}{at}</span> }
    });
    view! {
        <li>
            <Icon name=icon/>
            <a href=address_of(file) rel="external">{file.name.clone()}</a>
            <span class="file-size">{format::file_size(file.size, lang)}</span>
            {origin}
        </li>
    }
    .into_any()
}

fn address_of(file: &DocumentView) -> String {
    ["/documents/", &file.id.to_string()].concat()
}

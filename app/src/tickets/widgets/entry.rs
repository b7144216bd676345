//! Entries that people wrote: description, occurrences with their replies, tasks, documents, and what removed ones leave.

use domain::duration::Minutes;
use domain::format;
use domain::lang::Lang;
use domain::views::{
    DocumentView, MessageView, Moment, OccurrenceView, RemovedView, SolutionView, TaskEntry, TicketDetail,
    ValidationEntry,
};
use leptos::prelude::*;
use uuid::Uuid;

use super::mails::{mails, mails_of_message, mails_of_solution};
use super::words;
use crate::boot::use_viewer;
use crate::components::icon::Icon;
use crate::components::person::{Avatar, AvatarSize};
use crate::components::rich_text::{RichText, is_long};
use crate::components::sign::{PrivateMark, VisibilityMark};
use crate::components::when::Time;
use crate::messages::bubbles::{fresh, readers};
use crate::solutions::card::{Parts, card};
use crate::t::messages;
use crate::t::tickets as t;

/// What every entry needs to know of the page it stands on.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Language of the reader.
    pub(crate) lang: Lang,
    /// Number of the ticket.
    pub(crate) number: i64,
    /// The server's clock.
    pub(crate) now: Moment,
    /// Entry that a deep link names, `occurrence-<id>`.
    pub(crate) around: String,
    /// The ticket is over: nobody answers its solution any more.
    pub(crate) over: bool,
}

impl Place {
    fn ring(&self, anchor: &str) -> Option<&'static str> {
        (self.around == anchor).then_some("")
    }
}

/// The description, always the first entry, with the form that changes it.
pub(crate) fn description(place: &Place, ticket: &TicketDetail, form: Option<AnyView>) -> AnyView {
    let lang = place.lang;
    let author = words::name(lang, &ticket.writer);
    let by = match &ticket.source {
        Some(source) => t::opened_by_source(lang, &source.name),
        None => t::opened(lang).to_owned(),
    };
    let edited = ticket.description_edited_at.as_ref().map(|at| {
        view! { <footer class="entry-foot"><span>{t::edited(lang, &format::smart(at, &place.now, lang))}</span></footer> }
    });
    view! {
        <li>
            <article class="entry entry-description" id="description" tabindex="-1" aria-labelledby="h-description">
                <header class="entry-head" id="h-description">
                    <Avatar name=author.clone()/>
                    <span class="entry-author">{author}</span>
                    <span class="entry-kind">{by}</span>
                    {time_link("description", &ticket.opened_at, &place.now)}
                </header>
                <RichText html=ticket.description.clone() long=is_long(&ticket.description_text)/>
                {files(lang, &ticket.description_files)}
                {edited}
                {form}
            </article>
        </li>
    }
    .into_any()
}

/// An occurrence with its replies, as an item of the timeline. What a removed one leaves is followed by its replies.
pub(crate) fn occurrence(place: &Place, entry: &OccurrenceView, replies: &[OccurrenceView]) -> AnyView {
    written(place, entry, None, replies)
}

/// A task: an entry with a line that says where it stands, when it is planned and who does it.
pub(crate) fn task(place: &Place, task: &TaskEntry) -> AnyView {
    written(place, &task.entry, Some(&task.line), &[])
}

/// Where an entry has its pages, and what its anchor begins with.
fn kind_of(line: Option<&str>) -> &'static str {
    if line.is_some() { "task" } else { "occurrence" }
}

fn page_of(place: &Place, entry: &OccurrenceView, line: Option<&str>) -> String {
    format!("/tickets/{}/{}s/{}", place.number, kind_of(line), entry.id)
}

fn written(place: &Place, entry: &OccurrenceView, line: Option<&str>, replies: &[OccurrenceView]) -> AnyView {
    if let Some(removed) = &entry.removed {
        let below = replies.iter().map(|reply| occurrence(place, reply, &[])).collect_view();
        return view! { {tombstone(place, entry, line, removed)}{below} }.into_any();
    }
    let anchor = format!("{}-{}", kind_of(line), entry.id);
    let facts = line.map(|line| {
        let line = line.to_owned();
        view! { <p class="entry-task"><a href=page_of(place, entry, Some(""))><Icon name="list-checks"/>{line}</a></p> }
    });
    let heading = format!("h-{}", entry.id);
    let class = if entry.visibility.is_private() { "entry private" } else { "entry" };
    let below = (!replies.is_empty()).then(|| {
        let items = replies.iter().map(|reply| occurrence(place, reply, &[])).collect_view();
        view! { <ol class="entry-replies">{items}</ol> }
    });
    view! {
        <li>
            <article class=class id=anchor.clone() tabindex="-1" aria-labelledby=heading data-ring=place.ring(&anchor)>
                {head(place, entry, line, heading.clone(), &anchor)}
                {facts}
                <RichText html=entry.body.clone() long=is_long(&entry.body_text)/>
                {files(place.lang, &entry.attachments)}
                {foot(place, entry, line)}
                {below}
            </article>
        </li>
    }
    .into_any()
}

fn head(place: &Place, entry: &OccurrenceView, line: Option<&str>, id: String, anchor: &str) -> AnyView {
    let lang = place.lang;
    let author = words::name(lang, &entry.author);
    let kind = match (&entry.reply_to, &entry.source) {
        (Some(answered), _) => t::kind_reply(lang, &answered.author),
        (None, Some(source)) => t::kind_occurrence_source(lang, &source.name),
        (None, None) if line.is_some() => t::kind_task(lang).to_owned(),
        (None, None) => t::kind_occurrence(lang).to_owned(),
    };
    let team = entry.side == domain::ticket::Side::Service;
    let avatar = (!entry.visibility.is_private())
        .then(|| view! { <Avatar name=author.clone() team=team size=AvatarSize::Small/> });
    let unread = entry.unread.then(|| view! { <span class="count count-new">{t::unread(lang)}</span> });
    view! {
        <header class="entry-head" id=id>
            <VisibilityMark visibility=entry.visibility/>
            {avatar}
            <span class="entry-author">{author.clone()}</span>
            <span class="entry-kind">{kind}</span>
            {unread}
            {time_link(anchor, &entry.registered_at, &place.now)}
        </header>
    }
    .into_any()
}

fn time_link(anchor: &str, at: &Moment, now: &Moment) -> AnyView {
    view! { <a class="entry-time" href=format!("#{anchor}")><Time moment=at.clone() now=Some(now.clone())/></a> }
        .into_any()
}

/// The files of an entry: pictures shown, all listed.
pub(crate) fn files(lang: Lang, files: &[DocumentView]) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let images = files.iter().filter(|file| file.is_image).map(|file| {
        let address = format!("/documents/{}", file.id);
        view! { <a href=address rel="external"><img src=address.clone() alt=file.name.clone() loading="lazy"/></a> }
    });
    let images: Vec<_> = images.collect();
    let images = (!images.is_empty()).then(|| view! { <div class="image-list">{images}</div> });
    let rows = files.iter().map(|file| file_row(lang, file)).collect_view();
    Some(view! { <div class="entry-files">{images}<ul class="file-list">{rows}</ul></div> }.into_any())
}

fn file_row(lang: Lang, file: &DocumentView) -> AnyView {
    let icon = if file.is_image { "file-image" } else { "file-text" };
    view! {
        <li>
            <Icon name=icon/>
            <a href=format!("/documents/{}", file.id) rel="external">{file.name.clone()}</a>
            <span class="file-size">{format::file_size(file.size, lang)}</span>
        </li>
    }
    .into_any()
}

fn foot(place: &Place, entry: &OccurrenceView, line: Option<&str>) -> AnyView {
    let lang = place.lang;
    let spent = entry.minutes.filter(|minutes| minutes.0 > 0).map(|minutes| {
        view! { <span><Icon name="clock"/>{spent_words(place, entry, minutes)}</span> }
    });
    let happened = (entry.shows_both_times && spent.is_none())
        .then(|| view! { <span>{t::happened(lang, &format::smart(&entry.occurred_at, &place.now, lang))}</span> });
    let category = entry.category.clone().map(|category| view! { <span>{category.name}</span> });
    let edited = entry.edited_at.as_ref().map(|at| {
        let words = t::edited(lang, &format::smart(at, &place.now, lang));
        if entry.revision_count > 0 {
            let href = page_of(place, entry, line) + "/revisions";
            view! { <span><a class="fact-link" href=href>{words}</a></span> }.into_any()
        } else {
            view! { <span>{words}</span> }.into_any()
        }
    });
    view! {
        <footer class="entry-foot">
            {mails(place, entry)}
            {spent}{happened}{category}{edited}
            <span class="entry-actions">{actions(place, entry, line)}</span>
        </footer>
    }
    .into_any()
}

fn spent_words(place: &Place, entry: &OccurrenceView, minutes: Minutes) -> String {
    let time = format::duration(minutes, place.lang);
    if entry.shows_both_times {
        t::spent_at(place.lang, &format::smart(&entry.occurred_at, &place.now, place.lang), &time)
    } else {
        time
    }
}

fn actions(place: &Place, entry: &OccurrenceView, line: Option<&str>) -> AnyView {
    let lang = place.lang;
    let may = |action: &str| entry.actions.iter().any(|one| one == action);
    let page = page_of(place, entry, line);
    let reply = may("reply").then(|| {
        let href = format!("/tickets/{}?compose=occurrence&reply={}#dock", place.number, entry.id);
        view! { <a href=href><Icon name="reply"/>{t::reply(lang)}</a> }
    });
    let edit = may("update").then(|| {
        view! { <a href=format!("{page}/edit") aria-label=t::edit(lang) title=t::edit(lang)><Icon name="pencil"/></a> }
    });
    let remove = may("delete").then(|| {
        view! { <a href=format!("{page}/remove") aria-label=t::remove(lang) title=t::remove(lang)><Icon name="trash-2"/></a> }
    });
    let keep = may("save-to-knowledge").then(|| keep(place, entry.id));
    view! { {reply}{edit}{keep}{remove} }.into_any()
}

/// The way to an article that is begun with an entry.
fn keep(place: &Place, id: Uuid) -> AnyView {
    let (lang, href) = (place.lang, format!("/tickets/{}/knowledge?entry={id}", place.number));
    view! { <a href=href rel="external" aria-label=t::save_to_knowledge(lang) title=t::save_to_knowledge(lang)><Icon name="book-open"/></a> }
        .into_any()
}

/// What a removed entry leaves (T-OCC-22).
fn tombstone(place: &Place, entry: &OccurrenceView, line: Option<&str>, removed: &RemovedView) -> AnyView {
    let lang = place.lang;
    let author = words::name(lang, &entry.author);
    let words = match (&removed.by, &removed.reason) {
        (Some(by), Some(reason)) => t::removed_by_because(lang, &author, &words::name(lang, by), reason),
        (Some(by), None) => t::removed_by(lang, &author, &words::name(lang, by)),
        (None, _) => t::removed_entry(lang).to_owned(),
    };
    let is_private = entry.visibility.is_private();
    let class = if is_private { "tombstone private" } else { "tombstone" };
    let revisions = (entry.revision_count > 0).then(|| {
        let href = page_of(place, entry, line) + "/revisions";
        view! { <a class="link" href=href>{t::view_revisions(lang)}</a> }
    });
    view! {
        <li class=class id=format!("{}-{}", kind_of(line), entry.id) tabindex="-1">
            {is_private.then(|| view! { <PrivateMark/> })}
            <Icon name="trash-2" small=true/>
            <span>{words}</span>
            {revisions}
            <Time moment=removed.at.clone() now=Some(place.now.clone())/>
        </li>
    }
    .into_any()
}

/// A free document, an entry of its own.
pub(crate) fn document(place: &Place, file: &DocumentView) -> AnyView {
    let lang = place.lang;
    let anchor = format!("document-{}", file.id);
    let heading = format!("h-{}", file.id);
    let class = if file.visibility.is_private() { "entry private" } else { "entry" };
    let author = words::name(lang, &file.author);
    let comment = file.comment.clone().map(|comment| view! { <div class="entry-body"><p>{comment}</p></div> });
    let time = file.registered_at.as_ref().map(|at| time_link(&anchor, at, &place.now));
    view! {
        <li>
            <article class=class id=anchor.clone() tabindex="-1" aria-labelledby=heading data-ring=place.ring(&anchor)>
                <header class="entry-head" id=heading.clone()>
                    <VisibilityMark visibility=file.visibility/>
                    <span class="entry-author">{author}</span>
                    <span class="entry-kind">{t::kind_document(lang)}</span>
                    {time}
                </header>
                {comment}
                {files(lang, std::slice::from_ref(file))}
            </article>
        </li>
    }
    .into_any()
}

/// A request for validation or an answer to one (T-TIM-01); its line leads to the page of the validations.
pub(crate) fn validation(place: &Place, entry: &ValidationEntry) -> AnyView {
    let lang = place.lang;
    let anchor = format!("{}-{}", entry.kind(), entry.id);
    let heading = format!("h-{}", entry.id);
    let (labelled_by, ring) = (heading.clone(), place.ring(&anchor));
    let time = time_link(&anchor, &entry.at, &place.now);
    let href = format!("/tickets/{}/validations#validation-{}", place.number, entry.request);
    let body = (!entry.body_text.is_empty())
        .then(|| view! { <RichText html=entry.body.clone() long=is_long(&entry.body_text)/> });
    view! {
        <li>
            <article class="entry" id=anchor tabindex="-1" aria-labelledby=labelled_by data-ring=ring>
                <header class="entry-head" id=heading>
                    <span class="entry-author">{words::name(lang, &entry.author)}</span>
                    <span class="entry-kind">{entry.title.clone()}</span>
                    {time}
                </header>
                <p class="entry-task"><a href=href><Icon name="badge-check"/>{entry.line.clone()}</a></p>
                {body}
                {files(lang, &entry.attachments)}
            </article>
        </li>
    }
    .into_any()
}

/// A solution with what became of it (T-SOL-06).
pub(crate) fn solution(place: &Place, entry: &SolutionView) -> AnyView {
    let lang = place.lang;
    let page = format!("/tickets/{}/solutions/{}", place.number, entry.id);
    let template = entry.template.as_ref().map(|template| view! { <span>{template.name.clone()}</span> });
    let edited = entry.edited_at.as_ref().map(|at| {
        let words = t::edited(lang, &format::smart(at, &place.now, lang));
        view! { <span><a class="fact-link" href=format!("{page}/revisions")>{words}</a></span> }
    });
    let edit = entry.may("update").then(|| {
        view! { <a href=format!("{page}/edit") aria-label=t::edit(lang) title=t::edit(lang)><Icon name="pencil"/></a> }
    });
    let unread = entry.unread.then(|| view! { <span class="count count-new">{t::unread(lang)}</span> });
    let keep = use_viewer().is_some_and(|viewer| viewer.can("knowledge.edit")).then(|| keep(place, entry.id));
    let foot = view! {
        {mails_of_solution(place, entry)}
        {unread}{template}{edited}
        <span class="entry-actions">{edit}{keep}</span>
    };
    let ring = place.ring(&["solution-", &entry.id.to_string()].concat());
    let files = files(lang, &entry.attachments);
    let author = words::name(lang, &entry.author);
    card(lang, entry, &place.now, Parts { author, ring, files, over: place.over, foot: foot.into_any() })
}

/// A message between the two sides, marked as one: who wrote it, and who of the other side has read it (T-MSG).
pub(crate) fn message(place: &Place, entry: &MessageView) -> AnyView {
    let lang = place.lang;
    let anchor = format!("message-{}", entry.id);
    let heading = format!("h-{}", entry.id);
    let author = words::name(lang, &entry.author);
    let team = entry.side == domain::ticket::Side::Service;
    let kind = if team { messages::to_requester(lang) } else { messages::to_team(lang) };
    let href = format!("/tickets/{}/messages#{anchor}", place.number);
    view! {
        <li>
            <article
                class="entry entry-message"
                id=anchor.clone()
                tabindex="-1"
                aria-labelledby=heading.clone()
                data-mine=entry.mine.then_some("")
                data-ring=place.ring(&anchor)
            >
                <header class="entry-head" id=heading.clone()>
                    <Icon name="message-square" small=true/>
                    <Avatar name=author.clone() team=team size=AvatarSize::Small/>
                    <span class="entry-author">{author}</span>
                    <span class="entry-kind">{kind}</span>
                    {fresh(lang, entry)}
                    {time_link(&anchor, &entry.sent_at, &place.now)}
                </header>
                <RichText html=entry.html.clone() long=is_long(&entry.text)/>
                <footer class="entry-foot">
                    {mails_of_message(place, entry)}
                    {readers(lang, entry, &place.now)}
                    <span class="entry-actions"><a href=href>{messages::messages(lang)}</a></span>
                </footer>
            </article>
        </li>
    }
    .into_any()
}

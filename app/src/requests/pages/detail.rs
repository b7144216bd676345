//! One request: head, what happens next, conversation, "Add a note" (P-DET). Phone first, and complete without scripts.

use domain::error::AppError;
use domain::format;
use domain::lang::Lang;
use domain::ticket::{Status, TicketType};
use domain::views::{Moment, RequestDetail, TimelineQuery};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

use crate::boot::{use_lang, use_viewer};
use crate::components::banner::{Banner, Tone};
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::components::sign::StatusBadge;
use crate::form_action::{form_action, refusal_of};
use crate::hints;
use crate::layouts::portal::PortalLayout;
use crate::message;
use crate::messages::server_fns::SendMessage;
use crate::requests::server_fns::{RunRequestCommand, request_detail};
use crate::requests::widgets::frame::{due_words, names, refused, use_number};
use crate::requests::widgets::steps::{may, steps};
use crate::requests::widgets::{answering, asking, conversation, note};
use crate::solutions::server_fns::AnswerSolution;
use crate::t::common as c;
use crate::t::messages;
use crate::t::requests as t;
use crate::tickets::server_fns::AddOccurrence;

/// Entries of a page that asks for no number.
const FIRST: u32 = 30;
/// Entries a page shows at most, and after a post: enough for the new one to be among them.
const MOST: u32 = 200;

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Address {
    cursor: String,
    around: String,
    limit: u32,
    posted: bool,
    done: String,
    ask: String,
}

impl Address {
    fn read(params: &ParamsMap) -> Self {
        let text = |name| params.get_str(name).unwrap_or_default().to_owned();
        Self {
            cursor: text("cursor"),
            around: text("around"),
            limit: params.get_str("limit").and_then(|text| text.parse::<u32>().ok()).unwrap_or(0).min(MOST),
            posted: params.get_str("posted").is_some(),
            done: text("done"),
            ask: text("ask"),
        }
    }

    fn query(&self) -> TimelineQuery {
        let limit = if self.posted { MOST } else { self.limit };
        TimelineQuery { cursor: self.cursor.clone(), around: self.around.clone(), limit, ..TimelineQuery::default() }
    }

    /// The same beginning of the conversation with twice as many entries; `None` if this is none or long enough.
    fn longer(&self, number: i64) -> Option<String> {
        let query = self.query();
        let shown = if query.limit == 0 { FIRST } else { query.limit };
        let limit = shown.saturating_mul(2).min(MOST);
        let is_beginning = query.cursor.is_empty() && query.around.is_empty() && shown < MOST;
        is_beginning.then(|| format!("/requests/{number}?limit={limit}"))
    }

    /// The same entries once more, with those that came since; what the last post did is not told again.
    fn again(&self, number: i64) -> String {
        let query = self.query();
        let limit = if query.limit == 0 { String::new() } else { query.limit.to_string() };
        let pairs = [("cursor", &query.cursor), ("around", &query.around), ("limit", &limit)];
        let given = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let given: Vec<String> = given.map(|(name, value)| [name, "=", &Url::escape(value)].concat()).collect();
        let sign = if given.is_empty() { "" } else { "?" };
        format!("/requests/{number}{sign}{}", given.join("&"))
    }
}

/// Refusals of the forms of the page.
#[derive(Clone, Copy)]
struct Refusals {
    note: Signal<Option<AppError>>,
    message: Signal<Option<AppError>>,
    command: Signal<Option<AppError>>,
    answer: Signal<Option<AppError>>,
}

/// The page `/requests/{number}`.
#[component]
pub fn RequestDetailPage() -> impl IntoView {
    let lang = use_lang();
    let reader = use_viewer().map(|viewer| viewer.name).unwrap_or_default();
    let number = use_number();
    let params = use_query_map();
    #[cfg(feature = "ssr")]
    lead_to_part(number.get_untracked(), &params.with_untracked(|params| params.get("tab").unwrap_or_default()));
    let address = Memo::new(move |_| params.with(Address::read));
    let query = Memo::new(move |_| address.with(Address::query));
    let request =
        Resource::new_blocking(move || (number.get(), query.get()), |(number, query)| request_detail(number, query));
    // The forms are ordinary posts; the actions only carry back why one was refused.
    let (note, command) = (form_action::<AddOccurrence>(), form_action::<RunRequestCommand>());
    let (sending, answering) = (form_action::<SendMessage>(), form_action::<AnswerSolution>());
    let refusals = Refusals {
        note: refusal_of(note).into(),
        message: refusal_of(sending).into(),
        command: refusal_of(command).into(),
        answer: refusal_of(answering).into(),
    };
    view! {
        <PortalLayout>
            <Transition>
                {move || {
                    let (address, reader) = (address.get(), reader.clone());
                    Suspend::new(async move {
                        match request.await {
                            Ok(request) => content(lang, &request, &address, &reader, refusals),
                            Err(refusal) => refused(lang, &refusal),
                        }
                    })
                }}
            </Transition>
        </PortalLayout>
    }
    .into_any()
}

/// Parts of a request are pages of their own; an address that asks for one as a tab leads there.
#[cfg(feature = "ssr")]
fn lead_to_part(number: i64, tab: &str) {
    if matches!(tab, "messages" | "history") {
        crate::context::redirect(&format!("/requests/{number}/{tab}"));
    }
}

fn content(lang: Lang, request: &RequestDetail, address: &Address, reader: &str, refusals: Refusals) -> AnyView {
    let title = request.title.clone();
    let head = head(lang, request, reader);
    let banner = banner(lang, request, address, refusals);
    let survey = survey(lang, request);
    let question = asking::asking(lang, request, &address.ask, refusals.command);
    let answer = answering::answering(lang, request, &address.ask, refusals.answer);
    let (before, after) = ends(lang, request, address.longer(request.number));
    let entries = conversation::conversation(lang, request, reader);
    let news = news(lang, request.number, address.again(request.number));
    let form = note::note(lang, request, refusals.note, refusals.message);
    let steps = steps(lang, request);
    let (files, articles) = (your_files(lang, request), hints::linked(lang, &request.articles));
    // On a phone the way to the form lies under the thumb, until one writes in it.
    let to_note = note::anchor(request).map(|anchor| {
        view! { <p class="thumb-bar phone-only"><a class="btn btn-primary" href=["#", anchor].concat() rel="external">{t::write(lang)}</a></p> }
    });
    // News replace the parts named by `data-part`, never the form somebody is typing in.
    view! {
        <PageTitle text=title/>
        {head}
        {banner}
        {survey}
        {question}
        {answer}
        {to_note}
        <div class="request-columns">
            <div class="stack">
                {before}
                {entries}
                {after}
                {news}
                {form}
            </div>
            <aside class="stack request-next steps-line" aria-label=t::about(lang) data-part="next">{steps}</aside>
            <div class="request-files stack" data-part="files">{files}{articles}</div>
        </div>
    }
    .into_any()
}

fn head(lang: Lang, request: &RequestDetail, reader: &str) -> AnyView {
    let number = request.number;
    let history = format!("/requests/{number}/history");
    let command = |action: &'static str, word: &'static str| {
        may(request, action).then(|| {
            let href = format!("/requests/{number}?ask={action}");
            view! { <a class="btn btn-ghost btn-sm" href=href>{word}</a> }
        })
    };
    // Where no note can be added, the band that says so offers it.
    let reopen = request.note_off.is_empty().then(|| command("reopen", t::reopen(lang))).flatten();
    let messages = request.messages.map(|unread| {
        let count = (unread > 0).then(|| {
            let words = messages::unread(lang, i64::from(unread));
            view! {
                <span class="count count-new" title=words.clone()>
                    <span aria-hidden="true">{unread.to_string()}</span>
                    <span class="vh">{words.clone()}</span>
                </span>
            }
        });
        let href = format!("/requests/{number}/messages");
        view! {
            <a class="btn btn-ghost btn-sm" href=href><Icon name="message-square"/>{messages::messages(lang)}{count}</a>
        }
    });
    let chat = request.chat.map(|unread| {
        let words = messages::chat_unread(lang, i64::from(unread));
        let count = (unread > 0).then(|| view! { <span class="count count-new" title=words>{unread.to_string()}</span> });
        let href = format!("/requests/{number}/chat");
        view! { <a class="btn btn-ghost btn-sm" href=href><Icon name="messages-square"/>{messages::chat(lang)}{count}</a> }
    });
    view! {
        <div data-part="head">
            <p>
                <a class="back-link quiet-link muted small" href="/requests"><Icon name="arrow-left"/>{t::my_requests(lang)}</a>
            </p>
            <div class="page-head">
                <h1>{request.title.clone()}</h1>
                <div class="page-tools">
                    {reopen}
                    {command("cancel", t::cancel(lang))}
                    {messages}
                    {chat}
                    // A page; with scripts it opens beside the request (`frontend/js/history`).
                    <a
                        class="btn btn-ghost btn-sm"
                        href=history
                        data-drawer=t::history(lang)
                        data-close=c::panel_close(lang)
                        data-open=c::panel_open_page(lang)
                        data-failed=c::panel_failed(lang)
                    >
                        <Icon name="history"/>{t::history(lang)}
                    </a>
                </div>
            </div>
            <p class="request-facts">
                <StatusBadge status=request.status portal=true pill=true/>
                {facts(lang, request, reader).into_iter().map(|fact| view! { <span>{fact}</span> }).collect_view()}
            </p>
        </div>
    }
    .into_any()
}

/// Number, type and category, responsible, dates, names of the requesters: nothing else (P-DET-01, P-HID-01).
fn facts(lang: Lang, request: &RequestDetail, reader: &str) -> Vec<String> {
    let kind = match request.kind {
        TicketType::Incident => t::kind_incident(lang),
        TicketType::Request => t::kind_request(lang),
    };
    let what = match &request.category {
        Some(category) => [kind, ", ", &category.name].concat(),
        None => kind.to_owned(),
    };
    let responsible = names(&request.assignees);
    let responsible = if responsible.is_empty() { t::nobody_yet(lang).to_owned() } else { responsible };
    let smart = |at: &Moment| format::smart(at, &request.now, lang);
    let due = match (&request.due_resolve_at, request.status) {
        (Some(_), Status::Pending) => Some(t::paused(lang).to_owned()),
        (Some(at), status) if status.is_open() => Some(due_words(lang, at, &request.now)),
        _ => None,
    };
    let people = names(&request.requesters);
    let mut facts = vec![["#", &request.number.to_string()].concat(), what, responsible];
    facts.extend(due);
    facts.push(t::opened_on(lang, &smart(&request.opened_at)));
    facts.extend(request.solved_at.as_ref().map(|at| t::solved_on(lang, &smart(at))));
    facts.extend(request.closed_at.as_ref().map(|at| t::closed_on(lang, &smart(at))));
    if people == reader && !people.is_empty() {
        facts.push(t::asked_by_you(lang).to_owned());
    } else if !people.is_empty() {
        facts.push(t::asked_by(lang, &people));
    }
    facts
}

/// What the last post did, as far as it is true, and where the request goes on.
fn banner(lang: Lang, request: &RequestDetail, address: &Address, refusals: Refusals) -> AnyView {
    let is_refused = [refusals.note, refusals.message, refusals.command, refusals.answer]
        .into_iter()
        .any(|refusal| refusal.with_untracked(Option::is_some));
    let done = match address.done.as_str() {
        _ if is_refused => None,
        "received" => Some(t::done_received(lang, &request.number.to_string())),
        "cancel" if request.status == Status::Cancelled => Some(t::done_cancel(lang).to_owned()),
        "reopen" if !request.status.is_over() => Some(t::done_reopen(lang).to_owned()),
        "approve" if request.status == Status::Closed => Some(t::done_approve(lang).to_owned()),
        "refuse" if !request.status.is_over() => Some(t::done_refuse(lang).to_owned()),
        _ if address.posted && request.note_off.is_empty() => Some(t::done_note(lang).to_owned()),
        _ if address.posted => Some(messages::sent_done(lang).to_owned()),
        _ => None,
    };
    let done = done.map(|text| view! { <Banner tone=Tone::Done text=text/> });
    // Its own form shows the refusal of a command; when the question is gone, the page does.
    let refused = refusals.command.get_untracked().filter(|_| !may(request, &address.ask));
    let refused = refused.map(|error| view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> });
    let merged = request.merged_into.map(|number| {
        let href = format!("/requests/{number}");
        view! { <p><a class="link" href=href>{t::continued_in(lang, &number.to_string())}</a></p> }
    });
    view! { {refused}{done}{merged} }.into_any()
}

/// "How satisfied are you?" with six links: the page behind them asks for a comment as well (P-ACT-06).
fn survey(lang: Lang, request: &RequestDetail) -> Option<AnyView> {
    may(request, "survey").then(|| {
        let links = (0..=domain::survey::SCORE_MAX)
            .map(|score| {
                let (number, score) = (request.number, score.to_string());
                let href = format!("/requests/{number}/survey?score={score}");
                view! { <a class="btn" href=href rel="external" aria-label=t::survey_score(lang, &score)>{score.clone()}</a> }
            })
            .collect_view();
        view! {
            <section class="card" aria-labelledby="survey">
                <h2 class="card-title" id="survey">{t::survey_title(lang)}</h2>
                <p class="muted small">{t::survey_scale(lang)}</p>
                <p class="survey-scores">{links}</p>
            </section>
        }
        .into_any()
    })
}

/// Links to what lies before and after the entries shown; with scripts the second one makes this page `longer`.
fn ends(lang: Lang, request: &RequestDetail, longer: Option<String>) -> (Option<AnyView>, Option<AnyView>) {
    let (number, timeline) = (request.number, &request.timeline);
    let (first, second) =
        if timeline.order == "desc" { (t::later(lang), t::earlier(lang)) } else { (t::earlier(lang), t::later(lang)) };
    let link = |part: &'static str, cursor: &Option<String>, word: &'static str, longer: Option<String>| {
        cursor.as_ref().map(|cursor| {
            let href = format!("/requests/{number}?cursor={}", Url::escape(cursor));
            view! { <p data-part=part><a class="btn btn-sm" href=href data-append=longer>{word}</a></p> }.into_any()
        })
    };
    (link("before", &timeline.previous_cursor, first, None), link("after", &timeline.next_cursor, second, longer))
}

/// "2 new, show" where others wrote meanwhile (P-DET-07). Scripts hear of it, say so, and show it (`frontend/js/requests`);
/// without them a link loads the page again.
fn news(lang: Lang, number: i64, again: String) -> AnyView {
    // Up to a million no language has another sentence than that of two.
    let several = t::news(lang, 2).replace('2', "{n}");
    view! {
        <div class="news" role="status" hidden=true data-request=number.to_string() data-one=t::news(lang, 1) data-several=several>
            <button class="btn btn-sm" r#type="button"></button>
        </div>
        <noscript>
            <p class="no-print"><a class="btn btn-ghost btn-sm" href=again data-reload="">{t::reload(lang)}</a></p>
        </noscript>
    }
    .into_any()
}

/// All files of what the reader sees, with who brought them and when (P-DET-05).
fn your_files(lang: Lang, request: &RequestDetail) -> Option<AnyView> {
    (!request.files.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="your-files">
                <h2 class="card-title" id="your-files">{t::your_files(lang)}</h2>
                {conversation::whole_file_list(lang, &request.files, &request.now)}
            </section>
        }
        .into_any()
    })
}

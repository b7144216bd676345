//! What the history of a ticket has in common on both sides: filters in the address, tools, days, the head on paper.
//!
//! Belongs here: what needs no words of one side. Does not belong here: rows (`tickets`, `requests`).

use domain::error::AppError;
use domain::format;
use domain::lang::Lang;
use domain::views::{ActorView, Choice, HistoryView, Moment};
use leptos::prelude::*;
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};

use crate::components::banner::{Banner, Tone};
use crate::components::field::{SelectField, TextField};
use crate::components::icon::Icon;
use crate::components::pagination::Pagination;
use crate::message;
use crate::t::{common, history as t, messages};

/// Rows of a page that is made to be printed.
#[cfg(feature = "ssr")]
const PRINTED: u32 = 1_000;

/// What the page shows (T-HIS-01); the same names as in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HistoryFilter {
    /// Event kinds, comma separated.
    pub kinds: String,
    /// One of the people the page offers.
    pub person: String,
    /// Words.
    pub text: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// `chat` = messages and lines of the chat (T-HIS-02); anything else = the ticket.
    pub tab: String,
    /// Keyset cursor.
    pub cursor: String,
    /// As it is printed: long pages, public entries only.
    pub print: bool,
    /// Private entries are printed, too.
    pub private: bool,
}

impl HistoryFilter {
    /// What an address asks for.
    pub(crate) fn read(map: &ParamsMap) -> Self {
        let text = |name: &str| map.get_str(name).unwrap_or_default().trim().to_owned();
        let is_on = |name: &str| map.get_str(name) == Some("1");
        Self {
            kinds: text("kinds"),
            person: text("person"),
            text: text("text"),
            from: text("from"),
            to: text("to"),
            tab: text("tab"),
            cursor: text("cursor"),
            print: is_on("print"),
            private: is_on("private"),
        }
    }

    /// The question to the use case.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn query(self) -> service::history::HistoryQuery {
        let chat = self.is_chat();
        let Self { kinds, person, text, from, to, cursor, print, private, .. } = self;
        let limit = if print { PRINTED } else { 0 };
        let portal = print && !private;
        service::history::HistoryQuery {
            kinds,
            person,
            text,
            from,
            to,
            cursor,
            limit,
            portal,
            chat,
            ..Default::default()
        }
    }

    /// The tab "Chat" is asked for.
    pub(crate) fn is_chat(&self) -> bool {
        self.tab == "chat"
    }

    /// The tab as an address names it.
    fn tab(&self) -> (&'static str, &'static str) {
        ("tab", if self.is_chat() { "chat" } else { "" })
    }

    fn narrowing(&self) -> [(&'static str, &str); 5] {
        [
            ("kinds", self.kinds.as_str()),
            ("person", self.person.as_str()),
            ("text", self.text.as_str()),
            ("from", self.from.as_str()),
            ("to", self.to.as_str()),
        ]
    }

    fn is_narrow(&self) -> bool {
        self.narrowing().iter().any(|(_, value)| !value.is_empty())
    }

    /// `path` with the filters and some more.
    fn address(&self, path: &str, more: &[(&'static str, &str)]) -> String {
        with_query(path, [self.tab()].into_iter().chain(self.narrowing()).chain(more.iter().copied()))
    }
}

/// A path with those of the pairs that have a value.
fn with_query<'v>(path: &str, pairs: impl Iterator<Item = (&'static str, &'v str)>) -> String {
    let given: Vec<String> = pairs
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| [name, "=", &Url::escape(value)].concat())
        .collect();
    if given.is_empty() { path.to_owned() } else { [path, "?", &given.join("&")].concat() }
}

/// Kinds to choose from in the tab "Chat".
pub(crate) fn chat_kinds(lang: Lang) -> Vec<Choice> {
    let choice = |value: &str, name: &str| Choice { value: value.to_owned(), name: name.to_owned(), depth: 0 };
    vec![choice("message_sent", messages::messages(lang)), choice("chat_line", messages::chat(lang))]
}

/// The history of one ticket, on the side that shows it.
pub(crate) struct Shown<'v> {
    pub(crate) lang: Lang,
    /// Address of the page without its query.
    pub(crate) path: String,
    pub(crate) filter: &'v HistoryFilter,
    pub(crate) view: &'v HistoryView,
    /// Kinds to choose from.
    pub(crate) kinds: Vec<Choice>,
    /// What all kinds together are called.
    pub(crate) all_kinds: &'static str,
    /// Some rows may be private.
    pub(crate) has_private: bool,
    /// How this side calls people.
    pub(crate) name: fn(Lang, &ActorView) -> String,
}

impl Shown<'_> {
    /// Everything below the title; `rows` are those of the page, in days. The drawer shows it, too.
    pub(crate) fn content(&self, status: &'static str, rows: AnyView) -> AnyView {
        let print = self.filter.print;
        let bar = if print { self.print_bar() } else { view! { {self.tools()}{self.filters()} }.into_any() };
        // What is wrong stands at its field; there are no rows to mistake for an answer.
        let is_right = self.view.errors.is_empty();
        let wrong = (!is_right).then(|| {
            let text = message::sentence(self.lang, &AppError::Invalid(self.view.errors.clone()));
            view! { <Banner tone=Tone::Error text=text/> }
        });
        view! {
            <div class="stack" data-history="">
                {self.tabs()}
                {bar}
                {wrong}
                {self.head(status)}
                {is_right.then_some(rows)}
                {is_right.then(|| self.pages())}
            </div>
        }
        .into_any()
    }

    /// Ticket and Chat, where there is one (T-HIS-02). What is narrowed in one of them says nothing about the other.
    fn tabs(&self) -> Option<AnyView> {
        let (lang, is_chat) = (self.lang, self.filter.is_chat());
        let first = if self.has_private { t::tab_ticket(lang) } else { t::tab_request(lang) };
        let tab = |href: String, word: &'static str, is_current: bool| {
            view! { <a class="chip" href=href aria-current=is_current.then_some("page")>{word}</a> }
        };
        self.view.chat.then(|| {
            view! {
                <nav class="filter-bar no-print" aria-label=t::tabs(lang)>
                    {tab(self.path.clone(), first, !is_chat)}
                    {tab([self.path.as_str(), "?tab=chat"].concat(), messages::chat(lang), is_chat)}
                </nav>
            }
            .into_any()
        })
    }

    fn tools(&self) -> AnyView {
        let csv = self.filter.address(&[self.path.as_str(), ".csv"].concat(), &[]);
        let print = self.filter.address(&self.path, &[("print", "1")]);
        view! {
            <p class="history-tools no-print">
                <a class="btn btn-ghost btn-sm" href=csv rel="external"><Icon name="download"/>{t::export(self.lang)}</a>
                <a class="btn btn-ghost btn-sm" href=print rel="external"><Icon name="printer"/>{t::print(self.lang)}</a>
            </p>
        }
        .into_any()
    }

    /// Above a page to print: with or without private entries, and the way back. Scripts show the button.
    fn print_bar(&self) -> AnyView {
        let lang = self.lang;
        let chip = |private: bool, word: &'static str| {
            let more: &[(&'static str, &str)] =
                if private { &[("print", "1"), ("private", "1")] } else { &[("print", "1")] };
            let current = (self.filter.private == private).then_some("true");
            view! { <a class="chip" href=self.filter.address(&self.path, more) aria-current=current>{word}</a> }
        };
        let choice = self.has_private.then(|| {
            view! {
                <nav class="filter-bar no-print" aria-label=t::who_reads(lang)>
                    {chip(false, t::print_public(lang))}{chip(true, t::print_private(lang))}
                </nav>
            }
        });
        let back = self.filter.address(&self.path, &[]);
        view! {
            <p class="history-tools no-print">
                <button class="btn btn-primary btn-sm" r#type="button" data-print="" hidden=true><Icon name="printer"/>{t::print_now(lang)}</button>
                <span class="muted small">{t::print_hint(lang)}</span>
                <a class="btn btn-ghost btn-sm" href=back>{t::leave_print(lang)}</a>
            </p>
            {choice}
        }
        .into_any()
    }

    fn filters(&self) -> AnyView {
        let (lang, filter, view) = (self.lang, self.filter, self.view);
        let choice = |value: &str, name: String| Choice { value: value.to_owned(), name, depth: 0 };
        let people: Vec<Choice> =
            view.people.iter().map(|person| choice(&person.value, (self.name)(lang, &person.actor))).collect();
        let wrong = |field: &'static str| {
            let error = message::field_sentence(lang, &view.errors, field);
            Signal::derive(move || error.clone())
        };
        let clear = filter.is_narrow().then(|| {
            let href = with_query(&self.path, std::iter::once(filter.tab()));
            view! { <a class="btn btn-ghost btn-sm" href=href>{common::clear_filters(lang)}</a> }
        });
        view! {
            <form class="filter-bar no-print" role="search" method="get" action=self.path.clone() aria-label=t::filters(lang)>
                {filter.is_chat().then(|| view! { <input r#type="hidden" name="tab" value="chat"/> })}
                <SelectField name="kinds" id="history-kinds" label=t::kind(lang) options=self.kinds.clone() value=filter.kinds.clone() blank=self.all_kinds/>
                <SelectField name="person" id="history-person" label=t::person(lang) options=people value=filter.person.clone() blank=t::anyone(lang) error=wrong("person")/>
                <TextField name="from" id="history-from" label=t::from(lang) kind="date" value=filter.from.clone() error=wrong("from")/>
                <TextField name="to" id="history-to" label=t::to(lang) kind="date" value=filter.to.clone() error=wrong("to")/>
                <TextField name="text" id="history-text" label=t::text(lang) kind="search" value=filter.text.clone() maxlength=200 error=wrong("text")/>
                <button class="btn btn-sm" r#type="submit"><Icon name="funnel"/>{common::filter(lang)}</button>
                {clear}
            </form>
        }
        .into_any()
    }

    /// The ticket in short, for paper.
    fn head(&self, status: &'static str) -> AnyView {
        let (lang, view) = (self.lang, self.view);
        let names = |actors: &[ActorView]| {
            let names: Vec<String> = actors.iter().map(|one| (self.name)(lang, one)).collect();
            names.join(", ")
        };
        let facts = [
            (t::fact_ticket(lang), ["#", &view.number.to_string(), " ", &view.title].concat()),
            (t::fact_status(lang), status.to_owned()),
            (t::fact_opened(lang), format::date_time(&view.opened_at, lang)),
            (t::fact_requesters(lang), names(&view.requesters)),
            (t::fact_assignees(lang), names(&view.assignees)),
        ];
        let facts = facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
            .collect_view();
        let class = if self.filter.print { "props props-wide" } else { "props props-wide print-only" };
        view! { <dl class=class>{facts}</dl> }.into_any()
    }

    fn pages(&self) -> AnyView {
        let filter = self.filter;
        let at = |cursor: &str| {
            let (print, private) = (if filter.print { "1" } else { "" }, if filter.private { "1" } else { "" });
            filter.address(&self.path, &[("print", print), ("private", private), ("cursor", cursor)])
        };
        let first = (!filter.cursor.is_empty()).then(|| at(""));
        let next = self.view.page.next_cursor.as_deref().map(at);
        if first.is_none() && next.is_none() {
            return ().into_any();
        }
        // On paper nothing may seem whole that is not.
        let more = next.is_some().then(|| view! { <p class="print-only">{t::print_more(self.lang)}</p> });
        view! { {more}<Pagination first=first next=next/> }.into_any()
    }
}

/// Rows as lists, one for each day under its name.
pub(crate) fn days(lang: Lang, rows: Vec<(Moment, AnyView)>) -> AnyView {
    let mut days: Vec<(String, Vec<AnyView>)> = Vec::new();
    for (at, row) in rows {
        let day = format::date_words(&at, lang);
        match days.last_mut() {
            Some((last, rows)) if *last == day => rows.push(row),
            _ => days.push((day, vec![row])),
        }
    }
    days.into_iter()
        .map(|(day, rows)| view! { <h2 class="history-day">{day}</h2><ol class="history">{rows}</ol> })
        .collect_view()
        .into_any()
}

// Making an address takes the server or a browser: there is no third way to escape it.
#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn t_his_01_the_filters_are_in_every_address() {
        let filter = HistoryFilter { text: "a b".to_owned(), person: "me".to_owned(), ..HistoryFilter::default() };
        assert_eq!(filter.address("/tickets/7/history", &[]), "/tickets/7/history?person=me&text=a%20b");
        let printed = filter.address("/tickets/7/history", &[("print", "1"), ("cursor", "")]);
        assert_eq!(printed, "/tickets/7/history?person=me&text=a%20b&print=1");
        assert_eq!(HistoryFilter::default().address("/x", &[("print", "")]), "/x");
        let chat = HistoryFilter { tab: "chat".to_owned(), text: "a".to_owned(), ..HistoryFilter::default() };
        assert_eq!(chat.address("/x", &[]), "/x?tab=chat&text=a");
        assert!(
            chat.query().chat && !HistoryFilter { tab: "poem".to_owned(), ..HistoryFilter::default() }.query().chat
        );
    }

    #[test]
    fn t_lst_09_what_is_printed_is_public_at_first() {
        let printed = HistoryFilter { print: true, ..HistoryFilter::default() };
        assert!(printed.clone().query().portal);
        assert!(!HistoryFilter { private: true, ..printed }.query().portal);
        assert!(!HistoryFilter::default().query().portal);
    }
}

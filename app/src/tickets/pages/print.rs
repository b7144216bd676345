//! A ticket on paper (T-LST-09): properties and timeline as filtered, public only at first.

use domain::format;
use domain::lang::Lang;
use domain::views::{Moment, PrintView, Ref};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::icon::Icon;
use crate::components::sign::{priority_word, status_word};
use crate::layouts::answer::{Loading, refused};
use crate::t::history as h;
use crate::t::tickets as t;
use crate::tickets::server_fns::ticket_print;
use crate::tickets::widgets::address::{Address, use_address, use_number};
use crate::tickets::widgets::entry::{self, Place};
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::stream::items;
use crate::tickets::widgets::words;

/// Page `/tickets/:number/print`.
#[component]
pub fn PrintTicketPage() -> impl IntoView {
    let lang = use_lang();
    let (number, address, params) = (use_number(), use_address(), use_query_map());
    let private = Memo::new(move |_| params.with(|map| map.get_str("private") == Some("1")));
    let data = Resource::new_blocking(
        move || (number.get(), address.with(|address| address.query.clone()), private.get()),
        |(number, query, private)| ticket_print(number, query, private),
    );
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(print) => paper(lang, &print, &address.get_untracked()),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

/// The address of the page with the same filters.
fn page(number: i64, address: &Address, private: bool, cursor: &str) -> String {
    let plain = address.printed(number);
    let more = [(private, "private=1".to_owned()), (!cursor.is_empty(), ["cursor=", cursor].concat())];
    let more: Vec<String> = more.into_iter().filter(|(is_on, _)| *is_on).map(|(_, pair)| pair).collect();
    if more.is_empty() {
        return plain;
    }
    let sign = if plain.contains('?') { "&" } else { "?" };
    [plain.as_str(), sign, &more.join("&")].concat()
}

fn paper(lang: Lang, print: &PrintView, address: &Address) -> AnyView {
    let ticket = &print.ticket;
    let number = ticket.number;
    let title = format!("#{number} {}", ticket.title);
    let place = Place { lang, number, now: ticket.now.clone(), around: String::new(), over: ticket.status.is_over() };
    let items = items(&place, &print.timeline);
    // On paper nothing may seem whole that is not.
    let more = print.timeline.next_cursor.as_deref().map(|cursor| {
        view! {
            <p class="print-only">{h::print_more(lang)}</p>
            <p class="no-print"><a class="btn btn-sm" href=page(number, address, print.private, cursor)>{crate::t::common::next_page(lang)}</a></p>
        }
    });
    let (tools, facts) = (bar(lang, print, address), facts(lang, print));
    let description = entry::description(&place, ticket, None);
    let back = ticket.title.clone();
    view! {
        <PartPage
            number=number
            title=back
            name=h::print_ticket(lang, &number.to_string())
            heading=title
            width="page-mid print-page"
        >
            {tools}
            {facts}
            <ol class="timeline" aria-label=t::timeline(lang)>
                {description}
                {items}
            </ol>
            {more}
        </PartPage>
    }
    .into_any()
}

/// Above the paper: with or without private entries. Scripts show the button.
fn bar(lang: Lang, print: &PrintView, address: &Address) -> AnyView {
    let number = print.ticket.number;
    let chip = |private: bool, word: &'static str| {
        let current = (print.private == private).then_some("true");
        view! { <a class="chip" href=page(number, address, private, "") aria-current=current>{word}</a> }
    };
    view! {
        <p class="history-tools no-print">
            <button class="btn btn-primary btn-sm" r#type="button" data-print="" hidden=true><Icon name="printer"/>{h::print_now(lang)}</button>
            <span class="muted small">{h::print_hint(lang)}</span>
        </p>
        <nav class="filter-bar no-print" aria-label=h::who_reads(lang)>
            {chip(false, h::print_public(lang))}{chip(true, h::print_private(lang))}
        </nav>
    }
    .into_any()
}

/// The properties; those that only agents know, with private entries only.
fn facts(lang: Lang, print: &PrintView) -> AnyView {
    let ticket = &print.ticket;
    let name = |one: &Option<Ref>| one.as_ref().map(|one| one.name.clone()).unwrap_or_default();
    let at = |one: &Option<Moment>| one.as_ref().map(|at| format::date_time(at, lang)).unwrap_or_default();
    let for_agents = |value: String| if print.private { value } else { String::new() };
    let category = ticket.category_path.clone().unwrap_or_else(|| name(&ticket.category));
    let pending = ticket.pending.as_ref().map(|pending| {
        let reason = pending.reason.as_ref().map_or_else(|| pending.label.clone(), |reason| reason.name.clone());
        [Some(reason), pending.text.clone()].into_iter().flatten().collect::<Vec<_>>().join(": ")
    });
    let worked = ticket.worked.filter(|minutes| minutes.0 > 0).map(|minutes| format::duration(minutes, lang));
    let rows = [
        (words::field(lang, "status"), status_word(lang, ticket.status).to_owned()),
        (words::field(lang, "pending_reason"), pending.unwrap_or_default()),
        (words::field(lang, "type"), words::kind(lang, ticket.kind).to_owned()),
        (words::field(lang, "category"), category),
        (words::field(lang, "priority"), for_agents(priority_word(lang, ticket.priority).to_owned())),
        (words::field(lang, "urgency"), for_agents(priority_word(lang, ticket.urgency).to_owned())),
        (words::field(lang, "impact"), for_agents(words::impact(lang, ticket.impact).to_owned())),
        (words::field(lang, "requesters"), words::names(lang, &ticket.requesters)),
        (words::field(lang, "observers"), words::names(lang, &ticket.observers)),
        (words::field(lang, "assignees"), words::names(lang, &ticket.assignees)),
        (words::field(lang, "routing_group"), name(&ticket.routing_group)),
        (words::field(lang, "location"), name(&ticket.location)),
        (words::field(lang, "source"), name(&ticket.source)),
        (words::field(lang, "customer"), for_agents(name(&ticket.customer))),
        (words::field(lang, "entity"), for_agents(ticket.entity.name.clone())),
        (words::field(lang, "opened_at"), format::date_time(&ticket.opened_at, lang)),
        (t::taken_at(lang), at(&ticket.taken_at)),
        (words::field(lang, "due_own_at"), at(&ticket.due_own_at)),
        (words::field(lang, "due_resolve_at"), at(&ticket.due_resolve_at)),
        (t::solved_at(lang), at(&ticket.solved_at)),
        (t::closed_at(lang), at(&ticket.closed_at)),
        (t::cancelled_at(lang), at(&ticket.cancelled_at)),
        (words::field(lang, "minutes"), worked.unwrap_or_default()),
    ];
    let rows = rows
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> })
        .collect_view();
    view! { <dl class="props props-wide">{rows}</dl> }.into_any()
}

//! The head of a ticket: number and title, commands, the next step, and the five facts one acts on.

use domain::forms::Command;
use domain::lang::Lang;
use domain::ticket::Status;
use domain::views::{ActorKind, ActorView, PropertyView, TicketDetail};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::command_form::{CommandButton, RunAction, allowed, command_path, may, menu_item};
use super::words;
use crate::boot::use_lang;
use crate::components::icon::Icon;
use crate::components::person::{Avatar, AvatarSize};
use crate::components::sign::{PriorityBadge, StatusBadge, priority_word, status_word};
use crate::components::when::Deadline;
use crate::form_action::{FormAction, send};
use crate::t::common as c;
use crate::t::messages;
use crate::t::solutions;
use crate::t::tickets as t;
use crate::tickets::server_fns::UpdateTicket;

/// The action behind every property of the page.
pub(crate) type UpdateAction = FormAction<UpdateTicket>;

/// The whole head.
pub(crate) fn head(page: &PropertyView, run: RunAction, update: UpdateAction) -> AnyView {
    let ticket = &page.ticket;
    let number = format!("#{}", ticket.number);
    view! {
        <header class="ticket-head">
            <div class="ticket-line">
                {place_in_list()}
                <h1 class="ticket-title"><span class="ticket-number">{number}</span>" "{ticket.title.clone()}</h1>
                {actions(page, run)}
                {next_step(ticket, run)}
            </div>
            <div class="ticket-facts">
                {status(ticket, run)}
                {priority(ticket, update)}
                {deadline(ticket)}
                {people(ticket)}
            </div>
        </header>
    }
    .into_any()
}

/// Where the ticket stands in the list the reader came from, with the way to its neighbours: only the browser knows it, and
/// fills it in (`frontend/js/tickets`).
fn place_in_list() -> AnyView {
    let lang = use_lang();
    view! {
        <nav
            class="ticket-place"
            aria-label=t::place_in_list(lang)
            data-previous=t::previous_ticket(lang)
            data-next=t::next_ticket(lang)
        ></nav>
    }
    .into_any()
}

fn actions(page: &PropertyView, run: RunAction) -> AnyView {
    let lang = use_lang();
    let ticket = &page.ticket;
    let number = ticket.number;
    let note = ticket.actions.iter().any(|action| action == "occurrence").then(|| {
        view! {
            <a class="btn btn-ghost btn-sm" href=format!("/tickets/{number}/note") title=t::add_note(lang)>
                <Icon name="notebook-pen"/><span class="cmd-word">{t::add_note(lang)}</span>
            </a>
        }
    });
    let follow_up = can_follow_up(ticket).then(|| {
        let href = follow_up_path(number);
        view! { <li><a href=href><Icon name="ticket"/>{t::command_follow_up(lang)}</a></li> }.into_any()
    });
    let commands = allowed(ticket).into_iter().map(|command| menu_item(number, command, run));
    let items: Vec<AnyView> = follow_up.into_iter().chain(commands).collect();
    let more = (!items.is_empty()).then(|| {
        view! {
            <button class="btn btn-ghost btn-sm btn-icon" r#type="button" popovertarget="pop-more" aria-label=t::more_commands(lang) title=t::more(lang)>
                <Icon name="ellipsis"/>
            </button>
            <div id="pop-more" class="pop pop-end" popover="auto">
                <p class="menu-head">{t::ticket_number(lang, &number.to_string())}</p>
                <ul class="menu-list">{items}</ul>
            </div>
        }
    });
    view! {
        <div class="ticket-actions">
            {note}
            {message(lang, page)}
            {chat(lang, page)}
            // A page; with scripts it opens beside the ticket (`frontend/js/history`).
            <a
                class="btn btn-ghost btn-sm"
                href=format!("/tickets/{number}/history")
                title=t::history(lang)
                aria-keyshortcuts="H"
                data-drawer=t::history(lang)
                data-close=c::panel_close(lang)
                data-open=c::panel_open_page(lang)
                data-failed=c::panel_failed(lang)
            >
                <Icon name="history"/><span class="cmd-word">{t::history(lang)}</span>
            </a>
            {more}
        </div>
    }
    .into_any()
}

/// The way to the messages with the number of unread answers (T-MSG-01); it stays while there are some to read.
fn message(lang: Lang, page: &PropertyView) -> Option<AnyView> {
    let (number, unread) = (page.ticket.number, page.unread_messages);
    if unread == 0 && !page.ticket.actions.iter().any(|action| action == "message") {
        return None;
    }
    let words = if unread > 0 {
        messages::to_requester_unread(lang, i64::from(unread))
    } else {
        messages::to_requester(lang).to_owned()
    };
    Some(way(format!("/tickets/{number}/messages"), "message-square", messages::message(lang), words, unread))
}

/// The way to the chat with the number of unread lines (T-CHT-02), while it is switched on.
fn chat(lang: Lang, page: &PropertyView) -> Option<AnyView> {
    let (number, unread) = (page.ticket.number, page.chat?);
    let name = messages::chat(lang);
    let words = if unread > 0 { messages::chat_unread(lang, i64::from(unread)) } else { name.to_owned() };
    Some(way(format!("/tickets/{number}/chat"), "messages-square", name, words, unread))
}

/// A link to another page of the ticket, with how much of it waits to be read.
fn way(href: String, icon: &'static str, name: &'static str, words: String, unread: u32) -> AnyView {
    let count = (unread > 0).then(|| view! { <span class="count count-new">{unread.to_string()}</span> });
    view! {
        <a class="btn btn-ghost btn-sm" href=href aria-label=words.clone() title=words>
            <Icon name=icon/><span class="cmd-word">{name}</span>{count}
        </a>
    }
    .into_any()
}

/// The one filled button: what usually comes next, if the reader may do it.
fn next_step(ticket: &TicketDetail, run: RunAction) -> Option<AnyView> {
    let is_taken = matches!(ticket.status, Status::Assigned | Status::Planned);
    let takes_first = ticket.status == Status::New && may(ticket, Command::Take);
    if can_solve(ticket) && ticket.status.is_open() && (is_taken || (ticket.status == Status::New && !takes_first)) {
        let words = solutions::propose(use_lang());
        let link = view! { <a class="btn btn-primary btn-sm" href=solve_path(ticket.number)>{words}</a> };
        return Some(view! { <div class="ticket-next">{link}</div> }.into_any());
    }
    let wanted: &[Command] = match ticket.status {
        _ if ticket.deleted_at.is_some() => &[Command::Restore],
        Status::New | Status::Assigned | Status::Planned => &[Command::Take],
        Status::Pending => &[Command::Reactivate],
        Status::Solved => &[Command::Close, Command::Reopen],
        Status::Closed => &[Command::Reopen],
        Status::Cancelled => &[],
    };
    let lang = use_lang();
    let Some(command) = wanted.iter().copied().find(|command| may(ticket, *command)) else {
        return can_follow_up(ticket).then(|| {
            let href = follow_up_path(ticket.number);
            view! { <div class="ticket-next"><a class="btn btn-primary btn-sm" href=href>{t::command_follow_up(lang)}</a></div> }
                .into_any()
        });
    };
    let step = if words::is_direct(command) {
        view! { <CommandButton command=command number=ticket.number run=run class="btn btn-primary btn-sm"/> }
            .into_any()
    } else {
        let href = command_path(ticket.number, command);
        view! { <a class="btn btn-primary btn-sm" href=href>{words::command(lang, command)}</a> }.into_any()
    };
    Some(view! { <div class="ticket-next">{step}</div> }.into_any())
}

/// Whether the reader may propose a solution now; its form is a page of its own.
fn can_solve(ticket: &TicketDetail) -> bool {
    ticket.actions.iter().any(|action| action == "solve")
}

/// Whether the reader may go on with a ticket that is over in a new one (T-STA-30).
pub(crate) fn can_follow_up(ticket: &TicketDetail) -> bool {
    ticket.actions.iter().any(|action| action == "follow-up")
}

/// The form of a ticket that follows another one.
pub(crate) fn follow_up_path(number: i64) -> String {
    format!("/tickets/new?follow_up_of={number}")
}

fn solve_path(number: i64) -> String {
    format!("/tickets/{number}/solve")
}

/// The status lists the moves that are possible now.
fn status(ticket: &TicketDetail, run: RunAction) -> AnyView {
    const MOVES: [Command; 5] =
        [Command::Suspend, Command::Reactivate, Command::Close, Command::Reopen, Command::Cancel];
    let lang = use_lang();
    let solve = can_solve(ticket).then(|| {
        let href = solve_path(ticket.number);
        view! { <li><a href=href><Icon name="lightbulb"/>{solutions::propose(lang)}</a></li> }.into_any()
    });
    let moves = MOVES.into_iter().filter(|command| may(ticket, *command));
    let items: Vec<AnyView> =
        solve.into_iter().chain(moves.map(|command| menu_item(ticket.number, command, run))).collect();
    let badge = view! { <StatusBadge status=ticket.status/> };
    if items.is_empty() {
        return view! { <span class="fact status" data-status=ticket.status.as_str()>{badge}</span> }.into_any();
    }
    let label = t::status_change(lang, status_word(lang, ticket.status));
    view! {
        <button class="fact status" data-status=ticket.status.as_str() r#type="button" popovertarget="pop-status" aria-label=label>
            {badge}<Icon name="chevron-down"/>
        </button>
        <div id="pop-status" class="pop" popover="auto"><ul class="menu-list">{items}</ul></div>
    }
    .into_any()
}

fn priority(ticket: &TicketDetail, update: UpdateAction) -> AnyView {
    let lang = use_lang();
    let badge = view! { <PriorityBadge level=ticket.priority/> };
    if !ticket.actions.iter().any(|action| action == "change-priority") {
        return view! { <span class="fact fact-plain">{badge}</span> }.into_any();
    }
    let label = t::priority_change(lang, priority_word(lang, ticket.priority));
    let levels = (1..=6_u8).rev().map(|level| {
        let current = (level == ticket.priority).then_some("true");
        view! {
            <li><button r#type="submit" name="form[value]" value=level.to_string() aria-current=current><PriorityBadge level=level/></button></li>
        }
    });
    let levels = levels.collect_view();
    view! {
        <button class="fact" r#type="button" popovertarget="pop-priority" aria-label=label>{badge}<Icon name="chevron-down"/></button>
        <div id="pop-priority" class="pop" popover="auto">
            <form method="post" action=UpdateTicket::url() on:submit=send(update)>
                <input r#type="hidden" name="form[number]" value=ticket.number.to_string()/>
                <input r#type="hidden" name="form[version]" value=ticket.version.to_string()/>
                <input r#type="hidden" name="form[field]" value="priority"/>
                <ul class="menu-list">{levels}</ul>
            </form>
        </div>
    }
    .into_any()
}

/// The next deadline: until somebody takes the ticket that to own, then that to resolve.
fn deadline(ticket: &TicketDetail) -> Option<AnyView> {
    let own_first = ticket.taken_at.is_none() && ticket.due_own_at.is_some();
    let (state, due) = if own_first {
        (ticket.due_own_state.clone(), ticket.due_own_at.clone())
    } else {
        (ticket.due_resolve_state.clone(), ticket.due_resolve_at.clone())
    };
    due.as_ref()?;
    let left = ticket.due_resolve_left.filter(|_| !own_first);
    let deadline = view! { <Deadline state=state due=due now=ticket.now.clone() own=own_first left=left/> };
    Some(view! { <span class="fact fact-plain">{deadline}</span> }.into_any())
}

fn people(ticket: &TicketDetail) -> AnyView {
    let lang = use_lang();
    let (groups, persons): (Vec<&ActorView>, Vec<&ActorView>) =
        ticket.assignees.iter().partition(|actor| actor.kind == ActorKind::Group);
    let who = persons.iter().map(|actor| words::name(lang, actor)).collect::<Vec<_>>().join(", ");
    let group = groups.iter().map(|actor| actor.name.clone()).collect::<Vec<_>>();
    let group = if group.is_empty() {
        ticket.routing_group.as_ref().map(|group| group.name.clone())
    } else {
        Some(group.join(", "))
    };
    let path = may(ticket, Command::Assign).then(|| command_path(ticket.number, Command::Assign));
    let avatar = match persons.first() {
        Some(actor) => view! { <Avatar name=actor.name.clone() team=true size=AvatarSize::Small/> }.into_any(),
        None => view! { <Icon name="circle-user"/> }.into_any(),
    };
    let name = if who.is_empty() { t::unassigned(lang).to_owned() } else { who };
    let person = fact(lang, path.clone(), t::assigned_to(lang, &name), "fact", view! { {avatar}{name} }.into_any());
    let group = group.map(|name| {
        let label = t::group_is(lang, &name);
        fact(lang, path, label, "fact phone-hide", view! { <Icon name="users"/>{name} }.into_any())
    });
    view! { {person}{group} }.into_any()
}

/// A fact that leads to where it is changed, or only tells.
fn fact(lang: Lang, path: Option<String>, label: String, class: &'static str, content: AnyView) -> AnyView {
    match path {
        Some(path) => {
            let label = t::fact_change(lang, &label);
            view! { <a class=class href=path aria-label=label>{content}<Icon name="chevron-down"/></a> }.into_any()
        }
        None => view! { <span class=format!("{class} fact-plain") title=label>{content}</span> }.into_any(),
    }
}

//! The side of a ticket: the person it is about, properties, deadlines, time spent.

use domain::forms::Command;
use domain::lang::Lang;
use domain::views::{Moment, PersonCard, PropertyView, TicketDetail};
use leptos::prelude::*;
use leptos_router::location::Url;

use super::command_form::{command_path, may};
use super::header::UpdateAction;
use super::properties::{plain, properties};
use super::words;
use crate::boot::use_lang;
use crate::components::icon::Icon;
use crate::components::person::{Avatar, AvatarSize};
use crate::components::when::{Deadline, Duration, Time};
use crate::t::tickets as t;

/// The whole side.
pub(crate) fn side(page: &PropertyView, update: UpdateAction) -> AnyView {
    let lang = use_lang();
    view! {
        <aside class="ticket-side" aria-label=t::properties(lang)>
            {page.person.as_ref().map(|person| person_card(lang, person))}
            {pending(lang, &page.ticket)}
            <section class="side-section" aria-labelledby="side-properties">
                <h2 class="side-title" id="side-properties">{t::properties(lang)}</h2>
                {properties(lang, page, update)}
            </section>
            {deadlines(lang, &page.ticket)}
            {worked(lang, &page.ticket)}
        </aside>
    }
    .into_any()
}

fn person_card(lang: Lang, person: &PersonCard) -> AnyView {
    let name = words::name(lang, &person.actor);
    let role = match &person.entity {
        Some(entity) => t::requester_of(lang, entity),
        None => t::field_requester(lang).to_owned(),
    };
    let phone = person.phone.as_ref().map(|phone| {
        let words = match &person.extension {
            Some(extension) => t::phone_extension(lang, extension, phone),
            None => phone.clone(),
        };
        view! { <li><Icon name="phone" small=true/><a href=format!("tel:{phone}")>{words}</a></li> }
    });
    let email = person.actor.email.as_ref().map(|email| {
        view! { <li><Icon name="mail" small=true/><a href=format!("mailto:{email}")>{email.clone()}</a></li> }
    });
    let others = (person.other_open > 0).then(|| {
        let href = format!("/tickets?status=open&text={}", Url::escape(&person.actor.name));
        view! { <li><Icon name="ticket" small=true/><a href=href>{t::other_open(lang, i64::from(person.other_open))}</a></li> }
    });
    view! {
        <section class="side-section" aria-label=t::field_requester(lang)>
            <div class="person-card">
                <Avatar name=name.clone() size=AvatarSize::Large/>
                <span class="person-name">{name.clone()}</span>
                <span class="meta">{role}</span>
                <ul class="person-lines">{phone}{email}{others}</ul>
            </div>
        </section>
    }
    .into_any()
}

fn pending(lang: Lang, ticket: &TicketDetail) -> Option<AnyView> {
    let pending = ticket.pending.as_ref()?;
    let reason = pending.reason.as_ref().map_or_else(|| pending.label.clone(), |reason| reason.name.clone());
    let text = pending.text.clone().map(|text| plain(t::pending_text(lang), text));
    let since = pending.since.as_ref().map(|since| moment(t::pending_since(lang), since, &ticket.now));
    Some(
        view! {
            <section class="side-section">
                <h2 class="side-title">{t::pending_title(lang)}</h2>
                <dl class="props">{plain(t::field_pending_reason(lang), reason)}{text}{since}</dl>
            </section>
        }
        .into_any(),
    )
}

fn moment(label: &'static str, at: &Moment, now: &Moment) -> AnyView {
    view! { <dt>{label}</dt><dd><Time moment=at.clone() now=Some(now.clone())/></dd> }.into_any()
}

fn deadlines(lang: Lang, ticket: &TicketDetail) -> AnyView {
    let due = |label: &'static str, at: &Option<Moment>, state: &str, own: bool| {
        at.clone().map(|at| {
            let state = state.to_owned();
            let left = ticket.due_resolve_left.filter(|_| !own);
            let deadline =
                view! { <Deadline state=state due=Some(at.clone()) now=ticket.now.clone() own=own left=left/> };
            view! {
                <dt>{label}</dt>
                <dd><Time moment=at now=Some(ticket.now.clone())/>" "{deadline}</dd>
            }
        })
    };
    let past = |label: &'static str, at: &Option<Moment>| at.as_ref().map(|at| moment(label, at, &ticket.now));
    let change = may(ticket, Command::ChangeSla).then(|| {
        let href = command_path(ticket.number, Command::ChangeSla);
        view! { <p class="meta"><a class="link" href=href>{words::command(lang, Command::ChangeSla)}</a></p> }
    });
    view! {
        <section class="side-section">
            <h2 class="side-title">{t::deadlines(lang)}</h2>
            <dl class="props">
                {moment(t::field_opened_at(lang), &ticket.opened_at, &ticket.now)}
                {past(t::taken_at(lang), &ticket.taken_at)}
                {due(t::field_due_own_at(lang), &ticket.due_own_at, &ticket.due_own_state, true)}
                {due(t::field_due_resolve_at(lang), &ticket.due_resolve_at, &ticket.due_resolve_state, false)}
                {past(t::solved_at(lang), &ticket.solved_at)}
                {past(t::closes_at(lang), &ticket.close_due_at)}
                {past(t::closed_at(lang), &ticket.closed_at)}
                {past(t::cancelled_at(lang), &ticket.cancelled_at)}
            </dl>
            {change}
        </section>
    }
    .into_any()
}

fn worked(lang: Lang, ticket: &TicketDetail) -> Option<AnyView> {
    let minutes = ticket.worked.filter(|minutes| minutes.0 > 0)?;
    Some(
        view! {
            <section class="side-section">
                <h2 class="side-title">{t::field_minutes(lang)}<span class="muted"><Duration minutes=minutes/></span></h2>
            </section>
        }
        .into_any(),
    )
}

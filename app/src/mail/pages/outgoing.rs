//! Outgoing mail: how many are in which state, what waits, what failed, and what can be done about it (M-DLV-09).

use domain::error::AppError;
use domain::format;
use domain::lang::Lang;
use domain::mail::MailState;
use domain::notification::Event;
use domain::views::{Moment, OutgoingMail, OutgoingQuery, OutgoingView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::empty::EmptyState;
use crate::components::field::TextField;
use crate::components::icon::Icon;
use crate::components::mail_sign::{answer_words, state_sign};
use crate::components::page_title::PageTitle;
use crate::components::pagination::Pagination;
use crate::components::when::Time;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::mail::address;
use crate::mail::server_fns::{GiveMailUp, SendOutgoingAgain, outgoing_mail};
use crate::message;
use crate::notifications::words as told;
use crate::t::mail as t;

/// Page `/settings/mail`.
#[component]
pub fn OutgoingPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let question = Memo::new(move |_| query.with(address::read));
    let data = Resource::new_blocking(move || question.get(), outgoing_mail);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => outgoing(lang, &page, &question.get_untracked()),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

fn outgoing(lang: Lang, page: &OutgoingView, query: &OutgoingQuery) -> AnyView {
    let now = &page.page.now;
    let failing = page.failing.as_ref().map(|(since, answer)| {
        let words = t::failing(lang, &format::smart(since, now, lang));
        view! {
            <Banner tone=Tone::Warning text=words/>
            <p><code class="mail-said">{answer.clone()}</code></p>
        }
    });
    let oldest = page.oldest_queued.clone().map(|since| {
        view! { <p class="small muted">{t::oldest(lang)}" "<Time moment=since now=Some(now.clone())/></p> }
    });
    let list = if page.page.items.is_empty() {
        view! { <EmptyState icon="mail" title=t::none(lang) text=t::none_hint(lang)/> }.into_any()
    } else {
        let back = address::list(query);
        let rows = page.page.items.iter().map(|mail| line(lang, mail, now, &back)).collect_view();
        view! { <ul class="outgoing">{rows}</ul> }.into_any()
    };
    let at = |cursor: &str| address::list(&OutgoingQuery { cursor: cursor.to_owned(), ..query.clone() });
    let next = page.page.next_cursor.as_deref().map(at);
    let first = (!query.cursor.is_empty()).then(|| at(""));
    let (states, find) = (states(lang, page, query), find(lang, query));
    view! {
        <PageTitle text=t::title(lang)/>
        <AgentLayout>
            <div class="page page-mid">
                <p class="small">
                    <a class="back-link quiet-link muted" href="/settings"><Icon name="arrow-left"/>{crate::t::shell::settings(lang)}</a>
                </p>
                <div class="page-head"><h1>{t::title(lang)}</h1></div>
                {refusal(lang)}
                {failing}
                {states}
                {find}
                {oldest}
                {list}
                <Pagination first=first next=next/>
            </div>
        </AgentLayout>
    }
    .into_any()
}

/// Why something that was asked for did not happen.
fn refusal(lang: Lang) -> AnyView {
    let (again, up) = (refusal_of(form_action::<SendOutgoingAgain>()), refusal_of(form_action::<GiveMailUp>()));
    let words = move || {
        let error: Option<AppError> = again.get().or_else(|| up.get());
        error.map(|error| {
            let of_mail = message::field_sentence(lang, &message::fields(Some(&error)), "mail");
            let words = of_mail.unwrap_or_else(|| message::sentence(lang, &error));
            view! { <Banner tone=Tone::Error text=words/> }
        })
    };
    words.into_any()
}

/// How many are in each state; each leads to its mails.
fn states(lang: Lang, page: &OutgoingView, query: &OutgoingQuery) -> AnyView {
    let to = |state: &str| {
        let wanted = OutgoingQuery { state: state.to_owned(), cursor: String::new(), ..query.clone() };
        (address::list(&wanted), (query.state == state).then_some("page"))
    };
    let (all, is_all) = to("");
    let links = page
        .counts
        .iter()
        .map(|(state, count)| {
            let (href, current) = to(state.as_str());
            let number = format::count_capped(i64::from(count.value), count.exact, lang);
            view! {
                <a href=href aria-current=current>
                    {tab(lang, *state)}" "<span class="count">{number}</span>
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="admin-tabs" aria-label=t::states(lang)>
            <a href=all aria-current=is_all>{t::all(lang)}</a>
            {links}
        </nav>
    }
    .into_any()
}

/// A state as the name of a tab: of many mails, and not within a sentence.
fn tab(lang: Lang, state: MailState) -> &'static str {
    match state {
        MailState::Queued => t::tab_queued(lang),
        MailState::Sent => t::tab_sent(lang),
        MailState::Failed => t::tab_failed(lang),
        MailState::Bounced => t::tab_bounced(lang),
    }
}

fn find(lang: Lang, query: &OutgoingQuery) -> AnyView {
    let state =
        (!query.state.is_empty()).then(|| view! { <input r#type="hidden" name="state" value=query.state.clone()/> });
    view! {
        <form class="filter-bar" role="search" method="get" action=address::OUTGOING aria-label=t::find(lang)>
            {state}
            <TextField name="ticket" label=t::ticket(lang) value=query.ticket.clone() maxlength=20/>
            <TextField name="address" label=t::address(lang) kind="search" value=query.address.clone() maxlength=254/>
            <button class="btn btn-sm" r#type="submit"><Icon name="search"/>{crate::t::common::show(lang)}</button>
        </form>
    }
    .into_any()
}

/// One mail: state, ticket, recipient, which mail it is, when, what the server said, what can be done.
fn line(lang: Lang, mail: &OutgoingMail, now: &Moment, back: &str) -> AnyView {
    let ticket = mail.ticket.map(|number| {
        let number = number.to_string();
        let href = ["/tickets/", number.as_str()].concat();
        view! { <a class="link" href=href>"#"{number}</a> }
    });
    let address = (!mail.to.is_empty() && mail.to != mail.name)
        .then(|| view! { <span class="outgoing-address">{mail.to.clone()}</span> });
    let answer = mail
        .answer
        .as_deref()
        .map(|answer| view! { <span class="outgoing-answer">{answer_words(lang, answer)}</span> });
    let tries = (mail.tries > 1).then(|| view! { <span>{t::tries(lang, i64::from(mail.tries))}</span> });
    let next = mail.next_try_at.as_ref().map(|at| {
        view! { <span>{crate::t::tickets::mail_next_try(lang, &format::smart(at, now, lang))}</span> }
    });
    // A mail that waits was not touched yet: its time is that of the queue.
    let at = if mail.state == MailState::Queued { mail.queued_at.clone() } else { mail.at.clone() };
    view! {
        <li>
            <div class="outgoing-head">
                {state_sign(lang, mail.state)}
                {ticket}
                <b class="outgoing-name">{mail.name.clone()}</b>
                {address}
            </div>
            <div class="outgoing-about">
                <span>{kind(lang, &mail.kind, mail.event)}</span>
                <Time moment=at now=Some(now.clone())/>
                {tries}
                {next}
                {answer}
            </div>
            {commands(lang, mail, back)}
        </li>
    }
    .into_any()
}

fn commands(lang: Lang, mail: &OutgoingMail, back: &str) -> AnyView {
    let form = |action: &'static str, key: &str, icon: &'static str, word: &'static str, label: String| {
        let key = [key, "-", &mail.id.to_string()].concat();
        view! {
            <form method="post" action=action>
                <input r#type="hidden" name="form[mail]" value=mail.id.to_string()/>
                <input r#type="hidden" name="form[key]" value=key/>
                <input r#type="hidden" name="form[back]" value=back.to_owned()/>
                <button class="btn btn-ghost btn-xs" r#type="submit" aria-label=label><Icon name=icon small=true/>{word}</button>
            </form>
        }
    };
    let again = mail.can_send_again.then(|| {
        form(SendOutgoingAgain::url(), "outgoing", "send", t::send_again(lang), t::send_again_to(lang, &mail.name))
    });
    let up = mail
        .can_give_up
        .then(|| form(GiveMailUp::url(), "give-up", "circle-slash", t::give_up(lang), t::give_up_to(lang, &mail.name)));
    view! { <div class="outgoing-do">{again}{up}</div> }.into_any()
}

/// Which mail it is.
fn kind(lang: Lang, kind: &str, event: Option<Event>) -> String {
    match (kind, event) {
        ("requester", _) => t::kind_requester(lang).to_owned(),
        ("observer", _) => t::kind_observer(lang).to_owned(),
        ("responsible", _) => t::kind_responsible(lang).to_owned(),
        ("message", _) => t::kind_message(lang).to_owned(),
        ("chat_requester", _) => t::kind_chat_requester(lang).to_owned(),
        ("chat_team", _) => t::kind_chat_team(lang).to_owned(),
        ("receipt", _) => t::kind_receipt(lang).to_owned(),
        ("reminder", _) => t::kind_reminder(lang).to_owned(),
        ("solved", _) => t::kind_solved(lang).to_owned(),
        ("survey", _) => t::kind_survey(lang).to_owned(),
        ("invitation", _) => t::kind_invitation(lang).to_owned(),
        (_, Some(event)) => t::kind_notice(lang, told::event(lang, event)),
        (other, None) => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m_dlv_09_tabs_are_words_of_their_own_in_every_language() {
        for lang in Lang::ALL {
            let tabs = MailState::ALL.map(|state| tab(lang, state));
            let named = std::iter::once(t::all(lang)).chain(tabs);
            assert!(
                named.clone().all(|name| name.chars().next().is_some_and(char::is_uppercase)),
                "{lang:?}: {tabs:?}"
            );
            let unlike: std::collections::BTreeSet<&str> = named.collect();
            assert_eq!(unlike.len(), MailState::ALL.len() + 1, "{lang:?}: {unlike:?}");
        }
    }
}

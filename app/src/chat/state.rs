//! Who is here, who is writing, who is away, and whether a chat is going on (T-CHT-02, P-CHT-02). Never announced: what is said
//! matters, not that somebody is about to.

use domain::format;
use domain::lang::Lang;
use domain::ticket::Side;
use domain::views::{ChatPerson, ChatView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::server_fns::EndChat;
use crate::components::icon::Icon;
use crate::t::chat as t;

/// The line above the chat. `from` names the page that ending it returns to.
pub(crate) fn state(lang: Lang, page: &ChatView, from: &'static str) -> AnyView {
    let going = match &page.started_at {
        Some(at) => t::running_since(lang, &format::smart(at, &page.now, lang)),
        None => t::not_running(lang).to_owned(),
    };
    let end = (page.is_running && page.off.is_none()).then(|| {
        view! {
            <form method="post" action=EndChat::url()>
                <input r#type="hidden" name="form[ticket]" value=page.number.to_string()/>
                <input r#type="hidden" name="form[key]" value=["end-", &page.key].concat()/>
                <input r#type="hidden" name="form[from]" value=from/>
                <button class="btn btn-sm" r#type="submit">{t::end(lang)}</button>
            </form>
        }
    });
    let people = page.people.iter().map(|person| sign(lang, person)).collect_view();
    view! {
        <div class="chat-state" data-chat-state="">
            <ul class="chat-people">{people}{nobody(lang, page)}</ul>
            <p class="muted small">{going}</p>
            {end}
        </div>
    }
    .into_any()
}

fn sign(lang: Lang, person: &ChatPerson) -> AnyView {
    if person.no_mail {
        let words = t::gets_no_mail(lang, &person.name);
        return view! { <li class="muted"><Icon name="mail-x"/>{words}</li> }.into_any();
    }
    let (here, writes) = (t::is_here(lang, &person.name), t::is_writing(lang, &person.name));
    let (writes_now, rests) = (person.typing, !person.typing);
    view! {
        <li data-person=person.key.clone()>
            <Icon name="circle-user"/>
            <span data-here="" hidden=writes_now>{here}</span>
            <span data-writes="" hidden=rests>{writes}</span>
        </li>
    }
    .into_any()
}

/// That nobody of the other side is here.
fn nobody(lang: Lang, page: &ChatView) -> Option<AnyView> {
    let other = if page.is_requester { Side::Service } else { Side::Requester };
    let is_here = page.people.iter().any(|person| person.online && person.side == other);
    let words = if page.is_requester { t::nobody_of_team(lang) } else { t::nobody_of_requester(lang) };
    (!is_here).then(|| view! { <li class="muted"><Icon name="clock"/>{words}</li> }.into_any())
}

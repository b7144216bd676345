//! The messages of a ticket for its agents: what was written, who has read it, and the form to the requesters (T-MSG).

use domain::error::AppError;
use domain::lang::Lang;
use domain::views::{MailOffer, MessagesView};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::field::FieldError;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::messages::around::{Address, Refusals, banner, ends};
use crate::messages::bubbles::bubbles;
use crate::messages::form::{Writing, form, no_form};
use crate::messages::server_fns::{SendMessage, WithdrawMessage, ticket_messages};
use crate::t::messages as t;
use crate::t::tickets;
use crate::tickets::widgets::address::use_number;
use crate::tickets::widgets::entry::Place;
use crate::tickets::widgets::mails::{mails_of_message, people};
use crate::tickets::widgets::parts::PartPage;

/// Page `/tickets/:number/messages`.
#[component]
pub fn TicketMessagesPage() -> impl IntoView {
    let (number, params) = (use_number(), use_query_map());
    let address = Memo::new(move |_| params.with(Address::read));
    let data = Resource::new_blocking(
        move || (number.get(), address.with(|address| address.cursor.clone())),
        |(number, cursor)| ticket_messages(number, cursor),
    );
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Messages page=page address=address.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn Messages(page: MessagesView, address: Address) -> impl IntoView {
    let lang = use_lang();
    let number = page.number;
    let refusals = Refusals {
        sending: refusal_of(form_action::<SendMessage>()),
        withdrawing: refusal_of(form_action::<WithdrawMessage>()),
    };
    let (earlier, latest) = ends(lang, &page, &address, &format!("/tickets/{number}/messages"));
    let place = Place { lang, number, now: page.now.clone(), around: String::new(), over: false };
    let list = bubbles(lang, &page, "ticket", |message| mails_of_message(&place, message));
    view! {
        <PartPage
            number=number
            title=page.title.clone()
            name=t::title_of(lang, &number.to_string())
            heading=t::messages(lang)
            width="page-narrow"
        >
            {banner(lang, &address, refusals)}
            {earlier}
            {list}
            {latest}
            {writing(lang, &page, refusals.sending)}
        </PartPage>
    }
}

/// The form, or why there is none.
fn writing(lang: Lang, page: &MessagesView, refusal: Memo<Option<AppError>>) -> AnyView {
    if let Some(off) = page.off {
        return no_form(lang, off, page.draft.as_ref());
    }
    let needs_mail = page.needs_mail.then(|| view! { <Banner tone=Tone::Warning text=t::needs_mail(lang)/> });
    let is_ticked = page.draft.as_ref().is_some_and(|draft| draft.text("send_mail") == "true");
    let mail = page.mail.as_ref().map(|offer| tick(lang, offer, is_ticked, refusal));
    let writing = Writing {
        number: page.number,
        key: &page.key,
        from: "ticket",
        to_team: page.is_requester,
        draft: page.draft.as_ref(),
        refusal: refusal.into(),
    };
    view! { {needs_mail}{form(lang, &writing, mail)} }.into_any()
}

/// "Send by email" with who gets one. A message is public as it is: the tick changes nothing else.
fn tick(lang: Lang, offer: &MailOffer, is_ticked: bool, refusal: Memo<Option<AppError>>) -> AnyView {
    let error = Signal::derive(move || {
        refusal.with(|error| message::field_sentence(lang, &message::fields(error.as_ref()), "send_mail"))
    });
    view! {
        <div class="mail-offer">
            <label class="check-row">
                <input
                    class="checkbox checkbox-primary"
                    r#type="checkbox"
                    id="form-send_mail"
                    name="form[send_mail]"
                    value="true"
                    checked=is_ticked && offer.reason.is_none()
                    disabled=offer.reason.is_some()
                    aria-describedby="mail-about form-send_mail-error"
                />
                <span>{tickets::send_by_mail(lang)}</span>
            </label>
            <div class="mail-about" id="mail-about">{people(lang, offer)}</div>
            <FieldError id="form-send_mail-error" error=error/>
        </div>
    }
    .into_any()
}

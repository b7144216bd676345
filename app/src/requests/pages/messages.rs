//! The messages of a request: those of the team, one's own, and the form to the team (P-MSG).

use domain::error::AppError;
use domain::lang::Lang;
use domain::views::MessagesView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::portal::PortalLayout;
use crate::messages::around::{Address, Refusals, banner, ends};
use crate::messages::bubbles::bubbles;
use crate::messages::form::{Writing, form, no_form};
use crate::messages::server_fns::{SendMessage, WithdrawMessage, request_messages};
use crate::requests::widgets::frame::{part_head, refused, use_number};
use crate::t::messages as t;

/// The page `/requests/{number}/messages`.
#[component]
pub fn RequestMessagesPage() -> impl IntoView {
    let lang = use_lang();
    let (number, params) = (use_number(), use_query_map());
    let address = Memo::new(move |_| params.with(Address::read));
    let refusals = Refusals {
        sending: refusal_of(form_action::<SendMessage>()),
        withdrawing: refusal_of(form_action::<WithdrawMessage>()),
    };
    let found = Resource::new_blocking(
        move || (number.get(), address.with(|address| address.cursor.clone())),
        |(number, cursor)| request_messages(number, cursor),
    );
    view! {
        <PortalLayout>
            <Transition>
                {move || {
                    let address = address.get();
                    Suspend::new(async move {
                        match found.await {
                            Ok(page) => content(lang, &page, &address, refusals),
                            Err(refusal) => refused(lang, &refusal),
                        }
                    })
                }}
            </Transition>
        </PortalLayout>
    }
    .into_any()
}

fn content(lang: Lang, page: &MessagesView, address: &Address, refusals: Refusals) -> AnyView {
    let number = page.number;
    let (earlier, latest) = ends(lang, page, address, &format!("/requests/{number}/messages"));
    view! {
        {part_head(lang, number, &page.title, t::title_of(lang, &number.to_string()), t::messages(lang))}
        {banner(lang, address, refusals)}
        {earlier}
        {bubbles(lang, page, "request", |_message| None)}
        {latest}
        {writing(lang, page, refusals.sending)}
    }
    .into_any()
}

/// The form, or why there is none.
fn writing(lang: Lang, page: &MessagesView, refusal: Memo<Option<AppError>>) -> AnyView {
    if let Some(off) = page.off {
        return no_form(lang, off, page.draft.as_ref());
    }
    let writing = Writing {
        number: page.number,
        key: &page.key,
        from: "request",
        to_team: true,
        draft: page.draft.as_ref(),
        refusal: refusal.into(),
    };
    form(lang, &writing, None)
}

//! The chat of a request with the team (P-CHT).

use domain::lang::Lang;
use domain::views::ChatView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::chat::server_fns::request_chat;
use crate::chat::talk::{Address, Refusals, talk};
use crate::layouts::portal::PortalLayout;
use crate::requests::widgets::frame::{part_head, refused, use_number};
use crate::t::{chat as t, messages};

/// The page `/requests/{number}/chat`.
#[component]
pub fn RequestChatPage() -> impl IntoView {
    let lang = use_lang();
    let (number, params) = (use_number(), use_query_map());
    let address = Memo::new(move |_| params.with(Address::read));
    let refusals = Refusals::read();
    let found = Resource::new_blocking(
        move || (number.get(), address.get()),
        |(number, address)| request_chat(number, address.cursor, address.after),
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

fn content(lang: Lang, page: &ChatView, address: &Address, refusals: Refusals) -> AnyView {
    let number = page.number;
    view! {
        {part_head(lang, number, &page.title, t::title_of(lang, &number.to_string()), messages::chat(lang))}
        {talk(lang, page, address, refusals, "request")}
    }
    .into_any()
}

//! The chat of a ticket for its agents (T-CHT).

use domain::views::ChatView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::chat::server_fns::ticket_chat;
use crate::chat::talk::{Address, Refusals, talk};
use crate::layouts::answer::{Loading, refused};
use crate::t::{chat as t, messages};
use crate::tickets::widgets::address::use_number;
use crate::tickets::widgets::parts::PartPage;

/// Page `/tickets/:number/chat`.
#[component]
pub fn TicketChatPage() -> impl IntoView {
    let (number, params) = (use_number(), use_query_map());
    let address = Memo::new(move |_| params.with(Address::read));
    let data = Resource::new_blocking(
        move || (number.get(), address.get()),
        |(number, address)| ticket_chat(number, address.cursor, address.after),
    );
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Chat page=page address=address.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn Chat(page: ChatView, address: Address) -> impl IntoView {
    let lang = use_lang();
    let number = page.number;
    let content = talk(lang, &page, &address, Refusals::read(), "ticket");
    let tools = view! { <a class="btn btn-ghost btn-sm" href="/chat">{t::all_chats(lang)}</a> }.into_any();
    view! {
        <PartPage
            number=number
            title=page.title.clone()
            name=t::title_of(lang, &number.to_string())
            heading=messages::chat(lang)
            tools=tools
            width="page-narrow"
        >
            {content}
        </PartPage>
    }
}

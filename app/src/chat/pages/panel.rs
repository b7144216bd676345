//! The agents' panel of chats: who waits, and what one is talking about (T-CHT-04).

use domain::format;
use domain::lang::Lang;
use domain::views::{ChatPanelView, ChatRow, Moment};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::chat::server_fns::{TakeChat, chat_panel};
use crate::components::banner::{Banner, Tone};
use crate::components::empty::EmptyState;
use crate::components::field::TextField;
use crate::components::icon::Icon;
use crate::components::page_title::PageTitle;
use crate::form_action::{form_action, refusal_of};
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::chat as t;
use crate::t::messages;

/// Page `/chat`.
#[component]
pub fn ChatPanelPage() -> impl IntoView {
    let params = use_query_map();
    let number = Memo::new(move |_| params.with(|map| map.get("number").unwrap_or_default()));
    let data = Resource::new_blocking(move || number.get(), chat_panel);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(panel) => view! { <Panel panel=panel number=number.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn Panel(panel: ChatPanelView, number: String) -> impl IntoView {
    let lang = use_lang();
    let taking = refusal_of(form_action::<TakeChat>());
    let wrong = panel.is_wrong.then(|| t::wrong_number(lang).to_owned());
    let wrong = Signal::derive(move || wrong.clone());
    let refusal =
        taking.get_untracked().map(|error| view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> });
    let parts = if panel.is_on {
        view! {
            <div class="stack" data-chat-panel="">
                {part(lang, "chat-queue", t::queue(lang), t::queue_empty(lang), &panel.queue, &panel.now, true)}
                {part(lang, "chat-mine", t::mine(lang), t::mine_empty(lang), &panel.mine, &panel.now, false)}
            </div>
        }
        .into_any()
    } else {
        view! { <EmptyState icon="message-square" title=t::panel_off(lang)/> }.into_any()
    };
    let is_narrow = !number.is_empty();
    let clear = is_narrow
        .then(|| view! { <a class="btn btn-ghost btn-sm" href="/chat">{crate::t::common::clear_filters(lang)}</a> });
    view! {
        <PageTitle text=messages::chat(lang)/>
        <AgentLayout>
            <div class="page page-mid">
                <div class="page-head"><h1>{messages::chat(lang)}</h1></div>
                {refusal}
                <form class="filter-bar" role="search" method="get" action="/chat" aria-label=t::find(lang)>
                    <TextField name="number" id="chat-number" label=t::find_number(lang) kind="search" value=number maxlength=20 error=wrong/>
                    <button class="btn btn-sm" r#type="submit"><Icon name="search"/>{t::find(lang)}</button>
                    {clear}
                </form>
                {parts}
            </div>
        </AgentLayout>
    }
}

fn part(
    lang: Lang,
    id: &'static str,
    title: &'static str,
    empty: &'static str,
    rows: &[ChatRow],
    now: &Moment,
    takes: bool,
) -> AnyView {
    let content = if rows.is_empty() {
        view! { <p class="muted">{empty}</p> }.into_any()
    } else {
        let rows = rows.iter().map(|row| line(lang, row, now, takes)).collect_view();
        view! { <ul class="chat-rows">{rows}</ul> }.into_any()
    };
    let count = rows.len().to_string();
    view! {
        <section class="card" aria-labelledby=id>
            <h2 class="card-title" id=id>{title}" "<span class="count">{count}</span></h2>
            {content}
        </section>
    }
    .into_any()
}

fn line(lang: Lang, row: &ChatRow, now: &Moment, takes: bool) -> AnyView {
    let number = row.number;
    let requester = row.requester.as_ref().map(|actor| actor.name.clone()).unwrap_or_default();
    let since = match &row.waiting_since {
        Some(at) => t::waiting_since(lang, &format::smart(at, now, lang)),
        None => t::answered(lang, &format::smart(&row.last_line_at, now, lang)),
    };
    let unread = (row.unread > 0).then(|| {
        let words = messages::chat_unread(lang, i64::from(row.unread));
        view! {
            <span class="count count-new" title=words.clone()>
                <span aria-hidden="true">{row.unread.to_string()}</span>
                <span class="vh">{words.clone()}</span>
            </span>
        }
    });
    let take = takes.then(|| {
        let label = t::take_of(lang, &number.to_string());
        view! {
            <form method="post" action=TakeChat::url()>
                <input r#type="hidden" name="form[ticket]" value=number.to_string()/>
                <button class="btn btn-sm" r#type="submit" id=format!("chat-take-{number}") aria-label=label>{t::take(lang)}</button>
            </form>
        }
    });
    let title = format!("#{number} {}", row.title);
    view! {
        <li>
            <a class="link chat-row-title" id=format!("chat-open-{number}") href=format!("/tickets/{number}/chat")>{title}</a>
            {unread}
            <span class="muted small">{requester}</span>
            <span class="muted small">{since}</span>
            {take}
        </li>
    }
    .into_any()
}

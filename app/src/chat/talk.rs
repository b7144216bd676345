//! A chat on the page of either side: who is here, what was said, the form. Works as a list and a form; scripts keep it live
//! (`frontend/js/chat`).

use domain::error::AppError;
use domain::lang::Lang;
use domain::message::{Off, TEXT_MAX};
use domain::views::ChatView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

use super::lines::lines;
use super::server_fns::{ChatSigns, EndChat, SendChat};
use super::state::state;
use crate::boot::use_viewer;
use crate::components::banner::{Banner, Tone};
use crate::components::field::TextAreaField;
use crate::components::form_error::{FieldName, FormError};
use crate::form_action::{form_action, refusal_of};
use crate::kept::TextKept;
use crate::message;
use crate::t::chat as t;
use crate::t::messages;
use crate::tickets::server_fns::SaveDraft;

/// What the address of a chat asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// Keyset cursor.
    pub(crate) cursor: String,
    /// Only lines after this number; -1 = a whole page.
    pub(crate) after: i64,
    /// It was ended just now.
    ended: bool,
}

impl Address {
    /// Reads the address.
    pub(crate) fn read(params: &ParamsMap) -> Self {
        Self {
            cursor: params.get("cursor").unwrap_or_default(),
            after: params.get_str("after").and_then(|text| text.parse().ok()).unwrap_or(-1),
            ended: params.get_str("ended").is_some(),
        }
    }
}

/// Refusals of the forms of the page; both are ordinary posts, so these stand in the address.
#[derive(Clone, Copy)]
pub(crate) struct Refusals {
    saying: Memo<Option<AppError>>,
    ending: Memo<Option<AppError>>,
}

impl Refusals {
    /// Those the address holds.
    pub(crate) fn read() -> Self {
        Self { saying: refusal_of(form_action::<SendChat>()), ending: refusal_of(form_action::<EndChat>()) }
    }
}

/// The whole chat. `from` names the side of the page: `ticket`, `request`.
pub(crate) fn talk(lang: Lang, page: &ChatView, address: &Address, refusals: Refusals, from: &'static str) -> AnyView {
    let place = if from == "request" { "requests" } else { "tickets" };
    let here = format!("/{place}/{}/chat", page.number);
    let viewer = use_viewer().map(|viewer| viewer.id.to_string()).unwrap_or_default();
    let is_off = page.off == Some(Off::Disabled);
    let link = |href: String, words: &'static str| view! { <a class="btn btn-sm" href=href>{words}</a> };
    let earlier = page
        .earlier_cursor
        .as_ref()
        .map(|cursor| link([here.as_str(), "?cursor=", &Url::escape(cursor)].concat(), t::earlier(lang)));
    let is_whole = address.cursor.is_empty();
    let latest = (!is_whole).then(|| link(here.clone(), t::latest(lang)));
    // Without scripts the page is loaded again.
    let reload = is_whole
        .then(|| view! { <a class="btn btn-ghost btn-sm" href=here.clone() data-chat-reload="">{t::reload(lang)}</a> });
    let said = (!is_off).then(|| {
        view! {
            {state(lang, page, from)}
            <p class="btn-group">{earlier}{latest}{reload}</p>
            {lines(lang, page)}
        }
    });
    let is_open = if page.off.is_none() { "on" } else { "off" };
    view! {
        {banner(lang, address, refusals)}
        <div
            class="chat stack"
            data-chat=""
            data-live=is_whole.then_some("")
            data-here=here.clone()
            data-ticket=page.number.to_string()
            data-last=page.last.to_string()
            data-viewer=viewer
            data-signs=ChatSigns::url()
            data-drafts=SaveDraft::url()
            data-lost=t::connection_lost(lang)
            data-offline=t::offline(lang)
            data-refused=t::not_sent(lang)
        >
            {said}
            <p class="small" role="status" data-chat-connection="" hidden=true></p>
            <div data-chat-form=is_open>{writing(lang, page, refusals.saying, from)}</div>
        </div>
    }
    .into_any()
}

fn banner(lang: Lang, address: &Address, refusals: Refusals) -> AnyView {
    if let Some(error) = refusals.ending.get_untracked() {
        return view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> }.into_any();
    }
    if address.ended && refusals.saying.with_untracked(Option::is_none) {
        return view! { <Banner tone=Tone::Done text=t::ended_done(lang)/> }.into_any();
    }
    ().into_any()
}

/// The form, or why there is none; what was typed into it meanwhile is shown (T-CHT-07).
fn writing(lang: Lang, page: &ChatView, refusal: Memo<Option<AppError>>, from: &'static str) -> AnyView {
    let text = page.draft.as_ref().map(|draft| draft.text("text")).unwrap_or_default();
    if let Some(off) = page.off {
        return view! {
            <Banner text=off_words(lang, off)/>
            <div class="chat-kept" data-chat-kept="" hidden=text.is_empty()>
                <p class="muted small">{t::text_kept(lang)}</p>
                <p class="history-text" data-chat-kept-text="">{text.clone()}</p>
            </div>
        }
        .into_any();
    }
    let wrong = Signal::derive(move || message::field_sentence(lang, &message::fields(refusal.get().as_ref()), "text"));
    let fields = vec![FieldName { field: "text", label: t::line(lang) }];
    let longest = u32::try_from(TEXT_MAX).unwrap_or(u32::MAX);
    let hint = if page.is_requester { t::hint_team(lang) } else { t::hint_requester(lang) };
    view! {
        <form class="composer" id="chat-form" method="post" action=SendChat::url() aria-label=messages::chat(lang)>
            <TextKept/>
            <FormError error=refusal fields=fields/>
            <input r#type="hidden" name="form[ticket]" value=page.number.to_string()/>
            <input r#type="hidden" name="form[key]" value=page.key.clone()/>
            <input r#type="hidden" name="form[from]" value=from/>
            <TextAreaField name="form[text]" label=t::line(lang) hint=hint text=text error=wrong maxlength=longest rows=2/>
            <div class="form-foot">
                <button class="btn btn-primary" r#type="submit">{messages::send(lang)}</button>
            </div>
        </form>
    }
    .into_any()
}

fn off_words(lang: Lang, off: Off) -> &'static str {
    match off {
        Off::Forbidden => t::off_forbidden(lang),
        Off::Disabled => t::off_disabled(lang),
        // The other two are rules of messages: a chat may begin with anybody.
        Off::Over | Off::NoReply | Off::NobodyAssigned => t::off_over(lang),
    }
}

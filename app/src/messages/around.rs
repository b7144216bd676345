//! What stands around the list on both pages: what the last post did, and the way to earlier messages.

use domain::error::AppError;
use domain::lang::Lang;
use domain::views::MessagesView;
use leptos::prelude::*;
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

use crate::components::banner::{Banner, Tone};
use crate::message;
use crate::t::messages as t;

/// What the address of a page of messages asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    /// Keyset cursor.
    pub(crate) cursor: String,
    /// One was sent.
    sent: bool,
    /// One was taken back.
    withdrawn: bool,
}

impl Address {
    /// Reads the address.
    pub(crate) fn read(params: &ParamsMap) -> Self {
        Self {
            cursor: params.get("cursor").unwrap_or_default(),
            sent: params.get_str("sent").is_some(),
            withdrawn: params.get_str("withdrawn").is_some(),
        }
    }
}

/// Refusals of the forms of the page; both are ordinary posts, so these stand in the address.
#[derive(Clone, Copy)]
pub(crate) struct Refusals {
    /// Of the form of a message.
    pub(crate) sending: Memo<Option<AppError>>,
    /// Of taking one back.
    pub(crate) withdrawing: Memo<Option<AppError>>,
}

/// What the last post did. The form says by itself why it was refused.
pub(crate) fn banner(lang: Lang, address: &Address, refusals: Refusals) -> AnyView {
    if let Some(error) = refusals.withdrawing.get_untracked() {
        return view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> }.into_any();
    }
    let is_refused = refusals.sending.with_untracked(Option::is_some);
    let done = match (is_refused, address.sent, address.withdrawn) {
        (false, true, _) => t::sent_done(lang),
        (false, false, true) => t::withdrawn_done(lang),
        _ => return ().into_any(),
    };
    view! { <Banner tone=Tone::Done text=done/> }.into_any()
}

/// Links to earlier messages and, from there, back to the latest; `here` is the path of the page.
pub(crate) fn ends(
    lang: Lang,
    page: &MessagesView,
    address: &Address,
    here: &str,
) -> (Option<AnyView>, Option<AnyView>) {
    let link =
        |href: String, words: &'static str| view! { <p><a class="btn btn-sm" href=href>{words}</a></p> }.into_any();
    let earlier = page
        .earlier_cursor
        .as_ref()
        .map(|cursor| link([here, "?cursor=", &Url::escape(cursor)].concat(), t::earlier(lang)));
    let latest = (!address.cursor.is_empty()).then(|| link(here.to_owned(), t::latest(lang)));
    (earlier, latest)
}

//! The way to what one was told of, with how much of it is new.

use leptos::prelude::*;

use crate::boot::use_boot;
use crate::components::icon::Icon;
use crate::t::shell as t;

/// Numbers above this are not told apart.
const MOST: u32 = 99;

/// A link with a bell; the number was counted when the page was made.
#[component]
pub fn Bell(
    /// More classes.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let lang = use_boot().lang;
    let class = ["btn btn-ghost btn-sm btn-icon bell ", class].concat();
    view! {
        <a class=class.trim_end().to_owned() href="/notifications" title=t::notifications(lang) rel="external">
            <Icon name="bell"/>
            <span class="vh">{t::notifications(lang)}</span>
            <Count/>
        </a>
    }
}

/// How many were not read: a number to see, a sentence to hear; nothing for none.
#[component]
pub fn Count() -> impl IntoView {
    let boot = use_boot();
    let count = boot.notifications;
    (count > 0).then(|| {
        let shown = if count > MOST { format!("{MOST}+") } else { count.to_string() };
        let words = if count > MOST {
            t::unread_notifications_many(boot.lang).to_owned()
        } else {
            t::unread_notifications(boot.lang, i64::from(count))
        };
        view! {
            <span class="count count-new">
                <span aria-hidden="true">{shown}</span>
                <span class="vh">{words}</span>
            </span>
        }
    })
}

//! The way back from a page to the one it belongs to.

use leptos::prelude::*;

use super::icon::Icon;

/// A link above the heading of a page, with the name of where it leads.
#[component]
pub fn BackLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// What stands there.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    view! {
        <p class="small">
            <a class="back-link quiet-link muted" href=href><Icon name="arrow-left"/>{words}</a>
        </p>
    }
}

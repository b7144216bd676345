//! What the pages of one ticket have in common: the way back.

use leptos::prelude::*;

use crate::components::icon::Icon;

/// The way back to the ticket.
#[component]
pub(crate) fn BackToTicket(
    /// Number of the ticket.
    number: i64,
    /// Its title.
    #[prop(optional, into)]
    title: String,
) -> impl IntoView {
    let words = format!("#{number} {title}");
    view! {
        <p class="small">
            <a class="back-link quiet-link muted" href=format!("/tickets/{number}")><Icon name="arrow-left"/>{words}</a>
        </p>
    }
}

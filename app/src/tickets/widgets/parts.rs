//! The parts of a ticket that are pages of their own: links from the ticket and from one to the other.

use leptos::prelude::*;

use super::frame::BackToTicket;
use crate::boot::{use_lang, use_viewer};
use crate::t::tickets as t;

/// Links to the parts besides timeline and properties; `current` is the last piece of the address of one of them.
pub(crate) fn others(number: i64, current: &str) -> Vec<AnyView> {
    let lang = use_lang();
    let viewer = use_viewer();
    let may = |right: &str| right.is_empty() || viewer.as_ref().is_some_and(|viewer| viewer.can(right));
    [
        ("tasks", t::show_tasks(lang), ""),
        ("documents", t::documents(lang), ""),
        ("validations", t::validations(lang), ""),
        ("knowledge", t::knowledge_base(lang), "knowledge.view"),
        ("statistics", t::statistics(lang), "statistics.view"),
    ]
    .into_iter()
    .filter(|(_, _, right)| may(right))
    .map(|(part, word, _)| {
        let href = format!("/tickets/{number}/{part}");
        view! { <a href=href aria-current=(part == current).then_some("page")>{word}</a> }.into_any()
    })
    .collect()
}

/// The head of such a page: the way back to the ticket, and the other parts.
#[component]
pub(crate) fn PartHead(
    /// Number of the ticket.
    number: i64,
    /// Its title.
    #[prop(into)]
    title: String,
    /// The last piece of the address of this part.
    part: &'static str,
) -> impl IntoView {
    let lang = use_lang();
    view! {
        <BackToTicket number=number title=title/>
        <nav class="ticket-tabs" aria-label=t::parts(lang)>
            <a href=format!("/tickets/{number}")>{t::timeline(lang)}</a>
            {others(number, part)}
        </nav>
    }
}

//! The parts of a ticket that are pages of their own: the frame around each, and links from the ticket and from one to the other.

use leptos::prelude::*;

use crate::boot::{use_lang, use_viewer};
use crate::components::back_link::BackLink;
use crate::components::page_title::PageTitle;
use crate::layouts::agent::AgentLayout;
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

/// The page of one part of a ticket, for agents: its name in the browser, the way back to the ticket, the other parts, its
/// heading; then what it holds.
#[component]
pub(crate) fn PartPage(
    /// Number of the ticket.
    number: i64,
    /// Title of the ticket.
    #[prop(optional, into)]
    title: String,
    /// Name in the browser, where the heading alone does not say it.
    #[prop(optional, into)]
    name: String,
    /// The heading. Pages that ask before something is done have theirs in the form, and none here.
    #[prop(optional, into)]
    heading: String,
    /// The last piece of its address, where it leads to the other parts.
    #[prop(optional)]
    part: Option<&'static str>,
    /// Classes besides `page`: how wide it is.
    width: &'static str,
    /// Links and signs beside the heading.
    #[prop(optional)]
    tools: Option<AnyView>,
    /// What the part holds.
    children: Children,
) -> impl IntoView {
    let lang = use_lang();
    let name = if name.is_empty() { heading.clone() } else { name };
    let (ticket, back) = (format!("/tickets/{number}"), format!("#{number} {title}"));
    let timeline = ticket.clone();
    let tabs = part.map(|part| {
        view! {
            <nav class="ticket-tabs" aria-label=t::parts(lang)>
                <a href=timeline>{t::timeline(lang)}</a>
                {others(number, part)}
            </nav>
        }
        .into_any()
    });
    let tools = tools.map(|tools| view! { <span class="page-tools">{tools}</span> }.into_any());
    let head =
        (!heading.is_empty()).then(|| view! { <div class="page-head"><h1>{heading}</h1>{tools}</div> }.into_any());
    view! {
        <PageTitle text=name/>
        <AgentLayout>
            <div class=["page ", width].concat()>
                <BackLink href=ticket words=back/>
                {tabs}
                {head}
                {children()}
            </div>
        </AgentLayout>
    }
}

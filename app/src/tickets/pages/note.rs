//! "Add note" from every part of a ticket: the composer as a page of its own, with the same draft (T-OCC-02).

use std::sync::Arc;

use domain::views::PropertyView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::form_action::form_action;
use crate::layouts::answer::{Loading, refused};
use crate::t::tickets as t;
use crate::tickets::server_fns::{AddOccurrence, note_page};
use crate::tickets::widgets::address::{use_address, use_number};
use crate::tickets::widgets::composer::{AddAction, Composer, is_begun};
use crate::tickets::widgets::parts::PartPage;

/// Page `/tickets/:number/note`.
#[component]
pub fn AddNotePage() -> impl IntoView {
    let number = use_number();
    let add = form_action::<AddOccurrence>();
    let query = use_query_map();
    let template = Memo::new(move |_| query.with(|map| map.get("template").unwrap_or_default()));
    let data = Resource::new_blocking(
        move || (number.get(), template.get()),
        |(number, template)| note_page(number, template),
    );
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Note page=page add=add template=template.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

#[component]
fn Note(page: PropertyView, add: AddAction, template: String) -> impl IntoView {
    let lang = use_lang();
    let (number, title) = (page.ticket.number, page.ticket.title.clone());
    let may_write = page.ticket.actions.iter().any(|action| action == "occurrence");
    let begun = page.draft.as_ref().map(|draft| draft.text("template")).unwrap_or_default();
    let gone = (!template.is_empty() && template != begun)
        .then(|| view! { <Banner tone=Tone::Warning text=t::template_gone(lang)/> });
    let has_text = is_begun(&page);
    let page = Arc::new(page);
    let page = Memo::new(move |_| Arc::clone(&page));
    let address = use_address();
    let reply = Signal::derive(move || address.with(|address| address.reply));
    // What was typed stays, though the ticket was closed meanwhile (T-DRF-03).
    let form = if may_write || has_text {
        view! { <Composer page=page add=add reply=reply here=format!("/tickets/{number}/note")/> }.into_any()
    } else {
        view! { <p class="card">{t::dock_over(lang)}</p> }.into_any()
    };
    view! {
        <PartPage number=number title=title heading=t::add_note(lang) width="page-narrow">
            {gone}
            {form}
        </PartPage>
    }
}

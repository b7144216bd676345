//! What the pages of one request have in common.

use domain::error::AppError;
use domain::format;
use domain::ids::TicketNumber;
use domain::lang::Lang;
use domain::views::{ActorView, Moment};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::components::back_link::BackLink;
use crate::components::banner::{Banner, Tone};
use crate::components::empty::EmptyState;
use crate::components::page_title::PageTitle;
use crate::error::Refusal;
use crate::message;
use crate::t::errors;
use crate::t::requests as t;

/// The number in the path, 0 for anything that is none: no request has it, so the page answers "Not found".
pub(crate) fn use_number() -> Memo<i64> {
    let params = use_params_map();
    Memo::new(move |_| {
        params.with(|map| {
            map.get_str("number").and_then(|text| text.parse::<TicketNumber>().ok()).map_or(0, TicketNumber::get)
        })
    })
}

/// The content for an answer that is none. One that may not be seen looks like one that does not exist (P-GEN-03).
pub(crate) fn refused(lang: Lang, refusal: &Refusal) -> AnyView {
    if refusal.0 == AppError::NotFound {
        return view! {
            <PageTitle text=t::not_found(lang).to_owned()/>
            <EmptyState icon="search" title=t::not_found(lang) text=errors::not_found(lang) page=true>
                <a class="btn btn-primary" href="/requests">{t::my_requests(lang)}</a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <PageTitle text=t::my_requests(lang).to_owned()/>
        <h1 class="vh">{t::my_requests(lang)}</h1>
        <Banner tone=Tone::Error text=message::sentence(lang, &refusal.0)/>
    }
    .into_any()
}

/// The head of a page of one part of a request, `name` in the browser: the way back to the request, and its heading.
pub(crate) fn part_head(lang: Lang, number: i64, title: &str, name: String, heading: &'static str) -> AnyView {
    let request = t::number_title(lang, &number.to_string(), title);
    view! {
        <PageTitle text=name/>
        <BackLink href=format!("/requests/{number}") words=request/>
        <div class="page-head"><h1>{heading}</h1></div>
    }
    .into_any()
}

/// Whether an instant has passed.
pub(crate) fn is_past(at: &Moment, now: &Moment) -> bool {
    at.date_time() < now.date_time()
}

/// Until when the request shall be solved, or that this has passed.
pub(crate) fn due_words(lang: Lang, due: &Moment, now: &Moment) -> String {
    let time = format::smart(due, now, lang);
    if is_past(due, now) { t::overdue(lang, &time) } else { t::due_by(lang, &time) }
}

/// Names as a list; people without one are left out.
pub(crate) fn names(people: &[ActorView]) -> String {
    people.iter().map(|person| person.name.as_str()).filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
}

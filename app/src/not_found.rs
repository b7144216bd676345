//! One page for what does not exist and for what the viewer may not see.

use leptos::prelude::*;

use crate::boot::use_boot;
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::empty::EmptyState;
use crate::components::page_title::PageTitle;
use crate::layouts::auth::AuthLayout;
use crate::layouts::own::OwnLayout;
use crate::t;

/// The whole page, in the viewer's shell.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let boot = use_boot();
    let lang = boot.lang;
    let page = if boot.viewer.is_some() {
        view! { <OwnLayout><NotFound/></OwnLayout> }.into_any()
    } else {
        answer_404();
        view! {
            <AuthLayout title=t::shell::not_found_title(lang)>
                <p>{t::errors::not_found(lang)}</p>
                <p><a class="btn btn-primary" href="/sign-in">{t::account::sign_in(lang)}</a></p>
            </AuthLayout>
        }
        .into_any()
    };
    view! {
        <PageTitle text=t::shell::not_found_title(lang)/>
        {page}
    }
}

/// The content alone, for a page whose object is not there: it stands inside the page's own layout.
#[component]
pub fn NotFound() -> impl IntoView {
    answer_404();
    let boot = use_boot();
    let lang = boot.lang;
    let is_agent = boot.viewer.as_ref().is_some_and(|viewer| viewer.agent);
    let way_on = if is_agent {
        view! {
            <div class="btn-group">
                <LinkButton href="/tickets" kind=ButtonKind::Primary>{t::shell::go_to_tickets(lang)}</LinkButton>
                <LinkButton href="/search">{t::shell::search(lang)}</LinkButton>
            </div>
        }
        .into_any()
    } else {
        view! { <LinkButton href="/requests" kind=ButtonKind::Primary>{t::shell::go_to_requests(lang)}</LinkButton> }
            .into_any()
    };
    view! {
        <div class="page">
            <EmptyState icon="search" title=t::shell::not_found_title(lang) text=t::errors::not_found(lang) page=true>
                {way_on}
            </EmptyState>
        </div>
    }
}

fn answer_404() {
    #[cfg(feature = "ssr")]
    crate::context::answer_with_status(http::StatusCode::NOT_FOUND);
}

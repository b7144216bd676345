//! Agents' pages while there is nothing to show: on the way, not found, refused.

use domain::error::AppError;
use leptos::prelude::*;

use super::agent::AgentLayout;
use crate::boot::use_lang;
use crate::components::button::LinkButton;
use crate::components::empty::EmptyState;
use crate::components::page_title::PageTitle;
use crate::error::Refusal;
use crate::message;
use crate::not_found::NotFoundPage;
use crate::t::tickets as t;

/// The page for an answer that is none: "Not found", or why it cannot be shown.
pub(crate) fn refused(refusal: &Refusal) -> AnyView {
    if refusal.0 == AppError::NotFound {
        return view! { <NotFoundPage/> }.into_any();
    }
    let lang = use_lang();
    let words = message::sentence(lang, &refusal.0);
    view! {
        <PageTitle text=t::page_failed(lang)/>
        <AgentLayout>
            <div class="page">
                <EmptyState icon="circle-alert" title=t::page_failed(lang) text=words page=true>
                    <LinkButton href="/tickets">{t::to_tickets(lang)}</LinkButton>
                </EmptyState>
            </div>
        </AgentLayout>
    }
    .into_any()
}

/// The shell while the first answer of a page is under way; it says so after a moment only.
#[component]
pub(crate) fn Loading() -> impl IntoView {
    view! { <AgentLayout><div class="page" aria-busy="true"></div></AgentLayout> }
}

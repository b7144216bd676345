//! Around pages that agents and requesters share: each side keeps its own shell.

use leptos::prelude::*;

use super::agent::AgentLayout;
use super::portal::PortalLayout;
use crate::boot::use_boot;

/// The shell of the viewer's side.
#[component]
pub fn OwnLayout(
    /// The page.
    children: Children,
) -> impl IntoView {
    let is_agent = use_boot().viewer.as_ref().is_some_and(|viewer| viewer.agent);
    if is_agent {
        view! { <AgentLayout>{children()}</AgentLayout> }.into_any()
    } else {
        view! { <PortalLayout>{children()}</PortalLayout> }.into_any()
    }
}

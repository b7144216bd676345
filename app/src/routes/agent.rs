//! The pages agents live in.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::bundle::elsewhere;
use crate::guard::{agents, agents_or_request};
use crate::tickets::pages::create::CreateTicketPage;
use crate::tickets::pages::detail::TicketDetailPage;
use crate::tickets::pages::edit::EditOccurrencePage;
use crate::tickets::pages::list::TicketListPage;
use crate::tickets::pages::note::AddNotePage;

/// The router of the bundle.
#[component]
pub fn AppRoutes() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes fallback=elsewhere>
                <Route path=path!("/tickets") ssr=SsrMode::Async view=|| agents(|| view! { <TicketListPage/> }.into_any())/>
                <Route path=path!("/tickets/new") ssr=SsrMode::Async view=|| agents(|| view! { <CreateTicketPage/> }.into_any())/>
                <Route path=path!("/tickets/:number") ssr=SsrMode::Async view=|| agents_or_request(|| view! { <TicketDetailPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/occurrences/:id/edit") ssr=SsrMode::Async view=|| agents(|| view! { <EditOccurrencePage/> }.into_any())/>
                <Route path=path!("/tickets/:number/note") ssr=SsrMode::Async view=|| agents(|| view! { <AddNotePage/> }.into_any())/>
            </FlatRoutes>
        </Router>
    }
}

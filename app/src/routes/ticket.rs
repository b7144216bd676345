//! A ticket, and the forms about it that agents write in all day.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::bundle::elsewhere;
use crate::guard::{agents, agents_or_request};
use crate::tickets::pages::create::CreateTicketPage;
use crate::tickets::pages::detail::TicketDetailPage;
use crate::tickets::pages::edit::EditOccurrencePage;
use crate::tickets::pages::note::AddNotePage;

/// The router of their bundle.
pub fn routes() -> AnyView {
    view! {
        <Router>
            <FlatRoutes fallback=elsewhere>
                <Route path=path!("/tickets/new") ssr=SsrMode::Async view=|| agents(|| view! { <CreateTicketPage/> }.into_any())/>
                <Route path=path!("/tickets/:number") ssr=SsrMode::Async view=|| agents_or_request(|| view! { <TicketDetailPage/> }.into_any())/>
                <Route path=path!("/tickets/:number/occurrences/:id/edit") ssr=SsrMode::Async view=|| agents(|| view! { <EditOccurrencePage/> }.into_any())/>
                <Route path=path!("/tickets/:number/note") ssr=SsrMode::Async view=|| agents(|| view! { <AddNotePage/> }.into_any())/>
            </FlatRoutes>
        </Router>
    }
    .into_any()
}

//! The list of tickets.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::bundle::elsewhere;
use crate::guard::agents;
use crate::tickets::pages::list::TicketListPage;

/// The router of its bundle.
pub fn routes() -> AnyView {
    view! {
        <Router>
            <FlatRoutes fallback=elsewhere>
                <Route path=path!("/tickets") ssr=SsrMode::Async view=|| agents(|| view! { <TicketListPage/> }.into_any())/>
            </FlatRoutes>
        </Router>
    }
    .into_any()
}

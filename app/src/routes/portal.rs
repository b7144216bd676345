//! The pages of requesters that gain from scripts: drafts, live entries, the editor.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::account::pages::profile::ProfilePage;
use crate::account::pages::set_up::SetUpPage;
use crate::bundle::elsewhere;
use crate::guard::signed_in;
use crate::requests::pages::detail::RequestDetailPage;
use crate::requests::pages::new::NewRequestPage;

/// The router of the requesters' bundle.
#[component]
pub fn AppRoutes() -> impl IntoView {
    view! {
        <Router>
            <FlatRoutes fallback=elsewhere>
                <Route path=path!("/setup") ssr=SsrMode::Async view=|| view! { <SetUpPage/> }.into_any()/>
                <Route path=path!("/profile") ssr=SsrMode::Async view=|| signed_in(|| view! { <ProfilePage/> }.into_any())/>
                <Route path=path!("/requests/new") ssr=SsrMode::Async view=|| signed_in(|| view! { <NewRequestPage/> }.into_any())/>
                <Route path=path!("/requests/:number") ssr=SsrMode::Async view=|| signed_in(|| view! { <RequestDetailPage/> }.into_any())/>
            </FlatRoutes>
        </Router>
    }
}

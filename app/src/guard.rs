//! Whom a page is for. Hides only: `service` decides what may be read and done.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::boot::use_boot;
use crate::layouts::auth::AuthLayout;
use crate::not_found::NotFoundPage;
use crate::t;

/// A page for every signed-in person; others sign in first and come back.
pub fn signed_in(page: impl FnOnce() -> AnyView) -> AnyView {
    if use_boot().viewer.is_some() { page() } else { sign_in_first() }
}

/// A page for agents; portal users get the same answer as for an address that does not exist.
pub fn agents(page: impl FnOnce() -> AnyView) -> AnyView {
    agents_or(page, || view! { <NotFoundPage/> }.into_any())
}

/// The home page: portal users are led to their requests.
pub fn agents_or_requests(page: impl FnOnce() -> AnyView) -> AnyView {
    agents_or(page, || move_on("/requests".to_owned()))
}

/// The page of a ticket: portal users are led to the same number among their requests.
pub fn agents_or_request(page: impl FnOnce() -> AnyView) -> AnyView {
    agents_or(page, || {
        let number = use_params_map().with_untracked(|params| params.get("number")).unwrap_or_default();
        // Only a number may follow: the rest of an address is nothing to repeat.
        if number.parse::<domain::ids::TicketNumber>().is_ok() {
            move_on(["/requests/", &number].concat())
        } else {
            view! { <NotFoundPage/> }.into_any()
        }
    })
}

/// A page of the administration, for those who hold a capability somewhere; others get the same answer as for an address that
/// does not exist.
pub fn holders(capability: &str, page: impl FnOnce() -> AnyView) -> AnyView {
    match &use_boot().viewer {
        None => sign_in_first(),
        Some(viewer) if viewer.can(capability) => page(),
        Some(_) => view! { <NotFoundPage/> }.into_any(),
    }
}

/// The entrance of the administration: leads to the first part the viewer may use.
pub fn first_part() -> AnyView {
    match &use_boot().viewer {
        None => sign_in_first(),
        Some(viewer) if viewer.can("admin.users") => move_on("/admin/users".to_owned()),
        Some(viewer) if viewer.can("admin.entities") => move_on("/admin/entities".to_owned()),
        Some(_) => view! { <NotFoundPage/> }.into_any(),
    }
}

fn agents_or(page: impl FnOnce() -> AnyView, otherwise: impl FnOnce() -> AnyView) -> AnyView {
    match &use_boot().viewer {
        None => sign_in_first(),
        Some(viewer) if viewer.agent => page(),
        Some(_) => otherwise(),
    }
}

/// Redirects on the server; a link for a browser that came here by itself.
fn move_on(path: String) -> AnyView {
    #[cfg(feature = "ssr")]
    crate::context::redirect(&path);
    let word = t::shell::my_requests(use_boot().lang);
    view! { <main class="page" id="main"><a class="link" href=path rel="external">{word}</a></main> }.into_any()
}

/// Leads to the sign-in page and back.
pub fn sign_in_first() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::context::redirect(&crate::context::sign_in_path());
    let lang = use_boot().lang;
    view! {
        <AuthLayout title=t::account::sign_in_title(lang)>
            <p>{t::errors::unauthenticated(lang)}</p>
            <p><a class="btn btn-primary" href="/sign-in" rel="external">{t::account::sign_in(lang)}</a></p>
        </AuthLayout>
    }
    .into_any()
}

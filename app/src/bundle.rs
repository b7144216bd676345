//! Which scripts a page loads. Two kinds of pages: those agents live in, and plain ones (everything of requesters, sign-in,
//! history, search …), which are HTML and forms; what they gain from scripts are small modules (`frontend/js`).
//!
//! A bundle holds only its own pages, so that nobody loads what he does not see; any other address is loaded by the
//! browser like any link.

/// The bundle of the list of tickets.
pub const LIST: &str = "guichet-list";
/// The bundle of a ticket and of the forms about it.
pub const TICKET: &str = "guichet-ticket";

/// The bundle of an address; `None` = a plain page.
#[must_use]
pub fn of_path(path: &str) -> Option<&'static str> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["tickets"] => Some(LIST),
        ["tickets", _, "note"] | ["tickets", _, "occurrences", _, "edit"] => Some(TICKET),
        // A plain page where others have the number of a ticket.
        ["tickets", place] => (*place != "bulk").then_some(TICKET),
        _ => None,
    }
}

/// An address the bundle does not know: the browser loads it from the server.
#[cfg(not(feature = "ssr"))]
pub fn elsewhere() -> impl leptos::IntoView {
    use leptos::prelude::Effect;

    Effect::new(|_| {
        let location = leptos::prelude::window().location();
        // The address bar shows it already; a refusal to load leaves the old page, which is still good.
        let _ = location.reload();
    });
}

/// Links to pages of another bundle, or of none, are followed by the browser, so that no empty page comes between. Called before
/// the router listens, which leaves them alone by their `rel`.
#[cfg(not(feature = "ssr"))]
pub fn leave_other_links_to_the_browser() {
    use leptos::prelude::{window, window_event_listener};
    use wasm_bindgen::JsCast as _;

    let handle = window_event_listener(leptos::ev::click, |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
        let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok()) else { return };
        let here = window().location();
        let is_ours = here.host().is_ok_and(|host| host == link.host());
        if is_ours && here.pathname().is_ok_and(|path| of_path(&path) != of_path(&link.pathname())) {
            link.set_rel("external");
        }
    });
    leptos::prelude::on_cleanup(move || handle.remove());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_loads_the_bundle_that_knows_it() {
        assert_eq!(of_path("/tickets"), Some("guichet-list"));
        for ticket in ["/tickets/42", "/tickets/new", "/tickets/42/note", "/tickets/42/occurrences/0195/edit"] {
            assert_eq!(of_path(ticket), Some("guichet-ticket"), "{ticket}");
        }
        for plain in ["/requests/42", "/requests/new", "/profile", "/setup"] {
            assert_eq!(of_path(plain), None, "{plain}");
        }
        for plain in ["/", "/sign-in", "/requests", "/tickets/42/history", "/search", "/tickets/42/do/close"] {
            assert_eq!(of_path(plain), None, "{plain}");
        }
        for plain in ["/tickets/bulk", "/tickets/42/solve", "/tickets/42/solutions/0195/edit", "/solution"] {
            assert_eq!(of_path(plain), None, "{plain}");
        }
        for plain in [
            "/requests/42/history",
            "/tickets/42/messages",
            "/requests/42/messages",
            "/tickets/42/chat",
            "/requests/42/chat",
            "/chat",
        ] {
            assert_eq!(of_path(plain), None, "{plain}");
        }
        for plain in ["/tickets/42/validations", "/tickets/42/documents", "/tickets/42/statistics"] {
            assert_eq!(of_path(plain), None, "{plain}");
        }
        for plain in ["/approvals", "/approvals/01980000-0000-7000-8000-000000000000", "/reports"] {
            assert_eq!(of_path(plain), None, "{plain}");
        }
    }
}

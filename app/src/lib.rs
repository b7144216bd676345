//! The pages of Guichet: HTML on the server, an application in the browser, the same code on both sides.
//!
//! Belongs here: pages, forms, words, stubs of server functions. Does not belong here: rules (`domain`), use cases
//! and SQL (`service`), decisions about rights (pages only hide).
#![recursion_limit = "256"]
#![cfg_attr(not(feature = "ssr"), expect(dead_code, reason = "modules of both halves hold what only plain pages use"))]

// The browser compiles what its bundle shows (`bundle`): what belongs to plain pages alone is there for the server only.
pub mod account;
#[cfg(feature = "ssr")]
pub mod admin;
#[cfg(feature = "ssr")]
pub mod audit;
pub mod boot;
pub mod bundle;
#[cfg(feature = "ssr")]
pub mod chat;
pub mod commands;
pub mod components;
#[cfg(feature = "ssr")]
pub mod context;
pub mod customers;
#[cfg(feature = "ssr")]
pub mod documents;
pub mod error;
pub mod form_action;
pub mod guard;
#[cfg(feature = "ssr")]
pub mod hints;
pub mod history;
#[cfg(feature = "ssr")]
pub mod home;
pub mod kept;
#[cfg(feature = "ssr")]
pub mod knowledge;
pub mod layouts;
#[cfg(feature = "ssr")]
pub mod lists;
pub mod live;
#[cfg(feature = "ssr")]
pub mod mail;
pub mod message;
pub mod messages;
pub mod not_found;
#[cfg(feature = "ssr")]
pub mod notifications;
#[cfg(feature = "ssr")]
pub mod reports;
#[cfg(feature = "ssr")]
pub mod requests;
pub mod routes;
#[cfg(feature = "ssr")]
pub mod search;
pub mod settings;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod signed;
pub mod solutions;
#[cfg(feature = "ssr")]
pub mod surveys;
pub mod t;
pub mod tasks;
#[cfg(feature = "ssr")]
pub mod templates;
pub mod tickets;
#[cfg(feature = "ssr")]
mod unread;
#[cfg(feature = "ssr")]
pub mod validations;
pub mod words;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;

/// The application, the content of `<body>` on both sides: the server has the routes of all pages, a bundle those of its own.
#[component]
pub fn App(routes: fn() -> AnyView) -> impl IntoView {
    provide_meta_context();
    #[cfg(not(feature = "ssr"))]
    bundle::leave_other_links_to_the_browser();
    components::toast::Toasts::provide();
    // Scripts and tests wait for this sign: from here on the page answers in the browser.
    Effect::new(|_| {
        if let Some(root) = document().document_element() {
            // Nothing depends on it but richer fields, which then stay plain.
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
    routes()
}

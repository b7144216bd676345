//! The pages of Guichet: HTML on the server, an application in the browser, the same code on both sides.
//!
//! Belongs here: pages, forms, words, stubs of server functions. Does not belong here: rules (`domain`), use cases
//! and SQL (`service`), decisions about rights (pages only hide).
#![recursion_limit = "256"]

pub mod account;
pub mod admin;
pub mod audit;
pub mod boot;
pub mod bundle;
pub mod chat;
pub mod commands;
pub mod components;
#[cfg(feature = "ssr")]
pub mod context;
pub mod customers;
pub mod documents;
pub mod error;
pub mod form_action;
pub mod guard;
pub mod hints;
pub mod history;
pub mod home;
pub mod kept;
pub mod knowledge;
pub mod layouts;
pub mod lists;
pub mod live;
pub mod mail;
pub mod message;
pub mod messages;
pub mod not_found;
pub mod notifications;
pub mod reports;
pub mod requests;
pub mod routes;
pub mod search;
pub mod settings;
#[cfg(feature = "ssr")]
pub mod shell;
pub mod solutions;
pub mod surveys;
pub mod t;
pub mod tasks;
pub mod templates;
pub mod tickets;
pub mod validations;
pub mod words;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;

/// The application, the content of `<body>` on both sides.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    components::toast::Toasts::provide();
    // Scripts and tests wait for this sign: from here on the page answers in the browser.
    Effect::new(|_| {
        if let Some(root) = document().document_element() {
            // Nothing depends on it but richer fields, which then stay plain.
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
    view! { <routes::AppRoutes/> }
}

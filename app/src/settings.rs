//! Settings of an entity: what each does, where its value comes from, what needs care (settings.md).
//!
//! Belongs here: the page and its words. Does not belong here: what a value may be (`domain::settings`), who may set it
//! (`service::settings`).

pub mod address;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod server_fns;
#[cfg(feature = "ssr")]
pub(crate) mod widgets;
#[cfg(feature = "ssr")]
pub(crate) mod words;

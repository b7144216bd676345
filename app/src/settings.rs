//! Settings of an entity: what each does, where its value comes from, what needs care (settings.md).
//!
//! Belongs here: the page and its words. Does not belong here: what a value may be (`domain::settings`), who may set it
//! (`service::settings`).

pub mod address;
pub mod pages;
pub mod server_fns;
pub(crate) mod widgets;
pub(crate) mod words;

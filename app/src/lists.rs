//! Lists that are edited in the product: categories, sources, locations, pending reasons (settings.md).
//!
//! Belongs here: the pages and their words. Does not belong here: what a row may hold (`domain::lists`), who may edit it and
//! what holds on to it (`service::lists`).

pub mod address;
pub mod pages;
pub mod server_fns;
pub(crate) mod widgets;
pub(crate) mod words;

//! Users, groups, roles and entities (S22), as plain pages: HTML and forms alone.
//!
//! Belongs here: the pages and their words. Does not belong here: who may do what (`service::access`), what a change of rights
//! gives and takes (`domain::access`).

pub mod address;
mod capabilities;
pub mod pages;
pub mod server_fns;
pub(crate) mod typed;
pub(crate) mod widgets;
pub(crate) mod words;

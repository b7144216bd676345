//! The audit log (`admin.audit`), as a plain page and as a table for spreadsheets.
//!
//! Belongs here: the page and its words. Does not belong here: who may read which rows (`service::access`), what the rows keep
//! (whoever writes them).

pub mod pages;
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod table;
pub(crate) mod words;

//! Customers: their list, their page, what happened to them, the report, files that are taken in (customers.md).
//!
//! Belongs here: pages, forms and words, all of them without scripts. Does not belong here: rules (`domain::customer`), use cases
//! (`service::customers`, `service::customer_occurrences`), making files of the report (`server`).

pub mod address;
pub mod pages;
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod table;
pub(crate) mod widgets;
pub(crate) mod words;

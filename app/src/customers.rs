//! Customers: their list, their page, what happened to them, the report, files that are taken in (customers.md).
//!
//! Belongs here: pages, forms and words, all of them without scripts; the choice of a customer, which the form of a ticket has too.
//! Does not belong here: rules (`domain::customer`), use cases (`service::customers`, `service::customer_occurrences`), making files
//! of the report (`server`).

#[cfg(feature = "ssr")]
pub mod address;
pub(crate) mod chooser;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod table;
#[cfg(feature = "ssr")]
pub(crate) mod widgets;
#[cfg(feature = "ssr")]
pub(crate) mod words;

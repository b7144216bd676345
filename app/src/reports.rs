//! Figures of tickets (T-STT): the dashboard, and what it shares with the tab of a ticket. Plain pages: forms, links, tables, and
//! pictures that the server draws from the same numbers.
//!
//! Belongs here: server functions, pictures, tables, the file. Does not belong here: what is counted (`service::statistics`).

pub(crate) mod chart;
pub mod pages;
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod table;
pub(crate) mod words;

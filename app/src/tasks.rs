//! Tasks: those of a ticket, one's own, the planner, the calendar feed (T-TSK).
//!
//! Belongs here: the pages and their words. Does not belong here: the entry in the timeline, which is drawn like an occurrence
//! (`tickets::widgets::entry`).

#[cfg(feature = "ssr")]
pub mod address;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod server_fns;
pub(crate) mod words;

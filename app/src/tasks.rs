//! Tasks: those of a ticket, one's own, the planner, the calendar feed (T-TSK).
//!
//! Belongs here: the pages and their words. Does not belong here: the entry in the timeline, which is drawn like an occurrence
//! (`tickets::widgets::entry`).

pub mod address;
pub mod pages;
pub mod server_fns;
pub(crate) mod words;

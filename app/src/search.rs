//! Finding tickets by what was written in them (T-OCC-25..27).
//!
//! Belongs here: the search page. Does not belong here: filtering the list (`tickets`), the index (`service`).

pub mod pages;
pub mod server_fns;

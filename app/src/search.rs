//! Finding tickets by what was written in them (T-OCC-25..27), articles and customers (T-LST-08).
//!
//! Belongs here: the search page. Does not belong here: filtering the list (`tickets`), the index (`service`).

pub(crate) mod groups;
pub mod pages;
pub mod server_fns;

//! My requests: the side of the people who asked for help. Public content only, for everybody (P-GEN-02), and all of
//! it works without scripts (P-GEN-04): links, GET filters, posts that lead back.
//!
//! Belongs here: list, conversation and history of one's requests. Does not belong here: the agents' pages (`tickets`).

pub mod pages;
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod table;
mod widgets;

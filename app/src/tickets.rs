//! Tickets as agents work on them: the page of a ticket, its forms and its history.
//!
//! Belongs here: pages and forms of one ticket and the list of tickets. Does not belong here: the requester's side
//! (`requests`), finding by content (`search`), rules (`domain`), use cases (`service`).

pub mod pages;
pub mod server_fns;
#[cfg(feature = "ssr")]
pub mod table;
pub(crate) mod widgets;

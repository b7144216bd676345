//! Solutions: what the pages of agents and of requesters share (T-SOL).
//!
//! Belongs here: server functions, the card of a solution, the page of a signed link. Does not belong here: pages that stand with
//! their tickets and requests; who may answer (`domain`), what follows from it (`service`).

pub(crate) mod card;
#[cfg(feature = "ssr")]
pub mod link;
pub mod server_fns;

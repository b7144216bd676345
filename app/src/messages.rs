//! Messages between the service side and the requester side: what the pages of both share (T-MSG).
//!
//! Belongs here: server functions, the list and the form. Does not belong here: the pages, which stand with their tickets and
//! requests; who may send and see (`domain`, `service`).

pub(crate) mod around;
pub(crate) mod bubbles;
pub(crate) mod form;
pub mod server_fns;

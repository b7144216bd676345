//! The chat of a ticket: what the pages of both sides share, and the agents' panel (T-CHT).
//!
//! Belongs here: server functions, lines, signs, the form, the panel. Does not belong here: the pages of a ticket and of a request,
//! which stand with those; what scripts add (`frontend/js/chat`); who may say and see what (`domain`, `service`).

pub(crate) mod lines;
pub mod pages;
pub mod server_fns;
pub(crate) mod state;
pub(crate) mod talk;

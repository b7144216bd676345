//! Validations: what the pages of tickets and "To validate" share (T-VAL). Plain pages: forms and links alone.
//!
//! Belongs here: server functions, the card of a request, the form of an answer. Does not belong here: the pages, which stand with
//! their tickets and requests; who may ask and answer (`domain`, `service`).

pub(crate) mod blocked;
pub(crate) mod card;
pub mod server_fns;
pub(crate) mod words;

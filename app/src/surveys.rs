//! The satisfaction survey after closing: what its pages on both sides have in common, and the page of the link in a mail.
//!
//! Belongs here: server functions, the form, words. Does not belong here: the pages of a ticket (`tickets`) and of a request
//! (`requests`). All of it is plain: nothing here needs scripts.

pub(crate) mod form;
pub mod pages;
pub mod server_fns;

//! Templates of replies, tasks and mails: their list, their texts in four languages, how they look with a ticket (T-TPL).
//!
//! Belongs here: the pages and their words. Does not belong here: the language of templates (`service::mail::template`), the menu
//! in the composer (`tickets::widgets::template_menu`).

pub mod address;
pub mod pages;
pub mod server_fns;
pub(crate) mod words;

//! Parts that the ticket pages are made of.

pub(crate) mod address;
pub(crate) mod bulk_bar;
pub(crate) mod command_form;
pub(crate) mod composer;
pub(crate) mod composer_parts;
pub(crate) mod conflict;
pub(crate) mod draft;
pub(crate) mod entry;
pub(crate) mod event;
pub(crate) mod header;
pub(crate) mod keys;
pub(crate) mod mails;
pub(crate) mod news;
pub(crate) mod parts;
pub(crate) mod post;
pub(crate) mod properties;
pub(crate) mod side;
#[cfg(feature = "ssr")]
pub(crate) mod solution_fields;
pub(crate) mod stream;
pub(crate) mod template_menu;
pub(crate) mod words;

//! Outgoing mails as administrators see them (M-DLV-09), and the page behind the link that ends mails of one kind (M-HDR-04).
//! Plain pages: forms and links alone.
//!
//! Does not belong here: the mail server itself (`settings`), the mails of an entry (`tickets`, `messages`).

pub mod address;
pub mod pages;
pub mod server_fns;

//! The knowledge base: its list, its articles, their form and their versions, and the articles of a ticket (T-KNO).
//!
//! All pages are plain HTML and forms; scripts bring the editor and keep what is typed (`frontend/js/forms`). Belongs here: pages
//! and their words. Does not belong here: articles beside a request (`requests`), the tick in the composer (`tickets`).

pub mod address;
pub mod pages;
pub mod server_fns;
pub(crate) mod words;

//! Pages of the knowledge base: plain HTML and forms.

pub mod article;
pub mod edit;
pub mod list;
pub mod of_ticket;
pub(crate) mod parts;
pub mod suggestions;
pub mod versions;

//! Pages of templates: plain HTML and forms.

pub mod edit;
pub mod list;
pub(crate) mod parts;

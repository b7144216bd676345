//! What one was told of, and what one wants to be told of (T-NTF). Plain pages: forms and links alone.

pub mod pages;
pub mod server_fns;
pub(crate) mod words;

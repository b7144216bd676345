//! Parts of the requesters' pages.

pub(crate) mod answering;
pub(crate) mod asking;
pub(crate) mod begun;
pub(crate) mod conversation;
pub(crate) mod frame;
pub(crate) mod note;
pub(crate) mod steps;

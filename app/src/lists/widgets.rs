//! The parts of the pages.

pub(crate) mod form;
pub(crate) mod notes;
pub(crate) mod table;

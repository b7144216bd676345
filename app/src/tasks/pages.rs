//! The pages of tasks; all of them are plain: HTML and forms, with scripts that only make them quicker.

pub mod detail;
pub mod form;
pub mod list;
pub mod mine;
mod parts;
pub mod planner;
pub mod remove;
pub mod revisions;

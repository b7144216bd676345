//! Pages.

pub mod panel;

//! Pages of notifications.

pub mod list;
pub mod preferences;

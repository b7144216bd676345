//! The address `/reports`.

pub mod dashboard;

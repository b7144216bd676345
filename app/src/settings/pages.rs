//! One file for each address under `/settings`.

pub mod list;

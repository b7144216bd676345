//! One file for each address under `/audit`.

pub mod log;

//! One file for each address under `/search`.

pub mod results;

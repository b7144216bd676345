//! One file for each address under `/settings/lists`.

pub mod list;
pub mod row;

//! One file for each address under `/requests`.

pub mod approval;
pub mod approvals;
pub mod chat;
pub mod detail;
pub mod history;
pub mod list;
pub mod messages;
pub mod new;
pub mod survey;

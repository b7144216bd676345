//! One file for each address under `/tickets`, and the trash.

pub mod chat;
pub mod command;
pub mod create;
pub mod detail;
pub mod documents;
pub mod edit;
pub mod history;
pub mod list;
pub mod messages;
pub mod note;
pub mod print;
pub mod remove;
pub mod revisions;
pub mod solution_edit;
pub mod solve;
pub mod statistics;
pub mod survey;
pub mod trash;
pub mod validations;

//! The pages, each with its own address.

pub mod customer;
pub mod edit;
pub mod import;
pub mod list;
pub mod occurrence;
pub mod open_ticket;
pub mod register;
pub mod remove;
pub mod report;
pub mod ticket;

//! The use cases of Guichet: what happens, in which order, in one transaction, under whose rights.
//!
//! Knows the database and the files. Does not know HTTP, pages, cookies or translations, and sends
//! nothing anywhere: what has to leave is a row that a job relays.

pub mod access;
pub mod account;
pub mod actor;
mod audit;
pub mod bench;
pub mod calendars;
pub mod chat;
pub mod clocks;
mod conflict;
pub mod ctx;
pub mod cursor;
pub mod customer_occurrences;
pub mod customers;
pub mod db;
mod deadlines;
pub mod demo;
pub mod documents;
pub mod drafts;
pub mod error;
pub mod events;
mod exports;
pub mod fsck;
pub mod history;
pub mod home;
pub mod idempotency;
pub mod install;
pub mod jobs;
pub mod knowledge;
mod links;
pub mod lists;
pub mod mail;
pub mod messages;
pub mod moments;
pub mod notifications;
pub mod occurrences;
mod pending;
pub mod people;
pub mod refused_forms;
pub mod requests;
pub mod sanitise;
pub mod scope;
mod seal;
pub mod search;
pub mod settings;
mod signed_links;
pub mod solutions;
pub mod sql;
pub mod statistics;
pub mod surveys;
pub mod tasks;
pub mod templates;
pub mod tickets;
pub mod tokens;
pub mod validations;
mod versions;
pub mod work;

pub use ctx::{Clock, Ctx, Services};
pub use error::ServiceError;

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
mod conflict;
pub mod ctx;
pub mod cursor;
pub mod db;
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
mod links;
pub mod lists;
pub mod mail;
pub mod messages;
pub mod moments;
pub mod notifications;
pub mod occurrences;
pub mod people;
pub mod requests;
pub mod sanitise;
pub mod scope;
mod seal;
pub mod search;
pub mod settings;
pub mod sql;
pub mod templates;
pub mod tickets;
pub mod tokens;
pub mod work;

pub use ctx::{Clock, Ctx, Services};
pub use error::ServiceError;

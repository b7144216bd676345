//! The words, rules, limits and wire types of Guichet.
//!
//! Pure: no clock, no randomness, no database, no network, no prose. Everything here compiles for the
//! browser and for the server alike; whoever needs the time or a row passes it in.

pub mod access;
pub mod calendar;
pub mod chat;
pub mod clock;
pub mod csv;
pub mod customer;
pub mod duration;
pub mod error;
pub mod format;
pub mod forms;
pub mod html;
pub mod ids;
pub mod knowledge;
pub mod lang;
pub mod lists;
pub mod mail;
pub mod message;
pub mod notification;
pub mod occurrence;
pub mod pending;
pub mod policy;
pub mod search;
pub mod settings;
pub mod solution;
pub mod statistics;
pub mod survey;
pub mod task;
pub mod template;
pub mod text;
pub mod ticket;
pub mod validation;
pub mod views;

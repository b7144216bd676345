//! What is neither a page nor REST: files, texts of expired sign-ins, live events, health, assets.

pub mod assets;
pub mod attachments;
pub mod audit;
pub mod customers;
pub mod draft_form;
pub mod events;
pub mod health;
pub mod history;
pub mod ical;
pub mod not_found;
pub mod refused_form;
pub mod reports;
pub mod search;
pub mod signed;
pub mod thumbnails;
pub mod unsent;
pub mod unsubscribe;

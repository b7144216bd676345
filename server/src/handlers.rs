//! What is neither a page nor REST: files, texts of expired sign-ins, live events, health, assets.

pub mod assets;
pub mod attachments;
pub mod audit;
pub mod draft_form;
pub mod events;
pub mod health;
pub mod history;
pub mod not_found;
pub mod unsent;
pub mod unsubscribe;

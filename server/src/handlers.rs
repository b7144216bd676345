//! What is neither a page nor REST: files, live events, health, assets.

pub mod assets;
pub mod attachments;
pub mod events;
pub mod health;
pub mod not_found;

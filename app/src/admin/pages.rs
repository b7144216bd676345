//! The pages.

pub mod entities;
pub mod entity;
pub mod group;
pub mod groups;
pub mod invitation;
pub mod role;
pub mod roles;
pub mod user;
pub mod users;
pub mod why;

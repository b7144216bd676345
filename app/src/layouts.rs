//! What stands around a page: for agents, for requesters, for nobody yet.

pub mod agent;
pub(crate) mod answer;
pub(crate) mod approvals;
pub mod auth;
pub mod bell;
pub mod own;
pub mod own_menu;
pub mod portal;

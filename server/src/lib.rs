//! Wiring: listening, headers, sessions, routes, commands. No rule and no SQL lives here.

pub mod api;
pub mod cli;
pub mod config;
pub mod handlers;
pub mod middleware;
pub mod router;
pub mod site;
pub mod state;

pub use router::router;
pub use state::AppState;

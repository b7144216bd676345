//! Signing in and out, the first set-up, the own profile, the own drafts.

#[cfg(feature = "ssr")]
pub mod pages;
pub mod preferences;
pub mod server_fns;

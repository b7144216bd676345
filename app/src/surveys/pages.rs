//! The page outside of sign-in.

pub mod link;

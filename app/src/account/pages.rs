//! Pages of the account.

pub mod drafts;
pub mod profile;
pub mod set_up;
pub mod sign_in;

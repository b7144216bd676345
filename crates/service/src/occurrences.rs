//! Occurrences: what a person writes into a ticket (tickets.md section 8).

mod add;
mod edit;
mod read;
mod remove;
pub(crate) mod rows;

pub use add::add;
pub(crate) use add::{Plain, add_plain};
pub use edit::edit;
pub use read::{OccurrenceQuery, get, list, page, revisions};
pub use remove::remove;

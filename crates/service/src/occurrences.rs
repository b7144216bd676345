//! Occurrences: what a person writes into a ticket (tickets.md section 8).

mod add;
mod automatic;
mod edit;
mod list;
mod read;
mod remove;
pub(crate) mod rows;

pub use add::add;
pub(crate) use add::{Parsed, Plain, add_from_elsewhere, add_named, add_plain, attachments, check, insert};
pub(crate) use automatic::add_automatic;
pub use edit::edit;
pub(crate) use edit::{drop_file, lock_to_change, require_editor};
pub use list::{OccurrenceQuery, list};
pub use read::{get, page, revisions};
pub use remove::remove;

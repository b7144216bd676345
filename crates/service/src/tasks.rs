//! Tasks: what is to be done for a ticket, by whom and when (tickets.md section 12).
//!
//! A task is an entry like an occurrence: it has revisions, a tombstone, files and a draft, and stands in the same timeline,
//! index and history. Belongs here: what only tasks have. Does not belong here: rules (`domain::task`), statuses of the ticket
//! (`tickets::state`), the job that reminds (`jobs`).

mod add;
mod edit;
mod feed;
mod fields;
mod leaving;
mod list;
mod mine;
mod open;
mod page;
mod pause;
mod people;
mod planner;
mod plans;
mod read;
mod remove;
mod revisions;
pub(crate) mod rows;

pub use add::add;
pub(crate) use add::{Parsed, insert};
pub use edit::edit;
pub(crate) use edit::{drop_file, lock_to_change};
pub use feed::{calendar, make_feed, revoke_feed};
pub(crate) use fields::{group as check_group, user as check_user};
pub(crate) use leaving::{hand_over, held_by};
pub use list::{TaskQuery, list};
pub use mine::mine;
pub(crate) use mine::numbers;
pub(crate) use open::{finish_open, open_of};
pub use page::{begin, page};
pub use pause::{PAUSE, pause};
pub use planner::{PlannerQuery, move_to, planner};
pub(crate) use plans::{count_of_open as count_of_open_plans, has_open as has_open_plan};
pub use read::{get, of_ticket};
pub use remove::remove;
pub use revisions::revisions;
pub(crate) use rows::require_writer;

/// Kind of the entry, of its draft, of its index rows and events.
pub const KIND: &str = "task";

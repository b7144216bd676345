//! Solutions and the three ways in which a ticket is closed (T-SOL): solving, the answer of the requester side in the product or by
//! a signed link, closing by hand, closing by time (`jobs::close_solved`).
//!
//! A solution is an entry of the timeline like an occurrence, always public, never removed, with former versions. Only the last
//! one of a ticket counts.

mod add;
mod answer;
mod article;
mod automatic;
pub(crate) mod closing;
mod edit;
mod links;
mod list;
mod page;
pub(crate) mod rows;
mod unread;
mod warnings;

use domain::policy;
use domain::settings::Key;

pub use self::add::add;
pub(crate) use self::add::{Parsed, add_from_elsewhere, check, insert};
pub use self::answer::answer;
pub use self::article::{insert_article, keep_typed};
pub(crate) use self::automatic::solve_automatically;
pub use self::edit::edit;
pub(crate) use self::edit::{drop_file, lock_to_change, require_editor};
pub(crate) use self::links::address;
pub use self::links::{act, open};
pub use self::list::{SolutionQuery, get, list};
pub use self::page::{edit_page, solve_page};
pub(crate) use self::rows::{because, refused};
pub(crate) use self::unread::unread;
pub(crate) use self::warnings::open_tasks;
pub use self::warnings::warnings;
use crate::settings::Settings;
use crate::tickets::Loaded;

/// Kind of the entry, in addresses, drafts, files, index and events.
pub const KIND: &str = "solution";

/// Whether somebody reads the solutions of a ticket that he sees: agents always, the requester side and the portal where setting
/// 371 shows them.
pub(crate) fn sees(loaded: &Loaded, settings: &Settings, portal: bool) -> bool {
    let shows = (loaded.is_agent() && !portal) || settings.is_on(Key::PortalShowSolution);
    shows && policy::can_see_entry(loaded.caps, false, false)
}

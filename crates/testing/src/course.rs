//! A random course of commands as a desk has to answer it: the table (`table`), and what stands around it in the product, which
//! rights and settings decide before (T-GEN-02) and answers that are given twice (T-SOL-07).

use domain::settings::Key;

use crate::table::{self, Act, Closing, House, Policy, Standing};
use crate::world::World;

/// Days within which requesters may reopen, and after which a solved ticket closes.
const DAYS: &str = "3";
/// Seconds of an [`Act::Wait`].
const WAIT: i64 = 8 * 86_400;

/// What the desk has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It is done, and the ticket stands as [`Course::status`] says.
    Done,
    /// Refused by state, 409 with this code.
    Refused(&'static str),
    /// Refused by this setting, 403.
    Disabled(&'static str),
    /// For this person the ticket is not there, 404.
    Missing,
}

/// Who said last what of the solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Nothing,
    Approved,
    Refused,
}

/// A ticket of `requester1` under way: every act of the service side is the supervisor's.
#[derive(Debug)]
pub struct Course {
    seed: u64,
    house: House,
    acts: std::vec::IntoIter<Act>,
    standing: Standing,
    said: Said,
    was_assigned: bool,
}

impl Course {
    /// The course of a seed, which is that of the machine too.
    #[must_use]
    pub fn of(seed: u64, length: usize) -> Self {
        let (house, acts) = table::course(seed, length);
        let acts = acts.into_iter();
        Self { seed, house, acts, standing: Standing::NEW, said: Said::Nothing, was_assigned: false }
    }

    /// The settings of its house, at the entity of the requests.
    pub async fn settle(&self, world: &World) {
        let yes = |is_on: bool| if is_on { "true" } else { "false" };
        let policy = match self.house.policy {
            Policy::Reopen => "reopen",
            Policy::Ask => "ask",
            Policy::AppendOnly => "append-only",
        };
        let closing = match self.house.closing {
            Closing::Never => "never",
            Closing::AtOnce => "0",
            Closing::Later => DAYS,
        };
        for (key, value) in [
            (Key::PortalRegisterOccurrence, yes(self.house.replies)),
            (Key::PortalCancel, yes(self.house.cancels)),
            (Key::ReopenPolicy, policy),
            (Key::AutoCloseDays, closing),
            (Key::ReopenDays, DAYS),
        ] {
            world.set(key, world.brasil, value).await;
        }
    }

    /// The next act, and what the desk has to say. Acts without an object are left out: nobody to take away, no plan to end, no
    /// merging, which no command of this release does. Time passes here, and the trash is the supervisor's.
    pub fn next(&mut self, world: &World) -> Option<(Act, Expected)> {
        loop {
            let act = self.acts.next()?;
            match act {
                Act::Merge => {}
                Act::Unassign if !self.standing.assigned => {}
                Act::EndPlan if !self.standing.planned => {}
                Act::Wait => {
                    world.advance(WAIT);
                    self.standing = self.standing.after(act, self.house).unwrap_or(self.standing);
                }
                _ => {
                    // What happens in the same second could not be told apart.
                    world.advance(1);
                    return Some((act, self.answer(act)));
                }
            }
        }
    }

    fn answer(&mut self, act: Act) -> Expected {
        let is_requester = matches!(
            act,
            Act::NoteByRequester | Act::Approve | Act::Refuse | Act::ReopenByRequester | Act::CancelByRequester
        );
        if is_requester && self.standing.deleted {
            return Expected::Missing;
        }
        match act {
            Act::NoteByRequester if !self.house.replies => {
                return Expected::Disabled(Key::PortalRegisterOccurrence.as_str());
            }
            Act::CancelByRequester if !self.house.cancels => return Expected::Disabled(Key::PortalCancel.as_str()),
            // The job looks for what is due, and leaves the rest alone.
            Act::AutoClose if !self.standing.due || self.standing.deleted => return Expected::Done,
            Act::Approve if self.said == Said::Approved && self.standing.status == "closed" => return Expected::Done,
            Act::Refuse if self.said == Said::Refused && self.is_open() => return Expected::Done,
            _ => {}
        }
        let was_open = self.is_open();
        match self.standing.after(act, self.house) {
            Err(code) => Expected::Refused(code),
            Ok(after) => {
                self.standing = after;
                self.was_assigned |= after.assigned;
                self.said = match act {
                    Act::Approve => Said::Approved,
                    Act::Solve | Act::SolveAndClose | Act::ReopenByAgent => Said::Nothing,
                    // Whoever opens it again refuses what was proposed.
                    _ if is_requester && !was_open && self.is_open() => Said::Refused,
                    _ => self.said,
                };
                Expected::Done
            }
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.standing.status, "new" | "assigned" | "planned" | "pending")
    }

    /// Where the ticket has to stand now.
    #[must_use]
    pub const fn status(&self) -> &'static str {
        self.standing.status
    }

    /// Whether anybody was ever assigned to it.
    #[must_use]
    pub const fn was_assigned(&self) -> bool {
        self.was_assigned
    }

    /// What a failure is told with.
    #[must_use]
    pub fn place(&self, act: Act) -> String {
        format!("course {}: {act:?}, now {:?} under {:?}", self.seed, self.standing, self.house)
    }
}

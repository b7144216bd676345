//! The table of the state machine (tickets.md section 5), written down a second time and on its own: it knows no type of the
//! product, so that nothing can agree with it by being it. Random courses of commands are judged by it.
//!
//! The file is read twice, here and by the tests of `domain`, which cannot depend on this crate.

/// What happens to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A first or further assignee.
    Assign,
    /// The last assignee goes.
    Unassign,
    /// A task becomes an open plan.
    Plan,
    /// The last open plan ends.
    EndPlan,
    /// An occurrence of the service side.
    NoteByAgent,
    /// A public occurrence of the requester side.
    NoteByRequester,
    /// On hold.
    Suspend,
    /// Resumed.
    Reactivate,
    /// A solution is proposed.
    Solve,
    /// The requester side approves.
    Approve,
    /// The requester side refuses.
    Refuse,
    /// Closed by hand, without a solution.
    Close,
    /// Closed by hand, with one.
    SolveAndClose,
    /// The job closes.
    AutoClose,
    /// An agent opens it again.
    ReopenByAgent,
    /// The requester side does.
    ReopenByRequester,
    /// The service side cancels.
    CancelByAgent,
    /// The requester side does.
    CancelByRequester,
    /// Merged into another one.
    Merge,
    /// To the trash.
    Delete,
    /// And back.
    Restore,
    /// So much time passes that requesters may no longer reopen and solved tickets are due.
    Wait,
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::Assign,
        Self::Unassign,
        Self::Plan,
        Self::EndPlan,
        Self::NoteByAgent,
        Self::NoteByRequester,
        Self::Suspend,
        Self::Reactivate,
        Self::Solve,
        Self::Approve,
        Self::Refuse,
        Self::Close,
        Self::SolveAndClose,
        Self::AutoClose,
        Self::ReopenByAgent,
        Self::ReopenByRequester,
        Self::CancelByAgent,
        Self::CancelByRequester,
        Self::Merge,
        Self::Delete,
        Self::Restore,
        Self::Wait,
    ];
}

/// What a reply of the requester side does to a solved ticket (`reopen_policy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// T-STA-09.
    Reopen,
    /// T-STA-10.
    Ask,
    /// T-STA-11.
    AppendOnly,
}

/// What `auto_close_days` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// `never`.
    Never,
    /// `0`.
    AtOnce,
    /// Some days, fewer than pass in a [`Act::Wait`].
    Later,
}

/// The settings of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct House {
    /// 252: requesters may write.
    pub replies: bool,
    /// 302: requesters may cancel.
    pub cancels: bool,
    /// What their reply to a solution does.
    pub policy: Policy,
    /// When a solved ticket closes by itself.
    pub closing: Closing,
}

/// How a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its status.
    pub status: &'static str,
    /// Somebody is assigned.
    pub assigned: bool,
    /// It has an open plan.
    pub planned: bool,
    /// It lies in the trash.
    pub deleted: bool,
    /// It was merged into another one.
    pub merged: bool,
    /// It is closed, and requesters may no longer open it again (T-CLK-10).
    pub late: bool,
    /// It is solved, and its time to close by itself has come (T-STA-22).
    pub due: bool,
    /// A validation blocks solving and closing (T-VAL-08).
    pub blocked: bool,
    /// Who acts passes over it.
    pub passed: bool,
}

impl Standing {
    /// A new ticket without anything.
    pub const NEW: Self = Self {
        status: "new",
        assigned: false,
        planned: false,
        deleted: false,
        merged: false,
        late: false,
        due: false,
        blocked: false,
        passed: false,
    };

    /// *rest(t)*.
    const fn rest(self) -> &'static str {
        match (self.planned, self.assigned) {
            (true, _) => "planned",
            (false, true) => "assigned",
            (false, false) => "new",
        }
    }

    /// What the act itself brings, whatever the status becomes.
    const fn with(self, act: Act) -> Self {
        match act {
            Act::Assign => Self { assigned: true, ..self },
            Act::Unassign => Self { assigned: false, ..self },
            Act::Plan => Self { planned: true, ..self },
            Act::EndPlan => Self { planned: false, ..self },
            Act::Merge => Self { merged: true, ..self },
            Act::Delete => Self { deleted: true, ..self },
            Act::Restore => Self { deleted: false, ..self },
            _ => self,
        }
    }

    /// How it stands after an act; the code of T-STA-29 where it is refused, and then nothing has changed.
    ///
    /// # Errors
    /// That code, `reopen_period_over`, `validation_blocks`; `setting` where a setting forbids it.
    pub fn after(self, act: Act, house: House) -> Result<Self, &'static str> {
        match act {
            Act::Delete if self.deleted => return Err("ticket_deleted"),
            Act::Restore if !self.deleted => return Err("transition_not_allowed"),
            Act::Delete | Act::Restore => return Ok(self.with(act)),
            Act::Wait => {
                let due = self.status == "solved" && house.closing == Closing::Later;
                return Ok(Self { late: self.status == "closed", due, ..self });
            }
            _ => {}
        }
        if self.deleted {
            return Err("ticket_deleted");
        }
        if self.merged {
            return Err("ticket_merged");
        }
        if self.status == "cancelled" {
            return Err("ticket_cancelled");
        }
        let after = self.with(act);
        let status = match cell(self.status, act, house) {
            Cell::No(code) => return Err(code),
            Cell::Same => self.status,
            Cell::Rest => after.rest(),
            Cell::To(status) => status,
        };
        match act {
            Act::NoteByRequester if !house.replies => return Err("setting"),
            Act::CancelByRequester if !house.cancels => return Err("setting"),
            Act::ReopenByRequester if self.late => return Err("reopen_period_over"),
            Act::Solve | Act::SolveAndClose | Act::Approve | Act::Close | Act::AutoClose
                if self.blocked && !self.passed =>
            {
                return Err("validation_blocks");
            }
            _ => {}
        }
        // What a ticket waits for is counted from when its status begins, and anew from a reply that asks (T-STA-10).
        let is_asked = act == Act::NoteByRequester && self.status == "solved" && house.policy == Policy::Ask;
        let goes_on = status == self.status && !is_asked;
        Ok(Self { status, late: after.late && goes_on, due: after.due && goes_on, ..after })
    }
}

#[derive(Clone, Copy)]
enum Cell {
    Same,
    Rest,
    To(&'static str),
    No(&'static str),
}

/// The statuses in the order of the columns; nothing happens to a cancelled ticket.
const COLUMNS: [&str; 6] = ["new", "assigned", "planned", "pending", "solved", "closed"];

/// T-STA-02..28, a row for each act.
fn cell(status: &str, act: Act, house: House) -> Cell {
    const S: Cell = Cell::Same;
    const R: Cell = Cell::Rest;
    const A: Cell = Cell::To("assigned");
    const P: Cell = Cell::To("planned");
    const W: Cell = Cell::To("pending");
    const D: Cell = Cell::To("solved");
    const C: Cell = Cell::To("closed");
    const X: Cell = Cell::To("cancelled");
    const TC: Cell = Cell::No("ticket_closed");
    const AS: Cell = Cell::No("already_solved");
    const NP: Cell = Cell::No("not_pending");
    const NS: Cell = Cell::No("not_solved");
    const SR: Cell = Cell::No("solution_required");
    const NO: Cell = Cell::No("transition_not_allowed");
    // T-STA-09..11 and T-STA-15, 16 depend on settings.
    let reply = if house.policy == Policy::Reopen { R } else { S };
    let solved = if house.closing == Closing::AtOnce { C } else { D };
    #[rustfmt::skip]
    let row = match act {
        //                         new     assd    plan    pend    solved  closed
        Act::Assign            => [A,      S,      S,      S,      S,      TC],
        Act::Unassign          => [NO,     R,      R,      R,      S,      TC],
        Act::Plan              => [P,      P,      S,      S,      S,      TC],
        Act::EndPlan           => [NO,     NO,     R,      S,      S,      TC],
        Act::NoteByAgent       => [S,      S,      S,      S,      S,      TC],
        Act::NoteByRequester   => [S,      S,      S,      R,      reply,  TC],
        Act::Suspend           => [W,      W,      W,      W,      NO,     TC],
        Act::Reactivate        => [NP,     NP,     NP,     R,      NP,     NP],
        Act::Solve             => [solved, solved, solved, solved, AS,     TC],
        Act::Approve           => [NS,     NS,     NS,     NS,     C,      TC],
        Act::Refuse            => [NS,     NS,     NS,     NS,     R,      TC],
        Act::Close             => [SR,     SR,     SR,     SR,     C,      TC],
        Act::SolveAndClose     => [C,      C,      C,      C,      AS,     TC],
        Act::AutoClose         => [NO,     NO,     NO,     NO,     C,      TC],
        Act::ReopenByAgent     => [NO,     NO,     NO,     NO,     R,      R],
        Act::ReopenByRequester => [NO,     NO,     NO,     NO,     NO,     R],
        Act::CancelByAgent     => [X,      X,      X,      X,      X,      TC],
        Act::CancelByRequester => [X,      X,      X,      X,      NO,     TC],
        Act::Merge             => [C,      C,      C,      C,      C,      C],
        // They are no rows of the table: the caller has answered them.
        Act::Delete | Act::Restore | Act::Wait => [S; 6],
    };
    let column = COLUMNS.iter().position(|known| *known == status).and_then(|at| row.get(at).copied());
    column.unwrap_or(Cell::No("no such status"))
}

/// Chance that repeats itself: splitmix64.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The throws of a seed.
    #[must_use]
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 up to, not including, `sides`; 0 when there are none.
    pub fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)).checked_rem(sides).unwrap_or(0)
    }
}

/// The settings and the acts of a seed: the same ones wherever they are played.
#[must_use]
pub fn course(seed: u64, length: usize) -> (House, Vec<Act>) {
    let mut dice = Dice::of(seed);
    let house = House {
        // Mostly as shipped, so that most courses get somewhere.
        replies: dice.throw(8) > 0,
        cancels: dice.throw(2) > 0,
        policy: match dice.throw(3) {
            0 => Policy::Ask,
            1 => Policy::AppendOnly,
            _ => Policy::Reopen,
        },
        closing: match dice.throw(4) {
            0 => Closing::Never,
            1 => Closing::AtOnce,
            _ => Closing::Later,
        },
    };
    let mut acts = Vec::with_capacity(length);
    while acts.len() < length {
        let at = dice.throw(22);
        let found = Act::ALL.iter().zip(0..).find(|(_, place)| *place == at);
        let Some((act, _)) = found else { continue };
        // What nothing follows comes seldom.
        let is_last = matches!(act, Act::CancelByAgent | Act::CancelByRequester | Act::Merge);
        if !is_last || dice.throw(4) == 0 {
            acts.push(*act);
        }
    }
    (house, acts)
}

//! What a ticket is: its statuses, types and sides. The one state machine is `machine`, the priority
//! matrix `priority`.
//!
//! Belongs here: words and rules of the ticket itself. Does not belong here: who may do something
//! (`policy`), what a page gets (`views`), the stored form (`entity`).

/// Makes an enum whose variants have one word each, on the wire, in the database and in `FromStr`.
macro_rules! words {
    ($(#[$outer:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident => $text:literal),+ $(,)? }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every value, in the order of the specification.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word on the wire and in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::error::Code;

            /// Reads the exact word; any other is `Code::Invalid`.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok($name::$variant),)+
                    _ => Err(crate::error::Code::Invalid),
                }
            }
        }
    };
}
pub(crate) use words;

pub mod machine;
pub mod priority;

words! {
    /// Where a ticket stands (tickets.md section 5); only `machine::apply` changes it.
    pub enum Status {
        /// Nobody is assigned.
        New => "new",
        /// A user or group is assigned.
        Assigned => "assigned",
        /// A task has a planned begin and is not done.
        Planned => "planned",
        /// On hold, waiting for something outside.
        Pending => "pending",
        /// A solution waits for the answer of the requester.
        Solved => "solved",
        /// Over; can be reopened.
        Closed => "closed",
        /// Over for ever.
        Cancelled => "cancelled",
    }
}

impl Status {
    /// *open* of section 5: work is still to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Status::New | Status::Assigned | Status::Planned | Status::Pending)
    }

    /// Phase *over* of T-CLK-01: closed or cancelled.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Status::Closed | Status::Cancelled)
    }
}

words! {
    /// Kind of a ticket (section 4).
    #[derive(Default)]
    pub enum TicketType {
        /// Something that worked does not; the default for agents.
        #[default]
        Incident => "incident",
        /// Somebody wants something new; the default in the portal.
        Request => "request",
    }
}

words! {
    /// From which side somebody acts on a ticket (T-ROL-05); `policy::side_of` decides.
    pub enum Side {
        /// Requester, or member of a requester group.
        Requester => "requester",
        /// Assigned, or an agent who is not on the requester side.
        Service => "service",
        /// On neither side.
        Observer => "observer",
        /// Jobs and automatic events (T-GEN-11).
        System => "system",
    }
}

words! {
    /// Setting `reopen_policy`: what a reply of the requester side does to a solved ticket (T-STA-09..11).
    #[derive(Default)]
    pub enum ReopenPolicy {
        /// The ticket opens again (T-STA-09).
        #[default]
        Reopen => "reopen",
        /// The requester is asked whether his request is solved (T-STA-10).
        Ask => "ask",
        /// The reply is kept, nothing else happens (T-STA-11).
        AppendOnly => "append-only",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn words_on_the_wire_are_those_of_the_specification() {
        let words: Vec<&str> = Status::ALL.iter().copied().map(Status::as_str).collect();
        assert_eq!(words, ["new", "assigned", "planned", "pending", "solved", "closed", "cancelled"]);
        for status in Status::ALL {
            assert_eq!(status.as_str().parse::<Status>(), Ok(*status));
            assert_eq!(serde_json::to_string(status).unwrap(), format!("\"{status}\""));
        }
        assert_eq!("New".parse::<Status>(), Err(Code::Invalid));
        assert_eq!(TicketType::default().as_str(), "incident");
        assert_eq!("append-only".parse::<ReopenPolicy>(), Ok(ReopenPolicy::AppendOnly));
        assert_eq!(serde_json::to_string(&Side::Requester).unwrap(), "\"requester\"");
    }

    #[test]
    fn a_status_is_open_or_over_or_solved() {
        let open: Vec<bool> = Status::ALL.iter().copied().map(Status::is_open).collect();
        assert_eq!(open, [true, true, true, true, false, false, false]);
        let over: Vec<bool> = Status::ALL.iter().copied().map(Status::is_over).collect();
        assert_eq!(over, [false, false, false, false, false, true, true]);
    }
}

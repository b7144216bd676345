//! Names of things: one type for each kind of id, so that a ticket's id can never stand for an entry's.
//!
//! Belongs here: ids and public numbers. Does not belong here: making them (needs clock and chance,
//! `service::ctx` does it).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Code;

/// A text that is no id or number of the wanted kind; pages answer it like an unknown object (404).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid id")]
pub struct InvalidId;

impl From<InvalidId> for Code {
    fn from(_: InvalidId) -> Self {
        Code::Invalid
    }
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID made or read elsewhere.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, as the database stores it.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match Uuid::parse_str(text) {
                    Ok(uuid) => Ok(Self(uuid)),
                    Err(_) => Err(InvalidId),
                }
            }
        }
    )+ };
}

id! {
    /// A person with an account.
    UserId,
    /// A group of users.
    GroupId,
    /// A node of the entity tree.
    EntityId,
    /// A named set of capabilities.
    RoleId,
    /// A ticket; people see its `TicketNumber` instead.
    TicketId,
    /// An occurrence of a ticket.
    OccurrenceId,
    /// A stored file.
    DocumentId,
    /// A text that is not saved yet.
    DraftId,
    /// A row of an administrator's list (category, source, pending reason …).
    ListRowId,
    /// A former state of an entry.
    RevisionId,
    /// An event of a ticket's history.
    EventId,
    /// An API token.
    TokenId,
    /// A sign-in of a browser.
    SessionId,
    /// An assignment (entity, role, recursive) of a user.
    AssignmentId,
}

/// The public number of a ticket (T-GEN-10), starts at 1; shown as `#42`, written here without the sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TicketNumber(pub i64);

impl TicketNumber {
    /// The bare number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl From<i64> for TicketNumber {
    fn from(number: i64) -> Self {
        Self(number)
    }
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for TicketNumber {
    type Err = InvalidId;

    /// Reads plain ASCII digits of a number from 1 on; signs and spaces make no second address of a ticket.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(InvalidId);
        }
        match text.parse::<i64>() {
            Ok(number) if number > 0 => Ok(Self(number)),
            _ => Err(InvalidId),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";

    #[test]
    fn ids_are_plain_strings_on_the_wire_and_survive_the_way_back() {
        let id: TicketId = TEXT.parse().unwrap();
        assert_eq!(id.to_string(), TEXT);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{TEXT}\""));
        assert_eq!(serde_json::from_str::<TicketId>(&json).unwrap(), id);
        assert_eq!(TicketId::from(id.uuid()), id);
    }

    #[test]
    fn a_text_that_is_no_uuid_is_refused() {
        assert_eq!("42".parse::<UserId>(), Err(InvalidId));
        assert_eq!(Code::from(InvalidId), Code::Invalid);
    }

    #[test]
    fn t_gen_10_a_ticket_number_is_a_positive_integer_without_sign() {
        assert_eq!("42".parse::<TicketNumber>(), Ok(TicketNumber(42)));
        assert_eq!(TicketNumber(42).to_string(), "42");
        for wrong in ["", "0", "-1", "+1", " 1", "#1", "1.0", "١", "99999999999999999999"] {
            assert_eq!(wrong.parse::<TicketNumber>(), Err(InvalidId), "{wrong}");
        }
    }
}

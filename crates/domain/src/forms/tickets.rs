//! Tickets: creation, fields, commands.

use serde::{Deserialize, Serialize};

use super::Patch;
use crate::occurrence::BodyFormat;

/// A new ticket (T-TKT-01). People are `user:<id>`, `group:<id>`, `email:<address>`, or an address as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CreateTicket {
    /// Idempotency key; empty = none.
    pub key: String,
    /// Entity id; empty = the requester's.
    pub entity: String,
    /// `incident`, `request`, in My requests also `question`; empty = default of the channel.
    pub kind: String,
    /// Up to 250 characters; empty = first words of the description (agents).
    pub title: String,
    /// Rich text, required.
    pub description: String,
    /// How `description` was written.
    pub format: BodyFormat,
    /// 1..5 as text; empty = 3.
    pub urgency: String,
    /// 1..5 as text; empty = 3; agents only.
    pub impact: String,
    /// 1..6 as text; empty = computed.
    pub priority: String,
    /// Ticket category id; empty = none.
    pub category: String,
    /// Request source id; empty = default.
    pub source: String,
    /// Location id; empty = none.
    pub location: String,
    /// 0..50; empty = the writer.
    pub requesters: Vec<String>,
    /// 0..50.
    pub observers: Vec<String>,
    /// 0..50; `me` = the writer.
    pub assignees: Vec<String>,
    /// Empty = now.
    pub opened_at: String,
    /// Time to own.
    pub due_own_at: String,
    /// Time to resolve.
    pub due_resolve_at: String,
    /// Customer id; empty = none; agents only.
    pub customer: String,
    /// Ids of uploads, at most 20.
    pub attachments: Vec<String>,
    /// Number of the closed or cancelled ticket this one follows (T-STA-30); empty = none.
    pub follow_up_of: String,
    /// Page it was written on: `request` = My requests.
    pub from: String,
}

impl CreateTicket {
    /// Whether it was written in My requests: then its rules are those of the portal, whoever writes (P-NEW-02).
    #[must_use]
    pub fn is_of_portal(&self) -> bool {
        self.from == "request"
    }
}

/// One property of a ticket, saved in place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UpdateTicket {
    /// Number of the ticket.
    pub number: i64,
    /// Version the form was made from.
    pub version: i32,
    /// `title`, `description`, `urgency`, `impact`, `priority`, `source`, `location`, `requesters`, `observers`.
    pub field: String,
    /// The new value as text; lists: separated by line breaks or commas; empty = none.
    pub value: String,
    /// How a description is written.
    pub format: BodyFormat,
    /// Set when the writer has seen the conflict and keeps his value.
    pub keep_mine: bool,
}

/// A partial change of a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketPatch {
    /// Version the change was made from.
    pub version: Option<i32>,
    /// `If-Match`.
    pub if_match: Option<i32>,
    /// New title.
    pub title: Patch<String>,
    /// New description.
    pub description: Patch<String>,
    /// How `description` is written.
    pub format: BodyFormat,
    /// 1..5.
    pub urgency: Patch<String>,
    /// 1..5.
    pub impact: Patch<String>,
    /// 1..6.
    pub priority: Patch<String>,
    /// Request source id.
    pub source: Patch<String>,
    /// Location id.
    pub location: Patch<String>,
    /// The whole list.
    pub requesters: Patch<Vec<String>>,
    /// The whole list.
    pub observers: Patch<Vec<String>>,
    /// Customer id.
    pub customer: Patch<String>,
    /// Files of the description from now on.
    pub attachments: Patch<Vec<String>>,
}

/// A command on a ticket: a trigger of the state machine or a change of its people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// T-TKT-03; with `take_over` replaces the assigned users.
    #[default]
    Take,
    /// T-TKT-04.
    GiveBack,
    /// Whole list, or add and remove.
    Assign,
    /// T-TKT-05.
    Delegate,
    /// T-TKT-06.
    Reclassify,
    /// T-CLK-07.
    ChangeSla,
    /// T-STA-12, 13.
    Suspend,
    /// T-STA-14.
    Reactivate,
    /// T-STA-20.
    Close,
    /// T-STA-23, 24.
    Reopen,
    /// T-STA-25, 26.
    Cancel,
    /// To the trash (T-TKT-08).
    Delete,
    /// Back from the trash.
    Restore,
    /// Out of the trash, for ever.
    Purge,
}

impl Command {
    /// Every command.
    pub const ALL: &[Self] = &[
        Self::Take,
        Self::GiveBack,
        Self::Assign,
        Self::Delegate,
        Self::Reclassify,
        Self::ChangeSla,
        Self::Suspend,
        Self::Reactivate,
        Self::Close,
        Self::Reopen,
        Self::Cancel,
        Self::Delete,
        Self::Restore,
        Self::Purge,
    ];

    /// The word in the address of the API and in `actions`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::GiveBack => "give-back",
            Self::Assign => "assign",
            Self::Delegate => "delegate",
            Self::Reclassify => "reclassify",
            Self::ChangeSla => "change-sla",
            Self::Suspend => "suspend",
            Self::Reactivate => "reactivate",
            Self::Close => "close",
            Self::Reopen => "reopen",
            Self::Cancel => "cancel",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Purge => "purge",
        }
    }
}

/// A command with its arguments; a command ignores none: what it does not know is `not_allowed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RunCommand {
    /// Number of the ticket.
    pub number: i64,
    /// Which command.
    pub command: Command,
    /// Idempotency key; empty = none.
    pub key: String,
    /// Version with the meaning of `If-Match`; 0 = without comparison.
    pub version: i32,
    /// Take: replace the assigned users.
    pub take_over: bool,
    /// Delegate: `user:<id>` or `group:<id>`.
    pub to: String,
    /// Assign: the whole list.
    pub assignees: Vec<String>,
    /// Assign: `assignees` is the whole list (an empty one empties it).
    pub replace: bool,
    /// Assign: to add.
    pub add: Vec<String>,
    /// Assign: to remove.
    pub remove: Vec<String>,
    /// Justification or reason, up to 2 000 characters (reopen: 10 000).
    pub reason: String,
    /// Suspend: pending reason id.
    pub pending_reason: String,
    /// Suspend: text, up to 2 000 characters.
    pub text: String,
    /// Suspend: the text becomes a public occurrence. Reopen: the reason does.
    pub public: bool,
    /// Reclassify: `incident`, `request`; empty = stays.
    pub kind: String,
    /// Reclassify: category id; `none` empties; empty = stays.
    pub category: String,
    /// Reclassify: entity id; empty = stays.
    pub entity: String,
    /// Reclassify: drop what is not valid in the new entity.
    pub accept_losses: bool,
    /// Change SLA: time; `none` empties; empty = stays.
    pub due_own_at: String,
    /// Change SLA: time; `none` empties; empty = stays.
    pub due_resolve_at: String,
    /// Change SLA: time; empty = stays.
    pub opened_at: String,
    /// Purge: the number once more.
    pub confirm: String,
}

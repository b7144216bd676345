//! Mails beside an entry.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Count, Page};
use crate::error::Code;
use crate::format::Moment;
use crate::mail::MailState;
use crate::notification::Event;

/// One mail of an entry as agents see it (M-DLV-04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailView {
    /// Id, for *Send again*.
    pub id: Uuid,
    /// Name of the recipient; the address where he has none.
    pub name: String,
    /// Address it goes to; empty when there is none.
    pub to: String,
    /// What became of it.
    pub state: MailState,
    /// Answer of the server word for word, or a word of `domain::mail::Unsent`.
    pub answer: Option<String>,
    /// When the state was reached.
    pub at: Moment,
    /// Failed: when it is tried again; absent = final.
    pub next_try_at: Option<Moment>,
    /// The reader may send it again (M-DLV-05).
    pub can_send_again: bool,
}

/// What a form with *send by email* knows before it is sent (M-TRN-03, T-OCC-12).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailOffer {
    /// Why no mail can leave; absent = it can.
    pub reason: Option<Code>,
    /// Who gets one: name and address.
    pub recipients: Vec<String>,
    /// Requesters who get none: no address, or one nobody reads.
    pub without: Vec<String>,
    /// Entity whose settings mend `reason`, for those who may set them (M-TRN-03).
    #[serde(default)]
    pub fix: Option<Uuid>,
    /// Name of the assigned group that has every public occurrence mailed: the tick is set and locked (M-RCP-05).
    #[serde(default)]
    pub insists: Option<String>,
}

/// A mail on the page "Outgoing mail" (M-DLV-09): what became of it, never what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingMail {
    /// Its id.
    pub id: Uuid,
    /// Which mail it is: `requester`, `message`, `notice`, …
    pub kind: String,
    /// What it tells of, of a notification.
    pub event: Option<Event>,
    /// Number of its ticket; absent = it is about none.
    pub ticket: Option<i64>,
    /// Name of the recipient; the address where he has none.
    pub name: String,
    /// Address it goes to.
    pub to: String,
    /// What became of it.
    pub state: MailState,
    /// Answer of the server word for word, or a word of `domain::mail::Unsent`.
    pub answer: Option<String>,
    /// Tries so far.
    pub tries: i32,
    /// When it was queued.
    pub queued_at: Moment,
    /// When the state was reached.
    pub at: Moment,
    /// When it is tried next; absent = final, or it waits for its turn.
    pub next_try_at: Option<Moment>,
    /// It failed for good and may be sent again.
    pub can_send_again: bool,
    /// It waits and may be given up.
    pub can_give_up: bool,
}

/// What of the outgoing mails is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OutgoingQuery {
    /// Word of a state; empty = all.
    pub state: String,
    /// Number of a ticket; empty = all.
    pub ticket: String,
    /// Part of an address or a name; empty = all.
    pub address: String,
    /// Keyset cursor.
    pub cursor: String,
    /// Rows wanted, 1..200; 0 = 50.
    pub limit: u32,
}

/// The page "Outgoing mail" (M-DLV-09).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingView {
    /// The mails, newest first.
    pub page: Page<OutgoingMail>,
    /// How many are in each state, in the order of `MailState::ALL`; counted up to 1 000.
    pub counts: Vec<(MailState, Count)>,
    /// Since when the oldest one waits that was not tried.
    pub oldest_queued: Option<Moment>,
    /// Since when the mail server cannot be reached, and what it said last, for those who may set it (M-TRN-04).
    pub failing: Option<(Moment, String)>,
}

/// What a link in a mail switches off (M-HDR-04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnsubscribeView {
    /// Of which event mails are sent.
    pub event: Event,
    /// They are sent at present.
    pub is_on: bool,
}

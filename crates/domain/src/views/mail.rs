//! Mails beside an entry.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Code;
use crate::format::Moment;
use crate::mail::MailState;

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
}

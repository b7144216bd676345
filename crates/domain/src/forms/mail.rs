//! Outgoing mails.

use serde::{Deserialize, Serialize};

/// *Send again* or *Give up* on the page "Outgoing mail" (M-DLV-09).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutgoingCommand {
    /// Id of the mail.
    pub mail: String,
    /// Idempotency key, 1..128 printable ASCII; empty = none.
    pub key: String,
    /// Where the page returns to.
    pub back: String,
}

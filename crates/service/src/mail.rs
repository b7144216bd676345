//! Mails out: who gets one, the row that is written with its cause, the text that is made from it (mail.md, sections 1 to 6).
//!
//! A use case only writes rows (`queue`); `jobs::relay_outbox` alone hands them to a server, but for the mail of a test
//! (`trial`). Text is made at sending, from the
//! version of the entry the row names, under the rights of that moment.

mod about;
mod account;
mod asked;
mod compose;
mod content;
mod deliveries;
mod dkim;
mod groups;
mod kind;
mod letter;
mod limits;
mod notice;
mod offline;
mod outgoing;
mod past;
mod present;
mod queue;
mod recipients;
mod responsible;
mod shipped;
mod solved_text;
pub mod template;
mod transport;
mod trial;
mod unsubscribe;
mod warnings;
mod words;

use std::sync::Arc;

use domain::error::Code;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

pub(crate) use about::About;
pub(crate) use account::invite;
pub(crate) use compose::{Made, compose};
pub use deliveries::send_again;
pub(crate) use deliveries::{of_entries, sent_ones, state_of, view};
pub use dkim::{Dkim, DkimError};
pub(crate) use kind::Kind;
pub use letter::Envelope;
pub(crate) use limits::is_limited;
pub(crate) use notice::{Listener, tell};
pub(crate) use offline::{can_leave_about_chats, can_reach, of_person};
pub use outgoing::{give_up, outgoing, outgoing_mail, outgoing_send_again};
pub use past::sweep;
pub(crate) use past::{Past, of_past, worst};
pub(crate) use queue::{Cause, ask, copy_to_observers, has_left, queue, recall, record, take_back, told};
pub(crate) use recipients::{
    Recipient, asked, check, has_account, insisted, language_of, offer, offer_new, own_zone, requesters,
};
pub(crate) use responsible::{can_leave as can_notify, notify};
pub(crate) use shipped::ALL as SHIPPED;
pub use transport::{Limits, SendError, Server, ServerError, Step, Tls, Transport};
pub use trial::send_test;
pub(crate) use trial::server_state;
pub use unsubscribe::{unsubscribe, unsubscription};
pub use warnings::failing_since;
pub(crate) use warnings::template_failures;

use crate::error::ServiceError;
use crate::people::{email_address, split_address};
use crate::seal;

/// The way out of this instance: a server, and the address mails come from (M-TRN-01).
#[derive(Debug)]
pub struct Mailer {
    transport: Transport,
    address: String,
    dkim: Option<Dkim>,
    room: Arc<Semaphore>,
}

/// Mails in memory hold at most about so many MiB of files.
const ROOM: u32 = 24;

impl Mailer {
    /// `from` is an address or `Name <address>`; the name people see is a setting (M-HDR-01).
    ///
    /// # Errors
    /// `Invalid` (or `Required`, `TooLong`) when `from` holds no single address.
    pub fn new(transport: Transport, from: &str) -> Result<Self, Code> {
        let (_name, address) = split_address(from);
        Ok(Self {
            transport,
            address: email_address(address)?,
            dkim: None,
            room: Arc::new(Semaphore::new(ROOM as usize)),
        })
    }

    /// The same, signing every mail (M-HDR-06).
    #[must_use]
    pub fn signing(self, dkim: Dkim) -> Self {
        Self { dkim: Some(dkim), ..self }
    }

    /// A mail as it leaves, at `now` in seconds since 1970: signed where the environment wants it.
    fn sign(&self, mail: Vec<u8>, now: i64) -> Vec<u8> {
        match &self.dkim {
            Some(dkim) => dkim.sign(mail, domain_of(&self.address), now),
            None => mail,
        }
    }

    /// The server.
    #[must_use]
    pub const fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Waits for room for a mail of so many MiB.
    async fn room(&self, mib: i64) -> Result<OwnedSemaphorePermit, ServiceError> {
        let share = u32::try_from(mib).unwrap_or(ROOM).clamp(1, ROOM);
        Arc::clone(&self.room).acquire_many_owned(share).await.map_err(ServiceError::internal)
    }

    /// The address in `From`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// First 128 bits of the HMAC of an id under the instance's secret, in lower-case hexadecimal (M-HDR-02): what nobody can guess.
pub(crate) fn mac(secret: &[u8; 32], id: Uuid) -> String {
    keyed(secret, id.as_bytes())
}

/// What tells this instance's mails from those of another (M-HDR-04).
pub(crate) fn instance(secret: &[u8; 32]) -> String {
    keyed(secret, b"instance")
}

fn keyed(secret: &[u8; 32], bytes: &[u8]) -> String {
    seal::mac(secret, &[bytes]).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The part of an address behind its `@`.
pub(crate) fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

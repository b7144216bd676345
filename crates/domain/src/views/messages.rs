//! Messages of a ticket (T-MSG).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActorView, DraftView, MailOffer, MailView};
use crate::format::Moment;
use crate::html::SafeHtml;
use crate::mail::MailState;
use crate::message::Off;
use crate::ticket::Side;

/// Somebody of the other side who has read a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderView {
    /// His name.
    pub name: String,
    /// When he first had it before him.
    pub at: Moment,
}

/// A message as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// Id.
    pub id: Uuid,
    /// Number of the ticket.
    pub ticket: i64,
    /// Who wrote it.
    pub author: ActorView,
    /// `service` or `requester`.
    pub side: Side,
    /// The text as it was typed.
    pub text: String,
    /// The same with its web addresses as links and its line breaks.
    pub html: SafeHtml,
    /// When it was sent.
    pub sent_at: Moment,
    /// Agents: when somebody of the other side first read it. Others: when the reader himself did.
    pub read_at: Option<Moment>,
    /// Who of the other side has read it, the first one first; agents only.
    pub readers: Vec<ReaderView>,
    /// Its mails, oldest first; agents only.
    pub mails: Vec<MailView>,
    /// The worst state of its mails; agents only.
    pub mail_state: Option<MailState>,
    /// At least one mail of it was sent (M-DLV-04).
    pub sent_by_mail: bool,
    /// Written by the reader himself.
    pub mine: bool,
    /// The reader has not read it yet; for the service side answers only.
    pub unread: bool,
    /// The reader wrote it, nobody has read it and no mail was sent: he may take it back (T-MSG-04).
    pub can_withdraw: bool,
}

/// What the page of the messages of one ticket needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagesView {
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// The newest messages, oldest first; with a cursor those before.
    pub messages: Vec<MessageView>,
    /// The way to earlier ones.
    pub earlier_cursor: Option<String>,
    /// Why none can be sent now.
    pub off: Option<Off>,
    /// The reader writes as the requester side.
    pub is_requester: bool,
    /// No requester has an account: a message reaches nobody but by mail (T-MSG-05).
    pub needs_mail: bool,
    /// Whether and to whom the form may mail; absent without `occurrence.send-mail`.
    pub mail: Option<MailOffer>,
    /// Draft of the form.
    pub draft: Option<DraftView>,
    /// A fresh idempotency key.
    pub key: String,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
}

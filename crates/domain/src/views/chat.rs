//! The chat of a ticket (T-CHT).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActorView, DraftView, ReaderView};
use crate::format::Moment;
use crate::html::SafeHtml;
use crate::message::Off;
use crate::ticket::Side;

/// A line as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatLineView {
    /// Id.
    pub id: Uuid,
    /// Number of the ticket.
    pub ticket: i64,
    /// Its place in the chat of the ticket, from 1 on: the order of saving (T-CHT-06).
    pub number: i64,
    /// Who said it.
    pub author: ActorView,
    /// `service` or `requester`.
    pub side: Side,
    /// The text as it was typed.
    pub text: String,
    /// The same with its web addresses as links and its line breaks.
    pub html: SafeHtml,
    /// When it was said.
    pub sent_at: Moment,
    /// Agents: when somebody of the other side first read it. Others: when the reader himself did.
    pub read_at: Option<Moment>,
    /// Who of the other side has read it, the first one first; agents only.
    pub readers: Vec<ReaderView>,
    /// Said by the reader himself.
    pub mine: bool,
    /// The reader has not read it yet.
    pub unread: bool,
}

/// Somebody of a chat besides its reader: who is here now, and who is away and cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatPerson {
    /// By what the event stream names him: his id, for the requester side a word that tells nothing.
    pub key: String,
    /// His name.
    pub name: String,
    /// `service` or `requester`.
    pub side: Side,
    /// He had a stream open within the last minute (T-CHT-02).
    pub online: bool,
    /// He is writing (T-CHT-02).
    pub typing: bool,
    /// He is away, and no mail can reach him (setting 447).
    pub no_mail: bool,
}

/// What the page of a chat needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatView {
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// The lines of this page in their order: the last ones, those before a cursor, or those after a line.
    pub lines: Vec<ChatLineView>,
    /// The way to earlier ones.
    pub earlier_cursor: Option<String>,
    /// Number of the last line of all; 0 = nothing was said yet.
    pub last: i64,
    /// Why nothing can be said now.
    pub off: Option<Off>,
    /// The reader speaks as the requester side.
    pub is_requester: bool,
    /// A chat is going on.
    pub is_running: bool,
    /// When it began.
    pub started_at: Option<Moment>,
    /// Who else is here, and who is away and cannot be told.
    pub people: Vec<ChatPerson>,
    /// Draft of the form.
    pub draft: Option<DraftView>,
    /// A fresh idempotency key.
    pub key: String,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
}

/// A chat in the agents' panel (T-CHT-04).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatRow {
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its first requester.
    pub requester: Option<ActorView>,
    /// Since when the requester side waits for an answer; none = it was answered.
    pub waiting_since: Option<Moment>,
    /// When the last line was said.
    pub last_line_at: Moment,
    /// Lines of the requester side that the reader has not read, at most 99.
    pub unread: u32,
}

/// The agents' panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatPanelView {
    /// Chats of tickets without an assigned user, the longest waiting first.
    pub queue: Vec<ChatRow>,
    /// Chats of the reader's tickets, the longest waiting first.
    pub mine: Vec<ChatRow>,
    /// The chat is switched on in one of his entities at least.
    pub is_on: bool,
    /// What was typed to find a number is none.
    pub is_wrong: bool,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
}

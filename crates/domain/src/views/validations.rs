//! Validations of a ticket, and those a person is asked for (T-VAL).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ActorView, Choice, DocumentView, DraftView, Timeline};
use crate::format::Moment;
use crate::html::SafeHtml;
use crate::ticket::Status;
use crate::validation::{Answer, Standing, State};

/// Somebody who was asked, with his answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetView {
    /// Id of the target, which is that of its answer; it stays on the server.
    #[serde(skip)]
    pub id: Uuid,
    /// The person or group.
    pub target: ActorView,
    /// What he said.
    pub answer: Option<Answer>,
    /// Who said it: the person, or a member of the group.
    pub by: Option<ActorView>,
    /// When.
    pub at: Option<Moment>,
    /// Why, as it was typed.
    pub comment: String,
    /// The same with its web addresses as links and its line breaks.
    pub comment_html: SafeHtml,
    /// Files of the answer.
    pub attachments: Vec<DocumentView>,
}

/// A request for validation as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationView {
    /// Id.
    pub id: Uuid,
    /// Number of the ticket.
    pub ticket: i64,
    /// Who asked.
    pub asker: ActorView,
    /// What was asked; may be empty.
    pub comment: SafeHtml,
    /// The same without markup.
    pub comment_text: String,
    /// Percentage of targets that must agree; 0 = the first answer decides.
    pub required_percent: u8,
    /// Where it stands.
    pub state: State,
    /// When it was asked.
    pub asked_at: Moment,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Moment>,
    /// Asked again by a newer request.
    pub replaced: bool,
    /// Who was asked, in the order they were named.
    pub targets: Vec<TargetView>,
    /// Files of the request.
    pub attachments: Vec<DocumentView>,
    /// What the reader may do now: `answer`, `withdraw`, `ask-again`.
    pub actions: Vec<String>,
}

impl ValidationView {
    /// Whether it counts: it was neither withdrawn nor replaced (T-VAL-04).
    #[must_use]
    pub const fn counts(&self) -> bool {
        self.withdrawn_at.is_none() && !self.replaced
    }

    /// Whether the reader may do something now.
    #[must_use]
    pub fn may(&self, action: &str) -> bool {
        self.actions.iter().any(|one| one == action)
    }

    /// How many of its targets answered so.
    #[must_use]
    pub fn answered(&self, answer: Answer) -> usize {
        self.targets.iter().filter(|one| one.answer == Some(answer)).count()
    }
}

/// A request for validation, or one of its answers, in the timeline (T-TIM-01). In the browser it is a text with two lines of words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationEntry {
    /// Id of the request, or of the answer.
    pub id: Uuid,
    /// The request; the same id where the entry is the request itself.
    pub request: Uuid,
    /// Who asked, or answered.
    pub author: ActorView,
    /// When.
    pub at: Moment,
    /// What was asked, or why it was answered so; may be empty.
    pub body: SafeHtml,
    /// The same without markup.
    pub body_text: String,
    /// Files of the request, or of the answer.
    pub attachments: Vec<DocumentView>,
    /// What the entry is, in the words of the reader; pages only.
    pub title: String,
    /// Where it stands and who is meant, in the words of the reader; pages only.
    pub line: String,
    /// The request itself; it stays on the server.
    #[serde(skip)]
    pub whole: Option<Box<ValidationView>>,
    /// The answer itself; it stays on the server.
    #[serde(skip)]
    pub answer: Option<Box<TargetView>>,
}

impl ValidationEntry {
    /// A request as an entry.
    #[must_use]
    pub fn of_request(request: &ValidationView) -> Self {
        Self {
            id: request.id,
            request: request.id,
            author: request.asker.clone(),
            at: request.asked_at.clone(),
            body: request.comment.clone(),
            body_text: request.comment_text.clone(),
            attachments: request.attachments.clone(),
            title: String::new(),
            line: String::new(),
            whole: Some(Box::new(request.clone())),
            answer: None,
        }
    }

    /// An answer as an entry; `None` where that target of the request has not answered.
    #[must_use]
    pub fn of_answer(request: &ValidationView, target: Uuid) -> Option<Self> {
        let answer = request.targets.iter().find(|one| one.id == target)?;
        Some(Self {
            id: answer.id,
            author: answer.by.clone().unwrap_or_else(|| answer.target.clone()),
            at: answer.at.clone()?,
            body: answer.comment_html.clone(),
            body_text: answer.comment.clone(),
            attachments: answer.attachments.clone(),
            answer: Some(Box::new(answer.clone())),
            ..Self::of_request(request)
        })
    }

    /// Its kind in filters, addresses and answers.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.id == self.request { "validation_request" } else { "validation_answer" }
    }
}

/// Why a ticket can be neither solved nor closed (T-VAL-08).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockedView {
    /// Waiting or refused.
    pub state: Standing,
    /// Names of those whose answers are missing or who refused.
    pub waiting_for: Vec<String>,
    /// The reader may pass over it with a reason.
    pub may_override: bool,
}

/// What the tab "Validations" of a ticket shows (T-VAL-06).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationsView {
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its status.
    pub status: Status,
    /// Where it stands by its requests.
    pub standing: Standing,
    /// Why it cannot be solved or closed now.
    pub blocked: Option<BlockedView>,
    /// Its requests, the newest first.
    pub requests: Vec<ValidationView>,
    /// The reader may ask for one now.
    pub may_ask: bool,
    /// Whom the form offers.
    pub choices: Vec<Choice>,
    /// Draft of the form.
    pub draft: Option<DraftView>,
    /// Largest file in bytes.
    pub upload_max: i64,
    /// Forbidden extensions.
    pub forbidden_extensions: Vec<String>,
    /// A fresh idempotency key.
    pub key: String,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
}

/// A row of "To validate".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRow {
    /// Id of the request.
    pub id: Uuid,
    /// Number of the ticket.
    pub ticket: i64,
    /// Its title.
    pub title: String,
    /// Its status.
    pub status: Status,
    /// Who asked.
    pub asker: ActorView,
    /// When.
    pub asked_at: Moment,
    /// Where the request stands.
    pub state: State,
    /// It waits for the reader.
    pub waiting: bool,
    /// What the reader or his group answered.
    pub answer: Option<Answer>,
}

/// The page "To validate" (T-VAL-06, P-APR-01).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalsView {
    /// Requests that name the reader, those that wait for him first.
    pub rows: Vec<ApprovalRow>,
    /// How many wait for him; 100 stands for more.
    pub waiting: u32,
    /// The way to the next page.
    pub next_cursor: Option<String>,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
}

/// The page of one request for who is asked: the request, and of the ticket what the requester side would see (T-VAL-07).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalView {
    /// The request.
    pub request: ValidationView,
    /// Number of the ticket.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its status.
    pub status: Status,
    /// Its description.
    pub description: SafeHtml,
    /// The same without markup.
    pub description_text: String,
    /// Files of the description.
    pub description_files: Vec<DocumentView>,
    /// Names of the requesters.
    pub requesters: Vec<String>,
    /// Names of the assignees.
    pub assignees: Vec<String>,
    /// When it was opened.
    pub opened_at: Moment,
    /// Its public entries.
    pub timeline: Timeline,
    /// The reader reaches it as an agent, too.
    pub agent: bool,
    /// Draft of the answer.
    pub draft: Option<DraftView>,
    /// Largest file in bytes.
    pub upload_max: i64,
    /// Forbidden extensions.
    pub forbidden_extensions: Vec<String>,
    /// A fresh idempotency key.
    pub key: String,
    /// The server's clock when this was made, in the reader's zone.
    pub now: Moment,
}

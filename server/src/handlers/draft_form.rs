//! Forms that have a draft, as a browser without scripts posts them: which fields count and where the answer leads.
//!
//! Does not belong here: reading bodies (`attachments`, `unsent`), judging values (`service`).

mod fields;

use app::chat::server_fns::SendChat;
use app::context::local_path;
use app::customers::server_fns::SaveCustomerOccurrence;
use app::documents::server_fns::AddDocuments;
use app::error::Refusal;
use app::knowledge::server_fns::{LookForArticles, SaveArticle};
use app::messages::server_fns::SendMessage;
use app::solutions::server_fns::{AddSolution, EditSolution};
use app::tasks::server_fns::{AddTask, EditTask};
use app::tickets::server_fns::{AddOccurrence, CreateTicket, EditOccurrence, LookForCustomer};
use app::validations::server_fns::{AnswerValidation, AskValidation};
use axum::response::{IntoResponse, Redirect, Response};
use domain::error::AppError;
use domain::forms::SaveDraft;
use domain::ids::TicketNumber;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use serde_json::{Map, Value};
use uuid::Uuid;

/// The list of files, which every form has but those of messages and chats.
const FILES: &str = "attachments";

/// A form that has a draft and is written on a page (T-DRF-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A new occurrence, of an agent or of the requester side.
    Occurrence,
    /// A changed occurrence.
    OccurrenceEdit,
    /// A message to the other side.
    Message,
    /// A line of a chat.
    Chat,
    /// A new task.
    Task,
    /// A changed task; its draft is of the same kind, about the task.
    TaskEdit,
    /// A new ticket.
    Ticket,
    /// The solution of a ticket.
    Solution,
    /// A changed solution; drafts call both the same and tell them by their objects.
    SolutionEdit,
    /// An article of the knowledge base.
    Article,
    /// A request for validation.
    Validation,
    /// An answer to one.
    ValidationAnswer,
    /// Files as entries of their own.
    Document,
    /// A customer occurrence, new or changed.
    CustomerOccurrence,
}

impl Kind {
    const ALL: [Self; 14] = [
        Self::Occurrence,
        Self::OccurrenceEdit,
        Self::Message,
        Self::Chat,
        Self::Task,
        Self::TaskEdit,
        Self::Ticket,
        Self::Solution,
        Self::SolutionEdit,
        Self::Article,
        Self::Validation,
        Self::ValidationAnswer,
        Self::Document,
        Self::CustomerOccurrence,
    ];

    /// The kind as drafts name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Occurrence => "occurrence",
            Self::OccurrenceEdit => "occurrence_edit",
            Self::Message => "message",
            Self::Chat => "chat",
            Self::Task | Self::TaskEdit => "task",
            Self::Ticket => "ticket",
            Self::Solution | Self::SolutionEdit => "solution",
            Self::Article => "article",
            Self::Validation => "validation",
            Self::ValidationAnswer => "validation_answer",
            Self::Document => "document",
            Self::CustomerOccurrence => "customer_occurrence",
        }
    }

    /// The kind of that name whose forms are about such an object.
    #[must_use]
    pub fn of_draft(name: &str, object: &str) -> Option<(Self, String)> {
        Self::ALL.into_iter().filter(|kind| kind.name() == name).find_map(|kind| Some((kind, kind.object(object)?)))
    }

    /// Address of the server function the form is posted to.
    fn path(self) -> &'static str {
        match self {
            Self::Occurrence => AddOccurrence::url(),
            Self::OccurrenceEdit => EditOccurrence::url(),
            Self::Message => SendMessage::url(),
            Self::Chat => SendChat::url(),
            Self::Task => AddTask::url(),
            Self::TaskEdit => EditTask::url(),
            Self::Ticket => CreateTicket::url(),
            Self::Solution => AddSolution::url(),
            Self::SolutionEdit => EditSolution::url(),
            Self::Article => SaveArticle::url(),
            Self::Validation => AskValidation::url(),
            Self::ValidationAnswer => AnswerValidation::url(),
            Self::Document => AddDocuments::url(),
            Self::CustomerOccurrence => SaveCustomerOccurrence::url(),
        }
    }

    /// The kind whose form is posted to `path`: to be sent, or to look something up for it.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        if [LookForArticles::url(), LookForCustomer::url()].contains(&path) {
            return Some(Self::Ticket);
        }
        Self::ALL.into_iter().find(|kind| kind.path() == path)
    }

    /// The object as drafts name it; `None` for what no form of this kind is about.
    #[must_use]
    pub fn object(self, text: &str) -> Option<String> {
        match self {
            Self::Occurrence
            | Self::Message
            | Self::Chat
            | Self::Task
            | Self::Solution
            | Self::Validation
            | Self::Document => text.parse::<TicketNumber>().ok().map(|number| number.to_string()),
            Self::OccurrenceEdit | Self::TaskEdit | Self::SolutionEdit | Self::ValidationAnswer => {
                text.parse::<Uuid>().ok().map(|id| id.to_string())
            }
            Self::Ticket => (text == "new").then(|| text.to_owned()),
            Self::Article if text == "new" => Some(text.to_owned()),
            Self::Article => text.parse::<Uuid>().ok().map(|id| id.to_string()),
            Self::CustomerOccurrence if text == "new" => Some(text.to_owned()),
            Self::CustomerOccurrence => text.parse::<Uuid>().ok().map(|id| id.to_string()),
        }
    }

    /// The field of its long text.
    #[must_use]
    pub const fn main_field(self) -> &'static str {
        match self {
            Self::Occurrence
            | Self::OccurrenceEdit
            | Self::Solution
            | Self::SolutionEdit
            | Self::Article
            | Self::CustomerOccurrence => "body",
            Self::Message | Self::Chat => "text",
            Self::Task | Self::TaskEdit => "content",
            Self::Ticket => "description",
            Self::Validation | Self::ValidationAnswer | Self::Document => "comment",
        }
    }

    /// Whether files travel with it.
    #[must_use]
    pub const fn has_files(self) -> bool {
        !matches!(self, Self::Message | Self::Chat)
    }
}

/// What somebody typed into such a form. Fields it does not know, and those that are not his to say, are left out.
#[derive(Clone, Debug)]
pub struct Typed {
    kind: Kind,
    fields: Map<String, Value>,
    /// Ids of uploads the form carries.
    pub files: Vec<Uuid>,
    /// Files were chosen that are not uploaded.
    pub has_other_files: bool,
}

impl Typed {
    /// Nothing typed yet.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self { kind, fields: Map::new(), files: Vec::new(), has_other_files: false }
    }

    /// Whether a field of the form counts.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    /// Takes a field as posted: `form[body]`, `form[requesters][]`, `form[requesters][1]`.
    pub fn take(&mut self, name: &str, value: String) {
        match self.field(name) {
            None => {}
            Some((FILES, _)) => match value.parse() {
                Ok(id) => self.files.push(id),
                Err(_no_id) => self.has_other_files |= !value.is_empty(),
            },
            Some((field, false)) => {
                self.fields.insert(field.to_owned(), Value::String(value));
            }
            Some((field, true)) => {
                let list = self.fields.entry(field).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(list) = list {
                    list.push(Value::String(value));
                }
            }
        }
    }

    /// The field of a name and whether it is a list.
    fn field(&self, name: &str) -> Option<(&'static str, bool)> {
        let (field, rest) = name.strip_prefix("form[")?.split_once(']')?;
        let of = |names: &'static [&'static str]| names.iter().copied().find(|known| *known == field);
        if rest.is_empty() {
            return Some((of(self.kind.texts())?, false));
        }
        if !rest.starts_with('[') || !rest.ends_with(']') {
            return None;
        }
        if field == FILES && self.kind.has_files() {
            return Some((FILES, true));
        }
        Some((of(self.kind.lists())?, true))
    }

    /// Whether the long text holds something.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        let text = self.fields.get(self.kind.main_field()).and_then(Value::as_str);
        text.is_some_and(|text| !text.trim().is_empty())
    }

    /// The draft of the form about `object`.
    #[must_use]
    pub fn draft(&self, object: String) -> SaveDraft {
        let mut fields = self.fields.clone();
        // Also when there is none: then those of before are gone.
        if self.kind.has_files() {
            let files = self.files.iter().map(|id| Value::String(id.to_string())).collect();
            fields.insert(FILES.to_owned(), Value::Array(files));
        }
        SaveDraft {
            kind: self.kind.name().to_owned(),
            object,
            fields: Value::Object(fields).to_string(),
            device: String::new(),
        }
    }
}

/// A path of this site with one more piece in its query; anything else is the home page.
#[must_use]
pub fn with_query(path: &str, piece: &str) -> String {
    let path = local_path(path);
    let (page, part) = path.split_once('#').map_or((path, None), |(page, part)| (page, Some(part)));
    let joint = if page.contains('?') { "&" } else { "?" };
    let part = part.map(|part| ["#", part].concat()).unwrap_or_default();
    [page, joint, piece, part.as_str()].concat()
}

/// Leads back to the form, which shows the refusal: it stands in the address as that of a refused server function.
pub fn refused(kind: Kind, back: &str, error: AppError) -> Response {
    // The base is only there because the framework wants one.
    let address = ServerFnUrlError::new(kind.path(), Refusal(error)).to_url("http://localhost/");
    let piece = address.ok().and_then(|address| address.query().map(str::to_owned)).unwrap_or_default();
    Redirect::to(&with_query(back, &piece)).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::forms;
    use serde_json::json;

    use super::*;

    /// Fields that belong to the form and not to its writer, or to one sending of it.
    const NOT_KEPT: [&str; 8] = ["key", "ticket", "from", "id", "version", "seen", "decided", "acknowledge_mail_sent"];

    #[test]
    fn t_drf_01_a_draft_holds_every_field_of_its_form() {
        let names = |kind: Kind, form: Value| -> BTreeSet<String> {
            let names = form.as_object().unwrap().keys().cloned();
            // There the number is typed, elsewhere it is that of the page.
            let is_typed = |name: &str| kind == Kind::CustomerOccurrence && name == "ticket";
            names.filter(|name| !NOT_KEPT.contains(&name.as_str()) || is_typed(name)).collect()
        };
        for (kind, form) in [
            (Kind::Occurrence, json!(forms::AddOccurrence::default())),
            (Kind::OccurrenceEdit, json!(forms::EditOccurrence::default())),
            (Kind::Message, json!(forms::SendMessage::default())),
            (Kind::Chat, json!(forms::SendChat::default())),
            (Kind::Task, json!(forms::AddTask::default())),
            (Kind::TaskEdit, json!(forms::EditTask::default())),
            (Kind::Ticket, json!(forms::CreateTicket::default())),
            (Kind::Solution, json!(forms::AddSolution::default())),
            (Kind::SolutionEdit, json!(forms::EditSolution::default())),
            (Kind::Article, json!(forms::SaveArticle::default())),
            (Kind::Validation, json!(forms::AskValidation::default())),
            (Kind::ValidationAnswer, json!(forms::AnswerValidation::default())),
            (Kind::Document, json!(forms::AddDocuments::default())),
            (Kind::CustomerOccurrence, json!(forms::SaveCustomerOccurrence::default())),
        ] {
            let files: &[&str] = if kind.has_files() { &[FILES] } else { &[] };
            let known = [kind.texts(), kind.lists(), files].concat();
            assert_eq!(known.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), names(kind, form), "{kind:?}");
        }
    }

    #[test]
    fn t_drf_02_only_fields_of_the_form_become_its_draft() {
        let mut typed = Typed::new(Kind::Ticket);
        for (name, value) in [
            ("form[title]", "Chair"),
            ("form[requesters][]", ""),
            ("form[requesters][1]", "ana@example.org"),
            ("form[attachments][]", "graph.png"),
            ("form[attachments][]", ""),
            ("form[attachments][]", "0195a1f0-0000-7000-8000-000000000000"),
            ("form[key]", "k1"),
            ("form[poem]", "x"),
            ("form[title][x", "x"),
            ("title", "x"),
            ("form[", "x"),
        ] {
            typed.take(name, value.to_owned());
        }
        assert!(typed.has_other_files);
        let draft = typed.draft("new".to_owned());
        let fields: Value = serde_json::from_str(&draft.fields).unwrap();
        let expected = json!({
            "title": "Chair",
            "requesters": ["", "ana@example.org"],
            "attachments": ["0195a1f0-0000-7000-8000-000000000000"],
        });
        assert_eq!(fields, expected);
    }

    #[test]
    fn objects_have_one_name() {
        assert_eq!(Kind::Occurrence.object("042").as_deref(), Some("42"));
        for (kind, text) in [
            (Kind::Occurrence, "0"),
            (Kind::Occurrence, "-1"),
            (Kind::Occurrence, "new"),
            (Kind::Message, "new"),
            (Kind::OccurrenceEdit, "42"),
            (Kind::Task, "new"),
            (Kind::TaskEdit, "42"),
            (Kind::Ticket, "42"),
            (Kind::Ticket, ""),
            (Kind::Article, "42"),
            (Kind::CustomerOccurrence, "42"),
        ] {
            assert_eq!(kind.object(text), None, "{kind:?} {text}");
        }
    }

    #[test]
    fn a_piece_of_a_query_stands_before_the_part_of_the_page() {
        assert_eq!(with_query("/tickets/42?a=b#dock", "c=d"), "/tickets/42?a=b&c=d#dock");
        assert_eq!(with_query("/tickets/new", "c=d"), "/tickets/new?c=d");
        assert_eq!(with_query("//evil.example", "c=d"), "/?c=d");
    }
}

//! A ticket with a conversation: what most tests look at.

use domain::forms::{AddOccurrence, AddTask, Command, CreateTicket, RunCommand};
use domain::occurrence::BodyFormat;
use service::{occurrences, tasks, tickets};
use uuid::Uuid;

use super::Desk;

/// A request of requester1, taken by tech1, with a public and a private occurrence of his.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Story {
    /// Number of the ticket.
    pub(crate) number: i64,
    /// The public occurrence: "Cable replaced."
    pub(crate) public: Uuid,
    /// The private occurrence: "Zwetschgenmus behind the rack."
    pub(crate) private: Uuid,
    /// A public task of tech1: "Order a cable."; nil without tasks.
    pub(crate) public_task: Uuid,
    /// A private task of tech1: "Zwetschgenmus, once more."; nil without tasks.
    pub(crate) private_task: Uuid,
}

impl Story {
    /// A word that stands in the private entries and nowhere else.
    pub(crate) const SECRET: &'static str = "Zwetschgenmus";

    /// Makes it.
    pub(crate) async fn tell(desk: &Desk) -> Self {
        let number = Self::ticket(desk, "requester1", "VPN drops").await;
        let tech = desk.ctx("tech1").await;
        tickets::run(&tech, RunCommand { number, command: Command::Take, ..RunCommand::default() }).await.unwrap();
        let public = Self::entry(desk, "tech1", number, "Cable replaced.", "public").await;
        let private = Self::entry(desk, "tech1", number, "Zwetschgenmus behind the rack.", "private").await;
        Self { number, public, private, public_task: Uuid::nil(), private_task: Uuid::nil() }
    }

    /// The same with a public and a private task of tech1.
    pub(crate) async fn with_tasks(desk: &Desk) -> Self {
        let story = Self::tell(desk).await;
        let public_task = Self::task(desk, story.number, "Order a cable.", "public").await;
        let private_task = Self::task(desk, story.number, "Zwetschgenmus, once more.", "private").await;
        Self { public_task, private_task, ..story }
    }

    /// A ticket registered by a person for himself.
    pub(crate) async fn ticket(desk: &Desk, who: &str, title: &str) -> i64 {
        let form = CreateTicket {
            title: title.to_owned(),
            description: "Every ten minutes since this morning.".to_owned(),
            format: BodyFormat::Text,
            ..CreateTicket::default()
        };
        tickets::create(&desk.ctx(who).await, form).await.unwrap()
    }

    /// A task of tech1.
    pub(crate) async fn task(desk: &Desk, number: i64, text: &str, visibility: &str) -> Uuid {
        let form = AddTask {
            ticket: number,
            content: text.to_owned(),
            format: BodyFormat::Text,
            visibility: visibility.to_owned(),
            ..AddTask::default()
        };
        tasks::add(&desk.ctx("tech1").await, form).await.unwrap().id
    }

    /// An occurrence.
    pub(crate) async fn entry(desk: &Desk, who: &str, number: i64, text: &str, visibility: &str) -> Uuid {
        let form = AddOccurrence {
            ticket: number,
            body: text.to_owned(),
            format: BodyFormat::Text,
            visibility: visibility.to_owned(),
            ..AddOccurrence::default()
        };
        occurrences::add(&desk.ctx(who).await, form).await.unwrap()
    }
}

/// The words of a page as a reader sees them: tags, scripts and styles away, entities decoded.
pub(crate) fn html_text(html: &str) -> String {
    let hidden = regex_lite::Regex::new(r"(?s)<(script|style)\b.*?</(script|style)>").unwrap();
    let tags = regex_lite::Regex::new(r"(?s)<[^>]*>").unwrap();
    let text = hidden.replace_all(html, " ");
    let text = tags.replace_all(&text, " ");
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&")
}

//! Short ways to write forms and files.

use bytes::Bytes;
use domain::forms::{AddOccurrence, CreateTicket};
use domain::occurrence::BodyFormat;
use domain::views::DocumentView;
use service::{Ctx, ServiceError, documents, tickets};
use uuid::Uuid;

use crate::world::World;

/// The form of an occurrence with a plain text and nothing else.
#[must_use]
pub fn note(ticket: i64, text: &str) -> AddOccurrence {
    AddOccurrence { ticket, body: text.to_owned(), format: BodyFormat::Text, ..AddOccurrence::default() }
}

/// Uploads a content in one piece.
///
/// # Errors
/// What the use case says.
pub async fn upload(ctx: &Ctx, name: &str, content: &[u8]) -> Result<DocumentView, ServiceError> {
    let pieces = [Ok::<Bytes, std::io::Error>(Bytes::copy_from_slice(content))];
    documents::upload(ctx, None, name, futures::stream::iter(pieces)).await
}

/// A ticket to be.
#[derive(Debug)]
pub struct TicketBuilder<'w> {
    world: &'w World,
    writer: &'w str,
    requesters: Vec<&'w str>,
    observers: Vec<&'w str>,
    assignees: Vec<&'w str>,
    groups: Vec<Uuid>,
    form: Option<CreateTicket>,
}

impl<'w> TicketBuilder<'w> {
    pub(crate) const fn new(world: &'w World) -> Self {
        Self {
            world,
            writer: "supervisor",
            requesters: Vec::new(),
            observers: Vec::new(),
            assignees: Vec::new(),
            groups: Vec::new(),
            form: None,
        }
    }

    /// Who registers it.
    #[must_use]
    pub fn by(mut self, name: &'w str) -> Self {
        self.writer = name;
        self
    }

    /// One more requester; without any it is requester1.
    #[must_use]
    pub fn requester(mut self, name: &'w str) -> Self {
        self.requesters.push(name);
        self
    }

    /// One more observer.
    #[must_use]
    pub fn observer(mut self, name: &'w str) -> Self {
        self.observers.push(name);
        self
    }

    /// One more assignee.
    #[must_use]
    pub fn assignee(mut self, name: &'w str) -> Self {
        self.assignees.push(name);
        self
    }

    /// One more assigned group.
    #[must_use]
    pub fn assigned_group(mut self, id: Uuid) -> Self {
        self.groups.push(id);
        self
    }

    /// Its title.
    #[must_use]
    pub fn title(self, title: &str) -> Self {
        self.with(|form| title.clone_into(&mut form.title))
    }

    /// Its description, as plain text.
    #[must_use]
    pub fn description(self, text: &str) -> Self {
        self.with(|form| text.clone_into(&mut form.description))
    }

    /// Any other field.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut CreateTicket)) -> Self {
        let mut form = self.form.take().unwrap_or_else(plain);
        change(&mut form);
        self.form = Some(form);
        self
    }

    /// The form as it would be sent.
    pub async fn form(mut self) -> CreateTicket {
        let mut form = self.form.take().unwrap_or_else(plain);
        if self.requesters.is_empty() {
            self.requesters.push("requester1");
        }
        if form.requesters.is_empty() {
            form.requesters = self.users(&self.requesters).await;
        }
        form.observers.extend(self.users(&self.observers).await);
        form.assignees.extend(self.users(&self.assignees).await);
        form.assignees.extend(self.groups.iter().map(|id| format!("group:{id}")));
        form
    }

    async fn users(&self, names: &[&str]) -> Vec<String> {
        let mut out = Vec::new();
        for name in names {
            out.push(self.world.user(name).await);
        }
        out
    }

    /// Registers it and answers its number.
    pub async fn create(self) -> i64 {
        let (world, writer) = (self.world, self.writer);
        let form = self.form().await;
        let created = tickets::create(&world.ctx(writer).await, form).await;
        created.unwrap_or_else(|error| panic!("{writer} could not register a ticket: {error:?}"))
    }
}

fn plain() -> CreateTicket {
    CreateTicket {
        title: "Printer is jammed".to_owned(),
        description: "The printer on the second floor is jammed.".to_owned(),
        format: BodyFormat::Text,
        ..CreateTicket::default()
    }
}

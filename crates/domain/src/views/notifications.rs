//! What somebody was told.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::ActorView;
use crate::format::Moment;
use crate::notification::{Event, Why};

/// A notification as its receiver reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationView {
    /// Its id.
    pub id: Uuid,
    /// What happened.
    pub event: Event,
    /// Why he was told (T-NTF-01).
    pub why: Why,
    /// Number of the ticket.
    pub ticket: i64,
    /// Title of the ticket as it is now.
    pub title: String,
    /// Kind and id of the entry it is about.
    pub entry: Option<(String, Uuid)>,
    /// Who did it.
    pub author: ActorView,
    /// When.
    pub at: Moment,
    /// When he read it.
    pub read_at: Option<Moment>,
    /// Of a ticket that was put on hold and still is: the public label of why it waits; else empty (T-NTF-02).
    pub label: String,
    /// He is an agent in the ticket's entity: it leads to the ticket, not to the request.
    pub agent: bool,
}

impl NotificationView {
    /// Path of the page that shows what happened.
    #[must_use]
    pub fn path(&self) -> String {
        let place = if self.agent { "tickets" } else { "requests" };
        match &self.entry {
            Some((kind, id)) if kind == "chat" => format!("/{place}/{}/chat#chat-{id}", self.ticket),
            // Who is asked need not be anything else to the ticket.
            Some((kind, id)) if kind == "validation" && matches!(self.why, Why::Approver | Why::ApproverGroup) => {
                format!("/approvals/{id}")
            }
            Some((kind, id)) if kind == "validation" => format!("/tickets/{}/validations#validation-{id}", self.ticket),
            Some((kind, id)) => format!("/{place}/{}?around={kind}-{id}#{kind}-{id}", self.ticket),
            None => format!("/{place}/{}", self.ticket),
        }
    }
}

/// How somebody wants to be told of one event (T-NTF-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationPreference {
    /// The event.
    pub event: Event,
    /// In the product.
    pub app: bool,
    /// By mail.
    pub mail: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_ntf_01_a_notification_leads_to_the_entry_on_the_side_of_its_reader() {
        let at = Moment::try_from("2026-03-12T13:00:00Z".to_owned()).unwrap();
        let mut view = NotificationView {
            id: Uuid::nil(),
            event: Event::PublicOccurrence,
            why: Why::Requester,
            ticket: 42,
            title: "Printer".to_owned(),
            entry: Some(("occurrence".to_owned(), Uuid::nil())),
            author: ActorView::default(),
            at,
            read_at: None,
            label: String::new(),
            agent: false,
        };
        let id = Uuid::nil();
        assert_eq!(view.path(), format!("/requests/42?around=occurrence-{id}#occurrence-{id}"));
        view.agent = true;
        view.entry = Some(("message".to_owned(), id));
        assert_eq!(view.path(), format!("/tickets/42?around=message-{id}#message-{id}"));
        view.entry = Some(("chat".to_owned(), id));
        assert_eq!(view.path(), format!("/tickets/42/chat#chat-{id}"));
        view.entry = None;
        assert_eq!(view.path(), "/tickets/42");
        view.entry = Some(("validation".to_owned(), id));
        assert_eq!(view.path(), format!("/tickets/42/validations#validation-{id}"));
        view.why = Why::ApproverGroup;
        assert_eq!(view.path(), format!("/approvals/{id}"));
    }
}

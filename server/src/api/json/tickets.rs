//! Tickets: the agents' form and the form of everybody else.

use domain::views::{PendingView, TicketDetail};
use serde_json::{Value, json};

use super::{actor, actors, object, without};

/// What lists leave out (section 5), besides `pending.text`.
const NOT_IN_LISTS: &[&str] = &["description", "description_text", "actions"];

/// A ticket as its reader may see it.
#[must_use]
pub fn agent_ticket(ticket: &TicketDetail) -> Value {
    object([
        ("number", json!(ticket.number)),
        ("entity", json!(ticket.entity)),
        ("type", json!(ticket.kind)),
        ("title", json!(ticket.title)),
        ("description", json!(ticket.description)),
        ("description_text", json!(ticket.description_text)),
        ("status", json!(ticket.status)),
        ("urgency", json!(ticket.urgency)),
        ("impact", json!(ticket.impact)),
        ("priority", json!(ticket.priority)),
        ("priority_by_hand", json!(ticket.priority_by_hand)),
        ("category", category(ticket)),
        ("source", json!(ticket.source)),
        ("location", json!(ticket.location)),
        ("requesters", actors(&ticket.requesters, true)),
        ("observers", actors(&ticket.observers, true)),
        ("assignees", actors(&ticket.assignees, true)),
        ("writer", actor(&ticket.writer, true)),
        ("routing_group", json!(ticket.routing_group)),
        ("customer", json!(ticket.customer)),
        ("opened_at", json!(ticket.opened_at)),
        ("taken_at", json!(ticket.taken_at)),
        ("due_own_at", json!(ticket.due_own_at)),
        ("due_resolve_at", json!(ticket.due_resolve_at)),
        ("due_own_state", json!(ticket.due_own_state)),
        ("due_resolve_state", json!(ticket.due_resolve_state)),
        ("solved_at", json!(ticket.solved_at)),
        ("closed_at", json!(ticket.closed_at)),
        ("cancelled_at", json!(ticket.cancelled_at)),
        ("close_due_at", json!(ticket.close_due_at)),
        ("pending", ticket.pending.as_ref().map_or(Value::Null, pending)),
        ("validation", json!(ticket.validation)),
        ("answer_awaited", json!(ticket.answer_awaited)),
        ("reopen_count", json!(ticket.reopen_count)),
        ("merged_into", json!(ticket.merged_into)),
        ("deleted_at", json!(ticket.deleted_at)),
        ("unread", json!(ticket.unread)),
        ("actions", json!(ticket.actions)),
        ("version", json!(ticket.version)),
        ("created_at", json!(ticket.created_at)),
        ("updated_at", json!(ticket.updated_at)),
    ])
}

fn category(ticket: &TicketDetail) -> Value {
    ticket.category.as_ref().map_or(Value::Null, |category| {
        object([("id", json!(category.id)), ("name", json!(category.name)), ("path", json!(ticket.category_path))])
    })
}

fn pending(pending: &PendingView) -> Value {
    object([
        ("reason", json!(pending.reason)),
        ("label", json!(pending.label)),
        ("text", json!(pending.text)),
        ("since", json!(pending.since)),
    ])
}

/// A ticket for everybody who is no agent in its entity (T-VIS-05).
#[must_use]
pub fn requester_ticket(ticket: &TicketDetail) -> Value {
    object([
        ("number", json!(ticket.number)),
        ("type", json!(ticket.kind)),
        ("title", json!(ticket.title)),
        ("description", json!(ticket.description)),
        ("description_text", json!(ticket.description_text)),
        ("status", json!(ticket.status)),
        ("category", json!(ticket.category)),
        ("requesters", actors(&ticket.requesters, false)),
        ("assignees", actors(&ticket.assignees, false)),
        ("opened_at", json!(ticket.opened_at)),
        ("due_resolve_at", json!(ticket.due_resolve_at)),
        ("close_due_at", json!(ticket.close_due_at)),
        ("solved_at", json!(ticket.solved_at)),
        ("closed_at", json!(ticket.closed_at)),
        ("pending", label(ticket.pending.as_ref().map(|pending| pending.label.as_str()))),
        ("answer_awaited", json!(ticket.answer_awaited)),
        ("merged_into", json!(ticket.merged_into)),
        ("unread", json!(ticket.unread)),
        ("actions", json!(ticket.actions)),
        ("updated_at", json!(ticket.updated_at)),
    ])
}

fn label(label: Option<&str>) -> Value {
    label.map_or(Value::Null, |label| json!({ "label": label }))
}

/// A row of the agents' list.
#[must_use]
pub fn agent_row(ticket: &TicketDetail) -> Value {
    let mut row = without(agent_ticket(ticket), NOT_IN_LISTS);
    if let Some(pending) = row.get_mut("pending").and_then(Value::as_object_mut) {
        pending.remove("text");
    }
    row
}

/// A row for somebody who is no agent in the ticket's entity.
#[must_use]
pub fn requester_row(ticket: &TicketDetail) -> Value {
    without(requester_ticket(ticket), NOT_IN_LISTS)
}

#[cfg(test)]
mod tests {
    use domain::duration::Minutes;
    use domain::ticket::{Status, TicketType};
    use domain::views::{ActorView, Moment, Ref};

    use super::*;

    fn at() -> Moment {
        Moment::try_from("2026-03-12T10:02:00-03:00".to_owned()).unwrap()
    }

    fn ticket() -> TicketDetail {
        TicketDetail {
            id: uuid::Uuid::nil(),
            number: 42,
            agent: true,
            entity: Ref::default(),
            kind: TicketType::Incident,
            title: "VPN".to_owned(),
            description: domain::html::SafeHtml::default(),
            description_text: String::new(),
            description_edited_at: None,
            description_files: Vec::new(),
            status: Status::Pending,
            urgency: 3,
            impact: 3,
            priority: 3,
            priority_by_hand: false,
            category: Some(Ref::default()),
            category_path: Some("Network > VPN".to_owned()),
            source: None,
            location: None,
            customer: None,
            shows_customer: false,
            requesters: Vec::new(),
            observers: Vec::new(),
            assignees: Vec::new(),
            writer: ActorView::default(),
            routing_group: None,
            opened_at: at(),
            taken_at: None,
            due_own_at: None,
            due_resolve_at: None,
            due_own_state: "none".to_owned(),
            due_resolve_state: "none".to_owned(),
            due_resolve_left: None,
            solved_at: None,
            closed_at: None,
            cancelled_at: None,
            close_due_at: None,
            pending: Some(PendingView {
                reason: None,
                label: "Waiting".to_owned(),
                text: Some("secret".to_owned()),
                since: None,
            }),
            validation: domain::validation::Standing::None,
            answer_awaited: false,
            reopen_count: 0,
            merged_into: None,
            deleted_at: None,
            unread: 0,
            actions: Vec::new(),
            version: 7,
            created_at: at(),
            updated_at: at(),
            now: at(),
            worked: Some(Minutes(5)),
        }
    }

    #[test]
    fn a_bas_04_the_requester_form_has_no_place_for_what_is_hidden() {
        let form = requester_ticket(&ticket());
        for hidden in [
            "version",
            "entity",
            "priority",
            "urgency",
            "impact",
            "observers",
            "writer",
            "source",
            "location",
            "due_own_at",
            "worked",
        ] {
            assert!(form.get(hidden).is_none(), "{hidden}");
        }
        assert_eq!(form.get("pending"), Some(&json!({ "label": "Waiting" })));
        assert_eq!(form.get("category").unwrap().get("path"), None);
    }

    #[test]
    fn lists_omit_description_actions_and_the_text_of_the_hold() {
        let row = agent_row(&ticket());
        for left_out in ["description", "description_text", "actions"] {
            assert!(row.get(left_out).is_none(), "{left_out}");
        }
        assert!(row.get("pending").unwrap().get("text").is_none());
        assert_eq!(row.get("version"), Some(&json!(7)));
        assert_eq!(row.get("merged_into"), Some(&Value::Null), "empty is null, not absent");
    }
}

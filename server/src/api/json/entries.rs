//! Occurrences, tasks, documents, events, drafts, hits: entries of tickets on the wire (section 6).

use domain::views::{
    ActorKind, ChatLineView, DocumentView, DraftView, Entry, EventView, HistoryRow, MailView, MessageView,
    OccurrenceView, RevisionView, SearchHit, SolutionView, TaskFacts, TaskView,
};
use serde_json::{Value, json};

use super::{actor, object, value, without};

/// Whether a reader got an occurrence as an agent: agents learn the id of its author, or, where he has no account, its version.
#[must_use]
pub fn occurrence_is_whole(view: &OccurrenceView) -> bool {
    view.author.id.is_some() || (view.author.kind != ActorKind::User && view.version > 0)
}

/// An occurrence; `agent` chooses the form.
#[must_use]
pub fn occurrence(view: &OccurrenceView, agent: bool) -> Value {
    if agent { agent_occurrence(view) } else { requester_occurrence(view) }
}

fn reply_to(view: &OccurrenceView) -> Value {
    view.reply_to
        .as_ref()
        .map_or(Value::Null, |target| object([("id", json!(target.id)), ("name", json!(target.author))]))
}

fn agent_occurrence(view: &OccurrenceView) -> Value {
    let removed = view.removed.as_ref().map_or(Value::Null, |removed| {
        object([
            ("at", json!(removed.at)),
            ("by", removed.by.as_ref().map_or(Value::Null, |by| actor(by, true))),
            ("reason", json!(removed.reason)),
        ])
    });
    object([
        ("id", json!(view.id)),
        ("ticket", json!(view.ticket)),
        ("author", actor(&view.author, true)),
        ("side", json!(view.side)),
        ("body", json!(view.body)),
        ("body_text", json!(view.body_text)),
        ("visibility", json!(view.visibility)),
        ("occurred_at", json!(view.occurred_at)),
        ("registered_at", json!(view.registered_at)),
        ("minutes", json!(view.minutes)),
        ("category", json!(view.category)),
        ("source", json!(view.source)),
        ("reply_to", reply_to(view)),
        ("template", json!(view.template)),
        ("attachments", view.attachments.iter().map(|file| document(file, true, &[])).collect()),
        ("mail", view.mails.iter().map(mail).collect()),
        ("mail_state", json!(view.mail_state)),
        ("edited_at", json!(view.edited_at)),
        ("edited_by", view.edited_by.as_ref().map_or(Value::Null, |by| actor(by, true))),
        ("revision_count", json!(view.revision_count)),
        ("removed", removed),
        ("actions", json!(view.actions)),
        ("version", json!(view.version)),
    ])
}

/// One mail of an entry (M-DLV-04).
fn mail(view: &MailView) -> Value {
    object([
        ("id", json!(view.id)),
        ("to", json!(view.to)),
        ("state", json!(view.state)),
        ("answer", json!(view.answer)),
        ("at", json!(view.at)),
        ("next_try_at", json!(view.next_try_at)),
    ])
}

fn requester_occurrence(view: &OccurrenceView) -> Value {
    if let Some(removed) = &view.removed {
        return object([
            ("id", json!(view.id)),
            ("ticket", json!(view.ticket)),
            ("registered_at", json!(view.registered_at)),
            ("removed", object([("at", json!(removed.at))])),
        ]);
    }
    let mut out = object([
        ("id", json!(view.id)),
        ("ticket", json!(view.ticket)),
        ("author", actor(&view.author, false)),
        ("side", json!(view.side)),
        ("body", json!(view.body)),
        ("body_text", json!(view.body_text)),
        ("occurred_at", json!(view.occurred_at)),
        ("registered_at", json!(view.registered_at)),
        ("category", json!(view.category)),
        ("reply_to", reply_to(view)),
        ("attachments", view.attachments.iter().map(|file| document(file, false, &[])).collect()),
        ("sent_by_mail", json!(view.sent_by_mail)),
        ("edited_at", json!(view.edited_at)),
    ]);
    // Own entries that the reader may edit (A-VER-02).
    if view.version > 0
        && let Some(map) = out.as_object_mut()
    {
        map.insert("version".to_owned(), json!(view.version));
    }
    out
}

/// A task; `agent` chooses the form.
#[must_use]
pub fn task(view: &TaskView, agent: bool) -> Value {
    of_task(&view.entry, &view.facts, agent)
}

fn of_task(entry: &OccurrenceView, facts: &TaskFacts, agent: bool) -> Value {
    // What of an entry every reader gets stands in the same members here; a task says "content".
    let mut out = occurrence(entry, agent);
    if entry.removed.is_some() && !agent {
        return out;
    }
    let person =
        |person: &Option<domain::views::ActorView>| person.as_ref().map_or(Value::Null, |one| actor(one, agent));
    let Some(map) = out.as_object_mut() else { return out };
    for foreign in ["side", "occurred_at", "minutes", "source", "reply_to", "mail", "mail_state", "sent_by_mail"] {
        map.remove(foreign);
    }
    if !agent {
        map.remove("category");
    }
    for (old, new) in [("body", "content"), ("body_text", "content_text")] {
        let text = map.remove(old).unwrap_or_default();
        map.insert(new.to_owned(), text);
    }
    let mut put = |name: &str, value: Value| drop(map.insert(name.to_owned(), value));
    put("state", json!(facts.state));
    put("planned_begin", json!(facts.planned_begin));
    put("planned_end", json!(facts.planned_end));
    put("user", person(&facts.user));
    if agent {
        let length = facts.planned_begin.as_ref().zip(facts.planned_end.as_ref());
        let length = length.and_then(|(begin, end)| Some((end.date_time()? - begin.date_time()?).num_minutes()));
        put("duration_minutes", json!(length));
        put("estimated_minutes", json!(facts.estimated));
        put("actual_minutes", json!(facts.actual));
        put("group", person(&facts.group));
        put("reminder_minutes", json!(facts.reminder));
        put("done_at", json!(facts.done_at));
        put("done_by", person(&facts.done_by));
    }
    out
}

/// A message; `agent` chooses the form. When the service side read is not told to the requester side.
#[must_use]
pub fn message(view: &MessageView, agent: bool) -> Value {
    let whole = object([
        ("id", json!(view.id)),
        ("ticket", json!(view.ticket)),
        ("author", actor(&view.author, agent)),
        ("side", json!(view.side)),
        ("text", json!(view.text)),
        ("sent_at", json!(view.sent_at)),
        ("read_at", json!(view.read_at)),
        ("mail", view.mails.iter().map(mail).collect()),
        ("mail_state", json!(view.mail_state)),
        ("sent_by_mail", json!(view.sent_by_mail)),
    ]);
    without(whole, if agent { &["sent_by_mail"] } else { &["mail", "mail_state"] })
}

/// Whether a reader got a solution as an agent: agents learn the id of its author, or, where the system wrote it, its version.
#[must_use]
pub fn solution_is_whole(view: &SolutionView) -> bool {
    view.author.id.is_some() || (view.author.kind == ActorKind::System && view.version > 0)
}

/// A solution; `agent` chooses the form.
#[must_use]
pub fn solution(view: &SolutionView, agent: bool) -> Value {
    let whole = object([
        ("id", json!(view.id)),
        ("ticket", json!(view.ticket)),
        ("author", actor(&view.author, agent)),
        ("body", json!(view.body)),
        ("body_text", json!(view.body_text)),
        ("type", json!(view.kind)),
        ("template", json!(view.template)),
        ("attachments", view.attachments.iter().map(|file| document(file, agent, &[])).collect()),
        ("state", json!(view.state)),
        ("answered_by", view.answered_by.as_ref().map_or(Value::Null, |by| actor(by, agent))),
        ("answered_at", json!(view.answered_at)),
        ("comment", json!(view.comment)),
        ("registered_at", json!(view.registered_at)),
        ("edited_at", json!(view.edited_at)),
        ("mail", view.mails.iter().map(mail).collect()),
        ("mail_state", json!(view.mail_state)),
        ("sent_by_mail", json!(view.sent_by_mail)),
        ("revision_count", json!(view.revision_count)),
        ("actions", json!(view.actions)),
        ("version", json!(view.version)),
    ]);
    let hidden: &[&str] =
        if agent { &["sent_by_mail"] } else { &["template", "mail", "mail_state", "revision_count", "version"] };
    without(whole, hidden)
}

/// A former version of an entry, for agents.
#[must_use]
pub fn revision(view: &RevisionView) -> Value {
    let mut out = value(view);
    if let Some(map) = out.as_object_mut() {
        map.insert("by".to_owned(), actor(&view.by, true));
    }
    out
}

/// Whether a reader got a document as an agent, or as its uploader before it was attached.
#[must_use]
pub fn document_is_whole(view: &DocumentView) -> bool {
    view.author.id.is_some()
}

/// A document; `older` are older files of the same name on its ticket, as far as the reader may see them.
#[must_use]
pub fn document(view: &DocumentView, agent: bool, older: &[&DocumentView]) -> Value {
    let entry = match (&view.entry_kind, view.entry_id) {
        // The description has no id of its own: the ticket's id is shown to nobody.
        (Some(kind), _) if kind == service::documents::DESCRIPTION => json!({ "kind": kind, "id": null }),
        (Some(kind), Some(id)) => json!({ "kind": kind, "id": id }),
        _ => Value::Null,
    };
    let versions: Value = older
        .iter()
        .map(|file| object([("id", json!(file.id)), ("registered_at", json!(file.registered_at))]))
        .collect();
    let whole = object([
        ("id", json!(view.id)),
        ("name", json!(view.name)),
        ("media_type", json!(view.media_type)),
        ("size", json!(view.size)),
        ("ticket", json!(view.ticket)),
        ("entry", entry),
        ("visibility", json!(view.visibility)),
        ("comment", json!(view.comment)),
        ("author", actor(&view.author, agent)),
        ("registered_at", json!(view.registered_at)),
        ("has_thumbnail", json!(view.has_thumbnail)),
        ("versions", versions),
        ("version", json!(view.version)),
    ]);
    if agent { whole } else { without(whole, &["visibility", "versions", "version"]) }
}

/// An upload that is not attached yet.
#[must_use]
pub fn upload(view: &DocumentView, expires_at: &domain::views::Moment) -> Value {
    object([
        ("id", json!(view.id)),
        ("name", json!(view.name)),
        ("media_type", json!(view.media_type)),
        ("size", json!(view.size)),
        ("expires_at", json!(expires_at)),
    ])
}

fn event_entry(view: &EventView) -> Value {
    view.entry.as_ref().map_or(Value::Null, |(kind, id)| json!({ "kind": kind, "id": id }))
}

fn event_data(view: &EventView, agent: bool) -> Value {
    if agent { json!({ "reason": view.reason }) } else { json!({}) }
}

/// An event of the timeline.
#[must_use]
pub fn event(view: &EventView, agent: bool) -> Value {
    object([
        ("kind", json!("event")),
        ("id", json!(view.id)),
        ("at", json!(view.at)),
        ("author", actor(&view.author, agent)),
        ("event", json!(view.kind)),
        ("entry", event_entry(view)),
        ("changes", json!(view.changes)),
        ("data", event_data(view, agent)),
    ])
}

/// A row of the history; those of the tab "Chat" say what was said, which stands nowhere else (T-HIS-02).
#[must_use]
pub fn history_row(row: &HistoryRow, agent: bool, is_chat: bool) -> Value {
    let view = &row.event;
    object([
        ("id", json!(view.id)),
        ("at", json!(view.at)),
        ("kind", json!(view.kind)),
        ("author", actor(&view.author, agent)),
        ("entry", event_entry(view)),
        ("changes", json!(view.changes)),
        ("data", if is_chat { json!({ "text": row.text }) } else { event_data(view, agent) }),
    ])
}

/// A line of a chat; `agent` chooses the form of its author.
#[must_use]
pub fn chat_line(view: &ChatLineView, agent: bool) -> Value {
    object([
        ("id", json!(view.id)),
        ("ticket", json!(view.ticket)),
        ("author", actor(&view.author, agent)),
        ("side", json!(view.side)),
        ("text", json!(view.text)),
        ("sent_at", json!(view.sent_at)),
        ("read_at", json!(view.read_at)),
    ])
}

/// An entry of the timeline with `kind` and `at` before the fields of its kind.
#[must_use]
pub fn timeline_entry(entry: &Entry, agent: bool) -> Value {
    let (kind, at, mut out) = match entry {
        Entry::Occurrence(view) => ("occurrence", json!(view.registered_at), occurrence(view, agent)),
        Entry::Solution(view) => ("solution", json!(view.registered_at), solution(view, agent)),
        Entry::Task(view) => ("task", json!(view.entry.registered_at), of_task(&view.entry, &view.facts, agent)),
        Entry::Message(view) => ("message", json!(view.sent_at), message(view, agent)),
        Entry::Validation(view) => (view.kind(), json!(view.at), super::validations::validation_entry(view, agent)),
        Entry::Document(view) => ("document", json!(view.registered_at), document(view, agent, &[])),
        Entry::Event(view) => return event(view, agent),
    };
    if let Some(map) = out.as_object_mut() {
        map.insert("kind".to_owned(), json!(kind));
        map.insert("at".to_owned(), at);
        // A tombstone of the requester side names nobody.
        map.entry("author").or_insert(Value::Null);
    }
    out
}

/// A hit of the search; visibility is for agents.
#[must_use]
pub fn search_hit(hit: &SearchHit) -> Value {
    let agent = hit.agent;
    let whole = object([
        ("kind", json!(hit.kind)),
        ("ticket", object([("number", json!(hit.number)), ("title", json!(hit.title)), ("status", json!(hit.status))])),
        ("id", if hit.kind == "ticket" { Value::Null } else { json!(hit.id) }),
        ("author", actor(&hit.author, agent)),
        ("at", json!(hit.at)),
        ("visibility", json!(if hit.private { "private" } else { "public" })),
        ("snippet", json!(hit.snippet)),
    ]);
    if agent { whole } else { without(whole, &["visibility"]) }
}

/// An own draft; its uploads stand beside its fields.
#[must_use]
pub fn draft(view: &DraftView) -> Value {
    object([
        ("id", json!(view.id)),
        ("kind", json!(view.kind)),
        ("object", json!(view.object)),
        ("fields", without(view.fields.clone(), &["attachments"])),
        ("attachments", view.attachments.iter().map(|file| document(file, true, &[])).collect()),
        ("saved_at", json!(view.saved_at)),
        ("other", view.other.clone().map_or(Value::Null, |other| without(other, &["attachments"]))),
    ])
}

#[cfg(test)]
mod tests {
    use domain::html::SafeHtml;
    use domain::occurrence::Visibility;
    use domain::ticket::Side;
    use domain::views::{ActorView, Moment, RemovedView};
    use uuid::Uuid;

    use super::*;

    fn at() -> Moment {
        Moment::try_from("2026-03-12T10:02:00-03:00".to_owned()).unwrap()
    }

    fn entry() -> OccurrenceView {
        OccurrenceView {
            id: Uuid::nil(),
            ticket: 42,
            author: ActorView { kind: ActorKind::User, name: "Tom".to_owned(), ..ActorView::default() },
            side: Side::Service,
            body: SafeHtml::default(),
            body_text: String::new(),
            visibility: Visibility::Public,
            occurred_at: at(),
            registered_at: at(),
            shows_both_times: false,
            minutes: None,
            category: None,
            source: None,
            template: None,
            reply_to: None,
            root: None,
            attachments: Vec::new(),
            mails: Vec::new(),
            mail_state: None,
            sent_by_mail: false,
            edited_at: None,
            edited_by: None,
            revision_count: 0,
            removed: None,
            actions: Vec::new(),
            version: 0,
            mine: false,
            unread: false,
        }
    }

    #[test]
    fn p_hid_01_the_requester_form_of_an_entry_hides_minutes_source_and_visibility() {
        let form = occurrence(&entry(), false);
        for hidden in ["minutes", "source", "visibility", "mail", "revision_count", "edited_by", "version", "actions"] {
            assert!(form.get(hidden).is_none(), "{hidden}");
        }
        assert_eq!(form.get("category"), Some(&Value::Null));
        assert!(!occurrence_is_whole(&entry()));
    }

    #[test]
    fn a_bas_04_agents_get_the_whole_of_an_entry_whose_author_has_no_account() {
        for kind in [ActorKind::Email, ActorKind::System] {
            let by = |version| OccurrenceView { author: ActorView { kind, ..entry().author }, version, ..entry() };
            assert!(occurrence_is_whole(&by(1)) && !occurrence_is_whole(&by(0)), "{kind:?}");
        }
        // One's own, which one may edit.
        assert!(!occurrence_is_whole(&OccurrenceView { version: 1, ..entry() }));
    }

    #[test]
    fn t_occ_22_a_tombstone_tells_the_requester_side_its_time_only() {
        let removed = RemovedView { at: at(), by: Some(ActorView::default()), reason: Some("secret".to_owned()) };
        let form = occurrence(&OccurrenceView { removed: Some(removed), ..entry() }, false);
        let names: Vec<&str> = form.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["id", "registered_at", "removed", "ticket"]);
        assert_eq!(form.get("removed").unwrap().as_object().unwrap().len(), 1);
    }
}

//! Requests for validation on the wire (section 9).

use domain::views::{DocumentView, TargetView, ValidationEntry, ValidationView};
use serde_json::{Value, json};

use super::{actor, document, object};

fn files(files: &[DocumentView], agent: bool) -> Value {
    files.iter().map(|file| document(file, agent, &[])).collect()
}

fn answer(one: &TargetView, agent: bool) -> Value {
    object([
        ("target", actor(&one.target, agent)),
        ("by", one.by.as_ref().map_or(Value::Null, |by| actor(by, agent))),
        ("answer", json!(one.answer)),
        ("comment", json!(one.comment)),
        ("at", json!(one.at)),
        ("attachments", files(&one.attachments, agent)),
    ])
}

/// A request with its answers; `agent` chooses the form of people and files.
#[must_use]
pub fn validation(view: &ValidationView, agent: bool) -> Value {
    object([
        ("id", json!(view.id)),
        ("ticket", json!(view.ticket)),
        ("asker", actor(&view.asker, agent)),
        ("comment", json!(view.comment)),
        ("comment_text", json!(view.comment_text)),
        ("required_percent", json!(view.required_percent)),
        ("state", json!(view.state)),
        ("asked_at", json!(view.asked_at)),
        ("withdrawn_at", json!(view.withdrawn_at)),
        ("replaced", json!(view.replaced)),
        ("answers", view.targets.iter().map(|one| answer(one, agent)).collect()),
        ("attachments", files(&view.attachments, agent)),
        ("actions", json!(view.actions)),
    ])
}

/// A request or an answer in the timeline: its own members, and of an answer the ids that lead to its request.
#[must_use]
pub(super) fn validation_entry(entry: &ValidationEntry, agent: bool) -> Value {
    let mut out = match (&entry.whole, &entry.answer) {
        (Some(request), None) => validation(request, agent),
        (_, Some(one)) => answer(one, agent),
        (None, None) => object([]),
    };
    if let Some(map) = out.as_object_mut() {
        map.insert("id".to_owned(), json!(entry.id));
        map.insert("author".to_owned(), actor(&entry.author, agent));
        if entry.answer.is_some() {
            map.insert("ticket".to_owned(), json!(entry.whole.as_ref().map(|request| request.ticket)));
            map.insert("validation".to_owned(), json!(entry.request));
        }
    }
    out
}

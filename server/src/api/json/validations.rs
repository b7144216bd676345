//! Requests for validation on the wire (section 9).

use domain::views::{TargetView, ValidationView};
use serde_json::{Value, json};

use super::{actor, document, object};

/// A request with its answers; `agent` chooses the form of people and files.
#[must_use]
pub fn validation(view: &ValidationView, agent: bool) -> Value {
    let files = |files: &[domain::views::DocumentView]| -> Value {
        files.iter().map(|file| document(file, agent, &[])).collect()
    };
    let answer = |one: &TargetView| {
        object([
            ("target", actor(&one.target, agent)),
            ("by", one.by.as_ref().map_or(Value::Null, |by| actor(by, agent))),
            ("answer", json!(one.answer)),
            ("comment", json!(one.comment)),
            ("at", json!(one.at)),
            ("attachments", files(&one.attachments)),
        ])
    };
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
        ("answers", view.targets.iter().map(answer).collect()),
        ("attachments", files(&view.attachments)),
        ("actions", json!(view.actions)),
    ])
}

//! The REST API as other programs meet it: spec/api.md, field by field.

use std::collections::BTreeSet;

use serde_json::Value;

mod access;
mod auth;
mod bulk;
mod chat;
mod conventions;
mod courses;
mod customer_occurrences;
mod customers;
mod documents;
mod errors;
mod events;
mod knowledge;
mod lists;
mod mail;
mod me;
mod messages;
mod notifications;
mod occurrences;
mod openapi;
mod people;
mod replay;
mod search;
mod settings;
mod solutions;
mod surveys;
mod tasks;
mod templates;
mod tickets;
mod timeline;
mod validations;

/// (METHOD, path below `/api/v1`) of the document of the API.
pub(crate) fn openapi_operations(document: &Value) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        for method in ["get", "post", "put", "patch", "delete"].into_iter().filter(|method| item.get(*method).is_some())
        {
            found.insert((method.to_uppercase(), path.to_owned()));
        }
    }
    found
}

//! Users, groups, roles, entities and the audit log for administrators (section 8).

pub mod audit;
pub mod entities;
pub mod groups;
pub mod roles;
pub mod users;

use domain::error::Code;
use serde_json::Value;
use service::access::Versions;

use super::extract::Conditions;
use super::fields::Fields;

/// What an update names as its origin.
fn versions(conditions: Conditions, version: Option<i32>) -> Versions {
    Versions { from: version, if_match: conditions.if_match }
}

/// An object by its id: as text, or as an answer shows it, `{id, name}`.
fn reference(body: &mut Fields, field: &str) -> Option<String> {
    match body.raw(field) {
        None => None,
        Some(Value::String(id)) => Some(id),
        Some(Value::Object(map)) => match map.get("id") {
            Some(Value::String(id)) => Some(id.clone()),
            _ => wrong(body, field),
        },
        Some(_) => wrong(body, field),
    }
}

fn wrong(body: &mut Fields, field: &str) -> Option<String> {
    body.wrong(field, Code::Invalid);
    None
}

/// A list of objects by their ids; absent is `None`, `null` is the empty list.
fn references(body: &mut Fields, field: &str) -> Option<Vec<String>> {
    let items = match body.raw(field)? {
        Value::Null => return Some(Vec::new()),
        Value::Array(items) => items,
        _ => {
            body.wrong(field, Code::Invalid);
            return None;
        }
    };
    let mut out = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let id = match &item {
            Value::String(id) => Some(id.clone()),
            Value::Object(map) => map.get("id").and_then(Value::as_str).map(str::to_owned),
            _ => None,
        };
        match id {
            Some(id) => out.push(id),
            None => body.wrong(&format!("{field}[{index}]"), Code::Invalid),
        }
    }
    Some(out)
}

/// A text of a partial update that cannot be emptied; absent is `None`, `null` is empty and refused as such.
fn text(body: &mut Fields, field: &str) -> Option<String> {
    body.patch(field).into_option().map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::super::body;
    use super::*;

    #[test]
    fn a_bas_04_references_are_ids_or_what_an_answer_shows() {
        let id = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
        let sent = format!(r#"{{"a":"{id}","b":{{"id":"{id}","name":"x"}},"c":[{{"id":"{id}"}},"{id}",7],"d":3}}"#);
        let mut fields = body::parse(sent.as_bytes()).unwrap();
        assert_eq!(reference(&mut fields, "a").as_deref(), Some(id));
        assert_eq!(reference(&mut fields, "b").as_deref(), Some(id));
        assert_eq!(references(&mut fields, "c").map(|all| all.len()), Some(2));
        assert_eq!(reference(&mut fields, "d"), None);
        assert!(fields.finish().is_err(), "c[2] and d are none");
    }
}

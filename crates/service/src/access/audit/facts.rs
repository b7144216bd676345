//! What a row of the log keeps, in readable parts: fields with old and new values, whatever its kind writes.
//!
//! Does not belong here: words for fields and kinds (`app`).

use std::collections::BTreeMap;

use domain::views::FieldChange;
use serde_json::Value;

/// Most facts of a row that are shown; the API has them all.
const FACTS_MAX: usize = 30;
/// Most characters of a value that are shown.
const VALUE_MAX: usize = 300;

/// Values by the way that leads to them: `names.en`.
type Flat = BTreeMap<String, String>;

/// The facts of a row. `changes`, `old` and `new`, `fields` and `data` are how the writers of the log say what changed; all
/// else is a fact by itself.
pub(super) fn facts(data: &Value) -> Vec<FieldChange> {
    let Some(members) = data.as_object() else { return Vec::new() };
    let mut out = Vec::new();
    let key = members.get("key").map(text).unwrap_or_default();
    let (mut old, mut new, mut rest) = (Flat::new(), Flat::new(), Flat::new());
    for (name, value) in members {
        match name.as_str() {
            "version" | "key" => {}
            "old" => flatten(&key, value, &mut old),
            "new" => flatten(&key, value, &mut new),
            "changes" => {
                for (field, pair) in value.as_object().into_iter().flatten() {
                    let side = |name: &str| pair.get(name).map(text).unwrap_or_default();
                    out.push(fact(field, &side("old"), &side("new")));
                }
            }
            "fields" => {
                let fields = value.as_array().into_iter().flatten().map(text);
                out.extend(fields.map(|field| fact(&field, "", "")));
            }
            "data" => flatten("", value, &mut rest),
            name => flatten(name, value, &mut rest),
        }
    }
    let fields: Vec<String> = old.keys().chain(new.keys().filter(|field| !old.contains_key(*field))).cloned().collect();
    for field in fields {
        let of = |side: &Flat| side.get(&field).cloned().unwrap_or_default();
        let (before, after) = (of(&old), of(&new));
        if before != after {
            out.push(fact(&field, &before, &after));
        }
    }
    out.extend(rest.iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| fact(field, "", value)));
    out.truncate(FACTS_MAX);
    out
}

fn fact(field: &str, old: &str, new: &str) -> FieldChange {
    let short = |text: &str| text.chars().take(VALUE_MAX).collect::<String>();
    FieldChange { field: field.to_owned(), old: short(old), new: short(new) }
}

/// A value in one line.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn flatten(way: &str, value: &Value, out: &mut Flat) {
    let below = |name: &str| if way.is_empty() { name.to_owned() } else { [way, ".", name].concat() };
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                flatten(&below(name), value, out);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (at, value) in items.iter().enumerate() {
                flatten(&below(&at.to_string()), value, out);
            }
        }
        value => {
            out.insert(way.to_owned(), text(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(data: &Value) -> Vec<(String, String, String)> {
        facts(data).into_iter().map(|fact| (fact.field, fact.old, fact.new)).collect()
    }

    fn row(field: &str, old: &str, new: &str) -> (String, String, String) {
        (field.to_owned(), old.to_owned(), new.to_owned())
    }

    #[test]
    fn t_set_05_a_setting_is_told_by_its_key_with_both_values() {
        let data = json!({ "version": 3, "key": "reopen_days", "old": null, "new": "9" });
        assert_eq!(told(&data), [row("reopen_days", "", "9")]);
    }

    #[test]
    fn t_set_05_of_two_versions_only_what_differs_is_told() {
        let data = json!({
            "version": 2,
            "list": "locations",
            "old": { "names": { "en": "Floor 1" }, "active": true },
            "new": { "names": { "en": "Floor 1", "fr": "Étage 1" }, "active": false },
        });
        assert_eq!(
            told(&data),
            [row("active", "true", "false"), row("names.fr", "", "Étage 1"), row("list", "", "locations")]
        );
    }

    #[test]
    fn fields_changes_and_further_facts_are_told() {
        let data = json!({ "version": 1, "fields": ["name"], "data": { "handed_over": 2, "gained": ["ticket.take", "ticket.view-all"] } });
        let expected =
            [row("name", "", ""), row("gained", "", "ticket.take, ticket.view-all"), row("handed_over", "", "2")];
        assert_eq!(told(&data), expected);
        let data = json!({ "kind": "replies", "changes": { "active": { "old": "true", "new": "false" } } });
        assert_eq!(told(&data), [row("active", "true", "false"), row("kind", "", "replies")]);
        assert!(told(&json!(null)).is_empty());
        assert_eq!(told(&json!({ "filters": { "kind": "" }, "rows": 7 })), [row("rows", "", "7")]);
    }

    #[test]
    fn long_values_and_many_facts_have_an_end() {
        let many: BTreeMap<String, String> = (0..100).map(|n| (format!("f{n}"), "x".repeat(1_000))).collect();
        let facts = facts(&json!({ "data": many }));
        assert_eq!(facts.len(), FACTS_MAX);
        assert!(facts.iter().all(|fact| fact.new.len() == VALUE_MAX));
    }
}

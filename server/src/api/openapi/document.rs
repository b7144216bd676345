//! The OpenAPI 3.1 document, made from the tables.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::codes::{ERRORS, FIELD_CODES};
use super::schemas::{FORMS, SCHEMAS};
use super::{Field, ROUTES, Route, fields};

/// The whole document.
#[must_use]
pub fn document() -> Value {
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in ROUTES {
        paths.entry(route.path).or_default().insert(route.method.to_ascii_lowercase(), operation(route));
    }
    let field_codes: Vec<&str> = FIELD_CODES.iter().map(|(code, _)| *code).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Guichet",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "REST API of the help desk",
            "description": "Only additions happen within v1: ignore response fields you do not know. Errors: /api/docs/errors.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/api/v1" }],
        "security": [{ "bearer": [] }],
        "tags": tags(),
        "paths": paths,
        "components": {
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas(),
            "parameters": {
                "IfMatch": {
                    "name": "If-Match", "in": "header", "schema": { "type": "string" },
                    "description": "The version that must be the present one, in quotes: \"7\"; any other answers 412.",
                },
                "IdempotencyKey": {
                    "name": "Idempotency-Key", "in": "header", "schema": { "type": "string", "minLength": 1, "maxLength": 128 },
                    "description": "The same key with the same content answers as the first time, with Idempotency-Replayed: true.",
                },
            },
        },
        "x-field-codes": field_codes,
    })
}

fn tag(route: &Route) -> &'static str {
    route.path.split('/').nth(1).unwrap_or_default()
}

fn tags() -> Value {
    let mut names: Vec<&str> = Vec::new();
    for route in ROUTES {
        if !names.contains(&tag(route)) {
            names.push(tag(route));
        }
    }
    names.into_iter().map(|name| json!({ "name": name })).collect()
}

fn operation(route: &Route) -> Value {
    let mut out = Map::new();
    out.insert("operationId".to_owned(), json!(route.operation));
    out.insert("summary".to_owned(), json!(route.summary));
    out.insert("tags".to_owned(), json!([tag(route)]));
    if let Some(capability) = route.capability {
        out.insert("description".to_owned(), json!(format!("Needs {capability} in the entity.")));
        out.insert("x-capability".to_owned(), json!(capability));
    }
    if !route.is_signed_in {
        out.insert("security".to_owned(), json!([]));
    }
    out.insert("parameters".to_owned(), parameters(route));
    if let Some(body) = body(route) {
        out.insert("requestBody".to_owned(), body);
    }
    out.insert("responses".to_owned(), responses(route));
    Value::Object(out)
}

fn parameters(route: &Route) -> Value {
    let mut out: Vec<Value> = route
        .parameters()
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": path_type(name) }))
        .collect();
    for field in fields(route.query) {
        out.push(query_parameter(&field, field.name));
        if field.is_negatable {
            out.push(query_parameter(&field, &format!("not.{}", field.name)));
        }
    }
    if matches!(route.method, "PATCH" | "DELETE") || route.path.contains("/actions/") {
        out.push(json!({ "$ref": "#/components/parameters/IfMatch" }));
    }
    if route.method == "POST" && route.operation != "createToken" {
        out.push(json!({ "$ref": "#/components/parameters/IdempotencyKey" }));
    }
    Value::Array(out)
}

fn query_parameter(field: &Field, name: &str) -> Value {
    let mut parameter = json!({
        "name": name, "in": "query", "required": field.is_required, "schema": schema_of(field),
    });
    if let (true, Some(map)) = (field.is_list, parameter.as_object_mut()) {
        // Comma separated; repeating the parameter means the same.
        map.insert("style".to_owned(), json!("form"));
        map.insert("explode".to_owned(), json!(false));
    }
    parameter
}

fn path_type(name: &str) -> Value {
    match name {
        "number" => json!({ "type": "integer", "minimum": 1 }),
        "id" => json!({ "type": "string", "format": "uuid" }),
        _ => json!({ "type": "string" }),
    }
}

fn body(route: &Route) -> Option<Value> {
    if route.body.is_empty() {
        return None;
    }
    if route.body == "multipart" {
        let file = json!({ "type": "string", "contentMediaType": "application/octet-stream" });
        let schema = json!({ "type": "object", "properties": { "file": file }, "required": ["file"] });
        return Some(json!({ "required": true, "content": { "multipart/form-data": { "schema": schema } } }));
    }
    let schema = match route.body.strip_suffix("[]") {
        Some(item) => json!({ "schema": { "type": "array", "items": reference(item) } }),
        None => json!({ "schema": reference(route.body) }),
    };
    let mut content = Map::new();
    content.insert("application/json".to_owned(), schema.clone());
    if route.method == "PATCH" {
        content.insert("application/merge-patch+json".to_owned(), schema);
    }
    Some(json!({ "required": !route.path.contains("/actions/"), "content": content }))
}

fn responses(route: &Route) -> Value {
    let mut out = Map::new();
    out.insert(route.status.to_string(), success(route));
    let mut by_status: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
    for code in route.all_codes() {
        if let Some((status, _, _)) = ERRORS.iter().find(|(_, known, _)| *known == code) {
            by_status.entry(*status).or_default().push(code);
        }
    }
    for (status, codes) in by_status {
        let schema = json!({ "allOf": [reference("Problem"), { "properties": { "code": { "enum": codes } } }] });
        let answer = json!({
            "description": codes.join(", "),
            "content": { "application/problem+json": { "schema": schema } },
        });
        out.insert(status.to_string(), answer);
    }
    Value::Object(out)
}

fn success(route: &Route) -> Value {
    let string = |name: &str, about: &str| json!({ (name): { "description": about, "schema": { "type": "string" } } });
    let (description, content) = match route.answer {
        "" => ("Done.", json!({})),
        "openapi" => ("The document.", json!({ "application/json": { "schema": { "type": "object" } } })),
        "binary" => ("The content; 206 for a part of it.", json!({ "application/octet-stream": {} })),
        "csv" => ("A table in UTF-8 with a byte order mark, RFC 4180.", json!({ "text/csv": {} })),
        "table" => (
            "A table in UTF-8 with a byte order mark, RFC 4180, or a workbook.",
            json!({ "text/csv": {}, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {} }),
        ),
        "events" => (
            "A stream of events `change` and `reset`; of chats also `presence` and `typing`, which have no id and are not resumed.",
            json!({ "text/event-stream": { "schema": reference("Change") } }),
        ),
        name => match name.strip_suffix("[]") {
            Some(name) => ("A page of the list.", json!({ "application/json": { "schema": page(name) } })),
            None => ("The object.", json!({ "application/json": { "schema": reference(name) } })),
        },
    };
    let mut out = json!({ "description": description });
    if let Some(map) = out.as_object_mut() {
        if !route.answer.is_empty() {
            map.insert("content".to_owned(), content);
        }
        if route.status == 201 {
            map.insert("headers".to_owned(), string("Location", "Address of the new object."));
        }
    }
    out
}

fn page(name: &str) -> Value {
    json!({
        "type": "object",
        "required": ["items", "next_cursor"],
        "properties": {
            "items": { "type": "array", "items": reference(name) },
            "next_cursor": { "type": ["string", "null"] },
            "count": { "type": "integer", "minimum": 0, "maximum": 1000 },
            "count_exact": { "type": "boolean" },
        },
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn schemas() -> Value {
    let mut out = Map::new();
    for (name, words) in SCHEMAS {
        let fields = fields(words);
        let properties: Map<String, Value> = fields.iter().map(|f| (f.name.to_owned(), schema_of(f))).collect();
        let required: Vec<&str> = fields.iter().filter(|f| f.is_required).map(|f| f.name).collect();
        let mut schema = json!({ "type": "object", "properties": properties });
        if let Some(map) = schema.as_object_mut() {
            if !required.is_empty() {
                map.insert("required".to_owned(), json!(required));
            }
            if is_sent(name) {
                map.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        out.insert((*name).to_owned(), schema);
    }
    for (name, forms) in FORMS {
        let forms: Vec<Value> = forms.iter().map(|form| reference(form)).collect();
        let about = "The first form for agents of the entity, the others for everybody else.";
        out.insert((*name).to_owned(), json!({ "description": about, "anyOf": forms }));
    }
    let mut out = Value::Object(out);
    let errors: Vec<&str> = ERRORS.iter().map(|(_, code, _)| *code).collect();
    let of_fields: Vec<&str> = FIELD_CODES.iter().map(|(code, _)| *code).collect();
    for (schema, codes) in [("Problem", errors), ("FieldError", of_fields)] {
        if let Some(code) = out.pointer_mut(&format!("/{schema}/properties/code")) {
            *code = json!({ "type": "string", "enum": codes });
        }
    }
    out
}

/// Bodies refuse what they do not know; answers may grow.
fn is_sent(name: &str) -> bool {
    ROUTES.iter().any(|route| route.body == name)
}

/// The JSON schema of a field.
fn schema_of(field: &Field) -> Value {
    let mut out = simple(field.kind);
    if field.is_list {
        out = json!({ "type": "array", "items": out });
    }
    if let (Some(most), Some(map)) = (field.most, out.as_object_mut()) {
        map.insert(if field.is_list { "maxItems" } else { "maxLength" }.to_owned(), json!(most));
    }
    if field.is_nullable { json!({ "anyOf": [out, { "type": "null" }] }) } else { out }
}

fn simple(kind: &str) -> Value {
    match kind {
        "string" | "integer" | "boolean" | "object" => json!({ "type": kind }),
        "uuid" => json!({ "type": "string", "format": "uuid" }),
        "time" => json!({ "type": "string", "format": "date-time" }),
        // Its type is said by another field.
        "any" => json!({}),
        "rich" => json!({ "type": "string", "contentMediaType": "text/html" }),
        name if name.starts_with(char::is_uppercase) => reference(name),
        words => json!({ "type": "string", "enum": words.split('|').collect::<Vec<_>>() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                out.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|inner| references(inner, out));
            }
            Value::Array(items) => items.iter().for_each(|inner| references(inner, out)),
            _ => {}
        }
    }

    #[test]
    fn a_bas_01_every_reference_of_the_document_leads_somewhere() {
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(found.len() > 100);
        for reference in found {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn a_bas_01_every_operation_is_in_the_document() {
        let document = document();
        for route in ROUTES {
            let found = document["paths"][route.path][route.method.to_ascii_lowercase()]["operationId"].as_str();
            assert_eq!(found, Some(route.operation));
        }
    }

    #[test]
    fn a_nullable_list_has_its_limit_inside() {
        let fields = fields("attachments:uuid[]?<=20");
        let schema = schema_of(&fields[0]);
        assert_eq!(schema["anyOf"][0]["maxItems"], json!(20));
    }
}

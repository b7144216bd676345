//! The forms of objects on the wire: what agents get, what the requester side gets (A-BAS-04, section 5).
//!
//! A field a caller may not see is absent, a field without value is `null`. Rights were applied by `service`; here the
//! form is chosen that has no place for what must not be said.

mod entries;
mod tickets;
mod validations;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::views::{ActorKind, ActorView, Count, Page, Warning};
use serde::Serialize;
use serde_json::{Map, Value, json};
use service::Ctx;
use service::cursor;
use uuid::Uuid;

use super::extract::Params;
use super::problem::ApiError;
pub use entries::{
    chat_line, document, document_is_whole, draft, event, history_row, message, occurrence, occurrence_is_whole,
    revision, search_hit, solution, solution_is_whole, task, timeline_entry, upload,
};
pub use tickets::{agent_row, agent_ticket, requester_row, requester_ticket};
pub use validations::validation;

/// Rows of a page when the caller does not say (A-LST-01).
const LIMIT: usize = 50;
/// Rows behind a page that its cursor remembers.
const FOLLOWING: usize = 5;

/// An object of named members.
#[must_use]
pub fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Anything serialisable as JSON; what cannot be is `null`, which no type of ours is.
#[must_use]
pub fn value(of: &impl Serialize) -> Value {
    serde_json::to_value(of).unwrap_or(Value::Null)
}

/// Takes members out of an object.
#[must_use]
pub fn without(mut object: Value, members: &[&str]) -> Value {
    if let Some(map) = object.as_object_mut() {
        map.retain(|name, _| !members.contains(&name.as_str()));
    }
    object
}

/// A person, group or address; the requester side gets kind and name only (section 5).
#[must_use]
pub fn actor(actor: &ActorView, agent: bool) -> Value {
    if actor.kind == ActorKind::System {
        return json!({ "kind": "system" });
    }
    if !agent {
        return object([("kind", json!(actor.kind)), ("name", json!(actor.name))]);
    }
    object([
        ("kind", json!(actor.kind)),
        ("id", json!(actor.id)),
        ("name", json!(actor.name)),
        ("email", json!(actor.email)),
        ("disabled", json!(actor.disabled)),
    ])
}

/// Several of them.
#[must_use]
pub fn actors(list: &[ActorView], agent: bool) -> Value {
    list.iter().map(|one| actor(one, agent)).collect()
}

/// An answer with a JSON object, or without content.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    body: Value,
    location: Option<String>,
    is_replayed: bool,
}

impl Answer {
    /// An object or a list.
    #[must_use]
    pub fn ok(body: Value) -> Self {
        Self { status: StatusCode::OK, body, location: None, is_replayed: false }
    }

    /// Done, and there is nothing to show: 204.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: Value::Null, location: None, is_replayed: false }
    }

    /// Whether it has no content.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.status == StatusCode::NO_CONTENT
    }

    /// Status, `Location` and body, to be kept.
    #[must_use]
    pub fn parts(&self) -> (u16, Option<&str>, &Value) {
        (self.status.as_u16(), self.location.as_deref(), &self.body)
    }

    /// An answer of kept parts; nothing for a status that is none.
    #[must_use]
    pub fn from_parts(status: u16, location: Option<String>, body: Value) -> Option<Self> {
        Some(Self { status: StatusCode::from_u16(status).ok()?, body, location, is_replayed: false })
    }

    /// A changed object with its warnings (A-BAS-08).
    #[must_use]
    pub fn changed(mut body: Value) -> Self {
        if let Some(map) = body.as_object_mut() {
            map.insert("warnings".to_owned(), json!([]));
        }
        Self::ok(body)
    }

    /// The same with what is to know about what was saved (T-GEN-12).
    #[must_use]
    pub fn warned(mut self, warnings: &[Warning]) -> Self {
        if let Some(map) = self.body.as_object_mut() {
            map.insert("warnings".to_owned(), value(&warnings));
        }
        self
    }

    /// A new object at its address below `/api/v1`.
    #[must_use]
    pub fn created(location: &str, body: Value) -> Self {
        Self { status: StatusCode::CREATED, location: Some(format!("/api/v1{location}")), ..Self::changed(body) }
    }

    /// Says that the key had its answer before (A-IDM-01).
    #[must_use]
    pub fn replayed(self, is_replayed: bool) -> Self {
        Self { is_replayed, ..self }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        // A version that the caller may know is the tag of the object, by any method (A-VER-01, 02).
        let version = self.body.get("version").and_then(Value::as_i64);
        let has_content = !self.is_empty();
        let body = if has_content { Body::from(self.body.to_string()) } else { Body::empty() };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if has_content {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(tag) = version.and_then(|version| HeaderValue::from_str(&format!("\"{version}\"")).ok()) {
            headers.insert(header::ETAG, tag);
        }
        if let Some(location) = self.location.and_then(|location| HeaderValue::from_str(&location).ok()) {
            headers.insert(header::LOCATION, location);
        }
        if self.is_replayed {
            headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
        }
        response
    }
}

/// A page of a list (A-LST-01, 02).
#[must_use]
pub fn list(items: Vec<Value>, next_cursor: Option<String>, count: Option<Count>) -> Value {
    let mut out = Map::new();
    out.insert("items".to_owned(), Value::Array(items));
    out.insert("next_cursor".to_owned(), json!(next_cursor));
    if let Some(count) = count {
        out.insert("count".to_owned(), json!(count.value));
        out.insert("count_exact".to_owned(), json!(count.exact));
    }
    Value::Object(out)
}

/// A page whose rows are already in the form of the wire.
#[must_use]
pub fn page<T: Serialize>(page: &Page<T>) -> Value {
    list(page.items.iter().map(value).collect(), page.next_cursor.clone(), page.count)
}

/// What a request says about the page of a list that `service` answers whole.
#[derive(Debug)]
pub struct Cut {
    limit: usize,
    cursor: String,
    is_counted: bool,
}

impl Cut {
    /// Reads `limit`, `cursor`, `count`.
    pub fn read(params: &mut Params) -> Self {
        let limit = match params.limit() {
            0 => LIMIT,
            limit => usize::try_from(limit).unwrap_or(LIMIT),
        };
        Self { limit, cursor: params.text("cursor"), is_counted: params.flag("count") }
    }

    /// The page of `rows` (id and object, in order) after the cursor; `binding` names list and filters.
    ///
    /// Where the last row of the former page went away, the page begins with the first one left of those that followed it.
    ///
    /// # Errors
    /// `invalid` on `cursor` for one of another list, filter or person.
    pub fn page(&self, ctx: &Ctx, binding: &str, rows: Vec<(Uuid, Value)>) -> Result<Value, ApiError> {
        let binding = format!("{binding}:{}", ctx.actor.id());
        let after: Option<(Uuid, Vec<Uuid>, usize)> = cursor::open(&ctx.services.secret, &binding, &self.cursor)?;
        let place_of = |id: &Uuid| rows.iter().position(|(row, _)| row == id);
        let start = match after {
            None => 0,
            Some((last, next, place)) => match place_of(&last) {
                Some(at) => at + 1,
                None => next.iter().find_map(place_of).unwrap_or(place),
            },
        };
        let count = u32::try_from(rows.len().min(1_000)).unwrap_or(0);
        let count = self.is_counted.then_some(Count { value: count, exact: rows.len() <= 1_000 });
        let end = start.saturating_add(self.limit);
        let is_more = rows.len() > end;
        let next: Vec<Uuid> = rows.iter().skip(end).take(FOLLOWING).map(|(id, _)| *id).collect();
        let shown: Vec<(Uuid, Value)> = rows.into_iter().skip(start).take(self.limit).collect();
        let position = shown.last().filter(|_| is_more).map(|(id, _)| (*id, next, end));
        let next = position.map(|position| cursor::seal(&ctx.services.secret, &binding, &position));
        Ok(list(shown.into_iter().map(|(_, row)| row).collect(), next, count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> ActorView {
        ActorView {
            kind: ActorKind::User,
            id: Some(Uuid::nil()),
            name: "Tom".to_owned(),
            email: Some("t@x.org".to_owned()),
            disabled: false,
        }
    }

    #[test]
    fn the_requester_side_learns_kind_and_name_of_a_person() {
        assert_eq!(actor(&person(), false), json!({ "kind": "user", "name": "Tom" }));
        assert_eq!(actor(&ActorView::default(), true), json!({ "kind": "system" }));
        let whole = actor(&person(), true);
        assert_eq!(whole.get("email"), Some(&json!("t@x.org")));
        assert_eq!(whole.get("disabled"), Some(&json!(false)));
    }

    #[test]
    fn a_ver_02_only_a_version_that_is_shown_becomes_a_tag() {
        let with = Answer::changed(json!({ "version": 3 })).into_response();
        assert_eq!(with.headers().get(header::ETAG).unwrap(), "\"3\"");
        let without = Answer::created("/tickets/1", json!({})).into_response();
        assert!(!without.headers().contains_key(header::ETAG));
        assert_eq!(without.headers().get(header::LOCATION).unwrap(), "/api/v1/tickets/1");
        assert_eq!(without.status(), StatusCode::CREATED);
    }
}

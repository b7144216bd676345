//! The fields of a JSON object, taken apart one by one, so that every wrong and unknown one is named at once (A-BAS-02, 04, 05).

use chrono::DateTime;
use domain::error::{Code, FieldErrors};
use domain::forms::Patch;
use domain::occurrence::BodyFormat;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::extract::uuid;
use super::problem::ApiError;

/// Longest name of an unknown field that is repeated in the refusal, in characters.
const FIELD_MAX: usize = 100;

/// The fields of an object, taken one by one; what is left at the end is unknown.
#[derive(Debug)]
pub struct Fields {
    map: Map<String, Value>,
    path: String,
    errors: FieldErrors,
}

impl Fields {
    /// The fields of a body.
    #[must_use]
    pub fn new(map: Map<String, Value>) -> Self {
        Self { map, path: String::new(), errors: FieldErrors::new() }
    }

    /// Notes a wrong field.
    pub fn wrong(&mut self, field: &str, code: Code) {
        self.errors.add(format!("{}{field}", self.path), code);
    }

    /// Whether a field was sent, be it `null`.
    #[must_use]
    pub fn has(&self, field: &str) -> bool {
        self.map.contains_key(field)
    }

    /// A field as it was sent.
    pub fn raw(&mut self, field: &str) -> Option<Value> {
        self.map.remove(field)
    }

    /// A text; absent and `null` are empty.
    pub fn text(&mut self, field: &str) -> String {
        match self.patch(field) {
            Patch::Set(text) => text,
            Patch::Keep | Patch::Clear => String::new(),
        }
    }

    /// An id; absent, `null` and empty are none.
    pub fn id(&mut self, field: &str) -> Option<Uuid> {
        let text = self.text(field);
        let id = uuid(&text);
        if id.is_none() && !text.is_empty() {
            self.wrong(field, Code::UnknownReference);
        }
        id
    }

    /// A text that must not be empty.
    pub fn required(&mut self, field: &str) -> String {
        match self.raw(field) {
            Some(Value::String(text)) if !text.trim().is_empty() => clean(&text),
            None | Some(Value::Null | Value::String(_)) => {
                self.wrong(field, Code::Required);
                String::new()
            }
            Some(_) => {
                self.wrong(field, Code::Invalid);
                String::new()
            }
        }
    }

    /// A text of a partial update.
    pub fn patch(&mut self, field: &str) -> Patch<String> {
        match self.raw(field) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Clear,
            Some(Value::String(text)) => Patch::Set(clean(&text)),
            Some(_) => {
                self.wrong(field, Code::Invalid);
                Patch::Keep
            }
        }
    }

    /// An integer.
    pub fn integer(&mut self, field: &str) -> Option<i64> {
        match self.patch_integer(field) {
            Patch::Set(number) => Some(number),
            Patch::Keep | Patch::Clear => None,
        }
    }

    /// An integer of a partial update.
    pub fn patch_integer(&mut self, field: &str) -> Patch<i64> {
        match self.raw(field) {
            None => Patch::Keep,
            Some(Value::Null) => Patch::Clear,
            Some(value) => match value.as_i64() {
                Some(number) => Patch::Set(number),
                None => {
                    self.wrong(field, Code::Invalid);
                    Patch::Keep
                }
            },
        }
    }

    /// An integer as the text the forms carry; absent and `null` are empty.
    pub fn number(&mut self, field: &str) -> String {
        self.integer(field).map(|number| number.to_string()).unwrap_or_default()
    }

    /// An integer of a partial update as text.
    pub fn patch_number(&mut self, field: &str) -> Patch<String> {
        match self.patch_integer(field) {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(number) => Patch::Set(number.to_string()),
        }
    }

    /// Time spent: whole minutes of a partial update, as text. Negative ones have a code of their own.
    pub fn patch_minutes(&mut self, field: &str) -> Patch<String> {
        match self.patch_integer(field) {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(minutes) if minutes < 0 => {
                self.wrong(field, Code::TimeOutOfRange);
                Patch::Keep
            }
            Patch::Set(minutes) => Patch::Set(minutes.to_string()),
        }
    }

    /// The version an update was made from; an object that has one has at least 1.
    pub fn version(&mut self) -> Option<i32> {
        let number = self.integer("version")?;
        match i32::try_from(number) {
            Ok(version) if version > 0 => Some(version),
            _ => {
                self.wrong("version", Code::Invalid);
                None
            }
        }
    }

    /// A switch; absent and `null` are off.
    pub fn flag(&mut self, field: &str) -> bool {
        match self.raw(field) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(on)) => on,
            Some(_) => {
                self.wrong(field, Code::Invalid);
                false
            }
        }
    }

    /// A switch of a partial update; absent is `None`, `null` is neither on nor off.
    pub fn switch(&mut self, field: &str) -> Option<bool> {
        match self.raw(field)? {
            Value::Bool(on) => Some(on),
            _ => {
                self.wrong(field, Code::Invalid);
                None
            }
        }
    }

    /// How rich fields are written.
    pub fn format(&mut self) -> BodyFormat {
        match self.text("format").as_str() {
            "" | "html" => BodyFormat::Html,
            "markdown" => BodyFormat::Markdown,
            "text" => BodyFormat::Text,
            _ => {
                self.wrong("format", Code::Invalid);
                BodyFormat::Html
            }
        }
    }

    /// A time with offset (A-BAS-05); absent and `null` are empty.
    pub fn time(&mut self, field: &str) -> String {
        match self.patch_time(field) {
            Patch::Set(text) => text,
            Patch::Keep | Patch::Clear => String::new(),
        }
    }

    /// A time of a partial update.
    pub fn patch_time(&mut self, field: &str) -> Patch<String> {
        match self.patch(field) {
            Patch::Set(text) if DateTime::parse_from_rfc3339(&text).is_err() => {
                self.wrong(field, Code::Invalid);
                Patch::Keep
            }
            patch => patch,
        }
    }

    /// A list of texts; absent is `None`, `null` is the empty list.
    pub fn texts(&mut self, field: &str) -> Option<Vec<String>> {
        self.list(field, |fields, item, path| match item {
            Value::String(text) => Some(clean(&text)),
            _ => {
                fields.wrong(path, Code::Invalid);
                None
            }
        })
    }

    /// A list of people and groups as the forms write them; absent is `None`.
    pub fn actors(&mut self, field: &str) -> Option<Vec<String>> {
        self.list(field, Self::one_actor)
    }

    /// A single person or group; empty when absent.
    pub fn actor(&mut self, field: &str) -> String {
        match self.raw(field) {
            None | Some(Value::Null) => String::new(),
            Some(item) => self.one_actor(item, field).unwrap_or_default(),
        }
    }

    /// An object inside the object; give it back by `absorb`.
    pub fn object(&mut self, field: &str) -> Option<Self> {
        match self.raw(field)? {
            Value::Null => None,
            Value::Object(map) => {
                Some(Self { map, path: format!("{}{field}.", self.path), errors: FieldErrors::new() })
            }
            _ => {
                self.wrong(field, Code::Invalid);
                None
            }
        }
    }

    /// The same where its absence says that none of its fields is sent.
    pub fn object_or_empty(&mut self, field: &str) -> Self {
        let found = self.object(field);
        found.unwrap_or_else(|| Self {
            map: Map::new(),
            path: format!("{}{field}.", self.path),
            errors: FieldErrors::new(),
        })
    }

    /// A list of objects inside the object, each to be given back by `absorb`; absent and `null` are empty.
    pub fn objects(&mut self, field: &str) -> Vec<Self> {
        let items = match self.raw(field) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(items)) => items,
            Some(_) => {
                self.wrong(field, Code::Invalid);
                return Vec::new();
            }
        };
        let mut out = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            let place = format!("{field}[{index}]");
            match item {
                Value::Object(map) => {
                    let path = format!("{}{place}.", self.path);
                    out.push(Self { map, path, errors: FieldErrors::new() });
                }
                _ => self.wrong(&place, Code::Invalid),
            }
        }
        out
    }

    /// Takes over what was wrong inside an object.
    pub fn absorb(&mut self, inner: Self) {
        self.errors.0.extend(inner.close().0);
    }

    /// Every wrong and unknown field at once.
    ///
    /// # Errors
    /// `invalid` with all of them.
    pub fn finish(self) -> Result<(), ApiError> {
        let errors = self.close();
        if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
    }

    fn close(mut self) -> FieldErrors {
        for name in self.map.keys() {
            let name: String = name.chars().filter(|c| !c.is_control()).take(FIELD_MAX).collect();
            self.errors.add(format!("{}{name}", self.path), Code::UnknownField);
        }
        self.errors
    }

    fn list(&mut self, field: &str, read: impl Fn(&mut Self, Value, &str) -> Option<String>) -> Option<Vec<String>> {
        match self.raw(field)? {
            Value::Null => Some(Vec::new()),
            Value::Array(items) => {
                let mut out = Vec::new();
                for (index, item) in items.into_iter().enumerate() {
                    out.extend(read(&mut *self, item, &format!("{field}[{index}]")));
                }
                Some(out)
            }
            _ => {
                self.wrong(field, Code::Invalid);
                None
            }
        }
    }

    /// `{kind, id}` or `{kind: "email", email, name}`; what an answer holds besides may be sent back and is not read.
    fn one_actor(&mut self, item: Value, path: &str) -> Option<String> {
        let Value::Object(map) = item else {
            self.wrong(path, Code::Invalid);
            return None;
        };
        let mut inner = Self { map, path: format!("{}{path}.", self.path), errors: FieldErrors::new() };
        let written = inner.written_actor();
        let is_right = inner.errors.is_empty();
        self.absorb(inner);
        written.filter(|_| is_right)
    }

    fn written_actor(&mut self) -> Option<String> {
        let kind = self.required("kind");
        let name = self.text("name");
        self.flag("disabled");
        match kind.as_str() {
            "user" | "group" => {
                self.raw("email");
                let id = self.required("id");
                Some(format!("{kind}:{id}"))
            }
            "email" => {
                self.raw("id");
                let email = self.required("email");
                Some(if name.trim().is_empty() { format!("email:{email}") } else { format!("email:{name} <{email}>") })
            }
            "" => None,
            _ => {
                self.wrong("kind", Code::Invalid);
                None
            }
        }
    }
}

/// A text without the one character that no database stores.
fn clean(text: &str) -> String {
    text.replace('\0', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Fields {
        super::super::body::parse(json.as_bytes()).unwrap()
    }

    fn errors(fields: Fields) -> Vec<(String, Code)> {
        fields.close().0.into_iter().map(|e| (e.field, e.code)).collect()
    }

    #[test]
    fn a_bas_02_wrong_types_and_unknown_fields_are_named_at_once() {
        let mut body =
            fields(r#"{"title":5,"urgency":"high","status":"closed","requesters":[{"kind":"user"},7],"more":{"x":1}}"#);
        body.text("title");
        body.number("urgency");
        body.actors("requesters");
        let mut more = body.object("more").unwrap();
        more.text("y");
        body.absorb(more);
        let mut found = errors(body);
        found.sort();
        let expected = [
            ("more.x", Code::UnknownField),
            ("requesters[0].id", Code::Required),
            ("requesters[1]", Code::Invalid),
            ("status", Code::UnknownField),
            ("title", Code::Invalid),
            ("urgency", Code::Invalid),
        ];
        assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn a_bas_04_absent_null_and_value_differ() {
        let mut body = fields(r#"{"a":null,"b":"x"}"#);
        assert_eq!(body.patch("a"), Patch::Clear);
        assert_eq!(body.patch("b"), Patch::Set("x".to_owned()));
        assert_eq!(body.patch("c"), Patch::Keep);
        assert!(body.finish().is_ok());
    }

    #[test]
    fn a_bas_05_a_time_without_offset_is_invalid() {
        let mut body = fields(r#"{"a":"2026-03-12T10:02:00-03:00","b":"2026-03-12T10:02"}"#);
        assert_eq!(body.time("a"), "2026-03-12T10:02:00-03:00");
        assert_eq!(body.time("b"), "");
        assert_eq!(errors(body), [("b".to_owned(), Code::Invalid)]);
    }

    #[test]
    fn people_are_written_as_the_forms_read_them() {
        let mut body = fields(
            r#"{"a":[{"kind":"user","id":"1","name":"x","email":null,"disabled":false},{"kind":"email","email":"me"},{"kind":"email","email":"a@b.c","name":"Ana"}]}"#,
        );
        assert_eq!(body.actors("a").unwrap(), ["user:1", "email:me", "email:Ana <a@b.c>"]);
        assert!(body.finish().is_ok());
    }
}

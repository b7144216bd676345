//! What came back.

use axum::body::Body;
use axum::http::{HeaderMap, Response};
use http_body_util::BodyExt as _;
use regex_lite::Regex;
use serde_json::Value;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(super) async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("the body ends").to_bytes().to_vec();
        Self { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{} {error}: {}", self.status, self.text()))
    }

    /// A header, empty when absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where it redirects to, relative to this site.
    pub(crate) fn location(&self) -> String {
        let location = self.header("location");
        location.strip_prefix("http://desk.test").unwrap_or(location).to_owned()
    }

    /// Asserts the status, shows the body otherwise.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} {}", self.location(), self.text());
        self
    }

    /// Asserts a problem of A-ERR-01 with this status and code; returns it.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status, "{problem}");
        assert_eq!(problem["type"], format!("/api/docs/errors#{code}"), "{problem}");
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "{problem}");
        assert!(problem["errors"].is_array(), "{problem}");
        problem
    }

    /// Asserts 422 `invalid` with exactly these fields and codes, in any order.
    #[track_caller]
    pub(crate) fn invalid(&self, expected: &[(&str, &str)]) {
        let problem = self.problem(422, "invalid");
        let mut found: Vec<(String, String)> = problem["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| {
                (e["field"].as_str().unwrap_or_default().to_owned(), e["code"].as_str().unwrap_or_default().to_owned())
            })
            .collect();
        found.sort();
        let mut wanted: Vec<(String, String)> =
            expected.iter().map(|(f, c)| ((*f).to_owned(), (*c).to_owned())).collect();
        wanted.sort();
        assert_eq!(found, wanted);
    }

    /// The body without what differs from request to request: nonces, ids of requests, idempotency keys.
    pub(crate) fn comparable(&self) -> String {
        let mut text = self.text();
        for (pattern, instead) in [
            (r#"nonce="[^"]*""#, "nonce"),
            (r#"crossorigin="[^"]*""#, "crossorigin"),
            (r#""nonce":"[^"]*""#, "nonce"),
            (r#""request_id":"[^"]*",?"#, ""),
        ] {
            text = Regex::new(pattern).expect("a pattern").replace_all(&text, instead).into_owned();
        }
        text
    }
}

/// Names of the members of an object, sorted.
#[track_caller]
pub(crate) fn keys(value: &Value) -> Vec<String> {
    let mut names: Vec<String> =
        value.as_object().unwrap_or_else(|| panic!("no object: {value}")).keys().cloned().collect();
    names.sort();
    names
}

/// A list of words, sorted.
pub(crate) fn sorted(words: &str) -> Vec<String> {
    let mut names: Vec<String> =
        words.split([',', ' ', '\n']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    names.sort();
    names
}

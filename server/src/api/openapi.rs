//! What the API is: one table of routes that makes the router, the OpenAPI document and the pages of documentation.
//!
//! Belongs here: names, types, summaries. Does not belong here: what a route does (its noun's file).

pub mod codes;
mod document;
pub mod pages;
mod routes;
mod schemas;

pub use document::document;
pub use routes::ROUTES;

/// One operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST`, `PUT`, `PATCH`, `DELETE`.
    pub method: &'static str,
    /// Path below `/api/v1`; `{name}` is a parameter, for the router and for OpenAPI alike.
    pub path: &'static str,
    /// Unique name; the router finds the handler by it.
    pub operation: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Capability whose lack answers `forbidden`, where one alone decides.
    pub capability: Option<&'static str>,
    /// A token is needed.
    pub is_signed_in: bool,
    /// Query parameters in the words of `fields`.
    pub query: &'static str,
    /// Name of the schema of the body; `[]` behind it = a list by itself; empty = none, `multipart` = a file.
    pub body: &'static str,
    /// Status of success.
    pub status: u16,
    /// Name of the schema of the answer; `[]` behind it = a list; empty = none; `binary`, `csv`, `table`, `events`, `openapi`.
    pub answer: &'static str,
    /// Codes besides those every operation may answer, separated by blanks.
    pub codes: &'static str,
    /// One more of them, where the others are shared with similar operations.
    pub code: &'static str,
}

const fn route(method: &'static str, path: &'static str, operation: &'static str, summary: &'static str) -> Route {
    Route {
        method,
        path,
        operation,
        summary,
        capability: None,
        is_signed_in: true,
        query: "",
        body: "",
        status: 200,
        answer: "",
        codes: "",
        code: "",
    }
}

impl Route {
    const fn needs(mut self, capability: &'static str) -> Self {
        self.capability = Some(capability);
        self
    }

    const fn open(mut self) -> Self {
        self.is_signed_in = false;
        self
    }

    const fn query(mut self, query: &'static str) -> Self {
        self.query = query;
        self
    }

    const fn body(mut self, body: &'static str) -> Self {
        self.body = body;
        self
    }

    const fn gives(mut self, status: u16, answer: &'static str) -> Self {
        self.status = status;
        self.answer = answer;
        self
    }

    const fn codes(mut self, codes: &'static str) -> Self {
        self.codes = codes;
        self
    }

    /// One code more, beside those set before.
    const fn more(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }

    /// The codes every operation of this kind may answer, and its own.
    #[must_use]
    pub fn all_codes(&self) -> Vec<&'static str> {
        let mut out = vec!["invalid", "internal", "unavailable"];
        if self.is_signed_in {
            out.push("unauthenticated");
        }
        if self.is_signed_in && self.method != "GET" {
            out.extend(["read_only_token", "storage_full"]);
        }
        if self.path.contains('{') {
            out.push("not_found");
        }
        if self.capability.is_some() {
            out.push("forbidden");
        }
        if !self.body.is_empty() {
            out.extend(["malformed_request", "body_too_large", "unsupported_media_type"]);
        }
        out.extend(self.codes.split_whitespace().chain(self.code.split_whitespace()));
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Names of the parameters of the path.
    pub fn parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// A field in the words of the tables: `name:type`, with `*` behind the name where it is required and `?` behind the type where
/// it may be `null`; `[]` behind the type is a list of it, `<=N` its longest length; `!` before the name of a filter says that
/// `not.name` is its negation. Types: `string integer boolean uuid time rich object any`, `a|b` = one of these words, a name with a capital letter = a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name on the wire.
    pub name: &'static str,
    /// Type without its marks.
    pub kind: &'static str,
    /// Must be sent.
    pub is_required: bool,
    /// May be `null`.
    pub is_nullable: bool,
    /// A list.
    pub is_list: bool,
    /// A filter that `not.` before its name negates.
    pub is_negatable: bool,
    /// Longest length in characters, or most items of a list.
    pub most: Option<u32>,
}

/// The fields of a line of such words; what is none is left out, and a test looks that nothing is.
#[must_use]
pub fn fields(words: &'static str) -> Vec<Field> {
    words.split_whitespace().filter_map(field).collect()
}

fn field(word: &'static str) -> Option<Field> {
    let (name, kind) = word.split_once(':')?;
    let (kind, most) = match kind.split_once("<=") {
        Some((kind, most)) => (kind, Some(most.parse().ok()?)),
        None => (kind, None),
    };
    let (kind, is_nullable) = kind.strip_suffix('?').map_or((kind, false), |kind| (kind, true));
    let (kind, is_list) = kind.strip_suffix("[]").map_or((kind, false), |kind| (kind, true));
    let (name, is_required) = name.strip_suffix('*').map_or((name, false), |name| (name, true));
    let (name, is_negatable) = name.strip_prefix('!').map_or((name, false), |name| (name, true));
    Some(Field { name, kind, is_required, is_nullable, is_list, is_negatable, most })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_word_of_the_tables_is_a_field() {
        let lines = ROUTES.iter().map(|r| r.query).chain(schemas::SCHEMAS.iter().map(|(_, words)| *words));
        for line in lines {
            assert_eq!(fields(line).len(), line.split_whitespace().count(), "{line}");
        }
    }

    #[test]
    fn a_field_is_read_with_all_its_marks() {
        let fields = fields("attachments*:uuid[]<=20 category:Ref? !kind:string");
        let expected = [
            Field {
                name: "attachments",
                kind: "uuid",
                is_required: true,
                is_nullable: false,
                is_list: true,
                is_negatable: false,
                most: Some(20),
            },
            Field {
                name: "category",
                kind: "Ref",
                is_required: false,
                is_nullable: true,
                is_list: false,
                is_negatable: false,
                most: None,
            },
            Field {
                name: "kind",
                kind: "string",
                is_required: false,
                is_nullable: false,
                is_list: false,
                is_negatable: true,
                most: None,
            },
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_bas_01_no_operation_and_no_address_stands_twice() {
        let operations: BTreeSet<&str> = ROUTES.iter().map(|r| r.operation).collect();
        let addresses: BTreeSet<(&str, &str)> = ROUTES.iter().map(|r| (r.method, r.path)).collect();
        assert_eq!((operations.len(), addresses.len()), (ROUTES.len(), ROUTES.len()));
    }

    #[test]
    fn a_err_01_every_code_of_the_table_is_known() {
        for route in ROUTES {
            for code in route.all_codes() {
                assert!(codes::ERRORS.iter().any(|(_, known, _)| *known == code), "{} {code}", route.operation);
            }
        }
    }

    #[test]
    fn a_capability_of_the_table_is_one_of_the_specification() {
        for capability in ROUTES.iter().filter_map(|r| r.capability) {
            assert!(capability.parse::<domain::policy::Capability>().is_ok(), "{capability}");
        }
    }
}

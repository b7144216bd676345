//! What a request carries besides its body: token, path, query, conditions, idempotency key.
//!
//! Belongs here: reading and refusing, in the words of A-AUT, A-LST-03, A-VER-01, A-IDM-01. Does not belong here: what a
//! parameter means (its noun's file).

use axum::extract::{FromRequestParts, Query, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use chrono::{DateTime, NaiveDate};
use domain::error::{AppError, Code, FieldErrors};
use domain::ids::TicketNumber;
use domain::template::TemplateKind;
use service::tokens::{self, Scope};
use service::{Ctx, account};
use uuid::Uuid;

use super::Api;
use super::problem::ApiError;

/// Most rows of a page (A-LST-01).
const LIMIT_MAX: u32 = 200;
/// Longest idempotency key (A-IDM-01).
const KEY_MAX: usize = 128;
/// Words of a switch.
const SWITCH: &[&str] = &["true", "false"];
/// Longest name of an unknown parameter that is repeated in the refusal, in characters.
const NAME_MAX: usize = 100;

/// Who calls, by his bearer token; a cookie or a token in the address never counts (A-AUT-01).
#[derive(Clone, Debug)]
pub struct Caller {
    /// Instance and person with his rights of this moment.
    pub ctx: Ctx,
    /// What his token may do.
    pub scope: Scope,
}

impl FromRequestParts<Api> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        let bearer = bearer(&parts.headers).ok_or(AppError::Unauthenticated)?.to_owned();
        let (actor, scope) = tokens::authenticate(&api.services, &bearer).await?.ok_or(AppError::Unauthenticated)?;
        let only_reads = parts.method == Method::GET || parts.method == Method::HEAD;
        if scope == Scope::Read && !only_reads {
            return Err(AppError::ReadOnlyToken.into());
        }
        Ok(Self { ctx: Ctx::new(api.services.clone(), actor).by_program(), scope })
    }
}

/// The token of the only `Authorization` header, if it is of the scheme Bearer.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

async fn segment<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Result<String, ApiError> {
    let unknown = |_unreadable| ApiError::NOT_FOUND;
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(unknown)?;
    let found = params.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned());
    found.ok_or(ApiError::NOT_FOUND)
}

/// The number of a ticket in the path; anything else is like an unknown one.
#[derive(Clone, Copy, Debug)]
pub struct Number(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Number {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let text = segment(parts, state, "number").await?;
        text.parse::<TicketNumber>().map(|number| Self(number.get())).map_err(|_no_number| ApiError::NOT_FOUND)
    }
}

/// The id in the path; anything else is like an unknown one.
#[derive(Clone, Copy, Debug)]
pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        uuid(&segment(parts, state, "id").await?).map(Self).ok_or(ApiError::NOT_FOUND)
    }
}

/// The name of a list in the path.
#[derive(Clone, Debug)]
pub struct ListName(pub String);

impl<S: Send + Sync> FromRequestParts<S> for ListName {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        segment(parts, state, "list").await.map(Self)
    }
}

/// The kind of templates in the path; those of later parts are no addresses yet.
#[derive(Clone, Copy, Debug)]
pub struct TemplateName(pub TemplateKind);

impl<S: Send + Sync> FromRequestParts<S> for TemplateName {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let word = segment(parts, state, "kind").await?;
        TemplateKind::of_plural(&word).map(Self).ok_or(ApiError::NOT_FOUND)
    }
}

/// Kind and object of a draft in the path.
#[derive(Clone, Debug)]
pub struct DraftName {
    /// Kind of form.
    pub kind: String,
    /// Number, id or `new`.
    pub object: String,
}

impl<S: Send + Sync> FromRequestParts<S> for DraftName {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let kind = segment(parts, state, "kind").await?;
        Ok(Self { kind, object: segment(parts, state, "object").await? })
    }
}

/// An id in its one form: other spellings of a UUID make no second address.
#[must_use]
pub fn uuid(text: &str) -> Option<Uuid> {
    if text.len() == 36 { text.parse().ok() } else { None }
}

/// The query, taken parameter by parameter; what is left at the end is refused, never ignored (A-LST-03).
#[derive(Debug)]
pub struct Params {
    given: Vec<(String, String)>,
    errors: FieldErrors,
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let read = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let Query(given) = std::future::ready(read).await.map_err(|_unreadable| ApiError::Malformed)?;
        Ok(Self::new(given))
    }
}

impl Params {
    /// Parameters in the order given.
    #[must_use]
    pub fn new(given: Vec<(String, String)>) -> Self {
        Self { given, errors: FieldErrors::new() }
    }

    /// Notes a wrong parameter.
    pub fn wrong(&mut self, name: &str, code: Code) {
        self.errors.add(name, code);
    }

    fn all(&mut self, name: &str) -> Vec<String> {
        let (found, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.given).into_iter().partition(|(key, _)| key == name);
        self.given = rest;
        found.into_iter().map(|(_, value)| value.replace('\0', "")).collect()
    }

    /// A parameter that may stand once; absent is empty.
    pub fn text(&mut self, name: &str) -> String {
        let mut values = self.all(name);
        if values.len() > 1 {
            self.wrong(name, Code::Invalid);
        }
        values.pop().unwrap_or_default()
    }

    /// A parameter whose values are joined by "or": repeated, or comma separated.
    pub fn many(&mut self, name: &str) -> String {
        self.all(name).into_iter().filter(|value| !value.is_empty()).collect::<Vec<_>>().join(",")
    }

    /// Some of the given words, joined by "or"; absent is empty.
    pub fn words(&mut self, name: &str, known: &[&str]) -> String {
        let value = self.many(name);
        if value.split(',').map(str::trim).any(|word| !word.is_empty() && !known.contains(&word)) {
            self.wrong(name, Code::Invalid);
        }
        value
    }

    /// Some ids, or words that stand for one, joined by "or"; absent is empty.
    pub fn ids(&mut self, name: &str, words: &[&str]) -> String {
        let value = self.many(name);
        let is_one = |text: &str| text.is_empty() || words.contains(&text) || uuid(text).is_some();
        if !value.split(',').map(str::trim).all(is_one) {
            self.wrong(name, Code::Invalid);
        }
        value
    }

    /// A day, or a time with offset (A-BAS-05); absent is empty.
    pub fn period(&mut self, name: &str) -> String {
        let value = self.text(name);
        let is_one = value.parse::<NaiveDate>().is_ok() || DateTime::parse_from_rfc3339(&value).is_ok();
        if !value.is_empty() && !is_one {
            self.wrong(name, Code::Invalid);
            return String::new();
        }
        value
    }

    /// `true`, `false` or empty, with its negation by `not.`; what contradicts itself is wrong.
    pub fn switch(&mut self, name: &str) -> String {
        let (value, not) = (self.word(name, SWITCH), format!("not.{name}"));
        let negated = match self.word(&not, SWITCH).as_str() {
            "true" => "false",
            "false" => "true",
            _ => return value,
        };
        if !value.is_empty() && value != negated {
            self.wrong(&not, Code::Invalid);
        }
        negated.to_owned()
    }

    /// One of the given words; absent is empty.
    pub fn word(&mut self, name: &str, known: &[&str]) -> String {
        let value = self.text(name);
        if !value.is_empty() && !known.contains(&value.as_str()) {
            self.wrong(name, Code::Invalid);
        }
        value
    }

    /// `true` or `false`; absent is off.
    pub fn flag(&mut self, name: &str) -> bool {
        self.word(name, SWITCH) == "true"
    }

    /// Rows wanted, 1..200; absent is 0, which is the default of the list.
    pub fn limit(&mut self) -> u32 {
        let value = self.text("limit");
        if value.is_empty() {
            return 0;
        }
        match value.parse::<u32>() {
            Ok(limit) if (1..=LIMIT_MAX).contains(&limit) => limit,
            _ => {
                self.wrong("limit", Code::Invalid);
                0
            }
        }
    }

    /// An id; absent is `None`.
    pub fn id(&mut self, name: &str) -> Option<Uuid> {
        let value = self.text(name);
        if value.is_empty() {
            return None;
        }
        let id = uuid(&value);
        if id.is_none() {
            self.wrong(name, Code::Invalid);
        }
        id
    }

    /// The version in the query of a DELETE.
    pub fn version(&mut self) -> Option<i32> {
        let value = self.text("version");
        if value.is_empty() {
            return None;
        }
        match value.parse::<i32>() {
            Ok(version) if version > 0 => Some(version),
            _ => {
                self.wrong("version", Code::Invalid);
                None
            }
        }
    }

    /// Every wrong and unknown parameter at once.
    ///
    /// # Errors
    /// `invalid` with all of them.
    pub fn finish(mut self) -> Result<(), ApiError> {
        for (name, _) in std::mem::take(&mut self.given) {
            let name: String = name.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
            if self.errors.of(&name).is_none() {
                self.errors.add(name, Code::Invalid);
            }
        }
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors.into()) }
    }
}

/// `If-Match` (A-VER-01).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// The version that must be the present one; -1 = a tag no version has.
    pub if_match: Option<i32>,
    /// `*`: whatever the present version is.
    pub any: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Conditions {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        std::future::ready(Self::read(&parts.headers)).await
    }
}

impl Conditions {
    fn read(headers: &HeaderMap) -> Result<Self, ApiError> {
        let Some(value) = headers.get(header::IF_MATCH) else { return Ok(Self::default()) };
        let tag = value.to_str().map_err(|_unreadable| ApiError::Malformed)?.trim();
        if tag == "*" {
            return Ok(Self { if_match: None, any: true });
        }
        let bare = tag.strip_prefix("W/").unwrap_or(tag);
        let inside = bare.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or(ApiError::Malformed)?;
        // Weak tags never match, and several at once are none of ours.
        let version = inside.parse::<i32>().ok().filter(|version| *version > 0 && bare.len() == tag.len());
        Ok(Self { if_match: Some(version.unwrap_or(-1)), any: false })
    }

    /// Whether an update names what it was made from, by `version` or by `If-Match`.
    ///
    /// # Errors
    /// `version_required` when neither is there.
    pub fn require(self, version: Option<i32>) -> Result<(), ApiError> {
        if version.is_some() || self.if_match.is_some() || self.any {
            Ok(())
        } else {
            Err(AppError::VersionRequired.into())
        }
    }

    /// A refused comparison told as what it was asked by: `If-Match` answers 412, `version` 409.
    #[must_use]
    pub fn told(self, error: ApiError) -> ApiError {
        match error {
            ApiError::App(AppError::Conflict { version, conflicts })
                if self.if_match.is_some() && conflicts.is_empty() =>
            {
                AppError::PreconditionFailed(version).into()
            }
            error => error,
        }
    }
}

/// `Idempotency-Key`, bound to method and path (A-IDM-01); empty = none.
///
/// Services keep keys per person and command. The hash keeps the keys of different addresses apart, and those of the API
/// apart from those of the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        std::future::ready(Self::read(&parts.headers, &parts.method, parts.uri.path())).await
    }
}

impl Key {
    fn read(headers: &HeaderMap, method: &Method, path: &str) -> Result<Self, ApiError> {
        let Some(value) = headers.get("idempotency-key") else { return Ok(Self::default()) };
        let key = value.as_bytes();
        let is_right = (1..=KEY_MAX).contains(&key.len()) && key.iter().all(|byte| (0x20..0x7f).contains(byte));
        if !is_right {
            return Err(ApiError::Malformed);
        }
        let text = value.to_str().map_err(|_unreadable| ApiError::Malformed)?;
        Ok(Self(account::secret_hash(&format!("{method} {path}\n{text}"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(axum::http::HeaderName::from_static(name), value.parse().unwrap())])
    }

    fn params(pairs: &[(&str, &str)]) -> Params {
        Params::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_aut_01_only_a_bearer_header_carries_a_token() {
        assert_eq!(bearer(&headers("authorization", "bearer guichet_x")), Some("guichet_x"));
        assert_eq!(bearer(&headers("authorization", "Basic abc")), None);
        assert_eq!(bearer(&headers("authorization", "Bearer ")), None);
        assert_eq!(bearer(&headers("cookie", "guichet_session=x")), None);
        let mut two = headers("authorization", "Bearer a");
        two.append(header::AUTHORIZATION, "Bearer b".parse().unwrap());
        assert_eq!(bearer(&two), None);
    }

    #[test]
    fn a_lst_03_unknown_and_wrong_parameters_are_refused_at_once() {
        let mut query = params(&[
            ("limit", "0"),
            ("status", "new"),
            ("status", "closed"),
            ("sort", "a"),
            ("sort", "b"),
            ("x", "1"),
        ]);
        assert_eq!(query.limit(), 0);
        assert_eq!(query.many("status"), "new,closed");
        query.text("sort");
        let Err(ApiError::App(AppError::Invalid(errors))) = query.finish() else { panic!("must be refused") };
        for name in ["limit", "sort", "x"] {
            assert_eq!(errors.of(name), Some(Code::Invalid), "{name}");
        }
        assert_eq!(errors.of("status"), None);
    }

    #[test]
    fn a_bas_05_a_period_is_a_day_or_a_time_with_offset() {
        let mut query =
            params(&[("a_from", "2026-03-12"), ("b_to", "2026-03-12T10:02:00-03:00"), ("c_to", "2026-03-12T10:02")]);
        assert_eq!(query.period("a_from"), "2026-03-12");
        assert_eq!(query.period("b_to"), "2026-03-12T10:02:00-03:00");
        assert_eq!(query.period("c_to"), "");
        assert_eq!(query.finish(), Err(ApiError::field("c_to", Code::Invalid)));
    }

    #[test]
    fn a_lst_03_a_switch_ids_and_words_may_be_negated() {
        let mut query = params(&[("not.active", "true"), ("not.portal", "maybe"), ("kind", "a,z"), ("author", "me,x")]);
        assert_eq!(query.switch("active"), "false");
        query.switch("portal");
        query.words("kind", &["a", "b"]);
        query.ids("author", &["me"]);
        let Err(ApiError::App(AppError::Invalid(errors))) = query.finish() else { panic!("must be refused") };
        for name in ["not.portal", "kind", "author"] {
            assert_eq!(errors.of(name), Some(Code::Invalid), "{name}");
        }
        let mut twice = params(&[("active", "true"), ("not.active", "true")]);
        twice.switch("active");
        assert_eq!(twice.finish(), Err(ApiError::field("not.active", Code::Invalid)));
    }

    #[test]
    fn a_ver_01_if_match_names_one_version() {
        let read = |text: &str| Conditions::read(&headers("if-match", text));
        assert_eq!(read("\"7\""), Ok(Conditions { if_match: Some(7), any: false }));
        assert_eq!(read("*"), Ok(Conditions { if_match: None, any: true }));
        assert_eq!(read("W/\"7\"").map(|c| c.if_match), Ok(Some(-1)));
        assert_eq!(read("7"), Err(ApiError::Malformed));
        assert_eq!(Conditions::default().require(None), Err(AppError::VersionRequired.into()));
        assert_eq!(Conditions::default().require(Some(3)), Ok(()));
    }

    #[test]
    fn a_idm_01_a_key_belongs_to_its_method_and_path() {
        let with = |key: &str, path: &str| Key::read(&headers("idempotency-key", key), &Method::POST, path);
        assert_eq!(with("a", "/tickets"), with("a", "/tickets"));
        assert_ne!(with("a", "/tickets"), with("a", "/uploads"));
        assert_eq!(with(&"k".repeat(129), "/tickets"), Err(ApiError::Malformed));
        assert_eq!(Key::read(&HeaderMap::new(), &Method::POST, "/tickets"), Ok(Key::default()));
    }

    #[test]
    fn t_gen_10_other_spellings_of_an_id_are_unknown() {
        let id = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
        assert!(uuid(id).is_some());
        assert!(uuid(&format!("{{{id}}}")).is_none());
        assert!(uuid(&id.replace('-', "")).is_none());
    }
}

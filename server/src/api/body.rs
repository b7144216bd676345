//! JSON bodies, read strictly (A-BAS-02). Does not belong here: what is in them (`fields`).

use std::fmt;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, header};
use http_body_util::LengthLimitError;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::fields::Fields;
use super::problem::ApiError;

/// Largest body in bytes.
const BODY_MAX: usize = 2 * 1024 * 1024;

/// A required JSON object.
#[derive(Debug)]
pub struct JsonBody(pub Fields);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let (is_json, content) = read(request).await?;
        if !is_json {
            return Err(ApiError::MediaType);
        }
        parse(&content).map(Self)
    }
}

/// A JSON object that may be absent: commands without arguments.
#[derive(Debug)]
pub struct OptionalBody(pub Fields);

impl<S: Send + Sync> FromRequest<S> for OptionalBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let (is_json, content) = read(request).await?;
        if content.is_empty() {
            return Ok(Self(Fields::new(Map::new())));
        }
        if !is_json {
            return Err(ApiError::MediaType);
        }
        parse(&content).map(Self)
    }
}

/// Name of the list in an object.
pub const ITEMS: &str = "items";

/// A list as it is, or in an object as `items`, the way its GET answers it.
#[derive(Debug)]
pub struct ListBody {
    /// The fields of the object.
    pub fields: Fields,
    /// Name of the list among them; empty where it stands by itself, so that its items are `[0]`, `[1]`, … (A-ERR-02).
    pub name: &'static str,
}

impl<S: Send + Sync> FromRequest<S> for ListBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let (is_json, content) = read(request).await?;
        if !is_json {
            return Err(ApiError::MediaType);
        }
        parse_list(&content)
    }
}

fn parse_list(content: &[u8]) -> Result<ListBody, ApiError> {
    match serde_json::from_slice::<Strict>(content) {
        Ok(Strict(list @ Value::Array(_))) => {
            let mut map = Map::new();
            map.insert(String::new(), list);
            Ok(ListBody { fields: Fields::new(map), name: "" })
        }
        Ok(Strict(Value::Object(map))) => Ok(ListBody { fields: Fields::new(map), name: ITEMS }),
        _ => Err(ApiError::Malformed),
    }
}

async fn read(request: Request) -> Result<(bool, Bytes), ApiError> {
    let is_json = is_json(request.headers(), request.method() == Method::PATCH);
    let content = to_bytes(request.into_body(), BODY_MAX).await.map_err(|error| {
        let is_too_large =
            std::error::Error::source(&error).is_some_and(<dyn std::error::Error>::is::<LengthLimitError>);
        if is_too_large { ApiError::BodyTooLarge } else { ApiError::Malformed }
    })?;
    Ok((is_json, content))
}

fn is_json(headers: &HeaderMap, is_patch: bool) -> bool {
    let Some(content_type) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = content_type.split(';');
    let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_known = kind == "application/json" || (is_patch && kind == "application/merge-patch+json");
    // Other character sets than UTF-8 are other types.
    let is_utf_8 = parts
        .filter_map(|parameter| parameter.split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .all(|(_, value)| value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"));
    is_known && is_utf_8
}

pub(super) fn parse(content: &[u8]) -> Result<Fields, ApiError> {
    match serde_json::from_slice::<Strict>(content) {
        Ok(Strict(Value::Object(map))) => Ok(Fields::new(map)),
        _ => Err(ApiError::Malformed),
    }
}

/// A JSON value in which no object names a key twice. Lone surrogates and wrong UTF-8 are refused by the parser itself.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut out = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            out.push(item);
        }
        Ok(Value::Array(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut out = Map::new();
        while let Some((key, Strict(value))) = entries.next_entry::<String, Strict>()? {
            if out.insert(key, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bas_02_double_keys_lone_surrogates_and_wrong_utf_8_are_malformed() {
        let bodies: [&[u8]; 8] = [
            br#"{"a":1,"a":2}"#,
            br#"{"a":{"b":1,"b":1}}"#,
            br#"{"a":"\ud800"}"#,
            b"{\"a\":\"\xff\"}",
            b"[]",
            b"",
            b"{} {}",
            b"{\"a\":1",
        ];
        for body in bodies {
            assert_eq!(parse(body).err(), Some(ApiError::Malformed), "{}", String::from_utf8_lossy(body));
        }
        assert!(parse(br#"{"a":"\ud83d\ude00","b":[1,-2,1.5,null,true]}"#).is_ok());
    }

    #[test]
    fn a_bas_02_a_list_stands_by_itself_or_in_an_object() {
        for (body, name) in [("[{\"a\":1},{}]", ""), ("{\"items\":[{\"a\":1},{}]}", ITEMS)] {
            let mut list = parse_list(body.as_bytes()).unwrap();
            assert_eq!(list.name, name);
            assert_eq!(list.fields.objects(name).len(), 2);
            assert!(list.fields.finish().is_ok(), "{body}");
        }
        for body in ["", "7", "[{\"a\":1,\"a\":2}]", "[] []"] {
            assert_eq!(parse_list(body.as_bytes()).err(), Some(ApiError::Malformed), "{body}");
        }
    }

    #[test]
    fn a_bas_02_only_json_in_utf_8_is_taken() {
        let with = |text: &str| HeaderMap::from_iter([(header::CONTENT_TYPE, text.parse().unwrap())]);
        assert!(is_json(&with("application/json; charset=UTF-8"), false));
        assert!(is_json(&with("application/merge-patch+json"), true));
        assert!(!is_json(&with("application/merge-patch+json"), false));
        assert!(!is_json(&with("application/json; charset=latin1"), false));
        assert!(!is_json(&with("text/json"), false));
        assert!(!is_json(&HeaderMap::new(), false));
    }
}

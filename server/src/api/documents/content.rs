//! Contents of files over HTTP: ranges, tags, names, and the headers that keep them from doing harm (T-DOC-03).

use std::ops::Range;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use service::Ctx;
use service::documents::{self, OpenDocument};
use uuid::Uuid;

use crate::api::problem::{self, ApiError};

/// The content of a file, for routes outside `/api/v1`: sight is that of its entry; `inline` counts for the five types only.
pub async fn content_response(ctx: &Ctx, id: Uuid, inline: bool, headers: &HeaderMap) -> Response {
    file_response(documents::open(ctx, id).await, inline, headers).await
}

/// The same of a file that was opened, or refused, in another way.
pub async fn file_response(
    opened: Result<OpenDocument, service::ServiceError>,
    inline: bool,
    headers: &HeaderMap,
) -> Response {
    let answer = match opened {
        Ok(file) => send(&file, inline, headers).await,
        Err(error) => Err(error.into()),
    };
    match answer {
        Ok(response) => response,
        Err(ApiError::App(error)) => problem::response(&error, None),
        Err(error) => axum::response::IntoResponse::into_response(error),
    }
}

/// Sends a file, or what is asked of it.
pub(super) async fn send(file: &OpenDocument, inline: bool, asked: &HeaderMap) -> Result<Response, ApiError> {
    let tag = format!("\"{}\"", file.etag);
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::ETAG, text(&tag));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_TYPE, text(&file.media_type));
    let is_inline = inline && documents::is_inline(&file.media_type);
    headers.insert(header::CONTENT_DISPOSITION, text(&disposition(&file.view.name, is_inline)));
    if names(asked, &header::IF_NONE_MATCH).is_some_and(|tags| matches(tags, &tag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    // A part of another content than the client has would be worse than the whole.
    let is_same = names(asked, &header::IF_RANGE).is_none_or(|wanted| wanted.trim() == tag);
    let part = names(asked, &header::RANGE).filter(|_| is_same).and_then(|wanted| range(wanted, file.size));
    let length = part.as_ref().map_or(file.size, |part| part.end - part.start);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    if let Some(part) = &part {
        let shown = format!("bytes {}-{}/{}", part.start, part.end.saturating_sub(1), file.size);
        headers.insert(header::CONTENT_RANGE, text(&shown));
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    *response.body_mut() = Body::from_stream(file.stream(part).await?);
    Ok(response)
}

fn names<'h>(headers: &'h HeaderMap, name: &header::HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn matches(tags: &str, tag: &str) -> bool {
    tags.split(',').map(str::trim).any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// A header value; what cannot be one is left empty, as our own texts always can.
fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static(""))
}

/// One range of bytes. Several at once, and what lies outside the content, are answered with the whole (RFC 9110 allows it).
fn range(wanted: &str, size: u64) -> Option<Range<u64>> {
    let (first, last) = wanted.trim().strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    let part = match (first.is_empty(), last.is_empty()) {
        (true, true) => return None,
        (true, false) => size.saturating_sub(digits(last)?)..size,
        (false, true) => digits(first)?..size,
        (false, false) => digits(first)?..digits(last)?.saturating_add(1).min(size),
    };
    (part.start < part.end).then_some(part)
}

fn digits(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// `Content-Disposition` with the name in ASCII and, for everybody else, in UTF-8 (RFC 6266, RFC 5987).
fn disposition(name: &str, is_inline: bool) -> String {
    let kind = if is_inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%' | '/' | ';') || c == ' ' { c } else { '_' })
        .collect();
    let mut coded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            coded.push(char::from(byte));
        } else {
            coded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_served_and_everything_else_is_the_whole() {
        let cases = [
            ("bytes=0-3", Some(0..4)),
            ("bytes=4-", Some(4..10)),
            ("bytes=-3", Some(7..10)),
            ("bytes=-99", Some(0..10)),
            ("bytes=5-99", Some(5..10)),
            ("bytes=10-", None),
            ("bytes=3-2", None),
            ("bytes=0-1,3-4", None),
            ("bytes=-", None),
            ("bytes=+1-2", None),
            ("lines=0-1", None),
        ];
        for (wanted, expected) in cases {
            assert_eq!(range(wanted, 10), expected, "{wanted}");
        }
    }

    #[test]
    fn t_doc_03_a_name_reaches_every_browser_and_breaks_no_header() {
        assert_eq!(disposition("a.pdf", true), "inline; filename=\"a.pdf\"; filename*=UTF-8''a.pdf");
        let coded = disposition("ação \"1\";x.pdf", false);
        assert_eq!(coded, "attachment; filename=\"a__o _1__x.pdf\"; filename*=UTF-8''a%C3%A7%C3%A3o%20%221%22%3Bx.pdf");
    }

    #[test]
    fn a_tag_matches_in_a_list_and_by_a_star() {
        assert!(matches("\"a\", W/\"b\"", "\"b\""));
        assert!(matches("*", "\"b\""));
        assert!(!matches("\"a\"", "\"b\""));
    }
}

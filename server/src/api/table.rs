//! Tables as files: the answer around CSV that is made while it is sent.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;

/// An answer with a table that browsers keep as a file of this name; nobody else may keep it.
#[must_use]
pub fn csv(file: &str, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{file}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

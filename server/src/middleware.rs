//! Layers around the routes, outermost first: trace, client, panics, headers, CSRF, session, patience.

pub mod client;
pub mod patience;
pub mod security_headers;
pub mod session;
pub mod trace;

use axum::body::Body;
use axum::extract::MatchedPath;
use axum::http::{Request, Response, StatusCode};
use axum::response::IntoResponse;

/// The pattern of the route a request goes to: what may be logged of its address.
fn pattern(request: &Request<Body>) -> String {
    let path = request.extensions().get::<MatchedPath>();
    path.map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned())
}

/// The answer to a panic: the process lives, the caller learns a reference at most.
pub fn panic_answer(cause: Box<dyn std::any::Any + Send>) -> Response<Body> {
    let text = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(cause = text, "a handler panicked");
    (StatusCode::INTERNAL_SERVER_ERROR, "internal error").into_response()
}

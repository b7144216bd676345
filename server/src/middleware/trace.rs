//! Request id and one log line per request: method, matched path, status, time. Never bodies, queries or addresses of people.

use std::time::Instant;

use axum::body::Body;
use axum::http::{HeaderValue, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use super::pattern;
use crate::state::RequestId;

/// Gives the request an id and logs its end.
pub async fn log(mut request: Request<Body>, next: Next) -> Response {
    let id = service::ctx::random_token(9);
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let path = pattern(&request);
    let span = tracing::info_span!("request", request_id = %id);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(%method, path, status, duration_ms, "answered"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

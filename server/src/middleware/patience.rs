//! How long a request may take. Whoever waits longer is told to come again, and the log says what took so long: an answer that
//! only says 503 leaves everybody guessing.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::timeout;

use super::pattern;
use super::session::unavailable;

/// For pages and forms.
pub const PAGE: Duration = Duration::from_secs(30);
/// For the test of the mail server, which waits for somebody else's (M-TRN-02).
pub const MAIL_TEST: Duration = Duration::from_secs(120);

/// Answers within `limit`. What was begun is dropped then, but for what is written: a transaction ends in a task of its own.
pub async fn within(limit: Duration, request: Request<Body>, next: Next) -> Response {
    let path = pattern(&request);
    match timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => {
            tracing::warn!(path, limit_s = limit.as_secs(), "no answer in time");
            unavailable(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::header;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn who_waits_too_long_is_told_when_to_come_again() {
        let slow = || async { tokio::time::sleep(Duration::from_secs(60)).await };
        let app: Router = Router::new()
            .route("/slow", get(slow))
            .route("/quick", get(|| async { "done" }))
            .layer(from_fn(|request: Request<Body>, next: Next| within(Duration::from_millis(50), request, next)));
        let ask = async |path: &str| {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            app.clone().oneshot(request).await.unwrap()
        };
        let answer = ask("/slow").await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.headers().contains_key(header::RETRY_AFTER));
        assert_eq!(ask("/quick").await.status(), StatusCode::OK);
    }
}

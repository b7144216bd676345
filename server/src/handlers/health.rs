//! Is the process alive, can it serve.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use service::{mail, people};

use crate::state::AppState;

/// The process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// The database answers and nobody asked the instance to stop. A second line says since when the mail server fails (M-TRN-04):
/// mails wait meanwhile, which keeps nobody from working.
pub async fn ready(State(state): State<AppState>) -> impl IntoResponse {
    if state.shutdown.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping".to_owned());
    }
    if people::ping(&state.services).await.is_err() {
        return (StatusCode::SERVICE_UNAVAILABLE, "database away".to_owned());
    }
    let told = match mail::failing_since(&state.services).await {
        Ok(Some(since)) => format!("ready\nmail: failing since {since}\n"),
        Ok(None) => "ready".to_owned(),
        Err(_away) => return (StatusCode::SERVICE_UNAVAILABLE, "database away".to_owned()),
    };
    (StatusCode::OK, told)
}

//! Is the process alive, can it serve.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use service::people;

use crate::state::AppState;

/// The process answers.
pub async fn alive() -> &'static str {
    "ok"
}

/// The database answers and nobody asked the instance to stop.
pub async fn ready(State(state): State<AppState>) -> impl IntoResponse {
    if state.shutdown.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    match people::ping(&state.services).await {
        Ok(()) => (StatusCode::OK, "ready"),
        Err(_away) => (StatusCode::SERVICE_UNAVAILABLE, "database away"),
    }
}

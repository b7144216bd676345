//! Calendar feeds: whoever knows the secret address reads, as far as its owner may (T-TSK-10).

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use service::tasks;

use crate::state::AppState;

/// `GET /ical/{secret}.ics`.
pub async fn feed(State(state): State<AppState>, Path(file): Path<String>) -> Response {
    let Some(secret) = file.strip_suffix(".ics").filter(|secret| !secret.is_empty()) else { return not_found() };
    match tasks::calendar(&state.services, secret).await {
        Ok(Some(calendar)) => ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], calendar).into_response(),
        Ok(None) => not_found(),
        Err(error) => {
            // A calendar that cannot be read now is read again later; its address is never logged.
            tracing::warn!(%error, "a calendar feed");
            (StatusCode::SERVICE_UNAVAILABLE, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "Try again later")
                .into_response()
        }
    }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "Not found").into_response()
}

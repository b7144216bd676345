//! Ending mails of one kind by the link in one of them (M-HDR-04). The page behind the link only shows what it is about; a POST
//! acts, of the button there or of a program for mails (RFC 8058), which brings neither cookie nor origin: the link is the proof.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::error::AppError;
use serde::Deserialize;
use service::mail;

use crate::state::AppState;

/// What the address of the link carries.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Link {
    token: String,
}

/// `POST /unsubscribe?token=…`: a browser is led back to the page, a program gets an empty answer. What the body says is the same
/// in any case, so nobody reads it.
pub async fn act(State(state): State<AppState>, Query(link): Query<Link>, headers: HeaderMap) -> Response {
    let token = link.token.trim();
    let done = mail::unsubscribe(&state.services, token).await.map_err(AppError::from);
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_browser = accepts.contains("text/html");
    match done {
        // It is one of ours: nothing in it has to be escaped.
        Ok(()) if is_browser => Redirect::to(&format!("/unsubscribe?token={token}&done=1")).into_response(),
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        // The page says that the link is void.
        Err(AppError::NotFound) if is_browser => Redirect::to("/unsubscribe").into_response(),
        Err(AppError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(_away) => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "60")]).into_response(),
    }
}

//! Live events of the browser, by its session.

use app::context::Request as PageRequest;
use axum::extract::{Extension, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use domain::error::AppError;

use crate::api;
use crate::state::AppState;

/// `GET /events?ticket=42&kinds=chat`, `?kinds=customer_occurrence`: ids and numbers, never text.
pub async fn stream(
    State(state): State<AppState>,
    Extension(request): Extension<PageRequest>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(ctx) = request.ctx else { return api::problem::response(&AppError::Unauthenticated, None) };
    let query = query.unwrap_or_default();
    let values = |name: &'static str| query.split('&').filter_map(move |pair| pair.strip_prefix(name));
    let tickets: Vec<i64> = values("ticket=").filter_map(|number| number.parse().ok()).take(100).collect();
    // A word that is no kind of ours hears nothing.
    let kinds: Vec<String> = values("kinds=").flat_map(|kinds| kinds.split(',')).map(str::to_owned).take(20).collect();
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()).map(str::to_owned);
    api::events::stream(ctx, tickets, kinds, last, state.shutdown.clone()).await.into_response()
}

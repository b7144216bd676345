//! Built assets.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use crate::state::AppState;

/// `/v/{build}/{name}`: kept for ever when the fingerprint is the present one.
pub async fn versioned(
    State(state): State<AppState>,
    Path((build, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let is_present = build == state.site.build() && build != "dev";
    state.site.serve(&name, &headers, is_present)
}

/// The font has one address for ever: the style sheet names it.
pub async fn font(State(state): State<AppState>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    state.site.serve(&format!("fonts/{name}"), &headers, true)
}

/// Files of the root: mark, manifest, robots.
pub async fn public(State(state): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    state.site.serve(uri.path().trim_start_matches('/'), &headers, false)
}

/// What browsers ask for without being told.
pub async fn favicon(State(state): State<AppState>, headers: HeaderMap) -> Response {
    state.site.serve("favicon.svg", &headers, false)
}

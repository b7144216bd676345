//! Forms of pages that a signed link opens (`app::signed`): these pages are never told as where a visitor comes from, so the
//! form names its page, and a refusal leads back there as if the browser had.

use axum::extract::{Query, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use serde::Deserialize;

use crate::state::AppState;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Posted {
    from: String,
}

/// Puts the page a form names in the place of the one the browser does not tell. It stands before every server function, as the
/// framework has a route of its own for each.
pub async fn lead_back(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if *request.method() == Method::POST {
        name_page(&mut request, &state.services.base_url);
    }
    next.run(request).await
}

/// `base` is the address of the site, for browsers that say no origin either.
fn name_page(request: &mut Request, base: &str) {
    let Ok(Query(posted)) = Query::<Posted>::try_from_uri(request.uri()) else { return };
    let Some(page) = app::signed::lead_back(&posted.from) else { return };
    let told = request.headers().get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let site = told.filter(|origin| origin.starts_with("http")).unwrap_or(base);
    if let Ok(address) = HeaderValue::from_str(&[site, page].concat()) {
        request.headers_mut().insert(header::REFERER, address);
    }
}

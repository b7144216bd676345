//! Addresses that lead nowhere.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

/// Every unknown address: browsers get the page "Not found" by way of the application's own fallback route.
pub async fn page(uri: axum::http::Uri) -> Response {
    if uri.path().len() > 1 && uri.path().ends_with('/') {
        return Redirect::permanent(uri.path().trim_end_matches('/')).into_response();
    }
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "Not found").into_response()
}

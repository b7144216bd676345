//! The dashboard as a file, for whoever is signed in and may see it (T-STT-02, T-LST-07).

use app::context::Request as PageRequest;
use axum::extract::{Extension, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::error::AppError;
use domain::views::DashboardQuery;

use crate::api;

/// `GET /reports.csv`: under the filters of the page, which have the same names in its address.
pub async fn csv(Extension(request): Extension<PageRequest>, Query(query): Query<DashboardQuery>) -> Response {
    let Some(ctx) = request.ctx else {
        // Leads back to the page: a file that comes by itself after signing in would surprise.
        return (StatusCode::FOUND, [(header::LOCATION, "/sign-in?next=%2Freports")]).into_response();
    };
    match api::statistics::csv(&ctx, &query).await {
        Ok(response) => response,
        // As the page: what is not his to see is not there.
        Err(AppError::Forbidden(_)) => not_found(),
        Err(error) => api::problem::response(&error, None),
    }
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "Not found").into_response()
}

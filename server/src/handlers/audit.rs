//! The audit log as a file, for whoever is signed in and may read it.

use app::context::Request as PageRequest;
use axum::extract::{Extension, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::error::AppError;
use domain::views::AuditFilter;

use crate::api;

/// `GET /audit.csv`: the rows that the page shows, with its filters by the names they have in its address.
pub async fn export(Extension(request): Extension<PageRequest>, Query(filter): Query<AuditFilter>) -> Response {
    let Some(ctx) = request.ctx else {
        return (StatusCode::FOUND, [(header::LOCATION, "/sign-in?next=%2Faudit")]).into_response();
    };
    match api::access::audit::csv(&ctx, filter).await {
        Ok(response) => response,
        // For others there is no such page.
        Err(AppError::Forbidden(_)) => {
            (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "Not found").into_response()
        }
        Err(error) => api::problem::response(&error, None),
    }
}

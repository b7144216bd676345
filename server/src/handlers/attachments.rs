//! Files of the browser: upload into a draft, download by the session's rights.

use app::context::Request as PageRequest;
use axum::extract::{Extension, Multipart, Path, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::error::{AppError, Code};
use serde::Deserialize;
use uuid::Uuid;

use crate::api;

/// How a file is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    download: Option<String>,
}

/// `POST /attachments`: one part `file`, streamed; answers the file as JSON, or problem+json.
pub async fn upload(Extension(request): Extension<PageRequest>, multipart: Multipart) -> Response {
    let Some(ctx) = request.ctx else { return api::problem::response(&AppError::Unauthenticated, None) };
    match store(&ctx, multipart).await {
        Ok(view) => {
            let body = serde_json::json!({ "id": view.id, "name": view.name, "media_type": view.media_type, "size": view.size });
            (StatusCode::CREATED, axum::Json(body)).into_response()
        }
        Err(error) => api::problem::response(&error, None),
    }
}

async fn store(ctx: &service::Ctx, multipart: Multipart) -> Result<domain::views::DocumentView, AppError> {
    api::documents::receive(ctx, multipart).await
}

/// `GET /documents/{id}`: images are shown, everything else is downloaded; sight is that of the file's entry.
pub async fn download(
    Extension(request): Extension<PageRequest>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let (Some(ctx), Ok(id)) = (request.ctx, id.parse::<Uuid>()) else {
        return (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "Not found")
            .into_response();
    };
    api::documents::content_response(&ctx, id, wanted.download.is_none(), &headers).await
}

/// What an upload without a file answers.
#[must_use]
pub fn missing_file() -> AppError {
    AppError::field("file", Code::Required)
}

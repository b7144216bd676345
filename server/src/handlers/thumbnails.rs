//! Thumbnails of images on pages (C-IMG-05): with the rights of the image, and a placeholder of their size until they are made.

use std::time::{Duration, Instant};

use app::context::Request as PageRequest;
use axum::extract::{Extension, Path};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use service::documents::{self, Thumbnail};
use service::{Ctx, ServiceError, customer_occurrences};
use uuid::Uuid;

use crate::api;

/// How long a browser is kept waiting for a thumbnail: whoever saves an image is led to it at once, and the job comes to it
/// within a moment. The page is there meanwhile, with the room of the picture.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often it is looked whether it is there.
const LOOK: Duration = Duration::from_millis(150);

/// What stands for a thumbnail that is not made yet, or cannot be: the outline of a picture, readable in light and dark.
const PLACEHOLDER: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"320\" height=\"240\" viewBox=\"0 0 320 240\">\
    <g transform=\"translate(112 72) scale(4)\" fill=\"none\" stroke=\"#7c8794\" stroke-width=\"1.5\" stroke-linejoin=\"round\">\
    <rect x=\"3\" y=\"3\" width=\"18\" height=\"18\" rx=\"2\"/><circle cx=\"9\" cy=\"9\" r=\"2\"/>\
    <path d=\"m21 15-3.086-3.086a2 2 0 0 0-2.828 0L6 21\"/></g></svg>";

/// Which image a thumbnail is of.
#[derive(Clone, Copy, Debug)]
enum Image {
    /// A file, by the sight of its entry.
    Document(Uuid),
    /// One that some version of an occurrence had, and that occurrence (C-IMG-06).
    Former(Uuid, Uuid),
}

/// `GET /documents/{id}/thumbnail`: of pictures that get no thumbnail the picture itself.
pub async fn of_document(
    Extension(request): Extension<PageRequest>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (Some(ctx), Ok(id)) = (request.ctx, id.parse::<Uuid>()) else { return not_found() };
    answer(&ctx, Image::Document(id), &headers).await
}

/// `GET /customer-occurrences/{id}/images/{image}/thumbnail`: that of an image some version of the occurrence had.
pub async fn of_former_image(
    Extension(request): Extension<PageRequest>,
    Path((id, image)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let (Some(ctx), Ok(id), Ok(image)) = (request.ctx, id.parse::<Uuid>(), image.parse::<Uuid>()) else {
        return not_found();
    };
    answer(&ctx, Image::Former(id, image), &headers).await
}

async fn answer(ctx: &Ctx, image: Image, headers: &HeaderMap) -> Response {
    match awaited(ctx, image).await {
        Ok(Thumbnail::Ready(file)) => api::documents::file_response(Ok(*file), true, headers).await,
        Ok(Thumbnail::Waiting | Thumbnail::Impossible) => placeholder(),
        Err(error) => api::documents::file_response(Err(error), true, headers).await,
    }
}

/// The thumbnail, once it is there or the patience is over.
async fn awaited(ctx: &Ctx, image: Image) -> Result<Thumbnail, ServiceError> {
    let begun = Instant::now();
    loop {
        let found = match image {
            Image::Document(id) => documents::open_thumbnail(ctx, id).await?,
            Image::Former(occurrence, id) => customer_occurrences::former_thumbnail(ctx, occurrence, id).await?,
        };
        if !matches!(found, Thumbnail::Waiting) || begun.elapsed() >= PATIENCE {
            return Ok(found);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Nothing keeps it: the next time the picture may be there.
fn placeholder() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::CONTENT_SECURITY_POLICY, "sandbox"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, PLACEHOLDER).into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "Not found").into_response()
}

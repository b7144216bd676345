//! Files of the browser: upload into a draft, download by the session's rights.

mod posted;

use app::context::{Request as PageRequest, local_path};
use axum::extract::{Extension, Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::error::{AppError, Code};
use serde::Deserialize;
use uuid::Uuid;

use super::draft_form::{self, Kind};
use super::unsent;
use crate::api;
use crate::state::AppState;
use posted::Posted;

/// How a file is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    download: Option<String>,
}

/// Where an upload without scripts leads back to: a path of this site.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Way {
    back: String,
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

/// `POST /drafts/{kind}/{object}/attachments?back=…`: a whole form from a page without scripts. Its files are stored,
/// text and files become its draft, and the answer leads back to the form (T-DRF-02, T-DOC-01). Nothing is posted.
pub async fn upload_with_form(
    State(state): State<AppState>,
    Extension(request): Extension<PageRequest>,
    Path((kind, object)): Path<(String, String)>,
    Query(way): Query<Way>,
    form: Multipart,
) -> Response {
    let about = Kind::of_draft(&kind, &object).filter(|(kind, _)| kind.has_files());
    let Some((kind, object)) = about else { return not_found() };
    let posted = Posted::read(request.ctx.as_ref(), kind, form).await;
    let Some(ctx) = request.ctx.clone() else {
        return unsent::ask(&state, request, posted.typed, object, &way.back).await;
    };
    match posted.keep(&ctx, object).await {
        Ok(()) => Redirect::to(local_path(&way.back)).into_response(),
        Err(error) => draft_form::refused(kind, &way.back, error),
    }
}

/// `GET /documents/{id}`: images are shown, everything else is downloaded; sight is that of the file's entry.
pub async fn download(
    Extension(request): Extension<PageRequest>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let (Some(ctx), Ok(id)) = (request.ctx, id.parse::<Uuid>()) else { return not_found() };
    api::documents::content_response(&ctx, id, wanted.download.is_none(), &headers).await
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "Not found").into_response()
}

/// What an upload without a file answers.
#[must_use]
pub fn missing_file() -> AppError {
    AppError::field("file", Code::Required)
}

//! Files: taken in, listed, attached, sent (T-DOC). Pages share `receive` and `content_response`.

mod content;

use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::customer::import::BYTES_MAX;
use domain::error::{AppError, Code};
use domain::views::DocumentView;
use futures::TryStreamExt as _;
use serde_json::Value;
use service::documents::{self, AddDocument, DocumentQuery, Thumbnail};
use service::{Ctx, moments, search, solutions};

use super::body::JsonBody;
use super::extract::{Caller, Conditions, Id, Key, Number, Params};
use super::json::{self, Answer, Cut};
use super::problem::ApiError;
use super::replay::Once;
use super::{Api, limits};
pub use content::{content_response, file_response};

/// Kinds of entries a file can belong to in this release.
const ENTRY_KINDS: [&str; 7] = [
    documents::DESCRIPTION,
    documents::OCCURRENCE,
    documents::TASK,
    solutions::KIND,
    documents::DOCUMENT,
    documents::VALIDATION,
    documents::VALIDATION_ANSWER,
];

/// Takes in the one part `file` of a form, streamed to the store as it arrives (T-DOC-01).
///
/// # Errors
/// `TooMany` above 300 uploads a minute; `Invalid` on `file`; `StorageFull`.
pub async fn receive(ctx: &Ctx, multipart: Multipart) -> Result<DocumentView, AppError> {
    receive_once(ctx, multipart, "").await
}

/// The same under an idempotency key; empty = none.
async fn receive_once(ctx: &Ctx, mut multipart: Multipart, key: &str) -> Result<DocumentView, AppError> {
    limits::upload(ctx.actor.id(), ctx.now())?;
    let broken = || AppError::field("file", Code::Invalid);
    let part = multipart.next_field().await.map_err(|_unreadable| broken())?;
    let part = part.ok_or_else(|| AppError::field("file", Code::Required))?;
    if part.name() != Some("file") {
        let name: String = part.name().unwrap_or_default().chars().filter(|c| !c.is_control()).take(100).collect();
        return Err(AppError::field(name, Code::UnknownField));
    }
    let name = part.file_name().unwrap_or_default().to_owned();
    let content = Box::pin(part.map_err(std::io::Error::other));
    Ok(documents::upload_once(ctx, None, &name, content, key).await?)
}

/// Takes in one of the files of a form. What is left of a refused one stays unread.
///
/// # Errors
/// As [`receive`].
pub(crate) async fn receive_part(ctx: &Ctx, name: &str, part: &mut Field<'_>) -> Result<DocumentView, AppError> {
    limits::upload(ctx.actor.id(), ctx.now())?;
    Ok(documents::upload(ctx, None, name, part.map_err(std::io::Error::other)).await?)
}

/// The same for a file of customers, which may be larger than what is attached (C-IMP-01).
pub(crate) async fn receive_customers(ctx: &Ctx, name: &str, part: &mut Field<'_>) -> Result<DocumentView, AppError> {
    limits::upload(ctx.actor.id(), ctx.now())?;
    Ok(documents::upload_of_at_most(ctx, name, part.map_err(std::io::Error::other), BYTES_MAX).await?)
}

/// `POST /uploads`.
pub async fn upload(
    caller: Caller,
    State(api): State<Api>,
    key: Key,
    params: Params,
    request: Request,
) -> Result<Answer, ApiError> {
    params.finish()?;
    if !is_form(request.headers()) {
        return Err(ApiError::MediaType);
    }
    let multipart = <Multipart as FromRequest<Api>>::from_request(request, &api)
        .await
        .map_err(|_no_boundary| ApiError::Malformed)?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "upload", None).await?;
    let view = receive_once(ctx, multipart, &key.0).await?;
    if once.is_known() {
        // The first one may have been forgotten, or attached out of sight.
        documents::open(ctx, view.id).await?;
    }
    let expires_at = moments::moment(documents::expires_at(ctx.now()), ctx.actor.zone);
    let answer = Answer::created(&format!("/documents/{}", view.id), json::upload(&view, &expires_at));
    once.finish(ctx, answer).await
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("multipart/form-data")
}

/// `DELETE /uploads/{id}`: own ones that are not attached.
pub async fn forget(caller: Caller, Id(id): Id, params: Params) -> Result<Response, ApiError> {
    params.finish()?;
    documents::remove_upload(&caller.ctx, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /tickets/{number}/documents` (T-DOC-04).
pub async fn list(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let cut = Cut::read(&mut params);
    let query = DocumentQuery {
        name: params.text("name"),
        entry_kind: params.words("entry_kind", &ENTRY_KINDS),
        author: params.ids("author", &["me"]),
        not_name: params.text("not.name"),
        not_entry_kind: params.words("not.entry_kind", &ENTRY_KINDS),
        not_author: params.ids("not.author", &["me"]),
    };
    params.finish()?;
    let ctx = &caller.ctx;
    let all = documents::list_fitting(ctx, number, &query).await?;
    let views: Vec<&DocumentView> = all.iter().map(|(view, _)| view).collect();
    let named = folded(&views);
    let rows = all.iter().filter(|(_, fits)| *fits).map(|(view, _)| (view.id, form(view, &named))).collect();
    cut.page(ctx, &format!("documents:{number}:{query:?}"), rows).map(Answer::ok)
}

/// The files of a ticket beside their folded names, by which versions are told (T-DOC-04).
fn folded<'v>(all: &[&'v DocumentView]) -> Vec<(String, &'v DocumentView)> {
    all.iter().map(|view| (search::fold(&view.name), *view)).collect()
}

/// A file with the older ones of its name; `all` holds what the reader may see of its ticket.
fn form(view: &DocumentView, all: &[(String, &DocumentView)]) -> Value {
    let name = search::fold(&view.name);
    let at = |view: &DocumentView| view.registered_at.as_ref().and_then(domain::format::Moment::date_time);
    let older: Vec<&DocumentView> = all
        .iter()
        .filter(|(other, _)| *other == name)
        .map(|(_, other)| *other)
        .filter(|other| other.id != view.id && (at(other), other.id) < (at(view), view.id))
        .collect();
    json::document(view, json::document_is_whole(view), &older)
}

async fn whole(ctx: &Ctx, id: uuid::Uuid) -> Result<Value, ApiError> {
    let view = documents::open(ctx, id).await?.view;
    let all = match view.ticket {
        Some(number) => documents::list(ctx, number).await?,
        None => Vec::new(),
    };
    let all: Vec<&DocumentView> = all.iter().collect();
    Ok(form(&view, &folded(&all)))
}

/// `POST /tickets/{number}/documents` (T-DOC-02).
pub async fn create(
    caller: Caller,
    Number(number): Number,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let form = AddDocument {
        ticket: number,
        key: key.0.clone(),
        upload: body.required("upload"),
        name: body.text("name"),
        comment: body.text("comment"),
        visibility: body.text("visibility"),
    };
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "document", Some(number)).await?;
    let id = documents::add(ctx, form).await?.id;
    once.finish(ctx, Answer::created(&format!("/documents/{id}"), whole(ctx, id).await?)).await
}

/// `GET /documents/{id}`.
pub async fn show(caller: Caller, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(whole(&caller.ctx, id).await?))
}

/// `DELETE /documents/{id}`: by the right on its entry. A version is compared when one is named.
pub async fn delete(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    mut params: Params,
) -> Result<Response, ApiError> {
    let version = params.version();
    params.finish()?;
    let wanted = conditions.if_match.or(version);
    let removed = documents::remove_version(&caller.ctx, id, wanted).await;
    removed.map_err(|error| conditions.told(error.into()))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /documents/{id}/content`.
pub async fn content(caller: Caller, Id(id): Id, headers: HeaderMap, mut params: Params) -> Result<Response, ApiError> {
    let inline = params.flag("inline");
    params.finish()?;
    let file = documents::open(&caller.ctx, id).await?;
    content::send(&file, inline, &headers).await
}

/// `GET /documents/{id}/thumbnail`: of an image of a customer occurrence the small picture, `not_found` until it is made
/// (C-IMG-05); of any other picture itself, which clients make as small as they need it.
pub async fn thumbnail(
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
    mut params: Params,
) -> Result<Response, ApiError> {
    let inline = params.flag("inline");
    params.finish()?;
    match documents::open_thumbnail(&caller.ctx, id).await? {
        Thumbnail::Ready(file) => content::send(&file, inline, &headers).await,
        Thumbnail::Waiting | Thumbnail::Impossible => Err(ApiError::NOT_FOUND),
    }
}

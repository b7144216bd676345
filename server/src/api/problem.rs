//! Errors on the wire: `application/problem+json` with codes, never with a text of a user or a cause (A-ERR).
//!
//! Belongs here: statuses, members and headers of refusals. Does not belong here: their sentences (`openapi::codes`).

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::error::{AppError, Code, FieldConflict, FieldError, FieldErrors};
use serde_json::{Map, Value, json};
use service::ServiceError;

use super::json::actor;
use super::openapi::codes;
use crate::state::RequestId;

/// Why the API says no: a refusal of a use case, or of HTTP itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// What the use case said.
    App(AppError),
    /// Unreadable body, or a header that is none (400).
    Malformed,
    /// The path is right, the method is not (405).
    MethodNotAllowed,
    /// More than 2 MiB (413).
    BodyTooLarge,
    /// Not a type this path takes (415).
    MediaType,
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        Self::App(error.public)
    }
}

impl From<FieldErrors> for ApiError {
    fn from(errors: FieldErrors) -> Self {
        Self::App(AppError::Invalid(errors))
    }
}

impl ApiError {
    /// Like an unknown address.
    pub const NOT_FOUND: Self = Self::App(AppError::NotFound);

    /// A single wrong field or query parameter.
    #[must_use]
    pub fn field(field: impl Into<String>, code: Code) -> Self {
        Self::App(AppError::field(field, code))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = build(&self, None);
        // The layer below builds it again with the id of the request, which nobody knows here.
        response.extensions_mut().insert(self);
        response
    }
}

/// The answer to a refusal, for routes outside `/api/v1` that speak problem+json too.
#[must_use]
pub fn response(error: &AppError, request_id: Option<&str>) -> Response {
    build(&ApiError::App(error.clone()), request_id)
}

/// What a refusal says of one thing among many, inside an answer that is none: its code, its wrong fields, its further members.
#[must_use]
pub fn members(error: &AppError) -> Map<String, Value> {
    let facts = Facts::of_app(error);
    let mut out = facts.members;
    out.insert("code".to_owned(), json!(facts.code));
    out.insert("errors".to_owned(), Value::Array(facts.errors));
    out
}

/// Every answer of the API: names the request in refusals, adds the headers of A-BAS-07.
pub async fn render(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone());
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        response = build(&error, id.as_deref());
    }
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    if let Some(value) = id.and_then(|id| HeaderValue::from_str(&id).ok()) {
        headers.insert("x-request-id", value);
    }
    response
}

/// Addresses that lead nowhere, and those of later parts.
pub async fn not_found() -> ApiError {
    std::future::ready(ApiError::NOT_FOUND).await
}

/// A wrong method; the router adds `Allow`.
pub async fn method_not_allowed() -> ApiError {
    std::future::ready(ApiError::MethodNotAllowed).await
}

/// The answer to a panic: the process lives, the cause is in the log under the reference.
#[must_use]
pub fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    ApiError::from(ServiceError::internal(format_args!("a handler panicked: {text}"))).into_response()
}

/// Status, code and further members of a refusal.
struct Facts {
    status: StatusCode,
    code: &'static str,
    members: Map<String, Value>,
    errors: Vec<Value>,
    retry_s: Option<u32>,
}

impl Facts {
    fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, members: Map::new(), errors: Vec::new(), retry_s: None }
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    fn retry(mut self, seconds: u32) -> Self {
        self.retry_s = Some(seconds);
        self.with("retry_after_s", json!(seconds))
    }

    fn of(error: &ApiError) -> Self {
        match error {
            ApiError::App(error) => Self::of_app(error),
            ApiError::Malformed => Self::new(StatusCode::BAD_REQUEST, "malformed_request"),
            ApiError::MethodNotAllowed => Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            ApiError::BodyTooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
            ApiError::MediaType => Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
        }
    }

    fn of_app(error: &AppError) -> Self {
        match error {
            AppError::Unauthenticated => Self::new(StatusCode::UNAUTHORIZED, "unauthenticated"),
            AppError::InvalidCredentials => Self::new(StatusCode::UNAUTHORIZED, "invalid_credentials"),
            AppError::NotFound => Self::new(StatusCode::NOT_FOUND, "not_found"),
            AppError::Forbidden(capability) if capability.is_empty() => Self::new(StatusCode::FORBIDDEN, "forbidden"),
            AppError::Forbidden(capability) => {
                Self::new(StatusCode::FORBIDDEN, "forbidden").with("capability", json!(capability))
            }
            AppError::ReadOnlyToken => Self::new(StatusCode::FORBIDDEN, "read_only_token"),
            AppError::Disabled(setting) => {
                Self::new(StatusCode::FORBIDDEN, "disabled_by_setting").with("setting", json!(setting))
            }
            AppError::Invalid(errors) => {
                let errors = errors.0.iter().map(wrong).collect();
                Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid") }
            }
            AppError::Conflict { version, conflicts } => {
                let conflicts: Vec<Value> = conflicts.iter().map(conflict).collect();
                let data = json!({ "version": version, "conflicts": conflicts });
                Self::new(StatusCode::CONFLICT, "conflict").with("data", data)
            }
            AppError::PreconditionFailed(version) => Self::new(StatusCode::PRECONDITION_FAILED, "precondition_failed")
                .with("data", json!({ "version": version })),
            AppError::VersionRequired => Self::new(StatusCode::PRECONDITION_REQUIRED, "version_required"),
            AppError::Refused { code, data } => refused(*code, data.as_ref()),
            AppError::TooMany { retry_s } => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests").retry(*retry_s)
            }
            AppError::Unavailable { retry_s } => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable").retry(*retry_s)
            }
            AppError::Internal(reference) => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal").with("error_ref", json!(reference.0))
            }
            AppError::StorageFull => Self::new(StatusCode::INSUFFICIENT_STORAGE, "storage_full"),
            // Never made on this side of the wire; its text is not for anybody's eyes.
            AppError::Transport(_) => Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }
}

/// A wrong field, with where it is wrong, if that is known.
fn wrong(error: &FieldError) -> Value {
    let mut out = json!({ "field": error.field, "code": error.code.as_str() });
    if let (Some(data), Some(map)) = (&error.data, out.as_object_mut()) {
        map.insert("data".to_owned(), data.clone());
    }
    out
}

fn refused(code: Code, data: Option<&Value>) -> Facts {
    let status = match code {
        Code::IdempotencyMismatch | Code::TooManyRows => StatusCode::UNPROCESSABLE_ENTITY,
        Code::Unauthenticated | Code::InvalidCredentials => StatusCode::UNAUTHORIZED,
        _ => StatusCode::CONFLICT,
    };
    let facts = Facts::new(status, code.as_str());
    let facts = if code == Code::RequestInProgress { facts.retry(1) } else { facts };
    match data {
        Some(data) => facts.with("data", data.clone()),
        None => facts,
    }
}

fn conflict(conflict: &FieldConflict) -> Value {
    // Agents learn who it was, the requester side his name (section 5).
    let by = actor(&conflict.actor, conflict.actor.id.is_some());
    json!({
        "field": conflict.field, "yours": conflict.yours, "theirs": conflict.theirs, "by": by, "at": conflict.at,
    })
}

fn build(error: &ApiError, request_id: Option<&str>) -> Response {
    let facts = Facts::of(error);
    let mut body = facts.members;
    body.insert("type".to_owned(), json!(format!("/api/docs/errors#{}", facts.code)));
    body.insert("title".to_owned(), json!(codes::title(facts.code)));
    body.insert("status".to_owned(), json!(facts.status.as_u16()));
    body.insert("code".to_owned(), json!(facts.code));
    body.insert("errors".to_owned(), Value::Array(facts.errors));
    if let Some(id) = request_id {
        body.insert("request_id".to_owned(), json!(id));
    }
    let mut response = Response::new(Body::from(Value::Object(body).to_string()));
    *response.status_mut() = facts.status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if facts.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = facts.retry_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_err_01_each_refusal_has_its_status_and_its_code() {
        let cases = [
            (ApiError::Malformed, 400, "malformed_request"),
            (AppError::Unauthenticated.into(), 401, "unauthenticated"),
            (AppError::Forbidden(String::new()).into(), 403, "forbidden"),
            (ApiError::NOT_FOUND, 404, "not_found"),
            (AppError::refused(Code::TicketClosed).into(), 409, "ticket_closed"),
            (AppError::refused(Code::IdempotencyMismatch).into(), 422, "idempotency_mismatch"),
            (AppError::refused(Code::TooManyRows).into(), 422, "too_many_rows"),
            (ApiError::field("body", Code::Required), 422, "invalid"),
            (AppError::VersionRequired.into(), 428, "version_required"),
            (AppError::StorageFull.into(), 507, "storage_full"),
        ];
        for (error, status, code) in cases {
            let facts = Facts::of(&error);
            assert_eq!((facts.status.as_u16(), facts.code), (status, code));
            assert_ne!(codes::title(facts.code), codes::title("no such code"), "{code} has no sentence");
        }
    }

    #[test]
    fn a_err_01_a_capability_that_is_not_named_is_absent() {
        assert!(Facts::of(&AppError::Forbidden(String::new()).into()).members.is_empty());
        let named = Facts::of(&AppError::Forbidden("ticket.take".to_owned()).into());
        assert_eq!(named.members.get("capability"), Some(&json!("ticket.take")));
    }

    #[test]
    fn a_aut_01_a_missing_token_is_told_the_scheme() {
        let response = ApiError::from(AppError::Unauthenticated).into_response();
        assert_eq!(response.headers().get(header::WWW_AUTHENTICATE).unwrap(), "Bearer");
    }
}

//! Tokens: made with address and password, listed, revoked (section 2).

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::error::Code;
use service::tokens;

use super::Api;
use super::body::JsonBody;
use super::extract::{Caller, Id, Params};
use super::json::{Answer, Cut, value};
use super::problem::ApiError;
use crate::state::ClientAddress;

/// `POST /auth/token`: the only place that shows a token. Its answer holds a secret, so an idempotency key is ignored.
pub async fn create(
    State(api): State<Api>,
    address: Option<Extension<ClientAddress>>,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let address = address.map(|Extension(address)| address.0).unwrap_or_default();
    let (email, password) = (body.required("email"), secret(&mut body, "password"));
    let (name, scope, days) = (body.text("name"), body.text("scope"), body.integer("expires_in_days"));
    body.finish()?;
    let created = tokens::create(&api.services, &email, &password, &name, &scope, days, &address).await?;
    Ok(Answer::created(&format!("/auth/tokens/{}", created.id), value(&created)))
}

/// A password is taken as it was typed: nothing is trimmed.
pub(super) fn secret(body: &mut super::fields::Fields, field: &str) -> String {
    let text = body.text(field);
    if text.is_empty() {
        body.wrong(field, Code::Required);
    }
    text
}

/// `DELETE /auth/token`: the calling token opens nothing from now on.
pub async fn revoke_current(caller: Caller, params: Params) -> Result<Response, ApiError> {
    params.finish()?;
    tokens::revoke_current(&caller.ctx).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /auth/tokens`.
pub async fn list(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let cut = Cut::read(&mut params);
    params.finish()?;
    let rows = tokens::list(&caller.ctx).await?.iter().map(|token| (token.id, value(token))).collect();
    cut.page(&caller.ctx, "tokens", rows).map(Answer::ok)
}

/// `DELETE /auth/tokens/{id}`.
pub async fn revoke(caller: Caller, Id(id): Id, params: Params) -> Result<Response, ApiError> {
    params.finish()?;
    tokens::revoke(&caller.ctx, &id.to_string()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

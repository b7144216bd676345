//! Messages between service side and requester side (section 9, T-MSG).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::forms::SendMessage;
use domain::views::MessageView;
use serde_json::Value;
use service::messages::{self, MessageQuery};
use uuid::Uuid;

use super::body::{JsonBody, OptionalBody};
use super::extract::{Caller, Id, Key, Number, Params};
use super::json::{self, Answer};
use super::problem::ApiError;
use super::replay::Once;

fn form(view: &MessageView) -> Value {
    // Agents learn the id of its author.
    json::message(view, view.author.id.is_some())
}

/// `GET /tickets/{number}/messages`; marks nothing as read.
pub async fn list(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let query = MessageQuery {
        sort: params.word("sort", &["sent_at", "-sent_at"]),
        cursor: params.text("cursor"),
        limit: params.limit(),
        count: params.flag("count"),
    };
    params.finish()?;
    let page = messages::list(&caller.ctx, number, query).await?;
    Ok(Answer::ok(json::list(page.items.iter().map(form).collect(), page.next_cursor, page.count)))
}

/// `POST /tickets/{number}/messages`.
pub async fn create(
    caller: Caller,
    Number(number): Number,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let form = SendMessage {
        ticket: number,
        key: key.0.clone(),
        from: String::new(),
        text: body.required("text"),
        send_mail: body.flag("send_mail"),
    };
    let draft = body.id("draft");
    body.finish()?;
    let ctx = &caller.ctx.sending(draft);
    let once = Once::begin(ctx, &key, "message", Some(number)).await?;
    let id = messages::send(ctx, form).await?;
    let view = messages::get(ctx, id).await?;
    once.finish(ctx, Answer::created(&format!("/messages/{id}"), self::form(&view))).await
}

/// `POST /tickets/{number}/messages/read`: up to and with a message, or all of them.
pub async fn read(
    caller: Caller,
    Number(number): Number,
    key: Key,
    params: Params,
    OptionalBody(mut body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let until = body.id("until");
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "message_read", Some(number)).await?;
    messages::read(ctx, number, until, &key.0).await?;
    once.finish(ctx, Answer::nothing()).await
}

/// `GET /messages/{id}`.
pub async fn show(caller: Caller, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(form(&messages::get(&caller.ctx, id).await?)))
}

/// `DELETE /tickets/{number}/messages/{id}`: taken back by its author (T-MSG-04).
pub async fn withdraw_here(
    caller: Caller,
    Number(number): Number,
    Id(id): Id,
    params: Params,
) -> Result<Response, ApiError> {
    withdrawn(&caller, id, Some(number), params).await
}

/// `DELETE /messages/{id}`: the same.
pub async fn withdraw(caller: Caller, Id(id): Id, params: Params) -> Result<Response, ApiError> {
    withdrawn(&caller, id, None, params).await
}

async fn withdrawn(caller: &Caller, id: Uuid, number: Option<i64>, params: Params) -> Result<Response, ApiError> {
    params.finish()?;
    messages::withdraw(&caller.ctx, id, number).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

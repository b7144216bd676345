//! The chat of a ticket (section 9, T-CHT).

use domain::forms::{EndChat, SendChat};
use domain::views::ChatLineView;
use serde_json::Value;
use service::chat::{self, ChatQuery};

use super::body::{JsonBody, OptionalBody};
use super::extract::{Caller, Key, Number, Params};
use super::json::{self, Answer};
use super::problem::ApiError;
use super::replay::Once;

fn form(view: &ChatLineView) -> Value {
    // Agents learn the id of its author.
    json::chat_line(view, view.author.id.is_some())
}

/// `GET /tickets/{number}/chat`: in the order of saving; marks nothing as read.
pub async fn list(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let query = ChatQuery {
        after: params.id("after"),
        cursor: params.text("cursor"),
        limit: params.limit(),
        count: params.flag("count"),
    };
    params.finish()?;
    let page = chat::list(&caller.ctx, number, query).await?;
    Ok(Answer::ok(json::list(page.items.iter().map(form).collect(), page.next_cursor, page.count)))
}

/// `POST /tickets/{number}/chat`.
pub async fn create(
    caller: Caller,
    Number(number): Number,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let form = SendChat { ticket: number, key: key.0.clone(), from: String::new(), text: body.required("text") };
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "chat", Some(number)).await?;
    let id = chat::send(ctx, form).await?;
    let view = chat::get(ctx, id).await?;
    once.finish(ctx, Answer::created(&format!("/tickets/{number}/chat"), self::form(&view))).await
}

/// `POST /tickets/{number}/chat/signs`: the caller is writing, or has stopped.
pub async fn signs(
    caller: Caller,
    Number(number): Number,
    _key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let typing = body.flag("typing");
    body.finish()?;
    // A sign of this moment is the same however often it comes: nothing is kept under its key.
    chat::note_typing(&caller.ctx, number, typing).await?;
    Ok(Answer::nothing())
}

/// `POST /tickets/{number}/chat/end`.
pub async fn end(
    caller: Caller,
    Number(number): Number,
    key: Key,
    params: Params,
    OptionalBody(body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "chat_end", Some(number)).await?;
    chat::end(ctx, EndChat { ticket: number, key: key.0.clone(), from: String::new() }).await?;
    once.finish(ctx, Answer::nothing()).await
}

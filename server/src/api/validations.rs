//! Validations of tickets, and those the caller is asked for (section 9, T-VAL).

use domain::forms::{AnswerValidation, AskValidation, ChangeValidation};
use domain::views::ValidationView;
use serde_json::Value;
use service::validations::{self, ValidationQuery};

use super::body::{JsonBody, OptionalBody};
use super::extract::{Caller, Id, Key, Number, Params};
use super::json::{self, Answer};
use super::problem::ApiError;
use super::replay::Once;

/// States of a request.
const STATES: [&str; 3] = ["waiting", "granted", "refused"];

fn form(view: &ValidationView) -> Value {
    // Agents learn the id of who asked.
    json::validation(view, view.asker.id.is_some())
}

fn query(params: &mut Params) -> ValidationQuery {
    ValidationQuery {
        state: params.word("state", &STATES),
        cursor: params.text("cursor"),
        limit: params.limit(),
        count: params.flag("count"),
    }
}

/// `GET /tickets/{number}/validations`, the newest first.
pub async fn list(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let query = query(&mut params);
    params.finish()?;
    let page = validations::list(&caller.ctx, number, query).await?;
    Ok(Answer::ok(json::list(page.items.iter().map(form).collect(), page.next_cursor, page.count)))
}

/// `GET /validations`: those that name the caller, on tickets that are not over; those that wait for him first.
pub async fn all(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    // The list of others is that of their tickets.
    let _only_own = params.word("target", &["me"]);
    let query = query(&mut params);
    params.finish()?;
    let page = validations::all(&caller.ctx, query).await?;
    Ok(Answer::ok(json::list(page.items.iter().map(form).collect(), page.next_cursor, page.count)))
}

/// `GET /validations/{id}`.
pub async fn show(caller: Caller, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(form(&validations::get(&caller.ctx, id).await?)))
}

/// `POST /tickets/{number}/validations` (T-VAL-01).
pub async fn create(
    caller: Caller,
    Number(number): Number,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let form = AskValidation {
        ticket: number,
        key: key.0.clone(),
        comment: body.text("comment"),
        format: body.format(),
        targets: body.actors("targets").unwrap_or_default(),
        required_percent: body.number("required_percent"),
        attachments: body.texts("attachments").unwrap_or_default(),
    };
    let draft = body.id("draft");
    body.finish()?;
    let ctx = &caller.ctx.sending(draft);
    let once = Once::begin(ctx, &key, "validation", Some(number)).await?;
    let id = validations::ask(ctx, form).await?;
    let view = validations::get(ctx, id).await?;
    once.finish(ctx, Answer::created(&format!("/validations/{id}"), self::form(&view))).await
}

/// `POST /tickets/{number}/validations/{id}/answers` (T-VAL-02): for the caller, else for a group of his.
pub async fn answer(
    caller: Caller,
    Number(number): Number,
    Id(id): Id,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let form = AnswerValidation {
        id: id.to_string(),
        key: key.0.clone(),
        answer: body.required("answer"),
        comment: body.text("comment"),
        attachments: body.texts("attachments").unwrap_or_default(),
    };
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "validation_answer", Some(number)).await?;
    validations::answer(ctx, form, Some(number)).await?;
    let view = validations::get(ctx, id).await?;
    once.finish(ctx, Answer::created(&format!("/validations/{id}"), self::form(&view))).await
}

/// `POST /tickets/{number}/validations/{id}/actions/withdraw` (T-VAL-05).
pub async fn withdraw(
    caller: Caller,
    Number(number): Number,
    Id(id): Id,
    key: Key,
    params: Params,
    OptionalBody(body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "validation_withdraw", Some(number)).await?;
    let form = ChangeValidation { id: id.to_string(), ticket: number, key: key.0.clone() };
    validations::withdraw(ctx, form).await?;
    let view = validations::get(ctx, id).await?;
    once.finish(ctx, Answer::changed(self::form(&view))).await
}

/// `POST /tickets/{number}/validations/{id}/actions/ask-again` (T-VAL-05): the new request, which replaces the refused one.
pub async fn ask_again(
    caller: Caller,
    Number(number): Number,
    Id(id): Id,
    key: Key,
    params: Params,
    OptionalBody(body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    body.finish()?;
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "validation_again", Some(number)).await?;
    let form = ChangeValidation { id: id.to_string(), ticket: number, key: key.0.clone() };
    let id = validations::ask_again(ctx, form).await?;
    let view = validations::get(ctx, id).await?;
    once.finish(ctx, Answer::created(&format!("/validations/{id}"), self::form(&view))).await
}

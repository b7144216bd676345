//! Solutions of a ticket and their answers (T-SOL, api.md sections 5 and 9).

use domain::error::{AppError, FieldErrors};
use domain::forms::{AddSolution, AnswerSolution, Decided, SolutionPatch};
use domain::solution::Answer as Given;
use domain::views::SolutionView;
use serde_json::{Value, json};
use service::knowledge;
use service::solutions::{self, SolutionQuery};

use super::body::{JsonBody, OptionalBody};
use super::extract::{Caller, Conditions, Id, Key, Number, Params};
use super::fields::Fields;
use super::json::{self, Answer};
use super::problem::ApiError;
use super::replay::Once;
use super::tickets::{after, whole};

fn form(view: &SolutionView) -> Value {
    json::solution(view, json::solution_is_whole(view))
}

/// `GET /tickets/{number}/solutions`: none where the caller may not read them.
pub async fn list(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let query = SolutionQuery {
        sort: params.text("sort"),
        cursor: params.text("cursor"),
        limit: params.limit(),
        count: params.flag("count"),
    };
    params.finish()?;
    let page = solutions::list(&caller.ctx, number, query).await?;
    let items = page.items.iter().map(form).collect();
    Ok(Answer::ok(json::list(items, page.next_cursor, page.count)))
}

/// `POST /tickets/{number}/solutions`: solves the ticket, and begins an article with the solution where that is asked for (T-SOL-04).
pub async fn create(
    caller: Caller,
    Number(number): Number,
    key: Key,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let new = entry(&mut body);
    let override_reason = body.text("override_reason");
    let save_to_knowledge = body.flag("save_to_knowledge");
    let draft = body.id("draft");
    let version = body.version();
    body.finish()?;
    let version = conditions.if_match.or(version).unwrap_or(0);
    let ctx = &caller.ctx.sending(draft);
    let once = Once::begin(ctx, &key, "solution", Some(number)).await?;
    let new = AddSolution { ticket: number, key: key.0.clone(), override_reason, save_to_knowledge, version, ..new };
    let id = solutions::add(ctx, new.clone()).await.map_err(|error| conditions.told(error.public.into()))?;
    let warnings = solutions::warnings(ctx, &new).await;
    let mut answer = form(&solutions::get(ctx, id).await?);
    if save_to_knowledge {
        // The ticket is solved; an article that cannot be begun is no reason to say otherwise.
        let article = knowledge::save_solution(ctx, id, &key.0).await.ok();
        if let Some(map) = answer.as_object_mut() {
            map.insert("saved_article".to_owned(), json!(article));
        }
    }
    once.finish(ctx, Answer::created(&format!("/solutions/{id}"), answer).warned(&warnings)).await
}

/// The fields of a solution itself, alone or with the command that closes its ticket.
pub(super) fn entry(body: &mut Fields) -> AddSolution {
    let text = body.required("body");
    AddSolution { body: text, ..besides(body) }
}

/// The same without its text.
pub(super) fn besides(body: &mut Fields) -> AddSolution {
    AddSolution {
        format: body.format(),
        kind: body.text("type"),
        template: body.text("template"),
        article: body.text("article"),
        attachments: body.texts("attachments").unwrap_or_default(),
        open_tasks: body.text("open_tasks"),
        cascade: body.texts("cascade").unwrap_or_default(),
        ..AddSolution::default()
    }
}

/// The fields of a solution that stands in another body, named as they were sent: `solution.body`.
pub(super) fn within(error: AppError) -> AppError {
    let AppError::Invalid(FieldErrors(mut errors)) = error else { return error };
    for wrong in errors.iter_mut().filter(|wrong| wrong.field != "override_reason") {
        wrong.field.insert_str(0, "solution.");
    }
    AppError::Invalid(FieldErrors(errors))
}

/// `GET /solutions/{id}`.
pub async fn show(caller: Caller, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(form(&solutions::get(&caller.ctx, id).await?)))
}

/// `PATCH /solutions/{id}`: while it waits for its answer (T-SOL-06).
pub async fn update(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let patch = SolutionPatch {
        key: String::new(),
        version: body.version(),
        if_match: conditions.if_match,
        decided: Decided::default(),
        body: body.patch("body"),
        format: body.format(),
        kind: body.patch("type"),
        attachments: whole(&mut body, Fields::texts, "attachments"),
    };
    body.finish()?;
    conditions.require(patch.version)?;
    solutions::edit(&caller.ctx, id, patch).await?;
    Ok(Answer::changed(form(&solutions::get(&caller.ctx, id).await?)))
}

/// `POST /tickets/{number}/actions/approve` (T-STA-18).
pub async fn approve(
    caller: Caller,
    number: Number,
    key: Key,
    conditions: Conditions,
    params: Params,
    OptionalBody(body): OptionalBody,
) -> Result<Answer, ApiError> {
    answer(Given::Approve, caller, number, key, conditions, (params, body)).await
}

/// `POST /tickets/{number}/actions/refuse` (T-STA-19).
pub async fn refuse(
    caller: Caller,
    number: Number,
    key: Key,
    conditions: Conditions,
    params: Params,
    OptionalBody(body): OptionalBody,
) -> Result<Answer, ApiError> {
    answer(Given::Refuse, caller, number, key, conditions, (params, body)).await
}

async fn answer(
    given: Given,
    caller: Caller,
    Number(number): Number,
    key: Key,
    conditions: Conditions,
    (params, mut body): (Params, Fields),
) -> Result<Answer, ApiError> {
    params.finish()?;
    let text = match given {
        Given::Approve => body.text("comment"),
        Given::Refuse => body.required("reason"),
    };
    let version = body.version();
    body.finish()?;
    let version = conditions.if_match.or(version).unwrap_or(0);
    let ctx = &caller.ctx;
    let once = Once::begin(ctx, &key, "answer_solution", Some(number)).await?;
    let sent = AnswerSolution {
        ticket: number,
        key: key.0.clone(),
        answer: given.as_str().to_owned(),
        text,
        version,
        ..AnswerSolution::default()
    };
    solutions::answer(ctx, sent).await.map_err(|error| conditions.told(error.public.into()))?;
    let seen = after(ctx, number).await?;
    once.finish(ctx, seen.map_or_else(Answer::nothing, Answer::changed)).await
}

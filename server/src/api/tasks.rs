//! Tasks: added, read, changed, paused, removed; the planner; the calendar feed (sections 2 and 6, T-TSK).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::error::Code;
use domain::forms::{AddTask, Decided, Patch, PauseTask, RemoveOccurrence, TaskPatch};
use domain::task::TaskState;
use domain::views::{TaskRow, TaskView, Warning};
use serde_json::{Value, json};
use service::Ctx;
use service::tasks::{self, PlannerQuery, TaskQuery};
use uuid::Uuid;

use super::body::{JsonBody, OptionalBody};
use super::extract::{Caller, Conditions, Id, Key, Number, Params};
use super::fields::Fields;
use super::json::{self, Answer, object, value};
use super::problem::ApiError;
use super::replay::Once;
use super::tickets::whole;

fn form(view: &TaskView) -> Value {
    json::task(view, json::occurrence_is_whole(&view.entry))
}

/// `GET /tickets/{number}/tasks`.
pub async fn of_ticket(caller: Caller, Number(number): Number, mut params: Params) -> Result<Answer, ApiError> {
    let portal = params.word("as", &["portal"]) == "portal";
    let query = TaskQuery { number, portal, ..query(&mut params) };
    params.finish()?;
    let page = tasks::list(&caller.ctx, query).await?;
    let form = |row: &TaskRow| json::task(&row.task, !portal && json::occurrence_is_whole(&row.task.entry));
    Ok(Answer::ok(json::list(page.items.iter().map(form).collect(), page.next_cursor, page.count)))
}

/// `GET /tasks`: of every ticket in which the caller is an agent.
pub async fn list(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let query = query(&mut params);
    params.finish()?;
    let page = tasks::list(&caller.ctx, query).await?;
    let form = |row: &TaskRow| {
        let mut out = form(&row.task);
        if let Some(map) = out.as_object_mut() {
            map.insert("title".to_owned(), json!(row.title));
            map.insert("overdue".to_owned(), json!(row.overdue));
        }
        out
    };
    Ok(Answer::ok(json::list(page.items.iter().map(form).collect(), page.next_cursor, page.count)))
}

fn query(params: &mut Params) -> TaskQuery {
    let mut not = Vec::new();
    for name in ["user", "group", "state", "visibility"] {
        let value = filter(params, &format!("not.{name}"));
        not.extend((!value.is_empty()).then(|| (name.to_owned(), value)));
    }
    TaskQuery {
        user: filter(params, "user"),
        group: filter(params, "group"),
        state: filter(params, "state"),
        visibility: filter(params, "visibility"),
        overdue: params.switch("overdue"),
        planned_from: params.period("planned_from"),
        planned_to: params.period("planned_to"),
        not,
        sort: params.word("sort", &["planned_begin", "-planned_begin", "registered_at", "-registered_at"]),
        cursor: params.text("cursor"),
        limit: params.limit(),
        count: params.flag("count"),
        ..TaskQuery::default()
    }
}

/// A filter whose values are joined by "or".
fn filter(params: &mut Params, name: &str) -> String {
    match name.trim_start_matches("not.") {
        "user" => params.ids(name, &["me", "none"]),
        "group" => params.ids(name, &["my_groups", "none"]),
        "visibility" => params.words(name, &["private", "public"]),
        _ => {
            let known: Vec<&str> = TaskState::ALL.iter().map(|state| state.as_str()).collect();
            params.words(name, &known)
        }
    }
}

/// `POST /tickets/{number}/tasks`.
pub async fn create(
    caller: Caller,
    Number(number): Number,
    key: Key,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let form = AddTask { ticket: number, key: key.0.clone(), ..entry(&mut body) };
    let draft = body.id("draft");
    body.finish()?;
    let ctx = &caller.ctx.sending(draft);
    let once = Once::begin(ctx, &key, tasks::KIND, Some(number)).await?;
    let saved = tasks::add(ctx, form).await?;
    let view = tasks::get(ctx, saved.id).await?;
    let answer = Answer::created(&format!("/tasks/{}", saved.id), self::form(&view));
    once.finish(ctx, answer.warned(&saved.warnings)).await
}

/// The fields of a task itself, alone or with the ticket it begins.
pub(super) fn entry(body: &mut Fields) -> AddTask {
    AddTask {
        content: body.required("content"),
        format: body.format(),
        category: body.text("category"),
        state: body.text("state"),
        visibility: body.text("visibility"),
        planned_begin: body.time("planned_begin"),
        planned_end: body.time("planned_end"),
        duration_minutes: minutes(body, "duration_minutes"),
        estimated_minutes: minutes(body, "estimated_minutes"),
        actual_minutes: minutes(body, "actual_minutes"),
        user: body.text("user"),
        group: body.text("group"),
        reminder_minutes: minutes(body, "reminder_minutes"),
        template: body.text("template"),
        attachments: body.texts("attachments").unwrap_or_default(),
        ..AddTask::default()
    }
}

fn minutes(body: &mut Fields, field: &str) -> String {
    match body.patch_minutes(field) {
        Patch::Set(minutes) => minutes,
        Patch::Keep | Patch::Clear => String::new(),
    }
}

/// `GET /tasks/{id}`.
pub async fn show(caller: Caller, Id(id): Id, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(form(&tasks::get(&caller.ctx, id).await?)))
}

/// `PATCH /tasks/{id}`.
pub async fn update(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    params: Params,
    JsonBody(mut body): JsonBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let patch = TaskPatch {
        key: String::new(),
        version: body.version(),
        if_match: conditions.if_match,
        decided: Decided::default(),
        is_form: false,
        content: body.patch("content"),
        format: body.format(),
        category: body.patch("category"),
        state: body.patch("state"),
        visibility: body.patch("visibility"),
        planned_begin: body.patch_time("planned_begin"),
        planned_end: body.patch_time("planned_end"),
        duration_minutes: body.patch_minutes("duration_minutes"),
        estimated_minutes: body.patch_minutes("estimated_minutes"),
        actual_minutes: body.patch_minutes("actual_minutes"),
        user: body.patch("user"),
        group: body.patch("group"),
        reminder_minutes: body.patch_minutes("reminder_minutes"),
        attachments: whole(&mut body, Fields::texts, "attachments"),
    };
    body.finish()?;
    conditions.require(patch.version)?;
    let ctx = &caller.ctx;
    let saved = tasks::edit(ctx, id, patch).await?;
    changed(ctx, id, &saved.warnings).await
}

async fn changed(ctx: &Ctx, id: Uuid, warnings: &[Warning]) -> Result<Answer, ApiError> {
    Ok(Answer::changed(form(&tasks::get(ctx, id).await?)).warned(warnings))
}

/// `DELETE /tasks/{id}`: a tombstone stays.
pub async fn delete(
    caller: Caller,
    Id(id): Id,
    conditions: Conditions,
    mut params: Params,
) -> Result<Response, ApiError> {
    let version = params.version();
    let reason = params.text("reason");
    params.finish()?;
    conditions.require(version)?;
    let form = RemoveOccurrence {
        id: id.to_string(),
        ticket: 0,
        version: conditions.if_match.or(version).unwrap_or(0),
        if_match: conditions.if_match.is_some(),
        reason,
        acknowledge_mail_sent: false,
    };
    tasks::remove(&caller.ctx, form).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /tasks/{id}/actions/pause`: the task, its ticket, or both (T-TSK-05).
pub async fn pause(
    caller: Caller,
    Id(id): Id,
    key: Key,
    params: Params,
    OptionalBody(mut body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let mut form = PauseTask { id: id.to_string(), task: body.switch("task").unwrap_or(true), ..PauseTask::default() };
    if let Some(mut ticket) = body.object("ticket") {
        form.ticket = true;
        form.reason = ticket.text("reason");
        form.text = ticket.text("text");
        form.text_public = ticket.flag("text_public");
        body.absorb(ticket);
    }
    body.finish()?;
    run(caller, id, key, form).await
}

/// `POST /tasks/{id}/actions/resume`.
pub async fn resume(
    caller: Caller,
    Id(id): Id,
    key: Key,
    params: Params,
    OptionalBody(mut body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    let form = PauseTask {
        id: id.to_string(),
        resume: true,
        task: body.switch("task").unwrap_or(true),
        ticket: body.flag("ticket"),
        ..PauseTask::default()
    };
    body.finish()?;
    run(caller, id, key, form).await
}

async fn run(caller: Caller, id: Uuid, key: Key, form: PauseTask) -> Result<Answer, ApiError> {
    let ctx = &caller.ctx;
    let number = tasks::get(ctx, id).await?.entry.ticket;
    let once = Once::begin(ctx, &key, tasks::PAUSE, Some(number)).await?;
    let saved = tasks::pause(ctx, PauseTask { key: key.0.clone(), ..form }).await?;
    let answer = changed(ctx, id, &saved.warnings).await?;
    once.finish(ctx, answer).await
}

/// `GET /planner`: days of people with what takes their time; what the caller may not see has its time only.
pub async fn planner(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let mut day = |name: &str| {
        let text = params.text(name);
        if !text.is_empty() && text.parse::<chrono::NaiveDate>().is_err() {
            params.wrong(name, Code::Invalid);
        }
        text
    };
    let (date, until) = (day("from"), day("to"));
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let query = PlannerQuery {
        view: String::new(),
        date,
        until,
        person: id(params.id("person")),
        group: id(params.id("group")),
        entity: id(params.id("entity")),
    };
    params.finish()?;
    let found = tasks::planner(&caller.ctx, &query).await?;
    let mut items = Vec::new();
    for column in &found.columns {
        let blocks: Vec<Value> = column
            .blocks
            .iter()
            .map(|block| {
                object([
                    ("task", json!(block.id)),
                    ("ticket", json!(block.ticket)),
                    ("title", json!(block.id.map(|_| &block.title))),
                    ("state", json!(block.state)),
                    ("visibility", json!(block.id.map(|_| if block.private { "private" } else { "public" }))),
                    ("planned_begin", json!(block.begin)),
                    ("planned_end", json!(block.end)),
                    ("movable", json!(block.movable)),
                    ("conflict", json!(block.conflict)),
                ])
            })
            .collect();
        items.push(object([
            ("day", json!(column.day.as_str().get(..10))),
            ("person", json::actor(&column.person, true)),
            ("tasks", json!(blocks)),
        ]));
    }
    let unplanned: Vec<Value> = found
        .unplanned
        .iter()
        .map(|block| {
            object([
                ("task", json!(block.id)),
                ("ticket", json!(block.ticket)),
                ("title", json!(block.title)),
                ("state", json!(block.state)),
                ("movable", json!(block.movable)),
            ])
        })
        .collect();
    Ok(Answer::ok(object([("items", json!(items)), ("unplanned", json!(unplanned))])))
}

/// `POST /me/calendar-feed`: a new address; the one before leads nowhere. The answer holds a secret: the key is ignored.
pub async fn make_feed(
    caller: Caller,
    _key: Key,
    params: Params,
    OptionalBody(body): OptionalBody,
) -> Result<Answer, ApiError> {
    params.finish()?;
    body.finish()?;
    let url = tasks::make_feed(&caller.ctx).await?;
    Ok(Answer::created("/me/calendar-feed", object([("url", value(&url))])))
}

/// `DELETE /me/calendar-feed`.
pub async fn revoke_feed(caller: Caller, params: Params) -> Result<Response, ApiError> {
    params.finish()?;
    tasks::revoke_feed(&caller.ctx).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

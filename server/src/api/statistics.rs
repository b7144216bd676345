//! Figures of a ticket and of a period (T-STT).

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use domain::error::AppError;
use domain::views::{DashboardQuery, DashboardView, FigureView, TicketStatistics};
use serde_json::{Value, json};
use service::{Ctx, statistics};

use super::extract::{Caller, Number, Params};
use super::json::{Answer, object};
use super::problem::ApiError;

fn figure(figure: FigureView) -> Value {
    object([
        ("elapsed_minutes", json!(figure.elapsed_minutes)),
        ("working_minutes", json!(figure.working_minutes)),
        ("running", json!(figure.running)),
    ])
}

fn form(view: &TicketStatistics) -> Value {
    let time = view.time_by_person.iter().map(|one| {
        object([
            ("person", one.id.map_or(Value::Null, |id| json!({ "id": id, "name": one.name }))),
            ("kind", json!(one.kind)),
            ("minutes", json!(one.minutes)),
            ("entries", json!(one.entries)),
        ])
    });
    let intervals = view.intervals.iter().map(|one| {
        object([
            ("status", json!(one.status)),
            ("from", json!(one.from)),
            ("to", json!(one.to)),
            ("minutes", json!(one.minutes)),
        ])
    });
    object([
        ("ticket", json!(view.number)),
        ("opened_at", json!(view.opened_at)),
        ("taken_at", json!(view.taken_at)),
        ("assigned_at", json!(view.assigned_at)),
        ("due_own_at", json!(view.due_own_at)),
        ("due_resolve_at", json!(view.due_resolve_at)),
        ("solved_at", json!(view.solved_at)),
        ("closed_at", json!(view.closed_at)),
        ("cancelled_at", json!(view.cancelled_at)),
        ("taken", figure(view.taken)),
        ("assigned", figure(view.assigned)),
        ("pending", figure(view.pending)),
        ("awaiting", figure(view.awaiting)),
        ("solving", figure(view.solving)),
        ("closing", figure(view.closing)),
        ("worked_minutes", json!(view.worked)),
        ("time_by_person", time.collect()),
        ("intervals", intervals.collect()),
        ("reopen_count", json!(view.reopen_count)),
    ])
}

/// `GET /tickets/{number}/statistics` (T-STT-01).
pub async fn of_ticket(caller: Caller, Number(number): Number, params: Params) -> Result<Answer, ApiError> {
    params.finish()?;
    Ok(Answer::ok(form(&statistics::of_ticket(&caller.ctx, number).await?)))
}

fn numbers<'r>(rows: impl IntoIterator<Item = &'r (String, i64)>) -> Value {
    rows.into_iter()
        .map(|(name, n)| {
            object([("name", if name.is_empty() { Value::Null } else { json!(name) }), ("count", json!(n))])
        })
        .collect()
}

fn words<'r, W: std::fmt::Display + 'r>(rows: impl IntoIterator<Item = &'r (W, i64)>) -> Value {
    rows.into_iter().map(|(word, n)| object([("name", json!(word.to_string())), ("count", json!(n))])).collect()
}

fn whole(view: &DashboardView) -> Value {
    let days = view.days.iter().map(|day| {
        object([
            ("from", json!(day.from)),
            ("opened", json!(day.opened)),
            ("solved", json!(day.solved)),
            ("closed", json!(day.closed)),
        ])
    });
    object([
        ("from", json!(view.from)),
        ("to", json!(view.to)),
        ("step_days", json!(view.step)),
        ("days", days.collect()),
        ("backlog", words(&view.backlog)),
        ("ages", words(&view.ages)),
        ("taken_minutes", json!(view.taken)),
        ("solving_minutes", json!(view.solving)),
        ("awaiting_minutes", json!(view.awaiting)),
        ("closing_minutes", json!(view.closing)),
        ("late", json!(view.late)),
        ("overdue", json!(view.overdue)),
        ("worked_minutes", json!(view.worked)),
        ("by_category", numbers(&view.by_category)),
        ("by_group", numbers(&view.by_group)),
        ("by_assignee", numbers(&view.by_assignee)),
        ("by_source", numbers(&view.by_source)),
        ("by_customer", view.by_customer.as_ref().map_or(Value::Null, numbers)),
        ("surveys_answered", json!(view.surveys_answered)),
        ("satisfaction_hundredths", json!(view.satisfaction)),
    ])
}

/// `GET /statistics` (T-STT-02).
pub async fn dashboard(caller: Caller, mut params: Params) -> Result<Answer, ApiError> {
    let query = DashboardQuery {
        entity: params.text("entity"),
        from: params.text("from"),
        to: params.text("to"),
        group: params.text("group"),
        person: params.text("person"),
    };
    params.finish()?;
    Ok(Answer::ok(whole(&statistics::dashboard(&caller.ctx, &query).await?)))
}

/// The dashboard as a file, in the words of the reader's language; for the page.
///
/// # Errors
/// As `service::statistics::export`.
pub async fn csv(ctx: &Ctx, query: &DashboardQuery) -> Result<Response, AppError> {
    let view = statistics::export(ctx, query).await?;
    let mut response = Response::new(Body::from(app::reports::table::csv(ctx.actor.lang, &view)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let disposition = format!("attachment; filename=\"statistics-{}-{}.csv\"", view.from, view.to);
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

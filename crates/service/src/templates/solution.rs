//! Solution templates in the form that solves a ticket: chosen, made ready for the ticket, added to what is typed (T-SOL-01,
//! T-OCC-09).

use domain::error::AppError;
use domain::forms::AddSolution;
use domain::template::TemplateKind;
use domain::views::ReplyText;
use serde_json::Value;
use uuid::Uuid;

use super::reply;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{drafts, solutions};

/// Adds a template to what the form holds and keeps both as its draft. Without a choice only what is typed is kept.
///
/// # Errors
/// As [`super::reply`]; what is typed is kept all the same.
pub async fn insert_solution(ctx: &Ctx, form: &AddSolution, id: &str) -> Result<(), ServiceError> {
    let object = form.ticket.to_string();
    let typed = serde_json::to_value(form)?;
    drafts::keep(ctx, solutions::KIND, &object, &typed).await;
    if id.trim().is_empty() {
        return Ok(());
    }
    let id = id.trim().parse::<Uuid>().map_err(|_not_an_id| AppError::NotFound)?;
    let made = reply::text_of(ctx, TemplateKind::Solution, form.ticket, id).await?;
    let mut fields = typed.as_object().cloned().unwrap_or_default();
    let kind = made.category.clone();
    reply::add(&mut fields, &ReplyText { category: String::new(), ..made }, false);
    if form.kind.trim().is_empty() && !kind.is_empty() {
        fields.insert("kind".to_owned(), Value::String(kind));
    }
    drafts::keep(ctx, solutions::KIND, &object, &Value::Object(fields)).await;
    Ok(())
}

/// A solution template with the values of a ticket.
///
/// # Errors
/// As [`super::reply`].
pub(crate) async fn of_ticket(ctx: &Ctx, number: i64, id: Uuid) -> Result<ReplyText, ServiceError> {
    reply::text_of(ctx, TemplateKind::Solution, number, id).await
}

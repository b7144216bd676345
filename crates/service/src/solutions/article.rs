//! Articles in the form that solves a ticket: looked for without losing what is typed, added to it (T-SOL-03).

use domain::error::AppError;
use domain::forms::AddSolution;
use serde_json::Value;
use uuid::Uuid;

use super::KIND;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::{drafts, knowledge, templates};

/// Keeps what is typed as the draft of the form.
///
/// # Errors
/// A failure of the server; a draft that cannot be kept is none.
pub async fn keep_typed(ctx: &Ctx, form: &AddSolution) -> Result<(), ServiceError> {
    drafts::keep(ctx, KIND, &form.ticket.to_string(), &serde_json::to_value(form)?).await;
    Ok(())
}

/// Adds the text of an article to what is typed and keeps both as the draft of the form, which links the article when it is sent.
/// Answers whether the text is for agents alone (`internal_text`).
///
/// # Errors
/// `NotFound` for articles out of sight; what is typed is kept all the same.
pub async fn insert_article(ctx: &Ctx, form: &AddSolution, article: &str) -> Result<bool, ServiceError> {
    keep_typed(ctx, form).await?;
    let id = article.trim().parse::<Uuid>().map_err(|_not_an_id| AppError::NotFound)?;
    let made = knowledge::insertable(ctx, id).await?;
    let mut fields = serde_json::to_value(form)?.as_object().cloned().unwrap_or_default();
    templates::append_text(&mut fields, &made.text, &made.html);
    fields.insert("article".to_owned(), Value::String(made.id.to_string()));
    drafts::keep(ctx, KIND, &form.ticket.to_string(), &Value::Object(fields)).await;
    Ok(made.is_internal)
}

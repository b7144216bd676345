//! What the pages of validations ask of the server. Every function is a public address: it takes the context of the request,
//! calls one use case and leads on; checks and rights are `service`'s.

use domain::forms;
use domain::views;
use leptos::prelude::*;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use crate::context::{redirect, request_context};
use crate::error::Refusal;

/// The requests for validation of a ticket, for its agents.
#[server(output = crate::error::Wire)]
pub async fn ticket_validations(number: i64) -> Result<views::ValidationsView, Refusal> {
    let ctx = request_context()?;
    Ok(service::validations::page(&ctx, number).await?)
}

/// Why a ticket can be neither solved nor closed now, as far as validations go (T-VAL-08).
#[server(output = crate::error::Wire)]
pub async fn validation_block(number: i64) -> Result<Option<views::BlockedView>, Refusal> {
    let ctx = request_context()?;
    Ok(service::validations::blocked(&ctx, number).await?)
}

/// What one is asked to validate.
#[server(output = crate::error::Wire)]
pub async fn approval_list(cursor: String) -> Result<views::ApprovalsView, Refusal> {
    let ctx = request_context()?;
    Ok(service::validations::approvals(&ctx, &cursor).await?)
}

/// One request for who is asked, with what the requester side sees of its ticket (T-VAL-07).
#[server(output = crate::error::Wire)]
pub async fn approval_page(id: String, cursor: String) -> Result<views::ApprovalView, Refusal> {
    let ctx = request_context()?;
    // An id that is none is a request that does not exist.
    let id = id.parse::<Uuid>().map_err(|_no_id| domain::error::AppError::NotFound)?;
    Ok(service::validations::approval(&ctx, id, &cursor).await?)
}

/// Asks for a validation and leads to the request.
#[server(output = crate::error::Wire)]
pub async fn ask_validation(form: forms::AskValidation) -> Result<Uuid, Refusal> {
    let ctx = request_context()?;
    let number = form.ticket;
    let id = service::validations::ask(&ctx, form).await?;
    redirect(&format!("/tickets/{number}/validations?done=asked#validation-{id}"));
    Ok(id)
}

/// Answers a request, once and for ever, and leads back to it.
#[server(output = crate::error::Wire)]
pub async fn answer_validation(form: forms::AnswerValidation) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let back = format!("/approvals/{}?done=answered", form.id);
    service::validations::answer(&ctx, form, None).await?;
    redirect(&back);
    Ok(())
}

/// Withdraws a request that waits.
#[server(output = crate::error::Wire)]
pub async fn withdraw_validation(form: forms::ChangeValidation) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let back = format!("/tickets/{}/validations?done=withdrawn", form.ticket);
    service::validations::withdraw(&ctx, form).await?;
    redirect(&back);
    Ok(())
}

/// Asks a refused request again and leads to the new one.
#[server(output = crate::error::Wire)]
pub async fn ask_validation_again(form: forms::ChangeValidation) -> Result<Uuid, Refusal> {
    let ctx = request_context()?;
    let number = form.ticket;
    let id = service::validations::ask_again(&ctx, form).await?;
    redirect(&format!("/tickets/{number}/validations?done=again#validation-{id}"));
    Ok(id)
}

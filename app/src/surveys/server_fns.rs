//! What the pages of the survey ask of the server.

use domain::forms;
use domain::views::{SurveyLinkView, SurveyView, TicketSurveys};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{redirect, request, request_context};
use crate::error::Refusal;

/// The survey of a request of the reader.
#[server(output = crate::error::Wire)]
pub async fn request_survey(number: i64) -> Result<SurveyView, Refusal> {
    let ctx = request_context()?;
    Ok(service::surveys::portal(&ctx, number).await?)
}

/// The surveys of a ticket, for its agents.
#[server(output = crate::error::Wire)]
pub async fn surveys_of_ticket(number: i64) -> Result<TicketSurveys, Refusal> {
    let ctx = request_context()?;
    Ok(service::surveys::of_ticket(&ctx, number).await?)
}

/// Answers the survey of a request, or changes the answer, and leads back to it (P-ACT-06).
#[server(output = crate::error::Wire)]
pub async fn answer_survey(form: forms::AnswerSurvey) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let number = form.ticket;
    service::surveys::answer(&ctx, form).await?;
    redirect(&format!("/requests/{number}/survey?done=1"));
    Ok(())
}

/// What the link of a mail shows; nothing for one that opens nothing. Changes nothing.
#[server(output = crate::error::Wire)]
pub async fn survey_by_link(token: String) -> Result<Option<SurveyLinkView>, Refusal> {
    Ok(service::surveys::by_link(&request()?.services, &token).await?)
}

/// Answers by such a link, without a sign-in (T-SOL-08, P-ACT-10).
#[server(output = crate::error::Wire)]
pub async fn answer_survey_by_link(form: forms::AnswerSurveyByLink) -> Result<(), Refusal> {
    let token = form.token.trim().to_owned();
    service::surveys::answer_by_link(&request()?.services, form).await?;
    redirect(&format!("/survey?token={token}&done=1"));
    Ok(())
}

//! What the pages of outgoing mails ask of the server.

use domain::forms;
use domain::views::{OutgoingQuery, OutgoingView, UnsubscribeView};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{redirect, request, request_context};
use crate::error::Refusal;

/// The outgoing mails of the entities whose settings the reader may set.
#[server(output = crate::error::Wire)]
pub async fn outgoing_mail(query: OutgoingQuery) -> Result<OutgoingView, Refusal> {
    let ctx = request_context()?;
    Ok(service::mail::outgoing(&ctx, query).await?)
}

/// Sends a mail again that failed for good.
#[server(output = crate::error::Wire)]
pub async fn send_outgoing_again(form: forms::OutgoingCommand) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let back = form.back.clone();
    service::mail::outgoing_send_again(&ctx, form).await?;
    redirect(&back);
    Ok(())
}

/// Gives a mail up that waits.
#[server(output = crate::error::Wire)]
pub async fn give_mail_up(form: forms::OutgoingCommand) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let back = form.back.clone();
    service::mail::give_up(&ctx, form).await?;
    redirect(&back);
    Ok(())
}

/// What a link in a mail ends; nothing for one that is not ours.
#[server(output = crate::error::Wire)]
pub async fn unsubscription(token: String) -> Result<Option<UnsubscribeView>, Refusal> {
    Ok(service::mail::unsubscription(&request()?.services, &token).await?)
}

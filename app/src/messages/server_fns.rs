//! What the pages of messages ask of the server. Every function is a public address: it takes the context of the
//! request, calls one use case and leads on; checks and rights are `service`'s.

use domain::forms;
use domain::views;
use leptos::prelude::*;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use crate::context::{redirect, request_context};
use crate::error::Refusal;

/// The messages of a ticket for its agents; they count as read from now on (T-MSG-02).
#[server(output = crate::error::Wire)]
pub async fn ticket_messages(number: i64, cursor: String) -> Result<views::MessagesView, Refusal> {
    let ctx = request_context()?;
    Ok(service::messages::page(&ctx, number, &cursor).await?)
}

/// The messages of a request for its requester side; they count as read from now on (T-MSG-02).
#[server(output = crate::error::Wire)]
pub async fn request_messages(number: i64, cursor: String) -> Result<views::MessagesView, Refusal> {
    let ctx = request_context()?;
    Ok(service::messages::portal_page(&ctx, number, &cursor).await?)
}

/// Sends a message and leads to it, on the page it was written on.
#[server(output = crate::error::Wire)]
pub async fn send_message(form: forms::SendMessage) -> Result<Uuid, Refusal> {
    let ctx = request_context()?;
    let (number, from) = (form.ticket, form.from.clone());
    let id = service::messages::send(&ctx, form).await?;
    redirect(&match from.as_str() {
        "conversation" => format!("/requests/{number}?posted=1#message-{id}"),
        "request" => format!("/requests/{number}/messages?sent=1#message-{id}"),
        _ => format!("/tickets/{number}/messages?sent=1#message-{id}"),
    });
    Ok(id)
}

/// Takes a message back that nobody has read (T-MSG-04).
#[server(output = crate::error::Wire)]
pub async fn withdraw_message(form: forms::WithdrawMessage) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let place = if form.from == "request" { "requests" } else { "tickets" };
    let back = format!("/{place}/{}/messages?withdrawn=1", form.ticket);
    // An id that is none is a message that does not exist.
    let id = form.id.parse::<Uuid>().map_err(|_no_id| domain::error::AppError::NotFound)?;
    service::messages::withdraw(&ctx, id, Some(form.ticket)).await?;
    redirect(&back);
    Ok(())
}

//! What the pages of chats ask of the server. Every function is a public address: it takes the context of the request, calls one use
//! case and leads on; checks and rights are `service`'s.

use domain::forms;
use domain::views;
use leptos::prelude::*;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use crate::context::{redirect, request_context};
use crate::error::Refusal;

/// Which lines a page asks for: those after a number from 0 on, those before a cursor, else the last ones.
#[cfg(feature = "ssr")]
fn part(cursor: String, after: i64) -> service::chat::Part {
    use service::chat::Part;

    if after >= 0 {
        Part::After(after)
    } else if cursor.is_empty() {
        Part::Latest
    } else {
        Part::Before(cursor)
    }
}

/// The page of a form.
#[cfg(feature = "ssr")]
fn page_of(number: i64, from: &str) -> String {
    let place = if from == "request" { "requests" } else { "tickets" };
    format!("/{place}/{number}/chat")
}

/// The chat of a ticket for its agents; its lines count as read from now on. `after` is -1 for a whole page.
#[server(output = crate::error::Wire)]
pub async fn ticket_chat(number: i64, cursor: String, after: i64) -> Result<views::ChatView, Refusal> {
    let ctx = request_context()?;
    Ok(service::chat::page(&ctx, number, part(cursor, after)).await?)
}

/// The chat of a request for its requester side; its lines count as read from now on. `after` is -1 for a whole page.
#[server(output = crate::error::Wire)]
pub async fn request_chat(number: i64, cursor: String, after: i64) -> Result<views::ChatView, Refusal> {
    let ctx = request_context()?;
    Ok(service::chat::portal_page(&ctx, number, part(cursor, after)).await?)
}

/// Says a line and leads to it.
#[server(output = crate::error::Wire)]
pub async fn send_chat(form: forms::SendChat) -> Result<Uuid, Refusal> {
    let ctx = request_context()?;
    let page = page_of(form.ticket, &form.from);
    let id = service::chat::send(&ctx, form).await?;
    redirect(&format!("{page}#chat-{id}"));
    Ok(id)
}

/// Ends the chat of a ticket (T-CHT-03).
#[server(output = crate::error::Wire)]
pub async fn end_chat(form: forms::EndChat) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let page = page_of(form.ticket, &form.from);
    service::chat::end(&ctx, form).await?;
    redirect(&format!("{page}?ended=1"));
    Ok(())
}

/// Says that somebody is writing, or has stopped (T-CHT-02).
#[server(output = crate::error::Wire)]
pub async fn chat_signs(number: i64, typing: bool) -> Result<(), Refusal> {
    let ctx = request_context()?;
    Ok(service::chat::note_typing(&ctx, number, typing).await?)
}

/// The agents' panel (T-CHT-04).
#[server(output = crate::error::Wire)]
pub async fn chat_panel(number: String) -> Result<views::ChatPanelView, Refusal> {
    let ctx = request_context()?;
    Ok(service::chat::panel(&ctx, &number).await?)
}

/// Takes a ticket out of the queue and leads to its chat (T-CHT-04).
#[server(output = crate::error::Wire)]
pub async fn take_chat(form: forms::TakeChat) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let number = form.ticket;
    let command = forms::RunCommand { number, command: forms::Command::Take, ..forms::RunCommand::default() };
    service::tickets::run(&ctx, command).await?;
    redirect(&page_of(number, "ticket"));
    Ok(())
}

//! What the tab "Documents" of a ticket asks of the server.

use domain::forms;
use domain::views;
use leptos::prelude::*;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use crate::context::{redirect, request_context};
use crate::error::Refusal;

/// The files of a ticket, for its agents.
#[server(output = crate::error::Wire)]
pub async fn ticket_documents(number: i64) -> Result<views::DocumentsView, Refusal> {
    let ctx = request_context()?;
    Ok(service::documents::page(&ctx, number).await?)
}

/// Adds files to a ticket, each an entry of its own (T-DOC-02).
#[server(output = crate::error::Wire)]
pub async fn add_documents(form: forms::AddDocuments) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let number = form.ticket;
    service::documents::add_all(&ctx, form).await?;
    redirect(&format!("/tickets/{number}/documents?done=added"));
    Ok(())
}

/// Takes a file off its entry (T-DOC-04).
#[server(output = crate::error::Wire)]
pub async fn remove_document(form: forms::RemoveDocument) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let back = format!("/tickets/{}/documents?done=removed", form.ticket);
    // An id that is none is a file that does not exist.
    let id = form.id.parse::<Uuid>().map_err(|_no_id| domain::error::AppError::NotFound)?;
    service::documents::remove(&ctx, id).await?;
    redirect(&back);
    Ok(())
}

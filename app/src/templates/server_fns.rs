//! What the pages of templates ask of the server.

use domain::forms;
use domain::views::{TemplatePage, TemplateRow};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{redirect, request_context};
use crate::error::Refusal;
#[cfg(feature = "ssr")]
use crate::templates::address;

/// The templates of a kind that the reader administers.
#[server(output = crate::error::Wire)]
pub async fn template_list(kind: String) -> Result<Vec<TemplateRow>, Refusal> {
    let ctx = request_context()?;
    let kind = domain::template::TemplateKind::of_plural(&kind).ok_or(domain::error::AppError::NotFound)?;
    Ok(service::templates::managed(&ctx, kind).await?)
}

/// Everything the page of a template shows; without an id, of a new one.
#[server(output = crate::error::Wire)]
pub async fn template_form(
    id: String,
    kind: String,
    ticket: String,
    language: String,
) -> Result<TemplatePage, Refusal> {
    let ctx = request_context()?;
    let query = service::templates::PageQuery { id, kind, ticket, language };
    Ok(service::templates::page(&ctx, &query).await?)
}

/// Saves a template, or shows it with a ticket; what is refused is kept and comes back on its page.
#[server(output = crate::error::Wire)]
pub async fn save_template(form: forms::SaveTemplate) -> Result<(), Refusal> {
    let ctx = request_context()?;
    match service::templates::save_form(&ctx, &form).await? {
        Some(id) => redirect(&address::saved(id)),
        None => redirect(&address::shown(&form)),
    }
    Ok(())
}

/// Removes a template and leads to the others of its kind.
#[server(output = crate::error::Wire)]
pub async fn remove_template(id: String) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let kind = service::templates::remove_form(&ctx, &id).await?;
    redirect(&(address::list(kind) + "&removed=1"));
    Ok(())
}

//! What the pages of the lists ask of the server.

use domain::forms;
use domain::views::{ListPageView, ListRowPageView};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{redirect, redirect_plain_form, request_context};
use crate::error::Refusal;
#[cfg(feature = "ssr")]
use crate::lists::address;

/// A list of an entity; without one, of the topmost in which the reader may edit lists.
#[server(output = crate::error::Wire)]
pub async fn edited_list(list: String, entity: String) -> Result<ListPageView, Refusal> {
    let ctx = request_context()?;
    Ok(service::lists::page(&ctx, &list, &entity).await?)
}

/// One row with its form.
#[server(output = crate::error::Wire)]
pub async fn edited_list_row(list: String, id: String) -> Result<ListRowPageView, Refusal> {
    let ctx = request_context()?;
    Ok(service::lists::row_page(&ctx, &list, &id).await?)
}

/// Saves a row, new or present, and leads to it; a refusal leads back to the form, with what was typed.
#[server(output = crate::error::Wire)]
pub async fn save_list_row(form: forms::SaveListRow) -> Result<(), Refusal> {
    let ctx = request_context()?;
    match service::lists::save_form(&ctx, &form).await {
        Ok(id) => redirect(&address::saved(&form, id)),
        Err(error) => {
            if let Some(place) = address::refused(&form, &error.public) {
                redirect_plain_form(&place);
            }
            return Err(error.into());
        }
    }
    Ok(())
}

/// Moves a row before or behind its neighbour.
#[server(output = crate::error::Wire)]
pub async fn move_list_row(form: forms::MoveListRow) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let entity = service::lists::shift(&ctx, &form).await?;
    redirect(&address::moved(&form, entity));
    Ok(())
}

/// Deletes a row that nothing uses; a refusal leads back to it and says what does.
#[server(output = crate::error::Wire)]
pub async fn remove_list_row(form: forms::RemoveListRow) -> Result<(), Refusal> {
    let ctx = request_context()?;
    match service::lists::remove_form(&ctx, &form).await {
        Ok(entity) => redirect(&address::removed(&form, entity)),
        Err(error) => {
            if let Some(place) = address::kept(&form, &error.public) {
                redirect_plain_form(&place);
            }
            return Err(error.into());
        }
    }
    Ok(())
}

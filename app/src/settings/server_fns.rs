//! What the page of the settings asks of the server.

use domain::forms;
use domain::views::{MailTestView, SettingsView};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{redirect, redirect_plain_form, request_context};
use crate::error::Refusal;
#[cfg(feature = "ssr")]
use crate::settings::address;

/// The settings of an entity; without one, of the topmost in which the reader may set them.
#[server(output = crate::error::Wire)]
pub async fn settings_page(entity: String) -> Result<SettingsView, Refusal> {
    let ctx = request_context()?;
    Ok(service::settings::list(&ctx, &entity).await?)
}

/// Saves one row and leads back to it; a refusal leads there too, with what was typed.
#[server(output = crate::error::Wire)]
pub async fn save_setting(form: forms::SaveSetting) -> Result<(), Refusal> {
    let ctx = request_context()?;
    if let Err(error) = service::settings::save_one(&ctx, &form).await {
        if let Some(place) = address::refused(&form, &error.public) {
            redirect_plain_form(&place);
        }
        return Err(error.into());
    }
    redirect(&address::saved(&form));
    Ok(())
}

/// How many settings need care, for those who may set any.
#[server(output = crate::error::Wire)]
pub async fn settings_warnings() -> Result<u32, Refusal> {
    let ctx = request_context()?;
    Ok(service::settings::open_warnings(&ctx).await?)
}

/// Sends a test mail to the reader's own address and leads to the steps.
#[server(output = crate::error::Wire)]
pub async fn test_mail(entity: String) -> Result<MailTestView, Refusal> {
    let ctx = request_context()?;
    let test = service::mail::send_test(&ctx, "").await?;
    redirect(&address::tested(&entity));
    Ok(test)
}

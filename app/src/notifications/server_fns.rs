//! What the pages of notifications ask of the server.

use domain::forms;
use domain::views::{NotificationPreference, NotificationView, Page};
use leptos::prelude::*;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use crate::context::{redirect, request_context};
use crate::error::Refusal;

/// A page of what one was told of, newest first.
#[server(output = crate::error::Wire)]
pub async fn notification_list(cursor: String) -> Result<Page<NotificationView>, Refusal> {
    let ctx = request_context()?;
    let query = service::notifications::NotificationQuery { cursor, ..Default::default() };
    Ok(service::notifications::list(&ctx, query).await?)
}

/// Marks one as read and leads to what it is about.
#[server(output = crate::error::Wire)]
pub async fn open_notification(id: Uuid) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let path = service::notifications::open(&ctx, id).await?;
    redirect(&path);
    Ok(())
}

/// Marks one and all before it as read.
#[server(output = crate::error::Wire)]
pub async fn read_notifications(until: Uuid) -> Result<(), Refusal> {
    let ctx = request_context()?;
    service::notifications::read(&ctx, service::notifications::Read::Until(until), "").await?;
    redirect("/notifications");
    Ok(())
}

/// What one wants to be told of.
#[server(output = crate::error::Wire)]
pub async fn notification_preferences() -> Result<Vec<NotificationPreference>, Refusal> {
    let ctx = request_context()?;
    Ok(service::notifications::preferences(&ctx).await?)
}

/// Saves what one wants to be told of.
#[server(output = crate::error::Wire)]
pub async fn save_notification_preferences(form: forms::SaveNotificationPreferences) -> Result<(), Refusal> {
    let ctx = request_context()?;
    service::notifications::save_form(&ctx, form).await?;
    redirect("/profile/notifications?saved=1");
    Ok(())
}

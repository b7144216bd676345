//! What the pages of tasks ask of the server.

use domain::forms;
use domain::views;
use leptos::prelude::*;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use crate::context::{keep_once_at, redirect, request_context, take_once_at};
use crate::error::Refusal;
#[cfg(feature = "ssr")]
use crate::tasks::address;

/// Name of the address of a feed among what is shown once.
#[cfg(feature = "ssr")]
const FEED: &str = "feed";

/// The tasks of a ticket.
#[server(output = crate::error::Wire)]
pub async fn ticket_tasks(number: i64) -> Result<views::TicketTasks, Refusal> {
    let ctx = request_context()?;
    Ok(service::tasks::of_ticket(&ctx, number).await?)
}

/// The page of a task, or with an empty id that of a new one, begun with a template where the address names one that can be used.
#[server(output = crate::error::Wire)]
pub async fn task_page(number: i64, id: String, template: String) -> Result<views::TaskPage, Refusal> {
    let ctx = request_context()?;
    let id = match id.as_str() {
        "" => None,
        id => Some(id.parse::<Uuid>().map_err(|_no_id| domain::error::AppError::NotFound)?),
    };
    let mut page = service::tasks::page(&ctx, number, id).await?;
    if let Ok(template) = template.parse::<Uuid>() {
        // One that is gone leaves the form as it is (T-TPL-04).
        let _as_it_was = service::tasks::begin(&ctx, &mut page, template).await;
    }
    Ok(page)
}

/// Former versions of a task.
#[server(output = crate::error::Wire)]
pub async fn task_revisions(number: i64, id: Uuid) -> Result<views::OccurrencePage, Refusal> {
    let ctx = request_context()?;
    Ok(service::tasks::revisions(&ctx, number, id).await?)
}

/// Adds a task and leads to its page.
#[server(output = crate::error::Wire)]
pub async fn add_task(form: forms::AddTask) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let number = form.ticket;
    let saved = service::tasks::add(&ctx, form).await?;
    redirect(&address::warned(&address::page(number, saved.id), &saved.warnings));
    Ok(())
}

/// Saves a changed task and leads to its page.
#[server(output = crate::error::Wire)]
pub async fn edit_task(form: forms::EditTask) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let id = form.id.parse::<Uuid>().map_err(|_no_id| domain::error::AppError::NotFound)?;
    let number = form.ticket;
    let saved = service::tasks::edit(&ctx, id, form.into()).await?;
    redirect(&address::warned(&address::page(number, id), &saved.warnings));
    Ok(())
}

/// Says how far a task is, or ticks it (T-TSK-03, 08).
#[server(output = crate::error::Wire)]
pub async fn set_task(form: forms::SetTask) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let id = form.id.parse::<Uuid>().map_err(|_no_id| domain::error::AppError::NotFound)?;
    let back = form.back.clone();
    service::tasks::edit(&ctx, id, form.into()).await?;
    redirect(&back);
    Ok(())
}

/// Interrupts or resumes a task, its ticket, or both (T-TSK-05).
#[server(output = crate::error::Wire)]
pub async fn pause_task(form: forms::PauseTask) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let back = form.back.clone();
    service::tasks::pause(&ctx, form).await?;
    redirect(&back);
    Ok(())
}

/// Plans a task anew (T-TSK-09).
#[server(output = crate::error::Wire)]
pub async fn move_task(form: forms::MoveTask) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let back = form.back.clone();
    let saved = service::tasks::move_to(&ctx, form).await?;
    redirect(&address::warned(&back, &saved.warnings));
    Ok(())
}

/// Removes a task; its tombstone stays.
#[server(output = crate::error::Wire)]
pub async fn remove_task(form: forms::RemoveOccurrence) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let back = address::of_ticket(form.ticket);
    service::tasks::remove(&ctx, form).await?;
    redirect(&back);
    Ok(())
}

/// "My tasks", with the address of a feed that was made just now.
#[server(output = crate::error::Wire)]
pub async fn my_tasks(part: String, cursor: String) -> Result<(views::MyTasks, String), Refusal> {
    let ctx = request_context()?;
    let page = service::tasks::mine(&ctx, &part, &cursor).await?;
    let made = take_once_at(address::MINE).into_iter().find(|(name, _)| name == FEED);
    Ok((page, made.map(|(_, url)| url).unwrap_or_default()))
}

/// The planner.
#[server(output = crate::error::Wire)]
pub async fn planner(view: String, date: String, person: String, group: String) -> Result<views::PlannerView, Refusal> {
    let ctx = request_context()?;
    let query = service::tasks::PlannerQuery { view, date, person, group, ..Default::default() };
    Ok(service::tasks::planner(&ctx, &query).await?)
}

/// Makes or replaces the calendar feed; its address is shown once (T-TSK-10).
#[server(output = crate::error::Wire)]
pub async fn make_feed() -> Result<(), Refusal> {
    let ctx = request_context()?;
    let url = service::tasks::make_feed(&ctx).await?;
    keep_once_at(address::MINE, &[(FEED, url.as_str())]);
    redirect("/tasks?feed=made#feed");
    Ok(())
}

/// Takes the calendar feed back.
#[server(output = crate::error::Wire)]
pub async fn revoke_feed() -> Result<(), Refusal> {
    let ctx = request_context()?;
    service::tasks::revoke_feed(&ctx).await?;
    redirect("/tasks?feed=revoked#feed");
    Ok(())
}

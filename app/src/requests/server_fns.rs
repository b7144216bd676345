//! What the requesters' pages ask of the server. Every function is a public address: it takes the context of the
//! request, calls one use case and leads on; checks and rights are `service`'s.

use domain::forms;
use domain::views::{self, ListQuery, Page, RequestRow, TimelineQuery};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::{redirect, request_context};
use crate::error::Refusal;
use crate::history::HistoryFilter;

/// A page of the reader's requests.
#[server(output = crate::error::Wire)]
pub async fn request_list(query: ListQuery) -> Result<Page<RequestRow>, Refusal> {
    let ctx = request_context()?;
    Ok(service::requests::list(&ctx, query).await?)
}

/// A request with its conversation; it counts as read from now on (P-LIS-05).
#[server(output = crate::error::Wire)]
pub async fn request_detail(number: i64, query: TimelineQuery) -> Result<views::RequestDetail, Refusal> {
    let ctx = request_context()?;
    let mut request = service::requests::detail(&ctx, number, query).await?;
    crate::tasks::words::put_lines(&mut request.timeline, ctx.actor.lang);
    Ok(request)
}

/// The history of a request with what its page needs, newest first, 50 rows at a time (P-HIS-01, 03). The request counts
/// as read from now on.
#[server(output = crate::error::Wire)]
pub async fn request_history(number: i64, filter: HistoryFilter) -> Result<views::HistoryView, Refusal> {
    let ctx = request_context()?;
    let query = service::history::HistoryQuery { own: true, ..filter.query() };
    Ok(service::history::page(&ctx, number, query).await?)
}

/// What the form of a new request needs; `follow_up_of` is the number of the request it follows, empty = none (P-NEW);
/// with `articles` also those that fit what its draft holds (P-NEW-04).
#[server(output = crate::error::Wire)]
pub async fn new_request(follow_up_of: String, articles: bool) -> Result<views::NewRequestView, Refusal> {
    let ctx = request_context()?;
    Ok(if articles {
        service::requests::new_request_with_articles(&ctx, &follow_up_of).await?
    } else {
        service::requests::new_request(&ctx, &follow_up_of).await?
    })
}

/// Cancels or reopens a request and leads back to it (P-ACT-03, 04).
#[server(output = crate::error::Wire)]
pub async fn run_request_command(form: forms::RunCommand) -> Result<(), Refusal> {
    let ctx = request_context()?;
    let (number, command) = (form.number, form.command);
    service::tickets::run(&ctx, form).await?;
    redirect(&format!("/requests/{number}?done={}", command.as_str()));
    Ok(())
}

//! What the pages of statistics ask of the server.

use domain::views;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::request_context;
use crate::error::Refusal;

/// The figures of a ticket (T-STT-01).
#[server(output = crate::error::Wire)]
pub async fn ticket_statistics(number: i64) -> Result<views::TicketStatistics, Refusal> {
    let ctx = request_context()?;
    Ok(service::statistics::of_ticket(&ctx, number).await?)
}

/// The dashboard of a period (T-STT-02).
#[server(output = crate::error::Wire)]
pub async fn statistics_dashboard(query: views::DashboardQuery) -> Result<views::DashboardView, Refusal> {
    let ctx = request_context()?;
    Ok(service::statistics::dashboard(&ctx, &query).await?)
}

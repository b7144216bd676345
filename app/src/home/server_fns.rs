//! What Home asks of the server.

use domain::views::HomeView;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::request_context;
use crate::error::Refusal;

/// What waits for an agent.
#[server(output = crate::error::Wire)]
pub async fn agent_home() -> Result<HomeView, Refusal> {
    Ok(service::home::view(&request_context()?).await?)
}

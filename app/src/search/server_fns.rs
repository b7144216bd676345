//! What the search page asks of the server.

use domain::views::SearchPage;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::context::request_context;
use crate::error::Refusal;

/// Tickets, their entries, articles and customers with these words, as far as the reader may see them. `kind`: `ticket`,
/// `occurrence`, `task`, `solution`, `article`, `customer`, empty = all.
#[server(output = crate::error::Wire)]
pub async fn search_content(q: String, kind: String, cursor: String) -> Result<SearchPage, Refusal> {
    let ctx = request_context()?;
    let kinds: Vec<String> = Some(kind).filter(|kind| !kind.is_empty()).into_iter().collect();
    Ok(service::search::search(&ctx, &q, &kinds, None, &cursor, 0).await?)
}

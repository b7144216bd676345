//! What the command palette finds for words that are typed (T-LST-08): titles and where they lead, nothing of any text.

use app::context::Request as PageRequest;
use app::{customers, knowledge};
use axum::extract::{Extension, Query};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::error::AppError;
use domain::views::{ArticleRow, FoundCustomer, SearchHit};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{Ctx, search};

use crate::api::problem;

/// What is looked for. Entries are not: their tickets would stand there without the words that were found in them.
const KINDS: [&str; 3] = ["ticket", "article", "customer"];
/// Most tickets; there are few of the others anyway.
const TICKETS: u32 = 8;

/// What the palette asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Words, or the number of a ticket.
    q: String,
}

/// `GET /search/options?q=vpn`: a few tickets, articles and customers as JSON. For agents, as the page of the search.
pub async fn options(Extension(request): Extension<PageRequest>, Query(wanted): Query<Wanted>) -> Response {
    let Some(ctx) = request.ctx else { return problem::response(&AppError::Unauthenticated, None) };
    match found(&ctx, &wanted.q).await {
        Ok(items) => {
            let headers = [(header::CACHE_CONTROL, "private, no-store")];
            (headers, axum::Json(json!({ "items": items }))).into_response()
        }
        Err(error) => problem::response(&error, None),
    }
}

async fn found(ctx: &Ctx, q: &str) -> Result<Vec<Value>, AppError> {
    if !ctx.actor.is_agent() {
        return Err(AppError::NotFound);
    }
    let page = search::search(ctx, q, &KINDS.map(str::to_owned), None, "", TICKETS).await?;
    let articles = page.articles.iter().flat_map(|found| found.items.iter().map(article));
    let customers = page.customers.iter().flat_map(|found| found.items.iter().map(customer));
    Ok(page.items.iter().map(ticket).chain(articles).chain(customers).collect())
}

fn ticket(hit: &SearchHit) -> Value {
    let number = hit.number;
    json!({ "kind": "ticket", "href": format!("/tickets/{number}"), "title": hit.title, "note": format!("#{number}") })
}

fn article(row: &ArticleRow) -> Value {
    json!({ "kind": "article", "href": knowledge::address::page(row.id), "title": row.title, "note": "" })
}

fn customer(found: &FoundCustomer) -> Value {
    json!({ "kind": "customer", "href": customers::address::customer(found.id), "title": found.name, "note": found.entity })
}

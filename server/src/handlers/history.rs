//! The history of a ticket as a file, for whoever is signed in (T-HIS-04).

use app::context::Request as PageRequest;
use axum::extract::{Extension, Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ids::TicketNumber;
use serde::Deserialize;
use service::Ctx;
use service::history::HistoryQuery;

use crate::api;

/// The filters of the page, by the names they have in its address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filters {
    kinds: String,
    person: String,
    text: String,
    from: String,
    to: String,
    tab: String,
}

impl Filters {
    fn query(self, own: bool) -> HistoryQuery {
        let Self { kinds, person, text, from, to, tab } = self;
        HistoryQuery { kinds, person, text, from, to, own, chat: tab == "chat", ..HistoryQuery::default() }
    }
}

/// `GET /tickets/{number}/history.csv`: for agents, as the page.
pub async fn of_ticket(
    Extension(request): Extension<PageRequest>,
    Path(number): Path<String>,
    Query(filters): Query<Filters>,
) -> Response {
    let Ok(number) = number.parse::<TicketNumber>() else { return not_found() };
    match request.ctx {
        None => sign_in_first("tickets", number),
        Some(ctx) if !ctx.actor.is_agent() => not_found(),
        Some(ctx) => send(&ctx, number, filters.query(false)).await,
    }
}

/// `GET /requests/{number}/history.csv`: of one of the own requests, as the page.
pub async fn of_request(
    Extension(request): Extension<PageRequest>,
    Path(number): Path<String>,
    Query(filters): Query<Filters>,
) -> Response {
    let Ok(number) = number.parse::<TicketNumber>() else { return not_found() };
    match request.ctx {
        None => sign_in_first("requests", number),
        Some(ctx) => send(&ctx, number, filters.query(true)).await,
    }
}

async fn send(ctx: &Ctx, number: TicketNumber, query: HistoryQuery) -> Response {
    match api::history::csv(ctx, number.get(), query).await {
        Ok(response) => response,
        Err(error) => api::problem::response(&error, None),
    }
}

/// Leads back to the page: a file that comes by itself after signing in would surprise.
fn sign_in_first(place: &str, number: TicketNumber) -> Response {
    let path = format!("/sign-in?next=%2F{place}%2F{}%2Fhistory", number.get());
    (StatusCode::FOUND, [(header::LOCATION, path)]).into_response()
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "Not found").into_response()
}

//! Session → person → context: what pages and server functions know of the request.

use app::context::{Request as PageRequest, TYPED_EMAIL, session_cookie, status_of};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Request, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::lang::Lang;
use domain::policy::Capability;
use service::{Ctx, account, notifications, people, requests, validations};

use crate::state::{AppState, ClientAddress};

/// Loads session, person and rights, so that a changed role counts from this request on.
pub async fn load(State(state): State<AppState>, mut request: Request<Body>, next: Next) -> Response {
    let headers = request.headers();
    let token = cookie(headers, session_cookie(state.secure));
    let visit = match &token {
        Some(token) => match account::visit(&state.services, token).await {
            Ok(visit) => visit,
            // The database is away: a person with a session must not seem signed out.
            Err(error) => return unavailable(status_of(&error.public)),
        },
        None => None,
    };
    let (help, chat) = visit.as_ref().map(|visit| (visit.help.clone(), visit.chats)).unwrap_or_default();
    let ctx = visit.map(|visit| Ctx::new(state.services.clone(), visit.actor).scripted(!accepts_html(headers)));
    let user = ctx.as_ref().map(|ctx| &ctx.actor.user);
    let lang = ctx.as_ref().map(|ctx| ctx.actor.lang).or_else(|| preferred_language(headers)).unwrap_or(Lang::En);
    let preference = |name, of_user: Option<&String>| of_user.cloned().or_else(|| cookie(headers, name));
    let unread = match &ctx {
        Some(ctx) if request.method() == Method::GET => unread(ctx, request.uri().path()).await,
        _ => 0,
    };
    let notifications = match &ctx {
        Some(ctx) if request.method() == Method::GET => told(ctx, request.uri().path()).await,
        _ => 0,
    };
    let approvals = match &ctx {
        Some(ctx) if request.method() == Method::GET => approvals(ctx, request.uri().path()).await,
        _ => 0,
    };
    let organisation = match &ctx {
        Some(ctx) => ctx.actor.organisation(),
        None => people::organisation(&state.services).await,
    };
    let page = PageRequest {
        lang,
        theme: preference("guichet_theme", user.map(|u| &u.theme)).unwrap_or_else(|| "auto".to_owned()),
        density: preference("guichet_density", user.map(|u| &u.density)).unwrap_or_else(|| "compact".to_owned()),
        build: state.site.build().to_owned(),
        organisation,
        unread,
        notifications,
        help,
        chat,
        approvals,
        address: request.extensions().get::<ClientAddress>().map(|a| a.0.clone()).unwrap_or_default(),
        agent: headers
            .get(header::USER_AGENT)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .chars()
            .take(200)
            .collect(),
        session_token: token,
        typed_email: cookie(headers, TYPED_EMAIL),
        secure: state.secure,
        services: state.services.clone(),
        ctx,
    };
    request.extensions_mut().insert(page);
    next.run(request).await
}

/// What the bar of requesters shows beside their requests (P-LIS-05). A number that cannot be had costs no page.
async fn unread(ctx: &Ctx, path: &str) -> u32 {
    let opened = match path.trim_matches('/').split('/').collect::<Vec<_>>().as_slice() {
        // Page and history of a request mark it as read while they are made.
        ["requests", number, ..] => number.parse().unwrap_or(0),
        ["requests"] => 0,
        ["profile" | "drafts"] if !ctx.actor.is_agent() => 0,
        _ => return 0,
    };
    requests::unread_besides(ctx, opened).await.unwrap_or(0)
}

/// What the bell of a page shows. A number that cannot be had costs no page.
async fn told(ctx: &Ctx, path: &str) -> u32 {
    let opened = match path.trim_matches('/').split('/').collect::<Vec<_>>().as_slice() {
        // Streams, files and functions have no bell.
        ["events" | "documents" | "fn" | "attachments", ..] => return 0,
        // The page marks what it was told of as read while it is made.
        ["tickets" | "requests", number] => number.parse().unwrap_or(0),
        _ => 0,
    };
    notifications::unread(ctx, opened).await.unwrap_or(0)
}

/// Streams, files and functions have no menu.
fn has_menu(path: &str) -> bool {
    !matches!(path.trim_matches('/').split('/').next(), Some("events" | "documents" | "fn" | "attachments"))
}

/// What stands beside "To validate" (P-APR-01). A number that cannot be had costs no page.
async fn approvals(ctx: &Ctx, path: &str) -> u32 {
    if !has_menu(path) || ctx.actor.entities_with(Capability::ValidationAnswer).is_empty() {
        return 0;
    }
    validations::waiting(ctx).await.unwrap_or(0)
}

/// The answer while something we need is away, or takes too long.
pub(super) fn unavailable(status: axum::http::StatusCode) -> Response {
    (status, [(header::RETRY_AFTER, "2")], "The desk is away for a moment. Nothing is lost: try again.").into_response()
}

/// Value of a cookie.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Browsers ask so for the page behind a link or a form; calls of scripts ask for JSON.
fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("text/html"))
}

fn preferred_language(headers: &HeaderMap) -> Option<Lang> {
    cookie(headers, "guichet_lang").and_then(|code| code.parse().ok()).or_else(|| {
        headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).and_then(Lang::from_accept_language)
    })
}

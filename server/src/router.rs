//! All routes and the layers around them. `router(state)` needs no socket, so tests call it directly.

use std::sync::LazyLock;

use app::context::Request as PageRequest;
use app::kept::refused::Posted;
use app::settings::server_fns::TestMail;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, Request, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use leptos::prelude::{provide_context, use_context};
use leptos::server_fn::ServerFn;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list_with_exclusions};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

use crate::middleware::patience;
use crate::state::AppState;
use crate::{api, handlers, middleware};

/// Largest form or API body in bytes; uploads are streamed on routes of their own.
pub const BODY_MAX: usize = 2 * 1024 * 1024;

/// The pages of the application, and the one address of its server functions that has a route of its own.
///
/// Listed once for a process: while leptos lists them, every resource of the process that is asked for the first time waits for
/// ever, those of pages under way included (leptos issue 4773).
pub fn pages() -> &'static [AxumRouteListing] {
    static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| {
        // Tests render pages without a running leptos server; a second initialisation is no error.
        let _already = any_spawner::Executor::init_tokio();
        generate_route_list_with_exclusions(
            || leptos::view! { <app::App routes=app::routes::all::routes/> },
            Some(vec![TestMail::PATH.to_owned()]),
        )
    });
    &PAGES
}

/// The whole application.
pub fn router(state: AppState) -> Router {
    let options = state.leptos.clone();
    let shell = move || app::shell::shell(options.clone());
    let limited = Router::new()
        .leptos_routes_with_context(&state, pages().to_vec(), provide_request, shell)
        .route("/fn/{*name}", post(server_fn).get(server_fn))
        // The text comes as JSON in a form, which is longer than the form it was.
        .route("/sign-in", post(handlers::unsent::sign_in).layer(DefaultBodyLimit::max(2 * BODY_MAX)))
        .layer(from_fn_with_state(state.clone(), handlers::signed::lead_back))
        .layer(from_fn(handlers::refused_form::keep))
        .layer(from_fn_with_state(state.clone(), handlers::unsent::catch))
        .layer(from_fn(|request: Request<Body>, next: Next| patience::within(patience::PAGE, request, next)))
        .layer(DefaultBodyLimit::max(BODY_MAX));
    let browser = limited
        // Whoever tests the mail server waits for it, longer than for a page (M-TRN-02).
        .route(
            TestMail::PATH,
            post(server_fn).get(server_fn).layer(from_fn(|request: Request<Body>, next: Next| {
                patience::within(patience::MAIL_TEST, request, next)
            })),
        )
        .route("/attachments", post(handlers::attachments::upload).layer(DefaultBodyLimit::disable()))
        .route(
            "/drafts/{kind}/{object}/attachments",
            post(handlers::attachments::upload_with_form).layer(DefaultBodyLimit::disable()),
        )
        .route("/documents/{id}", get(handlers::attachments::download))
        .route("/documents/{id}/thumbnail", get(handlers::thumbnails::of_document))
        .route("/customers/options", get(handlers::customers::options))
        .route("/search/options", get(handlers::search::options))
        .route("/customers/import/file", post(handlers::customers::import_file).layer(DefaultBodyLimit::disable()))
        .route("/customer-occurrences/{id}/images/{image}", get(handlers::customers::former_image))
        .route("/customer-occurrences/{id}/images/{image}/thumbnail", get(handlers::thumbnails::of_former_image))
        .route("/reports/customer-occurrences.csv", get(handlers::customers::report_csv))
        .route("/reports/customer-occurrences.xlsx", get(handlers::customers::report_xlsx))
        .route("/tickets/{number}/history.csv", get(handlers::history::of_ticket))
        .route("/requests/{number}/history.csv", get(handlers::history::of_request))
        .route("/audit.csv", get(handlers::audit::export))
        .route("/reports.csv", get(handlers::reports::csv))
        .layer(from_fn_with_state(state.clone(), middleware::session::load))
        .layer(CsrfLayer::new());
    let plain = Router::new()
        .route("/healthz", get(handlers::health::alive))
        .route("/readyz", get(handlers::health::ready))
        // Its page is one of the application; programs for mails post without a session.
        .route("/unsubscribe", post(handlers::unsubscribe::act).layer(DefaultBodyLimit::max(BODY_MAX)))
        .route("/ical/{file}", get(handlers::ical::feed))
        .route("/v/{build}/{*name}", get(handlers::assets::versioned))
        .route("/fonts/{name}", get(handlers::assets::font))
        .route("/favicon.svg", get(handlers::assets::public))
        .route("/favicon.ico", get(handlers::assets::favicon))
        .route("/robots.txt", get(handlers::assets::public))
        .route("/manifest.webmanifest", get(handlers::assets::public));
    // An answer that could be compressed carries room for its compressor as long as it lasts: more than all else of a stream.
    let streams = Router::new()
        .route("/events", get(handlers::events::stream))
        .layer(from_fn_with_state(state.clone(), middleware::session::load))
        .layer(CsrfLayer::new())
        .nest("/api/v1", api::streams(state.services.clone()).with_state(()));
    Router::new()
        .merge(browser)
        .merge(plain)
        .nest("/api", api::mounted(&state))
        .fallback(handlers::not_found::page)
        .layer(CompressionLayer::new())
        .merge(streams)
        .layer(Extension(state.shutdown.clone()))
        .layer(from_fn_with_state(state.clone(), middleware::security_headers::add))
        .layer(CatchPanicLayer::custom(middleware::panic_answer))
        .layer(from_fn_with_state(state.clone(), middleware::client::identify))
        .layer(from_fn(middleware::trace::log))
        .with_state(state)
}

/// Gives pages and server functions the request the session layer made, and a page the form that was refused.
fn provide_request() {
    let request =
        use_context::<axum::http::request::Parts>().and_then(|parts| parts.extensions.get::<PageRequest>().cloned());
    if let Some(request) = request {
        provide_context(request);
    }
    let posted =
        use_context::<axum::http::request::Parts>().and_then(|parts| parts.extensions.get::<Posted>().cloned());
    if let Some(posted) = posted {
        provide_context(posted);
    }
}

/// A server function; GET is refused, as no mutation may hide behind a link (safe methods pass the CSRF layer).
async fn server_fn(request: Request<Body>) -> Response {
    if request.method() != Method::POST {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")]).into_response();
    }
    let path = request.uri().path();
    if !leptos::server_fn::axum::server_fn_paths().any(|(known, _)| known == path) {
        // A page of a former release calls a function that is gone: it is told to reload.
        return (StatusCode::NOT_FOUND, "unknown function: reload the page").into_response();
    }
    leptos_axum::handle_server_fns_with_context(provide_request, request).await.into_response()
}

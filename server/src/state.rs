//! What every handler can reach.

use std::sync::Arc;

use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use service::Services;
use tokio_util::sync::CancellationToken;

use crate::site::Site;

/// The shared state of this instance.
#[derive(Clone, Debug)]
pub struct AppState {
    /// Database, files, clock.
    pub services: Services,
    /// What leptos wants to know.
    pub leptos: LeptosOptions,
    /// Built assets.
    pub site: Arc<Site>,
    /// Cookies are `Secure`: the public address is https.
    pub secure: bool,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[std::net::IpAddr]>,
    /// Resolves when the instance shuts down: streams end first.
    pub shutdown: CancellationToken,
}

impl AppState {
    /// State for `services`, with the assets of `site`.
    #[must_use]
    pub fn new(
        services: Services,
        site: Site,
        trusted_proxies: Vec<std::net::IpAddr>,
        shutdown: CancellationToken,
    ) -> Self {
        let secure = services.base_url.starts_with("https://");
        let leptos = LeptosOptions::builder().output_name("guichet").build();
        Self { services, leptos, site: Arc::new(site), secure, trusted_proxies: trusted_proxies.into(), shutdown }
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}

impl FromRef<AppState> for Services {
    fn from_ref(state: &AppState) -> Self {
        state.services.clone()
    }
}

/// Address of the client, behind trusted proxies; a request extension.
#[derive(Clone, Debug)]
pub struct ClientAddress(pub String);

/// Id of the request, on every answer and log line; a request extension.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

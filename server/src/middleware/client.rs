//! Who is at the other end: the peer, or what a trusted proxy says of it.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::Request;
use axum::middleware::Next;
use axum::response::Response;

use crate::state::{AppState, ClientAddress};

/// Notes the client's address; `X-Forwarded-For` counts only from trusted proxies, read from its right end.
pub async fn identify(State(state): State<AppState>, mut request: Request<Body>, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let forwarded = request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let address = client(peer, forwarded, &state.trusted_proxies);
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

fn client(peer: Option<IpAddr>, forwarded: &str, trusted: &[IpAddr]) -> String {
    let Some(mut at) = peer else { return String::new() };
    for hop in forwarded.rsplit(',').filter_map(|hop| hop.trim().parse::<IpAddr>().ok()) {
        if !trusted.contains(&at) {
            break;
        }
        at = hop;
    }
    at.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(client(Some(ip("203.0.113.9")), "198.51.100.1", &[]), "203.0.113.9");
        assert_eq!(client(Some(ip("10.0.0.1")), "198.51.100.1, 198.51.100.2", &[ip("10.0.0.1")]), "198.51.100.2");
        assert_eq!(client(None, "198.51.100.1", &[]), "");
    }
}

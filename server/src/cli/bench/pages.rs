//! What the pages of requesters weigh on the wire: HTML and style as a browser gets them. They have to work without scripts,
//! so what they show has to stand in the HTML.

use std::io::Read as _;

use app::context::session_cookie;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use service::Services;
use service::bench::{self, BenchRow};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::site::Site;
use crate::{AppState, router};

/// HTML and style of one page, in bytes of brotli.
const PAGE: u64 = 60 * 1_024;

/// Fetches pages of `requester1` from the whole router, without a socket.
pub(super) async fn measure(services: &Services, site: Site) -> anyhow::Result<Vec<BenchRow>> {
    let reader = bench::reader(services).await?;
    let state = AppState::new(services.clone(), site, Vec::new(), CancellationToken::new());
    let cookie = format!("{}={}", session_cookie(state.secure), reader.session);
    let scale = Scale { app: router(state), cookie };
    let pages = [
        ("my requests", "/requests".to_owned(), escaped(&reader.first)),
        ("request", format!("/requests/{}", reader.number), escaped(&reader.title)),
        ("history of a request", format!("/requests/{}/history", reader.number), String::new()),
        ("new request", "/requests/new".to_owned(), "name=\"form[title]\"".to_owned()),
    ];
    let mut rows = Vec::new();
    for (name, path, shown) in pages {
        let (html, mut weight) = scale.weigh(&path).await?;
        for style in linked(&html, ".css") {
            weight += scale.weigh(style).await?.1;
        }
        rows.push(BenchRow::of_size(format!("{name}, HTML and CSS, KiB"), weight, PAGE));
        rows.push(BenchRow::of_size(format!("{name}, WASM needed, KiB"), scale.needed(&html, &shown).await?, 0));
    }
    Ok(rows)
}

/// Somebody who opens pages.
struct Scale {
    app: Router,
    cookie: String,
}

impl Scale {
    /// A file in plain text, and its bytes on the wire.
    async fn weigh(&self, path: &str) -> anyhow::Result<(String, u64)> {
        let request = Request::builder()
            .uri(path)
            .header(header::HOST, "bench")
            .header(header::ACCEPT, "text/html,*/*")
            .header(header::ACCEPT_ENCODING, "br")
            .header(header::COOKIE, &self.cookie)
            .body(Body::empty())?;
        let response = self.app.clone().oneshot(request).await?;
        let status = response.status();
        anyhow::ensure!(status.is_success(), "{path} was answered {status}; is the site inside this binary?");
        let is_packed = response.headers().get(header::CONTENT_ENCODING).is_some_and(|value| value == "br");
        let bytes = response.into_body().collect().await?.to_bytes();
        let mut sent: &[u8] = &bytes;
        let mut plain = Vec::new();
        if is_packed {
            brotli::Decompressor::new(sent, 4_096).read_to_end(&mut plain)?;
        } else {
            sent.read_to_end(&mut plain)?;
        }
        Ok((String::from_utf8_lossy(&plain).into_owned(), u64::try_from(bytes.len())?))
    }

    /// How much WASM a page needs before it shows what it is for: nothing when that stands in its HTML.
    async fn needed(&self, html: &str, shown: &str) -> anyhow::Result<u64> {
        if html.contains(shown) && html.contains("</main>") {
            return Ok(0);
        }
        let mut weight = 0;
        for module in linked(html, ".wasm") {
            weight += self.weigh(module).await?.1;
        }
        // A page that shows nothing and loads nothing is no page.
        Ok(weight.max(1_024))
    }
}

/// A text as it stands between tags.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Addresses of this site that a page links and that end so.
fn linked<'h>(html: &'h str, ending: &str) -> Vec<&'h str> {
    let quoted = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut found: Vec<&str> = quoted.filter(|address| address.starts_with('/') && address.ends_with(ending)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_links_is_found_once() {
        let html = "<link rel=\"stylesheet\" href=\"/v/1/main.css\"><a href=\"/requests\"></a><link href=\"/v/1/main.css\">\
                    <link href=\"https://elsewhere.example/x.css\"><link href=\"/v/1/a.wasm\">";
        assert_eq!((linked(html, ".css"), linked(html, ".wasm")), (vec!["/v/1/main.css"], vec!["/v/1/a.wasm"]));
    }
}

//! Built assets: from inside the binary, or from a folder while developing.

use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The site inside a binary.
#[derive(Debug)]
pub struct Packed {
    /// Fingerprint of the files.
    pub build: &'static str,
    /// Each file: its path, and its contents compressed by Brotli.
    pub files: &'static [(&'static str, &'static [u8])],
}

impl Packed {
    /// Nothing inside: the assets come from a folder, or nobody loads them.
    pub const NONE: Self = Self { build: "dev", files: &[] };
}

/// The assets of this build.
#[derive(Debug)]
pub struct Site {
    folder: Option<PathBuf>,
    files: &'static [(&'static str, &'static [u8])],
    build: String,
}

impl Site {
    /// The assets inside the binary, or those of `folder`.
    #[must_use]
    pub fn new(packed: &Packed, folder: Option<PathBuf>) -> Self {
        let build = folder
            .as_deref()
            .and_then(|f| std::fs::read_to_string(f.join("BUILD")).ok())
            .map_or_else(|| packed.build.to_owned(), |text| text.trim().to_owned());
        Self { folder, files: packed.files, build }
    }

    /// Fingerprint of the assets: part of their addresses, so that they can be kept for ever.
    #[must_use]
    pub fn build(&self) -> &str {
        &self.build
    }

    /// A file; kept for ever when its address carries the present fingerprint.
    #[must_use]
    pub fn serve(&self, name: &str, request: &HeaderMap, is_immutable: bool) -> Response {
        let takes_brotli = request
            .get(header::ACCEPT_ENCODING)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.split(',').any(|part| part.trim().split(';').next() == Some("br")));
        let Some((content, encoding)) = self.content(name, takes_brotli) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let mut response = Response::new(Body::from(content));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(name)));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        let caching = if is_immutable { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        response
    }

    fn content(&self, name: &str, takes_brotli: bool) -> Option<(Vec<u8>, bool)> {
        if let Some(folder) = &self.folder {
            let is_plain = Path::new(name).components().all(|c| matches!(c, Component::Normal(_)));
            return if is_plain { std::fs::read(folder.join(name)).ok().map(|content| (content, false)) } else { None };
        }
        let (_name, brotli) = *self.files.iter().find(|(path, _brotli)| *path == name)?;
        if takes_brotli {
            return Some((brotli.to_vec(), true));
        }
        let mut plain = Vec::new();
        brotli::Decompressor::new(brotli, 4096).read_to_end(&mut plain).ok()?;
        Some((plain, false))
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

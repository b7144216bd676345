//! What a document knows from its first byte: language, viewer, theme. The server writes it into
//! `<html data-boot>`, the browser reads it back, so both sides render alike without a request.
//!
//! It is fixed for the life of a document: whatever changes it (sign-in, language, theme) loads a page anew.

use std::sync::Arc;

use domain::lang::Lang;
use domain::views::Viewer;
use serde::{Deserialize, Serialize};

/// The facts every part of a page may ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boot {
    /// Language of the interface.
    pub lang: Lang,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// `auto`, `light`, `dark`, `contrast`, `contrast-dark`.
    pub theme: String,
    /// `compact`, `comfortable`.
    pub density: String,
    /// Fingerprint of the assets: they are under `/v/{build}`.
    pub build: String,
    /// Name of the root entity.
    pub organisation: String,
    /// Unread entries of all requests of the viewer, on the pages of requesters; 0 = no sign.
    #[serde(default)]
    pub unread: u32,
    /// Notifications of the viewer that were not read; 0 = no sign, 100 stands for more.
    #[serde(default)]
    pub notifications: u32,
    /// Where the viewer finds help: an address of `help.contact_url`; empty = no link.
    #[serde(default)]
    pub help: String,
    /// Requests for validation that wait for the viewer; 0 = no sign, 100 stands for more.
    #[serde(default)]
    pub approvals: u32,
}

impl Boot {
    /// Address of an asset, `/v/{build}/{path}`.
    #[must_use]
    pub fn asset(&self, path: &str) -> String {
        ["/v/", &self.build, "/", path].concat()
    }
}

/// The facts of this document.
#[cfg(feature = "ssr")]
#[must_use]
pub fn use_boot() -> Arc<Boot> {
    use leptos::prelude::{provide_context, use_context};

    if let Some(boot) = use_context::<Arc<Boot>>() {
        return boot;
    }
    // Nobody asks while the list of routes is made; the default serves there.
    let boot = use_context::<crate::context::Request>().map(|request| Arc::new(request.boot())).unwrap_or_default();
    provide_context(Arc::clone(&boot));
    boot
}

/// The facts of this document.
#[cfg(not(feature = "ssr"))]
#[must_use]
pub fn use_boot() -> Arc<Boot> {
    use std::sync::OnceLock;

    static BOOT: OnceLock<Arc<Boot>> = OnceLock::new();
    Arc::clone(BOOT.get_or_init(|| Arc::new(read().unwrap_or_default())))
}

#[cfg(not(feature = "ssr"))]
fn read() -> Option<Boot> {
    let json = leptos::prelude::document().document_element()?.get_attribute("data-boot")?;
    serde_json::from_str(&json).ok()
}

/// Language of the interface.
#[must_use]
pub fn use_lang() -> Lang {
    use_boot().lang
}

/// Who is signed in.
#[must_use]
pub fn use_viewer() -> Option<Viewer> {
    use_boot().viewer.clone()
}

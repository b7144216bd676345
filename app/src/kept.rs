//! Text that is kept while its form is away: during an upload without scripts, and while somebody signs in again
//! (T-DRF-02, T-DRF-03). Below it: what a form without a draft held when it was refused.
//!
//! Belongs here: what the pages of several features say about it. Does not belong here: keeping it (`server`, `service`).

#[cfg(feature = "ssr")]
pub mod forms;
pub mod refused;

use domain::error::AppError;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::location::Url;

use crate::boot::use_lang;
use crate::components::banner::Banner;
use crate::t::common as t;

/// Name in the address of a form that got its text back after a sign-in.
pub const KEPT: &str = "kept";

/// A text that was posted when the sign-in of its writer had ended. The page "Sign in" carries it in its own form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// The draft as the server wrote it; what comes back is read as strictly as any other post.
    pub draft: String,
    /// Files were chosen as well: they stayed behind.
    pub had_files: bool,
    /// Page of the form.
    pub next: String,
    /// Address of the last try to sign in.
    pub email: String,
    /// Why the last try to sign in was refused.
    pub error: Option<AppError>,
}

/// Where the whole form is posted to upload its files without scripts: they and the text become the draft `kind` of
/// `object`, and the answer leads to `back`, a path of this site.
#[must_use]
pub fn upload_path(kind: &str, object: &str, back: &str) -> String {
    ["/drafts/", kind, "/", object, "/attachments?back=", &Url::escape(back)].concat()
}

/// Says above a form that its text came back after a sign-in and was not sent; nothing where that is not so.
#[component]
pub fn TextKept(
    /// It was sent meanwhile.
    #[prop(optional, into)]
    sent: Signal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    move || {
        let is_kept = query.with(|query| query.get_str(KEPT).is_some()) && !sent.get();
        is_kept.then(|| view! { <Banner text=t::text_kept(lang)/> })
    }
}

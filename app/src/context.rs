//! (server) What pages and server functions know of the HTTP request, and what they may say beside their
//! answer: status, redirect, cookies. Nothing else of the application touches HTTP.

use domain::error::{AppError, Code};
use domain::lang::Lang;
use http::header::{ACCEPT, COOKIE, HeaderValue, SET_COOKIE};
use http::request::Parts;
use http::{Method, StatusCode};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use leptos_router::location::Url;

use crate::boot::Boot;
use crate::error::Refusal;

/// The preference cookies a page may set; the server reads them for people who are not signed in.
pub const PREFERENCES: [&str; 3] = ["guichet_lang", "guichet_theme", "guichet_density"];

/// A sign-in never outlives this: 720 hours, the upper bound of `session.max_hours`. The server ends it earlier.
const SESSION_MAX_AGE_S: u32 = 720 * 3600;
const PREFERENCE_MAX_AGE_S: u32 = 365 * 24 * 3600;

/// The cookie with the address of a sign-in that was refused.
pub const TYPED_EMAIL: &str = "guichet_email";
/// As long as it takes to be led back to the page "Sign in", the only one that gets it.
const TYPED_EMAIL_MAX_AGE_S: u32 = 60;
const SIGN_IN: &str = "/sign-in";

/// The cookie with what the next page of the administration shows once: what was typed into a form that was refused, or the
/// secret of an invitation. Neither belongs into an address.
const ONCE: &str = "guichet_once";
/// Path of the pages that get it.
const ADMIN: &str = "/admin";
/// Browsers keep no cookie above 4 KiB; what does not fit has to be typed again.
const ONCE_MAX: usize = 3_500;

/// The cookie with the key of a browser under which the server keeps what its refused forms held.
pub const TYPED: &str = "guichet_typed";
/// The cookie with the key of a form that was posted after the session of its writer had ended.
pub const LATE: &str = "guichet_late";
/// As long as the server keeps them (`service::refused_forms::LIFE`).
const TYPED_MAX_AGE_S: u32 = 86_400;

/// The request being answered; the server provides it to every page and server function.
#[derive(Clone)]
pub struct Request {
    /// Shared parts of the instance.
    pub services: service::Services,
    /// Who asks; `None` = nobody is signed in.
    pub ctx: Option<service::Ctx>,
    /// Language: of the viewer, else of the cookie, else of the browser.
    pub lang: Lang,
    /// `auto`, `light`, `dark`, `contrast`, `contrast-dark`.
    pub theme: String,
    /// `compact`, `comfortable`.
    pub density: String,
    /// Fingerprint of the assets.
    pub build: String,
    /// Name of the root entity.
    pub organisation: String,
    /// Unread entries of all requests of the viewer, where the page shows them (P-LIS-05).
    pub unread: u32,
    /// Notifications the viewer has not read; 100 stands for more.
    pub notifications: u32,
    /// Where the viewer finds help; empty = nowhere.
    pub help: String,
    /// The viewer is an agent where the chat is switched on: its panel stands in his menu.
    pub chat: bool,
    /// Requests for validation that wait for the viewer, where the page shows them (P-APR-01).
    pub approvals: u32,
    /// Address of the client, behind trusted proxies.
    pub address: String,
    /// User-Agent of the client.
    pub agent: String,
    /// Token of the session cookie, valid or not.
    pub session_token: Option<String>,
    /// Address of the sign-in that was refused just now.
    pub typed_email: Option<String>,
    /// The public address is https: cookies are `Secure`.
    pub secure: bool,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("lang", &self.lang)
            .field("signed_in", &self.ctx.is_some())
            .finish_non_exhaustive()
    }
}

impl Request {
    /// What the document made for this request knows.
    #[must_use]
    pub fn boot(&self) -> Boot {
        let mut viewer = self.ctx.as_ref().map(|ctx| ctx.actor.viewer());
        if let Some(viewer) = viewer.as_mut().filter(|_| self.chat) {
            // Not a right: what the command of the panel asks for.
            viewer.capabilities.push("chat.enabled".to_owned());
        }
        Boot {
            lang: self.lang,
            viewer,
            theme: self.theme.clone(),
            density: self.density.clone(),
            build: self.build.clone(),
            organisation: self.organisation.clone(),
            unread: self.unread,
            notifications: self.notifications,
            help: self.help.clone(),
            approvals: self.approvals,
        }
    }
}

/// The request being answered.
///
/// # Errors
/// `Unavailable` when the server provided none.
pub fn request() -> Result<Request, AppError> {
    use_context::<Request>().ok_or_else(|| {
        tracing::error!("no request in the context of a page or server function");
        AppError::Unavailable { retry_s: 2 }
    })
}

/// The context of the signed-in person.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub fn request_context() -> Result<service::Ctx, AppError> {
    request()?.ctx.ok_or(AppError::Unauthenticated)
}

/// Turns a refusal of a use case into the answer of a server function, with its status. `?` does the same.
pub fn fail(error: impl Into<AppError>) -> Refusal {
    Refusal::from(error.into())
}

/// Gives the answer the status of `error`. A form posted without JavaScript keeps its redirect: it carries the
/// error back to the page in the address.
pub fn answer_with_status_of(error: &AppError) {
    if !is_plain_form() {
        answer_with_status(status_of(error));
    }
}

/// Gives the answer a status.
pub fn answer_with_status(status: StatusCode) {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(status);
    }
}

/// The HTTP status of a refusal.
#[must_use]
pub const fn status_of(error: &AppError) -> StatusCode {
    match error {
        AppError::Unauthenticated | AppError::InvalidCredentials => StatusCode::UNAUTHORIZED,
        AppError::NotFound => StatusCode::NOT_FOUND,
        AppError::Forbidden(_) | AppError::ReadOnlyToken | AppError::Disabled(_) => StatusCode::FORBIDDEN,
        AppError::Invalid(_) | AppError::Refused { code: Code::TooManyRows, .. } => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::Conflict { .. } | AppError::Refused { .. } => StatusCode::CONFLICT,
        AppError::PreconditionFailed(_) => StatusCode::PRECONDITION_FAILED,
        AppError::VersionRequired => StatusCode::PRECONDITION_REQUIRED,
        AppError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        AppError::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Internal(_) | AppError::Transport(_) => StatusCode::INTERNAL_SERVER_ERROR,
        AppError::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
    }
}

/// Whether a server function is called, by the application or by a form.
#[must_use]
pub fn is_call() -> bool {
    use_context::<Parts>().is_some_and(|parts| parts.method == Method::POST)
}

fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| parts.method == Method::POST && accepts_html(&parts))
}

fn accepts_html(parts: &Parts) -> bool {
    parts.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("text/html"))
}

/// Sends the browser to a path of this site; anything else leads home. Only sets headers: return right after it.
#[expect(clippy::disallowed_methods, reason = "the one place that redirects")]
pub fn redirect(path: &str) {
    leptos_axum::redirect(local_path(path));
    // A page asked for by a program that does not name HTML is redirected too.
    if use_context::<Parts>().is_some_and(|parts| parts.method != Method::POST) {
        answer_with_status(StatusCode::FOUND);
    }
}

/// As [`redirect`], but only for a form posted without JavaScript: the application itself loads a page anew, because
/// language and viewer are fixed for the life of a document.
pub fn redirect_plain_form(path: &str) {
    if is_plain_form() {
        redirect(path);
    }
}

/// `path` if it leads to a page of this site, else `/`: nobody shall be sent elsewhere by a link to us.
#[must_use]
pub fn local_path(path: &str) -> &str {
    let is_plain = path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if path.starts_with('/') && !path.starts_with("//") && is_plain { path } else { "/" }
}

/// Address of the sign-in page that leads back to the page asked for now.
#[must_use]
pub fn sign_in_path() -> String {
    let here = use_context::<Parts>().and_then(|p| p.uri.path_and_query().map(ToString::to_string)).unwrap_or_default();
    if here.is_empty() || here == "/" {
        return "/sign-in".to_owned();
    }
    ["/sign-in?next=", &Url::escape(&here)].concat()
}

/// Name of the session cookie; over plain http browsers refuse the prefix.
#[must_use]
pub const fn session_cookie(secure: bool) -> &'static str {
    if secure { "__Host-guichet" } else { "guichet" }
}

/// Keeps a sign-in in the browser.
pub fn set_session_cookie(token: &str) {
    if let Some(request) = use_context::<Request>() {
        set_cookie(session_cookie(request.secure), token, "/", SESSION_MAX_AGE_S, request.secure);
    }
}

/// The header that keeps a sign-in in the browser, for an answer that is made outside pages and server functions.
#[must_use]
pub fn session_cookie_header(token: &str, secure: bool) -> Option<HeaderValue> {
    cookie_header(session_cookie(secure), token, "/", SESSION_MAX_AGE_S, secure)
}

/// The header that gives a browser the key of its refused forms.
#[must_use]
pub fn typed_cookie_header(key: &str, secure: bool) -> Option<HeaderValue> {
    cookie_header(TYPED, key, "/", TYPED_MAX_AGE_S, secure)
}

/// The header that gives a browser the key of a form that came too late.
#[must_use]
pub fn late_cookie_header(key: &str, secure: bool) -> Option<HeaderValue> {
    cookie_header(LATE, key, "/", TYPED_MAX_AGE_S, secure)
}

/// Forgets the sign-in of the browser.
pub fn clear_session_cookie() {
    if let Some(request) = use_context::<Request>() {
        set_cookie(session_cookie(request.secure), "", "/", 0, request.secure);
    }
}

/// Keeps the address of a refused sign-in for the page that comes next: its own address and the log must not hold it.
/// One that a cookie cannot hold as it is, or that is none, has to be typed again.
pub fn keep_typed_email(email: &str) {
    let is_plain = email.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b';' | b',' | b'"' | b'\\'));
    if let Some(request) = use_context::<Request>().filter(|_| is_plain && (1..=254).contains(&email.len())) {
        set_cookie(TYPED_EMAIL, email, SIGN_IN, TYPED_EMAIL_MAX_AGE_S, request.secure);
    }
}

/// What [`keep_typed_email`] kept, once.
#[must_use]
pub fn take_typed_email() -> String {
    let Some(request) = use_context::<Request>() else { return String::new() };
    if request.typed_email.is_some() {
        set_cookie(TYPED_EMAIL, "", SIGN_IN, 0, request.secure);
    }
    request.typed_email.unwrap_or_default()
}

/// Keeps names and values for the next page of the administration, for a minute. Values may be anything, names are ours.
pub fn keep_once(pairs: &[(&str, &str)]) {
    keep_once_at(ADMIN, pairs);
}

/// The same for the pages below another path.
pub fn keep_once_at(path: &str, pairs: &[(&str, &str)]) {
    let pairs = pairs.iter().map(|(name, value)| [*name, "=", &Url::escape(value)].concat());
    let text = pairs.collect::<Vec<_>>().join("&");
    if let Some(request) = use_context::<Request>().filter(|_| text.len() <= ONCE_MAX) {
        set_cookie(ONCE, &text, path, TYPED_EMAIL_MAX_AGE_S, request.secure);
    }
}

/// What [`keep_once`] kept, once.
#[must_use]
pub fn take_once() -> Vec<(String, String)> {
    take_once_at(ADMIN)
}

/// The same of the pages below another path.
#[must_use]
pub fn take_once_at(path: &str) -> Vec<(String, String)> {
    let Some(request) = use_context::<Request>() else { return Vec::new() };
    let kept = use_context::<Parts>().and_then(|parts| {
        let cookies = parts.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == ONCE).map(|(_, value)| value.to_owned())
    });
    let Some(kept) = kept.filter(|kept| !kept.is_empty()) else { return Vec::new() };
    set_cookie(ONCE, "", path, 0, request.secure);
    let pairs = kept.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), Url::unescape(value))).collect()
}

/// Keeps a preference in the browser; names and values other than the known ones are ignored.
pub fn set_preference_cookie(name: &str, value: &str) {
    let is_known = match name {
        "guichet_lang" => value.parse::<Lang>().is_ok(),
        "guichet_theme" => matches!(value, "auto" | "light" | "dark" | "contrast" | "contrast-dark"),
        "guichet_density" => matches!(value, "compact" | "comfortable"),
        _ => false,
    };
    if let Some(request) = use_context::<Request>().filter(|_| is_known) {
        set_cookie(name, value, "/", PREFERENCE_MAX_AGE_S, request.secure);
    }
}

fn set_cookie(name: &str, value: &str, path: &str, max_age_s: u32, secure: bool) {
    if let (Some(options), Some(value)) =
        (use_context::<ResponseOptions>(), cookie_header(name, value, path, max_age_s, secure))
    {
        options.append_header(SET_COOKIE, value);
    }
}

fn cookie_header(name: &str, value: &str, path: &str, max_age_s: u32, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path={path}; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_stays_on_this_site() {
        for good in ["/", "/tickets/42?tab=history#entry-1", "/sign-in?next=%2Ftickets"] {
            assert_eq!(local_path(good), good);
        }
        for bad in ["", "tickets", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/é"] {
            assert_eq!(local_path(bad), "/", "{bad:?}");
        }
    }
}

//! Forms without a draft, posted without scripts (T-DRF-03): what was refused is kept under a key of the browser, and given to
//! the page that its refusal leads back to. One place for all of them; which they are says `app::kept::forms`.
//!
//! Also those that are refused because the session of their writer has ended meanwhile: the page they lead back to asks to
//! sign in first, and gives them back to that person alone.

use app::context::{LATE, Request as PageRequest, TYPED, late_cookie_header, typed_cookie_header};
use app::kept::forms::{is_kept, outlives, parameter};
use app::kept::refused::Posted;
use axum::body::{Body, Bytes};
use axum::extract::{Form, FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use service::ServiceError;
use service::ctx::random_token;
use service::refused_forms::{self, Fields, Holder, Place};

use crate::middleware::session::cookie;

/// What the framework calls the path of a refused form in the address it leads back to, and its refusal.
const PATH: &str = "__path";
const REFUSAL: &str = "__err";
/// Characters of a key: 32 bytes in base64.
const KEY_LENGTH: usize = 43;
/// Characters of the key of a form that came too late: a hash in hexadecimal digits.
const LATE_LENGTH: usize = 64;

/// Keeps what is refused, forgets what is taken, gives back what was kept; all other requests go on as they are.
pub async fn keep(request: Request, next: Next) -> Response {
    let is_get = *request.method() == Method::GET;
    let says_refused = request.uri().query().is_some_and(|query| query.contains(PATH));
    let is_asked = if is_get { says_refused } else { is_plain_form(&request) };
    let page = request.extensions().get::<PageRequest>().filter(|_| is_asked).cloned();
    let Some(page) = page else { return next.run(request).await };
    let keys = Keys::of(request.headers());
    if is_get {
        return next.run(with_posted(&page, &keys, request).await).await;
    }
    let form = request.uri().path().to_owned();
    // What its own page keeps is ours only when it comes too late.
    if !is_kept(&form) && page.ctx.is_some() && keys.late.is_none() {
        return next.run(request).await;
    }
    // Pages of signed links are not told by browsers; their forms name them.
    let named = request.uri().query().and_then(|query| parameter(query, "from"));
    let named = named.as_deref().and_then(app::signed::lead_back);
    let from = named.or_else(|| says(request.headers(), header::REFERER)).map(path_of).unwrap_or_default().to_owned();
    let (parts, body) = request.into_parts();
    let bytes = match Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await {
        Ok(bytes) => bytes,
        Err(refused) => return refused.into_response(),
    };
    let copy = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
    let fields = match Form::<Fields>::from_request(copy, &()).await {
        Ok(Form(fields)) => fields,
        // No form at all: the server function says so.
        Err(_no_form) => return next.run(Request::from_parts(parts, Body::from(bytes))).await,
    };
    let mut answer = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    let leads_to = says(answer.headers(), header::LOCATION).unwrap_or_default();
    let is_refused = parameter(query_of(leads_to), REFUSAL).is_some();
    let Some(holder) = holder(&page, value(&fields, "form[token]")) else {
        if is_refused && let Some(cookie) = keep_late(&page, &keys, (from.as_str(), form.as_str()), &fields).await {
            answer.headers_mut().append(header::SET_COOKIE, cookie);
        }
        return answer;
    };
    let place = Place { holder: &holder, page: &from, form: &form };
    // What its own page keeps is newer than what came too late.
    if !is_refused || !is_kept(&form) {
        forget(&page, &place, &keys).await;
        return answer;
    }
    let key = keys.refused.unwrap_or_else(|| random_token(32));
    match refused_forms::keep(&page.services, &place, &key, &fields).await {
        Ok(true) => {
            if let Some(cookie) = typed_cookie_header(&key, page.secure) {
                answer.headers_mut().append(header::SET_COOKIE, cookie);
            }
        }
        Ok(false) => {}
        // That it could not be kept is no reason to say otherwise than that it was refused.
        Err(error) => tracing::warn!(%error, "a refused form was not kept"),
    }
    answer
}

/// Keeps a form of somebody whose session has ended. Answers the cookie by which his browser gets it back.
async fn keep_late(
    page: &PageRequest,
    keys: &Keys,
    (from, form): (&str, &str),
    fields: &[(String, String)],
) -> Option<HeaderValue> {
    let session = page.session_token.as_deref()?;
    match refused_forms::keep_late(&page.services, session, from, form, fields).await {
        Ok(Some((person, late))) => {
            // What the same form held before that is not the newest any more.
            let older = Keys { late: None, ..keys.clone() };
            forget(page, &Place { holder: &Holder::Person(person), page: from, form }, &older).await;
            late_cookie_header(&late, page.secure)
        }
        Ok(None) => None,
        // As above: he is told that he was signed out.
        Err(error) => {
            tracing::warn!(%error, "a form that came too late was not kept");
            None
        }
    }
}

/// The request of a page, with the form that its address says was refused.
async fn with_posted(page: &PageRequest, keys: &Keys, mut request: Request) -> Request {
    let query = request.uri().query().unwrap_or_default();
    let Some(form) = parameter(query, PATH).filter(|form| is_kept(form) || outlives(form)) else { return request };
    let Some(holder) = holder(page, &parameter(query, "token").unwrap_or_default()) else { return request };
    let path = request.uri().path().to_owned();
    let place = Place { holder: &holder, page: &path, form: &form };
    let found = find(page, &place, keys).await;
    match found {
        Ok(Some((fields, is_late))) => {
            request.extensions_mut().insert(Posted { form, fields, is_late });
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "a refused form was not found"),
    }
    request
}

/// What was kept of a form when it was refused, else when it came too late; and whether it is that.
async fn find(page: &PageRequest, place: &Place<'_>, keys: &Keys) -> Result<Option<(Fields, bool)>, ServiceError> {
    if let Some(key) = &keys.refused
        && let Some(fields) = refused_forms::find(&page.services, place, key).await?
    {
        return Ok(Some((fields, false)));
    }
    let Some(key) = &keys.late else { return Ok(None) };
    let fields = refused_forms::find_late(&page.services, place, key).await?;
    Ok(fields.map(|fields| (fields, true)))
}

/// A form was taken, or is kept elsewhere: nobody waits for what it held before.
async fn forget(page: &PageRequest, place: &Place<'_>, keys: &Keys) {
    let mut gone = Vec::new();
    if let Some(key) = &keys.refused {
        gone.push(refused_forms::remove(&page.services, place, key).await);
    }
    if let Some(key) = &keys.late {
        gone.push(refused_forms::remove_late(&page.services, place, key).await);
    }
    for error in gone.into_iter().filter_map(Result::err) {
        tracing::warn!(%error, "a refused form is swept later");
    }
}

/// A form of those that are kept, posted by a browser itself.
fn is_plain_form(request: &Request) -> bool {
    let holds = |name: HeaderName, word: &str| says(request.headers(), name).is_some_and(|value| value.contains(word));
    let path = request.uri().path();
    *request.method() == Method::POST
        && (is_kept(path) || outlives(path))
        && holds(header::ACCEPT, "text/html")
        && holds(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

/// Who is signed in, else who came by a link.
fn holder(page: &PageRequest, token: &str) -> Option<Holder> {
    match &page.ctx {
        Some(ctx) => Some(Holder::Person(ctx.actor.id())),
        None => (!token.is_empty()).then(|| Holder::Link(token.to_owned())),
    }
}

/// What a browser shows to get back what it posted, as far as it is of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Keys {
    /// For what was refused.
    refused: Option<String>,
    /// For what came after a session had ended.
    late: Option<String>,
}

impl Keys {
    fn of(headers: &HeaderMap) -> Self {
        let is_ours = |key: &String| {
            key.len() == KEY_LENGTH && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        let is_late = |key: &String| key.len() == LATE_LENGTH && key.bytes().all(|b| b.is_ascii_hexdigit());
        Self { refused: cookie(headers, TYPED).filter(is_ours), late: cookie(headers, LATE).filter(is_late) }
    }
}

fn says(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The first value of a name, empty when it is absent.
fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
}

/// Path of an address of this site, whole or not.
fn path_of(address: &str) -> &str {
    let path = match address.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => address,
    };
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Query of an address, without its `?`.
fn query_of(address: &str) -> &str {
    let address = address.split('#').next().unwrap_or_default();
    address.split_once('?').map_or("", |(_, query)| query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t_drf_03_the_page_of_a_form_is_read_from_every_address_of_it() {
        for address in ["/tickets/1", "http://desk.test/tickets/1", "https://desk.test:3000/tickets/1?ask=a#b"] {
            assert_eq!(path_of(address), "/tickets/1", "{address}");
        }
        assert_eq!(path_of("http://desk.test"), "/");
        assert_eq!(parameter(query_of("http://a/b?x=1&__path=%2Ffn%2Fa#c"), PATH), Some("/fn/a".to_owned()));
        assert_eq!(parameter(query_of("/b?__path=%2Fa&__err=1&__path=%2Fb&__err=2"), REFUSAL), Some("2".to_owned()));
        assert_eq!(parameter(query_of("/b#__err=1"), REFUSAL), None);
    }

    #[test]
    fn t_drf_03_only_a_key_of_ours_is_one() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, format!("a=b; {TYPED}={text}; {LATE}={text}").parse().unwrap());
            Keys::of(&headers)
        };
        let (ours, late) = (random_token(32), "0f".repeat(LATE_LENGTH / 2));
        assert_eq!(of(&ours), Keys { refused: Some(ours.clone()), late: None });
        assert_eq!(of(&late), Keys { refused: None, late: Some(late.clone()) });
        for wrong in ["", "short", &"%".repeat(KEY_LENGTH), &"%".repeat(LATE_LENGTH)] {
            assert_eq!(of(wrong), Keys::default(), "{wrong}");
        }
    }
}

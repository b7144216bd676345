//! Forms without a draft, posted without scripts (T-DRF-03): what was refused is kept under a key of the browser, and given to
//! the page that its refusal leads back to. One place for all of them; which they are says `app::kept::forms`.

use app::context::{Request as PageRequest, TYPED, typed_cookie_header};
use app::kept::forms::{is_kept, parameter};
use app::kept::refused::Posted;
use axum::body::{Body, Bytes};
use axum::extract::{Form, FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use service::ctx::random_token;
use service::refused_forms::{self, Fields, Holder, Place};

use crate::middleware::session::cookie;

/// What the framework calls the path of a refused form in the address it leads back to, and its refusal.
const PATH: &str = "__path";
const REFUSAL: &str = "__err";
/// Characters of a key: 32 bytes in base64.
const KEY_LENGTH: usize = 43;

/// Keeps what is refused, forgets what is taken, gives back what was kept; all other requests go on as they are.
pub async fn keep(request: Request, next: Next) -> Response {
    let is_get = *request.method() == Method::GET;
    let says_refused = request.uri().query().is_some_and(|query| query.contains(PATH));
    let is_asked = if is_get { says_refused } else { is_plain_form(&request) };
    let page = request.extensions().get::<PageRequest>().filter(|_| is_asked).cloned();
    let Some(page) = page else { return next.run(request).await };
    if is_get {
        return next.run(with_posted(&page, request).await).await;
    }
    let form = request.uri().path().to_owned();
    let key = key(request.headers());
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
    let Some(holder) = holder(&page, value(&fields, "form[token]")) else { return answer };
    let place = Place { holder: &holder, page: &from, form: &form };
    let leads_to = says(answer.headers(), header::LOCATION).unwrap_or_default();
    if parameter(query_of(leads_to), REFUSAL).is_none() {
        forget(&page, &place, key).await;
        return answer;
    }
    let key = key.unwrap_or_else(|| random_token(32));
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

/// The request of a page, with the form that its address says was refused.
async fn with_posted(page: &PageRequest, mut request: Request) -> Request {
    let query = request.uri().query().unwrap_or_default();
    let form = parameter(query, PATH).filter(|form| is_kept(form));
    let (Some(form), Some(key)) = (form, key(request.headers())) else { return request };
    let Some(holder) = holder(page, &parameter(query, "token").unwrap_or_default()) else { return request };
    let path = request.uri().path().to_owned();
    let place = Place { holder: &holder, page: &path, form: &form };
    let found = refused_forms::find(&page.services, &place, &key).await;
    match found {
        Ok(Some(fields)) => {
            request.extensions_mut().insert(Posted { form, fields });
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "a refused form was not found"),
    }
    request
}

/// A form was taken: nobody waits for what it held before.
async fn forget(page: &PageRequest, place: &Place<'_>, key: Option<String>) {
    let Some(key) = key else { return };
    if let Err(error) = refused_forms::remove(&page.services, place, &key).await {
        tracing::warn!(%error, "a refused form is swept later");
    }
}

/// A form of those that are kept, posted by a browser itself.
fn is_plain_form(request: &Request) -> bool {
    let holds = |name: HeaderName, word: &str| says(request.headers(), name).is_some_and(|value| value.contains(word));
    *request.method() == Method::POST
        && is_kept(request.uri().path())
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

/// The key of the browser, if it has one of ours.
fn key(headers: &HeaderMap) -> Option<String> {
    let is_ours = |key: &String| {
        key.len() == KEY_LENGTH && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    cookie(headers, TYPED).filter(is_ours)
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
            headers.insert(header::COOKIE, format!("a=b; {TYPED}={text}").parse().unwrap());
            key(&headers)
        };
        let ours = random_token(32);
        assert_eq!(of(&ours), Some(ours.clone()));
        for wrong in ["", "short", &"%".repeat(KEY_LENGTH)] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }
}

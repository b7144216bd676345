//! A text that is posted after the sign-in of its writer has ended (T-DRF-03). Without scripts the browser keeps no copy,
//! and without identity the server cannot: so the answer is the page "Sign in", and its form carries the text. Whoever
//! signs in with it finds it as his draft and sends it himself; nothing is posted by signing in.
//!
//! What comes back is a form of the browser like any other: it can hold no more than a draft, of a form that the person
//! who proved his password may write.

use app::context::{Request as PageRequest, local_path, session_cookie_header};
use app::kept::{KEPT, Unsent};
use axum::extract::{Extension, Form, FromRequest, Request, State};
use axum::http::{Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::error::AppError;
use domain::forms::{SaveDraft, SignIn};
use leptos::prelude::provide_context;
use service::{Ctx, Services, account, drafts};
use uuid::Uuid;

use super::draft_form::{Kind, Typed, with_query};
use crate::state::AppState;

/// The names of a form with its values, in order.
type Pairs = Vec<(String, String)>;

const SIGN_IN: &str = "/sign-in";

/// Takes the posts of text forms out of the way of those who are not signed in; all other requests go on.
pub async fn catch(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some((kind, page)) = form_of_nobody(&request) else { return next.run(request).await };
    let pairs = match Form::<Pairs>::from_request(request, &()).await {
        Ok(Form(pairs)) => pairs,
        Err(refused) => return refused.into_response(),
    };
    let Some((object, next)) = place_of(kind, &pairs) else { return Redirect::to(SIGN_IN).into_response() };
    let mut typed = Typed::new(kind);
    for (name, value) in pairs {
        typed.take(&name, value);
    }
    ask(&state, page, typed, object, &next).await
}

/// The kind of a text form that a browser posts without scripts and without being signed in.
fn form_of_nobody(request: &Request) -> Option<(Kind, PageRequest)> {
    let page = request.extensions().get::<PageRequest>().filter(|page| page.ctx.is_none())?;
    let kind = Kind::of_path(request.uri().path())?;
    let says = |name: header::HeaderName, word: &str| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(word))
    };
    let is_plain = says(header::ACCEPT, "text/html") && says(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    is_plain.then(|| (kind, page.clone()))
}

/// What the form is about, and its page.
fn place_of(kind: Kind, pairs: &[(String, String)]) -> Option<(String, String)> {
    let number = || Kind::Occurrence.object(value(pairs, "form[ticket]"));
    let is_request = value(pairs, "form[from]") == "request";
    match kind {
        Kind::Occurrence => {
            let number = number()?;
            let page = if is_request {
                format!("/requests/{number}#note-form")
            } else {
                format!("/tickets/{number}?compose=occurrence#dock")
            };
            Some((number, page))
        }
        Kind::OccurrenceEdit => {
            let (number, id) = (number()?, kind.object(value(pairs, "form[id]"))?);
            let page = format!("/tickets/{number}/occurrences/{id}/edit");
            Some((id, page))
        }
        Kind::Message => {
            let number = number()?;
            let page = match value(pairs, "form[from]") {
                "request" => format!("/requests/{number}/messages#message-form"),
                "conversation" => format!("/requests/{number}#message-form"),
                _ => format!("/tickets/{number}/messages#message-form"),
            };
            Some((number, page))
        }
        Kind::Chat => {
            let number = number()?;
            let place = if is_request { "requests" } else { "tickets" };
            let page = format!("/{place}/{number}/chat#chat-form");
            Some((number, page))
        }
        Kind::Solution => {
            let number = number()?;
            let page = format!("/tickets/{number}/solve");
            Some((number, page))
        }
        Kind::SolutionEdit => {
            let (number, id) = (number()?, kind.object(value(pairs, "form[id]"))?);
            let page = format!("/tickets/{number}/solutions/{id}/edit");
            Some((id, page))
        }
        Kind::Article => {
            let id = value(pairs, "form[id]");
            let object = kind.object(if id.is_empty() { "new" } else { id })?;
            let page = if id.is_empty() { "/knowledge/new".to_owned() } else { format!("/knowledge/{object}/edit") };
            Some((object, page))
        }
        Kind::Task => {
            let number = number()?;
            let page = format!("/tickets/{number}/tasks/new");
            Some((number, page))
        }
        Kind::TaskEdit => {
            let (number, id) = (number()?, kind.object(value(pairs, "form[id]"))?);
            let page = format!("/tickets/{number}/tasks/{id}/edit");
            Some((id, page))
        }
        Kind::Validation => {
            let number = number()?;
            let page = format!("/tickets/{number}/validations#ask");
            Some((number, page))
        }
        Kind::ValidationAnswer => {
            let id = kind.object(value(pairs, "form[id]"))?;
            let page = format!("/approvals/{id}#answer");
            Some((id, page))
        }
        Kind::Document => {
            let number = number()?;
            let page = format!("/tickets/{number}/documents#add");
            Some((number, page))
        }
        Kind::Ticket => {
            let page = if is_request { "/requests/new" } else { "/tickets/new" };
            Some(("new".to_owned(), page.to_owned()))
        }
        Kind::CustomerOccurrence => {
            // The form that changes one, that of a customer's page, or the free one (C-OCC-01).
            let id = |name: &str| value(pairs, name).parse::<Uuid>().ok().map(|id| id.to_string());
            if let Some(id) = id("form[id]") {
                let page = format!("/customer-occurrences/{id}/edit");
                return Some((id, page));
            }
            if let Some(id) = id("form[fixed]") {
                let page = format!("/customers/{id}/occurrences/new");
                return Some((id, page));
            }
            Some(("new".to_owned(), "/customer-occurrences/new".to_owned()))
        }
    }
}

/// The first value of a name, empty when it is absent.
fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

/// Answers with the page "Sign in" that carries the form about `object`, whose page is `next`.
pub async fn ask(state: &AppState, page: PageRequest, typed: Typed, object: String, next: &str) -> Response {
    let draft = typed.draft(object);
    let next = with_query(next, &[KEPT, "=1"].concat());
    match serde_json::to_string(&draft) {
        Ok(text) if draft.fields.len() <= drafts::FIELDS_MAX => {
            let (had_files, email) = (typed.has_other_files, String::new());
            render(state, page, Unsent { draft: text, had_files, next, email, error: None }).await
        }
        // More than any form may hold: it could be neither kept nor sent.
        _ => Redirect::to(SIGN_IN).into_response(),
    }
}

/// `POST /sign-in`: signs in with a text. A refusal gives the same page again, with the text.
pub async fn sign_in(
    State(state): State<AppState>,
    Extension(page): Extension<PageRequest>,
    Form(pairs): Form<Pairs>,
) -> Response {
    let text = value(&pairs, "form[draft]").to_owned();
    let Ok(draft) = serde_json::from_str::<SaveDraft>(&text) else { return Redirect::to(SIGN_IN).into_response() };
    let next = local_path(value(&pairs, "form[next]")).to_owned();
    let form = SignIn {
        email: value(&pairs, "form[email]").to_owned(),
        password: value(&pairs, "form[password]").to_owned(),
        next: next.clone(),
    };
    match enter(&page, form, draft).await {
        Ok(token) => {
            let mut answer = Redirect::to(&next).into_response();
            if let Some(cookie) = session_cookie_header(&token, page.secure) {
                answer.headers_mut().append(header::SET_COOKIE, cookie);
            }
            answer
        }
        Err(error) => {
            let had_files = !value(&pairs, "form[had_files]").is_empty();
            let email = value(&pairs, "form[email]").to_owned();
            render(&state, page, Unsent { draft: text, had_files, next, email, error: Some(error) }).await
        }
    }
}

/// Signs in and keeps the draft; both or neither, so that a text nobody may write is not lost by coming in.
async fn enter(page: &PageRequest, form: SignIn, draft: SaveDraft) -> Result<String, AppError> {
    let services = &page.services;
    let signed_in = account::sign_in(services, form, &page.address, &page.agent).await?;
    let token = signed_in.cookie_token;
    match keep(services, &token, draft).await {
        Ok(()) => Ok(token),
        Err(error) => {
            account::sign_out(services, &token).await?;
            Err(error)
        }
    }
}

async fn keep(services: &Services, token: &str, draft: SaveDraft) -> Result<(), AppError> {
    let actor = account::load_actor(services, token).await?.ok_or(AppError::Unauthenticated)?;
    let ctx = Ctx::new(services.clone(), actor);
    // Of no device: it takes the place of whatever the person had begun there.
    drafts::save_after_sign_in(&ctx, SaveDraft { device: String::new(), ..draft }).await?;
    Ok(())
}

/// The page "Sign in" with a text.
async fn render(state: &AppState, page: PageRequest, unsent: Unsent) -> Response {
    let options = state.leptos.clone();
    let document = leptos_axum::render_app_async_with_context(
        move || {
            provide_context(page.clone());
            provide_context(unsent.clone());
        },
        move || app::shell::shell(options.clone()),
    );
    // The page reads its own address, not that of the post.
    let mut request = Request::default();
    *request.uri_mut() = Uri::from_static(SIGN_IN);
    document(request).await
}

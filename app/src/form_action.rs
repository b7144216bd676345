//! Forms that work without scripts and, with them, without leaving the page: what they hold goes to the server as the browser
//! holds it. No type of ours is made from the fields on the way, so the bundle has neither reader nor writer for any of them.

use domain::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::server_fn::error::ServerFnUrlError;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{File, FormData, HtmlButtonElement, HtmlFormElement, SubmitEvent, UrlSearchParams};
use serde::de::DeserializeOwned;

use crate::error::Refusal;
use crate::message;

/// What a form is posted by: takes its fields as one text, gives the answer of the server function `S`.
pub type FormAction<S> = Action<String, Result<<S as ServerFn>::Output, Refusal>>;

/// The action of a form; begins with the refusal that a post without scripts left in the address.
#[must_use]
pub fn form_action<S>() -> FormAction<S>
where
    S: ServerFn<Error = Refusal> + 'static,
    S::Output: DeserializeOwned + Send + Sync + 'static,
{
    let left = use_context::<ServerActionError>()
        .filter(|error| error.path() == S::PATH)
        .map(|error| Err(ServerFnUrlError::<Refusal>::decode_err(error.err())));
    Action::new_with_value(left, |fields: &String| post(S::url(), fields.clone()))
}

/// What a form does on submit: hands its fields to the action. A button with an address of its own, and a form with a
/// chosen file, go the plain way.
pub fn send<T>(action: Action<String, Result<T, Refusal>>) -> impl Fn(SubmitEvent) + Clone + 'static
where
    T: Send + Sync + 'static,
{
    move |event: SubmitEvent| {
        let leads_elsewhere = event.submitter().is_some_and(|button| button.has_attribute("formaction"));
        if event.default_prevented() || leads_elsewhere {
            return;
        }
        if let Some(fields) = fields(&event) {
            event.prevent_default();
            action.dispatch(fields);
            close_popover(&event);
        }
    }
}

/// The refusal of an action, after a post with or without scripts.
pub fn refusal_of<T>(action: Action<String, Result<T, Refusal>>) -> Memo<Option<AppError>>
where
    T: Send + Sync + 'static,
{
    let value = action.value();
    Memo::new(move |_| value.with(message::refusal))
}

/// The fields of the form that is submitted, with that of the button that did it, as a form is posted.
fn fields(event: &SubmitEvent) -> Option<String> {
    let form = event.target()?.dyn_into::<HtmlFormElement>().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    let button = event.submitter().and_then(|element| element.dyn_into::<HtmlButtonElement>().ok());
    if let Some(button) = button.filter(|button| !button.name().is_empty()) {
        data.append_with_str(&button.name(), &button.value()).ok()?;
    }
    let holds_file = js_sys::try_iter(data.as_ref()).ok().flatten()?.filter_map(Result::ok).any(|pair| {
        let value = pair.dyn_into::<js_sys::Array>().map(|pair| pair.get(1));
        value.is_ok_and(|value| value.dyn_into::<File>().is_ok_and(|file| file.size() > 0.0))
    });
    if holds_file {
        return None;
    }
    let pairs = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    pairs.to_string().as_string()
}

/// A form in a popover has done its work: the popover closes, as it would with the page.
fn close_popover(event: &SubmitEvent) {
    let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
    let Some(popover) = form.and_then(|form| form.closest("[popover]").ok().flatten()) else { return };
    let hide = js_sys::Reflect::get(&popover, &JsValue::from_str("hidePopover")).ok();
    if let Some(hide) = hide.and_then(|hide| hide.dyn_into::<js_sys::Function>().ok()) {
        // It fails for one that is closed already.
        let _ = hide.call0(&popover);
    }
}

/// Posts fields to a server function and reads its answer, as the framework does with its own.
#[cfg(not(feature = "ssr"))]
async fn post<T: DeserializeOwned + Send + Sync + 'static>(path: &'static str, fields: String) -> Result<T, Refusal> {
    use leptos::server_fn::client::Client;
    use leptos::server_fn::client::browser::BrowserClient;
    use leptos::server_fn::error::FromServerFnError;
    use leptos::server_fn::redirect::call_redirect_hook;
    use leptos::server_fn::request::ClientReq;
    use leptos::server_fn::request::browser::BrowserRequest;
    use leptos::server_fn::response::ClientRes;
    use leptos::server_fn::{ContentType, Decodes};

    use crate::error::TextJson;

    const FORM: &str = "application/x-www-form-urlencoded";
    let request = <BrowserRequest as ClientReq<Refusal>>::try_new_post(path, FORM, TextJson::CONTENT_TYPE, fields)?;
    let answer = <BrowserClient as Client<Refusal>>::send(request).await?;
    let status = ClientRes::<Refusal>::status(&answer);
    if (400..=599).contains(&status) {
        return Err(Refusal::de(ClientRes::<Refusal>::try_into_bytes(answer).await?));
    }
    let leads_on = ClientRes::<Refusal>::has_redirect(&answer);
    let location = ClientRes::<Refusal>::location(&answer);
    let answer = ClientRes::<Refusal>::try_into_bytes(answer).await?;
    let value = TextJson::decode(answer).map_err(|unreadable| Refusal(AppError::Transport(unreadable.to_string())))?;
    if leads_on {
        call_redirect_hook(&location);
    }
    Ok(value)
}

/// The server renders forms and never sends one.
#[cfg(feature = "ssr")]
async fn post<T: Send + Sync + 'static>(path: &'static str, _fields: String) -> Result<T, Refusal> {
    std::future::ready(Err(Refusal(AppError::Transport(path.to_owned())))).await
}

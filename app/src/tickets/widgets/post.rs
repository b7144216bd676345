//! Forms that work without scripts and, with them, without leaving the page.

use domain::error::AppError;
use leptos::form::FromFormData;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{FormData, HtmlFormElement, SubmitEvent};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use leptos_router::location::Url;
use serde::de::DeserializeOwned;

use crate::error::Refusal;
use crate::message;

/// What a form does on submit: hands its fields to the action. A button with an address of its own, and fields that
/// cannot be read here, go the plain way.
pub(crate) fn send<S>(action: ServerAction<S>) -> impl Fn(SubmitEvent) + Clone + 'static
where
    S: ServerFn<Error = Refusal> + DeserializeOwned + Clone + Send + Sync + 'static,
    S::Output: Send + Sync + 'static,
{
    move |event: SubmitEvent| {
        let leads_elsewhere = event.submitter().is_some_and(|button| button.has_attribute("formaction"));
        if event.default_prevented() || leads_elsewhere {
            return;
        }
        if let Ok(input) = S::from_event(&event) {
            event.prevent_default();
            action.dispatch(input);
            close_popover(&event);
        }
    }
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

/// The refusal of an action, after a post with or without scripts.
pub(crate) fn refusal_of<S>(action: ServerAction<S>) -> Memo<Option<AppError>>
where
    S: ServerFn<Error = Refusal> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let value = action.value();
    Memo::new(move |_| message::refusal(&value.get()))
}

/// What a form that asks does on submit: goes to its address with its fields, without leaving the application.
pub(crate) fn ask(path: String) -> impl Fn(SubmitEvent) + 'static {
    let navigate = use_navigate();
    move |event: SubmitEvent| {
        let form = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        let Some(fields) = form.as_ref().and_then(fields_of) else { return };
        event.prevent_default();
        let query: Vec<String> = fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", Url::escape(value)))
            .collect();
        navigate(&format!("{path}?{}", query.join("&")), NavigateOptions::default());
    }
}

/// The text fields of a form in order; files are none.
pub(crate) fn fields_of(form: &HtmlFormElement) -> Option<Vec<(String, String)>> {
    let data = FormData::new_with_form(form).ok()?;
    let pairs = js_sys::try_iter(data.as_ref()).ok().flatten()?;
    let text = |pair: &js_sys::Array, at: u32| pair.get(at).as_string();
    Some(
        pairs
            .filter_map(Result::ok)
            .filter_map(|pair| pair.dyn_into::<js_sys::Array>().ok())
            .filter_map(|pair| Some((text(&pair, 0)?, text(&pair, 1)?)))
            .collect(),
    )
}

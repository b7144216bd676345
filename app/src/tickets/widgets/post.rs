//! Forms that ask: their fields go into an address.

use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{FormData, HtmlFormElement, SubmitEvent};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use leptos_router::location::Url;

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

//! The only `<textarea>` of the application.
//!
//! The framework renders the children of a text area unescaped on the server (leptos#4730): user text there would
//! be stored script. Hence this component, and a test that looks for others.

use leptos::prelude::*;

use super::{escape, id_of};

/// A field for several lines of plain text.
#[component]
pub fn TextArea(
    /// Name of the field.
    #[prop(into)]
    name: String,
    /// What it begins with.
    #[prop(optional, into)]
    text: String,
    /// Id; without it that of the name.
    #[prop(optional, into)]
    id: String,
    /// Lines shown.
    #[prop(default = 4)]
    rows: u32,
    /// Most characters; 0 = no limit.
    #[prop(optional)]
    maxlength: u32,
    /// Shown while empty.
    #[prop(optional, into)]
    placeholder: String,
    /// Name for screen readers where no `<label>` is.
    #[prop(optional, into)]
    label: String,
    /// Ids of its hint and error.
    #[prop(optional, into)]
    described_by: String,
    /// Whether it is wrong.
    #[prop(optional, into)]
    invalid: Signal<bool>,
    /// Classes; inside an editor none.
    #[prop(optional, into)]
    class: String,
) -> impl IntoView {
    let id = if id.is_empty() { id_of(&name) } else { id };
    // Entities are decoded inside a text area. The parser of a document drops one newline after the start tag, so
    // one is sent; the browser's own `innerHTML` drops none.
    let content = if cfg!(feature = "ssr") { ["\n", &escape(&text)].concat() } else { escape(&text) };
    view! {
        <textarea
            id=id
            name=name
            rows=rows.to_string()
            maxlength=(maxlength > 0).then(|| maxlength.to_string())
            placeholder=filled(placeholder)
            aria-label=filled(label)
            aria-describedby=filled(described_by)
            aria-invalid=move || invalid.get().then_some("true")
            class=class
            inner_html=content
        ></textarea>
    }
}

/// An attribute with nothing in it is left out.
pub(crate) fn filled(text: String) -> Option<String> {
    Some(text).filter(|t| !t.is_empty())
}

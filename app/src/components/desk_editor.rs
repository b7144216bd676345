//! The editor: a plain text area that works at once, and takes its richer form in the browser
//! (`frontend/js/editor`).

use leptos::prelude::*;

use super::id_of;
use super::text_area::{TextArea, filled};
use crate::boot::use_boot;
use crate::t::common as t;

/// A field for rich text. Sends `name` and, under `format_name`, whether it is `text` or `html`.
#[component]
pub fn DeskEditor(
    /// Name of the text: `form[body]`.
    #[prop(into)]
    name: String,
    /// Name of its format: `form[format]`.
    #[prop(into)]
    format_name: String,
    /// Its label, for screen readers.
    #[prop(into)]
    label: String,
    /// Plain text to begin with.
    #[prop(optional, into)]
    text: String,
    /// Markup to begin with in the browser; plain text stays for pages without scripts.
    #[prop(optional, into)]
    html: String,
    /// Id of the text area; without it that of the name.
    #[prop(optional, into)]
    id: String,
    /// Shown while empty.
    #[prop(optional, into)]
    placeholder: String,
    /// Ids of hint and error.
    #[prop(optional, into)]
    described_by: String,
    /// Whether it is wrong.
    #[prop(optional, into)]
    invalid: Signal<bool>,
    /// Lines of the plain area.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    let boot = use_boot();
    let ready = ready_after_hydration();
    let id = if id.is_empty() { id_of(&name) } else { id };
    view! {
        <desk-editor
            label=label
            placeholder=filled(placeholder)
            upload-url="/attachments"
            documents="/documents/"
            icons=boot.asset("icons.svg")
            strings=editor_strings(boot.lang)
            html=filled(html)
            ready=move || ready.get()
        >
            <TextArea id=id name=name text=text rows=rows label=label.clone() placeholder=placeholder.clone() described_by=described_by invalid=invalid/>
            <input r#type="hidden" name=format_name value="text"/>
        </desk-editor>
    }
}

/// Becomes true in the browser once the page is hydrated: before that the element must not touch its content.
pub(crate) fn ready_after_hydration() -> RwSignal<bool> {
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    ready
}

/// Sentences as the elements take them: a JSON object.
pub(crate) fn strings<const N: usize>(pairs: [(&'static str, String); N]) -> String {
    let map: serde_json::Map<String, serde_json::Value> =
        pairs.into_iter().map(|(key, text)| (key.to_owned(), serde_json::Value::String(text))).collect();
    serde_json::Value::Object(map).to_string()
}

/// The element fills the slots itself.
fn editor_strings(lang: domain::lang::Lang) -> String {
    const NAME: &str = "{name}";
    strings([
        ("toolbar", t::editor_toolbar(lang).to_owned()),
        ("bold", t::editor_bold(lang).to_owned()),
        ("italic", t::editor_italic(lang).to_owned()),
        ("strike", t::editor_strike(lang).to_owned()),
        ("code", t::editor_code(lang).to_owned()),
        ("heading_2", t::editor_heading_2(lang).to_owned()),
        ("heading_3", t::editor_heading_3(lang).to_owned()),
        ("bullet_list", t::editor_bullet_list(lang).to_owned()),
        ("ordered_list", t::editor_ordered_list(lang).to_owned()),
        ("outdent", t::editor_outdent(lang).to_owned()),
        ("indent", t::editor_indent(lang).to_owned()),
        ("quote", t::editor_quote(lang).to_owned()),
        ("code_block", t::editor_code_block(lang).to_owned()),
        ("link", t::editor_link(lang).to_owned()),
        ("image", t::editor_image(lang).to_owned()),
        ("undo", t::undo(lang).to_owned()),
        ("redo", t::editor_redo(lang).to_owned()),
        ("link_address", t::editor_link_address(lang).to_owned()),
        ("link_apply", t::editor_link_apply(lang).to_owned()),
        ("link_remove", t::editor_link_remove(lang).to_owned()),
        ("link_cancel", t::cancel(lang).to_owned()),
        ("link_invalid", t::editor_link_invalid(lang).to_owned()),
        ("uploading", t::file_uploading(lang, NAME)),
        ("uploaded", t::file_in_text(lang, NAME)),
        ("upload_failed", t::file_failed(lang, NAME)),
    ])
}

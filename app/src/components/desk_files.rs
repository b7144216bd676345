//! Files of a form: a plain file field that works at once, and uploads by itself in the browser
//! (`frontend/js/attachments`).

use domain::format::file_size;
use domain::views::DocumentView;
use leptos::prelude::*;

use super::desk_editor::{ready_after_hydration, strings};
use super::icon::Icon;
use super::text_area::filled;
use crate::boot::use_boot;
use crate::t::common as t;

/// Most files of one entry.
const MAX_FILES: u32 = 20;

/// The files of a form: those already uploaded, and the way to add more.
#[component]
pub fn DeskFiles(
    /// Name under which ids are sent: `form[attachments][]`.
    #[prop(into)]
    name: String,
    /// Files already uploaded (draft, edit).
    #[prop(optional)]
    attached: Vec<DocumentView>,
    /// Largest file in bytes.
    max_bytes: i64,
    /// Forbidden extensions.
    #[prop(optional)]
    forbidden: Vec<String>,
    /// Where the button "Upload" posts the whole form without scripts; empty = no such button.
    #[prop(optional, into)]
    upload_action: String,
) -> impl IntoView {
    let boot = use_boot();
    let lang = boot.lang;
    let ready = ready_after_hydration();
    // Static on purpose: the element hides and adds rows, which a reactive list would undo.
    let rows = attached
        .into_iter()
        .map(|file| {
            let id = file.id.to_string();
            let href = ["/documents/", id.as_str()].concat();
            let name = name.clone();
            let icon = if file.is_image { "file-image" } else { "file-text" };
            view! {
                <li class="file-row" data-id=id>
                    <Icon name=icon/>
                    <a class="file-name" href=href rel="external">{file.name}</a>
                    <span class="file-size">{file_size(file.size, lang)}</span>
                    <input r#type="hidden" name=name value=id.clone()/>
                </li>
            }
        })
        .collect_view();
    let limit = t::files_limit(lang, i64::from(MAX_FILES), &file_size(max_bytes, lang));
    // The browser's own upload makes the button needless; `<noscript>` would not survive hydration.
    let without_scripts = filled(upload_action).map(|action| {
        view! {
            <button
                class="btn btn-sm"
                r#type="submit"
                formaction=action
                formenctype="multipart/form-data"
                formnovalidate=true
                hidden=move || ready.get()
            >
                {t::file_upload(lang)}
            </button>
        }
    });
    view! {
        <desk-files
            name=name.clone()
            upload-url="/attachments"
            max-bytes=max_bytes.to_string()
            max-files=MAX_FILES.to_string()
            forbidden=forbidden.join(",")
            icons=boot.asset("icons.svg")
            strings=file_strings(lang)
            ready=move || ready.get()
        >
            <div class="drop-zone">
                <Icon name="upload"/>
                <span>{limit}</span>
                <label class="btn btn-sm">
                    {t::choose_files(lang)}
                    <input class="vh" r#type="file" name="file" multiple=true/>
                </label>
                {without_scripts}
            </div>
            <ul class="file-list">{rows}</ul>
        </desk-files>
    }
}

/// The element fills the slots itself.
fn file_strings(lang: domain::lang::Lang) -> String {
    const NAME: &str = "{name}";
    strings([
        ("cancel", t::cancel(lang).to_owned()),
        ("retry", t::try_again(lang).to_owned()),
        ("remove", t::remove(lang).to_owned()),
        ("uploading", t::file_uploading(lang, NAME)),
        ("uploaded", t::file_uploaded(lang, NAME)),
        ("removed", t::file_removed(lang, NAME)),
        ("waiting", t::file_waiting(lang).to_owned()),
        ("failed", t::file_failed(lang, NAME)),
        ("network", t::file_network(lang, NAME)),
        ("unauthorized", t::file_unauthorized(lang, NAME)),
        ("forbidden", t::file_forbidden(lang, NAME)),
        ("file_empty", t::file_empty(lang, NAME)),
        ("too_large", t::file_too_large(lang, "{limit}", NAME, "{size}")),
        ("too_many", t::file_too_many(lang, "{limit}", NAME)),
        ("type_not_allowed", t::file_type_not_allowed(lang, NAME)),
    ])
}

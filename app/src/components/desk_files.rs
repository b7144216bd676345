//! Files of a form: a plain file field that works at once, and uploads by itself in the browser
//! (`frontend/js/attachments`).

use domain::format::file_size;
use domain::lang::Lang;
use domain::views::DocumentView;
use leptos::prelude::*;

use super::desk_editor::{ready_after_hydration, strings};
use super::icon::Icon;
use super::id_of;
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
    /// Where the whole form is posted without scripts to upload or to take out a file (`kept::upload_path`).
    #[prop(into)]
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
            let (row, taken) = (id.clone(), id.clone());
            let href = ["/documents/", id.as_str()].concat();
            let (name, title) = (name.clone(), file.name.clone());
            let icon = if file.is_image { "file-image" } else { "file-text" };
            let action = upload_action.clone();
            view! {
                <li class="file-row" data-id=row>
                    <Icon name=icon/>
                    <a class="file-name" href=href rel="external">{file.name}</a>
                    <span class="file-size">{file_size(file.size, lang)}</span>
                    <input r#type="hidden" name=name value=id/>
                    // The browser's own list has a button of its own.
                    <button
                        class="btn btn-ghost btn-xs"
                        r#type="submit"
                        name="remove"
                        value=taken
                        formaction=action
                        formenctype="multipart/form-data"
                        formnovalidate=true
                        hidden=move || ready.get()
                    >
                        {t::remove(lang)}<span class="vh">" "{title}</span>
                    </button>
                </li>
            }
        })
        .collect_view();
    let limit = t::files_limit(lang, i64::from(MAX_FILES), &file_size(max_bytes, lang));
    // The browser's own upload makes the button needless; `<noscript>` would not survive hydration.
    let without_scripts = view! {
        <button
            class="btn btn-sm"
            r#type="submit"
            formaction=upload_action
            formenctype="multipart/form-data"
            formnovalidate=true
            hidden=move || ready.get()
        >
            {t::file_upload(lang)}
        </button>
    };
    let (id, error) = (id_of(&name), [id_of(&name).as_str(), "-error"].concat());
    // Without scripts the field has the name of the list: a file that was chosen but not uploaded is refused by the form
    // and not lost in silence. With scripts files go ahead of the form, and the field itself must not be posted.
    let field = name.clone();
    let field = move || (!ready.get()).then(|| field.clone());
    view! {
        <desk-files
            name=name
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
                <span class="drop-limit">{limit}</span>
                <label class="btn btn-sm" title=t::choose_files(lang)>
                    <Icon name="paperclip"/>
                    <span class="drop-word">{t::choose_files(lang)}</span>
                    <input class="vh" r#type="file" id=id name=field multiple=true aria-describedby=error/>
                </label>
                {without_scripts}
            </div>
            <ul class="file-list">{rows}</ul>
        </desk-files>
    }
}

fn file_strings(lang: Lang) -> String {
    sentences(lang, t::file_type_not_allowed(lang, NAME))
}

/// What stands for the name of a file: the element fills the slots itself.
pub(crate) const NAME: &str = "{name}";

/// The sentences of the element; why a kind of file is refused differs from form to form.
pub(crate) fn sentences(lang: Lang, not_allowed: String) -> String {
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
        ("type_not_allowed", not_allowed),
    ])
}

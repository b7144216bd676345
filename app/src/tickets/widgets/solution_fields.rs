//! What the form of a new solution and that of a changed one have in common: text, type, files, draft.

use domain::error::FieldErrors;
use domain::format;
use domain::lang::Lang;
use domain::views::{DocumentView, DraftView, SolutionPage};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::composer::{sentence_of, wrong_file};
use super::draft::text_and_html;
use crate::components::desk_editor::DeskEditor;
use crate::components::desk_files::DeskFiles;
use crate::components::field::{FieldError, SelectField};
use crate::components::form_error::FieldName;
use crate::t::solve as t;
use crate::t::tickets;
use crate::tickets::server_fns::DiscardDraft;

/// Id of the form behind "Discard".
const DISCARD: &str = "discard-solution";

/// What the fields begin with where there is no draft.
pub(crate) struct Written<'a> {
    /// The page.
    pub(crate) page: &'a SolutionPage,
    /// Text.
    pub(crate) body: String,
    /// The same with markup.
    pub(crate) html: String,
    /// Id of the type.
    pub(crate) kind: String,
    /// Files.
    pub(crate) files: Vec<DocumentView>,
    /// Where files are posted without scripts.
    pub(crate) upload: String,
}

/// The fields.
pub(crate) fn fields(lang: Lang, written: Written<'_>, wrong: Memo<FieldErrors>) -> AnyView {
    let page = written.page;
    let draft = page.draft.as_ref();
    let (text, html) = match draft {
        Some(_) => text_and_html(draft, "body"),
        None => (written.body, written.html),
    };
    let kind = draft.map_or(written.kind, |draft| draft.text("kind"));
    let files = attached(written.files, draft);
    let error = sentence_of(lang, wrong, "body");
    view! {
        <div class="field">
            <label r#for="form-body">{t::body(lang)}</label>
            <DeskEditor
                name="form[body]"
                format_name="form[format]"
                label=t::body(lang)
                text=text
                html=html
                described_by="form-body-error"
                invalid=Signal::derive(move || error.with(Option::is_some))
                rows=8
            />
            <FieldError id="form-body-error" error=error/>
        </div>
        <SelectField
            name="form[kind]"
            id="form-type"
            label=tickets::field_solution_type(lang)
            options=page.types.clone()
            value=kind
            blank=tickets::none(lang)
            error=sentence_of(lang, wrong, "type")
        />
        <DeskFiles
            name="form[attachments][]"
            attached=files
            max_bytes=page.upload_max
            forbidden=page.forbidden_extensions.clone()
            upload_action=written.upload
        />
        <FieldError id="form-attachments-error" error=wrong_file(lang, wrong)/>
    }
    .into_any()
}

/// The files of the solution that the draft still has, and those uploaded for the draft.
fn attached(own: Vec<DocumentView>, draft: Option<&DraftView>) -> Vec<DocumentView> {
    let Some(draft) = draft else { return own };
    let named = draft.fields.get("attachments").and_then(serde_json::Value::as_array);
    let is_named = |file: &DocumentView| {
        let id = file.id.to_string();
        named.is_none_or(|all| all.iter().any(|one| one.as_str() == Some(id.as_str())))
    };
    let is_new = |file: &&DocumentView| own.iter().all(|known| known.id != file.id);
    let added: Vec<DocumentView> = draft.attachments.iter().filter(is_new).cloned().collect();
    own.into_iter().filter(|file| is_named(file)).chain(added).collect()
}

/// What the summary of a refusal calls them.
pub(crate) fn field_names(lang: Lang) -> Vec<FieldName> {
    vec![
        FieldName { field: "body", label: t::body(lang) },
        FieldName { field: "type", label: tickets::field_solution_type(lang) },
        FieldName { field: "attachments", label: tickets::field_attachments(lang) },
    ]
}

/// When the draft was saved, with the button that gives it up; nothing where there is none.
pub(crate) fn discard_button(lang: Lang, page: &SolutionPage) -> Option<AnyView> {
    page.draft.as_ref().map(|draft| {
        let saved = tickets::draft_saved(lang, &format::smart(&draft.saved_at, &page.now, lang));
        view! {
            <span class="draft-state">{saved}</span>
            <button class="btn btn-ghost btn-sm" r#type="submit" form=DISCARD>{tickets::discard(lang)}</button>
        }
        .into_any()
    })
}

/// The form behind that button: stands beside the form of the draft, as forms do not nest.
pub(crate) fn discard(page: &SolutionPage, object: &str, back: &str) -> Option<AnyView> {
    page.draft.is_some().then(|| {
        view! {
            <form id=DISCARD method="post" action=DiscardDraft::url() hidden=true>
                <input r#type="hidden" name="kind" value="solution"/>
                <input r#type="hidden" name="object" value=object.to_owned()/>
                <input r#type="hidden" name="back" value=back.to_owned()/>
            </form>
        }
        .into_any()
    })
}

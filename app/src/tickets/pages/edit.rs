//! Changing an occurrence: the whole entry as one form, with a draft of its own (T-OCC-15).

use domain::error::{AppError, FieldErrors};
use domain::lang::Lang;
use domain::occurrence::Visibility;
use domain::views::{Choice, DocumentView, DraftView, OccurrencePage, OccurrenceView};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::boot::use_lang;
use crate::components::button::{LinkButton, SubmitButton};
use crate::components::desk_editor::DeskEditor;
use crate::components::desk_files::DeskFiles;
use crate::components::field::{FieldError, SelectField, TextField};
use crate::components::form_error::FormError;
use crate::form_action::{FormAction, form_action, refusal_of, send};
use crate::kept::{TextKept, upload_path};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::tickets as t;
use crate::tickets::server_fns::{EditOccurrence, occurrence_page};
use crate::tickets::widgets::address::{use_entry_id, use_number};
use crate::tickets::widgets::composer::{field_names, sentence_of, wrong_file};
use crate::tickets::widgets::composer_parts::VisibilitySwitch;
use crate::tickets::widgets::conflict::{cards, decided};
use crate::tickets::widgets::draft::{DiscardForm, Draft, DraftState, text_and_html};
use crate::tickets::widgets::mails::{MailLock, MailTick, MustKnow, went_out};
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::words;

type EditAction = FormAction<EditOccurrence>;

/// Page `/tickets/:number/occurrences/:id/edit`.
#[component]
pub fn EditOccurrencePage() -> impl IntoView {
    let (number, id) = (use_number(), use_entry_id());
    let edit = form_action::<EditOccurrence>();
    let data =
        Resource::new_blocking(move || (number.get(), id.get()), |(number, id)| occurrence_page(number, id, false));
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Edit page=page edit=edit/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

#[component]
fn Edit(page: OccurrencePage, edit: EditAction) -> impl IntoView {
    let lang = use_lang();
    let (number, id) = (page.occurrence.ticket, page.occurrence.id);
    // What was typed was typed over the version it was begun from, whatever was saved since.
    let version = page.draft.as_ref().and_then(DraftView::begun).unwrap_or(page.occurrence.version);
    let form = NodeRef::<html::Form>::new();
    let draft = Draft::new(form, "occurrence_edit", id.to_string(), page.draft.as_ref());
    let error = refusal_of(edit);
    let wrong = Memo::new(move |_| message::fields(error.get().as_ref()));
    let begins = visibility(&page);
    let lock = MailLock::new(page.mail.as_ref(), page.draft.as_ref(), begins);
    let was_mailed = page.occurrence.mail_state.is_some();
    forget_after_save(edit, draft);
    let discard = format!("discard-{id}");
    let here = edit_path(&page.occurrence);
    let back = format!("/tickets/{number}#occurrence-{id}");
    let choices = StoredValue::new(page.choices.clone());
    let conflicts = move || {
        error.with(|error| match error {
            Some(AppError::Conflict { conflicts, .. }) => {
                let all = choices
                    .with_value(|choices| conflicts.iter().map(|one| cards(lang, one, choices, None)).collect_view());
                let decided = decided(error.as_ref());
                Some(view! { <section class="stack" aria-label=t::conflict_title(lang)>{decided}{all}</section> })
            }
            _ => None,
        })
    };
    let is_conflict = move || error.with(|error| matches!(error, Some(AppError::Conflict { .. })));
    view! {
        <PartPage
            number=number
            title=page.title.clone()
            heading=t::edit_occurrence(lang)
            width="page-narrow editor-tall"
        >
            <form
                class="composer"
                method="post"
                action=EditOccurrence::url()
                node_ref=form
                on:submit=send(edit)
                on:input=move |_| draft.typed()
                on:change=move |_| draft.typed()
            >
                <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
                <input r#type="hidden" name="form[id]" value=id.to_string()/>
                <input r#type="hidden" name="form[ticket]" value=number.to_string()/>
                <input r#type="hidden" name="form[key]" value=page.key.clone()/>
                <input r#type="hidden" name="form[version]" value=version.to_string()/>
                <input r#type="hidden" name="form[begun]" value=version.to_string()/>
                <TextKept/>
                <FormError error=error fields=field_names(lang)/>
                {conflicts}
                <div class="composer-top"><VisibilitySwitch begins=begins lock=lock/></div>
                {visibility_hint(lang, &page.occurrence, error)}
                {text(lang, &page, wrong)}
                {fields(lang, &page, wrong)}
                <MailTick
                    offer=Signal::stored(page.mail.clone())
                    lock=lock
                    again=was_mailed
                    error=sentence_of(lang, wrong, "send_mail")
                />
                <div class="composer-send">
                    <DraftState draft=draft discard=discard.clone()/>
                    <LinkButton href=back>{move || if is_conflict() { t::keep_theirs(lang) } else { t::cancel(lang) }}</LinkButton>
                    <SubmitButton>{move || if is_conflict() { t::use_mine(lang) } else { t::save(lang) }}</SubmitButton>
                </div>
            </form>
            <DiscardForm id=discard draft=draft back=here/>
        </PartPage>
    }
}

/// The text of a draft where there is one, else what is stored.
fn kept(draft: Option<&DraftView>, field: &str, stored: String) -> String {
    draft.map_or(stored, |draft| draft.text(field))
}

fn visibility(page: &OccurrencePage) -> Visibility {
    let drafted = page.draft.as_ref().and_then(|draft| draft.text("visibility").parse().ok());
    drafted.unwrap_or(page.occurrence.visibility)
}

/// What a change of visibility does, said while it is chosen (T-OCC-17, 18).
fn visibility_hint(lang: Lang, entry: &OccurrenceView, error: Memo<Option<AppError>>) -> AnyView {
    match entry.visibility {
        Visibility::Private => {
            let files = i64::try_from(entry.attachments.len()).unwrap_or_default();
            view! { <p class="when-public small">{t::becomes_public(lang, files)}</p> }.into_any()
        }
        Visibility::Public => {
            let must_know = view! { <div class="when-private"><MustKnow known=went_out(entry) error=error/></div> };
            view! { <p class="when-private small">{t::becomes_private(lang)}</p>{must_know} }.into_any()
        }
    }
}

fn text(lang: Lang, page: &OccurrencePage, wrong: Memo<FieldErrors>) -> AnyView {
    let entry = &page.occurrence;
    let (text, html) = match &page.draft {
        Some(draft) => text_and_html(Some(draft), "body"),
        None => (entry.body_text.clone(), entry.body.as_str().to_owned()),
    };
    let error = sentence_of(lang, wrong, "body");
    let attached = attached(entry, page.draft.as_ref());
    let action = upload_path("occurrence_edit", &entry.id.to_string(), &edit_path(entry));
    view! {
        <DeskEditor
            name="form[body]"
            format_name="form[format]"
            label=t::field_body(lang)
            text=text
            html=html
            described_by="form-body-error"
            invalid=Signal::derive(move || error.with(Option::is_some))
        />
        <FieldError id="form-body-error" error=error/>
        <DeskFiles
            name="form[attachments][]"
            attached=attached
            max_bytes=page.choices.upload_max
            forbidden=page.choices.forbidden_extensions.clone()
            upload_action=action
        />
        <FieldError id="form-attachments-error" error=wrong_file(lang, wrong)/>
    }
    .into_any()
}

/// Address of this page.
fn edit_path(entry: &OccurrenceView) -> String {
    format!("/tickets/{}/occurrences/{}/edit", entry.ticket, entry.id)
}

/// The files of the entry that the draft still has, and those uploaded for the draft.
fn attached(entry: &OccurrenceView, draft: Option<&DraftView>) -> Vec<DocumentView> {
    let Some(draft) = draft else { return entry.attachments.clone() };
    let named = draft.fields.get("attachments").and_then(serde_json::Value::as_array);
    let is_named = |file: &DocumentView| {
        let id = file.id.to_string();
        named.is_none_or(|all| all.iter().any(|one| one.as_str() == Some(id.as_str())))
    };
    let is_own = |file: &DocumentView| entry.attachments.iter().any(|own| own.id == file.id);
    let own = entry.attachments.iter().filter(|file| is_named(file));
    own.chain(draft.attachments.iter().filter(|file| !is_own(file))).cloned().collect()
}

fn fields(lang: Lang, page: &OccurrencePage, wrong: Memo<FieldErrors>) -> AnyView {
    let entry = &page.occurrence;
    let saved = |field: &str, stored: String| kept(page.draft.as_ref(), field, stored);
    let id = |one: &Option<domain::views::Ref>| one.as_ref().map(|one| one.id.to_string()).unwrap_or_default();
    let minutes = entry.minutes.map(domain::duration::words).unwrap_or_default();
    // To the minute, as the field shows it: the server takes the same minute as unchanged.
    let occurred_at = entry.occurred_at.as_str().get(..16).unwrap_or_default().to_owned();
    let list = |field: &'static str, options: &[Choice], stored: String| {
        view! {
            <SelectField
                name=format!("form[{field}]")
                label=words::field(lang, field)
                options=options.to_vec()
                value=saved(field, stored)
                blank=words::nothing(lang, field)
                error=sentence_of(lang, wrong, field)
            />
        }
    };
    view! {
        <div class="field-grid field-grid-tight">
            <TextField
                name="form[minutes]"
                label=t::field_minutes(lang)
                value=saved("minutes", minutes)
                placeholder="1h30"
                error=sentence_of(lang, wrong, "minutes")
            />
            <TextField
                name="form[occurred_at]"
                label=t::happened_at(lang)
                kind="datetime-local"
                value=saved("occurred_at", occurred_at)
                error=sentence_of(lang, wrong, "occurred_at")
            />
            {list("source", &page.choices.occurrence_sources, id(&entry.source))}
            {list("category", &page.choices.occurrence_categories, id(&entry.category))}
        </div>
    }
    .into_any()
}

fn forget_after_save(edit: EditAction, draft: Draft) {
    let value = edit.value();
    Effect::new(move |_| {
        if value.with(|value| matches!(value, Some(Ok(())))) {
            draft.posted();
        }
    });
}

//! All files of a ticket that its reader may see, by name, and the form to add more (T-DOC-02, T-DOC-04).

use domain::error::AppError;
use domain::format;
use domain::lang::Lang;
use domain::views::{Choice, DocumentView, DocumentsView, FileGroup, FileView, Moment, RemovedFile};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;

use crate::boot::use_lang;
use crate::components::banner::{Banner, Tone};
use crate::components::button::SubmitButton;
use crate::components::desk_files::DeskFiles;
use crate::components::empty::EmptyState;
use crate::components::field::{FieldError, SelectField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::components::icon::Icon;
use crate::components::sign::PrivateMark;
use crate::documents::server_fns::{AddDocuments, RemoveDocument, ticket_documents};
use crate::form_action::{form_action, refusal_of};
use crate::kept::{TextKept, upload_path};
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::documents as t;
use crate::t::tickets;
use crate::tickets::widgets::address::use_number;
use crate::tickets::widgets::parts::PartPage;
use crate::tickets::widgets::words;

/// Longest comment, in characters (T-DOC-02).
const COMMENT_MAX: u32 = 500;
/// Longest name, in characters (T-DOC-01).
const NAME_MAX: u32 = 255;

/// Page `/tickets/:number/documents`.
#[component]
pub fn TicketDocumentsPage() -> impl IntoView {
    let (number, query) = (use_number(), use_query_map());
    let done = Memo::new(move |_| query.with(|map| map.get("done").unwrap_or_default()));
    let data = Resource::new_blocking(move || number.get(), ticket_documents);
    view! {
        <Transition fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => view! { <Documents page=page done=done.get_untracked()/> }.into_any(),
                Err(refusal) => refused(&refusal),
            })}
        </Transition>
    }
}

#[component]
fn Documents(page: DocumentsView, done: String) -> impl IntoView {
    let lang = use_lang();
    let number = page.number;
    let adding = refusal_of(form_action::<AddDocuments>());
    let removing = refusal_of(form_action::<RemoveDocument>());
    let told = match removing.get_untracked() {
        Some(error) => Some(view! { <Banner tone=Tone::Error text=message::sentence(lang, &error)/> }.into_any()),
        None if adding.with_untracked(Option::is_some) => None,
        None => done_words(lang, &done).map(|words| view! { <Banner tone=Tone::Done text=words/> }.into_any()),
    };
    let list = if page.groups.is_empty() {
        view! { <EmptyState icon="paperclip" title=t::none(lang)/> }.into_any()
    } else {
        let groups = page.groups.iter().map(|one| group(lang, number, one, &page.now)).collect_view();
        view! { <ul class="card files-by-name">{groups}</ul> }.into_any()
    };
    let removed = (!page.removed.is_empty()).then(|| {
        let lines = page.removed.iter().map(|one| gone(lang, one, &page.now)).collect_view();
        view! { <ul class="files-removed small muted">{lines}</ul> }
    });
    let form = page.may_add.then(|| form(lang, &page, adding));
    view! {
        <PartPage
            number=number
            title=page.title.clone()
            name=t::title_of(lang, &number.to_string())
            heading=tickets::documents(lang)
            part="documents"
            width="page-mid"
        >
            {told}
            {list}
            {removed}
            {form}
        </PartPage>
    }
}

/// What the last post did.
fn done_words(lang: Lang, done: &str) -> Option<&'static str> {
    match done {
        "added" => Some(t::added_done(lang)),
        "removed" => Some(t::removed_done(lang)),
        _ => None,
    }
}

/// The newest file of a name with its older versions below.
fn group(lang: Lang, number: i64, group: &FileGroup, now: &Moment) -> AnyView {
    let older = (!group.older.is_empty()).then(|| {
        let count = i64::try_from(group.older.len()).unwrap_or(i64::MAX);
        let rows = group.older.iter().map(|one| view! { <li>{file(lang, number, one, now)}</li> }).collect_view();
        view! { <details class="fold"><summary><Icon name="chevron-right" small=true/>{t::older(lang, count)}</summary><ul class="files-older">{rows}</ul></details> }
    });
    view! { <li>{file(lang, number, &group.newest, now)}{older}</li> }.into_any()
}

fn file(lang: Lang, number: i64, file: &FileView, now: &Moment) -> AnyView {
    let document = &file.document;
    let (href, is_private) = (format!("/documents/{}", document.id), document.visibility.is_private());
    let download = format!("{href}?download=1");
    let image = document.is_image.then(|| {
        let (source, alt) = (href.clone(), document.name.clone());
        view! { <a class="file-picture" href=href.clone() rel="external"><img src=source alt=alt loading="lazy"/></a> }
    });
    let icon = if document.is_image { "file-image" } else { "file-text" };
    let mark = is_private.then(|| view! { <PrivateMark/> });
    let at = document.registered_at.as_ref().map(|at| format::smart(at, now, lang)).unwrap_or_default();
    let comment = document.comment.clone().map(|comment| view! { <p class="file-comment">{comment}</p> });
    let remove = file.can_remove.then(|| {
        view! {
            <details class="sure">
                <summary class="btn btn-ghost btn-xs">{t::remove(lang)}<span class="vh">" "{document.name.clone()}</span></summary>
                <form method="post" action=RemoveDocument::url()>
                    <p class="small">{t::remove_consequence(lang)}</p>
                    <input r#type="hidden" name="form[id]" value=document.id.to_string()/>
                    <input r#type="hidden" name="form[ticket]" value=number.to_string()/>
                    <button class="btn btn-error btn-xs" r#type="submit">{t::remove_now(lang)}</button>
                </form>
            </details>
        }
    });
    view! {
        <div class="file-entry" class:private=is_private>
            {image}
            <div class="file-about">
                <div class="file-line">
                    {mark}
                    <Icon name=icon/>
                    <a class="file-name" href=href rel="external">{document.name.clone()}</a>
                    <span class="file-size">{format::file_size(document.size, lang)}</span>
                </div>
                {comment}
                <p class="small muted">
                    {t::by(lang, &document.author.name, &at)}" · "
                    <a class="link" href=entry_of(number, document)>{entry_words(lang, document)}</a>
                </p>
            </div>
            <div class="btn-group">
                <a class="btn btn-ghost btn-xs" href=download rel="external">
                    {t::download(lang)}<span class="vh">" "{document.name.clone()}</span>
                </a>
                {remove}
            </div>
        </div>
    }
    .into_any()
}

/// Where the entry of a file stands.
fn entry_of(number: i64, document: &DocumentView) -> String {
    let id = document.entry_id.map(|id| id.to_string()).unwrap_or_default();
    match document.entry_kind.as_deref() {
        Some("description") => format!("/tickets/{number}#description"),
        Some("validation") => format!("/tickets/{number}/validations#validation-{id}"),
        Some(kind) => format!("/tickets/{number}?around={kind}-{id}#{kind}-{id}"),
        None => format!("/tickets/{number}"),
    }
}

fn entry_words(lang: Lang, document: &DocumentView) -> &'static str {
    match document.entry_kind.as_deref() {
        Some("description") => t::of_description(lang),
        Some("occurrence") => t::of_occurrence(lang),
        Some("task") => t::of_task(lang),
        Some("solution") => t::of_solution(lang),
        Some("validation" | "validation_answer") => t::of_validation(lang),
        _ => t::of_document(lang),
    }
}

fn gone(lang: Lang, one: &RemovedFile, now: &Moment) -> AnyView {
    let words = match &one.name {
        Some(name) => t::removed_named(lang, name),
        None => t::removed(lang).to_owned(),
    };
    let by = t::by(lang, &words::name(lang, &one.by), &format::smart(&one.at, now, lang));
    view! { <li><Icon name="trash-2" small=true/>{words}" · "{by}</li> }.into_any()
}

fn form(lang: Lang, page: &DocumentsView, refusal: Memo<Option<AppError>>) -> AnyView {
    let wrong = move |field: &'static str| {
        Signal::derive(move || {
            refusal.with(|error| message::field_sentence(lang, &message::fields(error.as_ref()), field))
        })
    };
    let wrong_file =
        Signal::derive(move || refusal.with(|error| message::files_sentence(lang, &message::fields(error.as_ref()))));
    let draft = page.draft.as_ref();
    let text = |field: &str| draft.map(|draft| draft.text(field)).unwrap_or_default();
    let begun = text("visibility");
    let visibility = if begun.is_empty() { page.visibility.clone() } else { begun };
    let option = |value: &str, name: &str| Choice { value: value.to_owned(), name: name.to_owned(), depth: 0 };
    let options = vec![option("private", tickets::private(lang)), option("public", tickets::public(lang))];
    let here = format!("/tickets/{}/documents#add", page.number);
    let upload = upload_path("document", &page.number.to_string(), &here);
    let fields = vec![
        FieldName { field: "attachments", label: t::files(lang) },
        FieldName { field: "name", label: t::name(lang) },
        FieldName { field: "comment", label: t::comment(lang) },
        FieldName { field: "visibility", label: tickets::field_visibility(lang) },
    ];
    view! {
        <form class="card form" id="add" method="post" action=AddDocuments::url() aria-labelledby="add-title">
            <h2 class="card-title" id="add-title">{t::add(lang)}</h2>
            <TextKept/>
            <FormError error=refusal fields=fields/>
            <input r#type="hidden" name="form[ticket]" value=page.number.to_string()/>
            <input r#type="hidden" name="form[key]" value=page.key.clone()/>
            <DeskFiles
                name="form[attachments][]"
                attached=draft.map(|draft| draft.attachments.clone()).unwrap_or_default()
                max_bytes=page.upload_max
                forbidden=page.forbidden_extensions.clone()
                upload_action=upload
            />
            <FieldError id="form-attachments-error" error=wrong_file/>
            <div class="field-grid">
                <TextField name="form[name]" label=t::name(lang) hint=t::name_hint(lang) value=text("name") maxlength=NAME_MAX error=wrong("name")/>
                <SelectField
                    name="form[visibility]"
                    label=tickets::field_visibility(lang)
                    options=options
                    value=visibility
                    error=wrong("visibility")
                />
            </div>
            <TextField name="form[comment]" label=t::comment(lang) value=text("comment") maxlength=COMMENT_MAX error=wrong("comment") wide=true/>
            <div class="form-foot"><SubmitButton>{t::add(lang)}</SubmitButton></div>
        </form>
    }
    .into_any()
}

//! The form of an article. What was typed and refused, or not sent, comes back until it is saved or discarded (T-DRF-01).

use domain::error::{AppError, FieldErrors};
use domain::format;
use domain::knowledge::{ArticleStatus, Audience, TITLE_MAX};
use domain::lang::Lang;
use domain::views::{ArticleForm, Choice};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::parts;
use crate::account::preferences::own_name;
use crate::boot::use_lang;
use crate::components::back_link::BackLink;
use crate::components::banner::{Banner, Tone};
use crate::components::button::{ButtonKind, LinkButton};
use crate::components::desk_editor::DeskEditor;
use crate::components::desk_files::DeskFiles;
use crate::components::field::{Checkbox, Field, FieldError, RadioGroup, SelectField, TextField};
use crate::components::form_error::{FieldName, FormError};
use crate::components::page_title::PageTitle;
use crate::form_action::{form_action, refusal_of};
use crate::kept::{TextKept, upload_path};
use crate::knowledge::server_fns::{SaveArticle, article_form};
use crate::knowledge::{address, words};
use crate::layouts::agent::AgentLayout;
use crate::layouts::answer::Loading;
use crate::message;
use crate::t::knowledge as t;
use crate::tickets::server_fns::{DiscardDraft, SaveDraft};
use crate::tickets::widgets::conflict::decided;

/// Id of the form behind "Discard".
const DISCARD: &str = "discard-article";

/// Pages `/knowledge/new` and `/knowledge/:id/edit`.
#[component]
pub fn ArticleEditPage() -> impl IntoView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        let of = |name: &str| query.with(|map| map.get(name).unwrap_or_default());
        (params.with(|map| map.get("id").unwrap_or_default()), of("translation_of"), of("ticket"))
    });
    let done = Memo::new(move |_| query.with(|map| map.get("done").unwrap_or_default()));
    let refusal = refusal_of(form_action::<SaveArticle>());
    let data = Resource::new_blocking(
        move || asked.get(),
        |(id, translation_of, ticket)| article_form(id, translation_of, ticket),
    );
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => content(lang, &page, refusal, &done.get()),
                Err(refusal) => parts::refused(lang, &refusal),
            })}
        </Suspense>
    }
}

/// The address of this form, to come back to.
fn here(page: &ArticleForm) -> String {
    match (&page.row, &page.translation_of) {
        (Some(row), _) => address::edit(row.id),
        (None, Some(original)) => address::translate(original.id),
        (None, None) if page.form.ticket > 0 => address::new_for(page.form.ticket),
        (None, None) => address::NEW.to_owned(),
    }
}

fn content(lang: Lang, page: &ArticleForm, refusal: Memo<Option<AppError>>, done: &str) -> AnyView {
    let title = match &page.row {
        Some(row) => t::edit_title(lang, &row.title),
        None => t::add(lang).to_owned(),
    };
    let back = page.row.as_ref().map_or_else(
        || if page.form.ticket > 0 { address::of_ticket(page.form.ticket) } else { address::LIST.to_owned() },
        |row| address::page(row.id),
    );
    let done = parts::done(lang, done).filter(|_| refusal.with_untracked(Option::is_none));
    let notices = notices(lang, page);
    let form = form(lang, page, refusal, back.clone());
    let (object, here) = (object(page), here(page));
    view! {
        <PageTitle text=title.clone()/>
        <AgentLayout>
            <div class="page page-mid editor-tall">
                <BackLink href=back words=t::title(lang)/>
                <div class="page-head"><h1>{title}</h1></div>
                {done}
                {notices}
                {form}
                <form id=DISCARD method="post" action=DiscardDraft::url() hidden=true>
                    <input r#type="hidden" name="kind" value="article"/>
                    <input r#type="hidden" name="object" value=object/>
                    <input r#type="hidden" name="back" value=here/>
                </form>
            </div>
        </AgentLayout>
    }
    .into_any()
}

/// What the draft is about.
fn object(page: &ArticleForm) -> String {
    page.row.as_ref().map_or_else(|| "new".to_owned(), |row| row.id.to_string())
}

fn notices(lang: Lang, page: &ArticleForm) -> AnyView {
    let unsaved = page.is_unsaved.then(|| {
        let time = page.saved_at.as_ref().map(format::time).unwrap_or_default();
        view! {
            <Banner text=t::unsaved(lang, &time)>
                <button class="btn btn-ghost btn-sm" r#type="submit" form=DISCARD>{t::discard(lang)}</button>
            </Banner>
        }
    });
    let stale = page.is_stale.then(|| view! { <Banner tone=Tone::Warning text=t::stale(lang)/> });
    let translates = page.translation_of.as_ref().map(|original| {
        let href = address::page(original.id);
        view! { <p class="muted"><a class="link" href=href>{t::translation_of(lang, &original.name)}</a></p> }
    });
    let links = (page.row.is_none() && page.form.ticket > 0).then(|| {
        view! { <p class="muted">{t::linked_to(lang, &page.form.ticket.to_string())}</p> }
    });
    view! { {unsaved}{stale}{translates}{links} }.into_any()
}

fn form(lang: Lang, page: &ArticleForm, refusal: Memo<Option<AppError>>, back: String) -> AnyView {
    let wrong = Memo::new(move |_| message::fields(refusal.get().as_ref()));
    let begun = &page.form;
    // Of a draft it is the version it was begun from: what was saved since stays, or is asked.
    let version = begun.version.to_string();
    let is_published = page.row.as_ref().is_some_and(|row| row.status == ArticleStatus::Published);
    let publish = (!is_published).then(|| {
        view! {
            <button class="btn btn-sm" r#type="submit" name="form[publish]" value="true">{t::save_and_publish(lang)}</button>
        }
    });
    let save = if is_published { t::save(lang) } else { t::save_draft(lang) };
    let conflicts = move || refusal.with(|error| conflicts(lang, error.as_ref()));
    view! {
        <form
            class="card form"
            method="post"
            action=SaveArticle::url()
            data-draft=SaveDraft::url()
            data-draft-kind="article"
            data-draft-object=object(page)
            data-draft-saved=t::draft_saved(lang, "{time}")
            data-draft-without="ticket"
        >
            // Enter in a field takes the first button of a form.
            <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
            <TextKept/>
            <FormError error=refusal fields=field_names(lang)/>
            {conflicts}
            <input r#type="hidden" name="form[id]" value=begun.id.clone()/>
            <input r#type="hidden" name="form[key]" value=begun.key.clone()/>
            <input r#type="hidden" name="form[version]" value=version.clone()/>
            <input r#type="hidden" name="form[begun]" value=version/>
            <input r#type="hidden" name="form[ticket]" value=begun.ticket.to_string()/>
            <input r#type="hidden" name="form[translation_of]" value=begun.translation_of.clone()/>
            <TextField
                name="form[title]"
                label=t::field_title(lang)
                value=begun.title.clone()
                required=true
                maxlength=u32::try_from(TITLE_MAX).unwrap_or(250)
                error=sentence(lang, wrong, "title")
            />
            {text(lang, page, wrong)}
            {audience(lang, page, wrong)}
            {fields(lang, page, wrong)}
            {files(lang, page, wrong)}
            <div class="form-foot">
                <span class="draft-state small muted" data-draft-state="" role="status"></span>
                <LinkButton href=back kind=ButtonKind::Ghost>{crate::t::common::cancel(lang)}</LinkButton>
                {publish}
                <button class="btn btn-primary btn-sm" r#type="submit">{save}</button>
            </div>
        </form>
    }
    .into_any()
}

/// Fields that somebody else changed meanwhile, with what he made of them.
fn conflicts(lang: Lang, error: Option<&AppError>) -> Option<AnyView> {
    let Some(AppError::Conflict { conflicts, .. }) = error else { return None };
    let rows = conflicts
        .iter()
        .map(|one| {
            let field = words::field(lang, &one.field);
            let theirs = one.theirs.as_str().unwrap_or_default().to_owned();
            let by = one.by.clone().unwrap_or_default();
            view! { <li><b>{field}</b>" "{t::changed_by(lang, &by)}" "<span class="muted">{theirs}</span></li> }
        })
        .collect::<Vec<_>>();
    let decided = decided(error);
    (!rows.is_empty()).then(|| view! { {decided}<ul class="article-conflicts">{rows}</ul> }.into_any())
}

fn text(lang: Lang, page: &ArticleForm, wrong: Memo<FieldErrors>) -> AnyView {
    let error = sentence(lang, wrong, "body");
    let (text, html) = (page.text.clone(), page.html.clone());
    view! {
        <Field id="form-body" label=t::field_body(lang) error=error wide=true required=true>
            <DeskEditor
                name="form[body]"
                format_name="form[format]"
                label=t::field_body(lang)
                text=text
                html=html
                rows=16
                described_by="form-body-error"
                invalid=Signal::derive(move || error.with(Option::is_some))
            />
        </Field>
    }
    .into_any()
}

/// For whom it is; one from a private entry becomes public only knowingly (T-KNO-04).
fn audience(lang: Lang, page: &ArticleForm, wrong: Memo<FieldErrors>) -> AnyView {
    let options: Vec<Choice> = Audience::ALL
        .into_iter()
        .map(|one| Choice { value: one.as_str().to_owned(), name: words::audience(lang, one).to_owned(), depth: 0 })
        .collect();
    let is_public = page.row.as_ref().is_some_and(|row| row.audience == Some(Audience::Public));
    let confirm = (page.is_from_private && !is_public).then(|| {
        view! {
            <Checkbox name="form[confirm_public]" label=t::confirm_public(lang) hint=t::confirm_public_hint(lang)/>
            <FieldError id="form-confirm_public-error" error=sentence(lang, wrong, "confirm_public")/>
        }
    });
    view! {
        <RadioGroup
            name="form[audience]"
            legend=t::field_audience(lang)
            options=options
            value=page.form.audience.clone()
            error=sentence(lang, wrong, "audience")
        />
        {confirm}
    }
    .into_any()
}

fn fields(lang: Lang, page: &ArticleForm, wrong: Memo<FieldErrors>) -> AnyView {
    let begun = &page.form;
    let languages: Vec<Choice> = Lang::ALL
        .into_iter()
        .map(|of| Choice { value: of.code().to_owned(), name: own_name(of).to_owned(), depth: 0 })
        .collect();
    let entity = match &page.entity {
        Some(entity) => {
            let name = entity.name.clone();
            view! { <div class="field"><span class="field-label">{t::entity(lang)}</span><span>{name}</span></div> }
                .into_any()
        }
        None => view! {
            <SelectField
                name="form[entity]"
                label=t::entity(lang)
                options=page.entities.clone()
                value=begun.entity.clone()
                error=sentence(lang, wrong, "entity")
            />
        }
        .into_any(),
    };
    view! {
        <div class="field-grid">
            <SelectField
                name="form[language]"
                label=t::language(lang)
                options=languages
                value=begun.language.clone()
                error=sentence(lang, wrong, "language")
            />
            <SelectField
                name="form[category]"
                label=t::category(lang)
                options=page.categories.clone()
                value=begun.category.clone()
                blank=t::no_category(lang)
                error=sentence(lang, wrong, "category")
            />
            <SelectField
                name="form[owner]"
                label=t::owner(lang)
                options=page.owners.clone()
                value=begun.owner.clone()
                blank=t::nobody(lang)
                error=sentence(lang, wrong, "owner")
            />
            <TextField
                name="form[review_on]"
                label=t::review_on(lang)
                kind="date"
                value=begun.review_on.clone()
                error=sentence(lang, wrong, "review_on")
            />
            {entity}
        </div>
        <Checkbox name="form[recursive]" label=t::recursive(lang) checked=begun.recursive/>
    }
    .into_any()
}

fn files(lang: Lang, page: &ArticleForm, wrong: Memo<FieldErrors>) -> AnyView {
    let error = Signal::derive(move || wrong.with(|wrong| message::files_sentence(lang, wrong)));
    view! {
        <div class="field">
            <span class="field-label">{t::files(lang)}</span>
            <DeskFiles
                name="form[attachments][]"
                attached=page.attachments.clone()
                max_bytes=page.upload_max
                forbidden=page.forbidden_extensions.clone()
                upload_action=upload_path("article", &object(page), &here(page))
            />
            <FieldError id="form-attachments-error" error=error/>
        </div>
    }
    .into_any()
}

fn sentence(lang: Lang, wrong: Memo<FieldErrors>, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        wrong.with(|wrong| {
            let code = wrong.of(field)?;
            Some(words::wrong(lang, field, code))
        })
    })
}

fn field_names(lang: Lang) -> Vec<FieldName> {
    words::FIELDS.map(|field| FieldName { field, label: words::field(lang, field) }).to_vec()
}

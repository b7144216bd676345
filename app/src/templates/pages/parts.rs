//! Parts of the page of a template: its texts, the words they may use, how it looks, who uses it, how it goes.

use domain::error::FieldErrors;
use domain::forms::SaveTemplate as Form;
use domain::lang::Lang;
use domain::template::{TemplateKind, text_field};
use domain::views::{Choice, TemplatePage};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::account::preferences::own_name;
use crate::components::banner::{Banner, Tone};
use crate::components::field::{Field, SelectField, TextField};
use crate::components::icon::Icon;
use crate::components::id_of;
use crate::components::rich_text::RichText;
use crate::components::text_area::TextArea;
use crate::message;
use crate::t::templates as t;
use crate::templates::server_fns::RemoveTemplate;
use crate::templates::words;

/// Id of the form behind "Discard".
pub(super) const DISCARD: &str = "discard-template";
/// Id of what is said about all texts.
pub(super) const TEXTS_HINT: &str = "texts-hint";
/// Id of the words to copy.
const VARIABLES: &str = "variables";

/// What the page says first: saved, not saved yet, saved by somebody else meanwhile.
pub(super) fn notices(lang: Lang, page: &TemplatePage, saved: bool) -> AnyView {
    let saved = (saved && !page.is_unsaved).then(|| view! { <Banner tone=Tone::Done text=t::saved(lang)/> });
    let unsaved = page.is_unsaved.then(|| {
        view! {
            <Banner text=t::unsaved(lang)>
                <button class="btn btn-ghost btn-sm" r#type="submit" form=DISCARD>{t::discard(lang)}</button>
            </Banner>
        }
    });
    let stale = page.is_stale.then(|| view! { <Banner tone=Tone::Warning text=t::stale(lang)/> });
    view! { {saved}{unsaved}{stale} }.into_any()
}

/// The text in a language, with what is wrong with it.
pub(super) fn text(lang: Lang, of: Lang, page: &TemplatePage, wrong: Memo<FieldErrors>) -> AnyView {
    let field = text_field(of);
    let id = id_of(&["form[", field, "]"].concat());
    let fault = page.faults.iter().find(|fault| fault.lang == of).map(|fault| words::fault(lang, fault));
    let error = Signal::derive(move || {
        fault.clone().or_else(|| wrong.with(|wrong| message::field_sentence(lang, wrong, field)))
    });
    let described = [TEXTS_HINT, " ", VARIABLES, " ", &id, "-error"].concat();
    let rows = if page.kind == TemplateKind::Mail { 10 } else { 6 };
    let own = page.form.text(of).to_owned();
    view! {
        <Field id=id.clone() label=own_name(of) error=error wide=true>
            <TextArea
                id=id
                name=["form[", Form::text_name(of), "]"].concat()
                text=own
                rows=rows
                class="textarea template-text"
                described_by=described
                invalid=Signal::derive(move || error.with(Option::is_some))
            />
        </Field>
    }
    .into_any()
}

/// The words a text may use, to be copied.
pub(super) fn variables(lang: Lang, page: &TemplatePage) -> AnyView {
    let all = page
        .variables
        .iter()
        .map(|name| view! { <li><code>{["{{ ", name.as_str(), " }}"].concat()}</code></li> })
        .collect_view();
    view! {
        <details class="fold" id=VARIABLES>
            <summary><Icon name="chevron-right"/>{t::variables(lang)}</summary>
            <ul class="template-words">{all}</ul>
            <p class="field-hint">{t::variables_hint(lang)}</p>
            <ul class="template-words">
                <li><code>"{{ ticket.opened_at | date }}"</code></li>
                <li><code>"{{ user.name | default(\"Support\") }}"</code></li>
                <li><code>"{% if ticket.category %} … {% else %} … {% endif %}"</code></li>
                <li><code>"{% for person in requesters %} {{ person.first_name }} {% endfor %}"</code></li>
            </ul>
        </details>
    }
    .into_any()
}

/// Which ticket it is shown with, and in which language.
pub(super) fn ask_preview(lang: Lang, page: &TemplatePage, ticket: &str, language: &str) -> AnyView {
    let languages = Lang::ALL
        .into_iter()
        .map(|of| Choice { value: of.code().to_owned(), name: own_name(of).to_owned(), depth: 0 })
        .collect::<Vec<_>>();
    let chosen = if language.is_empty() { lang.code() } else { language };
    let unknown = page.is_ticket_unknown.then(|| t::ticket_unknown(lang).to_owned());
    view! {
        <div class="template-preview-bar">
            <TextField
                name="form[ticket]"
                label=t::preview_ticket(lang)
                value=ticket.to_owned()
                maxlength=20
                error=Signal::derive(move || unknown.clone())
            />
            <SelectField name="form[language]" label=t::preview_language(lang) options=languages value=chosen.to_owned()/>
            <button class="btn btn-sm" r#type="submit" name="form[preview]" value="true"><Icon name="eye"/>{t::show_preview(lang)}</button>
        </div>
    }
    .into_any()
}

/// How it looks with the ticket.
pub(super) fn preview(lang: Lang, page: &TemplatePage) -> AnyView {
    let shown = page.preview.as_ref().map(|preview| {
        let title = t::preview_of(lang, own_name(preview.lang), &preview.ticket.to_string());
        let of = preview.lang.code();
        view! {
            <section class="card template-preview" id="preview" aria-labelledby="preview-title">
                <h2 class="card-title" id="preview-title">{title}</h2>
                <div lang=of><RichText html=preview.html.clone()/></div>
            </section>
        }
    });
    view! { {shown} }.into_any()
}

/// The settings that name it.
pub(super) fn used(lang: Lang, page: &TemplatePage) -> AnyView {
    let all: Vec<AnyView> =
        page.uses.iter().map(|one| view! { <li>{words::used(lang, one)}</li> }.into_any()).collect();
    let shown = (!all.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="used-title">
                <h2 class="card-title" id="used-title">{t::used_by(lang)}</h2>
                <ul class="template-uses">{all}</ul>
            </section>
        }
    });
    view! { {shown} }.into_any()
}

/// How it goes; what a setting names, and what came with the product, stays.
pub(super) fn remove(lang: Lang, page: &TemplatePage) -> AnyView {
    let removable = page.row.as_ref().filter(|row| row.editable && !row.shipped && page.uses.is_empty());
    let shown = removable.map(|row| {
        view! {
            <details class="fold template-remove">
                <summary><Icon name="chevron-right"/>{t::remove(lang)}</summary>
                <form method="post" action=RemoveTemplate::url()>
                    <p class="small">{t::remove_consequence(lang)}</p>
                    <input r#type="hidden" name="id" value=row.id.to_string()/>
                    <button class="btn btn-error btn-sm" r#type="submit">{t::remove_now(lang)}</button>
                </form>
            </details>
        }
    });
    view! { {shown} }.into_any()
}

/// Options with the chosen one, also where it can no longer be chosen.
pub(super) fn with_chosen(lang: Lang, mut options: Vec<Choice>, chosen: &str) -> Vec<Choice> {
    if !chosen.is_empty() && options.iter().all(|option| option.value != chosen) {
        options.insert(0, Choice { value: chosen.to_owned(), name: t::gone(lang).to_owned(), depth: 0 });
    }
    options
}

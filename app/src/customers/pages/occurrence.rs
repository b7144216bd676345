//! Pages of one occurrence: changing it, deleting it, its versions (C-OCC-07, C-OCC-09).

use domain::format;
use domain::lang::Lang;
use domain::views::{
    CustomerOccurrencePage as Page, CustomerOccurrenceRevision as Revision, CustomerOccurrenceView, DiffPart,
    FieldChange, Moment,
};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

use crate::boot::use_lang;
use crate::components::button::{ButtonKind, LinkButton, SubmitButton};
use crate::components::form_error::FormError;
use crate::components::rich_text::RichText;
use crate::components::when::Time;
use crate::customers::server_fns::{
    RunCustomerOccurrence, SaveCustomerOccurrence, customer_occurrence, customer_occurrence_edit,
};
use crate::customers::widgets::entry::pictures;
use crate::customers::widgets::occurrence_form::{Begun, Form};
use crate::customers::widgets::{Back, hidden, impact, plain};
use crate::customers::{address, words};
use crate::form_action::{form_action, refusal_of};
use crate::layouts::answer::{Loading, refused};
use crate::t::common;
use crate::t::customers as t;
use crate::tickets::widgets::words::name;

/// The id in the address.
fn use_id() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|map| map.get("id")).unwrap_or_default())
}

/// Page `/customer-occurrences/:id/edit`.
#[component]
pub fn EditCustomerOccurrencePage() -> impl IntoView {
    let (lang, id) = (use_lang(), use_id());
    let data = Resource::new_blocking(move || id.get(), customer_occurrence_edit);
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => edit(lang, &page),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

/// Page `/customer-occurrences/:id/remove`.
#[component]
pub fn RemoveCustomerOccurrencePage() -> impl IntoView {
    let (lang, id) = (use_lang(), use_id());
    let data = Resource::new_blocking(move || id.get(), customer_occurrence);
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => remove(lang, &page),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

/// Page `/customer-occurrences/:id/revisions`.
#[component]
pub fn CustomerOccurrenceRevisionsPage() -> impl IntoView {
    let (lang, id) = (use_lang(), use_id());
    let data = Resource::new_blocking(move || id.get(), customer_occurrence);
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(page) => revisions(lang, &page),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

/// The way back to the occurrence on the page of its customer.
fn back(one: &CustomerOccurrenceView) -> Back {
    (address::at_occurrence(one.customer.id, one.id, ""), one.customer.name.clone())
}

fn edit(lang: Lang, page: &Page) -> AnyView {
    let one = &page.occurrence;
    let refusal = refusal_of(form_action::<SaveCustomerOccurrence>());
    let Some(form) = &page.form else { return ().into_any() };
    let begun = match &form.draft {
        Some(draft) => Begun::of_draft(draft, String::new()),
        None => Begun::of_occurrence(one),
    };
    let form = Form {
        lang,
        form,
        present: Some(one),
        begun,
        here: address::of_occurrence(one.id, "edit"),
        cancel: back(one).0,
        refusal,
    };
    plain(t::edit_occurrence(lang), Some(back(one)), form.view())
}

fn remove(lang: Lang, page: &Page) -> AnyView {
    let one = &page.occurrence;
    let refusal = refusal_of(form_action::<RunCustomerOccurrence>());
    let day = one.occurred_on.map(|day| format::calendar_date(day, lang)).unwrap_or_default();
    let (cancel, _) = back(one);
    let content = view! {
        <form class="card form" method="post" action=RunCustomerOccurrence::url()>
            <FormError error=refusal/>
            <p>{t::delete_occurrence_hint(lang)}</p>
            <blockquote class="entry">
                <span class="entry-head">
                    {one.impact.map(|sign| impact(lang, sign))}
                    <span>{one.category.as_ref().map(|category| category.name.clone())}</span>
                    <span>{day}</span>
                </span>
                <RichText html=one.html.clone()/>
            </blockquote>
            {hidden("form[id]", one.id.to_string())}
            {hidden("form[version]", one.version.to_string())}
            <div class="dialog-foot">
                <LinkButton href=cancel>{common::cancel(lang)}</LinkButton>
                <SubmitButton kind=ButtonKind::Danger>{t::delete(lang)}</SubmitButton>
            </div>
        </form>
    };
    plain(t::delete_occurrence(lang), Some(back(one)), content.into_any())
}

fn revisions(lang: Lang, page: &Page) -> AnyView {
    let one = &page.occurrence;
    let all = &page.revisions;
    let rows = all
        .iter()
        .enumerate()
        .map(|(at, revision)| version(lang, one, revision, all.get(at.saturating_add(1)), &page.now))
        .collect_view();
    let content = view! { <ol class="customer-history">{rows}</ol> };
    plain(t::versions(lang), Some(back(one)), content.into_any())
}

/// A version with what changed since the one before it.
fn version(
    lang: Lang,
    one: &CustomerOccurrenceView,
    revision: &Revision,
    before: Option<&Revision>,
    now: &Moment,
) -> AnyView {
    let changes = before.map(|before| changes(lang, before, revision)).unwrap_or_default();
    let table = (!changes.is_empty()).then(|| change_table(lang, &changes));
    // The first version is told as a whole.
    let text = if revision.diff.is_empty() {
        revision.body.clone().into_any()
    } else {
        revision.diff.iter().map(|part| diff(lang, part)).collect_view().into_any()
    };
    let ticket = revision.ticket.map(|number| view! { <span>{format!("#{number}")}</span> });
    view! {
        <li class="card">
            <header class="entry-head">
                <b>{t::version_number(lang, &revision.revision.to_string())}</b>
                {impact(lang, revision.impact)}
                <span>{revision.category.as_ref().map(|category| category.name.clone())}</span>
                <span>{format::calendar_date(revision.occurred_on, lang)}</span>
                {ticket}
                <span class="muted">{name(lang, &revision.by)}</span>
                <span class="entry-time"><Time moment=revision.at.clone() now=Some(now.clone())/></span>
            </header>
            <div class="diff pre-line"><p>{text}</p></div>
            {table}
            {pictures(&revision.images, |image| address::former_image(one.id, image.id))}
        </li>
    }
    .into_any()
}

/// Added and removed words are also said, for those who hear the page.
fn diff(lang: Lang, part: &DiffPart) -> AnyView {
    let text = part.text.clone();
    match part.op.as_str() {
        "added" => view! { <ins><span class="vh">{t::added(lang)}" "</span>{text}</ins> }.into_any(),
        "removed" => view! { <del><span class="vh">{t::removed(lang)}" "</span>{text}</del> }.into_any(),
        _ => text.into_any(),
    }
}

/// Fields besides the text that differ.
fn changes(lang: Lang, before: &Revision, after: &Revision) -> Vec<FieldChange> {
    let values = |one: &Revision| {
        let images: Vec<&str> = one.images.iter().map(|image| image.alt.as_str()).collect();
        [
            ("category", one.category.as_ref().map(|category| category.name.clone()).unwrap_or_default()),
            ("impact", words::impact(lang, one.impact).to_owned()),
            ("occurred_on", format::calendar_date(one.occurred_on, lang)),
            ("ticket", one.ticket.map(|number| format!("#{number}")).unwrap_or_default()),
            ("images", images.join(", ")),
        ]
    };
    values(before)
        .into_iter()
        .zip(values(after))
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| FieldChange { field: field.to_owned(), old, new })
        .collect()
}

fn change_table(lang: Lang, changes: &[FieldChange]) -> AnyView {
    let or_none = |text: &str| if text.is_empty() { t::nothing(lang).to_owned() } else { text.to_owned() };
    let rows = changes
        .iter()
        .map(|change| {
            let (old, new) = (or_none(&change.old), or_none(&change.new));
            view! { <tr><th scope="row">{words::occurrence_field(lang, &change.field)}</th><td>{old}</td><td>{new}</td></tr> }
        })
        .collect_view();
    view! {
        <table class="change-table">
            <caption class="vh">{t::changed_fields(lang)}</caption>
            <thead><tr><th scope="col">{t::field(lang)}</th><th scope="col">{t::before(lang)}</th><th scope="col">{t::after(lang)}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

//! The form of a customer, new or present (customers.md section 1).

use domain::customer::Contact;
use domain::error::{AppError, FieldConflict};
use domain::format;
use domain::forms::SaveCustomer as Typed;
use domain::lang::Lang;
use domain::views::{Choice, CustomerForm, CustomerView, DraftView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;
use serde_json::Value;
use uuid::Uuid;

use crate::boot::use_lang;
use crate::components::banner::Banner;
use crate::components::button::{LinkButton, SubmitButton};
use crate::components::field::{Checkbox, SelectField, TextField};
use crate::components::form_error::FormError;
use crate::customers::server_fns::{SaveCustomer, customer_form};
use crate::customers::widgets::contacts::contacts;
use crate::customers::widgets::{hidden, plain};
use crate::customers::{address, words};
use crate::form_action::{form_action, refusal_of};
use crate::kept::refused::Refused;
use crate::layouts::answer::{Loading, refused};
use crate::message;
use crate::t::common;
use crate::t::customers as t;
use crate::tickets::server_fns::DiscardDraft;
use crate::tickets::widgets::conflict::decided;

/// Kind of the draft.
const KIND: &str = "customer";
/// Id of the form that throws the draft away.
const DISCARD: &str = "discard-draft";

/// Pages `/customers/new` and `/customers/:id/edit`.
#[component]
pub fn EditCustomerPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|map| map.get("id")).unwrap_or_default());
    let data = Resource::new_blocking(move || id.get(), customer_form);
    view! {
        <Suspense fallback=|| view! { <Loading/> }>
            {move || data.get().map(|answer| match answer {
                Ok(form) => edit(lang, &form),
                Err(refusal) => refused(&refusal),
            })}
        </Suspense>
    }
}

fn edit(lang: Lang, form: &CustomerForm) -> AnyView {
    let refusal = refusal_of(form_action::<SaveCustomer>());
    let late = Refused::of::<SaveCustomer>();
    let begun = match (&form.draft, &form.customer) {
        (_, present) if late.is_some() => of_late(&late, present.as_ref()),
        (Some(draft), present) => of_draft(draft, present.as_ref()),
        (None, Some(present)) => of_customer(present),
        (None, None) => {
            Typed { entity: form.entity.clone(), recursive: true, status: "active".to_owned(), ..Typed::default() }
        }
    };
    let (title, back) = match &form.customer {
        Some(one) => (t::edit_customer(lang, &one.name), (address::customer(one.id), one.name.clone())),
        None => (t::add_customer(lang).to_owned(), (address::LIST.to_owned(), t::customers(lang).to_owned())),
    };
    let content = view! {
        {draft(lang, form)}
        {fields(lang, form, &begun, refusal, &back.0)}
    };
    let content = content.into_any();
    plain(&title, Some(back), content)
}

fn of_customer(one: &CustomerView) -> Typed {
    let column = |of: fn(&Contact) -> &String| -> Vec<String> {
        one.contacts.iter().map(|contact| of(contact).clone()).collect()
    };
    let primary = one.contacts.iter().position(|contact| contact.is_primary);
    let id = |row: &Option<domain::views::Ref>| row.as_ref().map(|row| row.id.to_string()).unwrap_or_default();
    Typed {
        id: one.id.to_string(),
        version: one.version,
        begun: one.version.to_string(),
        key: String::new(),
        entity: one.entity.id.to_string(),
        recursive: one.recursive,
        name: one.name.clone(),
        legal_name: one.legal_name.clone().unwrap_or_default(),
        document_id: one.document_id.clone().unwrap_or_default(),
        segment: id(&one.segment),
        responsible: id(&one.responsible),
        status: one.status.as_str().to_owned(),
        contact_name: column(|contact| &contact.name),
        contact_role: column(|contact| &contact.role),
        contact_email: column(|contact| &contact.email),
        contact_phone: column(|contact| &contact.phone),
        primary: primary.map(|at| at.to_string()).unwrap_or_default(),
        ..Typed::default()
    }
}

/// What was typed, over the version it was begun from: where others changed the same since, that is asked.
fn of_draft(draft: &DraftView, present: Option<&CustomerView>) -> Typed {
    let list = |name: &str| -> Vec<String> {
        let items = draft.fields.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect()
    };
    let version = present.map(|one| draft.begun().unwrap_or(one.version));
    Typed {
        id: present.map(|one| one.id.to_string()).unwrap_or_default(),
        version: version.unwrap_or_default(),
        begun: version.map(|version| version.to_string()).unwrap_or_default(),
        key: String::new(),
        entity: draft.text("entity"),
        recursive: draft.text("recursive") == "true",
        name: draft.text("name"),
        legal_name: draft.text("legal_name"),
        document_id: draft.text("document_id"),
        segment: draft.text("segment"),
        responsible: draft.text("responsible"),
        status: draft.text("status"),
        contact_name: list("contact_name"),
        contact_role: list("contact_role"),
        contact_email: list("contact_email"),
        contact_phone: list("contact_phone"),
        primary: draft.text("primary"),
        ..Typed::default()
    }
}

/// What was posted after the sign-in had ended (T-DRF-03); the version as above.
fn of_late(late: &Refused, present: Option<&CustomerView>) -> Typed {
    let text = |name: &str| late.or(&["form[", name, "]"].concat(), "");
    let list = |name: &str| late.values(&["form[", name, "]"].concat());
    let version = present.map(|one| text("begun").parse().unwrap_or(one.version));
    Typed {
        id: present.map(|one| one.id.to_string()).unwrap_or_default(),
        version: version.unwrap_or_default(),
        begun: version.map(|version| version.to_string()).unwrap_or_default(),
        key: String::new(),
        entity: text("entity"),
        recursive: late.ticked("form[recursive]", false),
        name: text("name"),
        legal_name: text("legal_name"),
        document_id: text("document_id"),
        segment: text("segment"),
        responsible: text("responsible"),
        status: text("status"),
        contact_name: list("contact_name"),
        contact_role: list("contact_role"),
        contact_email: list("contact_email"),
        contact_phone: list("contact_phone"),
        primary: text("primary"),
        ..Typed::default()
    }
}

/// That something typed before came back, and how to get rid of it.
fn draft(lang: Lang, form: &CustomerForm) -> Option<AnyView> {
    let draft = form.draft.as_ref()?;
    let words = t::draft_back(lang, &format::date_time(&draft.saved_at, lang));
    let back =
        form.customer.as_ref().map_or_else(|| address::NEW.to_owned(), |one| address::of_customer(one.id, "edit"));
    Some(
        view! {
            <Banner text=words>
                <button class="btn btn-sm" r#type="submit" form=DISCARD>{t::discard(lang)}</button>
            </Banner>
            <form id=DISCARD method="post" action=DiscardDraft::url() hidden=true>
                {hidden("kind", KIND)}
                {hidden("object", draft.object.clone())}
                {hidden("back", back)}
            </form>
        }
        .into_any(),
    )
}

fn fields(lang: Lang, form: &CustomerForm, begun: &Typed, refusal: Memo<Option<AppError>>, cancel: &str) -> AnyView {
    let wrong = Memo::new(move |_| message::fields(refusal.get().as_ref()));
    let error = move |field: &'static str| {
        Signal::derive(move || wrong.with(|wrong| message::field_sentence(lang, wrong, field)))
    };
    let key = if form.customer.is_some() { String::new() } else { form.key.clone() };
    let people: Vec<Contact> = begun.contacts();
    view! {
        <form class="card form customer-form" method="post" action=SaveCustomer::url()>
            // Enter in a field takes the first button of a form.
            <button class="vh" r#type="submit" tabindex="-1" aria-hidden="true"></button>
            <FormError error=refusal fields=words::customer_fields(lang)/>
            {theirs(lang, form, refusal)}
            {in_the_way(lang, refusal)}
            {hidden("form[id]", begun.id.clone())}
            {hidden("form[version]", begun.version.to_string())}
            {hidden("form[begun]", begun.begun.clone())}
            {refusal.with_untracked(|error| decided(error.as_ref()))}
            {hidden("form[key]", key)}
            <div class="field-grid">
                <TextField name="form[name]" label=t::name(lang) value=begun.name.clone() required=true maxlength=200 error=error("name")/>
                <TextField name="form[legal_name]" label=t::legal_name(lang) value=begun.legal_name.clone() maxlength=250 error=error("legal_name")/>
                <TextField name="form[document_id]" label=t::document_id(lang) value=begun.document_id.clone() maxlength=32 error=error("document_id")/>
            </div>
            <div class="field-grid">
                <SelectField name="form[segment]" label=t::segment(lang) options=form.segments.clone() value=begun.segment.clone() blank=t::nothing(lang) error=error("segment")/>
                <SelectField name="form[responsible]" label=t::responsible(lang) options=form.people.clone() value=begun.responsible.clone() blank=t::nobody(lang) error=error("responsible")/>
                <SelectField name="form[status]" label=t::status(lang) options=words::statuses(lang) value=begun.status.clone() hint=t::status_hint(lang) error=error("status")/>
            </div>
            <div class="field-grid">
                <SelectField name="form[entity]" label=t::entity(lang) options=form.entities.clone() value=begun.entity.clone() error=error("entity")/>
                <Checkbox name="form[recursive]" label=t::recursive(lang) checked=begun.recursive/>
            </div>
            {contacts(lang, &people, wrong)}
            <div class="form-foot">
                <span class="draft-state"></span>
                <LinkButton href=cancel.to_owned()>{common::cancel(lang)}</LinkButton>
                <SubmitButton>{t::save(lang)}</SubmitButton>
            </div>
        </form>
    }
    .into_any()
}

/// What somebody else saved meanwhile in the same fields, beside what was typed (T-GEN-07).
fn theirs(lang: Lang, form: &CustomerForm, refusal: Memo<Option<AppError>>) -> AnyView {
    let rows: Vec<AnyView> = words::conflicts(refusal.get_untracked().as_ref())
        .iter()
        .map(|one| {
            let theirs = value(lang, form, one);
            view! { <dt>{words::field(lang, &one.field)}</dt><dd class="pre-line">{theirs}</dd> }.into_any()
        })
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <section role="alert">
            <h2 class="card-title">{t::conflict_theirs(lang)}</h2>
            <dl class="props">{rows}</dl>
            <p class="small muted">{t::conflict_hint(lang)}</p>
        </section>
    }
    .into_any()
}

/// The stored value of a field, as people read it.
fn value(lang: Lang, form: &CustomerForm, one: &FieldConflict) -> String {
    let named = |choices: &[Choice], id: &str| {
        choices.iter().find(|choice| choice.value == id).map_or_else(|| id.to_owned(), |choice| choice.name.clone())
    };
    match (one.field.as_str(), &one.theirs) {
        (_, Value::Null) => t::nothing(lang).to_owned(),
        ("segment", Value::String(id)) => named(&form.segments, id),
        ("responsible", Value::String(id)) => named(&form.people, id),
        ("entity", Value::String(id)) => named(&form.entities, id),
        ("status", Value::String(word)) => {
            word.parse().map_or_else(|_| word.clone(), |known| words::status(lang, known).to_owned())
        }
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(true)) => common::yes(lang).to_owned(),
        (_, Value::Bool(false)) => common::no(lang).to_owned(),
        ("contacts", Value::Array(contacts)) if contacts.is_empty() => t::nothing(lang).to_owned(),
        ("contacts", Value::Array(contacts)) => contacts.iter().map(contact).collect::<Vec<_>>().join("\n"),
        (_, other) => other.to_string(),
    }
}

/// A contact in one line.
fn contact(contact: &Value) -> String {
    let parts = ["name", "role", "email", "phone"].into_iter();
    let parts = parts.filter_map(|part| contact.get(part).and_then(Value::as_str)).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

/// What stands against a save: the customer that has the number already (C-CUS-01), the tickets that would lose this one
/// (C-CUS-07).
fn in_the_way(lang: Lang, refusal: Memo<Option<AppError>>) -> Option<AnyView> {
    match refusal.get_untracked()? {
        AppError::Invalid(wrong) => {
            let data = wrong.0.into_iter().find(|one| one.field == "document_id").and_then(|one| one.data)?;
            let other = data.get("customer").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok())?;
            let href = address::customer(other);
            Some(view! { <p class="small"><a class="link" href=href>{t::duplicate_of(lang)}</a></p> }.into_any())
        }
        AppError::Refused { data: Some(data), .. } => {
            let numbers = data.get("tickets").and_then(Value::as_array)?.iter().filter_map(Value::as_i64);
            let links = numbers
                .map(|number| view! { " "<a class="link" href=format!("/tickets/{number}")>{format!("#{number}")}</a> })
                .collect_view();
            let more = data.get("more").and_then(Value::as_i64).filter(|more| *more > 0);
            let more = more.map(|more| [" ", &t::tickets_more(lang, more)].concat());
            Some(view! { <p class="small">{t::tickets_lose(lang)}{links}{more}</p> }.into_any())
        }
        _ => None,
    }
}

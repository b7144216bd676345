//! People of a customer in its form: what is there, and empty rows for more.

use domain::customer::{CONTACTS_MAX, Contact};
use domain::error::FieldErrors;
use domain::lang::Lang;
use leptos::prelude::*;

use crate::components::field::FieldError;
use crate::components::id_of;
use crate::message;
use crate::t::customers as t;

/// Empty rows below those that are filled.
const SPARE: usize = 2;

/// A column: name of the field, label, longest text, type of the input.
type Column = (&'static str, fn(Lang) -> &'static str, u32, &'static str);

const COLUMNS: [Column; 4] = [
    ("contact_name", t::contact_name, 100, "text"),
    ("contact_role", t::contact_role, 100, "text"),
    ("contact_email", t::contact_email, 254, "email"),
    ("contact_phone", t::contact_phone, 40, "tel"),
];

/// The rows, each with four fields and the mark of the primary one. A row that is left empty is no contact.
pub(crate) fn contacts(lang: Lang, contacts: &[Contact], wrong: Memo<FieldErrors>) -> AnyView {
    let most = (contacts.len() + SPARE).min(CONTACTS_MAX);
    let blank = Contact::default();
    let primary = contacts.iter().position(|contact| contact.is_primary).unwrap_or(0);
    let rows =
        (0..most).map(|at| row(lang, at, contacts.get(at).unwrap_or(&blank), at == primary, wrong)).collect_view();
    let error = Signal::derive(move || wrong.with(|wrong| message::field_sentence(lang, wrong, "contacts")));
    view! {
        <fieldset class="customer-contacts" id="form-contacts">
            <legend>{t::contacts(lang)}</legend>
            <p class="field-hint">{t::contacts_hint(lang)}</p>
            {rows}
            <FieldError id="form-contacts-error" error=error/>
        </fieldset>
    }
    .into_any()
}

fn row(lang: Lang, at: usize, contact: &Contact, is_primary: bool, wrong: Memo<FieldErrors>) -> AnyView {
    let values = [&contact.name, &contact.role, &contact.email, &contact.phone];
    let number = at.saturating_add(1).to_string();
    let fields = COLUMNS
        .into_iter()
        .zip(values)
        .map(|((field, label, most, kind), value)| {
            let name = ["form[", field, "][]"].concat();
            let id = [id_of(&name).as_str(), "-", &number].concat();
            let part = field.strip_prefix("contact_").unwrap_or(field);
            let error_id = [id.as_str(), "-error"].concat();
            let of = ["contacts[", &at.to_string(), "].", part].concat();
            let error = Signal::derive(move || wrong.with(|wrong| message::field_sentence(lang, wrong, &of)));
            view! {
                <div class="field">
                    <label r#for=id.clone()>{label(lang)}</label>
                    <input
                        class="input input-sm"
                        id=id
                        name=name
                        r#type=kind
                        value=value.clone()
                        maxlength=most.to_string()
                        aria-describedby=error_id.clone()
                        aria-invalid=move || error.with(Option::is_some).then_some("true")
                    />
                    <FieldError id=error_id error=error/>
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="customer-contact">
            <legend class="vh">{t::contact_number(lang, &number)}</legend>
            {fields}
            <label class="check-row">
                <input class="radio radio-primary radio-sm" r#type="radio" name="form[primary]" value=at.to_string() checked=is_primary/>
                <span>{t::contact_primary(lang)}</span>
            </label>
        </fieldset>
    }
    .into_any()
}

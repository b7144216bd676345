//! What was typed into the form of a customer before others saved it: the fields nobody typed in follow what is stored by now,
//! so that saving the rest takes nothing back (T-GEN-07).

use domain::customer::{Contact, check_contacts};
use domain::error::FieldErrors;
use domain::forms::SaveCustomer;
use domain::text::normalise_line;
use domain::views::DraftView;
use entity::customer;
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::fields::Values;
use super::history;
use crate::error::ServiceError;
use crate::people::email_address;
use crate::sanitise::nfc;

/// A draft of `row`, which may have been begun in an earlier version of it.
pub(super) async fn followed(
    connection: &impl ConnectionTrait,
    row: &customer::Model,
    draft: DraftView,
) -> Result<DraftView, ServiceError> {
    let Some(from) = draft.begun().filter(|from| *from < row.version) else { return Ok(draft) };
    let base = history::held(connection, row.id, from).await?;
    let mut out = draft;
    if let Value::Object(fields) = &mut out.fields {
        match base {
            Some(base) => follow(fields, &base, &Values::of(row)),
            // What nobody knows any more cannot be compared.
            None => drop(fields.remove("begun")),
        }
    }
    Ok(out)
}

/// Takes over what others saved in the fields that still hold what they began with.
fn follow(fields: &mut Map<String, Value>, base: &Values, present: &Values) {
    for ((name, began), (_, now)) in texts(base).into_iter().zip(texts(present)) {
        if normalise_line(&nfc(text(fields, name))) == began {
            fields.insert(name.to_owned(), json!(now));
        }
    }
    if (text(fields, "recursive") == "true") == base.recursive {
        let now = if present.recursive { "true" } else { "" };
        fields.insert("recursive".to_owned(), json!(now));
    }
    if typed_contacts(fields).is_some_and(|typed| typed == base.contacts) {
        let column = |of: fn(&Contact) -> &String| -> Vec<String> {
            present.contacts.iter().map(|contact| of(contact).clone()).collect()
        };
        let primary = present.contacts.iter().position(|contact| contact.is_primary);
        for (name, now) in [
            ("contact_name", json!(column(|contact| &contact.name))),
            ("contact_role", json!(column(|contact| &contact.role))),
            ("contact_email", json!(column(|contact| &contact.email))),
            ("contact_phone", json!(column(|contact| &contact.phone))),
            ("primary", json!(primary.map(|at| at.to_string()).unwrap_or_default())),
        ] {
            fields.insert(name.to_owned(), now);
        }
    }
}

/// The fields of one line, as the form holds them.
fn texts(values: &Values) -> [(&'static str, String); 7] {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    [
        ("name", values.name.clone()),
        ("legal_name", values.legal_name.clone().unwrap_or_default()),
        ("document_id", values.document_id.clone().unwrap_or_default()),
        ("segment", id(values.segment)),
        ("responsible", id(values.responsible)),
        ("status", values.status.as_str().to_owned()),
        ("entity", values.entity.to_string()),
    ]
}

fn text<'f>(fields: &'f Map<String, Value>, name: &str) -> &'f str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The contacts of a draft as they would be stored; nothing where one of them is wrong, which somebody typed.
fn typed_contacts(fields: &Map<String, Value>) -> Option<Vec<Contact>> {
    let list = |name: &str| -> Vec<String> {
        let items = fields.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().map(|item| item.as_str().unwrap_or_default().to_owned()).collect()
    };
    let form = SaveCustomer {
        contact_name: list("contact_name"),
        contact_role: list("contact_role"),
        contact_email: list("contact_email"),
        contact_phone: list("contact_phone"),
        primary: text(fields, "primary").to_owned(),
        ..SaveCustomer::default()
    };
    let mut errors = FieldErrors::new();
    let contacts = check_contacts(&form.contacts(), email_address, &mut errors);
    errors.is_empty().then_some(contacts)
}

//! Words of customers: states, impacts, days, fields, changes.

use domain::customer::{CustomerStatus, Impact};
use domain::error::{AppError, Code, FieldConflict, FieldErrors};
use domain::format;
use domain::lang::Lang;
use domain::views::{Choice, Count, CustomerSection, FieldChange, ReportBucket};

use crate::components::form_error::FieldName;
use crate::message;
use crate::t::{chooser, customers as t};

/// The word of a state.
pub(crate) fn status(lang: Lang, status: CustomerStatus) -> &'static str {
    match status {
        CustomerStatus::Active => t::status_active(lang),
        CustomerStatus::Blocked => t::status_blocked(lang),
        CustomerStatus::Leaving => t::status_leaving(lang),
        CustomerStatus::Inactive => t::status_inactive(lang),
    }
}

/// The word of an impact.
pub(crate) fn impact(lang: Lang, impact: Impact) -> &'static str {
    match impact {
        Impact::Positive => t::positive(lang),
        Impact::Neutral => t::neutral(lang),
        Impact::Negative => t::negative(lang),
    }
}

/// The icon of an impact: the three differ in shape, not in colour alone (C-OCC-04).
pub(crate) const fn impact_icon(impact: Impact) -> &'static str {
    match impact {
        Impact::Positive => "trending-up",
        Impact::Neutral => "circle-minus",
        Impact::Negative => "trending-down",
    }
}

/// A section of the page of a customer.
pub(crate) fn section(lang: Lang, section: CustomerSection) -> &'static str {
    match section {
        CustomerSection::Occurrences => t::occurrences(lang),
        CustomerSection::Tickets => t::tickets(lang),
        CustomerSection::Contacts => t::contacts(lang),
        CustomerSection::History => t::history(lang),
    }
}

/// States as options.
pub(crate) fn statuses(lang: Lang) -> Vec<Choice> {
    CustomerStatus::ALL.iter().map(|one| choice(one.as_str(), status(lang, *one))).collect()
}

/// An option.
pub(crate) fn choice(value: &str, name: &str) -> Choice {
    Choice { value: value.to_owned(), name: name.to_owned(), depth: 0 }
}

/// Days of a step of the chart: one day, or the first and the last one.
pub(crate) fn step(lang: Lang, bucket: &ReportBucket) -> String {
    let from = format::calendar_date(bucket.from, lang);
    if bucket.from == bucket.to {
        from
    } else {
        [from.as_str(), " – ", &format::calendar_date(bucket.to, lang)].concat()
    }
}

/// How many customers there are, "1 000+" where nobody counts on.
pub(crate) fn customers(lang: Lang, count: Option<&Count>) -> String {
    count.map_or_else(String::new, |count| match (i64::from(count.value), count.exact) {
        (n, true) => chooser::n_customers(lang, n),
        (n, false) => t::more_customers(lang, &format::count_capped(n, false, lang)),
    })
}

/// How many occurrences there are, as [`customers`].
pub(crate) fn occurrences(lang: Lang, count: Option<&Count>) -> String {
    count.map_or_else(String::new, |count| match (i64::from(count.value), count.exact) {
        (n, true) => t::total_of(lang, n),
        (n, false) => t::more_occurrences(lang, &format::count_capped(n, false, lang)),
    })
}

/// The name of a field of a customer.
pub(crate) fn field(lang: Lang, field: &str) -> &'static str {
    match field {
        "name" => t::name(lang),
        "legal_name" => t::legal_name(lang),
        "document_id" => t::document_id(lang),
        "contacts" => t::contacts(lang),
        "segment" => t::segment(lang),
        "responsible" => t::responsible(lang),
        "status" => t::status(lang),
        "recursive" => t::recursive(lang),
        _ => t::entity(lang),
    }
}

/// A stored value of a change, as people read it.
pub(crate) fn value(lang: Lang, change: &FieldChange, text: &str) -> String {
    match (change.field.as_str(), text) {
        (_, "") => t::nothing(lang).to_owned(),
        ("status", word) => word.parse().map_or_else(|_| word.to_owned(), |known| status(lang, known).to_owned()),
        ("recursive", "true") => crate::t::common::yes(lang).to_owned(),
        ("recursive", _) => crate::t::common::no(lang).to_owned(),
        (_, text) => text.to_owned(),
    }
}

/// A kind of change of a customer.
pub(crate) fn change(lang: Lang, kind: &str) -> &'static str {
    match kind {
        "customer_created" => t::history_created(lang),
        "customer_imported" => t::history_imported(lang),
        _ => t::history_changed(lang),
    }
}

/// What was done just now; nothing for a word of nobody.
pub(crate) fn done(lang: Lang, note: &str) -> Option<&'static str> {
    Some(match note {
        "registered" => t::done_registered(lang),
        "saved" => t::done_saved(lang),
        "removed" => t::done_removed(lang),
        "restored" => t::done_restored(lang),
        "deleted" => t::done_deleted(lang),
        _ => return None,
    })
}

/// The first wrong one of a list of fields: `images[1]` is told at `images`.
pub(crate) fn first_of(lang: Lang, errors: &FieldErrors, field: &str) -> Option<String> {
    let wrong = errors.0.iter().find(|wrong| message::base_of(&wrong.field) == field)?;
    let words = match (field, wrong.code) {
        ("images", Code::TypeNotAllowed) => t::image_types(lang),
        // Chosen but never uploaded, or forgotten since.
        ("images", Code::UnknownReference) => crate::t::errors::file_not_uploaded(lang),
        (_, code) => message::code_sentence(lang, code),
    };
    Some(words.to_owned())
}

/// The names of the fields both changed, where somebody else was faster.
pub(crate) fn conflicts(error: Option<&AppError>) -> Vec<FieldConflict> {
    match error {
        Some(AppError::Conflict { conflicts, .. }) => conflicts.clone(),
        _ => Vec::new(),
    }
}

/// The name of a field of an occurrence.
pub(crate) fn occurrence_field(lang: Lang, field: &str) -> &'static str {
    match field {
        "customer" => t::customer(lang),
        "category" => t::category(lang),
        "impact" => t::impact(lang),
        "occurred_on" => t::date(lang),
        "ticket" => t::ticket(lang),
        "images" => t::images(lang),
        _ => t::occurrence(lang),
    }
}

/// The fields of the form of an occurrence, for the summary of its errors.
pub(crate) fn occurrence_fields(lang: Lang) -> Vec<FieldName> {
    ["customer", "body", "category", "impact", "occurred_on", "ticket", "images"]
        .map(|field| FieldName { field, label: occurrence_field(lang, field) })
        .to_vec()
}

/// The fields of the form of a customer, for the summary of its errors.
pub(crate) fn customer_fields(lang: Lang) -> Vec<FieldName> {
    ["name", "legal_name", "document_id", "segment", "responsible", "status", "entity", "contacts"]
        .map(|name| FieldName { field: name, label: field(lang, name) })
        .to_vec()
}

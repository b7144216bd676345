//! Addresses of the pages of customers.

use domain::forms::{RunCustomerOccurrence, SaveCustomerOccurrence};
use domain::views::{CustomerQuery, CustomerSection, ImportResult, ReportQuery};
use leptos_router::params::ParamsMap;
use uuid::Uuid;

use crate::admin::address::with;

/// The list.
pub const LIST: &str = "/customers";
/// The form of a new customer.
pub const NEW: &str = "/customers/new";
/// Taking in a file.
pub const IMPORT: &str = "/customers/import";
/// The form of an occurrence whose customer is chosen (C-OCC-01 a).
pub const NEW_OCCURRENCE: &str = "/customer-occurrences/new";
/// The report.
pub const REPORT: &str = "/reports/customer-occurrences";

/// The page of a customer.
#[must_use]
pub fn customer(id: Uuid) -> String {
    format!("{LIST}/{id}")
}

/// The same; `note` says what was done just now.
#[must_use]
pub fn noted(id: Uuid, note: &str) -> String {
    with(&customer(id), &[("done", note)])
}

/// A section of the page of a customer.
#[must_use]
pub fn section(id: Uuid, section: CustomerSection) -> String {
    let word = if section == CustomerSection::default() { "" } else { section.as_str() };
    with(&customer(id), &[("section", word)])
}

/// A page below that of a customer: `edit`, `remove`, `occurrences/new`.
#[must_use]
pub fn of_customer(id: Uuid, page: &str) -> String {
    format!("{LIST}/{id}/{page}")
}

/// A page of one occurrence: `edit`, `remove`, `revisions`, `ticket`.
#[must_use]
pub fn of_occurrence(id: Uuid, page: &str) -> String {
    format!("/customer-occurrences/{id}/{page}")
}

/// An occurrence on the page of its customer.
#[must_use]
pub fn at_occurrence(customer: Uuid, id: Uuid, note: &str) -> String {
    format!("{}#occurrence-{id}", noted(customer, note))
}

/// Where the form of an occurrence leads: to the occurrence, to the next one of the same category and day, or back to the form
/// with the customers that were found.
#[must_use]
pub fn after(form: &SaveCustomerOccurrence, saved: Option<(Uuid, Uuid)>) -> String {
    match saved {
        None => with(NEW_OCCURRENCE, &[("search", form.search.trim())]) + "#form-customer",
        Some(_) if form.id.is_empty() && form.then == "another" => {
            let kept = [("done", "registered"), ("category", form.category.trim()), ("date", form.occurred_on.trim())];
            with(NEW_OCCURRENCE, &kept)
        }
        Some((customer, id)) => at_occurrence(customer, id, if form.id.is_empty() { "registered" } else { "saved" }),
    }
}

/// Where deleting an occurrence or bringing it back leads.
#[must_use]
pub fn after_run(form: &RunCustomerOccurrence, customer: Uuid) -> String {
    let note = if form.restore { "restored" } else { "removed" };
    [noted(customer, note).as_str(), "#occurrence-", form.id.trim()].concat()
}

/// What a file did, on the page that takes files in.
#[must_use]
pub fn imported(done: &ImportResult) -> String {
    let [created, updated, skipped] = [done.created, done.updated, done.skipped].map(|n| n.to_string());
    with(IMPORT, &[("created", created.as_str()), ("updated", updated.as_str()), ("skipped", skipped.as_str())])
}

/// An image of a former version, or of a deleted occurrence (C-IMG-06).
#[must_use]
pub fn former_image(occurrence: Uuid, image: Uuid) -> String {
    format!("/customer-occurrences/{occurrence}/images/{image}")
}

/// The customer section of a ticket.
#[must_use]
pub fn of_ticket(number: i64) -> String {
    format!("/tickets/{number}/customer")
}

/// The preview of a file.
#[must_use]
pub fn preview(id: &str) -> String {
    with(IMPORT, &[("preview", id)])
}

/// What the address of the list asks for.
#[must_use]
pub fn read_list(map: &ParamsMap) -> CustomerQuery {
    let text = |name: &str| map.get(name).unwrap_or_default();
    CustomerQuery {
        q: text("q"),
        segment: text("segment"),
        responsible: text("responsible"),
        status: text("status"),
        entity: text("entity"),
        sort: text("sort"),
        cursor: text("cursor"),
        limit: 0,
        count: true,
    }
}

/// The address of a list, from a place on.
#[must_use]
pub fn list(query: &CustomerQuery, cursor: &str) -> String {
    let pairs = [
        ("q", query.q.as_str()),
        ("segment", query.segment.as_str()),
        ("responsible", query.responsible.as_str()),
        ("status", query.status.as_str()),
        ("entity", query.entity.as_str()),
        ("sort", query.sort.as_str()),
        ("cursor", cursor),
    ];
    with(LIST, &pairs)
}

/// What the address of the report, or of the page of a customer, asks for.
#[must_use]
pub fn read_report(map: &ParamsMap) -> ReportQuery {
    let text = |name: &str| map.get(name).unwrap_or_default();
    ReportQuery {
        // Boxes of one name: one value each.
        impact: map.get_all("impact").unwrap_or_default().join(","),
        category: text("category"),
        customer: text("customer"),
        from: text("from"),
        to: text("to"),
        responsible: text("responsible"),
        segment: text("segment"),
        entity: text("entity"),
        entity_only: map.get("entity_only").is_some(),
        cursor: text("cursor"),
        limit: 0,
        count: false,
        whole: false,
    }
}

/// The address `path` with the filters of a report, from a place on.
#[must_use]
pub fn filtered(path: &str, query: &ReportQuery, cursor: &str) -> String {
    let mut pairs: Vec<(&str, &str)> = query.impact.split(',').map(|impact| ("impact", impact.trim())).collect();
    pairs.extend([
        ("category", query.category.as_str()),
        ("customer", query.customer.as_str()),
        ("from", query.from.as_str()),
        ("to", query.to.as_str()),
        ("responsible", query.responsible.as_str()),
        ("segment", query.segment.as_str()),
        ("entity", query.entity.as_str()),
        ("entity_only", if query.entity_only { "true" } else { "" }),
        ("cursor", cursor),
    ]);
    with(path, &pairs)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn c_rep_01_all_filters_live_in_the_address() {
        let query = ReportQuery {
            impact: "positive,negative".to_owned(),
            from: "2026-01-01".to_owned(),
            entity_only: true,
            ..ReportQuery::default()
        };
        let address = filtered(REPORT, &query, "");
        assert_eq!(
            address,
            "/reports/customer-occurrences?impact=positive&impact=negative&from=2026%2D01%2D01&entity_only=true"
        );
        let mut map = ParamsMap::new();
        for pair in address.split_once('?').unwrap().1.split('&') {
            let (name, value) = pair.split_once('=').unwrap();
            map.insert(name.to_owned(), value.to_owned());
        }
        assert_eq!(read_report(&map), query);
        assert_eq!(filtered(REPORT, &ReportQuery::default(), ""), REPORT);
    }

    #[test]
    fn c_occ_02_a_new_occurrence_is_found_on_the_page_of_its_customer() {
        let id = Uuid::nil();
        assert_eq!(at_occurrence(id, id, "registered"), format!("/customers/{id}?done=registered#occurrence-{id}"));
        let mut form = SaveCustomerOccurrence { search: "acme ltda".into(), ..SaveCustomerOccurrence::default() };
        assert_eq!(after(&form, None), "/customer-occurrences/new?search=acme%20ltda#form-customer");
        form.then = "another".to_owned();
        form.occurred_on = "2026-03-12".to_owned();
        assert_eq!(after(&form, Some((id, id))), "/customer-occurrences/new?done=registered&date=2026%2D03%2D12");
        assert_eq!(section(id, CustomerSection::Occurrences), format!("/customers/{id}"));
        assert_eq!(section(id, CustomerSection::Contacts), format!("/customers/{id}?section=contacts"));
    }
}

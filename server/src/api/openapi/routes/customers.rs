//! Customers and what happened to them (api.md section 10).

use super::{EDITS, KEYED};
use crate::api::openapi::{Route, route};

/// Filters of customer occurrences (C-REP-01).
macro_rules! customer_filters {
    ($words:literal) => {
        concat!(
            "limit:integer cursor:string count:boolean impact:positive|neutral|negative[] category:uuid[] customer:uuid[] ",
            "responsible:string[] segment:string[] entity:uuid[] entity_only:boolean from:string to:string",
            $words
        )
    };
}
const CUSTOMER_OCCURRENCES: &str = customer_filters!("");
const CUSTOMER_EXPORT: &str = customer_filters!(" format:csv|xlsx separator:string");
/// What changing an occurrence may answer.
const CHANGES: &str = "version_required precondition_failed conflict entry_deleted";

/// The operations.
pub(super) const CUSTOMERS: &[Route] = &[
    route("GET", "/customers", "listCustomers", "Customers the caller sees")
        .query(listed!(
            "count:boolean q:string<=200 segment:string[] responsible:string[] status:active|blocked|leaving|inactive|all[] entity:uuid[] \
             sort:name|-name|last_occurrence|-last_occurrence|updated_at|-updated_at"
        ))
        .gives(200, "Customer[]")
        .codes("not_found"),
    route("POST", "/customers", "createCustomer", "Make a customer; an equal name is a warning")
        .needs("customer.edit")
        .body("NewCustomer")
        .gives(201, "Customer")
        .codes(KEYED)
        .more("not_found"),
    route("POST", "/customers/import", "importCustomers", "Look at a CSV file of customers, or take in what was looked at")
        .needs("customer.edit")
        .body("CustomerImportBody")
        .gives(200, "CustomerImport")
        .codes(KEYED)
        .more("not_found conflict"),
    route("GET", "/customers/{id}", "customer", "A customer").gives(200, "Customer"),
    route("PATCH", "/customers/{id}", "updateCustomer", "Change a customer")
        .needs("customer.edit")
        .body("CustomerPatch")
        .gives(200, "Customer")
        .codes(EDITS),
    route("DELETE", "/customers/{id}", "deleteCustomer", "Delete a customer that nothing names")
        .needs("customer.edit")
        .query("version:integer")
        .gives(204, "")
        .codes(EDITS),
    route("GET", "/customers/{id}/history", "listCustomerHistory", "Every change of a customer, newest first")
        .query("cursor:string")
        .gives(200, "CustomerChange[]"),
    route("GET", "/customers/{id}/occurrences", "listOccurrencesOfCustomer", "Occurrences of a customer, newest first")
        .query(CUSTOMER_OCCURRENCES)
        .gives(200, "CustomerOccurrence[]"),
    route("POST", "/customers/{id}/occurrences", "createOccurrenceOfCustomer", "Register an occurrence of this customer")
        .needs("customer.edit")
        .body("NewCustomerOccurrence")
        .gives(201, "CustomerOccurrence")
        .codes(KEYED),
    route("GET", "/customer-occurrences", "listCustomerOccurrences", "Customer occurrences, newest first")
        .query(CUSTOMER_OCCURRENCES)
        .gives(200, "CustomerOccurrence[]")
        .codes("not_found"),
    route("POST", "/customer-occurrences", "createCustomerOccurrence", "Register a customer occurrence")
        .needs("customer.edit")
        .body("NewCustomerOccurrence")
        .gives(201, "CustomerOccurrence")
        .codes(KEYED)
        .more("not_found"),
    route("GET", "/customer-occurrences/report", "customerOccurrenceReport", "Counts by impact, time, category and customer")
        .query(CUSTOMER_OCCURRENCES)
        .gives(200, "CustomerReport")
        .codes("not_found"),
    route("GET", "/customer-occurrences/export", "exportCustomerOccurrences", "The filtered rows as CSV or as a workbook")
        .query(CUSTOMER_EXPORT)
        .gives(200, "table")
        .codes("not_found too_many_rows too_many_requests"),
    route("GET", "/customer-occurrences/{id}", "customerOccurrence", "A customer occurrence").gives(200, "CustomerOccurrence"),
    route("PATCH", "/customer-occurrences/{id}", "updateCustomerOccurrence", "Change a customer occurrence")
        .needs("customer.edit")
        .body("CustomerOccurrencePatch")
        .gives(200, "CustomerOccurrence")
        .codes(CHANGES),
    route("DELETE", "/customer-occurrences/{id}", "deleteCustomerOccurrence", "Delete a customer occurrence; a tombstone stays")
        .needs("customer.edit")
        .query("version:integer")
        .gives(204, "")
        .codes("version_required precondition_failed conflict"),
    route("GET", "/customer-occurrences/{id}/revisions", "listCustomerOccurrenceRevisions", "Its versions, newest first")
        .query(listed!("count:boolean"))
        .gives(200, "CustomerRevision[]"),
    route("POST", "/customer-occurrences/{id}/actions/restore", "restoreCustomerOccurrence", "Bring a deleted one back")
        .needs("customer.edit")
        .body("Plain")
        .gives(200, "CustomerOccurrence")
        .codes("precondition_failed conflict"),
];

//! Rows of the table about customers.

use super::{Row, UNKNOWN};
use crate::matrix::Out::{Forbidden, NotFound, Ok, Refused, Unauthenticated as Nobody};
use crate::matrix::Outs;

/// Those who see customers, and those of them who write them; the others learn nothing.
const CUSTOMER_READERS: Outs = [Nobody, NotFound, Ok, Ok, Ok, Ok];
const CUSTOMER_WRITERS: Outs = [Nobody, NotFound, Forbidden, Ok, Ok, Ok];

pub(super) const ROWS: &[Row] = &[
    ("customer_list", &[("query[q]", "acme")], CUSTOMER_READERS),
    // Customers, occurrences and previews that do not exist: whose they are is told by the tests of the use cases.
    ("customer_page", &[("id", "{public}"), ("section", ""), ("query[from]", "")], UNKNOWN),
    ("customer_form", &[("id", "")], CUSTOMER_WRITERS),
    ("save_customer", &[("form[name]", "Acme")], CUSTOMER_WRITERS),
    ("remove_customer", &[("form[id]", "{public}")], UNKNOWN),
    ("customer_import", &[("preview", "guessed")], UNKNOWN),
    ("import_customers", &[("form[preview]", "guessed")], UNKNOWN),
    ("customer_occurrence_form", &[("fixed", ""), ("chosen", ""), ("words", "")], CUSTOMER_WRITERS),
    ("customer_occurrence", &[("id", "{public}")], UNKNOWN),
    ("customer_occurrence_edit", &[("id", "{public}")], UNKNOWN),
    ("save_customer_occurrence", &[("form[body]", "Words.")], [Nobody, NotFound, Forbidden, Refused, Refused, Refused]),
    ("run_customer_occurrence", &[("form[id]", "{public}")], UNKNOWN),
    ("customer_report", &[("query[from]", ""), ("words", "")], CUSTOMER_READERS),
    ("ticket_customer", &[("number", "{number}"), ("words", "")], CUSTOMER_READERS),
    (
        "set_ticket_customer",
        &[("form[number]", "{number}"), ("form[customer]", "")],
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    ("ticket_from_occurrence", &[("id", "{public}")], UNKNOWN),
    (
        "open_ticket_from",
        &[("form[id]", "{public}"), ("form[title]", "Chair"), ("form[description]", "It wobbles.")],
        UNKNOWN,
    ),
];

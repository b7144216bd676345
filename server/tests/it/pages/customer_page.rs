//! What the pages of customers have for paper.

use domain::forms::{CustomerPatch, Patch};
use service::customers;

use crate::support::{Desk, PNG, html_text};

/// What is on paper only, as words.
fn on_paper(page: &str) -> String {
    let parts = page.split("<p class=\"print-only small\">").skip(1);
    parts.filter_map(|part| part.split("</p>").next()).map(html_text).collect::<Vec<_>>().join(" | ")
}

#[tokio::test]
async fn c_rep_05_paper_has_the_filters_in_words_and_the_rows_with_their_images() {
    let desk = Desk::new().await;
    let patch = CustomerPatch { name: Patch::Set("Acme".to_owned()), ..CustomerPatch::default() };
    let id = customers::create(&desk.ctx("tech1").await, patch, "").await.unwrap().id.to_string();
    let category = desk.world.coded(service::lists::CUSTOMER_CATEGORIES, "delivery").await;
    let upload = desk.upload("wet.png", PNG, "tech1").await.expect(201).json();
    let fields = [
        ("form[customer]", id.as_str()),
        ("form[version]", "0"),
        ("form[body]", "Pallets arrived wet."),
        ("form[category]", category.as_str()),
        ("form[impact]", "negative"),
        ("form[occurred_on]", "2026-01-12"),
        ("form[attachments][]", upload["id"].as_str().unwrap()),
        ("form[alt_1]", "A wet pallet"),
    ];
    desk.post_form("save_customer_occurrence", "/customer-occurrences/new", &fields, "tech1").await.expect(302);
    let filters = format!("impact=negative&category={category}&from=2026-01-01&to=2026-01-31");
    let entity = desk.world.brasil;
    for (path, more) in [
        (format!("/customers/{id}?{filters}"), ""),
        (
            format!("/reports/customer-occurrences?customer={id}&entity={entity}&entity_only=true&{filters}"),
            "Without sub-entities",
        ),
    ] {
        let page = desk.get(&path, "observer").await.expect(200).text();
        let words = on_paper(&page);
        let period = "From: 1\u{a0}Jan\u{a0}2026 · To: 31\u{a0}Jan\u{a0}2026";
        for told in ["Impact: Negative · Category: Delivery", period, more] {
            assert!(words.contains(told), "{path}: {told} in {words}");
        }
        assert!(more.is_empty() || words.contains("Acme"), "the customer is a filter of the report: {words}");
        assert!(page.contains("data-print=\"\""), "{path}: a button that prints");
        let (_, rows) = page.split_once("class=\"customer-entries\"").unwrap_or_else(|| panic!("{}", html_text(&page)));
        assert!(html_text(rows).contains("Pallets arrived wet."), "{}", html_text(rows));
        assert!(rows.contains("class=\"customer-images\"") && rows.contains("alt=\"A wet pallet\""), "{rows}");
    }
}

#[tokio::test]
async fn c_rep_05_paper_says_whose_customers_and_of_no_segment() {
    let desk = Desk::new().await;
    for (filter, told) in
        [("responsible=me", "Responsible: Me"), ("responsible=none&segment=none", "Responsible: None · Segment: None")]
    {
        let page = desk.get(&format!("/reports/customer-occurrences?{filter}"), "tech1").await.expect(200).text();
        assert!(on_paper(&page).contains(told), "{filter}: {}", on_paper(&page));
    }
}

#[tokio::test]
async fn c_rep_03_wrong_filters_of_a_customers_page_are_told_at_their_field() {
    let desk = Desk::new().await;
    let patch = CustomerPatch { name: Patch::Set("Acme".to_owned()), ..CustomerPatch::default() };
    let id = customers::create(&desk.ctx("tech1").await, patch, "").await.unwrap().id;
    let page = desk.get(&format!("/customers/{id}?from=yesterday"), "observer").await.expect(200).text();
    assert!(page.contains("id=\"from-error\"") && page.contains("value=\"yesterday\""), "{}", html_text(&page));
}

#[tokio::test]
async fn c_cus_01_a_duplicate_leads_to_the_customer_that_has_the_number() {
    let desk = Desk::new().await;
    let set = |text: &str| Patch::Set(text.to_owned());
    let patch = CustomerPatch { name: set("Acme"), document_id: set("12.345"), ..CustomerPatch::default() };
    let id = customers::create(&desk.ctx("tech1").await, patch, "").await.unwrap().id;
    let fields = [("form[name]", "Other"), ("form[document_id]", "12345"), ("form[recursive]", "true")];
    let answer = desk.post_form("save_customer", "/customers/new", &fields, "tech1").await.expect(302);
    let page = desk.get(&answer.location(), "tech1").await.expect(200).text();
    let link = format!("href=\"/customers/{id}\"");
    assert!(page.contains(&link) && html_text(&page).contains("Another customer has this"), "{}", html_text(&page));
}

//! The document of the API: complete, and without sign-in.

use std::collections::BTreeSet;

use domain::error::Code;
use regex_lite::Regex;

use super::openapi_operations;
use crate::support::{Desk, NOBODY};

#[tokio::test]
async fn a_bas_01_the_document_lists_exactly_the_routes_of_the_router() {
    let desk = Desk::new().await;
    let document = desk.api("GET", "/openapi.json", NOBODY, None).await.expect(200).json();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{}", document["openapi"]);
    let documented = openapi_operations(&document);
    let served: BTreeSet<(String, String)> =
        server::api::ROUTES.iter().map(|route| (route.method.to_owned(), route.path.to_owned())).collect();
    assert_eq!(documented, served);
}

#[test]
fn no_route_of_the_api_is_made_outside_the_table() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/api.rs")).unwrap();
    let route = Regex::new(r#"\.route\(\s*"([^"]*)""#).unwrap();
    let literal: Vec<&str> = route.captures_iter(&text).map(|hit| hit.get(1).unwrap().as_str()).collect();
    assert_eq!(
        literal,
        ["/docs", "/docs/errors"],
        "routes of the API stand in the table, which also makes the document"
    );
}

#[tokio::test]
async fn every_documented_operation_is_served() {
    let desk = Desk::new().await;
    let document = desk.api("GET", "/openapi.json", NOBODY, None).await.json();
    for (method, path) in openapi_operations(&document) {
        let called = path
            .replace("{number}", "1")
            .replace("{list}", "locations")
            .replace("{kind}", "ticket")
            .replace("{object}", "new");
        let called = called.replace("{id}", "0195a1f0-0000-7000-8000-000000000000");
        let answer = desk.api(&method, &called, NOBODY, None).await;
        // Nobody is told what is behind an address, only that he must say who he is.
        let is_open = path == "/openapi.json" || path == "/auth/token";
        assert!(is_open || answer.status == 401, "{method} {path}: {} {}", answer.status, answer.text());
    }
}

#[tokio::test]
async fn every_code_is_in_the_document() {
    let desk = Desk::new().await;
    let text = desk.api("GET", "/openapi.json", NOBODY, None).await.expect(200).text();
    for code in Code::ALL {
        assert!(text.contains(&format!("\"{code}\"")) || text.contains(&format!("`{code}`")), "{code}");
    }
}

#[tokio::test]
async fn the_page_of_the_document_needs_no_other_host() {
    let desk = Desk::new().await;
    let page = desk.get("/api/docs", NOBODY).await.expect(200);
    let foreign = Regex::new(r#"(?:src|href)="(?:https?:)?//[^"]*""#).unwrap();
    assert!(!foreign.is_match(&page.text()), "{}", page.text());
    let errors = desk.get("/api/docs/errors", NOBODY).await.expect(200).text();
    for code in ["not_found", "version_required", "idempotency_mismatch"] {
        assert!(errors.contains(&format!("id=\"{code}\"")), "type of a problem leads to its place: {code}");
    }
}

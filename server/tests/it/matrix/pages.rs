//! Pages and the other addresses of the browser.

use std::collections::BTreeSet;

use regex_lite::Regex;

use super::Out::{Forbidden, Moved, NotFound, Ok, SignIn, Unauthenticated};
use super::{Outs, everybody, fill, judge, nothing};
use crate::support::{Desk, Story, encode};

/// Address as the router knows it, what is put into it, outcomes.
const PAGES: &[(&str, &str, Outs)] = &[
    ("/", "/", [SignIn, Moved, Ok, Ok, Ok, Ok]),
    ("/sign-in", "/sign-in", [Ok, Ok, Ok, Ok, Ok, Ok]),
    ("/setup", "/setup", [Ok, Ok, Ok, Ok, Ok, Ok]),
    ("/profile", "/profile", [SignIn, Ok, Ok, Ok, Ok, Ok]),
    ("/profile/notifications", "/profile/notifications", [SignIn, Ok, Ok, Ok, Ok, Ok]),
    ("/notifications", "/notifications", [SignIn, Ok, Ok, Ok, Ok, Ok]),
    ("/drafts", "/drafts", [SignIn, Ok, Ok, Ok, Ok, Ok]),
    ("/tickets", "/tickets", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/new", "/tickets/new", [SignIn, NotFound, Forbidden, Ok, Ok, Ok]),
    ("/tickets/bulk", "/tickets/bulk?n={number}", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}", "/tickets/{number}", [SignIn, Moved, Ok, Ok, Ok, Ok]),
    // What a role may not do to an entry it sees is refused when it is sent: the page only hides.
    (
        "/tickets/{number}/occurrences/{id}/edit",
        "/tickets/{number}/occurrences/{public}/edit",
        [SignIn, NotFound, Ok, Ok, Ok, Ok],
    ),
    (
        "/tickets/{number}/occurrences/{id}/remove",
        "/tickets/{number}/occurrences/{public}/remove",
        [SignIn, NotFound, Ok, Ok, Ok, Ok],
    ),
    (
        "/tickets/{number}/occurrences/{id}/revisions",
        "/tickets/{number}/occurrences/{private}/revisions",
        [SignIn, NotFound, Ok, Ok, Ok, Ok],
    ),
    // What a role may not do is said on the page: it may hold a text that somebody typed.
    ("/tickets/{number}/solve", "/tickets/{number}/solve", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    // A solution that does not exist.
    (
        "/tickets/{number}/solutions/{id}/edit",
        "/tickets/{number}/solutions/{public}/edit",
        [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    (
        "/tickets/{number}/solutions/{id}/revisions",
        "/tickets/{number}/solutions/{public}/revisions",
        [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    ("/solution", "/solution?token=guessed", [Ok, Ok, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}/do/{command}", "/tickets/{number}/do/cancel", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}/note", "/tickets/{number}/note", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}/print", "/tickets/{number}/print", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}/history", "/tickets/{number}/history", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}/messages", "/tickets/{number}/messages", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    // The chat is switched off here (316): the pages say so to those who might read it.
    ("/tickets/{number}/chat", "/tickets/{number}/chat", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/chat", "/chat", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}/survey", "/tickets/{number}/survey", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}/tasks", "/tickets/{number}/tasks", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}/tasks/new", "/tickets/{number}/tasks/new", [SignIn, NotFound, Forbidden, Ok, Ok, Ok]),
    ("/tickets/{number}/tasks/{id}", "/tickets/{number}/tasks/{private_task}", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    (
        "/tickets/{number}/tasks/{id}/edit",
        "/tickets/{number}/tasks/{public_task}/edit",
        [SignIn, NotFound, Ok, Ok, Ok, Ok],
    ),
    (
        "/tickets/{number}/tasks/{id}/remove",
        "/tickets/{number}/tasks/{public_task}/remove",
        [SignIn, NotFound, Ok, Ok, Ok, Ok],
    ),
    (
        "/tickets/{number}/tasks/{id}/revisions",
        "/tickets/{number}/tasks/{private_task}/revisions",
        [SignIn, NotFound, Ok, Ok, Ok, Ok],
    ),
    ("/tasks", "/tasks", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/planner", "/planner", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}/validations", "/tickets/{number}/validations", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}/documents", "/tickets/{number}/documents", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}/statistics", "/tickets/{number}/statistics", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/reports", "/reports", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/approvals", "/approvals", [SignIn, Ok, Ok, Ok, Ok, Ok]),
    // One that does not exist: who is asked sees it, as the tests of the use case tell.
    ("/approvals/{id}", "/approvals/{public}", [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound]),
    ("/tickets/{number}/customer", "/tickets/{number}/customer", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/settings", "/settings", [SignIn, NotFound, NotFound, NotFound, NotFound, Ok]),
    ("/settings/mail", "/settings/mail", [SignIn, NotFound, NotFound, NotFound, NotFound, Ok]),
    ("/settings/lists", "/settings/lists", [SignIn, NotFound, NotFound, NotFound, Ok, Ok]),
    ("/settings/lists/{list}", "/settings/lists/locations", [SignIn, NotFound, NotFound, NotFound, Ok, Ok]),
    // A row that does not exist: whose right it is to edit one is told by the tests of the use case.
    (
        "/settings/lists/{list}/{id}",
        "/settings/lists/locations/{public}",
        [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    ("/settings/templates", "/settings/templates", [SignIn, NotFound, NotFound, NotFound, Ok, Ok]),
    ("/settings/templates/new", "/settings/templates/new?kind=replies", [SignIn, NotFound, NotFound, NotFound, Ok, Ok]),
    // One that does not exist.
    (
        "/settings/templates/{id}",
        "/settings/templates/{public}",
        [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    ("/admin", "/admin", [SignIn, NotFound, NotFound, NotFound, NotFound, Moved]),
    ("/admin/users", "/admin/users", [SignIn, NotFound, NotFound, NotFound, NotFound, Ok]),
    ("/admin/users/{id}", "/admin/users/new", [SignIn, NotFound, NotFound, NotFound, NotFound, Ok]),
    ("/admin/groups", "/admin/groups", [SignIn, NotFound, NotFound, NotFound, NotFound, Ok]),
    ("/admin/groups/{id}", "/admin/groups/new", [SignIn, NotFound, NotFound, NotFound, NotFound, Ok]),
    ("/admin/roles", "/admin/roles", [SignIn, NotFound, NotFound, NotFound, NotFound, Ok]),
    ("/admin/roles/why", "/admin/roles/why", [SignIn, NotFound, NotFound, NotFound, NotFound, Ok]),
    ("/admin/roles/{id}", "/admin/roles/{public}", [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound]),
    ("/admin/entities", "/admin/entities", [SignIn, NotFound, NotFound, NotFound, NotFound, Ok]),
    ("/admin/entities/{id}", "/admin/entities/new", [SignIn, NotFound, NotFound, NotFound, NotFound, Ok]),
    ("/invitation", "/invitation?token=guessed", [Ok, Ok, Ok, Ok, Ok, Ok]),
    ("/unsubscribe", "/unsubscribe?token=guessed", [Ok, Ok, Ok, Ok, Ok, Ok]),
    ("/audit", "/audit", [SignIn, NotFound, Ok, NotFound, NotFound, Ok]),
    ("/survey", "/survey?token=guessed", [Ok, Ok, Ok, Ok, Ok, Ok]),
    ("/trash", "/trash", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    // Customers and occurrences that do not exist: whose they are to change is told by the tests of the use case.
    ("/customers", "/customers", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/customers/new", "/customers/new", [SignIn, NotFound, Forbidden, Ok, Ok, Ok]),
    ("/customers/import", "/customers/import", [SignIn, NotFound, Forbidden, Ok, Ok, Ok]),
    ("/customers/{id}", "/customers/{public}", [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound]),
    ("/customers/{id}/edit", "/customers/{public}/edit", [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound]),
    (
        "/customers/{id}/remove",
        "/customers/{public}/remove",
        [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    (
        "/customers/{id}/occurrences/new",
        "/customers/{public}/occurrences/new",
        [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    ("/customer-occurrences/new", "/customer-occurrences/new", [SignIn, NotFound, Forbidden, Ok, Ok, Ok]),
    (
        "/customer-occurrences/{id}/edit",
        "/customer-occurrences/{public}/edit",
        [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    (
        "/customer-occurrences/{id}/remove",
        "/customer-occurrences/{public}/remove",
        [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    (
        "/customer-occurrences/{id}/revisions",
        "/customer-occurrences/{public}/revisions",
        [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    (
        "/customer-occurrences/{id}/ticket",
        "/customer-occurrences/{public}/ticket",
        [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    ("/reports/customer-occurrences", "/reports/customer-occurrences", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/search", "/search?q=cable", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/tickets/{number}/knowledge", "/tickets/{number}/knowledge", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/knowledge", "/knowledge", [SignIn, Ok, Ok, Ok, Ok, Ok]),
    ("/knowledge/new", "/knowledge/new", [SignIn, NotFound, NotFound, Ok, Ok, Ok]),
    ("/knowledge/suggestions", "/knowledge/suggestions?q=vpn", [SignIn, Ok, Ok, Ok, Ok, Ok]),
    // An article that does not exist: who reads which one is told by the tests of the use case.
    ("/knowledge/{id}", "/knowledge/{public}", [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound]),
    ("/knowledge/{id}/edit", "/knowledge/{public}/edit", [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound]),
    (
        "/knowledge/{id}/versions",
        "/knowledge/{public}/versions",
        [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    ("/requests", "/requests", [SignIn, Ok, Ok, Ok, Ok, Ok]),
    ("/requests/new", "/requests/new", [SignIn, Ok, Forbidden, Ok, Ok, Ok]),
    ("/requests/{number}", "/requests/{number}", [SignIn, Ok, NotFound, NotFound, NotFound, NotFound]),
    ("/requests/{number}/history", "/requests/{number}/history", [SignIn, Ok, NotFound, NotFound, NotFound, NotFound]),
    (
        "/requests/{number}/messages",
        "/requests/{number}/messages",
        [SignIn, Ok, NotFound, NotFound, NotFound, NotFound],
    ),
    ("/requests/{number}/chat", "/requests/{number}/chat", [SignIn, Ok, NotFound, NotFound, NotFound, NotFound]),
    // Nobody is asked before the ticket is closed.
    (
        "/requests/{number}/survey",
        "/requests/{number}/survey",
        [SignIn, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
];

/// What the router serves besides pages, server functions and the API.
const OTHERS: &[(&str, &str, Outs)] = &[
    ("/events", "/events", [Unauthenticated, Ok, Ok, Ok, Ok, Ok]),
    ("/documents/{id}", "/documents/0195a1f0-0000-7000-8000-000000000000", [NotFound; 6]),
    ("/documents/{id}/thumbnail", "/documents/0195a1f0-0000-7000-8000-000000000000/thumbnail", [NotFound; 6]),
    ("/customers/options", "/customers/options?q=acme", [Unauthenticated, NotFound, Ok, Ok, Ok, Ok]),
    ("/search/options", "/search/options?q=cable", [Unauthenticated, NotFound, Ok, Ok, Ok, Ok]),
    ("/customer-occurrences/{id}/images/{image}", "/customer-occurrences/{public}/images/{private}", [NotFound; 6]),
    (
        "/customer-occurrences/{id}/images/{image}/thumbnail",
        "/customer-occurrences/{public}/images/{private}/thumbnail",
        [NotFound; 6],
    ),
    (
        "/reports/customer-occurrences.csv",
        "/reports/customer-occurrences.csv?impact=positive",
        [SignIn, NotFound, Ok, Ok, Ok, Ok],
    ),
    (
        "/reports/customer-occurrences.xlsx",
        "/reports/customer-occurrences.xlsx?impact=positive",
        [SignIn, NotFound, Ok, Ok, Ok, Ok],
    ),
    ("/tickets/{number}/history.csv", "/tickets/{number}/history.csv", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    (
        "/requests/{number}/history.csv",
        "/requests/{number}/history.csv",
        [SignIn, Ok, NotFound, NotFound, NotFound, NotFound],
    ),
    ("/audit.csv", "/audit.csv", [SignIn, NotFound, Ok, NotFound, NotFound, Ok]),
    // Whoever knows the secret address reads; nobody guesses it.
    ("/ical/{file}", "/ical/guessed.ics", [NotFound; 6]),
    ("/reports.csv", "/reports.csv", [SignIn, NotFound, Ok, Ok, Ok, Ok]),
    ("/healthz", "/healthz", [Ok; 6]),
    ("/readyz", "/readyz", [Ok; 6]),
    // No assets are built for these tests.
    ("/v/{build}/{*name}", "/v/dev/main.css", [NotFound; 6]),
    ("/fonts/{name}", "/fonts/none.woff2", [NotFound; 6]),
    ("/favicon.svg", "/favicon.svg", [NotFound; 6]),
    ("/favicon.ico", "/favicon.ico", [NotFound; 6]),
    ("/robots.txt", "/robots.txt", [NotFound; 6]),
    ("/manifest.webmanifest", "/manifest.webmanifest", [NotFound; 6]),
];

/// Routes that have a table or a test of their own.
const ELSEWHERE: &[&str] = &[
    "/fn/{*name}",
    "/attachments",
    "/customers/import/file",
    "/drafts/{kind}/{object}/attachments",
    "/sign-in",
    "/unsubscribe",
];

#[tokio::test]
async fn every_page_is_for_whom_the_table_says() {
    let desk = Desk::new().await;
    let story = Story::with_tasks(&desk).await;
    let mut findings = Vec::new();
    for (_, template, outs) in PAGES {
        for (who, expected) in everybody().zip(*outs) {
            let answer = desk.get(&fill(template, &story), who).await;
            findings.extend(judge(template, who, expected, &answer));
        }
    }
    nothing(&findings);
}

#[tokio::test]
async fn every_other_address_is_for_whom_the_table_says() {
    let desk = Desk::new().await;
    let story = Story::with_tasks(&desk).await;
    let mut findings = Vec::new();
    for (_, template, outs) in OTHERS.iter().filter(|(route, ..)| *route != "/events") {
        for (who, expected) in everybody().zip(*outs) {
            let answer = desk.get(&fill(template, &story), who).await;
            findings.extend(judge(template, who, expected, &answer));
        }
    }
    nothing(&findings);
}

#[tokio::test]
async fn the_stream_of_events_is_for_signed_in_people() {
    let desk = Desk::new().await;
    for who in everybody() {
        let request = desk.browser("GET", "/events", who).await.body(axum::body::Body::empty()).unwrap();
        let response = desk.open(request).await;
        let expected = if who.is_empty() { 401 } else { 200 };
        assert_eq!(response.status().as_u16(), expected, "{who}");
    }
}

#[tokio::test]
async fn uploads_are_for_signed_in_people() {
    let desk = Desk::new().await;
    for who in everybody() {
        let body = "--border\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nwords\r\n--border--\r\n";
        let request = desk
            .browser("POST", "/attachments", who)
            .await
            .header("content-type", "multipart/form-data; boundary=border")
            .body(axum::body::Body::from(body))
            .unwrap();
        let answer = desk.send(request).await;
        assert_eq!(answer.status, if who.is_empty() { 401 } else { 201 }, "{who}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_file_of_customers_is_for_those_who_write_them() {
    let desk = Desk::new().await;
    for (who, status) in everybody().zip([303, 404, 303, 303, 303, 303]) {
        let body = "--border\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nname\r\nAcme\r\n--border--\r\n";
        let request = desk
            .browser("POST", "/customers/import/file", who)
            .await
            .header("content-type", "multipart/form-data; boundary=border")
            .body(axum::body::Body::from(body))
            .unwrap();
        let answer = desk.send(request).await;
        assert_eq!(answer.status, status, "{who}: {}", answer.text());
        let is_looked_at = answer.location().starts_with("/customers/import?preview=");
        assert_eq!(is_looked_at, matches!(who, "tech1" | "supervisor" | "admin"), "{who}: {}", answer.location());
    }
}

#[tokio::test]
async fn a_form_with_files_is_for_signed_in_people_and_others_sign_in_with_it() {
    let desk = Desk::new().await;
    let story = Story::with_tasks(&desk).await;
    for who in everybody() {
        let body = "--border\r\nContent-Disposition: form-data; name=\"form[body]\"\r\n\r\nwords\r\n--border--\r\n";
        // A draft is the writer's own note, about whatever he likes.
        let path = format!("/drafts/occurrence/{}/attachments?back=%2Fdrafts", story.number);
        let request = desk
            .browser("POST", &path, who)
            .await
            .header("content-type", "multipart/form-data; boundary=border")
            .body(axum::body::Body::from(body))
            .unwrap();
        let answer = desk.send(request).await;
        assert_eq!(answer.status, if who.is_empty() { 200 } else { 303 }, "{who}: {}", answer.text());
        assert_eq!(answer.text().contains("type=\"password\""), who.is_empty(), "{who}");
    }
}

#[tokio::test]
async fn signing_in_with_a_text_is_for_everybody() {
    let desk = Desk::new().await;
    for who in everybody() {
        let fields = [("form[draft]", "{}"), ("form[email]", "ghost@example.org"), ("form[password]", "a guess")];
        let request = desk
            .browser("POST", "/sign-in", who)
            .await
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::from(encode(&fields)))
            .unwrap();
        let answer = desk.send(request).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (200, ""), "{who}: {}", answer.text());
    }
}

#[tokio::test]
async fn every_page_of_the_application_is_in_the_table() {
    let listed = server::router::pages().iter().map(|page| page.path().to_owned());
    let pages: BTreeSet<String> = listed.filter(|path| !path.starts_with("/fn/")).collect();
    let table: BTreeSet<String> = PAGES.iter().map(|(route, ..)| (*route).to_owned()).collect();
    assert_eq!(pages, table, "decide who may see a page, in this table");
}

#[test]
fn every_route_of_the_router_is_in_a_table() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/router.rs")).unwrap();
    let route = Regex::new(r#"\.route\(\s*"([^"]+)""#).unwrap();
    let found: Vec<&str> = route.captures_iter(&text).map(|hit| hit.get(1).unwrap().as_str()).collect();
    assert!(found.len() >= 10, "{found:?}");
    for path in found {
        let is_known = ELSEWHERE.contains(&path) || OTHERS.iter().any(|(route, ..)| *route == path);
        assert!(is_known, "{path}: decide who may use it, in a table here");
    }
}

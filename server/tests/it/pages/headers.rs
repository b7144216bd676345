//! Headers of every kind of answer.

use regex_lite::Regex;

use crate::support::{Answer, Desk, NOBODY, Story};

#[track_caller]
fn has_common_headers(what: &str, answer: &Answer) {
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("x-frame-options"), "DENY", "{what}");
    assert_eq!(answer.header("referrer-policy"), "same-origin", "{what}");
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert!(answer.header("permissions-policy").contains("geolocation=()"), "{what}");
    assert!(!answer.header("content-security-policy").is_empty(), "{what}");
    assert!(!answer.header("x-request-id").is_empty(), "{what}");
    assert_eq!(answer.header("access-control-allow-origin"), "", "{what}");
    assert_eq!(answer.header("server"), "", "{what}");
}

#[tokio::test]
async fn p_act_10_no_page_learns_the_token_of_a_signed_link() {
    let desk = Desk::new().await;
    for page in ["/invitation", "/setup", "/solution", "/survey", "/unsubscribe"] {
        for path in [page.to_owned(), format!("{page}?token=guessed")] {
            assert_eq!(desk.get(&path, NOBODY).await.header("referrer-policy"), "strict-origin", "{path}");
        }
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_that_protect_it() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let ticket = format!("/tickets/{}", story.number);
    for (path, who) in [
        ("/sign-in", NOBODY),
        ("/", "tech1"),
        (ticket.as_str(), "tech1"),
        ("/tickets/999999", "tech1"),
        ("/requests", "requester1"),
        ("/nowhere", NOBODY),
        ("/healthz", NOBODY),
        ("/readyz", NOBODY),
        ("/robots.txt", NOBODY),
        ("/documents/x", NOBODY),
        ("/events", NOBODY),
        ("/api/v1/me", NOBODY),
        ("/api/v1/nowhere", NOBODY),
        ("/api/v1/openapi.json", NOBODY),
        ("/v/dev/nothing.js", NOBODY),
    ] {
        let answer = desk.get(path, who).await;
        has_common_headers(path, &answer);
        let is_asset = path.starts_with("/v/") || path == "/robots.txt";
        assert!(is_asset || answer.header("cache-control") == "no-store", "{path}: {}", answer.header("cache-control"));
    }
    let refused = desk.call("add_occurrence", &[("form[ticket]", "1")], NOBODY).await;
    has_common_headers("a refused server function", &refused);
    assert_eq!(refused.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_page_runs_only_scripts_with_its_own_nonce() {
    let desk = Desk::new().await;
    let nonce = Regex::new(r"'nonce-([^']+)'").unwrap();
    let script = Regex::new(r"<script\b[^>]*>").unwrap();
    let mut seen = Vec::new();
    for path in ["/sign-in", "/sign-in", "/setup"] {
        let page = desk.get(path, NOBODY).await.expect(200);
        let policy = page.header("content-security-policy").to_owned();
        let value = nonce.captures(&policy).unwrap_or_else(|| panic!("{policy}"))[1].to_owned();
        assert!(!policy.contains("script-src 'unsafe-inline'") && !policy.contains("'unsafe-eval'"), "{policy}");
        for wanted in [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(wanted), "{policy}");
        }
        for tag in script.find_iter(&page.text()) {
            let tag = tag.as_str();
            assert!(tag.contains(&format!("nonce=\"{value}\"")) || tag.contains("src=\"/"), "{tag}");
        }
        assert!(!Regex::new(r#"\son[a-z]+=""#).unwrap().is_match(&page.text()), "no handlers in attributes");
        seen.push(value);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 3, "a nonce is used once");
}

#[tokio::test]
async fn nothing_is_loaded_from_another_host() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let foreign = Regex::new(r#"(?:src|href|action)="(?:https?:)?//[^"]*""#).unwrap();
    for (path, who) in [
        ("/sign-in".to_owned(), NOBODY),
        (format!("/tickets/{}", story.number), "tech1"),
        (format!("/requests/{}", story.number), "requester1"),
    ] {
        let page = desk.get(&path, who).await;
        let found: Vec<String> = foreign.find_iter(&page.text()).map(|hit| hit.as_str().to_owned()).collect();
        assert!(found.is_empty(), "{path}: {found:?}");
    }
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_404_and_a_trailing_slash_is_taken_away() {
    let desk = Desk::new().await;
    desk.get("/nowhere", NOBODY).await.expect(404);
    desk.get("/nowhere", "tech1").await.expect(404);
    let moved = desk.get("/tickets/", "tech1").await;
    assert_eq!((moved.status, moved.location()), (308, "/tickets".to_owned()));
}

#[tokio::test]
async fn cookies_are_http_only_and_same_site() {
    let desk = Desk::new().await;
    let answer = desk
        .call("set_preference", &[("name", "guichet_lang"), ("value", "fr"), ("back", "/sign-in")], NOBODY)
        .await
        .expect(200);
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("guichet_lang=fr") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let ignored = desk
        .call("set_preference", &[("name", "guichet_lang"), ("value", "xx\r\nSet-Cookie: a=b"), ("back", "/")], NOBODY)
        .await;
    assert_eq!(ignored.header("set-cookie"), "");
}

//! A-ERR and A-BAS: refusals are problems with codes, and say nothing they should not.

use serde_json::{Value, json};

use crate::support::{Desk, NOBODY, Story};

#[tokio::test]
async fn a_err_01_unknown_paths_and_later_parts_are_problems_too() {
    let desk = Desk::new().await;
    for path in ["/nowhere", "/contracts", "/tickets/export", "/projects"] {
        let answer = desk.api("GET", path, "admin", None).await;
        answer.problem(404, "not_found");
        assert_eq!(answer.json()["request_id"], answer.header("x-request-id"), "{path}");
    }
}

#[tokio::test]
async fn a_bas_07_a_wrong_method_names_the_right_ones_and_head_works_like_get() {
    let desk = Desk::new().await;
    let answer = desk.api("PUT", "/tickets", "tech1", Some(json!({}))).await;
    answer.problem(405, "method_not_allowed");
    assert!(
        answer.header("allow").contains("GET") && answer.header("allow").contains("POST"),
        "{}",
        answer.header("allow")
    );
    let head = desk.api("HEAD", "/me", "tech1", None).await.expect(200);
    assert!(head.bytes.is_empty());
    let answer = desk.api_with("POST", "/me", "tech1", &[("x-http-method-override", "PATCH")], Some(json!({}))).await;
    answer.problem(405, "method_not_allowed");
}

#[tokio::test]
async fn a_bas_02_bodies_are_json_once_and_not_too_large() {
    let desk = Desk::new().await;
    let path = "/tickets";
    for body in
        ["", "{", "[]", "null", "{\"title\":\"a\",\"title\":\"b\"}", "{\"title\":\"\\ud800\"}", "{\"title\":1}x"]
    {
        desk.api_raw("POST", path, "tech1", "application/json", body.to_owned())
            .await
            .problem(400, "malformed_request");
    }
    desk.api_raw("POST", path, "tech1", "application/json", vec![b'{', b'"', 0xff, b'"', b'}'])
        .await
        .problem(400, "malformed_request");
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/merge-patch+json",
        "application/json; charset=latin-1",
    ] {
        desk.api_raw("POST", path, "tech1", kind, "{}").await.problem(415, "unsupported_media_type");
    }
    let large = format!("{{\"title\":\"{}\"}}", "x".repeat(2 * 1024 * 1024));
    desk.api_raw("POST", path, "tech1", "application/json", large).await.problem(413, "body_too_large");
    let story = Story::tell(&desk).await;
    let patch = format!("/tickets/{}", story.number);
    desk.api_raw("PATCH", &patch, "tech1", "application/merge-patch+json", "{}").await.problem(428, "version_required");
}

#[tokio::test]
async fn a_err_01_no_text_of_a_user_is_in_a_refusal() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}", story.number);
    let marker = "Rhabarberbarbara";
    let answers = [
        desk.api("GET", &format!("/{marker}"), "tech1", None).await,
        desk.api("GET", &format!("/tickets?status={marker}"), "tech1", None).await,
        desk.api("GET", &format!("/tickets?cursor={marker}"), "tech1", None).await,
        desk.api("GET", &format!("/occurrences/{marker}"), "tech1", None).await,
        desk.api(
            "POST",
            "/tickets",
            "tech1",
            Some(json!({ "title": marker, "type": marker, "category": marker, "description": "" })),
        )
        .await,
        desk.api("POST", &format!("{path}/actions/assign"), "supervisor", Some(json!({ "add": [{ "kind": marker }] })))
            .await,
        desk.api_raw("POST", "/tickets", "tech1", "application/json", format!("{{{marker}")).await,
    ];
    for answer in answers {
        assert!(answer.status >= 400, "{}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!answer.text().contains(marker), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_err_02_wrong_fields_are_named_by_their_path() {
    let desk = Desk::new().await;
    let body = json!({
        "description": "x", "format": "text", "attachments": ["0195a1f0-0000-7000-8000-000000000000"],
        "requesters": [{ "kind": "email", "email": "not an address" }],
    });
    let problem = desk.api("POST", "/tickets", "tech1", Some(body)).await.problem(422, "invalid");
    let fields: Vec<&str> = problem["errors"].as_array().unwrap().iter().filter_map(|e| e["field"].as_str()).collect();
    assert!(fields.contains(&"requesters[0].email"), "{fields:?}");
}

#[tokio::test]
async fn a_err_03_what_may_not_be_seen_is_byte_for_byte_like_what_does_not_exist() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let of = |number: &str| {
        [
            ("GET", format!("/tickets/{number}"), None),
            ("PATCH", format!("/tickets/{number}"), Some(json!({ "version": 1, "title": "x" }))),
            ("DELETE", format!("/tickets/{number}?version=1"), None),
            ("GET", format!("/tickets/{number}/timeline"), None),
            ("GET", format!("/tickets/{number}/history"), None),
            ("GET", format!("/tickets/{number}/documents"), None),
            ("GET", format!("/tickets/{number}/occurrences"), None),
            ("POST", format!("/tickets/{number}/occurrences"), Some(json!({ "body": "x", "format": "text" }))),
            ("POST", format!("/tickets/{number}/actions/take"), None),
            ("POST", format!("/tickets/{number}/actions/cancel"), Some(json!({ "reason": "x" }))),
            ("POST", format!("/tickets/{number}/actions/mark-read"), Some(json!({}))),
        ]
    };
    for ((method, foreign, body), (_, unknown, _)) in of(&number).into_iter().zip(of("987654321")) {
        let foreign_answer = desk.api(method, &foreign, "requester2", body.clone()).await;
        let unknown_answer = desk.api(method, &unknown, "requester2", body).await;
        foreign_answer.problem(404, "not_found");
        assert_eq!(foreign_answer.comparable(), unknown_answer.comparable(), "{method} {foreign}");
    }
    for odd in ["0", "-1", "abc", "1.5", "99999999999999999999"] {
        desk.api("GET", &format!("/tickets/{odd}"), "tech1", None).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_aut_01_without_a_token_the_scheme_is_told_before_anything_else() {
    let desk = Desk::new().await;
    for path in ["/me", "/tickets", "/tickets/1", "/documents/0195a1f0-0000-7000-8000-000000000000/content"] {
        let answer = desk.api("GET", path, NOBODY, None).await;
        answer.problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    let refused = desk.api("POST", "/tickets", NOBODY, Some(json!({ "colour": 1 }))).await;
    let problem: Value = refused.problem(401, "unauthenticated");
    assert_eq!(problem["errors"], json!([]));
}

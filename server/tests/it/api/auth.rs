//! Tokens: who a caller is, and what he may do with what he came with.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::support::{Desk, NOBODY, keys, sorted};

fn with(header: (&'static str, String), path: &str) -> Request<Body> {
    Request::builder().uri(format!("/api/v1{path}")).header(header.0, header.1).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_aut_01_only_a_bearer_header_opens() {
    let desk = Desk::new().await;
    let token = desk.token("tech1", "full").await;
    assert!(token.starts_with("guichet_") && token.len() == "guichet_".len() + 43, "the form of a token");
    desk.send(with(("authorization", format!("Bearer {token}")), "/me")).await.expect(200);
    let session = desk.session("tech1").await;
    desk.send(with(("cookie", format!("guichet={session}")), "/me")).await.problem(401, "unauthenticated");
    desk.send(with(("authorization", format!("Bearer {session}")), "/me")).await.problem(401, "unauthenticated");
    desk.send(with(("authorization", format!("Basic {token}")), "/me")).await.problem(401, "unauthenticated");
    desk.send(with(("x-token", token.clone()), &format!("/me?token={token}&access_token={token}")))
        .await
        .problem(401, "unauthenticated");
    // A token is no session either.
    let mut page = desk.browser("GET", "/tickets", NOBODY).await.body(Body::empty()).unwrap();
    page.headers_mut().insert("cookie", format!("guichet={token}").parse().unwrap());
    desk.send(page).await.expect(302);
}

#[tokio::test]
async fn a_aut_02_a_reading_token_only_reads() {
    let desk = Desk::new().await;
    let token = desk.token("tech1", "read").await;
    let list = || with(("authorization", format!("Bearer {token}")), "/tickets");
    desk.send(list()).await.expect(200);
    let mut post = list();
    *post.method_mut() = axum::http::Method::POST;
    desk.send(post).await.problem(403, "read_only_token");
}

#[tokio::test]
async fn a_aut_02_disabling_and_revocation_count_at_once() {
    let desk = Desk::new().await;
    let token = desk.token("tech1", "full").await;
    let me = || with(("authorization", format!("Bearer {token}")), "/me");
    desk.send(me()).await.expect(200);
    let mut revoke = with(("authorization", format!("Bearer {token}")), "/auth/token");
    *revoke.method_mut() = axum::http::Method::DELETE;
    desk.send(revoke).await.expect(204);
    desk.send(me()).await.problem(401, "unauthenticated");
    let token = desk.token("tech2", "full").await;
    let me = || with(("authorization", format!("Bearer {token}")), "/me");
    desk.send(me()).await.expect(200);
    desk.world.disable("tech2").await;
    desk.send(me()).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_aut_03_a_token_is_made_with_a_password_and_shown_once() {
    let desk = Desk::new().await;
    desk.world.let_in("tech1").await;
    let body = json!({ "email": "Tech1@example.org", "password": testing::PASSWORD, "name": "ci", "scope": "read", "expires_in_days": 7 });
    let answer = desk.api("POST", "/auth/token", NOBODY, Some(body.clone())).await.expect(201);
    let made = answer.json();
    for name in sorted("token id name scope expires_at user") {
        assert!(keys(&made).contains(&name), "{name}: {made}");
    }
    assert_eq!((&made["name"], &made["scope"]), (&json!("ci"), &json!("read")));
    assert_eq!(keys(&made["user"]), ["id", "name"]);
    let list = desk.api("GET", "/auth/tokens", "tech1", None).await.expect(200);
    assert!(!list.text().contains(made["token"].as_str().unwrap()), "never shown again");
    let row = list.json()["items"].as_array().unwrap().iter().find(|row| row["id"] == made["id"]).unwrap().clone();
    assert_eq!(keys(&row), sorted("id name scope created_at last_used_at expires_at"));
    // The answer holds a secret, so a key replays nothing.
    let key = [("idempotency-key", "same")];
    let first = desk.api_with("POST", "/auth/token", NOBODY, &key, Some(body.clone())).await.expect(201);
    let second = desk.api_with("POST", "/auth/token", NOBODY, &key, Some(body)).await.expect(201);
    assert_ne!(first.json()["token"], second.json()["token"]);
    let path = format!("/auth/tokens/{}", made["id"].as_str().unwrap());
    desk.api("DELETE", &path, "tech2", None).await.problem(404, "not_found");
    desk.api("DELETE", &path, "tech1", None).await.expect(204);
}

#[tokio::test]
async fn a_aut_03_wrong_password_unknown_and_disabled_account_answer_alike() {
    let desk = Desk::new().await;
    desk.world.let_in("tech1").await;
    desk.world.let_in("tech2").await;
    desk.world.disable("tech2").await;
    let mut texts = Vec::new();
    for (email, password) in [
        ("tech1@example.org", "wrong wrong"),
        ("ghost@example.org", "wrong wrong"),
        ("tech2@example.org", testing::PASSWORD),
    ] {
        let answer =
            desk.api("POST", "/auth/token", NOBODY, Some(json!({ "email": email, "password": password }))).await;
        answer.problem(401, "invalid_credentials");
        texts.push(answer.comparable());
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
    desk.api("POST", "/auth/token", NOBODY, Some(json!({})))
        .await
        .invalid(&[("email", "required"), ("password", "required")]);
}

#[tokio::test]
async fn the_caller_reads_and_changes_himself() {
    let desk = Desk::new().await;
    let me = desk.api("GET", "/me", "requester1", None).await.expect(200).json();
    for name in
        sorted("id name email language time_zone theme density assignments capabilities groups preferences unread")
    {
        assert!(keys(&me).contains(&name), "{name}: {me}");
    }
    let body = json!({ "version": me["version"].as_i64().unwrap_or(1), "language": "pt-BR", "preferences": { "timeline_order": "desc" } });
    let after = desk.api("PATCH", "/me", "requester1", Some(body)).await.expect(200).json();
    assert_eq!(after["language"], "pt-BR");
    assert_eq!(after["preferences"]["timeline_order"], "desc");
    desk.api("PATCH", "/me", "requester1", Some(json!({ "version": 2, "language": "tlh" })))
        .await
        .invalid(&[("language", "invalid")]);
}

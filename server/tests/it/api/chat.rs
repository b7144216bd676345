//! `/api/v1/tickets/{number}/chat`, and what the stream tells of chats.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use domain::forms::CreateTicket;
use domain::occurrence::BodyFormat;
use domain::settings::Key;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use service::tickets;

use crate::support::{Desk, Story, keys, sorted};

const LINE: &str = "id ticket author side text sent_at read_at";

/// A desk where the chat is switched on, and the path of a ticket's chat.
async fn prepared() -> (Desk, String) {
    let desk = Desk::new().await;
    desk.world.set(Key::ChatEnabled, desk.world.root, "true").await;
    let path = format!("/tickets/{}/chat", Story::tell(&desk).await.number);
    (desk, path)
}

async fn say(desk: &Desk, path: &str, who: &str, text: &str) -> Value {
    desk.api("POST", path, who, Some(json!({ "text": text }))).await.expect(201).json()
}

#[tokio::test]
async fn t_cht_a_line_goes_there_and_back_and_is_caught_up_with() {
    let (desk, path) = prepared().await;
    let answer = desk.api("POST", &path, "requester1", Some(json!({ "text": "Hello?" }))).await.expect(201);
    let first = answer.json();
    assert_eq!(keys(&first), sorted(&[LINE, " warnings"].concat()));
    assert_eq!(answer.header("location"), format!("/api/v1{path}"));
    assert_eq!((&first["side"], &first["text"]), (&json!("requester"), &json!("Hello?")));
    assert_eq!(keys(&first["author"]), ["kind", "name"]);
    say(&desk, &path, "tech1", "Here.").await;
    let all = desk.api("GET", &format!("{path}?count=true"), "tech1", None).await.expect(200).json();
    assert_eq!(keys(&all["items"][0]), sorted(LINE));
    assert!(all["items"][0]["author"]["id"].is_string() && all["count"] == 2, "{all}");
    let after = format!("{path}?after={}", first["id"].as_str().unwrap());
    let missed = desk.api("GET", &after, "requester1", None).await.expect(200).json();
    assert_eq!(missed["items"].as_array().unwrap().len(), 1);
    assert_eq!(missed["items"][0]["text"], "Here.");
    desk.api("POST", &format!("{path}/signs"), "tech1", Some(json!({ "typing": true }))).await.expect(204);
    desk.api("POST", &format!("{path}/end"), "tech1", None).await.expect(204);
    desk.api("POST", &format!("{path}/end"), "requester1", None).await.expect(204);

    let history = path.replace("/chat", "/history");
    let tab = desk.api("GET", &format!("{history}?tab=chat"), "requester1", None).await.expect(200).json();
    let said: Vec<&str> =
        tab["items"].as_array().unwrap().iter().filter_map(|row| row["data"]["text"].as_str()).collect();
    assert_eq!(said, ["Here.", "Hello?"]);
    assert_eq!(tab["items"][0]["kind"], "chat_line");
    let events =
        desk.api("GET", &format!("{history}?kind=chat_started,chat_ended"), "tech1", None).await.expect(200).json();
    assert_eq!(events["items"].as_array().unwrap().len(), 2);
    let export = desk.api("GET", &format!("{history}/export?tab=chat"), "tech1", None).await.expect(200);
    assert!(export.text().contains("Hello?"));
}

#[tokio::test]
async fn t_cht_wrong_fields_are_named_and_a_post_is_done_once() {
    let (desk, path) = prepared().await;
    let post = async |body: Value| desk.api("POST", &path, "tech1", Some(body)).await;
    post(json!({})).await.invalid(&[("text", "required")]);
    post(json!({ "text": " " })).await.invalid(&[("text", "required")]);
    post(json!({ "text": "x".repeat(10_001) })).await.invalid(&[("text", "too_long")]);
    post(json!({ "text": "x", "send_mail": true })).await.invalid(&[("send_mail", "unknown_field")]);
    let after = format!("{path}?after=0195a1f0-0000-7000-8000-000000000000");
    desk.api("GET", &after, "tech1", None).await.invalid(&[("after", "unknown_reference")]);
    let once = async || {
        let body = json!({ "text": "Once." });
        desk.api_with("POST", &path, "tech1", &[("idempotency-key", "c1")], Some(body)).await.expect(201).json()
    };
    assert_eq!(once().await["id"], once().await["id"]);
    let page = desk.api("GET", &path, "tech1", None).await.expect(200).json();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn t_cht_07_switched_off_it_says_so_to_those_who_might_read_it() {
    let (desk, path) = prepared().await;
    say(&desk, &path, "tech1", "Hello?").await;
    desk.world.set(Key::ChatEnabled, desk.world.root, "false").await;
    for who in ["tech1", "requester1"] {
        let refused = desk.api("POST", &path, who, Some(json!({ "text": "x" }))).await;
        refused.problem(403, "disabled_by_setting");
        assert_eq!(refused.json()["setting"], "chat.enabled");
        desk.api("GET", &path, who, None).await.problem(403, "disabled_by_setting");
        desk.api("GET", &path.replace("/chat", "/history?tab=chat"), who, None).await.problem(404, "not_found");
    }
    desk.api("GET", &path, "requester2", None).await.problem(404, "not_found");
}

/// A ticket that requester2 observes.
async fn observed(desk: &Desk) -> i64 {
    let form = CreateTicket {
        title: "Watched".to_owned(),
        description: "By somebody.".to_owned(),
        format: BodyFormat::Text,
        requesters: vec![desk.world.user("requester1").await],
        observers: vec![desk.world.user("requester2").await],
        ..CreateTicket::default()
    };
    tickets::create(&desk.ctx("tech1").await, form).await.unwrap()
}

#[tokio::test]
async fn t_cht_observers_are_answered_as_if_there_were_no_chat() {
    let (desk, _) = prepared().await;
    let number = observed(&desk).await;
    let path = format!("/tickets/{number}/chat");
    say(&desk, &path, "tech1", "Zwetschgenmus for two.").await;
    let calls = [("GET", path.clone(), None), ("POST", path.clone(), Some(json!({ "text": "x" })))];
    for (method, path, body) in calls {
        desk.api(method, &path, "requester2", body).await.problem(404, "not_found");
    }
    desk.api("POST", &format!("{path}/signs"), "requester2", Some(json!({ "typing": true })))
        .await
        .problem(404, "not_found");
    desk.api("POST", &format!("{path}/end"), "requester2", None).await.problem(404, "not_found");
    let paths = ["", "/timeline", "/history", "/history?tab=chat", "/history/export"];
    for part in paths {
        let answer = desk.api("GET", &format!("/tickets/{number}{part}"), "requester2", None).await;
        assert!(!answer.text().contains("Zwetschgenmus"), "{part}");
    }
    for page in ["", "/history", "/history?tab=chat", "/history.csv?tab=chat", "/chat", "/chat?after=0"] {
        let answer = desk.get(&format!("/requests/{number}{page}"), "requester2").await;
        assert!(!answer.text().contains("Zwetschgenmus"), "{page}");
    }
    desk.get(&format!("/requests/{number}/chat"), "requester2").await.expect(404);
}

/// What a stream of somebody says until `wanted` is in it, or until it was silent for `patience`.
async fn heard(desk: &Desk, who: &str, number: i64, wanted: &[&str], patience: Duration) -> String {
    let token = desk.token(who, "full").await;
    let request = Request::builder()
        .uri(format!("/api/v1/events?ticket={number}&kinds=chat"))
        .header("authorization", format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    let mut stream = desk.open(request).await;
    let deadline = tokio::time::Instant::now() + patience;
    let mut heard = String::new();
    while !wanted.iter().all(|word| heard.contains(word)) || wanted.is_empty() {
        let Ok(frame) = tokio::time::timeout_at(deadline, stream.body_mut().frame()).await else { break };
        let frame = frame.expect("the stream goes on").unwrap();
        if let Some(data) = frame.data_ref() {
            heard.push_str(&String::from_utf8_lossy(data));
        }
    }
    heard
}

#[tokio::test]
async fn a_evt_04_presence_and_typing_are_for_the_two_sides() {
    let (desk, _) = prepared().await;
    let number = observed(&desk).await;
    let path = format!("/tickets/{number}/chat");
    say(&desk, &path, "tech1", "Zwetschgenmus.").await;
    desk.api("POST", &format!("{path}/signs"), "tech1", Some(json!({ "typing": true }))).await.expect(204);
    let told = heard(&desk, "requester1", number, &["presence", "typing"], Duration::from_secs(10)).await;
    assert!(told.contains("event: presence") && told.contains("event: typing"), "{told}");
    let tech1 = desk.world.person("tech1").await;
    assert!(!told.contains(&tech1.id.to_string()) && !told.contains(&tech1.name), "no id and no name: {told}");
    assert!(!told.contains("Zwetschgenmus"), "{told}");
    // Long enough for signs that must not come.
    let silent = heard(&desk, "requester2", number, &[], Duration::from_secs(3)).await;
    assert!(!silent.contains("presence") && !silent.contains("typing") && !silent.contains("chat"), "{silent}");
}

//! `/api/v1/tickets/{number}/messages` and `/api/v1/messages/{id}`.

use domain::forms::CreateTicket;
use domain::occurrence::BodyFormat;
use serde_json::{Value, json};
use service::tickets;

use crate::support::{Desk, Story, keys, sorted};

const AGENT: &str = "id ticket author side text sent_at read_at mail mail_state";
const REQUESTER: &str = "id ticket author side text sent_at read_at sent_by_mail";

async fn path(desk: &Desk) -> String {
    format!("/tickets/{}/messages", Story::tell(desk).await.number)
}

async fn send(desk: &Desk, path: &str, who: &str, text: &str) -> Value {
    desk.api("POST", path, who, Some(json!({ "text": text }))).await.expect(201).json()
}

#[tokio::test]
async fn t_msg_a_message_goes_there_and_back() {
    let desk = Desk::new().await;
    let path = path(&desk).await;
    let answer = desk.api("POST", &path, "tech1", Some(json!({ "text": "Which floor?" }))).await.expect(201);
    let sent = answer.json();
    let id = sent["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("/api/v1/messages/{id}"));
    assert_eq!(keys(&sent), sorted(&[AGENT, " warnings"].concat()));
    assert_eq!((&sent["side"], &sent["text"], &sent["mail"]), (&json!("service"), &json!("Which floor?"), &json!([])));
    assert!(sent["read_at"].is_null() && sent["author"]["id"].is_string(), "{sent}");

    // Listing marks nothing.
    let page = desk.api("GET", &path, "requester1", None).await.expect(200).json();
    assert_eq!(keys(&page["items"][0]), sorted(REQUESTER));
    assert_eq!(keys(&page["items"][0]["author"]), ["kind", "name"]);
    let me = desk.api("GET", "/me", "requester1", None).await.json();
    assert_eq!(me["unread"]["messages"], 1);
    desk.api("POST", &format!("{path}/read"), "requester1", Some(json!({ "until": id }))).await.expect(204);
    let me = desk.api("GET", "/me", "requester1", None).await.json();
    assert_eq!(me["unread"]["messages"], 0);
    let seen = desk.api("GET", &format!("/messages/{id}"), "tech1", None).await.expect(200).json();
    assert!(seen["read_at"].is_string(), "{seen}");

    let back = send(&desk, &path, "requester1", "The third.").await;
    assert_eq!(keys(&back), sorted(&[REQUESTER, " warnings"].concat()));
    let timeline =
        desk.api("GET", &path.replace("/messages", "/timeline?kind=message"), "tech1", None).await.expect(200);
    let kinds: Vec<Value> =
        timeline.json()["items"].as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["message", "message"]);
}

#[tokio::test]
async fn t_msg_wrong_fields_are_named_and_a_post_is_done_once() {
    let desk = Desk::new().await;
    let path = path(&desk).await;
    let post = async |body: Value| desk.api("POST", &path, "tech1", Some(body)).await;
    post(json!({})).await.invalid(&[("text", "required")]);
    post(json!({ "text": " " })).await.invalid(&[("text", "required")]);
    post(json!({ "text": "x".repeat(10_001) })).await.invalid(&[("text", "too_long")]);
    post(json!({ "text": "x", "visibility": "private" })).await.invalid(&[("visibility", "unknown_field")]);
    post(json!({ "text": "x", "send_mail": true })).await.invalid(&[("send_mail", "mail_not_configured")]);
    let read = format!("{path}/read");
    desk.api("POST", &read, "tech1", Some(json!({ "until": "yesterday" })))
        .await
        .invalid(&[("until", "unknown_reference")]);

    let once = async || {
        let body = json!({ "text": "Once." });
        desk.api_with("POST", &path, "tech1", &[("idempotency-key", "m1")], Some(body)).await.expect(201).json()
    };
    assert_eq!(once().await["id"], once().await["id"]);
    let page = desk.api("GET", &format!("{path}?count=true"), "tech1", None).await.expect(200).json();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn t_msg_04_what_was_read_stays_and_what_was_not_is_withdrawn() {
    let desk = Desk::new().await;
    let path = path(&desk).await;
    let first = send(&desk, &path, "tech1", "Wrong ticket.").await;
    let of = |message: &Value| format!("{path}/{}", message["id"].as_str().unwrap());
    desk.api("DELETE", &of(&first), "admin", None).await.problem(403, "forbidden");
    desk.api("DELETE", &of(&first), "tech1", None).await.expect(204);
    desk.api("DELETE", &of(&first), "tech1", None).await.problem(404, "not_found");
    let second = send(&desk, &path, "tech1", "Which floor?").await;
    desk.api("POST", &format!("{path}/read"), "requester1", None).await.expect(204);
    desk.api("DELETE", &of(&second), "tech1", None).await.problem(409, "message_already_read");
    let page = desk.api("GET", &path, "tech1", None).await.json();
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    assert!(!page.to_string().contains("Wrong ticket."));
}

#[tokio::test]
async fn t_msg_04_observers_and_strangers_are_answered_as_if_there_were_none() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let form = CreateTicket {
        title: "Watched".to_owned(),
        description: "By somebody.".to_owned(),
        format: BodyFormat::Text,
        requesters: vec![desk.world.user("requester1").await],
        observers: vec![desk.world.user("requester2").await],
        ..CreateTicket::default()
    };
    let number = tickets::create(&desk.ctx("tech1").await, form).await.unwrap();
    let path = format!("/tickets/{number}/messages");
    let sent = send(&desk, &path, "tech1", "Zwetschgenmus for two.").await;
    desk.api("GET", &format!("/tickets/{number}"), "requester2", None).await.expect(200);
    desk.api("GET", &path, "requester2", None).await.problem(404, "not_found");
    desk.api("POST", &path, "requester2", Some(json!({ "text": "x" }))).await.problem(404, "not_found");
    desk.api("POST", &format!("{path}/read"), "requester2", None).await.problem(404, "not_found");
    let one = |id: &str| format!("/messages/{id}");
    let hidden = desk.api("GET", &one(sent["id"].as_str().unwrap()), "requester2", None).await;
    let unknown = desk.api("GET", &one(&story.public.to_string()), "requester2", None).await;
    assert_eq!((hidden.status, hidden.comparable()), (404, unknown.comparable()));
    let timeline = desk.api("GET", &format!("/tickets/{number}/timeline"), "requester2", None).await.expect(200);
    assert!(!timeline.text().contains("Zwetschgenmus"));
    for page in [format!("/requests/{number}"), format!("/requests/{number}/history")] {
        let answer = desk.get(&page, "requester2").await.expect(200);
        assert!(!answer.text().contains("Zwetschgenmus") && !answer.text().contains("/messages"), "{page}");
    }
    desk.get(&format!("/requests/{number}/messages"), "requester2").await.expect(404);
}

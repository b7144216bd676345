//! A-IDM: the same key is answered as it was answered first, whatever has happened since.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};
use service::sql::Sql;

use crate::support::{Answer, Desk, Story};

const KEY: [(&str, &str); 1] = [("idempotency-key", "6f1c")];

/// The same answer as before, and it says so.
#[track_caller]
fn assert_again(first: &Answer, second: &Answer) {
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(second.header("idempotency-replayed"), "true", "{}", second.text());
    assert_eq!((first.status, first.header("location")), (second.status, second.header("location")));
    assert_eq!(first.header("etag"), second.header("etag"));
    assert_eq!(first.text(), second.text());
}

async fn count(desk: &Desk, rows: &str) -> i64 {
    let sql = Sql::new(&format!("SELECT COUNT(*) FROM {rows}"));
    sql.scalar(desk.services.db.reader()).await.unwrap().unwrap_or(0)
}

#[tokio::test]
async fn a_idm_01_an_entry_changed_meanwhile_is_answered_as_first_given() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}/occurrences", story.number);
    let body = json!({ "body": "Once.", "format": "text", "visibility": "public" });
    let first = desk.api_with("POST", &path, "tech1", &KEY, Some(body.clone())).await.expect(201);
    let change = json!({ "version": 1, "body": "Changed.", "format": "text" });
    let entry = format!("/occurrences/{}", first.json()["id"].as_str().unwrap());
    desk.api("PATCH", &entry, "tech1", Some(change)).await.expect(200);
    let second = desk.api_with("POST", &path, "tech1", &KEY, Some(body.clone())).await;
    assert_again(&first, &second);
    assert_eq!(second.json()["body_text"], "Once.");
    // The same key at another address is another key.
    let other = format!("/tickets/{}/occurrences", Story::ticket(&desk, "requester1", "Another").await);
    let elsewhere = desk.api_with("POST", &other, "tech1", &KEY, Some(body)).await.expect(201);
    assert_eq!(elsewhere.header("idempotency-replayed"), "");
}

#[tokio::test]
async fn a_idm_01_a_ticket_changed_meanwhile_is_answered_as_first_given() {
    let desk = Desk::new().await;
    let body = json!({ "title": "VPN drops", "description": "Since this morning.", "format": "text" });
    let first = desk.api_with("POST", "/tickets", "tech1", &KEY, Some(body.clone())).await.expect(201);
    let path = format!("/tickets/{}", first.json()["number"]);
    desk.api("PATCH", &path, "tech1", Some(json!({ "version": 1, "title": "VPN fell" }))).await.expect(200);
    let second = desk.api_with("POST", "/tickets", "tech1", &KEY, Some(body)).await;
    assert_again(&first, &second);
    assert_eq!(second.json()["title"], "VPN drops");
}

#[tokio::test]
async fn a_idm_01_a_command_is_given_once_and_answered_twice() {
    let desk = Desk::new().await;
    let number = Story::ticket(&desk, "requester1", "VPN drops").await;
    let take = format!("/tickets/{number}/actions/take");
    let first = desk.api_with("POST", &take, "tech1", &KEY, None).await.expect(200);
    desk.api("POST", &format!("/tickets/{number}/actions/give-back"), "tech1", None).await.expect(200);
    let second = desk.api_with("POST", &take, "tech1", &KEY, None).await;
    assert_again(&first, &second);
    assert_eq!(second.json()["status"], "assigned");
    let now = desk.api("GET", &format!("/tickets/{number}"), "tech1", None).await.json();
    assert_eq!(now["status"], "new", "the twin takes nothing again");
}

#[tokio::test]
async fn a_idm_01_what_went_out_of_sight_is_not_answered_again() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let entries = format!("/tickets/{}/occurrences", story.number);
    let suspend = format!("/tickets/{}/actions/suspend", story.number);
    let body = json!({ "body": "Once.", "format": "text", "visibility": "public" });
    desk.api_with("POST", &entries, "tech1", &KEY, Some(body.clone())).await.expect(201);
    desk.api_with("POST", &suspend, "tech1", &KEY, Some(json!({}))).await.expect(200);
    let supervisor = desk.ctx("supervisor").await;
    let to_trash = domain::forms::RunCommand {
        number: story.number,
        command: domain::forms::Command::Delete,
        ..domain::forms::RunCommand::default()
    };
    service::tickets::run(&supervisor, to_trash).await.unwrap();
    desk.api_with("POST", &entries, "tech1", &KEY, Some(body)).await.problem(404, "not_found");
    desk.api_with("POST", &suspend, "tech1", &KEY, Some(json!({}))).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_idm_01_a_purge_without_content_is_answered_again_and_leaves_no_text() {
    let desk = Desk::new().await;
    let number = Story::ticket(&desk, "requester1", "Zwetschgenmus").await;
    let path = format!("/tickets/{number}");
    desk.api_with("POST", &format!("{path}/actions/take"), "tech1", &KEY, None).await.expect(200);
    assert_eq!(count(&desk, "idempotency WHERE answer LIKE '%Zwetschgenmus%'").await, 1);
    let version = desk.api("GET", &path, "admin", None).await.json()["version"].clone();
    desk.api("DELETE", &format!("{path}?version={version}"), "admin", None).await.expect(204);
    let purge = format!("{path}/actions/purge");
    let body = json!({ "number": number });
    let first = desk.api_with("POST", &purge, "admin", &KEY, Some(body.clone())).await.expect(204);
    let second = desk.api_with("POST", &purge, "admin", &KEY, Some(body)).await.expect(204);
    assert_again(&first, &second);
    assert_eq!(count(&desk, "idempotency WHERE answer LIKE '%Zwetschgenmus%'").await, 0);
}

#[tokio::test]
async fn a_idm_01_marks_documents_and_comments_are_made_once_too() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let mark = format!("/tickets/{}/actions/mark-read", story.number);
    let first = desk.api_with("POST", &mark, "requester1", &KEY, Some(json!({}))).await.expect(200);
    desk.world.advance(10);
    Story::entry(&desk, "tech1", story.number, "Later.", "public").await;
    let second = desk.api_with("POST", &mark, "requester1", &KEY, Some(json!({}))).await;
    assert_again(&first, &second);
    let ticket = desk.api("GET", &format!("/tickets/{}", story.number), "requester1", None).await.json();
    assert_eq!(ticket["unread"], 1, "what came after the first mark is unread");

    let upload = desk.upload("plan.txt", b"plan", "tech1").await.expect(201).json()["id"].clone();
    let path = format!("/tickets/{}/documents", story.number);
    let body = json!({ "upload": upload, "comment": "The plan" });
    let first = desk.api_with("POST", &path, "tech1", &KEY, Some(body.clone())).await.expect(201);
    assert_again(&first, &desk.api_with("POST", &path, "tech1", &KEY, Some(body.clone())).await);
    let other = json!({ "upload": upload, "comment": "Another plan" });
    desk.api_with("POST", &path, "tech1", &KEY, Some(other)).await.problem(422, "idempotency_mismatch");
}

/// A file sent under a key.
async fn send(desk: &Desk, who: &str, key: &str, name: &str, content: &str) -> Answer {
    let body = format!(
        "--border\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{content}\r\n--border--\r\n"
    );
    let request = Request::builder()
        .method("POST")
        .uri("/api/v1/uploads")
        .header(header::AUTHORIZATION, format!("Bearer {}", desk.token(who, "full").await))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=border")
        .header("idempotency-key", key)
        .body(Body::from(body))
        .unwrap();
    desk.send(request).await
}

#[tokio::test]
async fn a_idm_01_an_upload_is_taken_in_once() {
    let desk = Desk::new().await;
    let first = send(&desk, "tech1", "k1", "a.txt", "words").await.expect(201);
    desk.world.advance(60);
    assert_again(&first, &send(&desk, "tech1", "k1", "a.txt", "words").await);
    assert_eq!(count(&desk, "document").await, 1);
    send(&desk, "tech1", "k1", "a.txt", "other words").await.problem(422, "idempotency_mismatch");
    let theirs = send(&desk, "tech2", "k1", "a.txt", "words").await.expect(201);
    assert_ne!(theirs.json()["id"], first.json()["id"], "somebody else's key is another key");
    let id = first.json()["id"].as_str().unwrap().to_owned();
    desk.api("DELETE", &format!("/uploads/{id}"), "tech1", None).await.expect(204);
    send(&desk, "tech1", "k1", "a.txt", "words").await.problem(404, "not_found");
}

#[tokio::test]
async fn a_idm_01_a_password_is_changed_once() {
    let desk = Desk::new().await;
    desk.world.let_in("tech1").await;
    let body = json!({ "current_password": testing::PASSWORD, "new_password": "mossy violet 29 anchor" });
    let first = desk.api_with("POST", "/me/password", "tech1", &KEY, Some(body.clone())).await.expect(204);
    let second = desk.api_with("POST", "/me/password", "tech1", &KEY, Some(body)).await.expect(204);
    assert_again(&first, &second);
    let other = json!({ "current_password": testing::PASSWORD, "new_password": "velvet 31 quarry lamp" });
    desk.api_with("POST", "/me/password", "tech1", &KEY, Some(other)).await.problem(422, "idempotency_mismatch");
    for word in [testing::PASSWORD, "mossy violet 29 anchor"] {
        let kept = format!("idempotency WHERE answer LIKE '%{word}%' OR content_hash LIKE '%{word}%'");
        assert_eq!(count(&desk, &kept).await, 0);
    }
}

#[tokio::test]
async fn a_idm_01_a_key_lives_seven_days() {
    let desk = Desk::new().await;
    let body = json!({ "title": "VPN drops", "description": "Since this morning.", "format": "text" });
    let number = |answer: &Answer| -> Value { answer.json()["number"].clone() };
    let first = desk.api_with("POST", "/tickets", "requester1", &KEY, Some(body.clone())).await.expect(201);
    desk.world.advance(7 * 86_400 - 1);
    let second = desk.api_with("POST", "/tickets", "requester1", &KEY, Some(body.clone())).await.expect(201);
    assert_eq!(number(&first), number(&second));
    desk.world.advance(1);
    let third = desk.api_with("POST", "/tickets", "requester1", &KEY, Some(body)).await.expect(201);
    assert_ne!(number(&first), number(&third));
    assert_eq!(third.header("idempotency-replayed"), "");
}

//! What programs and people get when the database is locked or its disk is full, and that nothing is lost by it.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};
use service::sql::Sql;
use testing::{Db, Patience, Rival, World, both_engines};

use crate::support::{Desk, Story};

/// Of an instance that gives up soon, yet after the longest commit of a busy machine.
const SHORT: Patience = Patience { lock: Duration::from_secs(1), connection: Duration::from_secs(3) };
/// Pages of the file of SQLite, 4 KiB each.
const PLENTY: i64 = 1_000_000;

/// A call of the API by a token that is there already: to make one is to write.
fn call(method: &str, path: &str, token: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header(header::HOST, "desk.test")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
}

fn get(path: &str, token: &str) -> Request<Body> {
    call("GET", path, token).body(Body::empty()).unwrap()
}

/// Registers an occurrence, each time under the same key.
fn post(number: i64, token: &str, body: &Value) -> Request<Body> {
    call("POST", &format!("/tickets/{number}/occurrences"), token)
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", "again")
        .body(Body::from(body.to_string()))
        .unwrap()
}

both_engines!(a_err_01_a_locked_database_is_a_503_for_writers_and_nothing_to_readers, |db: &TestDb| async move {
    let desk = Desk::on(World::open(Db::connect_with(db.url(), SHORT).await.unwrap()).await);
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}", story.number);
    let token = desk.token("tech1", "full").await;
    // The first visits note that the ticket was read and the token was used.
    desk.get(&path, "tech1").await.expect(200);
    desk.send(get(&path, &token)).await.expect(200);
    let page = desk.browser("GET", &path, "tech1").await.body(Body::empty()).unwrap();
    let list = desk.browser("GET", "/tickets", "tech1").await.body(Body::empty()).unwrap();
    let entry = json!({ "body": "Against the lock.", "format": "text", "visibility": "public" });

    let rival = Rival::seize(db.url()).await;
    let answer = desk.send(post(story.number, &token, &entry)).await;
    let problem = answer.problem(503, "unavailable");
    assert!(problem["retry_after_s"].is_number() && !answer.header("retry-after").is_empty(), "{problem}");
    for reading in [get(&path, &token), get("/tickets", &token), page, list] {
        let address = reading.uri().clone();
        let answer = desk.send(reading).await;
        assert_eq!(answer.status, 200, "{address}: {}", answer.text());
    }
    rival.give_way().await;

    desk.send(post(story.number, &token, &entry)).await.expect(201);
    assert_eq!(desk.world.count("occurrence").await, 3, "two of the story, and this one once");
    desk.services.db.clone().close().await.unwrap();
});

/// Lets the file of SQLite grow by so many pages and no more.
async fn leave_room(desk: &Desk, pages: i64) {
    let size: Option<i64> = Sql::new("PRAGMA page_count").scalar(desk.services.db.writer()).await.unwrap();
    desk.world.run(&Sql::new(&format!("PRAGMA max_page_count = {}", size.unwrap() + pages))).await;
}

#[tokio::test]
async fn a_err_01_a_full_disk_is_a_507_and_what_was_typed_stays() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let token = desk.token("tech1", "full").await;
    desk.send(get("/me", &token)).await.expect(200);
    let entry = json!({ "body": "Toner. ".repeat(17_000), "format": "text", "visibility": "public" });

    // Enough for the draft, too little for the entry, which is stored as markup and as plain text.
    leave_room(&desk, 45).await;
    desk.send(post(story.number, &token, &entry)).await.problem(507, "storage_full");
    let draft = desk.send(get(&format!("/drafts/occurrence/{}", story.number), &token)).await.expect(200);
    assert!(draft.text().contains("Toner. Toner."));

    leave_room(&desk, PLENTY).await;
    desk.send(post(story.number, &token, &entry)).await.expect(201);
    assert_eq!(desk.world.count("occurrence").await, 3, "two of the story, and this one once");
}

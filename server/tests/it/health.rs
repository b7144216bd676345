//! Alive, ready, away, back.

use service::sql::Sql;

use crate::support::{Desk, Story};

#[tokio::test]
async fn a_running_desk_is_alive_and_ready() {
    let desk = Desk::new().await;
    assert_eq!(desk.get("/healthz", "").await.expect(200).text(), "ok");
    assert_eq!(desk.get("/readyz", "").await.expect(200).text(), "ready");
}

#[tokio::test]
async fn a_desk_that_stops_is_alive_but_not_ready() {
    let desk = Desk::new().await;
    desk.shutdown.cancel();
    desk.get("/healthz", "").await.expect(200);
    desk.get("/readyz", "").await.expect(503);
}

#[tokio::test]
async fn without_its_database_the_desk_says_so_and_blames_nobody() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let page = desk
        .browser("GET", &format!("/tickets/{}", story.number), "tech1")
        .await
        .body(axum::body::Body::empty())
        .unwrap();
    let token = desk.token("tech1", "full").await;
    let call = axum::http::Request::builder()
        .uri(format!("/api/v1/tickets/{}", story.number))
        .header("authorization", format!("Bearer {token}"))
        .body(axum::body::Body::empty())
        .unwrap();
    desk.services.db.clone().close().await.unwrap();
    desk.get("/healthz", "").await.expect(200);
    assert_eq!(desk.get("/readyz", "").await.expect(503).text(), "database away");
    let page = desk.send(page).await.expect(503);
    assert!(!page.header("retry-after").is_empty(), "the browser is told when to come back");
    assert!(!page.location().contains("sign-in"), "a person with a session must not seem signed out");
    let answer = desk.send(call).await;
    let problem = answer.problem(503, "unavailable");
    assert!(problem["retry_after_s"].is_number() && !answer.header("retry-after").is_empty(), "{problem}");
}

#[tokio::test]
async fn when_the_tables_come_back_so_does_the_desk_without_a_restart() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}", story.number);
    let writer = desk.services.db.writer();
    Sql::new("ALTER TABLE ticket RENAME TO ticket_away").run(writer).await.unwrap();
    let answer = desk.api("GET", &path, "tech1", None).await;
    assert!(answer.status >= 500, "{}", answer.status);
    assert!(
        !answer.text().contains("ticket_away") && !answer.text().to_lowercase().contains("no such table"),
        "{}",
        answer.text()
    );
    let page = desk.get(&path, "tech1").await;
    assert!(page.status >= 500, "{}", page.status);
    assert!(!page.text().to_lowercase().contains("no such table"), "{}", page.text());
    Sql::new("ALTER TABLE ticket_away RENAME TO ticket").run(writer).await.unwrap();
    desk.api("GET", &path, "tech1", None).await.expect(200);
    desk.get(&path, "tech1").await.expect(200);
}

#[tokio::test]
async fn a_database_locked_by_somebody_else_refuses_or_waits_and_loses_nothing() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    // Reading goes on while a writer holds the lock.
    let writer = desk.services.db.writer();
    Sql::new("BEGIN IMMEDIATE").run(writer).await.unwrap();
    desk.api("GET", "/openapi.json", "", None).await.expect(200);
    desk.get("/readyz", "").await.expect(200);
    Sql::new("ROLLBACK").run(writer).await.unwrap();
    desk.get(&format!("/tickets/{}", story.number), "tech1").await.expect(200);
}

//! `/api/v1/tickets/{number}/survey`.

use domain::forms::Command;
use domain::settings::Key;
use domain::ticket::Status;
use serde_json::json;

use crate::support::{Desk, Story, keys, sorted};

const AGENT: &str = "ticket state sent_at expires_at score comment answered_at answered_by off earlier";
const REQUESTER: &str = "ticket state sent_at expires_at score comment answered_at off";

/// A closed ticket of requester1 whose survey waits.
async fn asked(desk: &Desk) -> String {
    desk.world.set(Key::SurveyEnabled, desk.world.root, "true").await;
    let number = Story::tell(desk).await.number;
    desk.world.put_status(number, Status::Solved).await;
    desk.world.command("supervisor", number, Command::Close).await.unwrap();
    format!("/tickets/{number}/survey")
}

#[tokio::test]
async fn t_srv_the_requester_answers_and_agents_read_it() {
    let desk = Desk::new().await;
    let path = asked(&desk).await;
    let open = desk.api("GET", &path, "requester1", None).await.expect(200).json();
    assert_eq!(keys(&open), sorted(REQUESTER));
    assert_eq!((&open["state"], &open["score"], &open["off"]), (&json!("open"), &json!(null), &json!(null)));
    let body = json!({ "score": 4, "comment": "Fast." });
    let answer = desk.api("POST", &path, "requester1", Some(body)).await.expect(201);
    assert_eq!(answer.header("location"), format!("/api/v1{path}"));
    assert_eq!(keys(&answer.json()), sorted(&[REQUESTER, " warnings"].concat()));
    let seen = desk.api("GET", &path, "tech1", None).await.expect(200).json();
    assert_eq!(keys(&seen), sorted(AGENT));
    assert_eq!((&seen["score"], &seen["comment"], &seen["earlier"]), (&json!(4), &json!("Fast."), &json!([])));
    assert_eq!(seen["answered_by"]["name"], "requester1");
    for stranger in ["requester2"] {
        desk.api("GET", &path, stranger, None).await.problem(404, "not_found");
        desk.api("POST", &path, stranger, Some(json!({ "score": 1 }))).await.problem(404, "not_found");
    }
    desk.api("POST", &path, "tech1", Some(json!({ "score": 1 }))).await.problem(403, "forbidden");
}

#[tokio::test]
async fn t_srv_wrong_fields_are_named_and_an_answer_is_given_once() {
    let desk = Desk::new().await;
    let path = asked(&desk).await;
    let post = async |body| desk.api("POST", &path, "requester1", Some(body)).await;
    post(json!({})).await.invalid(&[("score", "required")]);
    post(json!({ "score": 6 })).await.invalid(&[("score", "out_of_range")]);
    post(json!({ "score": -1, "comment": "x".repeat(5_001) }))
        .await
        .invalid(&[("score", "out_of_range"), ("comment", "too_long")]);
    post(json!({ "score": 5, "stars": 5 })).await.invalid(&[("stars", "unknown_field")]);
    let once = async || {
        let body = Some(json!({ "score": 5 }));
        desk.api_with("POST", &path, "requester1", &[("idempotency-key", "k1")], body).await.expect(201)
    };
    let (first, again) = (once().await, once().await);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(first.json(), again.json());
    desk.world.advance(12 * 3_600);
    post(json!({ "score": 0 })).await.problem(409, "survey_closed");
    let other = asked(&desk).await;
    desk.world.advance(31 * 86_400);
    desk.api("POST", &other, "requester1", Some(json!({ "score": 5 }))).await.problem(409, "survey_expired");
}

#[tokio::test]
async fn t_pen_01_a_pending_reason_has_its_rule() {
    let desk = Desk::new().await;
    let root = desk.world.root;
    let body = json!({
        "entity": root, "names": { "en": "Asked" }, "default": true, "reminder_every": "2d", "reminders_before_solving": 2,
    });
    let row = desk.api("POST", "/lists/pending-reasons", "supervisor", Some(body)).await.expect(201).json();
    assert_eq!((&row["default"], &row["reminder_every"]), (&json!(true), &json!("2d")));
    assert_eq!((&row["reminders_before_solving"], &row["reminder_template"]), (&json!(2), &json!(null)));
    assert_eq!(row["faults"], json!(["reminder_template", "solution_template"]));
    let path = format!("/lists/pending-reasons/{}", row["id"].as_str().unwrap());
    let patch = json!({ "version": 1, "reminder_every": null });
    let row = desk.api("PATCH", &path, "supervisor", Some(patch)).await.expect(200).json();
    assert_eq!((&row["reminder_every"], &row["default"], &row["faults"]), (&json!(null), &json!(true), &json!([])));
    let wrong =
        json!({ "version": 2, "reminder_every": "9d", "reminders_before_solving": 4, "solution_template": root });
    desk.api("PATCH", &path, "supervisor", Some(wrong)).await.invalid(&[
        ("reminder_every", "invalid"),
        ("reminders_before_solving", "out_of_range"),
        ("solution_template", "unknown_reference"),
    ]);
    let elsewhere = json!({ "entity": root, "names": { "en": "Hall" }, "reminder_every": "1d" });
    desk.api("POST", "/lists/locations", "supervisor", Some(elsewhere))
        .await
        .invalid(&[("reminder_every", "unknown_field")]);
}

//! `POST /api/v1/tickets/bulk`.

use serde_json::{Value, json};

use crate::support::{Desk, Story, keys, sorted};

const PATH: &str = "/tickets/bulk";

#[tokio::test]
async fn t_blk_01_each_ticket_answers_for_itself() {
    let desk = Desk::new().await;
    let (first, second) = (Story::tell(&desk).await.number, Story::tell(&desk).await.number);
    let solve = |numbers: Value| {
        let parameters = json!({ "body": "The cable was loose.", "format": "text" });
        json!({ "action": "solve", "parameters": parameters, "numbers": numbers })
    };
    let answer = desk.api("POST", PATH, "tech1", Some(solve(json!([first])))).await.expect(200).json();
    assert_eq!(answer["results"][0]["ok"], true, "{answer}");
    let answer = desk.api("POST", PATH, "tech1", Some(solve(json!([first, second, 999_999, second])))).await;
    let answer = answer.expect(200).json();
    let results = answer["results"].as_array().unwrap();
    let told: Vec<_> = results.iter().map(|one| (&one["number"], &one["ok"], &one["code"])).collect();
    let (yes, no) = (json!(true), json!(false));
    let (solved, unknown) = (json!("already_solved"), json!("not_found"));
    let numbers = [json!(first), json!(second), json!(999_999)];
    assert_eq!(
        told,
        [(&numbers[0], &no, &solved), (&numbers[1], &yes, &Value::Null), (&numbers[2], &no, &unknown)],
        "{answer}"
    );
    assert_eq!(keys(&results[1]), sorted("number ok code errors warnings"));
    let now = desk.api("GET", &format!("/tickets/{second}"), "tech1", None).await.json();
    assert_eq!(now["status"], "solved");
}

#[tokio::test]
async fn t_blk_01_rights_are_those_of_the_single_calls() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let close = json!({ "action": "close", "numbers": [number] });
    let answer = desk.api("POST", PATH, "tech1", Some(close.clone())).await.expect(200).json();
    assert_eq!(answer["results"][0]["code"], "forbidden");
    assert_eq!(answer["results"][0]["capability"], "ticket.close");
    let answer = desk.api("POST", PATH, "supervisor", Some(close.clone())).await.expect(200).json();
    assert_eq!(answer["results"][0]["code"], "solution_required");
    desk.api("POST", PATH, "requester1", Some(close)).await.problem(404, "not_found");
}

#[tokio::test]
async fn t_blk_01_wrong_fields_are_named_where_they_stand_and_nothing_is_done() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let post = async |body: Value| desk.api("POST", PATH, "supervisor", Some(body)).await;
    post(json!({})).await.invalid(&[("action", "required")]);
    post(json!({ "action": "purge", "numbers": [number], "parameters": { "x": 1 } }))
        .await
        .invalid(&[("action", "invalid")]);
    post(json!({ "action": "take" })).await.invalid(&[("numbers", "required")]);
    post(json!({ "action": "take", "numbers": ["x"] })).await.invalid(&[("numbers[0]", "invalid")]);
    post(json!({ "action": "take", "numbers": [number], "filter": {} })).await.invalid(&[("filter", "unknown_field")]);
    let unknown = json!({ "action": "reactivate", "numbers": [number], "parameters": { "text": "x" } });
    post(unknown).await.invalid(&[("parameters.text", "unknown_field")]);
    let many: Vec<i64> = (1..=101).collect();
    post(json!({ "action": "take", "numbers": many })).await.invalid(&[("numbers", "too_many")]);
    post(json!({ "action": "solve", "numbers": [number] })).await.invalid(&[("parameters.body", "required")]);
    post(json!({ "action": "priority", "numbers": [number] })).await.invalid(&[("parameters.priority", "required")]);
    let level = json!({ "action": "priority", "numbers": [number], "parameters": { "priority": 4 } });
    assert_eq!(post(level).await.expect(200).json()["results"][0]["ok"], true);
}

#[tokio::test]
async fn a_idm_01_many_are_changed_once_under_a_key() {
    let desk = Desk::new().await;
    let number = Story::ticket(&desk, "requester1", "VPN drops").await;
    let key = [("idempotency-key", "6f1c")];
    let body = json!({ "action": "take", "numbers": [number] });
    let first = desk.api_with("POST", PATH, "tech1", &key, Some(body.clone())).await.expect(200);
    desk.api("POST", &format!("/tickets/{number}/actions/give-back"), "tech1", None).await.expect(200);
    let second = desk.api_with("POST", PATH, "tech1", &key, Some(body)).await.expect(200);
    assert_eq!((first.header("idempotency-replayed"), second.header("idempotency-replayed")), ("", "true"));
    assert_eq!(first.text(), second.text());
    let other = json!({ "action": "reactivate", "numbers": [number] });
    desk.api_with("POST", PATH, "tech1", &key, Some(other)).await.problem(422, "idempotency_mismatch");
}

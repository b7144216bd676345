//! `/api/v1/tickets/{number}/tasks`, `/api/v1/tasks`, `/api/v1/planner` and `/api/v1/me/calendar-feed`.

use serde_json::{Value, json};

use crate::support::{Desk, NOBODY, Story, keys, sorted};

const AGENT: &str = "id ticket author content content_text state visibility category planned_begin planned_end duration_minutes \
    estimated_minutes actual_minutes user group reminder_minutes template attachments done_at done_by registered_at edited_at \
    edited_by revision_count removed actions version";
const REQUESTER: &str =
    "id ticket author content content_text state planned_begin planned_end user attachments registered_at edited_at";

async fn path(desk: &Desk) -> String {
    format!("/tickets/{}/tasks", Story::tell(desk).await.number)
}

fn plan(begin: &str) -> Value {
    json!({
        "content": "Change the disk", "format": "text", "visibility": "public", "planned_begin": begin,
        "duration_minutes": 90, "reminder_minutes": 15,
    })
}

#[tokio::test]
async fn t_tsk_a_task_goes_there_and_back() {
    let desk = Desk::new().await;
    let path = path(&desk).await;
    let answer = desk.api("POST", &path, "tech1", Some(plan("2026-03-13T09:00:00-03:00"))).await.expect(201);
    let made = answer.json();
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), format!("/api/v1/tasks/{id}"));
    assert_eq!(keys(&made), sorted(&[AGENT, " warnings"].concat()));
    assert_eq!(
        (&made["state"], &made["duration_minutes"], &made["warnings"]),
        (&json!("todo"), &json!(90), &json!([]))
    );
    assert!(made["planned_end"].as_str().unwrap().starts_with("2026-03-13T13:30:00"), "{made}");
    let ticket = desk.api("GET", &path.replace("/tasks", ""), "tech1", None).await.json();
    assert_eq!(ticket["status"], "planned");

    let page = desk.api("GET", &path, "requester1", None).await.expect(200).json();
    assert_eq!(keys(&page["items"][0]), sorted(REQUESTER));
    assert_eq!(keys(&page["items"][0]["user"]), ["kind", "name"]);
    let timeline =
        desk.api("GET", &path.replace("/tasks", "/timeline?kind=task"), "requester1", None).await.expect(200);
    assert_eq!(timeline.json()["items"][0]["kind"], "task");

    let one = format!("/tasks/{id}");
    let body = json!({ "version": 1, "state": "done", "actual_minutes": 75, "planned_begin": null });
    let changed = desk.api("PATCH", &one, "tech1", Some(body)).await.expect(200).json();
    assert_eq!(
        (&changed["state"], &changed["planned_begin"], &changed["reminder_minutes"]),
        (&json!("done"), &Value::Null, &Value::Null)
    );
    assert!(changed["done_at"].is_string() && changed["done_by"]["id"].is_string(), "{changed}");
    let list = desk.api("GET", "/tasks?state=done&count=true", "tech2", None).await.expect(200).json();
    assert_eq!((&list["count"], &list["items"][0]["overdue"]), (&json!(1), &json!(false)));
    assert!(list["items"][0]["title"].is_string());

    desk.api("DELETE", &format!("{one}?version=2&reason=twice"), "tech1", None).await.expect(204);
    let gone = desk.api("GET", &one, "requester1", None).await.expect(200).json();
    assert_eq!(keys(&gone), ["id", "registered_at", "removed", "ticket"]);
    let gone = desk.api("GET", &one, "tech2", None).await.expect(200).json();
    assert_eq!((&gone["removed"]["reason"], &gone["content"]), (&json!("twice"), &json!("")));
}

#[tokio::test]
async fn t_tsk_wrong_fields_are_named_and_a_post_is_done_once() {
    let desk = Desk::new().await;
    let path = path(&desk).await;
    let post = async |body: Value| desk.api("POST", &path, "tech1", Some(body)).await;
    post(json!({})).await.invalid(&[("content", "required")]);
    post(json!({ "content": "x", "colour": "red" })).await.invalid(&[("colour", "unknown_field")]);
    post(json!({ "content": "x", "planned_begin": "2026-03-13T09:00" })).await.invalid(&[("planned_begin", "invalid")]);
    post(json!({ "content": "x", "planned_end": "2026-03-13T09:00:00Z" }))
        .await
        .invalid(&[("planned_begin", "begin_required")]);
    post(json!({ "content": "x", "estimated_minutes": -1 }))
        .await
        .invalid(&[("estimated_minutes", "time_out_of_range")]);
    post(json!({ "content": "x", "reminder_minutes": 7 })).await.invalid(&[("reminder_minutes", "invalid")]);
    let once = async || {
        desk.api_with("POST", &path, "tech1", &[("idempotency-key", "k1")], Some(json!({ "content": "x" }))).await
    };
    let first = once().await.expect(201).json();
    let again = once().await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), again.json()["id"].clone()), ("true", first["id"].clone()));
}

#[tokio::test]
async fn t_tsk_05_pause_and_resume_act_on_task_and_ticket() {
    let desk = Desk::new().await;
    let path = path(&desk).await;
    let made = desk.api("POST", &path, "tech1", Some(plan("2026-03-13T09:00:00Z"))).await.expect(201).json();
    let act = async |name: &str, body: Option<Value>| {
        let path = format!("/tasks/{}/actions/{name}", made["id"].as_str().unwrap());
        desk.api("POST", &path, "tech1", body).await
    };
    let status = async || desk.api("GET", &path.replace("/tasks", ""), "tech1", None).await.json()["status"].clone();
    assert_eq!(act("pause", None).await.expect(200).json()["state"], "on_hold");
    assert_eq!(status().await, "assigned");
    assert_eq!(act("resume", None).await.expect(200).json()["state"], "in_progress");
    let both = json!({ "ticket": { "text": "Waiting for the part" } });
    assert_eq!(act("pause", Some(both)).await.expect(200).json()["state"], "on_hold");
    assert_eq!(status().await, "pending");
    act("resume", Some(json!({ "ticket": true }))).await.expect(200);
    assert_eq!(status().await, "planned");
    act("pause", Some(json!({ "task": false }))).await.invalid(&[("task", "required")]);
}

#[tokio::test]
async fn t_tsk_06_an_overlap_is_told_as_a_warning() {
    let desk = Desk::new().await;
    let path = path(&desk).await;
    let me = desk.api("GET", "/me", "tech1", None).await.json()["id"].clone();
    let mut body = plan("2026-03-13T09:00:00Z");
    body["user"] = me;
    desk.api("POST", &path, "tech1", Some(body.clone())).await.expect(201);
    let second = desk.api("POST", &path, "tech1", Some(body)).await.expect(201).json();
    assert_eq!(second["warnings"][0]["code"], "planning_conflict");
    let planner = desk.api("GET", "/planner?from=2026-03-13&to=2026-03-13", "tech1", None).await.expect(200).json();
    let tasks = planner["items"][0]["tasks"].as_array().unwrap();
    assert_eq!((tasks.len(), &tasks[0]["conflict"]), (2, &json!(true)));
    desk.api("GET", "/planner?from=tomorrow", "tech1", None).await.invalid(&[("from", "invalid")]);
}

#[tokio::test]
async fn a_lst_03_tasks_of_own_groups_are_asked_for_by_the_word_of_every_list() {
    let desk = Desk::new().await;
    desk.api("GET", "/tasks?group=my_groups,none", "tech1", None).await.expect(200);
    desk.api("GET", "/tasks?not.group=my_groups", "tech1", None).await.expect(200);
    desk.api("GET", "/tasks?group=mine", "tech1", None).await.invalid(&[("group", "invalid")]);
}

#[tokio::test]
async fn t_tkt_01_a_ticket_may_begin_with_a_task() {
    let desk = Desk::new().await;
    let body =
        json!({ "title": "Disk", "description": "Full.", "format": "text", "task": plan("2026-03-13T09:00:00Z") });
    let made = desk.api("POST", "/tickets", "tech1", Some(body.clone())).await.expect(201).json();
    assert_eq!(made["status"], "planned");
    desk.api("POST", "/tickets", "requester1", Some(body)).await.invalid(&[("task", "not_allowed")]);
    let wrong = json!({ "title": "Disk", "description": "Full.", "format": "text", "task": { "content": "x", "state": "later" } });
    desk.api("POST", "/tickets", "tech1", Some(wrong)).await.invalid(&[("task.state", "invalid")]);
}

#[tokio::test]
async fn t_tsk_10_the_address_of_a_feed_opens_without_signing_in_until_it_is_revoked() {
    let desk = Desk::new().await;
    let path = path(&desk).await;
    let me = desk.api("GET", "/me", "tech1", None).await.json()["id"].clone();
    let mut body = plan("2026-03-13T09:00:00Z");
    body["user"] = me;
    desk.api("POST", &path, "tech1", Some(body)).await.expect(201);
    let url = desk.api("POST", "/me/calendar-feed", "tech1", None).await.expect(201).json()["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let file = &["/ical/", url.split_once("/ical/").unwrap().1].concat();
    let feed = desk.get(file, NOBODY).await.expect(200);
    assert_eq!(feed.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(feed.header("cache-control"), "no-store");
    assert!(feed.text().contains("DTSTART:20260313T090000Z\r\n"), "{}", feed.text());
    desk.get(file.trim_end_matches(".ics"), NOBODY).await.expect(404);
    desk.api("DELETE", "/me/calendar-feed", "tech1", None).await.expect(204);
    desk.get(file, NOBODY).await.expect(404);
}

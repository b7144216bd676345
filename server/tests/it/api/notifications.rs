//! `/api/v1/me/notifications` and `/api/v1/me/notification-preferences` (T-NTF).

use serde_json::{Value, json};

use crate::support::{Desk, Story, keys, sorted};

async fn listed(desk: &Desk, who: &str, query: &str) -> Value {
    desk.api("GET", &format!("/me/notifications{query}"), who, None).await.expect(200).json()
}

#[tokio::test]
async fn t_ntf_01_the_requester_is_told_of_the_public_entry_alone() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let list = listed(&desk, "requester1", "?count=true").await;
    assert_eq!((&list["count"], &list["count_exact"], &list["next_cursor"]), (&json!(1), &json!(true), &Value::Null));
    let told = &list["items"][0];
    assert_eq!(keys(told), sorted("id event why ticket entry at read_at"));
    assert_eq!((&told["event"], &told["why"]), (&json!("public_occurrence"), &json!("requester")));
    assert_eq!((&told["ticket"], &told["read_at"]), (&json!(story.number), &Value::Null));
    assert_eq!(told["entry"], json!({ "kind": "occurrence", "id": story.public }));
    assert_eq!(listed(&desk, "tech1", "").await["items"], json!([]), "his own acts are quiet");
    assert_eq!(listed(&desk, "requester2", "").await["items"], json!([]));
}

#[tokio::test]
async fn notifications_are_read_by_ids_and_up_to_one() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    Story::entry(&desk, "tech1", story.number, "Works again.", "public").await;
    let me = async || desk.api("GET", "/me", "requester1", None).await.expect(200).json()["unread"].clone();
    assert_eq!(me().await, json!({ "messages": 0, "notifications": 2 }));
    let newest = listed(&desk, "requester1", "").await["items"][0]["id"].clone();
    let read = async |body: Value| desk.api("POST", "/me/notifications/read", "requester1", Some(body)).await;
    read(json!({ "ids": [newest] })).await.expect(204);
    let unread = listed(&desk, "requester1", "?unread=true").await;
    assert_eq!(unread["items"].as_array().map(Vec::len), Some(1));
    read(json!({ "until": newest })).await.expect(204);
    assert_eq!(me().await["notifications"], 0);
    assert!(listed(&desk, "requester1", "").await["items"][0]["read_at"].is_string());

    read(json!({})).await.invalid(&[("ids", "required")]);
    read(json!({ "ids": ["x"] })).await.invalid(&[("ids[0]", "unknown_reference")]);
    read(json!({ "ids": [newest], "until": newest })).await.invalid(&[("until", "not_allowed")]);
    read(json!({ "all": true, "until": newest })).await.invalid(&[("all", "unknown_field")]);
    desk.api("GET", "/me/notifications?unread=yes", "requester1", None).await.invalid(&[("unread", "invalid")]);
}

#[tokio::test]
async fn t_ntf_03_preferences_are_replaced_whole_and_new_work_stays_on() {
    let desk = Desk::new().await;
    let path = "/me/notification-preferences";
    let save = async |items: Value| desk.api("PUT", path, "tech1", Some(json!({ "items": items }))).await;
    let of = |answer: &Value, event: &str| {
        let items = answer["items"].as_array().unwrap();
        items.iter().find(|one| one["event"] == event).map(|one| (one["app"].clone(), one["mail"].clone())).unwrap()
    };
    let begin = desk.api("GET", path, "tech1", None).await.expect(200).json();
    assert_eq!(of(&begin, "assigned"), (json!(true), json!(true)));
    assert_eq!(of(&begin, "closed"), (json!(true), json!(true)));
    assert_eq!(of(&begin, "message"), (json!(true), json!(false)));
    let after = save(json!([{ "event": "closed", "app": false, "mail": false }])).await.expect(200).json();
    assert_eq!(of(&after, "closed"), (json!(false), json!(false)));
    let after = save(json!([])).await.expect(200).json();
    assert_eq!(of(&after, "closed"), (json!(true), json!(true)), "what is not named gets its default");

    save(json!([{ "event": "assigned", "app": false, "mail": true }]))
        .await
        .invalid(&[("items[0].app", "not_allowed")]);
    let twice =
        json!([{ "event": "closed", "app": true, "mail": true }, { "event": "closed", "app": true, "mail": true }]);
    save(twice).await.invalid(&[("items[1].event", "duplicate")]);
    save(json!([{ "event": "lunch", "app": true }]))
        .await
        .invalid(&[("items[0].event", "invalid"), ("items[0].mail", "required")]);
    save(json!(["closed"])).await.invalid(&[("items[0]", "invalid")]);
    desk.api("PUT", path, "tech1", Some(json!({}))).await.invalid(&[("items", "required")]);

    // The list by itself says the same; its items are named by their places alone.
    let put = async |list: Value| desk.api("PUT", path, "tech1", Some(list)).await;
    let after = put(json!([{ "event": "closed", "app": false, "mail": false }])).await.expect(200).json();
    assert_eq!(of(&after, "closed"), (json!(false), json!(false)));
    put(json!([{ "event": "assigned", "app": false, "mail": true }])).await.invalid(&[("[0].app", "not_allowed")]);
    put(json!([{ "event": "lunch", "app": true, "colour": "red" }, 7])).await.invalid(&[
        ("[0].event", "invalid"),
        ("[0].mail", "required"),
        ("[0].colour", "unknown_field"),
        ("[1]", "invalid"),
    ]);
    put(json!("closed")).await.problem(400, "malformed_request");
    assert_eq!(of(&put(after).await.expect(200).json(), "closed"), (json!(false), json!(false)), "as it was answered");
    assert_eq!(of(&put(json!([])).await.expect(200).json(), "closed"), (json!(true), json!(true)));
}

#[tokio::test]
async fn t_occ_14_only_the_requester_side_notifies_the_responsible() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let path = format!("/tickets/{number}/occurrences");
    let body = || Some(json!({ "body": "It is back.", "format": "text", "notify_responsible": true }));
    desk.api("POST", &path, "requester1", body()).await.expect(201);
    desk.api("POST", &path, "tech1", body()).await.invalid(&[("notify_responsible", "not_allowed")]);
    let told = listed(&desk, "tech1", "").await["items"][0].clone();
    assert_eq!((&told["event"], &told["why"]), (&json!("requester_occurrence"), &json!("assignee")));
}

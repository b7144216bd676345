//! Timeline and history.

use serde_json::{Value, json};

use crate::support::{Desk, Story, escape};

#[tokio::test]
async fn the_timeline_pages_both_ways_without_gap() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let mut written = vec![story.public.to_string(), story.private.to_string()];
    for turn in 0..5 {
        written.push(Story::entry(&desk, "tech1", story.number, &format!("Entry {turn}"), "public").await.to_string());
    }
    let base = format!("/tickets/{}/timeline?kind=occurrence&order=asc&limit=3", story.number);
    let mut found = Vec::new();
    let mut path = base.clone();
    for _ in 0..5 {
        let page = desk.api("GET", &path, "tech1", None).await.expect(200).json();
        assert!(page.get("next_cursor").is_some() && page.get("previous_cursor").is_some(), "{page}");
        found
            .extend(page["items"].as_array().unwrap().iter().filter_map(|item| item["id"].as_str()).map(str::to_owned));
        let Some(next) = page["next_cursor"].as_str() else { break };
        path = format!("{base}&cursor={}", escape(next));
    }
    assert_eq!(found, written);
}

#[tokio::test]
async fn entries_carry_kind_and_time_and_the_requester_side_only_public_ones() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}/timeline?order=asc", story.number);
    let agents = desk.api("GET", &path, "tech1", None).await.expect(200).json();
    for item in agents["items"].as_array().unwrap() {
        assert!(item["kind"].is_string() && item["at"].is_string(), "{item}");
    }
    let theirs = desk.api("GET", &path, "requester1", None).await.expect(200);
    assert!(theirs.text().contains("Cable replaced.") && !theirs.text().contains(Story::SECRET));
    desk.api("GET", &format!("{path}&kind=gossip"), "tech1", None).await.invalid(&[("kind", "invalid")]);
}

#[tokio::test]
async fn the_history_tells_agents_what_changed_and_requesters_no_private_entry() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}", story.number);
    let version = desk.api("GET", &path, "tech1", None).await.json()["version"].clone();
    desk.api("PATCH", &path, "tech1", Some(json!({ "version": version, "title": "VPN fell" }))).await.expect(200);
    let history = desk.api("GET", &format!("{path}/history"), "tech1", None).await.expect(200).json();
    let items = history["items"].as_array().unwrap();
    let changed =
        items.iter().find(|item| item["changes"].as_array().is_some_and(|c| c.iter().any(|c| c["field"] == "title")));
    let change = &changed.unwrap_or_else(|| panic!("{history}"))["changes"][0];
    assert_eq!((&change["old"], &change["new"]), (&json!("VPN drops"), &json!("VPN fell")));
    let theirs = desk.api("GET", &format!("{path}/history"), "requester1", None).await.expect(200);
    assert!(!theirs.text().contains(&story.private.to_string()), "{}", theirs.text());
    // While the chat is switched off (316) there is no such tab.
    desk.api("GET", &format!("{path}/history?tab=chat"), "tech1", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn t_tim_07_reading_empties_the_count_of_unread_entries() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let unread = async || -> Value {
        desk.api("GET", &format!("/tickets/{}", story.number), "requester1", None).await.expect(200).json()["unread"]
            .clone()
    };
    // Registering the ticket was a visit; what comes later is unread.
    desk.world.advance(5);
    for visibility in ["public", "private"] {
        let entry = json!({ "body": "Later.", "visibility": visibility });
        desk.api("POST", &format!("/tickets/{}/occurrences", story.number), "tech1", Some(entry)).await.expect(201);
    }
    assert_eq!(unread().await, 1, "the private entry does not count");
    desk.world.advance(5);
    desk.api("POST", &format!("/tickets/{}/actions/mark-read", story.number), "requester1", Some(json!({}))).await;
    assert_eq!(unread().await, 0);
}

#[tokio::test]
async fn t_tim_07_reading_stops_at_the_entry_that_is_named() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let mut entries = Vec::new();
    for text in ["One.", "Two.", "Three."] {
        desk.world.advance(5);
        entries.push(Story::entry(&desk, "tech1", story.number, text, "public").await);
    }
    let path = format!("/tickets/{}/actions/mark-read", story.number);
    let mark = async |until: Value| desk.api("POST", &path, "requester1", Some(json!({ "until": until }))).await;
    assert_eq!(mark(json!(entries[1])).await.expect(200).json()["unread"], 1);
    assert_eq!(mark(json!(entries[0])).await.expect(200).json()["unread"], 1, "what was read stays read");
    let other = Story::tell(&desk).await;
    for unknown in
        [json!(story.private), json!(other.public), json!("0195a1f0-0000-7000-8000-000000000000"), json!("x")]
    {
        mark(unknown).await.invalid(&[("until", "unknown_reference")]);
    }
    mark(json!(5)).await.invalid(&[("until", "invalid")]);
    assert_eq!(mark(Value::Null).await.expect(200).json()["unread"], 0);
}

#[tokio::test]
async fn t_his_01_the_history_is_searched_whole_and_tells_nobody_more() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}", story.number);
    desk.api("PATCH", &path, "tech1", Some(json!({ "version": 2, "title": "Zanzibar" }))).await.expect(200);
    for round in 3..25 {
        let body = json!({ "version": round, "title": format!("Round {round}") });
        desk.api("PATCH", &path, "tech1", Some(body)).await.expect(200);
    }
    let of = async |query: &str, who: &str| -> Value {
        desk.api("GET", &format!("{path}/history?{query}"), who, None).await.expect(200).json()
    };
    let found = of("text=zanzibar&limit=1&count=true", "tech2").await;
    assert_eq!((found["items"].as_array().unwrap().len(), &found["count"]), (1, &json!(2)));
    let next = found["next_cursor"].as_str().unwrap();
    let rest = of(&format!("text=zanzibar&limit=1&cursor={}", escape(next)), "tech2").await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Value::Null));
    assert_eq!(rest["items"][0]["changes"][0]["new"], "Zanzibar");
    let both = of("kind=created,occurrence_added", "tech1").await;
    assert_eq!(both["items"].as_array().unwrap().len(), 3);
    assert!(of("not.kind=field_changed", "tech1").await["items"].as_array().unwrap().len() >= 3);
    // A private word is found by agents only, and the answer to others is that to a word that is nowhere.
    assert_eq!(of("text=Zwetschgenmus&count=true", "tech2").await["count"], 1);
    let secret = of("text=Zwetschgenmus&count=true", "requester1").await;
    assert_eq!(secret, of("text=Quittengelee&count=true", "requester1").await);
    assert_eq!(secret["count"], 0);
    let theirs = of("text=cable", "requester1").await;
    assert_eq!(theirs["items"].as_array().unwrap().len(), 1, "{theirs}");
    assert_eq!(theirs["items"][0]["kind"], "occurrence_added");
    for (query, field) in [("kind=gossip", "kind"), ("person=somebody", "person"), ("from=2026-03-12T10:02", "from")] {
        desk.api("GET", &format!("{path}/history?{query}"), "tech1", None).await.invalid(&[(field, "invalid")]);
    }
}

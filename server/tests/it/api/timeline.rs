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

//! `/api/v1/search`.

use crate::support::{Desk, Story, keys, sorted};

#[tokio::test]
async fn a_word_of_an_occurrence_finds_its_ticket_without_its_accent() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    Story::entry(&desk, "tech1", story.number, "A conexão caiu.", "public").await;
    for who in ["tech1", "requester1"] {
        let page = desk.api("GET", "/search?q=conexao", who, None).await.expect(200).json();
        let hit = &page["items"][0];
        assert_eq!(hit["kind"], "occurrence", "{page}");
        assert_eq!(hit["ticket"]["number"], story.number);
        assert_eq!(keys(&hit["ticket"]), ["number", "status", "title"]);
        assert!(
            hit["snippet"].as_array().unwrap().iter().any(|part| part["hit"] == true && part["text"] == "conexão"),
            "{hit}"
        );
        let expected = if who == "tech1" {
            "kind ticket id author at visibility snippet"
        } else {
            "kind ticket id author at snippet"
        };
        assert_eq!(keys(hit), sorted(expected));
    }
    let nothing = desk.api("GET", "/search?q=conexao", "requester2", None).await.expect(200).json();
    assert_eq!(nothing["items"], serde_json::json!([]));
}

#[tokio::test]
async fn wrong_queries_are_named() {
    let desk = Desk::new().await;
    desk.api("GET", "/search", "tech1", None).await.invalid(&[("q", "required")]);
    desk.api("GET", &format!("/search?q={}", "x".repeat(201)), "tech1", None).await.invalid(&[("q", "too_long")]);
    desk.api("GET", "/search?q=a&kinds=gossip", "tech1", None).await.invalid(&[("kinds", "invalid")]);
    for q in ["%22", "%22%22", "-", "-a", "a%20OR%20b", "%2A", "a%3Ab", "NEAR(a%20b)", "%27%3B%20DROP%20TABLE%20ticket"]
    {
        desk.api("GET", &format!("/search?q={q}"), "tech1", None).await.expect(200);
    }
}

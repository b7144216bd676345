//! `/api/v1/search`.

use serde_json::{Value, json};

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

/// A customer and an article for agents.
async fn prepared(desk: &Desk) -> (Value, Value) {
    let body = json!({ "name": "Zebra Ltda", "legal_name": "Zebra Comércio" });
    let customer = desk.api("POST", "/customers", "tech1", Some(body)).await.expect(201).json();
    let body = json!({
        "title": "Zebra crossing", "body": "Look left.", "format": "text", "audience": "agents", "status": "published",
    });
    let article = desk.api("POST", "/knowledge", "tech1", Some(body)).await.expect(201).json();
    (customer, article)
}

#[tokio::test]
async fn t_lst_08_articles_and_customers_are_members_of_their_own() {
    let desk = Desk::new().await;
    let (customer, article) = prepared(&desk).await;
    let page = desk.api("GET", "/search?q=zebra&count=true", "tech1", None).await.expect(200).json();
    assert_eq!(keys(&page), sorted("items next_cursor count count_exact articles customers"));
    assert_eq!((&page["items"], &page["count"]), (&json!([]), &json!(0)));
    for name in ["articles", "customers"] {
        assert_eq!(keys(&page[name]), sorted("items next_cursor"), "{name}");
    }
    let hit = &page["articles"]["items"][0];
    assert_eq!(keys(hit), sorted("kind ticket id title author at visibility snippet"));
    assert_eq!((&hit["kind"], &hit["id"], &hit["ticket"]), (&json!("article"), &article["id"], &Value::Null));
    assert_eq!((&hit["title"], &hit["visibility"]), (&json!("Zebra crossing"), &json!("private")));
    let hit = &page["customers"]["items"][0];
    assert_eq!(keys(hit), sorted("kind ticket id title author at snippet"));
    assert_eq!((&hit["kind"], &hit["id"], &hit["title"]), (&json!("customer"), &customer["id"], &json!("Zebra Ltda")));
    assert!(
        hit["snippet"].as_array().unwrap().iter().any(|part| part["hit"] == true && part["text"] == "Zebra"),
        "{hit}"
    );

    // Asked for alone they are the items.
    for (kind, id) in [("article", &article["id"]), ("customer", &customer["id"])] {
        let path = format!("/search?q=zebra&kinds={kind}&count=true");
        let page = desk.api("GET", &path, "observer", None).await.expect(200).json();
        assert_eq!(keys(&page), sorted("items next_cursor count count_exact"), "{kind}");
        assert_eq!((&page["items"][0]["id"], &page["count"]), (id, &json!(1)), "{kind}");
    }
    let both = desk.api("GET", "/search?q=zebra&kinds=article,customer", "tech1", None).await.expect(200).json();
    assert_eq!((&both["items"], &both["customers"]["items"][0]["id"]), (&json!([]), &customer["id"]));
}

#[tokio::test]
async fn t_lst_08_requesters_find_public_articles_and_no_customer() {
    let desk = Desk::new().await;
    prepared(&desk).await;
    let body = json!({
        "title": "Zebra for all", "body": "Look right.", "format": "text", "audience": "public", "status": "published",
    });
    desk.api("POST", "/knowledge", "tech1", Some(body)).await.expect(201);
    let page = desk.api("GET", "/search?q=zebra", "requester1", None).await.expect(200).json();
    assert_eq!(keys(&page), sorted("items next_cursor articles"), "not even an empty list of customers");
    let found = page["articles"]["items"].as_array().unwrap();
    assert_eq!(found.len(), 1, "{page}");
    assert_eq!(found[0]["title"], "Zebra for all");
    assert_eq!(keys(&found[0]), sorted("kind ticket id title author at snippet"));
    let none =
        desk.api("GET", "/search?q=zebra&kinds=customer&count=true", "requester1", None).await.expect(200).json();
    assert_eq!(none, json!({ "items": [], "next_cursor": null, "count": 0, "count_exact": true }));
}

#[tokio::test]
async fn t_lst_08_a_cursor_leads_through_the_customers() {
    let desk = Desk::new().await;
    for n in 0..3 {
        desk.api("POST", "/customers", "tech1", Some(json!({ "name": format!("Zebra {n}") }))).await.expect(201);
    }
    let path = "/search?q=zebra&kinds=customer&limit=2";
    let page = desk.api("GET", path, "tech1", None).await.expect(200).json();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    let next = format!("{path}&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = desk.api("GET", &next, "tech1", None).await.expect(200).json();
    assert_eq!((&rest["items"][0]["title"], &rest["next_cursor"]), (&json!("Zebra 2"), &Value::Null));
    desk.api("GET", &next.replace("kinds=customer", "kinds=article"), "tech1", None)
        .await
        .invalid(&[("cursor", "invalid")]);
}

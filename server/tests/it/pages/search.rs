//! The search page.

use serde_json::json;

use crate::pages::is_whole;
use crate::support::{Desk, Story, html_text};

#[tokio::test]
async fn a_ticket_is_found_by_a_word_of_an_occurrence_without_its_accent() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    Story::entry(&desk, "tech1", story.number, "A conexão caiu outra vez.", "public").await;
    let page = desk.get("/search?q=conexao", "tech1").await.expect(200);
    is_whole(&page);
    assert!(html_text(&page.text()).contains("VPN drops"), "{}", html_text(&page.text()));
}

#[tokio::test]
async fn nothing_found_and_nothing_asked_are_said_kindly() {
    let desk = Desk::new().await;
    for path in [
        "/search",
        "/search?q=",
        "/search?q=zzzznothing",
        "/search?q=%22",
        "/search?q=a%20OR",
        "/search?q=-",
        "/search?q=%2A",
    ] {
        let page = desk.get(path, "tech1").await;
        assert_eq!(page.status, 200, "{path}");
        is_whole(&page);
    }
    let long = format!("/search?q={}", "x".repeat(201));
    let page = desk.get(&long, "tech1").await;
    assert!(page.status == 200 || page.status == 422, "{}", page.status);
}

#[tokio::test]
async fn t_lst_08_articles_and_customers_stand_in_groups_with_links_and_alone() {
    let desk = Desk::new().await;
    let customer =
        desk.api("POST", "/customers", "tech1", Some(json!({ "name": "Zebra Ltda" }))).await.expect(201).json();
    let customer = format!("href=\"/customers/{}\"", customer["id"].as_str().unwrap());
    let body = json!({ "title": "Zebra crossing", "body": "Look left.", "format": "text", "audience": "agents", "status": "published" });
    let article = desk.api("POST", "/knowledge", "tech1", Some(body)).await.expect(201).json();
    let article = format!("href=\"/knowledge/{}\"", article["id"].as_str().unwrap());
    let has = |text: &str| [text.contains(&article), text.contains(&customer)];
    for (path, expected) in [
        ("/search?q=zebra", [true, true]),
        ("/search?q=zebra&kind=ticket", [false, false]),
        ("/search?q=zebra&kind=article", [true, false]),
        ("/search?q=zebra&kind=customer", [false, true]),
    ] {
        let page = desk.get(path, "observer").await.expect(200);
        is_whole(&page);
        let text = page.text();
        assert_eq!(has(&text), expected, "{path}");
        for kind in ["article", "customer"] {
            assert!(text.contains(&format!("/search?q=zebra&amp;kind={kind}")), "{path} leads to {kind}");
        }
    }
    // Without the rights there is nothing to ask for.
    desk.world
        .hire_with("outsourced", &[domain::policy::Capability::TicketViewAll, domain::policy::Capability::TicketUpdate])
        .await;
    let text = desk.get("/search?q=zebra", "outsourced").await.expect(200).text();
    assert_eq!(has(&text), [false, false]);
    assert!(!text.contains("kind=article") && !text.contains("kind=customer"), "{text}");
}

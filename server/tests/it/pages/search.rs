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

#[tokio::test]
async fn t_lst_08_the_palette_is_answered_with_titles_and_where_they_lead() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    Story::entry(&desk, "tech1", story.number, "Quincunx of cables.", "public").await;
    let customer =
        desk.api("POST", "/customers", "tech1", Some(json!({ "name": "Zebra Ltda" }))).await.expect(201).json();
    let body = json!({ "title": "Zebra crossing", "body": "Look left.", "format": "text", "audience": "agents", "status": "published" });
    let article = desk.api("POST", "/knowledge", "tech1", Some(body)).await.expect(201).json();
    let number = story.number;
    let ask = async |q: &str, who: &str| {
        let answer = desk.get(&format!("/search/options?q={q}"), who).await.expect(200);
        assert_eq!(answer.header("cache-control"), "private, no-store");
        answer.json()["items"].clone()
    };
    // By its number, whatever else has that number, and by a word of its title.
    for q in [number.to_string(), format!("%23{number}"), "drops".to_owned()] {
        let items = ask(&q, "tech1").await;
        assert_eq!(items[0]["href"], format!("/tickets/{number}"), "{q}: {items}");
        assert_eq!((&items[0]["kind"], &items[0]["note"]), (&json!("ticket"), &json!(format!("#{number}"))), "{items}");
        assert!(items[0]["title"].as_str().unwrap().contains("VPN drops"), "{items}");
    }
    let hrefs = |items: &serde_json::Value| -> Vec<String> {
        items.as_array().unwrap().iter().map(|item| item["href"].as_str().unwrap().to_owned()).collect()
    };
    let of = |path: &str, made: &serde_json::Value| format!("{path}/{}", made["id"].as_str().unwrap());
    let items = ask("zebra", "tech1").await;
    assert_eq!(hrefs(&items), [of("/knowledge", &article), of("/customers", &customer)], "{items}");
    // Words of entries are for the page of the search, which shows them; no words ask for nothing.
    for q in ["quincunx", "", "%22", "-zebra", "99999999"] {
        assert_eq!(ask(q, "tech1").await, json!([]), "{q}");
    }
    desk.get(&format!("/search/options?q={}", "x".repeat(201)), "tech1").await.invalid(&[("q", "too_long")]);
    // Without the rights there is nothing to find.
    desk.world
        .hire_with("outsourced", &[domain::policy::Capability::TicketViewAll, domain::policy::Capability::TicketUpdate])
        .await;
    assert_eq!(ask("zebra", "outsourced").await, json!([]));
    desk.get("/search/options?q=zebra", "requester1").await.problem(404, "not_found");
}

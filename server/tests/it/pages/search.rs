//! The search page.

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

//! The dashboard as a page: its numbers lead to the tickets they count.

use app::t::list as t;
use domain::lang::Lang;

use crate::pages::is_whole;
use crate::support::{Desk, Story, html_text};

/// Addresses of the lists that numbers of the page lead to.
fn lists(page: &str) -> Vec<String> {
    let links = page.split("<a ").skip(1).filter_map(|rest| rest.split('>').next());
    let links = links.filter(|tag| tag.contains("figure-link"));
    links
        .filter_map(|tag| tag.split("href=\"").nth(1)?.split('"').next())
        .map(|href| href.replace("&amp;", "&").replace("%5F", "_"))
        .collect()
}

#[tokio::test]
async fn t_stt_02_numbers_of_the_backlog_lead_to_their_lists() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let page = desk.get("/reports", "supervisor").await.expect(200);
    is_whole(&page);
    let found = lists(&page.text());
    let of_status = format!("/tickets?status={}", desk.world.status(number).await);
    let of_age = found.iter().find(|href| href.contains("opened_from=")).cloned().unwrap_or_default();
    assert!(found.contains(&of_status), "{found:?}");
    for href in [&of_status, &of_age] {
        let list = desk.get(href, "supervisor").await.expect(200).text();
        assert!(list.contains("VPN drops"), "{href}: {}", html_text(&list));
    }
    let list = desk.get(&of_age, "supervisor").await.text();
    assert!(list.contains(t::field_opened_from(Lang::En)), "{}", html_text(&list));
    // What is none leads nowhere.
    assert!(!found.contains(&"/tickets?status=planned".to_owned()), "{found:?}");
}

//! My requests: what a requester sees, and what he does not.

use crate::pages::is_whole;
use crate::support::{Desk, Story, html_text};

#[tokio::test]
async fn the_list_and_the_request_are_whole_and_show_public_entries_only() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    for path in
        ["/requests".to_owned(), format!("/requests/{}", story.number), format!("/requests/{}/history", story.number)]
    {
        let page = desk.get(&path, "requester1").await.expect(200);
        is_whole(&page);
        let text = page.text();
        assert!(text.contains("VPN drops"), "{path}: {}", html_text(&text));
        assert!(!text.contains(Story::SECRET), "{path}");
        assert!(!text.contains(&story.private.to_string()), "{path}: not even its id");
        // Addresses of colleagues are for agents.
        assert!(!text.contains("tech1@example.org"), "{path}");
    }
    let page = desk.get(&format!("/requests/{}", story.number), "requester1").await.text();
    assert!(page.contains("Cable replaced."), "{}", html_text(&page));
    assert!(page.contains(&format!("id=\"occurrence-{}\"", story.public)), "entries can be linked to");
}

#[tokio::test]
async fn a_foreign_and_an_unknown_request_answer_alike() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    for ending in ["", "/history"] {
        let foreign = desk.get(&format!("/requests/{}{ending}", story.number), "requester2").await.expect(404);
        let unknown = desk.get(&format!("/requests/987654321{ending}"), "requester2").await.expect(404);
        assert!(!foreign.text().contains("VPN drops"));
        assert!(html_text(&foreign.text()).split_whitespace().eq(html_text(&unknown.text()).split_whitespace()));
    }
    assert!(!desk.get("/requests?status=all&role=all", "requester2").await.expect(200).text().contains("VPN drops"));
}

#[tokio::test]
async fn a_note_is_posted_without_scripts_and_leads_to_itself() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let here = format!("/requests/{number}");
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[from]", "request"),
        ("form[key]", "k1"),
        ("form[body]", "It is back."),
        ("form[format]", "text"),
    ];
    let answer = desk.post_form("add_occurrence", &here, &fields, "requester1").await.expect(302);
    let location = answer.location();
    assert!(location.starts_with(&format!("{here}?posted=1#occurrence-")), "{location}");
    let anchor = location.split('#').nth(1).unwrap().to_owned();
    let page = desk.get(location.split('#').next().unwrap(), "requester1").await.expect(200).text();
    assert!(page.contains(&format!("id=\"{anchor}\"")) && page.contains("It is back."), "{}", html_text(&page));
    // A double click makes one entry.
    let again = desk.post_form("add_occurrence", &here, &fields, "requester1").await.expect(302);
    assert_eq!(again.location(), location);
}

#[tokio::test]
async fn the_switch_of_the_entity_hides_all_entries() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    desk.world.set(domain::settings::Key::PortalShowOccurrences, desk.world.brasil, "false").await;
    let page = desk.get(&format!("/requests/{}", story.number), "requester1").await.expect(200).text();
    assert!(!page.contains("Cable replaced."), "{}", html_text(&page));
    assert!(!desk.api("GET", "/search?q=cable", "requester1", None).await.text().contains("Cable"));
}

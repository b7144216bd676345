//! The bell and its pages, without scripts.

use crate::pages::is_whole;
use crate::support::{Desk, Story, html_text};

#[tokio::test]
async fn t_ntf_01_the_page_says_what_happened_and_why_and_leads_to_the_entry() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let page = desk.get("/notifications", "requester1").await.expect(200);
    is_whole(&page);
    let (html, text) = (page.text(), html_text(&page.text()));
    for part in ["VPN drops", "added a note", "you are the requester", "1 unread notification"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!html.contains(Story::SECRET) && !html.contains(&story.private.to_string()), "{text}");

    let id = html.split("name=\"id\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let foreign = desk.post_form("open_notification", "/notifications", &[("id", &id)], "requester2").await;
    assert!(!foreign.location().contains("/requests/"), "{}", foreign.location());
    let opened = desk.post_form("open_notification", "/notifications", &[("id", &id)], "requester1").await.expect(302);
    let entry = format!("occurrence-{}", story.public);
    assert_eq!(opened.location(), format!("/requests/{}?around={entry}#{entry}", story.number));
    let after = html_text(&desk.get("/notifications", "requester1").await.expect(200).text());
    assert!(after.contains("added a note") && !after.contains("unread notification"), "{after}");
}

#[tokio::test]
async fn a_page_changes_nothing_and_the_ticket_itself_reads_what_it_told() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    for _time in 0..2 {
        let page = html_text(&desk.get("/notifications", "requester1").await.expect(200).text());
        assert!(page.contains("1 unread notification"), "{page}");
    }
    let opened = html_text(&desk.get(&format!("/requests/{}", story.number), "requester1").await.expect(200).text());
    assert!(!opened.contains("unread notification"), "the page that is opened is no news: {opened}");
    let after = html_text(&desk.get("/requests", "requester1").await.expect(200).text());
    assert!(!after.contains("unread notification"), "{after}");
}

#[tokio::test]
async fn t_ntf_03_preferences_are_saved_by_a_plain_form() {
    let desk = Desk::new().await;
    let page = desk.get("/profile/notifications", "tech1").await.expect(200);
    is_whole(&page);
    let offered = page.text().matches("name=\"form[shown][]\"").count();
    let of_requester = desk.get("/profile/notifications", "requester1").await.expect(200).text();
    assert!(
        of_requester.matches("name=\"form[shown][]\"").count() < offered,
        "work is assigned to nobody in the portal"
    );
    let fields = [("form[shown][]", "closed"), ("form[shown][]", "pending"), ("form[app][]", "pending")];
    let saved =
        desk.post_form("save_notification_preferences", "/profile/notifications", &fields, "tech1").await.expect(302);
    assert_eq!(saved.location(), "/profile/notifications?saved=1");
    let stored = desk.api("GET", "/me/notification-preferences", "tech1", None).await.expect(200).json();
    let off: Vec<&str> = stored["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["app"] == false)
        .filter_map(|one| one["event"].as_str())
        .collect();
    assert_eq!(off, ["closed"]);
    assert!(desk.get("/profile", "tech1").await.expect(200).text().contains("href=\"/profile/notifications\""));
}

//! `/api/v1/lists/{list}`.

use crate::support::{Desk, keys, sorted};

#[tokio::test]
async fn rows_have_names_in_four_languages() {
    let desk = Desk::new().await;
    let path = format!("/lists/occurrence-categories?entity={}", desk.world.brasil);
    let page = desk.api("GET", &path, "tech1", None).await.expect(200).json();
    let row = &page["items"][0];
    for name in sorted("id name names parent active position") {
        assert!(keys(row).contains(&name), "{name}: {row}");
    }
    assert_eq!(keys(&row["names"]), ["en", "es", "fr", "pt-BR"]);
}

#[tokio::test]
async fn lists_of_this_part_have_their_address_and_others_have_none() {
    let desk = Desk::new().await;
    let at = |list: &str| format!("/lists/{list}?entity={}", desk.world.brasil);
    for list in sorted("ticket-categories occurrence-categories request-sources locations pending-reasons") {
        desk.api("GET", &at(&list), "tech1", None).await.expect(200);
    }
    for list in ["gossip", "customer-segments", "calendars", "Locations"] {
        desk.api("GET", &at(list), "tech1", None).await.problem(404, "not_found");
    }
    desk.api("GET", "/lists/locations", "tech1", None).await.invalid(&[("entity", "required")]);
    desk.api("GET", "/lists/locations?entity=nowhere", "tech1", None).await.problem(422, "invalid");
}

#[tokio::test]
async fn requesters_get_the_rows_that_the_portal_shows() {
    let desk = Desk::new().await;
    let hidden =
        desk.world.list_row(service::lists::TICKET_CATEGORIES, "Internal only", |row| row.portal = false).await;
    let shown = desk.world.list_row(service::lists::TICKET_CATEGORIES, "For everybody", |row| row.portal = true).await;
    let path = format!("/lists/ticket-categories?entity={}", desk.world.brasil);
    let theirs = desk.api("GET", &path, "requester1", None).await.expect(200).text();
    assert!(theirs.contains(&shown) && !theirs.contains(&hidden), "{theirs}");
    let ours = desk.api("GET", &path, "tech1", None).await.expect(200).text();
    assert!(ours.contains(&shown) && ours.contains(&hidden), "{ours}");
    // The same by the way of the pages: nothing that feeds a form tells more.
    let story = crate::support::Story::tell(&desk).await;
    let (number, public) = (story.number.to_string(), story.public.to_string());
    for (name, fields) in [
        ("new_ticket", vec![]),
        ("occurrence_page", vec![("number", number.as_str()), ("id", public.as_str()), ("revisions", "false")]),
        ("request_detail", vec![("number", number.as_str()), ("query[limit]", "5")]),
    ] {
        let answer = desk.call(name, &fields, "requester1").await;
        assert!(!answer.text().contains("Internal only"), "{name}: {}", answer.text());
    }
}

//! The page of the settings, as plain HTML and forms.

use domain::settings::Key;

use crate::pages::is_whole;
use crate::support::{Desk, html_text};

#[tokio::test]
async fn the_page_lists_broken_rows_first_and_finds_by_number() {
    let desk = Desk::new().await;
    let page = desk.get("/settings", "admin").await.expect(200);
    is_whole(&page);
    let html = page.text();
    let (broken, portal) = (html.find("id=\"settings-broken\""), html.find("id=\"settings-portal\""));
    assert!(broken.is_some() && broken < portal, "{}", html_text(&html));
    assert!(html.contains("id=\"mail-server\""), "the mail server is not configured");
    let found = desk.get("/settings?q=param+298", "admin").await.expect(200).text();
    assert!(found.contains("id=\"set-portal-show_occurrences\"") && !found.contains("id=\"set-reopen_days\""));
    let nothing = desk.get("/settings?q=zzzz", "admin").await.expect(200).text();
    assert!(!nothing.contains("id=\"set-"), "{}", html_text(&nothing));
    let home = desk.get("/", "admin").await.expect(200).text();
    assert!(home.contains("class=\"banner\"") && home.contains("href=\"/settings\""), "{}", html_text(&home));
    assert!(!desk.get("/", "tech1").await.expect(200).text().contains("/settings"));
}

#[tokio::test]
async fn a_row_is_saved_without_scripts_and_leads_back_to_itself() {
    let desk = Desk::new().await;
    let root = desk.world.root.to_string();
    let fields = [("form[entity]", root.as_str()), ("form[key]", "reopen_days"), ("form[value]", "9")];
    let answer = desk.post_form("save_setting", "/settings", &fields, "admin").await.expect(302);
    let location = answer.location();
    assert!(location.starts_with("/settings?") && location.ends_with("#set-reopen_days"), "{location}");
    let page = desk.get(location.split('#').next().unwrap(), "admin").await.expect(200).text();
    assert!(page.contains("setting-saved") && page.contains("value=\"9\""), "{}", html_text(&page));

    let below = desk.get(&format!("/settings?entity={}&q=171", desk.world.brasil), "admin").await.expect(200).text();
    assert!(html_text(&below).contains("Acme"), "inherited from Acme: {}", html_text(&below));
    let inherit = [("form[entity]", root.as_str()), ("form[key]", "reopen_days"), ("form[inherit]", "true")];
    desk.post_form("save_setting", "/settings", &inherit, "admin").await.expect(302);
    assert_eq!(desk.world.count("setting").await, 0);
}

#[tokio::test]
async fn a_refused_row_says_why_and_keeps_what_was_typed() {
    let desk = Desk::new().await;
    let root = desk.world.root.to_string();
    let typed = "40 0\"><b>x";
    let fields = [("form[entity]", root.as_str()), ("form[key]", "reopen_days"), ("form[value]", typed)];
    let answer = desk.post_form("save_setting", "/settings?q=171", &fields, "admin").await.expect(302);
    let location = answer.location();
    assert!(location.ends_with("#set-reopen_days"), "{location}");
    let page = desk.get(location.split('#').next().unwrap(), "admin").await.expect(200).text();
    assert!(page.contains("id=\"set-reopen_days-error\""), "{}", html_text(&page));
    assert!(page.contains("40 0&quot;") && !page.contains("<b>x"), "what was typed is there, as text");
    assert_eq!(desk.world.count("setting").await, 0);
}

#[tokio::test]
async fn the_cells_of_the_matrix_are_saved_as_one_value() {
    let desk = Desk::new().await;
    let root = desk.world.root.to_string();
    let mut fields = vec![("form[entity]", root.as_str()), ("form[key]", "priority.matrix")];
    fields.extend(std::iter::repeat_n(("form[cells][]", "4"), 25));
    desk.post_form("save_setting", "/settings", &fields, "admin").await.expect(302);
    let own = format!("setting WHERE key = '{}' AND value LIKE '[[4,4,%'", Key::PriorityMatrix.as_str());
    assert_eq!(desk.world.count(&own).await, 1);
}

#[tokio::test]
async fn a_test_that_cannot_be_made_says_why() {
    let desk = Desk::new().await;
    let root = desk.world.root.to_string();
    let answer = desk.post_form("test_mail", "/settings", &[("entity", root.as_str())], "admin").await.expect(302);
    assert!(answer.location().starts_with("/settings?"), "{}", answer.location());
}

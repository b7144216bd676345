//! The pages of the lists, as plain HTML and forms.

use crate::pages::is_whole;
use crate::support::{Answer, Desk, html_text};

/// The page a form leads to, without its fragment.
async fn follow(desk: &Desk, answer: Answer) -> String {
    let location = answer.expect(302).location();
    desk.get(location.split('#').next().unwrap(), "supervisor").await.expect(200).text()
}

#[tokio::test]
async fn every_list_has_its_page_and_those_of_the_entity_above_are_read_only() {
    let desk = Desk::new().await;
    for list in [
        "ticket-categories",
        "occurrence-categories",
        "request-sources",
        "locations",
        "pending-reasons",
        "calendars",
        "task-categories",
        "solution-types",
    ] {
        is_whole(&desk.get(&format!("/settings/lists/{list}"), "supervisor").await.expect(200));
    }
    let id = desk.world.coded(service::lists::SOURCES, "phone").await;
    let edit = format!("href=\"/settings/lists/request-sources/{id}\"");
    let above = desk.get("/settings/lists/request-sources", "supervisor").await.text();
    assert!(above.contains(&edit), "{}", html_text(&above));
    let path = format!("/settings/lists/request-sources?entity={}", desk.world.brasil);
    let below = desk.get(&path, "supervisor").await.expect(200).text();
    assert!(below.contains("Phone") && !below.contains(&edit), "{}", html_text(&below));
    assert!(below.contains(&format!("entity={}", desk.world.root)), "the way to the entity it comes from");
    desk.get("/settings/lists/gossip", "supervisor").await.expect(404);
    let settings = desk.get("/settings", "admin").await.expect(200).text();
    assert!(settings.contains("href=\"/settings/lists/ticket-categories?entity="), "{}", html_text(&settings));
    assert!(!desk.get("/", "tech1").await.text().contains("/settings/lists"));
    assert!(desk.get("/", "supervisor").await.text().contains("href=\"/settings/lists\""));
}

#[tokio::test]
async fn t_set_09_a_row_is_added_and_changed_without_scripts() {
    let desk = Desk::new().await;
    let root = desk.world.root.to_string();
    let fields = [
        ("form[list]", "ticket-categories"),
        ("form[entity]", root.as_str()),
        ("form[id]", ""),
        ("form[version]", "0"),
        ("form[names][en]", "Printer"),
        ("form[names][pt-BR]", "Impressora"),
        ("form[names][es]", ""),
        ("form[names][fr]", ""),
        ("form[parent]", ""),
        ("form[group]", ""),
        ("form[for_incident]", "true"),
        ("form[recursive]", "true"),
        ("form[active]", "true"),
    ];
    let answer = desk.post_form("save_list_row", "/settings/lists/ticket-categories", &fields, "supervisor").await;
    let page = follow(&desk, answer).await;
    assert!(page.contains("Printer") && page.contains("data-saved"), "{}", html_text(&page));
    let id: Option<uuid::Uuid> = service::sql::Sql::new("SELECT id FROM list_row WHERE list = 'ticket-categories'")
        .scalar(desk.services.db.reader())
        .await
        .unwrap();
    let id = id.unwrap().to_string();
    let row = format!("/settings/lists/ticket-categories/{id}");
    let form = desk.get(&row, "supervisor").await.expect(200);
    is_whole(&form);
    assert!(form.text().contains("value=\"Impressora\""), "{}", form.text());
    // Unticked, a box sends nothing.
    let off: Vec<(&str, &str)> = fields
        .iter()
        .filter(|(name, _)| *name != "form[active]")
        .map(|(name, value)| match *name {
            "form[id]" => (*name, id.as_str()),
            "form[version]" => (*name, "1"),
            _ => (*name, *value),
        })
        .collect();
    let page = follow(&desk, desk.post_form("save_list_row", &row, &off, "supervisor").await).await;
    assert!(page.contains("data-gone"), "{}", html_text(&page));
}

#[tokio::test]
async fn t_set_09_a_refused_form_keeps_what_was_typed() {
    let desk = Desk::new().await;
    desk.world.list_row(service::lists::LOCATIONS, "Hall", |_row| {}).await;
    let root = desk.world.root.to_string();
    let fields = [
        ("form[list]", "locations"),
        ("form[entity]", root.as_str()),
        ("form[names][en]", "hall"),
        ("form[names][fr]", "\"><b>x"),
    ];
    let answer = desk.post_form("save_list_row", "/settings/lists/locations", &fields, "supervisor").await;
    assert!(answer.location().ends_with("#row-form"), "{}", answer.location());
    let page = follow(&desk, answer).await;
    assert!(page.contains("id=\"form-names-en-error\"") && page.contains("value=\"hall\""), "{}", html_text(&page));
    assert!(page.contains("&quot;") && !page.contains("<b>x"), "what was typed is there, as text");
    assert_eq!(desk.world.count("list_row WHERE list = 'locations'").await, 1);
}

#[tokio::test]
async fn t_set_07_a_row_in_use_says_what_uses_it() {
    let desk = Desk::new().await;
    let set = desk.world.list_row(service::lists::SOURCES, "Counter", |_row| {}).await;
    desk.world.set(domain::settings::Key::TicketDefaultSource, desk.world.brasil, &set).await;
    let page = desk.get(&format!("/settings/lists/request-sources/{set}"), "supervisor").await.expect(200).text();
    assert!(page.contains("id=\"row-used\"") && page.contains("Brasil"), "{}", html_text(&page));
    assert!(!page.contains("id=\"row-remove\""), "nothing is offered that would be refused");

    let used = desk.world.list_row(service::lists::TICKET_CATEGORIES, "Printer", |_row| {}).await;
    desk.world.ticket().with(|form| form.category = used.clone()).create().await;
    let row = format!("/settings/lists/ticket-categories/{used}");
    let fields = [("form[list]", "ticket-categories"), ("form[id]", used.as_str()), ("form[version]", "1")];
    let page = follow(&desk, desk.post_form("remove_list_row", &row, &fields, "supervisor").await).await;
    assert!(page.contains("role=\"alert\"") && page.contains("id=\"row-used\""), "{}", html_text(&page));

    let free = desk.world.list_row(service::lists::LOCATIONS, "Hall", |_row| {}).await;
    let fields = [("form[list]", "locations"), ("form[id]", free.as_str()), ("form[version]", "1")];
    let page =
        follow(&desk, desk.post_form("remove_list_row", "/settings/lists/locations", &fields, "supervisor").await)
            .await;
    assert!(!page.contains("Hall"), "{}", html_text(&page));
}

#[tokio::test]
async fn a_row_moves_by_its_buttons() {
    let desk = Desk::new().await;
    desk.world.list_row(service::lists::LOCATIONS, "Attic", |_row| {}).await;
    let second = desk.world.list_row(service::lists::LOCATIONS, "Cellar", |_row| {}).await;
    let fields = [("form[list]", "locations"), ("form[id]", second.as_str()), ("form[up]", "true")];
    let answer = desk.post_form("move_list_row", "/settings/lists/locations", &fields, "supervisor").await;
    assert!(answer.location().ends_with(&format!("#row-{second}")), "{}", answer.location());
    let page = follow(&desk, answer).await;
    assert!(page.find("Cellar") < page.find("Attic"), "{}", html_text(&page));
}

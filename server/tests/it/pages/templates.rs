//! The pages of templates, as plain HTML and forms, and the composer without scripts.

use service::sql::Sql;
use uuid::Uuid;

use crate::pages::is_whole;
use crate::support::{Desk, Story, html_text};

async fn shipped(desk: &Desk, purpose: &str) -> Uuid {
    let mut sql = Sql::new("SELECT id FROM template WHERE purpose = ");
    sql.bind(purpose);
    let id: Option<Uuid> = sql.scalar(desk.services.db.reader()).await.unwrap();
    id.unwrap()
}

/// Makes a reply template by its page; answers the address it leads to, without its query.
async fn make(desk: &Desk, name: &str, text: &str) -> String {
    let root = desk.world.root.to_string();
    let fields = [
        ("form[kind]", "replies"),
        ("form[entity]", root.as_str()),
        ("form[name]", name),
        ("form[recursive]", "true"),
        ("form[active]", "true"),
        ("form[text_en]", text),
    ];
    let from = "/settings/templates/new?kind=replies";
    let answer = desk.post_form("save_template", from, &fields, "admin").await.expect(302);
    let location = answer.location();
    assert!(location.ends_with("?saved=1"), "{location}");
    location.trim_end_matches("?saved=1").to_owned()
}

fn id_of(page: &str) -> &str {
    page.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn the_list_and_the_pages_are_whole_without_scripts() {
    let desk = Desk::new().await;
    let list = desk.get("/settings/templates?kind=mails", "supervisor").await.expect(200);
    is_whole(&list);
    let requester = shipped(&desk, "requester").await;
    assert!(list.text().contains(&format!("href=\"/settings/templates/{requester}\"")), "{}", html_text(&list.text()));
    let page = desk.get(&format!("/settings/templates/{requester}"), "supervisor").await.expect(200);
    is_whole(&page);
    let html = page.text();
    assert_eq!(html.matches("<textarea").count(), 4, "a field for each language");
    assert!(html.contains("form[reset]") && !html.contains("remove_template"), "reset, never removed");
    assert!(html.contains("{{ entry.text }}"), "words to copy");
    let new = desk.get("/settings/templates/new?kind=replies", "admin").await.expect(200);
    is_whole(&new);
    assert!(!new.text().contains("{{ entry.text }}") && new.text().contains("form[visibility]"));
    desk.get("/settings/templates/new?kind=gossip", "admin").await.expect(404);
    assert!(desk.get("/settings", "admin").await.expect(200).text().contains("href=\"/settings/templates\""));
    assert!(!desk.get("/", "tech1").await.expect(200).text().contains("/settings/templates"));
}

#[tokio::test]
async fn t_tpl_02_a_refused_text_comes_back_with_its_line_and_is_discarded_by_a_button() {
    let desk = Desk::new().await;
    let page = make(&desk, "Received", "We got it.").await;
    let fields = [
        ("form[id]", id_of(&page)),
        ("form[version]", "1"),
        ("form[name]", "Received"),
        ("form[recursive]", "true"),
        ("form[active]", "true"),
        ("form[text_en]", "Hello\r\n{{ ticket.titel }}<b>"),
        ("form[text_fr]", "Bonjour"),
    ];
    let answer = desk.post_form("save_template", &page, &fields, "admin").await.expect(302);
    let location = answer.location();
    assert!(location.starts_with(&page), "{location}");
    let html = desk.get(&location, "admin").await.expect(200).text();
    let text = html_text(&html);
    assert!(html.contains("id=\"form-texts-en-error\"") && text.contains("Line 2"), "{text}");
    assert!(text.contains("ticket.title"), "the nearest word: {text}");
    assert!(html.contains("{{ ticket.titel }}&lt;b&gt;") && html.contains("Bonjour"), "what was typed is there");
    assert!(!html.contains("id=\"form-texts-fr-error\""), "{text}");
    // The address alone tells nothing: whoever comes back by another way finds it, too.
    assert!(desk.get(&page, "admin").await.text().contains("ticket.titel"));
    assert_eq!(desk.world.count("template WHERE texts LIKE '%titel%'").await, 0);
    let discard = [("kind", "template"), ("object", id_of(&page)), ("back", page.as_str())];
    desk.post_form("discard_draft", &page, &discard, "admin").await.expect(302);
    let html = desk.get(&page, "admin").await.expect(200).text();
    assert!(!html.contains("ticket.titel") && html.contains("We got it."), "{}", html_text(&html));
}

#[tokio::test]
async fn t_tpl_02_a_preview_shows_what_is_typed_and_saves_nothing() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let page = make(&desk, "Received", "We got it.").await;
    let fields = [
        ("form[id]", id_of(&page)),
        ("form[version]", "1"),
        ("form[name]", "Received"),
        ("form[active]", "true"),
        ("form[text_en]", "Concerning ticket {{ ticket.number }}."),
        ("form[ticket]", number.as_str()),
        ("form[language]", "es"),
        ("form[preview]", "true"),
    ];
    let location = desk.post_form("save_template", &page, &fields, "admin").await.expect(302).location();
    assert!(location.ends_with("#preview"), "{location}");
    let html = desk.get(location.split('#').next().unwrap(), "admin").await.expect(200).text();
    assert!(
        html.contains("id=\"preview\"") && html.contains(&format!("Concerning ticket {number}.")),
        "{}",
        html_text(&html)
    );
    assert_eq!(desk.world.count("template WHERE texts LIKE '%Concerning%'").await, 0);
    let unknown = desk.get(&format!("{page}?ticket=999999"), "admin").await.expect(200).text();
    assert!(unknown.contains("id=\"form-ticket-error\""), "{}", html_text(&unknown));
}

#[tokio::test]
async fn t_set_06_a_broken_template_is_mended_from_its_setting() {
    let desk = Desk::new().await;
    let broken = "UPDATE template SET texts = '{\"en\":\"{{ nobody.knows }}\"}' WHERE purpose = 'requester'";
    desk.world.run(&Sql::new(broken)).await;
    let settings = desk.get("/settings?q=251", "admin").await.expect(200).text();
    assert!(settings.contains("href=\"/settings/templates?kind=mails\""), "{}", html_text(&settings));
    let list = desk.get("/settings/templates?kind=mails", "admin").await.expect(200).text();
    assert!(list.contains("data-state=\"broken\""), "{}", html_text(&list));
    let id = shipped(&desk, "requester").await.to_string();
    let page = format!("/settings/templates/{id}");
    assert!(desk.get(&page, "admin").await.expect(200).text().contains("form-texts-en-error"));
    let reset = [("form[id]", id.as_str()), ("form[version]", "1"), ("form[name]", "x"), ("form[reset]", "true")];
    desk.post_form("save_template", &page, &reset, "admin").await.expect(302);
    let settings = desk.get("/settings?q=251", "admin").await.expect(200).text();
    assert!(!settings.contains("setting-broken"), "{}", html_text(&settings));
}

#[tokio::test]
async fn a_template_is_removed_by_its_page_and_one_in_use_says_by_whom() {
    let desk = Desk::new().await;
    let page = make(&desk, "Received", "We got it.").await;
    assert!(desk.get(&page, "admin").await.expect(200).text().contains("remove_template"));
    let answer = desk.post_form("remove_template", &page, &[("id", id_of(&page))], "admin").await.expect(302);
    assert_eq!(answer.location(), "/settings/templates?kind=replies&removed=1");
    desk.get(&page, "admin").await.expect(404);
    let id = shipped(&desk, "requester").await.to_string();
    let page = format!("/settings/templates/{id}");
    let html = desk.get(&page, "admin").await.expect(200).text();
    assert!(html.contains("id=\"used-title\"") && html_text(&html).contains("Acme"), "{}", html_text(&html));
    let answer = desk.post_form("remove_template", &page, &[("id", id.as_str())], "admin").await.expect(302);
    let html = desk.get(&answer.location(), "admin").await.expect(200).text();
    assert!(html.contains("data-tone=\"error\""), "{}", html_text(&html));
}

#[tokio::test]
async fn t_occ_09_the_composer_takes_a_template_without_scripts() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let page = make(&desk, "Received", "Concerning ticket {{ ticket.number }}.").await;
    let ticket = desk.get(&format!("/tickets/{number}"), "tech1").await.expect(200).text();
    assert!(ticket.contains("id=\"form-insert\"") && ticket.contains(">Received<"), "{}", html_text(&ticket));
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[body]", "Typed before."),
        ("form[format]", "text"),
        ("insert", id_of(&page)),
    ];
    let from = format!("/tickets/{number}");
    let answer = desk.post_form("insert_template", &from, &fields, "tech1").await.expect(302);
    assert_eq!(answer.location(), format!("/tickets/{number}/note"));
    let note = desk.get(&answer.location(), "tech1").await.expect(200).text();
    let (typed, added) = (note.find("Typed before."), note.find(&format!("Concerning ticket {number}.")));
    assert!(typed.is_some() && typed < added, "{}", html_text(&note));
    // A link begins the form, and one that leads nowhere says so.
    let begun = desk.get(&format!("/tickets/{number}/note?template={}", id_of(&page)), "supervisor").await.expect(200);
    assert!(begun.text().contains(&format!("Concerning ticket {number}.")), "{}", html_text(&begun.text()));
    let gone = desk.get(&format!("/tickets/{number}/note?template={}", Uuid::nil()), "supervisor").await.expect(200);
    assert!(gone.text().contains("data-tone=\"warning\""), "{}", html_text(&gone.text()));
}

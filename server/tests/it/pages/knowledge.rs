//! The pages of the knowledge base, as plain HTML and forms.

use service::knowledge::{self, AUDIENCE, BODY, NewArticle, STATUS, TITLE, Values};
use uuid::Uuid;

use crate::pages::is_whole;
use crate::support::{Desk, Story, html_text};

async fn make(desk: &Desk, title: &str, audience: &str, status: &str) -> Uuid {
    let pairs = [(TITLE, title), (BODY, "Choose the nearest gateway."), (AUDIENCE, audience), (STATUS, status)];
    let values: Values = pairs.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    let new = NewArticle { values, format: domain::occurrence::BodyFormat::Text, ..NewArticle::default() };
    knowledge::create(&desk.ctx("tech1").await, new).await.unwrap()
}

#[tokio::test]
async fn t_kno_02_the_list_and_an_article_are_whole_without_scripts() {
    let desk = Desk::new().await;
    let shown = make(&desk, "VPN client", "public", "published").await;
    let hidden = make(&desk, "Zebra crossing", "agents", "published").await;
    let list = desk.get("/knowledge?q=gateway", "tech1").await.expect(200);
    is_whole(&list);
    let html = list.text();
    assert!(html.contains("<mark>gateway<") && html.contains("Zebra crossing"), "{}", html_text(&html));
    assert!(html.contains("href=\"/knowledge/new\""));
    let portal = desk.get("/knowledge", "requester1").await.expect(200);
    is_whole(&portal);
    let html = portal.text();
    assert!(
        html.contains("VPN client") && !html.contains("Zebra") && !html.contains("/knowledge/new"),
        "{}",
        html_text(&html)
    );
    is_whole(&desk.get(&format!("/knowledge/{shown}"), "tech1").await.expect(200));
    let article = desk.get(&format!("/knowledge/{shown}"), "requester1").await.expect(200);
    is_whole(&article);
    let html = article.text();
    assert!(
        html.contains("Choose the nearest gateway.") && !html.contains("run_article_command"),
        "{}",
        html_text(&html)
    );
    assert!(!html.contains("tech1"), "who wrote it is the team's: {}", html_text(&html));
    desk.get(&format!("/knowledge/{hidden}"), "requester1").await.expect(404);
    assert!(desk.get("/requests", "requester1").await.text().contains("href=\"/knowledge\""));
    assert!(desk.get("/tickets", "tech1").await.text().contains("href=\"/knowledge\""));
}

#[tokio::test]
async fn t_kno_01_an_article_is_written_published_and_changed_by_forms() {
    let desk = Desk::new().await;
    is_whole(&desk.get("/knowledge/new", "tech1").await.expect(200));
    let fields = |title: &'static str| {
        [
            ("form[title]", title),
            ("form[body]", "Long text <b>."),
            ("form[format]", "text"),
            ("form[language]", "en"),
            ("form[audience]", "public"),
            ("form[recursive]", "true"),
        ]
    };
    let answer = desk.post_form("save_article", "/knowledge/new", &fields("  "), "tech1").await.expect(302);
    let back = answer.location();
    assert!(back.starts_with("/knowledge/new"), "{back}");
    let html = desk.get(&back, "tech1").await.expect(200).text();
    assert!(html.contains("Long text &lt;b&gt;.") && html.contains("id=\"form-title-error\""), "{}", html_text(&html));
    let saved = desk.post_form("save_article", "/knowledge/new", &fields("VPN"), "tech1").await.expect(302).location();
    let page = saved.trim_end_matches("?done=saved").to_owned();
    assert!(page.starts_with("/knowledge/") && page != saved, "{saved}");
    desk.get(&page, "requester1").await.expect(404);
    let id = page.rsplit('/').next().unwrap();
    let publish = [("id", id), ("command", "publish"), ("version", "1")];
    let done = desk.post_form("run_article_command", &page, &publish, "tech1").await.expect(302).location();
    assert!(done.ends_with("?done=published"), "{done}");
    desk.get(&page, "requester1").await.expect(200);
    is_whole(&desk.get(&format!("{page}/edit"), "tech2").await.expect(200));
    let versions = desk.get(&format!("{page}/versions?version=1"), "tech2").await.expect(200);
    is_whole(&versions);
    assert!(versions.text().contains("restore_article_revision"), "{}", html_text(&versions.text()));
    desk.get(&format!("{page}/versions"), "requester1").await.expect(404);
    desk.get(&format!("{page}/edit"), "observer").await.expect(404);
}

#[tokio::test]
async fn t_kno_03_a_ticket_links_articles_and_an_entry_becomes_one() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let id = make(&desk, "VPN client", "public", "published").await.to_string();
    let number = story.number.to_string();
    let page = format!("/tickets/{number}/knowledge");
    is_whole(&desk.get(&page, "tech1").await.expect(200));
    assert!(desk.get(&format!("/tickets/{number}"), "tech1").await.text().contains(&page));
    let found = desk.get(&format!("{page}?q=vpn"), "tech1").await.expect(200).text();
    assert!(found.contains("link_article") && found.contains(&id), "{}", html_text(&found));
    let fields = [("number", number.as_str()), ("article", id.as_str())];
    let done = desk.post_form("link_article", &page, &fields, "tech1").await.expect(302).location();
    assert!(desk.get(&done, "tech1").await.expect(200).text().contains("unlink_article"));
    let request = desk.get(&format!("/requests/{number}"), "requester1").await.expect(200).text();
    assert!(request.contains(&format!("href=\"/knowledge/{id}\"")), "P-DET-06: {}", html_text(&request));
    desk.post_form("unlink_article", &page, &fields, "tech1").await.expect(302);
    let entry = story.private.to_string();
    let ask = desk.get(&format!("{page}?entry={entry}"), "tech1").await.expect(200).text();
    assert!(ask.contains("save_to_knowledge") && ask.contains("Zwetschgenmus"), "{}", html_text(&ask));
    let made = desk.post_form("save_to_knowledge", &page, &[("entry", &entry), ("key", "")], "tech1").await.expect(302);
    let form = desk.get(&made.location(), "tech1").await.expect(200).text();
    assert!(form.contains("form[confirm_public]"), "{}", html_text(&form));
}

#[tokio::test]
async fn p_new_04_articles_are_looked_for_without_scripts() {
    let desk = Desk::new().await;
    make(&desk, "VPN client", "public", "published").await;
    make(&desk, "VPN of the team", "agents", "published").await;
    let fields = [("form[title]", "My VPN drops"), ("form[description]", "Since today."), ("form[format]", "text")];
    let answer = desk.post_form("look_for_articles", "/requests/new", &fields, "requester1").await.expect(302);
    let location = answer.location();
    assert!(location.ends_with("#articles"), "{location}");
    let html = desk.get(location.split('#').next().unwrap(), "requester1").await.expect(200).text();
    assert!(html.contains("My VPN drops") && html.contains("Since today."), "what was typed is there");
    assert!(html.contains("VPN client") && !html.contains("VPN of the team"), "{}", html_text(&html));
    assert_eq!(desk.world.count("ticket").await, 0, "nothing was sent");
    is_whole(&desk.get("/knowledge/suggestions?q=vpn", "requester1").await.expect(200));
}

#[tokio::test]
async fn t_occ_11_an_occurrence_is_saved_and_an_article_begun_with_it() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number.to_string();
    let here = format!("/tickets/{number}");
    let tick = "name=\"form[save_to_knowledge]\"";
    assert!(desk.get(&here, "tech1").await.expect(200).text().contains(tick));
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[key]", "k1"),
        ("form[body]", "The gateway was full."),
        ("form[format]", "text"),
        ("form[visibility]", "private"),
        ("form[save_to_knowledge]", "true"),
    ];
    let begun = desk.post_form("add_occurrence", &here, &fields, "tech1").await.expect(302).location();
    assert!(begun.starts_with("/knowledge/") && begun.ends_with("/edit?done=begun"), "{begun}");
    let form = desk.get(&begun, "tech1").await.expect(200).text();
    assert!(form.contains("The gateway was full.") && form.contains("form[confirm_public]"), "{}", html_text(&form));
    assert!(desk.get(&here, "tech1").await.expect(200).text().contains("The gateway was full."), "the entry, too");
}

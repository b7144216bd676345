//! The chat without scripts: a list and a form on both sides, and the agents' panel.

use domain::settings::Key;

use crate::pages::is_whole;
use crate::support::{Desk, Story, html_text};

#[tokio::test]
async fn p_cht_03_both_sides_talk_by_plain_forms() {
    let desk = Desk::new().await;
    desk.world.set(Key::ChatEnabled, desk.world.root, "true").await;
    let number = Story::tell(&desk).await.number;
    let (request, ticket) = (format!("/requests/{number}/chat"), format!("/tickets/{number}/chat"));
    assert!(desk.get(&format!("/requests/{number}"), "requester1").await.expect(200).text().contains(&request));
    let page = desk.get(&request, "requester1").await.expect(200);
    is_whole(&page);
    let text = html_text(&page.text());
    for part in ["Nothing has been said yet", "Nobody is here now. Your message stays on the request.", "Reload"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let fields =
        [("form[ticket]", number.to_string()), ("form[from]", "request".into()), ("form[text]", "Hello <you>?".into())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let sent = desk.post_form("send_chat", &request, &fields, "requester1").await.expect(302);
    assert!(sent.location().starts_with(&format!("{request}#chat-")), "{}", sent.location());

    let head = desk.get(&format!("/tickets/{number}"), "tech1").await.expect(200).text();
    assert!(head.contains(&ticket) && head.contains("Chat, 1 unread line"), "the icon counts");
    let page = desk.get(&ticket, "tech1").await.expect(200);
    is_whole(&page);
    assert!(page.text().contains("Hello &lt;you&gt;?"), "{}", page.text());
    let missed = desk.get(&format!("{ticket}?after=1"), "tech1").await.expect(200).text();
    assert!(!missed.contains("Hello &lt;you&gt;?"), "only what came after");
    let number = number.to_string();
    let ended = desk.post_form("end_chat", &ticket, &[("form[ticket]", &number)], "tech1").await.expect(302);
    assert_eq!(ended.location(), format!("{ticket}?ended=1"));
    let text = html_text(&desk.get(&ended.location(), "tech1").await.expect(200).text());
    assert!(text.contains("The chat has ended."), "{text}");
}

#[tokio::test]
async fn t_cht_07_a_refused_line_is_shown_where_the_form_was() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number.to_string();
    let page = format!("/requests/{number}/chat");
    let fields = [("form[ticket]", number.as_str()), ("form[from]", "request"), ("form[text]", "Worth keeping.")];
    desk.post_form("send_chat", &page, &fields, "requester1").await.expect(302);
    let shown = desk.get(&page, "requester1").await.expect(200);
    let text = html_text(&shown.text());
    assert!(text.contains("Chat was switched off") && text.contains("Worth keeping."), "{text}");
    assert!(!shown.text().contains("id=\"chat-form\""));
    let request = desk.get(&format!("/requests/{number}"), "requester1").await.expect(200).text();
    assert!(!request.contains(&page), "the way there is gone");
    assert!(!desk.get("/tickets", "tech1").await.expect(200).text().contains("href=\"/chat\""));
}

#[tokio::test]
async fn t_cht_04_the_panel_takes_a_ticket_and_leads_to_its_chat() {
    let desk = Desk::new().await;
    desk.world.set(Key::ChatEnabled, desk.world.root, "true").await;
    let number = Story::ticket(&desk, "requester1", "VPN drops").await.to_string();
    let say = [("form[ticket]", number.as_str()), ("form[from]", "request"), ("form[text]", "Hello?")];
    desk.post_form("send_chat", "/", &say, "requester1").await.expect(302);
    let page = desk.get("/chat", "tech1").await.expect(200);
    is_whole(&page);
    let text = html_text(&page.text());
    assert!(text.contains("In queue") && text.contains(&format!("#{number} VPN drops")), "{text}");
    let taken = desk.post_form("take_chat", "/chat", &[("form[ticket]", &number)], "tech1").await.expect(302);
    assert_eq!(taken.location(), format!("/tickets/{number}/chat"));
    let text = html_text(&desk.get("/chat", "tech1").await.expect(200).text());
    assert!(text.contains("Nobody is waiting."), "{text}");
    let found = html_text(&desk.get(&format!("/chat?number={number}"), "tech1").await.expect(200).text());
    assert!(found.contains("VPN drops"), "{found}");
    let wrong = html_text(&desk.get("/chat?number=abc", "tech1").await.expect(200).text());
    assert!(wrong.contains("This is no ticket number."), "{wrong}");
    desk.get("/chat", "requester1").await.expect(404);
}

#[tokio::test]
async fn t_his_02_the_history_has_a_tab_for_the_chat_while_it_is_on() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number.to_string();
    let of = |place: &str| format!("/{place}/{number}/history");
    assert!(!desk.get(&of("tickets"), "tech1").await.expect(200).text().contains("tab=chat"));
    desk.get(&format!("{}?tab=chat", of("tickets")), "tech1").await.expect(404);
    desk.world.set(Key::ChatEnabled, desk.world.root, "true").await;
    let say = [("form[ticket]", number.as_str()), ("form[from]", "ticket"), ("form[text]", "Which floor?")];
    desk.post_form("send_chat", "/", &say, "tech1").await.expect(302);
    for (place, who) in [("tickets", "tech1"), ("requests", "requester1")] {
        let page = desk.get(&of(place), who).await.expect(200).text();
        assert!(page.contains("tab=chat") && !page.contains("Which floor?"), "{who}");
        let tab = desk.get(&format!("{}?tab=chat", of(place)), who).await.expect(200);
        is_whole(&tab);
        assert!(tab.text().contains("Which floor?"), "{who}");
        let csv = desk.get(&format!("{}.csv?tab=chat", of(place)), who).await.expect(200).text();
        assert!(csv.contains("Which floor?"), "{who}: {csv}");
    }
}

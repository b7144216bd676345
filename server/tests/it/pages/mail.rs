//! Outgoing mail, and the page behind the link that ends mails of one kind, without scripts.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use service::jobs::relay_outbox;
use service::mail::{Mailer, Server, Transport};
use testing::{Sink, World, both_engines};

use crate::pages::is_whole;
use crate::support::{Desk, Story, html_text};

fn connected(mut world: World, url: &str) -> Desk {
    let server = Server::read(url).expect("an address");
    let mailer = Mailer::new(Transport::new(server), "desk@example.org").expect("an address");
    world.services.mailer = Some(Arc::new(mailer));
    Desk::on(world)
}

both_engines!(m_dlv_09_the_page_lists_mails_without_their_text_and_gives_one_up, |world: World| async move {
    let desk = connected(world, &Sink::refusing_port());
    let story = Story::tell(&desk).await;
    let mut form = testing::note(story.number, "Canary in the text.");
    form.send_mail = true;
    service::occurrences::add(&desk.ctx("tech1").await, form).await.unwrap();
    let page = desk.get("/settings/mail", "admin").await.expect(200);
    is_whole(&page);
    let html = page.text();
    let text = html_text(&html).split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["Outgoing mail", "requester1@example.org", "Queued 1", "The oldest one waits since", "Give up"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("Canary") && html.contains(&format!("href=\"/tickets/{}\"", story.number)), "{text}");
    assert!(!html_text(&desk.get("/settings/mail?state=sent", "admin").await.expect(200).text()).contains("Give up"));
    assert!(desk.get("/settings", "admin").await.expect(200).text().contains("href=\"/settings/mail\""));

    let id =
        html.split("name=\"form[mail]\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let fields = [("form[mail]", id.as_str()), ("form[key]", "k"), ("form[back]", "/settings/mail?state=queued")];
    let done = desk.post_form("give_mail_up", "/settings/mail", &fields, "admin").await.expect(302);
    assert_eq!(done.location(), "/settings/mail?state=queued");
    let after = html_text(&desk.get("/settings/mail", "admin").await.expect(200).text());
    assert!(after.contains("an administrator gave it up") && after.contains("Send again"), "{after}");
});

both_engines!(m_hdr_04_the_link_shows_and_only_a_post_acts, |world: World| async move {
    let sink = Sink::start().await;
    let desk = connected(world, &sink.url());
    let number = Story::ticket(&desk, "requester1", "VPN drops").await;
    let assign = domain::forms::RunCommand {
        number,
        command: domain::forms::Command::Assign,
        add: vec![desk.world.user("tech1").await],
        ..Default::default()
    };
    service::tickets::run(&desk.ctx("supervisor").await, assign).await.unwrap();
    while relay_outbox(&desk.services).await.unwrap() > 0 {}
    let link = sink.mails().iter().find_map(|mail| mail.header("List-Unsubscribe")).expect("a notice");
    let path = link.trim_start_matches('<').trim_end_matches('>').replace("http://127.0.0.1:3000", "");

    for _time in 0..2 {
        let page = desk.get(&path, "").await.expect(200);
        is_whole(&page);
        let text = html_text(&page.text());
        assert!(text.contains("Assigned to me or my group") && text.contains("Stop these emails"), "{text}");
        assert!(!text.contains("tech1"), "the page names nobody: {text}");
    }
    // A program for mails: neither cookie nor origin.
    let one_click = |path: &str| {
        Request::post(path)
            .header("host", "desk.test")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("List-Unsubscribe=One-Click"))
            .unwrap()
    };
    assert_eq!(desk.send(one_click(&path)).await.status, 204);
    let page = html_text(&desk.get(&path, "").await.expect(200).text());
    assert!(page.contains("You no longer get emails for") && !page.contains("Stop these emails"), "{page}");
    assert_eq!(desk.send(one_click("/unsubscribe?token=guessed")).await.status, 404);
    let pressed = desk.browser("POST", &path, "").await.body(Body::empty()).unwrap();
    let pressed = desk.send(pressed).await.expect(303);
    assert_eq!(pressed.location(), format!("{path}&done=1"));
    let void = html_text(&desk.get("/unsubscribe?token=guessed", "").await.expect(200).text());
    assert!(void.contains("This link is not valid"), "{void}");
});

both_engines!(m_trn_04_readiness_says_since_when_mails_wait, |world: World| async move {
    let desk = connected(world, &Sink::refusing_port());
    assert_eq!(desk.get("/readyz", "").await.expect(200).text(), "ready");
    let number = Story::ticket(&desk, "requester1", "VPN drops").await;
    let mut form = testing::note(number, "Words.");
    form.send_mail = true;
    service::occurrences::add(&desk.ctx("tech1").await, form).await.unwrap();
    relay_outbox(&desk.services).await.unwrap();
    let told = desk.get("/readyz", "").await.expect(200).text();
    assert_eq!(told, "ready\nmail: failing since 2026-03-12T13:00:00+00:00\n");
});

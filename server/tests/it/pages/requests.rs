//! My requests: what a requester sees, and what he does not.

use app::t::{errors, requests as t};
use domain::lang::Lang;
use domain::ticket::Status;

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
async fn p_gen_07_pages_of_requesters_load_no_wasm_and_may_run_none() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let request = format!("/requests/{}", story.number);
    for path in ["/requests", request.as_str(), "/requests/new", "/profile"] {
        let page = desk.get(path, "requester1").await.expect(200);
        assert!(!page.header("content-security-policy").contains("wasm"), "{path}");
        let text = page.text();
        assert!(!text.contains("pkg/guichet") && !text.contains(".wasm"), "{path}");
    }
    let agents = desk.get("/tickets", "tech1").await.expect(200);
    assert!(agents.header("content-security-policy").contains("'wasm-unsafe-eval'"));
    assert!(agents.text().contains("pkg/guichet-list.wasm"));
}

#[tokio::test]
async fn p_gen_03_a_foreign_and_an_unknown_request_answer_alike() {
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
async fn p_gen_04_a_note_is_posted_without_scripts_and_leads_to_itself() {
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
async fn p_det_07_without_scripts_a_link_loads_the_request_again() {
    let desk = Desk::new().await;
    let here = format!("/requests/{}", Story::tell(&desk).await.number);
    let link = async |query: &str| {
        let page = desk.get(&format!("{here}{query}"), "requester1").await.expect(200).text();
        let plain = page.split("<noscript>").find(|part| part.contains("data-reload")).unwrap_or_default().to_owned();
        assert!(plain.contains(t::reload(Lang::En)), "{}", html_text(&page));
        plain.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    };
    assert_eq!(link("").await, here);
    assert_eq!(link("?limit=7").await, format!("{here}?limit=7"));
    // What was done is not told again, and the new entry stays among those shown.
    assert_eq!(link("?posted=1&done=cancel").await, format!("{here}?limit=200"));
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

#[tokio::test]
async fn p_new_05_a_request_is_sent_without_scripts_and_told_received() {
    let desk = Desk::new().await;
    let list = desk.get("/requests", "requester1").await.expect(200).text();
    assert!(list.contains("href=\"/requests/new\""), "{}", html_text(&list));
    assert!(html_text(&list).contains(t::empty_text(Lang::En)), "P-LIS-06: {}", html_text(&list));
    is_whole(&desk.get("/requests/new", "requester1").await.expect(200));
    let fields = [
        ("form[from]", "request"),
        ("form[key]", "n1"),
        ("form[kind]", "incident"),
        ("form[title]", "Printer jams"),
        ("form[description]", ""),
        ("form[format]", "text"),
        ("form[category]", ""),
        ("form[urgency]", ""),
    ];
    let answer = desk.post_form("create_ticket", "/requests/new", &fields, "requester1").await.expect(302);
    let location = answer.location();
    let number = location.strip_prefix("/requests/").and_then(|rest| rest.strip_suffix("?done=received"));
    let number = number.unwrap_or_else(|| panic!("{location}"));
    let page = desk.get(&location, "requester1").await.expect(200).text();
    assert!(html_text(&page).contains(&t::done_received(Lang::En, number)), "{}", html_text(&page));
    // A double click makes one request.
    let again = desk.post_form("create_ticket", "/requests/new", &fields, "requester1").await.expect(302);
    assert_eq!(again.location(), location);
    assert_eq!(desk.world.count("ticket").await, 1);
    // Who reads only is offered no way to it.
    assert!(!desk.get("/requests", "observer").await.expect(200).text().contains("href=\"/requests/new\""));
}

#[tokio::test]
async fn p_gen_05_a_refused_request_comes_back_with_everything_typed() {
    let desk = Desk::new().await;
    let fields = [
        ("form[from]", "request"),
        ("form[key]", "n1"),
        ("form[kind]", "question"),
        ("form[title]", ""),
        ("form[description]", "How does the printer work?"),
        ("form[format]", "text"),
        ("form[urgency]", "5"),
    ];
    let answer = desk.post_form("create_ticket", "/requests/new", &fields, "requester1").await.expect(302);
    assert!(answer.location().starts_with("/requests/new?"), "{}", answer.location());
    let page = desk.get(&answer.location(), "requester1").await.text();
    let text = html_text(&page);
    assert!(text.contains(errors::required(Lang::En)) && text.contains("How does the printer work?"), "{text}");
    let card = page.split("value=\"question\"").nth(1).unwrap_or_default();
    assert!(card.split('>').next().is_some_and(|rest| rest.contains("checked")), "the card chosen: {page}");
    let drafts = desk.get("/drafts", "requester1").await.expect(200).text();
    assert!(drafts.contains("href=\"/requests/new\""), "{}", html_text(&drafts));
}

#[tokio::test]
async fn p_occ_06_a_request_that_is_over_offers_to_reopen_and_to_follow_up() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let here = format!("/requests/{}", story.number);
    let follow_up = format!("href=\"/requests/new?follow_up_of={}\"", story.number);
    desk.world.put_status(story.number, Status::Closed).await;
    let page = desk.get(&here, "requester1").await.expect(200).text();
    let reopen = format!("href=\"{here}?ask=reopen\"");
    assert!(page.contains(&follow_up) && page.contains(&reopen), "{}", html_text(&page));
    let there = format!("/requests/new?follow_up_of={}", story.number);
    let form = desk.get(&there, "requester1").await.expect(200).text();
    assert!(form.contains("value=\"VPN drops\""), "{}", html_text(&form));
    let hidden = format!("name=\"form[follow_up_of]\" value=\"{}\"", story.number);
    assert!(form.contains(&hidden), "{}", html_text(&form));
    let foreign = desk.get(&there, "requester2").await.expect(200).text();
    assert!(!foreign.contains("VPN drops"), "{}", html_text(&foreign));
    desk.world.advance(8 * 86_400);
    let page = desk.get(&here, "requester1").await.expect(200).text();
    assert!(html_text(&page).contains(&t::reopen_over_follow(Lang::En, 7)), "P-ACT-08: {}", html_text(&page));
    assert!(page.contains(&follow_up) && !page.contains("ask=reopen"), "{}", html_text(&page));
}

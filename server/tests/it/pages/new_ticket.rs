//! The agents' form of a new ticket, as a plain form: its customer (C-CUS-03) and the ticket it follows (T-STA-30).

use app::t::{chooser, tickets as t};
use domain::forms::{CustomerPatch, Patch};
use domain::lang::Lang;
use domain::ticket::Status;
use service::customers;

use crate::pages::is_whole;
use crate::support::{Desk, Story, html_text};

const NEW: &str = "/tickets/new";

async fn acme(desk: &Desk) -> String {
    let patch = CustomerPatch { name: Patch::Set("Acme <Ltda>".to_owned()), ..CustomerPatch::default() };
    customers::create(&desk.ctx("tech1").await, patch, "").await.unwrap().id.to_string()
}

/// The radios of the customer: value, and whether it is chosen.
fn radios(html: &str) -> Vec<(String, bool)> {
    let tags = html.split('<').filter(|tag| tag.starts_with("input ") && tag.contains("name=\"form[customer]\""));
    tags.map(|tag| {
        let tag = tag.split('>').next().unwrap();
        // An empty value may be written without its quotes.
        let value = tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        (value.to_owned(), tag.contains(" checked"))
    })
    .collect()
}

#[tokio::test]
async fn c_cus_03_a_customer_is_looked_for_by_a_page_that_keeps_everything_typed() {
    let desk = Desk::new().await;
    let id = acme(&desk).await;
    let page = desk.get(NEW, "tech1").await.expect(200);
    is_whole(&page);
    assert_eq!(radios(&page.text()), [(String::new(), true)], "nobody is chosen at first");
    let typed = [
        ("form[title]", "Wet pallets"),
        ("form[description]", "Since Monday."),
        ("form[format]", "text"),
        ("form[urgency]", "5"),
        ("form[requesters][]", ""),
        ("form[requesters][]", "ana@example.org"),
    ];
    let look = [&typed[..], &[("form[customer]", ""), ("words", "acm")]].concat();
    let answer = desk.post_form("look_for_customer", NEW, &look, "tech1").await.expect(302);
    assert_eq!(answer.location(), "/tickets/new?words=acm#form-customer");
    let page = desk.get(&answer.location(), "tech1").await.expect(200);
    is_whole(&page);
    let html = page.text();
    assert_eq!(radios(&html), [(String::new(), true), (id.clone(), false)], "{}", html_text(&html));
    for kept in ["value=\"Wet pallets\"", "Since Monday.", "value=\"ana@example.org\"", "value=\"acm\""] {
        assert!(html.contains(kept), "{kept}: {}", html_text(&html));
    }
    assert!(html_text(&html).contains("Acme <Ltda>") && !html.contains("<Ltda>"), "escaped");
    assert_eq!(desk.world.count("ticket").await, 0, "nothing was sent");

    // A refusal keeps the one that was chosen.
    let chosen = [("form[customer]", id.as_str())];
    let refused = [&chosen[..], &typed[..1], &[("form[description]", " "), ("form[format]", "text")]].concat();
    let answer = desk.post_form("create_ticket", NEW, &refused, "tech1").await.expect(302);
    let html = desk.get(&answer.location(), "tech1").await.text();
    assert!(html.contains("error-summary"), "{}", html_text(&html));
    assert_eq!(radios(&html), [(String::new(), false), (id.clone(), true)], "{}", html_text(&html));
    let answer = desk.post_form("create_ticket", NEW, &[&chosen[..], &typed[..]].concat(), "tech1").await.expect(302);
    let ticket = desk.get(&answer.location(), "tech1").await.expect(200).text();
    assert!(html_text(&ticket).contains("Acme <Ltda>"), "{}", html_text(&ticket));
}

#[tokio::test]
async fn c_cus_03_a_search_that_finds_nobody_says_so() {
    let desk = Desk::new().await;
    acme(&desk).await;
    let html = desk.get("/tickets/new?words=zebra", "tech1").await.expect(200).text();
    assert!(html_text(&html).contains(chooser::no_customer_found(Lang::En)), "{}", html_text(&html));
    let found = desk.get("/customers/options?for=new-ticket&q=acm", "tech1").await.expect(200).json();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{found}");
    // Who sees customers and may register no ticket chooses none for it.
    desk.get("/customers/options?for=new-ticket&q=acm", "observer").await.expect(404);
    desk.get("/customers/options?for=new-ticket&q=acm", "requester1").await.expect(404);
}

#[tokio::test]
async fn t_sta_30_a_ticket_that_is_over_leads_agents_to_the_form_of_one_that_follows_it() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    let (here, there) = (format!("/tickets/{number}"), format!("{NEW}?follow_up_of={number}"));
    let link = format!("href=\"{there}\"");
    assert!(!desk.get(&here, "tech1").await.expect(200).text().contains(&link), "it is still open");
    for status in [Status::Cancelled, Status::Closed] {
        desk.world.put_status(story.number, status).await;
        let page = desk.get(&here, "tech1").await.expect(200).text();
        assert!(page.contains(&link), "{status:?}: {}", html_text(&page));
        assert!(html_text(&page).contains(t::command_follow_up(Lang::En)), "{}", html_text(&page));
        let observed = desk.get(&here, "observer").await.expect(200).text();
        assert!(!observed.contains(&link), "who may register no ticket is offered none");
    }
    let page = desk.get(&there, "tech1").await.expect(200);
    is_whole(&page);
    let html = page.text();
    let hidden = format!("name=\"form[follow_up_of]\" value=\"{number}\"");
    assert!(html.contains("value=\"VPN drops\"") && html.contains(&hidden), "{}", html_text(&html));
    assert!(html_text(&html).contains(&t::follow_up_of(Lang::En, &number)), "{}", html_text(&html));
    let requester = desk.world.user("requester1").await;
    assert!(html.contains(&format!("value=\"{requester}\" selected")), "{}", html_text(&html));

    // Looking for a customer and a refusal lose neither the ticket nor what was typed.
    let mut fields = vec![
        ("form[follow_up_of]", number.as_str()),
        ("form[title]", "It drops again"),
        ("form[description]", " "),
        ("form[format]", "text"),
        ("form[requesters][]", requester.as_str()),
        ("words", "acm"),
    ];
    let answer = desk.post_form("look_for_customer", &there, &fields, "tech1").await.expect(302);
    assert_eq!(answer.location(), format!("/tickets/new?words=acm&follow_up_of={number}#form-customer"));
    let html = desk.get(&answer.location(), "tech1").await.expect(200).text();
    assert!(html.contains(&hidden) && html.contains("value=\"It drops again\""), "{}", html_text(&html));
    let answer = desk.post_form("create_ticket", &there, &fields, "tech1").await.expect(302);
    let html = desk.get(&answer.location(), "tech1").await.text();
    assert!(html.contains("error-summary") && html.contains(&hidden), "{}", html_text(&html));
    assert!(html.contains("value=\"It drops again\""), "{}", html_text(&html));

    fields[2].1 = "Since noon.";
    let made = desk.post_form("create_ticket", &there, &fields, "tech1").await.expect(302).location();
    let follower = made.trim_start_matches("/tickets/").to_owned();
    for (page, other) in [(here, follower), (made, number)] {
        let told = desk.get(&format!("{page}/history?kinds=follow_up_created"), "tech1").await.expect(200).text();
        assert!(html_text(&told).contains(&format!("#{other}")), "{page}: {}", html_text(&told));
    }
}

#[tokio::test]
async fn t_drf_03_a_text_of_a_ticket_that_is_over_finds_the_way_to_one_that_follows_it() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number.to_string();
    desk.world.put_status(story.number, Status::Cancelled).await;
    let fields = [("form[ticket]", number.as_str()), ("form[body]", "Words worth keeping."), ("form[format]", "text")];
    let note = format!("/tickets/{number}/note");
    desk.post_form("add_occurrence", &note, &fields, "tech1").await.expect(302);
    let page = desk.get(&note, "tech1").await.expect(200).text();
    assert!(html_text(&page).contains("Words worth keeping."), "{}", html_text(&page));
    assert!(page.contains(&format!("href=\"{NEW}?follow_up_of={number}\"")), "{}", html_text(&page));
}

#[tokio::test]
async fn t_tkt_01_a_title_in_the_address_begins_the_form_and_replaces_none_that_was_typed() {
    let desk = Desk::new().await;
    let there = format!("{NEW}?title=Cable%20%3Cb%3E%20gone");
    let html = desk.get(&there, "tech1").await.expect(200).text();
    assert!(html.contains("value=\"Cable &lt;b"), "{}", html_text(&html));
    let typed = [("form[title]", "Wet pallets"), ("form[description]", "Since Monday."), ("form[format]", "text")];
    desk.post_form("look_for_customer", NEW, &[&typed[..], &[("words", "acm")]].concat(), "tech1").await.expect(302);
    let html = desk.get(&there, "tech1").await.expect(200).text();
    assert!(html.contains("value=\"Wet pallets\"") && !html.contains("value=\"Cable"), "{}", html_text(&html));
}

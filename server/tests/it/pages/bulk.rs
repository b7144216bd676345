//! Several tickets at once, without scripts: chosen in the list, done on a page of its own, each with what became of it.

use app::t::{bulk as t, errors};
use domain::forms::Command;
use domain::lang::Lang;
use domain::ticket::Status;

use super::refused_forms::refused;
use crate::pages::is_whole;
use crate::support::{Desk, Story, html_text};

const EN: Lang = Lang::En;

#[tokio::test]
async fn t_blk_01_rows_of_the_list_are_chosen_by_boxes_that_name_their_ticket() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let list = desk.get("/tickets", "tech1").await.expect(200).text();
    assert!(list.contains(&format!("aria-label=\"{}\"", t::select(EN, &number.to_string(), "VPN drops"))), "{list}");
    assert!(list.contains("action=\"/tickets/bulk\"") && list.contains("id=\"bulk\""));
    assert!(list.contains("role=\"status\"") && html_text(&list).contains(t::act(EN)));
    // Who may do nothing with several tickets is not asked to choose some.
    let list = desk.get("/tickets", "observer").await.expect(200).text();
    assert!(!list.contains("action=\"/tickets/bulk\"") && !list.contains("row-check"));
}

#[tokio::test]
async fn t_blk_01_three_are_solved_at_once_and_the_refused_one_says_why() {
    let desk = Desk::new().await;
    let numbers = [Story::tell(&desk).await.number, Story::tell(&desk).await.number, Story::tell(&desk).await.number];
    let here = format!("/tickets/bulk?n={}&n={}&n={}", numbers[0], numbers[1], numbers[2]);
    let page = desk.get(&here, "tech1").await.expect(200);
    is_whole(&page);
    assert!(html_text(&page.text()).contains(&t::title(EN, 3)), "{}", html_text(&page.text()));
    let here = format!("{here}&action=solve");
    is_whole(&desk.get(&here, "tech1").await.expect(200));
    let sooner = serde_json::json!({ "body": "Sooner.", "format": "text" });
    desk.api("POST", &format!("/tickets/{}/solutions", numbers[1]), "tech2", Some(sooner)).await.expect(201);
    let texts = numbers.map(|number| number.to_string());
    let fields = [
        ("form[key]", "b1"),
        ("form[action]", "solve"),
        ("form[numbers][]", texts[0].as_str()),
        ("form[numbers][]", texts[1].as_str()),
        ("form[numbers][]", texts[2].as_str()),
        ("form[solution][format]", "text"),
        ("form[solution][body]", "The cable was loose."),
        ("form[solution][template]", ""),
        ("form[solution][kind]", ""),
    ];
    let answer = desk.post_form("bulk_tickets", &here, &fields, "tech1").await.expect(302);
    assert_eq!(answer.location(), "/tickets/bulk?done=b1");
    let page = desk.get("/tickets/bulk?done=b1", "tech1").await.expect(200);
    is_whole(&page);
    let words = html_text(&page.text());
    assert!(words.contains(&t::done(EN, 2)) && words.contains(&t::refused(EN, 1)), "{words}");
    assert!(words.contains(errors::already_solved(EN)), "{words}");
    assert_eq!(page.text().matches("data-result=\"done\"").count(), 2);
    assert_eq!(desk.world.status(numbers[0]).await, Status::Solved);
    // The refused one is tried again with the text that was typed.
    let again = format!("/tickets/bulk?n={}&action=solve&again=b1", numbers[1]);
    assert!(page.text().replace("&amp;", "&").contains(&again), "{}", page.text());
    assert!(desk.get(&again, "tech1").await.expect(200).text().contains("The cable was loose."));
    // It is told to nobody else, and nothing is done by looking.
    let theirs = desk.get("/tickets/bulk?done=b1", "tech2").await.expect(200).text();
    assert!(html_text(&theirs).contains(t::outcome_gone(EN)) && !theirs.contains("data-result"));
    assert_eq!(desk.world.count("solution").await, 3);
}

#[tokio::test]
async fn t_drf_03_what_was_typed_for_several_tickets_is_kept_when_it_is_refused() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number.to_string();
    let here = format!("/tickets/bulk?n={number}&action=suspend");
    let text = ["The supplier sends a part", &"x".repeat(2_001)].concat();
    let fields =
        [("form[action]", "suspend"), ("form[numbers][]", number.as_str()), ("form[command][text]", text.as_str())];
    refused(&desk, "bulk_tickets", &here, &fields, "tech1", &["The supplier sends a part"]).await;
}

#[tokio::test]
async fn t_tkt_08_tickets_in_the_trash_are_restored_together() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    desk.world.command("supervisor", number, Command::Delete).await.unwrap();
    let trash = desk.get("/trash", "supervisor").await.expect(200).text();
    assert!(trash.contains("row-check") && trash.contains("value=\"restore\""));
    let page = desk.get(&format!("/tickets/bulk?n={number}&action=restore"), "supervisor").await.expect(200).text();
    assert!(page.contains("VPN drops"), "{}", html_text(&page));
}

#[tokio::test]
async fn t_blk_01_nothing_chosen_is_said_so() {
    let desk = Desk::new().await;
    for path in ["/tickets/bulk", "/tickets/bulk?n=999999", "/tickets/bulk?n=x&action=purge"] {
        let page = desk.get(path, "tech1").await.expect(200);
        is_whole(&page);
        assert!(html_text(&page.text()).contains(t::nothing_text(EN)), "{path}: {}", html_text(&page.text()));
    }
}

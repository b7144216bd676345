//! The survey after closing, as plain pages: in My requests, by the link of a mail, for agents.

use domain::forms::Command;
use domain::settings::Key;
use domain::ticket::Status;

use crate::pages::is_whole;
use crate::support::{Desk, NOBODY, Story, html_text};

/// A closed request of requester1 whose survey waits.
async fn asked(desk: &Desk) -> i64 {
    desk.world.set(Key::SurveyEnabled, desk.world.root, "true").await;
    let number = Story::tell(desk).await.number;
    desk.world.put_status(number, Status::Solved).await;
    desk.world.command("supervisor", number, Command::Close).await.unwrap();
    number
}

#[tokio::test]
async fn p_act_06_a_closed_request_asks_and_is_answered_without_scripts() {
    let desk = Desk::new().await;
    let number = asked(&desk).await;
    let request = desk.get(&format!("/requests/{number}"), "requester1").await.expect(200).text();
    let path = format!("/requests/{number}/survey");
    assert!(request.contains(&format!("href=\"{path}?score=4\"")), "{}", html_text(&request));
    let page = desk.get(&format!("{path}?score=4"), "requester1").await.expect(200);
    is_whole(&page);
    assert!(!page.text().contains(".wasm"), "a plain page");
    let ticket = number.to_string();
    let fields = [("form[ticket]", ticket.as_str()), ("form[score]", "4"), ("form[comment]", "Fast.")];
    let answer = desk.post_form("answer_survey", &path, &fields, "requester1").await.expect(302);
    assert_eq!(answer.location(), format!("{path}?done=1"));
    let done = desk.get(&answer.location(), "requester1").await.expect(200).text();
    assert!(html_text(&done).contains("You can change your answer") && done.contains("Fast."), "{}", html_text(&done));
    let seen = desk.get(&format!("/tickets/{number}/survey"), "tech1").await.expect(200);
    is_whole(&seen);
    let words = html_text(&seen.text());
    assert!(words.contains("4 of 5") && words.contains("Fast.") && words.contains("requester1"), "{words}");
    desk.get(&path, "requester2").await.expect(404);
    desk.get(&path, "tech1").await.expect(404);
    // Nobody may put markup on the page of the agents.
    let evil =
        [("form[ticket]", ticket.as_str()), ("form[score]", "1"), ("form[comment]", "</textarea><script>x</script>")];
    desk.post_form("answer_survey", &path, &evil, "requester1").await.expect(302);
    for (page, who) in [(path.as_str(), "requester1"), (&*format!("/tickets/{number}/survey"), "tech1")] {
        assert!(!desk.get(page, who).await.text().contains("<script>x"), "{page}");
    }
}

#[tokio::test]
async fn t_sol_08_a_link_that_opens_nothing_says_so_and_offers_to_sign_in() {
    let desk = Desk::new().await;
    for path in ["/survey", "/survey?token=guessed"] {
        let page = desk.get(path, NOBODY).await.expect(200);
        is_whole(&page);
        let words = html_text(&page.text());
        assert!(
            words.contains("This link is no longer valid.") && page.text().contains("href=\"/sign-in\""),
            "{words}"
        );
    }
}

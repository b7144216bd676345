//! Solving, answering, and the page of a signed link: plain pages, whole without scripts.

use app::t::{requests as t, solutions, solve};
use domain::lang::Lang;
use domain::occurrence::BodyFormat;
use domain::settings::Key;
use domain::ticket::Status;
use service::knowledge::{self, NewArticle, Values};

use crate::pages::is_whole;
use crate::support::{Desk, Story, html_text};

const EN: Lang = Lang::En;

async fn solved(desk: &Desk) -> (String, String) {
    let number = Story::tell(desk).await.number.to_string();
    let here = format!("/tickets/{number}/solve");
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[key]", "s1"),
        ("form[body]", "The plug was loose."),
        ("form[format]", "text"),
    ];
    let answer = desk.post_form("add_solution", &here, &fields, "tech1").await.expect(302);
    let location = answer.location();
    let id = location.strip_prefix(&format!("/tickets/{number}#solution-")).unwrap_or_else(|| panic!("{location}"));
    (number, id.to_owned())
}

#[tokio::test]
async fn t_sol_02_a_ticket_is_solved_without_scripts() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let ticket = desk.get(&format!("/tickets/{}", story.number), "tech1").await.expect(200).text();
    let link = format!("href=\"/tickets/{}/solve\"", story.number);
    assert!(ticket.contains(&link), "the next step: {}", html_text(&ticket));
    let page = desk.get(&format!("/tickets/{}/solve", story.number), "tech1").await.expect(200);
    is_whole(&page);
    assert!(html_text(&page.text()).contains(solve::leads_solved(EN)), "{}", html_text(&page.text()));

    let (number, id) = solved(&desk).await;
    let page = desk.get(&format!("/tickets/{number}"), "tech1").await.expect(200).text();
    assert!(page.contains(&format!("id=\"solution-{id}\"")) && page.contains("The plug was loose."));
    assert!(html_text(&page).contains(solutions::waiting(EN)), "{}", html_text(&page));
    let again = desk.get(&format!("/tickets/{number}/solve"), "tech1").await.expect(200).text();
    assert!(!again.contains("id=\"solution-form\""), "it is solved already: {}", html_text(&again));
    is_whole(&desk.get(&format!("/tickets/{number}/solutions/{id}/edit"), "tech1").await.expect(200));
    is_whole(&desk.get(&format!("/tickets/{number}/solutions/{id}/revisions"), "tech1").await.expect(200));
    desk.get(&format!("/tickets/{number}/solutions/{id}/edit"), "requester1").await.expect(404);
    let other = Story::tell(&desk).await.number;
    desk.get(&format!("/tickets/{other}/solutions/{id}/edit"), "tech1").await.expect(404);
}

#[tokio::test]
async fn p_gen_05_a_refused_solution_comes_back_with_its_text() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number.to_string();
    let here = format!("/tickets/{number}/solve");
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[body]", "Typed at length."),
        ("form[format]", "text"),
        ("form[kind]", "no type"),
    ];
    let refused = desk.post_form("add_solution", &here, &fields, "tech1").await.expect(302);
    let page = desk.get(&refused.location(), "tech1").await.expect(200).text();
    assert!(page.contains("Typed at length.") && page.contains("role=\"alert\""), "{}", html_text(&page));
    assert_eq!(desk.world.count("solution").await, 0);
}

#[tokio::test]
async fn p_act_01_the_requester_answers_in_the_list_and_in_the_request() {
    let desk = Desk::new().await;
    let (number, id) = solved(&desk).await;
    let here = format!("/requests/{number}");
    let list = desk.get("/requests", "requester1").await.expect(200).text();
    assert!(html_text(&list).contains(t::it_works(EN)), "P-LIS-04: {}", html_text(&list));
    let page = desk.get(&here, "requester1").await.expect(200);
    is_whole(&page);
    let page = page.text();
    assert!(page.contains(&format!("id=\"solution-{id}\"")) && page.contains("The plug was loose."));
    assert!(html_text(&page).contains(t::answer_ask(EN)) && html_text(&page).contains(t::say_solved(EN)));
    assert!(!desk.get("/requests", "requester2").await.expect(200).text().contains(t::it_works(EN)));

    let asked = desk.get(&format!("{here}?ask=refuse"), "requester1").await.expect(200).text();
    assert!(html_text(&asked).contains(t::refuse_ask(EN)), "{}", html_text(&asked));
    let silent = [("form[ticket]", number.as_str()), ("form[answer]", "refuse"), ("form[text]", "")];
    let refused = desk.post_form("answer_solution", &format!("{here}?ask=refuse"), &silent, "requester1").await;
    let page = desk.get(&refused.expect(302).location(), "requester1").await.expect(200).text();
    assert!(page.contains("role=\"alert\""), "a reason is needed: {}", html_text(&page));

    let yes = [("form[ticket]", number.as_str()), ("form[answer]", "approve"), ("form[text]", "Thank you.")];
    let done = desk.post_form("answer_solution", &here, &yes, "requester1").await.expect(302);
    assert_eq!(done.location(), format!("{here}?done=approve"));
    let page = desk.get(&done.location(), "requester1").await.expect(200).text();
    assert!(html_text(&page).contains(t::done_approve(EN)), "{}", html_text(&page));
    assert_eq!(desk.world.status(number.parse().unwrap()).await, Status::Closed);
    // The second of two tabs (P-ACT-09).
    let no = [("form[ticket]", number.as_str()), ("form[answer]", "refuse"), ("form[text]", "No.")];
    let late = desk.post_form("answer_solution", &here, &no, "requester1").await.expect(302);
    let page = desk.get(&late.location(), "requester1").await.expect(200).text();
    assert!(!html_text(&page).contains(t::done_refuse(EN)), "{}", html_text(&page));
}

#[tokio::test]
async fn p_hid_01_where_371_is_off_the_page_of_a_request_holds_no_word_of_the_solution() {
    let desk = Desk::new().await;
    let (number, _) = solved(&desk).await;
    desk.world.set(Key::PortalShowSolution, desk.world.brasil, "false").await;
    for path in [format!("/requests/{number}"), format!("/requests/{number}/history"), "/requests".to_owned()] {
        let page = desk.get(&path, "requester1").await.expect(200).text();
        assert!(!page.contains("The plug was loose."), "{path}: {}", html_text(&page));
    }
    let page = desk.get(&format!("/requests/{number}"), "requester1").await.text();
    assert!(html_text(&page).contains(t::it_works(EN)), "he is asked all the same");
}

#[tokio::test]
async fn p_act_10_a_link_that_opens_nothing_says_so_and_nothing_else() {
    let desk = Desk::new().await;
    for query in ["", "?token=", "?token=guessed&answer=approve"] {
        let page = desk.get(&format!("/solution{query}"), crate::support::NOBODY).await.expect(200);
        is_whole(&page);
        assert!(html_text(&page.text()).contains(solve::link_void(EN)), "{}", html_text(&page.text()));
        assert!(!page.text().contains("form[answer]"));
    }
}

#[tokio::test]
async fn t_sol_03_an_article_is_looked_for_and_used_without_scripts() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number.to_string();
    let values = Values::from([
        (knowledge::TITLE, "VPN client".to_owned()),
        (knowledge::BODY, "Choose the nearest gateway.".to_owned()),
        (knowledge::AUDIENCE, "agents".to_owned()),
        (knowledge::STATUS, "published".to_owned()),
    ]);
    let new = NewArticle { values, format: BodyFormat::Text, ..NewArticle::default() };
    let article = knowledge::create(&desk.ctx("tech1").await, new).await.unwrap().to_string();
    let here = format!("/tickets/{number}/solve");
    let typed = [("form[ticket]", number.as_str()), ("form[body]", "Typed before."), ("form[format]", "text")];
    let ask = [&typed[..], &[("q", "gateway")]].concat();
    let found = desk.post_form("find_solution_articles", &here, &ask, "tech1").await.expect(302).location();
    assert_eq!(found, format!("{here}?q=gateway#articles"));
    let page = desk.get(&format!("{here}?q=gateway"), "tech1").await.expect(200).text();
    assert!(page.contains("VPN client") && page.contains("Typed before."), "{}", html_text(&page));
    let take = [&typed[..], &[("article", article.as_str())]].concat();
    let back = desk.post_form("use_solution_article", &here, &take, "tech1").await.expect(302).location();
    assert_eq!(back, format!("{here}?internal=1"));
    let page = desk.get(&back, "tech1").await.expect(200).text();
    for words in ["Typed before.", "Choose the nearest gateway.", solve::internal_text(EN), article.as_str()] {
        assert!(page.contains(words), "{words}: {}", html_text(&page));
    }
}

#[tokio::test]
async fn t_sol_04_a_ticket_is_solved_and_an_article_begun_with_its_solution() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number.to_string();
    let here = format!("/tickets/{number}/solve");
    let page = desk.get(&here, "tech1").await.expect(200).text();
    assert!(page.contains("name=\"form[save_to_knowledge]\""), "{}", html_text(&page));
    let fields = [
        ("form[ticket]", number.as_str()),
        ("form[key]", "s0"),
        ("form[body]", "The plug was loose."),
        ("form[format]", "text"),
        ("form[save_to_knowledge]", "true"),
    ];
    let begun = desk.post_form("add_solution", &here, &fields, "tech1").await.expect(302).location();
    assert!(begun.starts_with("/knowledge/") && begun.ends_with("/edit?done=begun"), "{begun}");
    let form = desk.get(&begun, "tech1").await.expect(200).text();
    assert!(form.contains("The plug was loose."), "{}", html_text(&form));

    // Later, too: the solution in the timeline leads there.
    let (number, id) = solved(&desk).await;
    let way = format!("/tickets/{number}/knowledge?entry={id}");
    assert!(desk.get(&format!("/tickets/{number}"), "tech1").await.expect(200).text().contains(&way));
    assert!(!desk.get(&format!("/tickets/{number}"), "observer").await.expect(200).text().contains(&way));
    let ask = desk.get(&way, "tech1").await.expect(200).text();
    assert!(ask.contains("save_to_knowledge") && ask.contains("The plug was loose."), "{}", html_text(&ask));
    let made = desk.post_form("save_to_knowledge", &way, &[("entry", &id), ("key", "")], "tech1").await.expect(302);
    assert!(made.location().starts_with("/knowledge/"), "{}", made.location());
}

//! Validations, documents and statistics as plain pages, without scripts.

use crate::pages::is_whole;
use crate::support::{Desk, PNG, Story, html_text};

/// Asks for the agreement of requester2 by the form of the tab, and answers the id of the request.
async fn asked(desk: &Desk, number: i64) -> String {
    let (page, ticket) = (format!("/tickets/{number}/validations"), number.to_string());
    let target = desk.world.user("requester2").await;
    let fields = [
        ("form[ticket]", ticket.as_str()),
        ("form[comment]", "May we buy a switch?"),
        ("form[format]", "text"),
        ("form[targets][]", target.as_str()),
        ("form[required_percent]", ""),
    ];
    let sent = desk.post_form("ask_validation", &page, &fields, "tech1").await.expect(302);
    let location = sent.location();
    assert!(location.starts_with(&format!("{page}?done=asked#validation-")), "{location}");
    location.rsplit("validation-").next().unwrap().to_owned()
}

#[tokio::test]
async fn t_val_06_the_tab_asks_and_the_page_of_who_is_asked_answers() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let number = story.number;
    let tab = format!("/tickets/{number}/validations");
    let empty = desk.get(&tab, "tech1").await.expect(200);
    is_whole(&empty);
    assert!(html_text(&empty.text()).contains("No validations yet"));
    let none = desk.get("/approvals", "requester2").await.expect(200);
    is_whole(&none);
    assert!(html_text(&none.text()).contains("Nothing to validate"));

    let id = asked(&desk, number).await;
    let page = html_text(&desk.get(&format!("{tab}?done=asked"), "tech1").await.expect(200).text());
    for part in ["May we buy a switch?", "Waiting for validation", "No answer yet", "Withdraw"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // The number stands in the bar, whatever the page.
    let list = desk.get("/requests", "requester2").await.expect(200).text();
    assert!(list.contains("href=\"/approvals\"") && html_text(&list).contains("1 to validate"), "{list}");
    let list = html_text(&desk.get("/approvals", "requester2").await.expect(200).text());
    for part in ["1 request waits for you", "Waits for you", &format!("#{number}")] {
        assert!(list.contains(part), "{part}: {list}");
    }
    let path = format!("/approvals/{id}");
    let page = desk.get(&path, "requester2").await.expect(200);
    is_whole(&page);
    let text = html_text(&page.text());
    assert!(text.contains("May we buy a switch?") && page.text().contains("aria-label=\"Your answer\""), "{text}");
    assert!(!page.text().contains(Story::SECRET) && !page.text().contains(&story.private.to_string()), "{text}");
    desk.get(&path, "requester1").await.expect(404);
    desk.get(&path, "supervisor").await.expect(404);

    // Refusing needs words; what was chosen stays.
    let refuse = [("form[id]", id.as_str()), ("form[answer]", "refused"), ("form[comment]", "")];
    let wrong = desk.post_form("answer_validation", &path, &refuse, "requester2").await;
    let shown = desk.get(&wrong.location(), "requester2").await.expect(200).text();
    assert!(shown.contains("error-summary"), "{shown}");
    let refuse = [("form[id]", id.as_str()), ("form[answer]", "refused"), ("form[comment]", "Too dear.")];
    let done = desk.post_form("answer_validation", &path, &refuse, "requester2").await.expect(302);
    assert_eq!(done.location(), format!("{path}?done=answered"));
    let after = html_text(&desk.get(&done.location(), "requester2").await.expect(200).text());
    assert!(after.contains("Your answer was saved.") && after.contains("Too dear."), "{after}");

    let ticket = number.to_string();
    let again = [("form[id]", id.as_str()), ("form[ticket]", ticket.as_str())];
    let sent = desk.post_form("ask_validation_again", &tab, &again, "tech1").await.expect(302);
    assert!(sent.location().contains("done=again"), "{}", sent.location());
    let tab = html_text(&desk.get(&tab, "tech1").await.expect(200).text());
    assert!(tab.contains("Asked again") && tab.contains("Waiting for validation"), "{tab}");
}

#[tokio::test]
async fn t_val_08_the_question_before_closing_says_what_is_missing() {
    let desk = Desk::new().await;
    desk.world.set(domain::settings::Key::ValidationBlocksSolving, desk.world.root, "true").await;
    let number = Story::tell(&desk).await.number;
    asked(&desk, number).await;
    let path = format!("/tickets/{number}/do/close");
    let of_supervisor = desk.get(&path, "supervisor").await.expect(200).text();
    let name = desk.world.person("requester2").await.name;
    assert!(html_text(&of_supervisor).contains(&format!("wait for validation by {name}")), "{of_supervisor}");
    assert!(of_supervisor.contains("form[reason]"), "who may pass over it is asked why");
    let of_tech = desk.get(&path, "tech1").await.expect(200).text();
    assert!(html_text(&of_tech).contains("wait for validation by") && !of_tech.contains("form[reason]"), "{of_tech}");
}

#[tokio::test]
async fn t_doc_04_the_tab_shows_the_files_and_adds_more() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let tab = format!("/tickets/{number}/documents");
    let empty = desk.get(&tab, "tech1").await.expect(200);
    is_whole(&empty);
    assert!(html_text(&empty.text()).contains("No documents yet"));
    let upload = desk.upload("plan.png", PNG, "tech1").await.expect(201).json();
    let file = upload["id"].as_str().unwrap();
    let ticket = number.to_string();
    let fields = [
        ("form[ticket]", ticket.as_str()),
        ("form[attachments][]", file),
        ("form[name]", "floor plan.png"),
        ("form[comment]", "Second floor"),
        ("form[visibility]", "private"),
    ];
    let added = desk.post_form("add_documents", &tab, &fields, "tech1").await.expect(302);
    assert_eq!(added.location(), format!("{tab}?done=added"));
    let page = desk.get(&added.location(), "tech2").await.expect(200).text();
    let text = html_text(&page);
    for part in ["The document was added.", "floor plan.png", "Second floor"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(page.contains(&format!("href=\"/documents/{file}?download=1\"")) && page.contains("<img"), "{page}");
    desk.get(&tab, "requester1").await.expect(404);

    let fields = [("form[id]", file), ("form[ticket]", ticket.as_str())];
    let removed = desk.post_form("remove_document", &tab, &fields, "tech1").await.expect(302);
    let text = html_text(&desk.get(&removed.location(), "tech1").await.expect(200).text());
    assert!(text.contains("The file was removed.") && text.contains("File removed"), "{text}");
}

#[tokio::test]
async fn t_tim_01_the_ticket_shows_requests_and_answers_among_its_entries() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let id = asked(&desk, number).await;
    let answer = [("form[id]", id.as_str()), ("form[answer]", "refused"), ("form[comment]", "Too dear.")];
    desk.post_form("answer_validation", &format!("/approvals/{id}"), &answer, "requester2").await.expect(302);
    let path = format!("/tickets/{number}");
    let page = desk.get(&path, "tech1").await.expect(200).text();
    let text = html_text(&page);
    for part in ["Request for validation", "Answer to a request for validation", "May we buy a switch?", "Too dear."] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(page.contains(&format!("id=\"validation_request-{id}\"")), "{text}");
    assert!(page.contains(&format!("href=\"{path}/validations#validation-{id}\"")), "{text}");
    let only = desk.get(&format!("{path}?kind=validation"), "tech1").await.expect(200).text();
    assert!(html_text(&only).contains("Too dear.") && !only.contains("id=\"occurrence-"), "{only}");
    let others = desk.get(&format!("{path}?kind=occurrence"), "tech1").await.expect(200).text();
    assert!(!html_text(&others).contains("Too dear."));
    for path in [format!("/requests/{number}"), format!("/requests/{number}?kind=validation")] {
        let page = desk.get(&path, "requester1").await.expect(200).text();
        assert!(!page.contains("Too dear.") && !page.contains("validation_request"), "{path}");
    }
    // On paper it stands with what agents read only.
    let paper = async |query: &str| desk.get(&format!("{path}/print{query}"), "tech1").await.expect(200).text();
    assert!(!html_text(&paper("").await).contains("Too dear."));
    let whole = html_text(&paper("?private=1").await);
    assert!(whole.contains("Too dear.") && whole.contains("Answer to a request for validation"), "{whole}");
}

#[tokio::test]
async fn t_stt_figures_and_the_dashboard_are_pictures_with_their_numbers() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let tab = desk.get(&format!("/tickets/{number}/statistics"), "tech1").await.expect(200);
    is_whole(&tab);
    let text = html_text(&tab.text());
    assert!(tab.text().contains("role=\"img\"") && text.contains("Time by phase"), "{text}");
    // What the requesters said stands beside the figures; it and the customer have the head of the other parts.
    assert!(tab.text().contains(&format!("href=\"/tickets/{number}/survey\"")), "{text}");
    for part in ["statistics", "survey", "customer"] {
        let page = desk.get(&format!("/tickets/{number}/{part}"), "tech1").await.expect(200).text();
        assert!(page.contains("class=\"ticket-tabs\""), "{part}");
        assert!(page.contains(&format!("href=\"/tickets/{number}/documents\"")), "{part}");
    }

    let page = desk.get("/reports", "supervisor").await.expect(200);
    is_whole(&page);
    let html = page.text();
    assert!(html.contains("class=\"chart-days\"") && html.contains("href=\"/reports.csv\""), "{html}");
    assert!(!html.contains(" style=\""), "no inline style");
    let wrong = desk.get("/reports?from=2026-03-12&to=2026-03-01", "supervisor").await.text();
    assert!(wrong.contains("field-error") && !wrong.contains("chart-days"), "{wrong}");

    let file = desk.get("/reports.csv?person=me", "tech1").await.expect(200);
    assert!(file.header("content-type").starts_with("text/csv"), "{}", file.header("content-type"));
    assert!(file.header("content-disposition").contains("statistics-"), "{}", file.header("content-disposition"));
    assert!(file.text().contains("Open tickets by status"), "{}", file.text());
    desk.get("/reports.csv", "requester1").await.expect(404);
}

//! My requests, part by part: rows, head, what happens next, conversation, files, and what is told before a note is sent.

use app::t::requests as t;
use domain::forms::{
    AddOccurrence, Command, CreateTicket, OccurrencePatch, Patch, RemoveOccurrence, RunCommand, SendMessage,
};
use domain::lang::Lang;
use domain::occurrence::BodyFormat;
use domain::settings::Key;
use domain::ticket::Status;
use service::sql::Sql;
use service::{lists, messages, occurrences, tickets};

use crate::pages::is_whole;
use crate::support::{Desk, PNG, Story, html_text, server_fn};

const EN: Lang = Lang::En;
const ALL: &str = "/requests?status=all&role=all";

/// What stands between two pieces of a page.
#[track_caller]
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from}: {}", html_text(page)));
    rest.split(to).next().unwrap_or_default()
}

/// The row of a request.
#[track_caller]
fn row(page: &str, number: i64) -> &str {
    let link = format!("href=\"/requests/{number}\"");
    let rows = page.split("<article").skip(1).filter(|row| row.contains("class=\"request-row\""));
    let mut rows = rows.filter_map(|row| row.split("</article>").next());
    rows.find(|row| row.contains(&link)).unwrap_or_else(|| panic!("no row of {number}: {}", html_text(page)))
}

async fn page(desk: &Desk, number: i64) -> String {
    desk.get(&format!("/requests/{number}"), "requester1").await.expect(200).text()
}

/// To be solved by ten o'clock of the next day.
fn due(form: &mut CreateTicket) {
    form.due_resolve_at = "2026-03-13T10:00:00Z".to_owned();
}

#[tokio::test]
async fn p_gen_03_every_part_of_the_portal_has_its_address() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let request = format!("/requests/{number}");
    for path in ["/requests", "/requests/new", request.as_str(), "/approvals", "/knowledge", "/profile"] {
        is_whole(&desk.get(path, "requester1").await.expect(200));
    }
    for tab in ["history", "messages"] {
        let answer = desk.get(&format!("{request}?tab={tab}"), "requester1").await.expect(302);
        assert_eq!(answer.location(), format!("{request}/{tab}"));
        is_whole(&desk.get(&answer.location(), "requester1").await.expect(200));
    }
}

#[tokio::test]
async fn p_gen_04_openers_are_links_and_commands_are_forms() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    desk.world.set(Key::PortalCancel, desk.world.brasil, "true").await;
    let request = format!("/requests/{number}");
    let list = desk.get("/requests", "requester1").await.expect(200).text();
    assert!(list.contains("method=\"get\" action=\"/requests\""), "filters are a form that only asks");
    assert!(list.contains(&format!("href=\"{request}\"")) && list.contains("href=\"/requests/new\""));
    let shown = page(&desk, number).await;
    for opener in [format!("{request}/history"), format!("{request}/messages"), format!("{request}?ask=cancel")] {
        assert!(shown.contains(&format!("href=\"{opener}\"")), "{opener}: {}", html_text(&shown));
    }
    let note = between(&shown, "id=\"note-form\"", "</form>");
    let post = format!("method=\"post\" action=\"{}\"", server_fn("add_occurrence"));
    assert!(note.contains(&post) && note.contains("type=\"file\"") && note.contains("<textarea"), "{note}");
    assert!(note.contains(">Source<") && note.contains(">Portal<"), "filled and locked (P-OCC-03): {note}");
    let asked = desk.get(&format!("{request}?ask=cancel"), "requester1").await.expect(200).text();
    let command = format!("action=\"{}\"", server_fn("run_request_command"));
    assert!(asked.contains(&command), "{}", html_text(&asked));
}

#[tokio::test]
async fn p_gen_08_each_status_has_its_icon_and_the_word_of_requesters() {
    let desk = Desk::new().await;
    let number = desk.world.ticket().create().await;
    for (status, icon, word) in [
        (Status::New, "circle-dashed", "New"),
        (Status::Assigned, "circle-user", "In progress"),
        (Status::Planned, "circle-user", "In progress"),
        (Status::Pending, "circle-pause", "Pending"),
        (Status::Solved, "circle-check", "Solved"),
        (Status::Closed, "archive", "Closed"),
        (Status::Cancelled, "circle-slash", "Cancelled"),
    ] {
        desk.world.put_status(number, status).await;
        for path in [ALL.to_owned(), format!("/requests/{number}")] {
            let page = desk.get(&path, "requester1").await.expect(200).text();
            let badge = between(&page, "data-status=\"", "status-word\">");
            assert!(badge.contains(&format!("#{icon}\"")), "{status:?} on {path}: {badge}");
            assert_eq!(between(&page, "status-word\">", "<"), word, "{status:?} on {path}");
        }
    }
    let number = desk.world.ticket().assignee("tech1").create().await;
    let pending_reason = desk.world.coded(lists::PENDING_REASONS, "requester").await;
    let text = "A part.".to_owned();
    let form = RunCommand { number, command: Command::Suspend, pending_reason, text, ..RunCommand::default() };
    tickets::run(&desk.ctx("tech1").await, form).await.unwrap();
    let list = desk.get(ALL, "requester1").await.expect(200).text();
    let words = html_text(row(&list, number));
    assert!(words.contains("Pending") && words.contains("Waiting for your answer"), "{words}");
}

#[tokio::test]
async fn p_lis_01_a_row_has_what_its_requester_wants_to_know() {
    let desk = Desk::new().await;
    let world = &desk.world;
    let alone = world.ticket().title("VPN drops").with(due).create().await;
    let queued = world.ticket().assigned_group(world.network).create().await;
    let taken = world.ticket().assigned_group(world.network).assignee("tech1").create().await;
    let paused = world.ticket().assignee("tech1").with(due).create().await;
    for (visibility, text) in [("public", "One."), ("public", "Two."), ("private", "Between us.")] {
        world.occurrence("tech1", taken, visibility, text).await;
    }
    let pending_reason = world.coded(lists::PENDING_REASONS, "requester").await;
    let text = "A part.".to_owned();
    let form = RunCommand { number: paused, command: Command::Suspend, pending_reason, text, ..RunCommand::default() };
    tickets::run(&desk.ctx("tech1").await, form).await.unwrap();
    let list = desk.get("/requests", "requester1").await.expect(200).text();
    let unread = t::unread(EN, 2);
    for (number, told) in [
        (alone, vec!["VPN drops", "New", t::nobody_yet(EN), "by Fri"]),
        (queued, vec!["Printer is jammed", "Network"]),
        (taken, vec!["In progress", "tech1", unread.as_str()]),
        (paused, vec!["Pending", "Waiting for your answer", t::paused(EN)]),
    ] {
        let row = row(&list, number);
        let words = html_text(row);
        assert!(words.contains(&format!("#{number}")) && row.contains("<time datetime="), "{words}");
        for part in told {
            assert!(words.contains(part), "{part}: {words}");
        }
        assert_eq!(row.contains("data-unread"), number == taken, "{words}");
        assert!(number != taken || !words.contains("Network"), "the person before the group: {words}");
    }
}

#[tokio::test]
async fn p_det_01_the_head_has_names_and_dates_and_nothing_of_the_agents() {
    let desk = Desk::new().await;
    let world = &desk.world;
    let network = world.network;
    let category = world.list_row(lists::TICKET_CATEGORIES, "Remote access", |row| row.group_id = Some(network)).await;
    let ticket = world.ticket().title("VPN drops").requester("requester1").requester("requester2").observer("observer");
    let ticket = ticket.with(due).with(|form| {
        form.category = category;
        form.urgency = "5".to_owned();
        form.impact = "5".to_owned();
    });
    let number = ticket.assignee("tech1").create().await;
    let head =
        async || between(&page(&desk, number).await, "data-part=\"head\"", "class=\"request-columns\"").to_owned();
    let words = html_text(&head().await);
    let people = t::asked_by(EN, "requester1, requester2");
    let facts = [format!("#{number}"), "Incident, Remote access".to_owned(), people];
    for told in facts.iter().map(String::as_str).chain(["VPN drops", "In progress", "tech1", "by Fri", "Opened"]) {
        assert!(words.contains(told), "{told}: {words}");
    }
    for hidden in ["Network", "observer", "ery high", "riority", "rgency", "mpact", "@example.org"] {
        assert!(!words.contains(hidden), "{hidden}: {words}");
    }
    world.put_status(number, Status::Closed).await;
    let words = html_text(&head().await);
    assert!(words.contains("Solved") && words.contains("Closed"), "{words}");
    // Where no note can be added, the band that says so offers the way on.
    let page = page(&desk, number).await;
    assert!(page.contains(&format!("/requests/{number}?ask=reopen")), "{}", html_text(&page));
}

#[tokio::test]
async fn p_det_02_four_steps_and_a_sentence_say_what_happens_next() {
    let desk = Desk::new().await;
    let number = desk.world.ticket().assignee("tech1").create().await;
    let by_tech1 = t::say_in_progress_by(EN, "tech1");
    for (status, step, sentence) in [
        (Status::New, t::step_received(EN), t::say_new(EN)),
        (Status::Assigned, "In progress", by_tech1.as_str()),
        (Status::Planned, "In progress", by_tech1.as_str()),
        (Status::Pending, "In progress", "The work stands still for now"),
        (Status::Solved, "Solved", t::say_solved(EN)),
        (Status::Closed, "Closed", t::say_closed_reopen(EN)),
        (Status::Cancelled, "Cancelled", t::say_cancelled(EN)),
    ] {
        desk.world.put_status(number, status).await;
        let page = page(&desk, number).await;
        assert_eq!(between(&page, "class=\"steps\"", "</ol>").matches("<li").count(), 4);
        assert_eq!(between(&page, "aria-current=\"step\">", "<"), step, "{status:?}");
        let said = html_text(between(&page, "class=\"steps-say\">", "</p>"));
        assert!(said.contains(sentence), "{status:?}: {said}");
    }
    desk.world.put_status(number, Status::Solved).await;
    let mut sql = Sql::new("UPDATE ticket SET close_due_at = ");
    sql.bind(desk.world.now() + 86_400).push_bind(" WHERE number = ", number);
    desk.world.run(&sql).await;
    let said = html_text(between(&page(&desk, number).await, "class=\"steps-say\">", "</p>"));
    assert!(said.contains("Without an answer it closes on 13"), "{said}");
}

#[tokio::test]
async fn p_det_03_the_conversation_has_all_that_is_between_both_sides_in_its_order() {
    let desk = Desk::new().await;
    let number = Story::with_tasks(&desk).await.number;
    desk.world.advance(60);
    let tech1 = desk.ctx("tech1").await;
    let form = AddOccurrence {
        ticket: number,
        body: "Router checked.".to_owned(),
        format: BodyFormat::Text,
        visibility: "public".to_owned(),
        occurred_at: "2026-03-12T11:00:00Z".to_owned(),
        minutes: "1h30".to_owned(),
        category: desk.world.coded(lists::OCCURRENCE_CATEGORIES, "analysis").await,
        source: desk.world.list_row(lists::SOURCES, "Carrier pigeon", |_row| {}).await,
        ..AddOccurrence::default()
    };
    occurrences::add(&tech1, form).await.unwrap();
    desk.world.advance(60);
    let form = SendMessage { ticket: number, text: "Which floor?".to_owned(), ..SendMessage::default() };
    messages::send(&tech1, form).await.unwrap();
    let page = page(&desk, number).await;
    let words = html_text(between(&page, "data-part=\"conversation\"", "id=\"note-form\""));
    let at = |word: &str| words.find(word).unwrap_or_else(|| panic!("{word}: {words}"));
    let order = ["Every ten minutes", "Cable replaced.", "Router checked.", "Which floor?"].map(at);
    assert!(order.is_sorted(), "the oldest first: {words}");
    for told in ["Order a cable.", "In progress", "Happened: ", "Analysis", "Message", "tech1"] {
        at(told);
    }
    for hidden in ["1h30", "1 h 30", "90 min", "Carrier pigeon", "tech1@example.org", Story::SECRET] {
        assert!(!words.contains(hidden), "{hidden}: {words}");
    }
    assert!(!page.contains("/revisions\"") && !page.contains("class=\"entry private\""));
}

#[tokio::test]
async fn p_det_04_what_is_removed_leaves_its_time_and_what_turns_private_leaves_nothing() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let (number, tech1) = (story.number, desk.ctx("tech1").await);
    let upload = desk.upload("cable.png", PNG, "tech1").await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let words = |text: &str| AddOccurrence {
        ticket: number,
        body: text.to_owned(),
        format: BodyFormat::Text,
        visibility: "public".to_owned(),
        ..AddOccurrence::default()
    };
    let form = AddOccurrence { attachments: vec![upload.clone()], ..words("See the photograph.") };
    let entry = occurrences::add(&tech1, form).await.unwrap();
    let reply = AddOccurrence { reply_to: entry.to_string(), ..words("Looks worn out.") };
    occurrences::add(&desk.ctx("tech2").await, reply).await.unwrap();
    let file = format!("/documents/{upload}");

    // P-DET-05: all files of what one sees, with size, date and who brought them.
    let shown = page(&desk, number).await;
    let files = between(&shown, "id=\"your-files\"", "</section>");
    assert!(files.contains(&format!("href=\"{file}\"")) && files.contains("file-size"), "{files}");
    assert!(files.contains("<time") && html_text(files).contains("tech1"), "{files}");
    desk.get(&file, "requester1").await.expect(200);
    let answers = t::answers(EN, "tech1");
    assert!(html_text(&shown).contains(&answers), "{}", html_text(&shown));
    let search = format!("{ALL}&text=photograph");
    assert!(desk.get(&search, "requester1").await.expect(200).text().contains("VPN drops"));

    let patch = OccurrencePatch { visibility: Patch::Set("private".to_owned()), ..OccurrencePatch::default() };
    occurrences::edit(&tech1, entry, patch).await.unwrap();
    let shown = page(&desk, number).await;
    let entry = entry.to_string();
    for gone in ["photograph", "cable.png", entry.as_str(), "id=\"your-files\"", answers.as_str()] {
        assert!(!shown.contains(gone), "{gone}: {}", html_text(&shown));
    }
    assert!(shown.contains("Looks worn out.") && !shown.contains(t::entry_removed(EN)), "the reply stands alone");
    desk.get(&file, "requester1").await.expect(404);
    assert!(!desk.get(&search, "requester1").await.expect(200).text().contains("VPN drops"));

    let form = RemoveOccurrence { id: story.public.to_string(), ..RemoveOccurrence::default() };
    occurrences::remove(&tech1, form).await.unwrap();
    let shown = page(&desk, number).await;
    assert!(!shown.contains("Cable replaced."), "{}", html_text(&shown));
    let left = between(&shown, &format!("id=\"occurrence-{}\"", story.public), "</li>");
    assert!(left.contains("<time") && html_text(left).contains(t::entry_removed(EN)), "{left}");
    assert!(!left.contains("tech1"), "{left}");
}

#[tokio::test]
async fn p_occ_05_the_form_says_what_a_note_does_to_a_solved_request() {
    let desk = Desk::new().await;
    let number = desk.world.ticket().assignee("tech1").create().await;
    desk.world.put_status(number, Status::Solved).await;
    for (policy, told) in
        [("reopen", t::effect_reopen(EN)), ("append-only", t::effect_append(EN)), ("ask", t::effect_ask(EN))]
    {
        desk.world.set(Key::ReopenPolicy, desk.world.brasil, policy).await;
        let page = page(&desk, number).await;
        let hint = html_text(between(&page, "id=\"note-hint\"", "</p>"));
        assert!(hint.contains(told) && hint.contains(t::no_mail(EN)), "{policy}: {hint}");
    }
    let (text, here) = (number.to_string(), format!("/requests/{number}"));
    let fields = [
        ("form[ticket]", text.as_str()),
        ("form[from]", "request"),
        ("form[body]", "It jams again."),
        ("form[format]", "text"),
    ];
    desk.post_form("add_occurrence", &here, &fields, "requester1").await.expect(302);
    assert_eq!(desk.world.status(number).await, Status::Solved);
    let page = page(&desk, number).await;
    assert!(html_text(&page).contains(t::say_awaited(EN)), "{}", html_text(&page));
    let question = html_text(between(&page, "id=\"answer\"", "data-part=\"conversation\""));
    assert!(question.contains(t::it_works(EN)) && question.contains(t::not_solved(EN)), "above the note: {question}");
}

#[tokio::test]
async fn p_gen_05_a_text_whose_form_was_switched_off_meanwhile_is_shown() {
    let desk = Desk::new().await;
    let number = desk.world.ticket().assignee("tech1").create().await;
    let requester1 = desk.ctx("requester1").await;
    desk.world.set(Key::PortalRegisterOccurrence, desk.world.brasil, "false").await;
    let note = AddOccurrence {
        ticket: number,
        body: "Half a note.".to_owned(),
        format: BodyFormat::Text,
        ..AddOccurrence::default()
    };
    occurrences::add(&requester1, note).await.unwrap_err();
    let shown = page(&desk, number).await;
    assert!(shown.contains("Half a note."), "{}", html_text(&shown));
    let message = between(&shown, "id=\"message-form\"", "</form>");
    assert!(message.contains("data-draft-kind=\"message\"") && !message.contains("Half a note."), "{message}");

    desk.world.set(Key::MessagesEnabled, desk.world.brasil, "false").await;
    let text = SendMessage { ticket: number, text: "Half a message.".to_owned(), ..SendMessage::default() };
    messages::send(&requester1, text).await.unwrap_err();
    let path = format!("/requests/{number}/messages");
    let left = desk.get(&path, "requester1").await.expect(200).text();
    assert!(left.contains("Half a message.") && !left.contains("id=\"message-form\""), "{}", html_text(&left));
    desk.world.put_status(number, Status::Closed).await;
    let closed = page(&desk, number).await;
    assert!(closed.contains("Half a note."), "{}", html_text(&closed));
}

//! Server functions: each is a public address, whatever page it was written for.

mod administration;
mod customers;
mod knowledge;
mod tasks;

use std::collections::BTreeSet;

use super::Out::{Allowed, Forbidden, NotFound, Ok, Refused, Unauthenticated as Nobody};
use super::{Outs, everybody, fill, judge, nothing};
use crate::support::{Desk, NOBODY, Story};

type Fields = &'static [(&'static str, &'static str)];
/// Name, fields, outcomes.
type Row = (&'static str, Fields, Outs);

const FOR_ALL: Outs = [Ok; 6];
const SIGNED_IN: Outs = [Nobody, Ok, Ok, Ok, Ok, Ok];
const UNKNOWN: Outs = [Nobody, NotFound, NotFound, NotFound, NotFound, NotFound];
const SWITCHED_OFF: Outs = [Nobody, Forbidden, Forbidden, Forbidden, Forbidden, Forbidden];
/// Parts of a ticket that its requester side does not have.
const AGENTS_ELSE_404: Outs = [Nobody, NotFound, Ok, Ok, Ok, Ok];
/// The portal shows a request to its requester side, whatever others may see elsewhere.
const PORTAL: Outs = [Nobody, Ok, NotFound, NotFound, NotFound, NotFound];

/// Name, fields, outcomes. Each call meets a fresh ticket of requester1, assigned to tech1.
const TABLE: &[Row] = &[
    ("sign_in", &[("form[email]", "ghost@example.org"), ("form[password]", "a guess")], [Nobody; 6]),
    ("sign_out", &[], FOR_ALL),
    ("is_set_up_open", &[], FOR_ALL),
    (
        "set_up",
        &[
            ("form[token]", "guessed"),
            ("form[organisation]", "Mine"),
            ("form[language]", "en"),
            ("form[time_zone]", "UTC"),
            ("form[name]", "Eve"),
            ("form[email]", "eve@example.org"),
            ("form[password]", testing::PASSWORD),
        ],
        [Refused; 6],
    ),
    ("save_profile", &[("form[theme]", "dark")], SIGNED_IN),
    (
        "change_password",
        &[("form[current_password]", "wrong"), ("form[new_password]", testing::PASSWORD)],
        [Nobody, Refused, Refused, Refused, Refused, Refused],
    ),
    ("sign_out_others", &[], SIGNED_IN),
    ("set_preference", &[("name", "guichet_theme"), ("value", "dark"), ("back", "/")], FOR_ALL),
    ("list_drafts", &[], SIGNED_IN),
    ("notification_list", &[("cursor", "")], SIGNED_IN),
    // One that does not exist, or is somebody else's.
    (
        "open_notification",
        &[("id", "01980000-0000-7000-8000-000000000000")],
        [Nobody, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    ("read_notifications", &[("until", "01980000-0000-7000-8000-000000000000")], SIGNED_IN),
    ("notification_preferences", &[], SIGNED_IN),
    ("save_notification_preferences", &[("form[shown][]", "closed"), ("form[app][]", "closed")], SIGNED_IN),
    ("request_list", &[("query[limit]", "5")], SIGNED_IN),
    ("request_detail", &[("number", "{number}"), ("query[limit]", "5")], PORTAL),
    ("new_request", &[("follow_up_of", ""), ("articles", "false")], [Nobody, Ok, Forbidden, Ok, Ok, Ok]),
    ("request_history", &[("number", "{number}"), ("filter[kinds]", "")], PORTAL),
    (
        "run_request_command",
        &[("form[number]", "{number}"), ("form[command]", "cancel")],
        // The requester side may cancel only where setting 302 says so.
        [Nobody, Forbidden, Forbidden, Forbidden, Ok, Ok],
    ),
    ("search_content", &[("q", "cable"), ("kind", ""), ("cursor", "")], SIGNED_IN),
    // What one may not see is not there, whoever asks for it alone.
    ("search_content", &[("q", "cable"), ("kind", "article"), ("cursor", "")], SIGNED_IN),
    ("search_content", &[("q", "cable"), ("kind", "customer"), ("cursor", "")], SIGNED_IN),
    ("ticket_list", &[("query[limit]", "5")], SIGNED_IN),
    ("ticket_page", &[("number", "{number}"), ("query[limit]", "5")], [Nobody, NotFound, Ok, Ok, Ok, Ok]),
    ("ticket_timeline", &[("number", "{number}"), ("query[limit]", "5")], SIGNED_IN),
    (
        "ticket_print",
        &[("number", "{number}"), ("query[limit]", "5"), ("private", "true")],
        [Nobody, NotFound, Ok, Ok, Ok, Ok],
    ),
    ("new_ticket", &[("follow_up_of", ""), ("words", "acme")], [Nobody, Ok, Forbidden, Ok, Ok, Ok]),
    ("look_for_customer", &[("form[title]", "Chair"), ("words", "acme")], [Nobody, Ok, Forbidden, Ok, Ok, Ok]),
    (
        "create_ticket",
        &[("form[title]", "Chair"), ("form[description]", "It wobbles."), ("form[format]", "text")],
        [Nobody, Ok, Forbidden, Ok, Ok, Ok],
    ),
    (
        "update_ticket",
        &[("form[number]", "{number}"), ("form[field]", "title"), ("form[value]", "New"), ("form[keep_mine]", "true")],
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    (
        "run_command",
        &[("form[number]", "{number}"), ("form[command]", "take")],
        [Nobody, Forbidden, Forbidden, Allowed, Allowed, Allowed],
    ),
    ("bulk_page", &[("query[numbers][]", "{number}")], AGENTS_ELSE_404),
    // Each ticket answers for itself.
    ("bulk_tickets", &[("form[numbers][]", "{number}"), ("form[action]", "take")], AGENTS_ELSE_404),
    (
        "add_occurrence",
        &[("form[ticket]", "{number}"), ("form[body]", "Words."), ("form[format]", "text")],
        [Nobody, Ok, Forbidden, Ok, Ok, Ok],
    ),
    (
        "edit_occurrence",
        &[
            ("form[id]", "{public}"),
            ("form[ticket]", "{number}"),
            ("form[version]", "1"),
            ("form[body]", "Other words."),
            ("form[format]", "text"),
            ("form[visibility]", "public"),
            ("form[occurred_at]", "2026-03-12T12:00:00Z"),
        ],
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    (
        "remove_occurrence",
        &[("form[id]", "{public}"), ("form[ticket]", "{number}"), ("form[reason]", "twice")],
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    (
        "send_mail_again",
        // A mail that does not exist: whose right it is to send one again is told by the tests of the use case.
        &[("form[mail]", "01980000-0000-7000-8000-000000000000"), ("form[ticket]", "{number}")],
        [Nobody, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    ("solve_page", &[("number", "{number}"), ("q", "")], [Nobody, NotFound, Ok, Ok, Ok, Ok]),
    (
        "add_solution",
        &[("form[ticket]", "{number}"), ("form[body]", "Replaced."), ("form[format]", "text")],
        [Nobody, Forbidden, Forbidden, Ok, Ok, Ok],
    ),
    ("insert_solution_template", &[("form[ticket]", "{number}"), ("form[body]", "x"), ("insert", "{public}")], UNKNOWN),
    // Only the draft of the caller is written.
    ("find_solution_articles", &[("form[ticket]", "{number}"), ("q", "printer")], [Nobody, Ok, Ok, Ok, Ok, Ok]),
    ("use_solution_article", &[("form[ticket]", "{number}"), ("article", "{public}")], UNKNOWN),
    // One that does not exist: whose solution may be changed is told by the tests of the use case.
    ("solution_page", &[("number", "{number}"), ("id", "{public}"), ("revisions", "false")], UNKNOWN),
    (
        "edit_solution",
        &[("form[id]", "{public}"), ("form[ticket]", "{number}"), ("form[version]", "1"), ("form[body]", "x")],
        UNKNOWN,
    ),
    (
        "answer_solution",
        // The requester side alone answers, and this ticket is not solved.
        &[("form[ticket]", "{number}"), ("form[answer]", "approve")],
        [Nobody, Refused, Forbidden, Forbidden, Forbidden, Forbidden],
    ),
    ("solution_link", &[("token", "guessed")], FOR_ALL),
    ("answer_by_link", &[("form[token]", "guessed"), ("form[answer]", "approve")], [NotFound; 6]),
    ("ticket_messages", &[("number", "{number}"), ("cursor", "")], [Nobody, NotFound, Ok, Ok, Ok, Ok]),
    ("request_messages", &[("number", "{number}"), ("cursor", "")], PORTAL),
    ("send_message", &[("form[ticket]", "{number}"), ("form[text]", "Words.")], [Nobody, Ok, Forbidden, Ok, Ok, Ok]),
    (
        "withdraw_message",
        // One that does not exist: whose message may be withdrawn is told by the tests of the use case.
        &[("form[id]", "01980000-0000-7000-8000-000000000000"), ("form[ticket]", "{number}")],
        [Nobody, NotFound, NotFound, NotFound, NotFound, NotFound],
    ),
    ("ticket_chat", &[("number", "{number}"), ("cursor", ""), ("after", "-1")], [Nobody, NotFound, Ok, Ok, Ok, Ok]),
    ("request_chat", &[("number", "{number}"), ("cursor", ""), ("after", "-1")], PORTAL),
    // The chat is switched off (316): whoever may read it is told so.
    ("send_chat", &[("form[ticket]", "{number}"), ("form[text]", "Words.")], SWITCHED_OFF),
    ("end_chat", &[("form[ticket]", "{number}")], SWITCHED_OFF),
    ("chat_signs", &[("number", "{number}"), ("typing", "true")], SWITCHED_OFF),
    ("chat_panel", &[("number", "")], SIGNED_IN),
    ("take_chat", &[("form[ticket]", "{number}")], [Nobody, Forbidden, Forbidden, Allowed, Allowed, Allowed]),
    (
        "occurrence_page",
        &[("number", "{number}"), ("id", "{private}"), ("revisions", "false")],
        [Nobody, NotFound, Ok, Ok, Ok, Ok],
    ),
    ("ticket_history", &[("number", "{number}"), ("filter[kinds]", "created")], SIGNED_IN),
    (
        "save_draft",
        &[("form[kind]", "occurrence"), ("form[object]", "{number}"), ("form[fields]", "{\"body\":\"x\"}")],
        SIGNED_IN,
    ),
    ("agent_home", &[], [Nobody, NotFound, Ok, Ok, Ok, Ok]),
    ("invitation", &[("token", "guessed")], FOR_ALL),
    ("accept_invitation", &[("form[token]", "guessed"), ("form[password]", testing::PASSWORD)], [NotFound; 6]),
    // The ticket of the story was never closed, so nobody was asked.
    ("request_survey", &[("number", "{number}")], UNKNOWN),
    ("surveys_of_ticket", &[("number", "{number}")], [Nobody, NotFound, Ok, Ok, Ok, Ok]),
    (
        "answer_survey",
        &[("form[ticket]", "{number}"), ("form[score]", "5")],
        [Nobody, NotFound, Forbidden, Forbidden, Forbidden, Forbidden],
    ),
    ("survey_by_link", &[("token", "guessed")], FOR_ALL),
    ("answer_survey_by_link", &[("form[token]", "guessed"), ("form[score]", "5")], [NotFound; 6]),
    ("unsubscription", &[("token", "guessed")], FOR_ALL),
    // A template that does not exist.
    ("reply_template", &[("number", "{number}"), ("id", "{public}")], UNKNOWN),
    ("insert_template", &[("form[ticket]", "{number}"), ("form[body]", "x"), ("insert", "{public}")], UNKNOWN),
    ("note_page", &[("number", "{number}"), ("template", "")], [Nobody, NotFound, Ok, Ok, Ok, Ok]),
    ("ticket_validations", &[("number", "{number}")], AGENTS_ELSE_404),
    ("validation_block", &[("number", "{number}")], AGENTS_ELSE_404),
    ("approval_list", &[("cursor", "")], SIGNED_IN),
    // Nobody of that id: who may ask is told first.
    (
        "ask_validation",
        &[("form[ticket]", "{number}"), ("form[targets][]", "user:01980000-0000-7000-8000-000000000000")],
        [Nobody, Forbidden, Forbidden, Refused, Refused, Refused],
    ),
    // Requests that do not exist: whose they are to answer and to change is told by the tests of the use cases.
    ("approval_page", &[("id", "{public}"), ("cursor", "")], UNKNOWN),
    ("answer_validation", &[("form[id]", "{public}"), ("form[answer]", "granted")], UNKNOWN),
    ("withdraw_validation", &[("form[id]", "{public}"), ("form[ticket]", "{number}")], UNKNOWN),
    ("ask_validation_again", &[("form[id]", "{public}"), ("form[ticket]", "{number}")], UNKNOWN),
    ("ticket_documents", &[("number", "{number}")], AGENTS_ELSE_404),
    // A file that was never uploaded.
    (
        "add_documents",
        &[("form[ticket]", "{number}"), ("form[attachments][]", "{public}")],
        [Nobody, Refused, Forbidden, Refused, Refused, Refused],
    ),
    ("remove_document", &[("form[id]", "{public}"), ("form[ticket]", "{number}")], UNKNOWN),
    ("ticket_statistics", &[("number", "{number}")], AGENTS_ELSE_404),
    ("statistics_dashboard", &[("query[from]", "")], [Nobody, Forbidden, Ok, Ok, Ok, Ok]),
    ("discard_draft", &[("kind", "occurrence"), ("object", "{number}"), ("back", "/drafts")], SIGNED_IN),
];

/// All rows of the table.
fn rows() -> impl Iterator<Item = &'static Row> {
    [TABLE, administration::ROWS, customers::ROWS, knowledge::ROWS, tasks::ROWS].into_iter().flatten()
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

#[tokio::test]
async fn every_server_function_does_for_each_role_what_the_table_says() {
    let desk = Desk::new().await;
    let brasil = desk.world.brasil.to_string();
    let mut findings = Vec::new();
    for (name, fields, outs) in rows() {
        for (who, expected) in everybody().zip(*outs) {
            let story = Story::with_tasks(&desk).await;
            let fields: Vec<(&str, String)> = fields
                .iter()
                .map(|(field, value)| (*field, fill(value, &story).replace("{brasil}", &brasil)))
                .collect();
            let fields: Vec<(&str, &str)> = fields.iter().map(|(field, value)| (*field, value.as_str())).collect();
            let answer = desk.call(name, &fields, who).await;
            findings.extend(judge(name, who, expected, &answer));
        }
    }
    nothing(&findings);
}

#[tokio::test]
async fn a_stranger_to_a_ticket_learns_nothing_of_it_from_any_server_function() {
    let desk = Desk::new().await;
    let story = Story::with_tasks(&desk).await;
    let mut findings = Vec::new();
    for (name, fields, _) in rows().filter(|(_, fields, _)| fields.iter().any(|(_, value)| value.contains("{number}")))
    {
        // A draft is the writer's own note, about whatever number he likes; a row of a list has a number in its name only.
        if matches!(*name, "save_draft" | "discard_draft" | "find_solution_articles" | "save_list_row") {
            continue;
        }
        let call = async |number: &str| {
            let filled: Vec<(&str, String)> = fields
                .iter()
                .map(|(field, value)| (*field, fill(&value.replace("{number}", number), &story)))
                .collect();
            let filled: Vec<(&str, &str)> = filled.iter().map(|(field, value)| (*field, value.as_str())).collect();
            desk.call(name, &filled, "requester2").await
        };
        let (foreign, unknown) = (call(&story.number.to_string()).await, call("999999").await);
        if foreign.status != 404 || foreign.comparable() != unknown.comparable() {
            findings.push(format!(
                "{name}: {} {} / {} {}",
                foreign.status,
                foreign.text(),
                unknown.status,
                unknown.text()
            ));
        }
    }
    nothing(&findings);
}

#[test]
fn every_server_function_is_in_the_table() {
    let all: BTreeSet<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| name_of(path)).collect();
    let table: BTreeSet<&str> = rows().map(|(name, ..)| *name).collect();
    assert!(!all.is_empty(), "the application is linked");
    assert_eq!(all, table, "decide who may call it, in this table");
}

#[test]
fn every_server_function_is_posted_below_fn_and_has_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        assert!(path.starts_with("/fn/"), "{path}");
        assert_eq!(method, axum::http::Method::POST, "{path}");
        assert!(names.insert(name_of(path)), "{path}: the name is taken");
    }
}

#[tokio::test]
async fn get_is_refused_for_every_server_function() {
    let desk = Desk::new().await;
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        for who in [NOBODY, "admin"] {
            let answer = desk.get(path, who).await;
            assert_eq!(answer.status, 405, "{path}");
            assert_eq!(answer.header("allow"), "POST", "{path}");
        }
    }
}

#[tokio::test]
async fn a_post_from_another_site_is_refused_for_every_server_function() {
    let desk = Desk::new().await;
    let others = ["/attachments", "/drafts/ticket/new/attachments", "/sign-in"];
    for path in leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).chain(others) {
        for site in ["cross-site", "same-site"] {
            let mut request = desk.browser("POST", path, "admin").await.body(axum::body::Body::empty()).unwrap();
            request.headers_mut().insert("sec-fetch-site", site.parse().unwrap());
            request.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
            assert_eq!(desk.send(request).await.status, 403, "{path} from {site}");
        }
        // An old browser that names only the origin.
        let mut request = desk.browser("POST", path, "admin").await.body(axum::body::Body::empty()).unwrap();
        request.headers_mut().remove("sec-fetch-site");
        request.headers_mut().insert("origin", "https://evil.example".parse().unwrap());
        assert_eq!(desk.send(request).await.status, 403, "{path} from an old browser");
    }
}

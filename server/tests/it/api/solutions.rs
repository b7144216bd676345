//! `/api/v1/tickets/{number}/solutions`, `/api/v1/solutions/{id}` and the actions that answer one.

use domain::policy::Capability;
use domain::settings::Key;
use serde_json::{Value, json};

use crate::support::{Desk, Story, keys, sorted};

const AGENT: &str = "id ticket author body body_text type template attachments state answered_by answered_at comment registered_at \
    edited_at mail mail_state revision_count actions version";
const REQUESTER: &str = "id ticket author body body_text type attachments state answered_by answered_at comment registered_at \
    edited_at sent_by_mail actions";

async fn solve(desk: &Desk, number: i64) -> Value {
    let body = json!({ "body": "Cable replaced.", "format": "text" });
    desk.api("POST", &format!("/tickets/{number}/solutions"), "tech1", Some(body)).await.expect(201).json()
}

#[tokio::test]
async fn t_sol_a_solution_is_added_changed_refused_and_approved() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let solved = solve(&desk, number).await;
    let id = solved["id"].as_str().unwrap();
    assert_eq!(keys(&solved), sorted(&[AGENT, " warnings"].concat()));
    assert_eq!((&solved["state"], &solved["version"]), (&json!("waiting"), &json!(1)));
    let path = format!("/solutions/{id}");
    let patch = json!({ "body": "Cable and plug replaced.", "format": "text" });
    desk.api("PATCH", &path, "tech1", Some(patch.clone())).await.problem(428, "version_required");
    let patch = json!({ "version": 1, "body": "Cable and plug replaced.", "format": "text" });
    let changed = desk.api("PATCH", &path, "tech1", Some(patch)).await.expect(200).json();
    assert_eq!((&changed["version"], &changed["revision_count"]), (&json!(2), &json!(1)));

    let theirs = desk.api("GET", &path, "requester1", None).await.expect(200).json();
    assert_eq!(keys(&theirs), sorted(REQUESTER));
    let mut actions: Vec<&str> = theirs["actions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["approve", "refuse"]);

    let act = |name: &str| format!("/tickets/{number}/actions/{name}");
    desk.api("POST", &act("refuse"), "requester1", Some(json!({}))).await.invalid(&[("reason", "required")]);
    let wrong = json!({ "comment": "x", "reason": "y" });
    desk.api("POST", &act("refuse"), "requester1", Some(wrong)).await.invalid(&[("comment", "unknown_field")]);
    let open = desk.api("POST", &act("refuse"), "requester1", Some(json!({ "reason": "Still dark." }))).await;
    assert_eq!(open.expect(200).json()["status"], "assigned");
    desk.api("POST", &act("approve"), "requester1", None).await.problem(409, "not_solved");
    solve(&desk, number).await;
    let closed = desk.api("POST", &act("approve"), "requester1", Some(json!({ "comment": "Thank you." }))).await;
    assert_eq!(closed.expect(200).json()["status"], "closed");
    let list = format!("/tickets/{number}/solutions?count=true");
    let page = desk.api("GET", &list, "tech1", None).await.expect(200).json();
    let states: Vec<&Value> = page["items"].as_array().unwrap().iter().map(|item| &item["state"]).collect();
    assert_eq!(states, ["refused", "accepted"]);
    let timeline = desk.api("GET", &format!("/tickets/{number}/timeline?kind=solution"), "tech1", None).await.json();
    assert_eq!(timeline["items"].as_array().unwrap().len(), 2, "{timeline}");
    desk.api("PATCH", &path, "tech1", Some(json!({ "version": 2, "body": "x" }))).await.problem(409, "ticket_closed");
}

#[tokio::test]
async fn t_sol_wrong_fields_are_named_and_a_post_is_done_once() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let path = format!("/tickets/{number}/solutions");
    let post = async |body: Value| desk.api("POST", &path, "tech1", Some(body)).await;
    post(json!({})).await.invalid(&[("body", "required")]);
    post(json!({ "body": "x", "article": "y" })).await.invalid(&[("article", "unknown_reference")]);
    post(json!({ "body": "x", "open_tasks": "burn" })).await.invalid(&[("open_tasks", "invalid")]);
    let ids = json!({ "body": "x", "type": "none", "template": "none" });
    post(ids).await.invalid(&[("type", "unknown_reference"), ("template", "unknown_reference")]);
    let once = async || {
        let body = json!({ "body": "Done.", "format": "text" });
        desk.api_with("POST", &path, "tech1", &[("idempotency-key", "s1")], Some(body)).await.expect(201).json()
    };
    assert_eq!(once().await["id"], once().await["id"]);
    post(json!({ "body": "Late.", "format": "text" })).await.problem(409, "already_solved");
}

#[tokio::test]
async fn t_sol_02_open_tasks_and_texts_for_agents_are_told_behind_a_solution() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let task = json!({ "content": "Order a cable.", "format": "text" });
    desk.api("POST", &format!("/tickets/{number}/tasks"), "tech1", Some(task)).await.expect(201);
    let article =
        json!({ "title": "Reset", "body": "By hand.", "format": "text", "audience": "agents", "status": "published" });
    let article = desk.api("POST", "/knowledge", "tech1", Some(article)).await.expect(201).json()["id"].clone();
    let codes = |body: &Value| -> Vec<String> {
        let all = body["warnings"].as_array().unwrap();
        all.iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    };
    let body = json!({ "body": "By hand.", "format": "text", "article": article });
    let solved =
        desk.api("POST", &format!("/tickets/{number}/solutions"), "tech1", Some(body)).await.expect(201).json();
    assert_eq!(codes(&solved), ["open_tasks", "internal_text"]);
    assert!(solved["warnings"][0]["data"]["count"].as_i64().is_some_and(|count| count > 0), "{solved}");
    let reopen = json!({ "reason": "Again." });
    desk.api("POST", &format!("/tickets/{number}/actions/reopen"), "supervisor", Some(reopen)).await.expect(200);
    let close = |tasks: &str| json!({ "solution": { "body": "Done.", "format": "text", "open_tasks": tasks } });
    let closed = desk.api("POST", &format!("/tickets/{number}/actions/close"), "supervisor", Some(close("done"))).await;
    assert!(codes(&closed.expect(200).json()).is_empty(), "nothing is open any more");
}

#[tokio::test]
async fn t_sol_04_a_ticket_is_solved_and_an_article_begun_with_its_solution() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let path = format!("/tickets/{number}/solutions");
    let wrong = json!({ "body": "x", "save_to_knowledge": "yes" });
    desk.api("POST", &path, "tech1", Some(wrong)).await.invalid(&[("save_to_knowledge", "invalid")]);
    let once = async || {
        let body = json!({ "body": "The plug was loose.", "format": "text", "save_to_knowledge": true });
        desk.api_with("POST", &path, "tech1", &[("idempotency-key", "k1")], Some(body)).await.expect(201).json()
    };
    let solved = once().await;
    assert_eq!(keys(&solved), sorted(&[AGENT, " saved_article warnings"].concat()));
    let article = solved["saved_article"].as_str().unwrap();
    let draft = desk.api("GET", &format!("/knowledge/{article}"), "tech1", None).await.expect(200).json();
    assert_eq!((&draft["status"], &draft["audience"]), (&json!("draft"), &json!("agents")));
    assert!(draft["body_text"].as_str().is_some_and(|text| text.contains("The plug was loose.")), "{draft}");
    assert_eq!(once().await, solved, "a repeated post begins no second article");
}

#[tokio::test]
async fn t_sol_04_who_may_not_write_articles_begins_none() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let path = format!("/tickets/{number}/solutions");
    let own =
        [Capability::TicketViewAll, Capability::OccurrenceViewPublic, Capability::TicketSolve, Capability::SolutionAdd];
    desk.world.hire_with("solver", &own).await;
    let body = |save: bool| json!({ "body": "Done.", "format": "text", "save_to_knowledge": save });
    desk.api("POST", &path, "solver", Some(body(true))).await.problem(403, "forbidden");
    let solved = desk.api("POST", &path, "solver", Some(body(false))).await.expect(201).json();
    assert!(solved.get("saved_article").is_none(), "{solved}");
}

#[tokio::test]
async fn t_sta_21_an_open_ticket_is_closed_with_its_solution() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let path = format!("/tickets/{number}/actions/close");
    desk.api("POST", &path, "supervisor", Some(json!({}))).await.problem(409, "solution_required");
    let empty = json!({ "solution": {} });
    desk.api("POST", &path, "supervisor", Some(empty)).await.invalid(&[("solution.body", "required")]);
    let typed = json!({ "solution": { "body": "Done.", "type": "none" } });
    desk.api("POST", &path, "supervisor", Some(typed)).await.invalid(&[("solution.type", "unknown_reference")]);
    let body = json!({ "solution": { "body": "Done by phone.", "format": "text" } });
    desk.api("POST", &path, "tech1", Some(body.clone())).await.problem(403, "forbidden");
    let closed = desk.api("POST", &path, "supervisor", Some(body)).await.expect(200).json();
    assert_eq!(closed["status"], "closed");
    let page = desk.api("GET", &format!("/tickets/{number}/solutions"), "tech1", None).await.json();
    assert_eq!(page["items"][0]["body_text"], "Done by phone.");
}

#[tokio::test]
async fn t_tkt_01_a_ticket_comes_with_its_solution_and_is_closed() {
    let desk = Desk::new().await;
    let body = |more: Value| {
        let mut body = json!({ "title": "Locked out", "description": "He called.", "format": "text" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let post = async |who: &str, more: Value| desk.api("POST", "/tickets", who, Some(body(more))).await;
    let solution = json!({ "body": "Reset by phone.", "format": "text" });
    let closing = json!({ "solution": solution, "close": true });
    post("tech1", closing.clone()).await.problem(403, "forbidden");
    post("supervisor", json!({ "close": true })).await.problem(409, "solution_required");
    for (field, value) in [("solution", solution.clone()), ("close", json!(true))] {
        post("requester1", json!({ field: value })).await.invalid(&[(field, "not_allowed")]);
    }
    post("tech1", json!({ "solution": { "close": true, "open_tasks": 5 }, "close": "yes" })).await.invalid(&[
        ("solution.body", "required"),
        ("solution.open_tasks", "invalid"),
        ("solution.close", "unknown_field"),
        ("close", "invalid"),
    ]);
    let typed = json!({ "solution": { "body": "x", "type": "none", "override_reason": "y" } });
    post("tech1", typed).await.invalid(&[("solution.type", "unknown_reference")]);
    let list = desk.api("GET", "/tickets?count=true", "tech1", None).await.json();
    assert_eq!(list["count"], 0, "one refusal refuses all");

    let closed = post("supervisor", closing).await.expect(201).json();
    assert_eq!((&closed["status"], &closed["warnings"]), (&json!("closed"), &json!([])));
    let page = desk.api("GET", &format!("/tickets/{}/solutions", closed["number"]), "tech1", None).await.json();
    assert_eq!(page["items"][0]["body_text"], "Reset by phone.");
    let task = json!({ "content": "Tell him why.", "format": "text" });
    let open = post("tech1", json!({ "solution": solution, "task": task, "close": false })).await.expect(201).json();
    assert_eq!((&open["status"], &open["warnings"][0]["code"]), (&json!("solved"), &json!("open_tasks")));
    let done = json!({ "body": "Reset.", "format": "text", "open_tasks": "done" });
    let done = post("tech1", json!({ "solution": done, "task": task })).await.expect(201).json();
    assert_eq!((&done["status"], &done["warnings"]), (&json!("solved"), &json!([])));
    assert_eq!(post("tech1", json!({ "solution": null, "close": null })).await.expect(201).json()["status"], "new");
}

#[tokio::test]
async fn p_hid_01_without_setting_371_the_requester_side_finds_no_solution() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let solved = solve(&desk, number).await;
    desk.world.set(Key::PortalShowSolution, desk.world.brasil, "false").await;
    let path = format!("/solutions/{}", solved["id"].as_str().unwrap());
    desk.api("GET", &path, "requester1", None).await.problem(404, "not_found");
    let page = desk.api("GET", &format!("/tickets/{number}/solutions"), "requester1", None).await.expect(200);
    assert_eq!(page.json()["items"], json!([]));
    let timeline = desk.api("GET", &format!("/tickets/{number}/timeline"), "requester1", None).await.expect(200);
    assert!(!timeline.text().contains("\"kind\":\"solution\""), "{}", timeline.text());
    desk.api("GET", &path, "tech1", None).await.expect(200);
}

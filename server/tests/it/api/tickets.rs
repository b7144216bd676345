//! `/api/v1/tickets`.

use domain::ticket::Status;
use serde_json::{Value, json};

use crate::support::{Desk, Story, keys, sorted};

const AGENT: &str = "number entity type title description description_text status urgency impact priority priority_by_hand category \
    source location requesters observers assignees writer routing_group customer opened_at taken_at due_own_at due_resolve_at \
    due_own_state due_resolve_state solved_at closed_at cancelled_at close_due_at pending validation answer_awaited reopen_count \
    merged_into deleted_at unread actions version created_at updated_at";
const REQUESTER: &str = "number type title description description_text status category requesters assignees opened_at due_resolve_at \
    close_due_at solved_at closed_at pending answer_awaited merged_into unread actions updated_at";

fn fault() -> Value {
    json!({ "type": "incident", "title": "VPN drops", "description": "Every ten minutes since this morning.", "format": "text", "urgency": 4 })
}

#[tokio::test]
async fn a_requester_reports_a_fault_as_in_the_example() {
    let desk = Desk::new().await;
    let answer = desk
        .api_with("POST", "/tickets", "requester1", &[("idempotency-key", "0b77")], Some(fault()))
        .await
        .expect(201);
    let ticket = answer.json();
    assert_eq!(answer.header("location"), format!("/api/v1/tickets/{}", ticket["number"]));
    assert_eq!(answer.header("etag"), "", "the requester side gets no version (A-VER-02)");
    assert_eq!(keys(&ticket), sorted(&format!("{REQUESTER} warnings")));
    assert_eq!(ticket["type"], "incident");
    assert_eq!(ticket["title"], "VPN drops");
    assert_eq!(ticket["description"], "<p>Every ten minutes since this morning.</p>");
    assert_eq!(ticket["description_text"], "Every ten minutes since this morning.");
    assert_eq!(ticket["status"], "new");
    assert_eq!(keys(&ticket["requesters"][0]), ["kind", "name"]);
    assert_eq!(ticket["requesters"][0]["kind"], "user");
    assert_eq!(ticket["assignees"], json!([]));
    assert_eq!(ticket["answer_awaited"], false);
    assert_eq!(ticket["unread"], 0);
    assert_eq!(ticket["warnings"], json!([]));
    for empty in ["category", "due_resolve_at", "close_due_at", "solved_at", "closed_at", "pending", "merged_into"] {
        assert!(ticket[empty].is_null(), "{empty} is present and null: {ticket}");
    }
    assert!(ticket["actions"].as_array().unwrap().contains(&json!("occurrence")), "{ticket}");
    assert_eq!(ticket["opened_at"], ticket["updated_at"]);
}

#[tokio::test]
async fn a_bas_05_times_have_seconds_and_an_offset() {
    let desk = Desk::new().await;
    let ticket = desk.api("POST", "/tickets", "requester1", Some(fault())).await.expect(201).json();
    let at = ticket["opened_at"].as_str().unwrap();
    let form = regex_lite::Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)$").unwrap();
    assert!(form.is_match(at), "{at}");
}

#[tokio::test]
async fn an_agent_reads_the_same_ticket_in_the_form_of_agents() {
    let desk = Desk::new().await;
    let number = desk.api("POST", "/tickets", "requester1", Some(fault())).await.expect(201).json()["number"].clone();
    let answer = desk.api("GET", &format!("/tickets/{number}"), "tech1", None).await.expect(200);
    let ticket = answer.json();
    assert_eq!(keys(&ticket), sorted(AGENT));
    assert_eq!(answer.header("etag"), format!("\"{}\"", ticket["version"]));
    assert_eq!(ticket["urgency"], 4);
    assert_eq!(ticket["validation"], "none");
    assert_eq!(ticket["priority_by_hand"], false);
    assert_eq!(keys(&ticket["entity"]), ["id", "name"]);
    assert_eq!(keys(&ticket["requesters"][0]), ["disabled", "email", "id", "kind", "name"]);
    let actions: Vec<&str> = ticket["actions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for expected in ["take", "update", "occurrence", "document"] {
        assert!(actions.contains(&expected), "{expected} in {actions:?}");
    }
}

#[tokio::test]
async fn as_portal_gives_an_agent_the_form_of_requesters() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    // An agent who is on the requester side looks at it as requesters do.
    let own = Story::ticket(&desk, "tech2", "My own chair").await;
    let ticket = desk.api("GET", &format!("/tickets/{own}?as=portal"), "tech2", None).await.expect(200).json();
    assert_eq!(keys(&ticket), sorted(REQUESTER));
    let answer = desk.api("GET", &format!("/tickets/{}?as=portal", story.number), "tech1", None).await;
    assert!(!answer.text().contains(Story::SECRET));
}

#[tokio::test]
async fn a_list_omits_what_only_the_ticket_itself_tells() {
    let desk = Desk::new().await;
    Story::tell(&desk).await;
    let page = desk.api("GET", "/tickets?limit=1", "tech1", None).await.expect(200).json();
    assert_eq!(keys(&page), ["items", "next_cursor"]);
    let left_out = ["description", "description_text", "actions"];
    let expected: Vec<String> = sorted(AGENT).into_iter().filter(|name| !left_out.contains(&name.as_str())).collect();
    assert_eq!(keys(&page["items"][0]), expected);
    let page = desk.api("GET", "/tickets?limit=1&count=true", "requester1", None).await.expect(200).json();
    assert_eq!(keys(&page), ["count", "count_exact", "items", "next_cursor"]);
    assert_eq!(page["count_exact"], true);
    let expected: Vec<String> =
        sorted(REQUESTER).into_iter().filter(|name| !left_out.contains(&name.as_str())).collect();
    assert_eq!(keys(&page["items"][0]), expected);
}

#[tokio::test]
async fn a_lst_01_pages_have_neither_gap_nor_repetition_while_rows_arrive() {
    let desk = Desk::new().await;
    let mut expected = Vec::new();
    for title in ["one", "two", "three", "four", "five", "six", "seven"] {
        expected.push(Story::ticket(&desk, "requester1", title).await);
    }
    let mut found = Vec::new();
    let mut cursor = String::new();
    for turn in 0..10 {
        let path = format!("/tickets?sort=number&limit=3{cursor}");
        let page = desk.api("GET", &path, "requester1", None).await.expect(200).json();
        found.extend(page["items"].as_array().unwrap().iter().filter_map(|item| item["number"].as_i64()));
        if turn == 0 {
            // A newer ticket comes after the others: it disturbs none of them.
            expected.push(Story::ticket(&desk, "requester1", "eight").await);
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={}", crate::support::escape(next)),
            None => break,
        }
    }
    let of_ours: Vec<i64> = found.iter().copied().filter(|number| expected.contains(number)).collect();
    assert_eq!(of_ours, expected);
    let mut unique = found.clone();
    unique.dedup();
    assert_eq!(unique, found, "no repetition");
}

#[tokio::test]
async fn a_lst_01_a_cursor_is_bound_to_path_filters_sort_and_user() {
    let desk = Desk::new().await;
    for title in ["one", "two", "three"] {
        Story::ticket(&desk, "requester1", title).await;
    }
    let page = desk.api("GET", "/tickets?sort=number&limit=1", "tech1", None).await.expect(200).json();
    let cursor = crate::support::escape(page["next_cursor"].as_str().unwrap());
    for (path, who) in [
        (format!("/tickets?sort=-number&limit=1&cursor={cursor}"), "tech1"),
        (format!("/tickets?sort=number&status=new&limit=1&cursor={cursor}"), "tech1"),
        (format!("/tickets?sort=number&limit=1&cursor={cursor}"), "supervisor"),
        ("/tickets?cursor=bm90IG91cnM".to_owned(), "tech1"),
    ] {
        desk.api("GET", &path, who, None).await.invalid(&[("cursor", "invalid")]);
    }
}

#[tokio::test]
async fn a_lst_03_what_is_unknown_is_refused_at_its_name_and_never_ignored() {
    let desk = Desk::new().await;
    for (query, field) in [
        ("colour=red", "colour"),
        ("status=asleep", "status"),
        ("sort=colour", "sort"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("as=admin", "as"),
        ("priority=7", "priority"),
    ] {
        let answer = desk.api("GET", &format!("/tickets?{query}"), "tech1", None).await;
        let problem = answer.problem(422, "invalid");
        assert_eq!(problem["errors"], json!([{ "field": field, "code": "invalid" }]), "{query}");
    }
}

#[tokio::test]
async fn a_ver_01_an_update_needs_a_version() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}", story.number);
    desk.api("PATCH", &path, "tech1", Some(json!({ "title": "New" }))).await.problem(428, "version_required");
    let present = desk.api("GET", &path, "tech1", None).await.json()["version"].as_i64().unwrap();
    let answer =
        desk.api("PATCH", &path, "tech1", Some(json!({ "version": present, "title": "New" }))).await.expect(200);
    let ticket = answer.json();
    assert_eq!(ticket["title"], "New");
    assert_eq!(ticket["version"], present + 1);
    assert_eq!(answer.header("etag"), format!("\"{}\"", present + 1));
    assert_eq!(ticket["warnings"], json!([]));
}

#[tokio::test]
async fn two_agents_edit_one_ticket_as_in_the_example() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}", story.number);
    let seven = desk.api("GET", &path, "tech1", None).await.json()["version"].as_i64().unwrap();
    desk.api("PATCH", &path, "supervisor", Some(json!({ "version": seven, "urgency": 4 }))).await.expect(200);
    let answer =
        desk.api("PATCH", &path, "tech1", Some(json!({ "version": seven, "title": "VPN fell", "urgency": 5 }))).await;
    let problem = answer.problem(409, "conflict");
    assert_eq!(problem["data"]["version"], seven + 1);
    let conflicts = problem["data"]["conflicts"].as_array().unwrap();
    assert_eq!(conflicts.len(), 1, "the title does not conflict: {problem}");
    assert_eq!(conflicts[0]["field"], "urgency");
    assert_eq!(conflicts[0]["yours"], 5);
    assert_eq!(conflicts[0]["theirs"], 4);
    assert_eq!(conflicts[0]["by"]["kind"], "user");
    assert!(conflicts[0]["at"].is_string());
    let ticket = desk.api("GET", &path, "tech1", None).await.json();
    assert_eq!(ticket["title"], "VPN drops", "nothing was saved");
    // A value equal to the present one never conflicts, other fields merge.
    let merged = desk
        .api("PATCH", &path, "tech1", Some(json!({ "version": seven, "title": "VPN fell", "urgency": 4 })))
        .await
        .expect(200);
    assert_eq!(merged.json()["title"], "VPN fell");
    let whole =
        desk.api("PATCH", &path, "tech1", Some(json!({ "version": seven + 2, "urgency": 5 }))).await.expect(200);
    assert_eq!(whole.json()["version"], seven + 3);
}

#[tokio::test]
async fn a_ver_01_if_match_merges_nothing() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}", story.number);
    let version = desk.api("GET", &path, "tech1", None).await.json()["version"].as_i64().unwrap();
    let tag = format!("\"{version}\"");
    desk.api_with("PATCH", &path, "tech1", &[("if-match", &tag)], Some(json!({ "title": "First" }))).await.expect(200);
    let answer = desk.api_with("PATCH", &path, "tech1", &[("if-match", &tag)], Some(json!({ "impact": 4 }))).await;
    assert_eq!(answer.problem(412, "precondition_failed")["data"]["version"], version + 1);
    // Both: If-Match first.
    let body = json!({ "version": version + 1, "impact": 4 });
    desk.api_with("PATCH", &path, "tech1", &[("if-match", &tag)], Some(body)).await.problem(412, "precondition_failed");
}

#[tokio::test]
async fn a_bas_04_absent_stays_and_null_empties() {
    let desk = Desk::new().await;
    let number = desk
        .api("POST", "/tickets", "tech1", Some(json!({ "description": "Chair", "format": "text", "source": null })))
        .await
        .expect(201)
        .json()["number"]
        .clone();
    let path = format!("/tickets/{number}");
    let before = desk.api("GET", &path, "tech1", None).await.json();
    let after = desk
        .api(
            "PATCH",
            &path,
            "tech1",
            Some(json!({ "version": before["version"], "observers": [{ "kind": "email", "email": "x@example.org" }] })),
        )
        .await
        .expect(200)
        .json();
    assert_eq!(after["title"], before["title"]);
    assert_eq!(after["observers"].as_array().unwrap().len(), 1);
    let emptied = desk
        .api("PATCH", &path, "tech1", Some(json!({ "version": after["version"], "observers": [] })))
        .await
        .expect(200)
        .json();
    assert_eq!(emptied["observers"], json!([]));
}

#[tokio::test]
async fn a_idm_01_the_same_key_answers_the_same_and_makes_one_ticket() {
    let desk = Desk::new().await;
    let key = [("idempotency-key", "6f1c")];
    let first = desk.api_with("POST", "/tickets", "requester1", &key, Some(fault())).await.expect(201);
    let second = desk.api_with("POST", "/tickets", "requester1", &key, Some(fault())).await.expect(201);
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(first.json(), second.json());
    let mut other = fault();
    other["title"] = json!("Another");
    desk.api_with("POST", "/tickets", "requester1", &key, Some(other)).await.problem(422, "idempotency_mismatch");
    // Somebody else's key is another key.
    desk.api_with("POST", "/tickets", "requester2", &key, Some(fault())).await.expect(201);
}

#[tokio::test]
async fn a_idm_01_a_refusal_does_not_use_the_key_up() {
    let desk = Desk::new().await;
    let key = [("idempotency-key", "again")];
    desk.api_with("POST", "/tickets", "requester1", &key, Some(json!({ "title": "No such urgency", "urgency": 9 })))
        .await
        .problem(422, "invalid");
    desk.api_with("POST", "/tickets", "requester1", &key, Some(fault())).await.expect(201);
}

#[tokio::test]
async fn commands_answer_the_ticket_and_refuse_by_state() {
    let desk = Desk::new().await;
    let number = Story::ticket(&desk, "requester1", "VPN drops").await;
    let at = |action: &str| format!("/tickets/{number}/actions/{action}");
    let taken = desk.api("POST", &at("take"), "tech1", None).await.expect(200).json();
    assert_eq!(taken["assignees"][0]["kind"], "user");
    assert_eq!(taken["warnings"], json!([]));
    desk.api("POST", &at("take"), "tech2", None).await.problem(409, "already_taken");
    desk.api("POST", &at("reactivate"), "tech1", None).await.problem(409, "not_pending");
    let problem = desk.api("POST", &at("assign"), "tech1", Some(json!({ "add": [] }))).await.problem(403, "forbidden");
    assert_eq!(problem["capability"], "ticket.assign");
    desk.api("POST", &at("reopen"), "supervisor", Some(json!({}))).await.invalid(&[("reason", "required")]);
    desk.api("POST", &at("cancel"), "supervisor", Some(json!({ "reason": "twice" }))).await.expect(200);
    let path = format!("/tickets/{number}/occurrences");
    desk.api("POST", &path, "tech1", Some(json!({ "body": "late", "format": "text" })))
        .await
        .problem(409, "ticket_cancelled");
}

#[tokio::test]
async fn a_requester_may_not_set_what_agents_set() {
    let desk = Desk::new().await;
    let mut body = fault();
    body["impact"] = json!(5);
    body["priority"] = json!(6);
    let problem = desk.api("POST", "/tickets", "requester1", Some(body)).await.problem(422, "invalid");
    let codes: Vec<&Value> = problem["errors"].as_array().unwrap().iter().map(|e| &e["code"]).collect();
    assert!(!codes.is_empty() && codes.iter().all(|code| *code == "not_allowed"), "{problem}");
}

#[tokio::test]
async fn deletion_restores_and_purges() {
    let desk = Desk::new().await;
    let number = Story::ticket(&desk, "requester1", "By mistake").await;
    let path = format!("/tickets/{number}");
    desk.api("DELETE", &path, "supervisor", None).await.problem(428, "version_required");
    let version = desk.api("GET", &path, "supervisor", None).await.json()["version"].clone();
    desk.api("DELETE", &format!("{path}?version={version}"), "tech1", None).await.problem(403, "forbidden");
    let answer =
        desk.api("DELETE", &format!("{path}?version={version}&reason=twice"), "supervisor", None).await.expect(204);
    assert!(answer.bytes.is_empty());
    desk.api("GET", &path, "requester1", None).await.problem(404, "not_found");
    let trash = desk.api("GET", "/tickets?trash=true", "admin", None).await.expect(200).json();
    assert!(trash["items"].as_array().unwrap().iter().any(|item| item["number"] == number), "{trash}");
    desk.api("POST", &format!("{path}/actions/restore"), "admin", None).await.expect(200);
    let version = desk.api("GET", &path, "admin", None).await.json()["version"].clone();
    desk.api("DELETE", &format!("{path}?version={version}"), "admin", None).await.expect(204);
    desk.api("POST", &format!("{path}/actions/purge"), "admin", Some(json!({ "number": number }))).await.expect(204);
    desk.api("GET", &path, "admin", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn description_revisions_are_for_agents() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}", story.number);
    let version = desk.api("GET", &path, "tech1", None).await.json()["version"].clone();
    let body = json!({ "version": version, "description": "Every five minutes.", "format": "text" });
    desk.api("PATCH", &path, "tech1", Some(body)).await.expect(200);
    let revisions = desk.api("GET", &format!("{path}/description-revisions"), "tech1", None).await.expect(200);
    assert!(revisions.text().contains("Every ten minutes"), "{}", revisions.text());
    desk.api("GET", &format!("{path}/description-revisions"), "requester1", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn t_tkt_01_a_ticket_comes_with_its_first_entry_and_on_hold() {
    let desk = Desk::new().await;
    let reason = desk.world.coded(service::lists::PENDING_REASONS, "requester").await;
    let mut body = fault();
    body["requesters"] = json!([{ "kind": "user", "id": desk.world.person("requester1").await.id }]);
    body["suspend"] = json!({ "reason": reason, "text": "Asked.", "text_public": false });
    body["occurrence"] = json!({ "body": "Which cable?", "format": "text", "visibility": "public", "minutes": 5 });
    body["customer"] = Value::Null;
    let ticket = desk.api("POST", "/tickets", "tech1", Some(body.clone())).await.expect(201).json();
    assert_eq!((&ticket["status"], &ticket["pending"]["text"]), (&json!("pending"), &json!("Asked.")));
    let path = format!("/tickets/{}/occurrences", ticket["number"]);
    let entries = desk.api("GET", &path, "tech1", None).await.expect(200).json();
    assert_eq!(
        (&entries["items"][0]["body_text"], &entries["items"][0]["minutes"]),
        (&json!("Which cable?"), &json!(5))
    );
    let list = desk.api("GET", "/tickets", "tech1", None).await.expect(200).json();
    assert!(list["items"][0]["pending"].get("text").is_none(), "lists leave the text out: {list}");

    body["suspend"] = json!({ "reason": "no id", "colour": "red" });
    body["occurrence"] = json!({ "format": "text", "minutes": -5 });
    desk.api("POST", "/tickets", "tech1", Some(body.clone())).await.invalid(&[
        ("suspend.colour", "unknown_field"),
        ("occurrence.body", "required"),
        ("occurrence.minutes", "time_out_of_range"),
    ]);
    body["suspend"] = json!({ "reason": "0195a1f0-0000-7000-8000-000000000000" });
    body["occurrence"] = json!({ "body": "x", "format": "text" });
    desk.api("POST", "/tickets", "tech1", Some(body)).await.invalid(&[("suspend.reason", "unknown_reference")]);
    let list = desk.api("GET", "/tickets?count=true", "tech1", None).await.json();
    assert_eq!(list["count"], 1, "one refusal refuses all");
}

#[tokio::test]
async fn p_new_03_a_requester_names_nobody_but_himself() {
    let desk = Desk::new().await;
    let of = |who: &str, value: Value| {
        let mut body = fault();
        body[who] = value;
        body
    };
    let (mine, theirs) = (desk.world.person("requester1").await.id, desk.world.person("requester2").await.id);
    let own = json!([{ "kind": "user", "id": mine }]);
    desk.api("POST", "/tickets", "requester1", Some(of("requesters", own))).await.expect(201);
    for other in [json!({ "kind": "user", "id": theirs }), json!({ "kind": "email", "email": "x@example.org" })] {
        let body = of("requesters", json!([other]));
        desk.api("POST", "/tickets", "requester1", Some(body)).await.invalid(&[("requesters[0]", "not_allowed")]);
    }
    for (field, value) in [
        ("status", json!("closed")),
        ("customer", json!("0195a1f0-0000-7000-8000-000000000000")),
        ("suspend", json!({})),
        ("occurrence", json!({ "body": "x", "format": "text" })),
    ] {
        desk.api("POST", "/tickets", "requester1", Some(of(field, value))).await.invalid(&[(field, "not_allowed")]);
    }
    desk.api("POST", "/tickets", "tech1", Some(of("status", json!("closed"))))
        .await
        .invalid(&[("status", "unknown_field")]);
}

#[tokio::test]
async fn t_tim_07_to_look_at_a_ticket_is_not_to_read_it() {
    let desk = Desk::new().await;
    let own = Story::ticket(&desk, "tech2", "My own chair").await;
    desk.world.advance(5);
    Story::entry(&desk, "tech1", own, "It is on its way.", "public").await;
    Story::entry(&desk, "tech1", own, "Zwetschgenmus.", "private").await;
    for path in [format!("/tickets/{own}?as=portal"), format!("/tickets/{own}?as=portal")] {
        let ticket = desk.api("GET", &path, "tech2", None).await.expect(200).json();
        assert_eq!((&ticket["unread"], ticket.get("version")), (&json!(1), None));
    }
    let list = desk.api("GET", "/tickets?as=portal", "tech2", None).await.expect(200).json();
    assert_eq!((&list["items"][0]["unread"], list["items"].as_array().map(Vec::len)), (&json!(1), Some(1)));
    let foreign = Story::ticket(&desk, "requester1", "Another").await;
    desk.api("GET", &format!("/tickets/{foreign}?as=portal"), "tech2", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_lst_03_filters_of_tickets_are_negated_and_periods_carry_an_offset() {
    let desk = Desk::new().await;
    let taken = Story::tell(&desk).await.number;
    let new = Story::ticket(&desk, "requester2", "Another").await;
    let of = async |query: &str| -> Vec<i64> {
        let page = desk.api("GET", &format!("/tickets?sort=number&{query}"), "tech1", None).await.expect(200).json();
        page["items"].as_array().unwrap().iter().filter_map(|item| item["number"].as_i64()).collect()
    };
    assert_eq!(of("not.status=new").await, [taken]);
    assert_eq!(of("not.assignee=me").await, [new]);
    assert_eq!(of("status=new,assigned").await, [taken, new]);
    assert_eq!(of("status=new&status=assigned").await, [taken, new]);
    assert_eq!(of("opened_from=2026-03-12T10:00:00-03:00").await, [taken, new]);
    assert!(of("not.opened_from=2026-03-12").await.is_empty());
    for (query, field) in [
        ("opened_from=2026-03-12T10:02", "opened_from"),
        ("not.due_to=soon", "not.due_to"),
        ("not.limit=5", "not.limit"),
    ] {
        desk.api("GET", &format!("/tickets?{query}"), "tech1", None).await.invalid(&[(field, "invalid")]);
    }
}

#[tokio::test]
async fn t_sta_30_a_new_ticket_names_the_one_it_follows() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let body = json!({ "title": "It drops again", "description": "Since noon.", "follow_up_of": story.number });
    let post = async |who: &str| desk.api("POST", "/tickets", who, Some(body.clone())).await;
    post("requester1").await.invalid(&[("follow_up_of", "not_allowed")]);
    desk.world.put_status(story.number, Status::Closed).await;
    post("requester2").await.invalid(&[("follow_up_of", "unknown_reference")]);
    for who in ["requester1", "tech1"] {
        let number = post(who).await.expect(201).json()["number"].clone();
        let path = format!("/tickets/{number}/history?kind=follow_up_created");
        let history = desk.api("GET", &path, who, None).await.expect(200).json();
        assert_eq!(history["items"].as_array().unwrap().len(), 1, "{who} {history}");
        if who == "tech1" {
            assert_eq!(history["items"][0]["changes"][0]["new"], format!("#{}", story.number), "{history}");
        }
    }
}

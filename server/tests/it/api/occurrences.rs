//! `/api/v1/tickets/{number}/occurrences` and `/api/v1/occurrences/{id}`.

use serde_json::{Value, json};

use crate::support::{Desk, PNG, Story, keys, sorted};

const AGENT: &str = "id ticket author side body body_text visibility occurred_at registered_at minutes category source reply_to template \
    attachments mail mail_state edited_at edited_by revision_count removed actions version";
const REQUESTER: &str = "id ticket author side body body_text occurred_at registered_at category reply_to attachments sent_by_mail edited_at";

async fn path(desk: &Desk) -> String {
    format!("/tickets/{}/occurrences", Story::tell(desk).await.number)
}

#[tokio::test]
async fn a_technician_registers_an_occurrence_as_in_the_example() {
    let desk = Desk::new().await;
    let path = path(&desk).await;
    let upload = desk.upload("cable.png", PNG, "tech1").await.expect(201).json();
    let entity = desk.api("GET", "/entities", "tech1", None).await.expect(200).json()["items"][0]["id"].clone();
    let lists = desk
        .api("GET", &format!("/lists/occurrence-categories?entity={}", entity.as_str().unwrap()), "tech1", None)
        .await;
    let category = lists.expect(200).json()["items"][0]["id"].clone();
    let ticket = desk.api("GET", path.trim_end_matches("/occurrences"), "tech1", None).await.json();
    let body = json!({
        "body": "<p>Cable replaced.</p>", "visibility": "public", "occurred_at": ticket["opened_at"], "minutes": 90,
        "category": category, "attachments": [upload["id"]],
    });
    let answer = desk.api_with("POST", &path, "tech1", &[("idempotency-key", "6f1c")], Some(body)).await.expect(201);
    let entry = answer.json();
    assert_eq!(answer.header("location"), format!("/api/v1/occurrences/{}", entry["id"].as_str().unwrap()));
    assert_eq!(answer.header("etag"), "\"1\"");
    assert_eq!(keys(&entry), sorted(&format!("{AGENT} warnings")));
    assert_eq!(entry["ticket"], ticket["number"]);
    assert_eq!(entry["author"]["kind"], "user");
    assert!(entry["author"]["email"].is_string(), "agents get addresses: {entry}");
    assert_eq!(entry["side"], "service");
    assert_eq!(entry["body"], "<p>Cable replaced.</p>");
    assert_eq!(entry["body_text"], "Cable replaced.");
    assert_eq!(entry["visibility"], "public");
    assert_eq!(entry["minutes"], 90);
    assert_eq!(keys(&entry["category"]), ["id", "name"]);
    assert_eq!(entry["attachments"][0]["id"], upload["id"], "an upload keeps its id");
    assert_eq!(entry["attachments"][0]["media_type"], "image/png");
    assert_eq!(entry["mail"], json!([]));
    assert_eq!(entry["revision_count"], 0);
    assert_eq!(entry["version"], 1);
    assert_eq!(entry["warnings"], json!([]));
    for empty in ["source", "reply_to", "template", "mail_state", "edited_at", "edited_by", "removed"] {
        assert!(entry[empty].is_null(), "{empty} is present and null");
    }
    let mut actions: Vec<&str> = entry["actions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["delete", "reply", "save-to-knowledge", "update"]);
}

#[tokio::test]
async fn all_wrong_fields_are_named_at_once_and_the_text_becomes_a_draft() {
    let desk = Desk::new().await;
    let path = path(&desk).await;
    let body = json!({
        "body": "<p>Words worth keeping.</p>", "visibility": "public", "occurred_at": "2990-01-01T00:00:00Z", "minutes": 9000,
    });
    let answer = desk.api("POST", &path, "tech1", Some(body)).await;
    answer.invalid(&[("occurred_at", "in_future"), ("minutes", "time_out_of_range")]);
    assert_eq!(answer.json()["title"], "Some fields are not valid.");
    let number = path.split('/').nth(2).unwrap();
    let draft = desk.api("GET", &format!("/drafts/occurrence/{number}"), "tech1", None).await.expect(200);
    assert!(draft.text().contains("Words worth keeping."), "{}", draft.text());
}

#[tokio::test]
async fn t_occ_a_text_is_required_and_unknown_fields_are_refused() {
    let desk = Desk::new().await;
    let path = path(&desk).await;
    desk.api("POST", &path, "tech1", Some(json!({ "visibility": "public" }))).await.invalid(&[("body", "required")]);
    desk.api("POST", &path, "tech1", Some(json!({ "body": "x", "format": "text", "colour": "red" })))
        .await
        .invalid(&[("colour", "unknown_field")]);
    desk.api(
        "POST",
        &path,
        "tech1",
        Some(json!({ "body": "x", "format": "text", "occurred_at": "2026-03-12T10:02:00" })),
    )
    .await
    .invalid(&[("occurred_at", "invalid")]);
    desk.api(
        "POST",
        &path,
        "tech1",
        Some(json!({ "body": "x", "format": "text", "category": "0195a1f0-0000-7000-8000-000000000000" })),
    )
    .await
    .invalid(&[("category", "unknown_reference")]);
}

#[tokio::test]
async fn the_requester_side_gets_its_form_and_public_entries_only() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let list = format!("/tickets/{}/occurrences", story.number);
    let page = desk.api("GET", &list, "requester1", None).await.expect(200);
    assert!(!page.text().contains(Story::SECRET));
    let items = page.json()["items"].as_array().unwrap().clone();
    assert_eq!(items.len(), 1);
    assert_eq!(keys(&items[0]), sorted(REQUESTER));
    assert_eq!(keys(&items[0]["author"]), ["kind", "name"]);
    assert_eq!(desk.api("GET", &list, "tech1", None).await.json()["items"].as_array().unwrap().len(), 2);
    let own = desk
        .api("POST", &list, "requester1", Some(json!({ "body": "It is back.", "format": "text" })))
        .await
        .expect(201)
        .json();
    assert!(!keys(&own).contains(&"visibility".to_owned()), "{own}");
    assert_eq!(own["side"], "requester");
    let wrong =
        desk.api("POST", &list, "requester1", Some(json!({ "body": "x", "format": "text", "minutes": 5 }))).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text());
}

#[tokio::test]
async fn a_err_03_a_private_entry_answers_like_an_unknown_one() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let unknown = "0195a1f0-0000-7000-8000-000000000000";
    for (method, body) in [("GET", None), ("PATCH", Some(json!({ "version": 1, "body": "mine" }))), ("DELETE", None)] {
        let path = |id: &str| {
            if method == "DELETE" { format!("/occurrences/{id}?version=1") } else { format!("/occurrences/{id}") }
        };
        let private = desk.api(method, &path(&story.private.to_string()), "requester1", body.clone()).await;
        let foreign = desk.api(method, &path(&story.public.to_string()), "requester2", body.clone()).await;
        let nothing = desk.api(method, &path(unknown), "requester1", body).await;
        private.problem(404, "not_found");
        assert_eq!(private.comparable(), nothing.comparable(), "{method}");
        assert_eq!(foreign.comparable(), nothing.comparable(), "{method}");
    }
    desk.api("GET", &format!("/occurrences/{}/revisions", story.public), "requester1", None)
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn an_edit_needs_a_version_merges_and_keeps_the_former_text() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/occurrences/{}", story.public);
    desk.api("PATCH", &path, "tech1", Some(json!({ "body": "New" }))).await.problem(428, "version_required");
    let body = json!({ "version": 1, "body": "Cable and plug replaced.", "format": "text" });
    let entry = desk.api("PATCH", &path, "tech1", Some(body)).await.expect(200).json();
    assert_eq!(entry["version"], 2);
    assert_eq!(entry["revision_count"], 1);
    assert!(entry["edited_at"].is_string() && entry["edited_by"]["kind"] == "user", "{entry}");
    // Made from version 1: minutes merge, the body conflicts.
    let merged =
        desk.api("PATCH", &path, "tech1", Some(json!({ "version": 1, "minutes": 15 }))).await.expect(200).json();
    assert_eq!(merged["minutes"], 15);
    let answer = desk
        .api("PATCH", &path, "tech1", Some(json!({ "version": 1, "body": "Only the plug.", "format": "text" })))
        .await;
    assert_eq!(answer.problem(409, "conflict")["data"]["conflicts"][0]["field"], "body");
    let tag = [("if-match", "\"1\"")];
    desk.api_with("PATCH", &path, "tech1", &tag, Some(json!({ "minutes": 20 })))
        .await
        .problem(412, "precondition_failed");
    let revisions = desk.api("GET", &format!("{path}/revisions"), "tech1", None).await.expect(200).json();
    let items = revisions["items"].as_array().or_else(|| revisions.as_array()).unwrap().clone();
    let second = items.iter().find(|item| item["revision"] == 2).unwrap_or_else(|| panic!("{revisions}"));
    assert!(second["diff"].as_array().unwrap().iter().any(|part| part["op"] == "added"), "{second}");
    for name in sorted("revision at by what body visibility occurred_at minutes category source attachments diff") {
        assert!(keys(second).contains(&name), "{name}");
    }
    // Another technician may not; the narrowest capability is named.
    let foreign =
        desk.api("PATCH", &path, "tech2", Some(json!({ "version": 3, "minutes": 1 }))).await.problem(403, "forbidden");
    assert_eq!(foreign["capability"], "occurrence.update-any");
}

#[tokio::test]
async fn a_removed_entry_leaves_a_tombstone() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/occurrences/{}", story.public);
    desk.api("DELETE", &path, "tech1", None).await.problem(428, "version_required");
    desk.api("DELETE", &format!("{path}?version=1&reason=wrong%20ticket"), "tech1", None).await.expect(204);
    let agents = desk.api("GET", &path, "tech1", None).await.expect(200).json();
    assert_eq!(keys(&agents), sorted(AGENT));
    assert_eq!(agents["removed"]["reason"], "wrong ticket");
    let theirs = desk.api("GET", &path, "requester1", None).await.expect(200);
    assert_eq!(keys(&theirs.json()), sorted("id ticket registered_at removed"));
    assert_eq!(keys(&theirs.json()["removed"]), ["at"]);
    assert!(!theirs.text().contains("wrong ticket") && !theirs.text().contains("Cable"));
    desk.api("DELETE", &format!("{path}?version=2"), "tech1", None).await.problem(409, "entry_deleted");
}

#[tokio::test]
async fn a_idm_01_a_repeated_post_makes_one_entry() {
    let desk = Desk::new().await;
    let path = path(&desk).await;
    let key = [("idempotency-key", "once")];
    let body = json!({ "body": "Once.", "format": "text", "visibility": "public" });
    let first = desk.api_with("POST", &path, "tech1", &key, Some(body.clone())).await.expect(201);
    let again = desk.api_with("POST", &path, "tech1", &key, Some(body)).await.expect(201);
    assert_eq!(first.json()["id"], again.json()["id"]);
    assert_eq!(again.header("idempotency-replayed"), "true");
    let other = json!({ "body": "Twice.", "format": "text", "visibility": "public" });
    desk.api_with("POST", &path, "tech1", &key, Some(other)).await.problem(422, "idempotency_mismatch");
    for key in ["", &"k".repeat(129)] {
        let answer =
            desk.api_with("POST", &path, "tech1", &[("idempotency-key", key)], Some(json!({ "body": "x" }))).await;
        assert!((400..500).contains(&answer.status) && answer.status != 404, "{key:?}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_reply_names_what_it_answers() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}/occurrences", story.number);
    let body = json!({ "body": "Thanks.", "format": "text", "reply_to": story.public });
    let reply = desk.api("POST", &path, "requester1", Some(body)).await;
    // Only agents may name `reply_to`: the requester side has no such field (section 6).
    assert_eq!(reply.status, 422, "{}", reply.text());
    let body = json!({ "body": "To myself.", "format": "text", "visibility": "public", "reply_to": story.private });
    let entry = desk.api("POST", &path, "tech1", Some(body)).await.expect(201).json();
    assert_eq!(entry["reply_to"]["id"], json!(story.private));
    let theirs = desk
        .api("GET", &format!("/occurrences/{}", entry["id"].as_str().unwrap()), "requester1", None)
        .await
        .expect(200)
        .json();
    assert!(theirs["reply_to"].is_null(), "the target may not be seen: {theirs}");
}

async fn status(desk: &Desk, number: i64) -> Value {
    desk.api("GET", &format!("/tickets/{number}"), "tech1", None).await.expect(200).json()["status"].clone()
}

#[tokio::test]
async fn t_sta_31_an_entry_suspends_or_resumes_its_ticket_in_the_same_command() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}/occurrences", story.number);
    let reason = desk.world.coded(service::lists::PENDING_REASONS, "requester").await;
    let entry = |more: Value| {
        let mut body = json!({ "body": "Which cable?", "format": "text", "visibility": "public" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let suspend = entry(json!({ "suspend": { "reason": reason, "text": "He was asked.", "text_public": false } }));
    let answer = desk.api("POST", &path, "tech1", Some(suspend)).await.expect(201).json();
    assert_eq!(keys(&answer), sorted(&format!("{AGENT} warnings")));
    let ticket = desk.api("GET", &format!("/tickets/{}", story.number), "tech1", None).await.json();
    assert_eq!(ticket["status"], "pending");
    assert_eq!(
        (&ticket["pending"]["reason"]["id"], &ticket["pending"]["text"]),
        (&json!(reason), &json!("He was asked."))
    );
    assert!(ticket["pending"]["since"].is_string(), "{ticket}");
    desk.api("POST", &path, "tech1", Some(entry(json!({ "suspend": null, "reactivate": false })))).await.expect(201);
    assert_eq!(status(&desk, story.number).await, "pending", "both default to stay");
    desk.api("POST", &path, "tech1", Some(entry(json!({ "reactivate": true })))).await.expect(201);
    assert_eq!(status(&desk, story.number).await, "assigned");
    desk.api("POST", &path, "tech1", Some(entry(json!({ "reactivate": true })))).await.problem(409, "not_pending");
    desk.api("POST", &path, "tech1", Some(entry(json!({ "suspend": {} })))).await.expect(201);
    assert_eq!(status(&desk, story.number).await, "pending");
}

#[tokio::test]
async fn t_sta_31_a_wrong_suspension_is_named_below_its_name_and_saves_nothing() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}/occurrences", story.number);
    let unknown = "0195a1f0-0000-7000-8000-000000000000";
    for (more, field, code, who) in [
        (json!({ "suspend": { "reason": unknown } }), "suspend.reason", "unknown_reference", "tech1"),
        (json!({ "suspend": { "reason": 5 } }), "suspend.reason", "invalid", "tech1"),
        (json!({ "suspend": { "text": "x".repeat(2_001) } }), "suspend.text", "too_long", "tech1"),
        (json!({ "suspend": { "colour": "red" } }), "suspend.colour", "unknown_field", "tech1"),
        (json!({ "suspend": true }), "suspend", "invalid", "tech1"),
        (json!({ "suspend": {}, "reactivate": true }), "reactivate", "not_allowed", "tech1"),
        (json!({ "suspend": {} }), "suspend", "not_allowed", "requester1"),
        (json!({ "reactivate": true }), "reactivate", "not_allowed", "requester1"),
    ] {
        let mut body = json!({ "body": "x", "format": "text" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        desk.api("POST", &path, who, Some(body)).await.invalid(&[(field, code)]);
    }
    let page = desk.api("GET", &path, "tech1", None).await.expect(200).json();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    assert_eq!(status(&desk, story.number).await, "assigned");
}

#[tokio::test]
async fn a_lst_03_the_list_of_occurrences_is_filtered_negated_and_counted() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/tickets/{}/occurrences", story.number);
    let of = async |query: &str, who: &str| -> Vec<String> {
        let page = desk.api("GET", &format!("{path}?{query}"), who, None).await.expect(200).json();
        page["items"].as_array().unwrap().iter().filter_map(|e| e["id"].as_str()).map(str::to_owned).collect()
    };
    let (public, private) = (story.public.to_string(), story.private.to_string());
    assert_eq!(of("not.visibility=private", "tech1").await, [public.as_str()]);
    assert_eq!(of("find=cable", "tech1").await, [public.as_str()]);
    assert_eq!(of("not.find=cable", "tech1").await, [private.as_str()]);
    assert_eq!(of("author=me&visibility=private,public", "tech1").await, [public.as_str(), private.as_str()]);
    assert_eq!(of("not.removed=true&has_attachments=false", "tech1").await.len(), 2);
    assert!(of("visibility=public", "requester1").await.is_empty(), "A-LST-04");
    let page = desk.api("GET", &format!("{path}?count=true&limit=1"), "tech1", None).await.json();
    assert_eq!((&page["count"], &page["count_exact"]), (&json!(2), &json!(true)));
    let page = desk.api("GET", &format!("{path}?count=true"), "requester1", None).await.json();
    assert_eq!(page["count"], 1);
    for (query, field) in [
        ("occurred_from=2026-03-12T10:02", "occurred_from"),
        ("not.registered_to=yesterday", "not.registered_to"),
        ("side=left", "side"),
        ("not.colour=red", "not.colour"),
        ("has_attachments=maybe", "has_attachments"),
    ] {
        desk.api("GET", &format!("{path}?{query}"), "tech1", None).await.invalid(&[(field, "invalid")]);
    }
}

#[tokio::test]
async fn a_mail_cannot_be_sent_with_an_edit_yet() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/occurrences/{}", story.public);
    let body = |send: bool| json!({ "version": 1, "minutes": 5, "send_mail": send });
    desk.api("PATCH", &path, "tech1", Some(body(true))).await.invalid(&[("send_mail", "mail_not_configured")]);
    desk.api("PATCH", &path, "tech1", Some(body(false))).await.expect(200);
}

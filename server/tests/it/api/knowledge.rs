//! `/api/v1/knowledge` and the articles of tickets (T-KNO, api.md sections 9 and 10).

use serde_json::{Value, json};

use crate::support::{Desk, PNG, Story, keys, sorted};

const AGENT: &str = "id title body body_text language category audience status entity recursive owner review_on author \
    edited_by translations attachments helped used used_exact from_private revision created_at updated_at deleted_at version";
const READER: &str = "id title body body_text language category translations attachments updated_at";

async fn make(desk: &Desk, more: &Value) -> Value {
    let mut body = json!({ "title": "VPN", "body": "Choose the gateway.", "format": "text" });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    desk.api("POST", "/knowledge", "tech1", Some(body)).await.expect(201).json()
}

fn published() -> Value {
    json!({ "audience": "public", "status": "published" })
}

fn path_of(article: &Value) -> String {
    format!("/knowledge/{}", article["id"].as_str().unwrap())
}

#[tokio::test]
async fn t_kno_01_an_article_is_made_read_changed_and_removed() {
    let desk = Desk::new().await;
    let made = make(&desk, &json!({})).await;
    assert_eq!(
        (&made["status"], &made["audience"], &made["language"]),
        (&json!("draft"), &json!("agents"), &json!("en"))
    );
    let path = path_of(&made);
    let read = desk.api("GET", &path, "tech2", None).await.expect(200);
    assert_eq!((keys(&read.json()), read.header("etag")), (sorted(AGENT), "\"1\""));
    desk.api("PATCH", &path, "tech1", Some(json!({ "title": "x" }))).await.problem(428, "version_required");
    let patch = json!({ "version": 1, "title": "VPN client", "review_on": "2026-09-01", "category": null });
    let changed = desk.api("PATCH", &path, "tech1", Some(patch)).await.expect(200).json();
    assert_eq!(
        (&changed["title"], &changed["version"], &changed["revision"]),
        (&json!("VPN client"), &json!(2), &json!(2))
    );
    let versions = desk.api("GET", &format!("{path}/versions"), "tech1", None).await.expect(200).json();
    let told: Vec<&str> = versions["items"].as_array().unwrap().iter().filter_map(|one| one["what"].as_str()).collect();
    assert_eq!(told, ["created", "edited"]);
    let back = json!({ "revision": 1 });
    let restored =
        desk.api("POST", &format!("{path}/actions/restore-version"), "tech1", Some(back)).await.expect(200).json();
    assert_eq!(restored["title"], "VPN");
    desk.api("POST", &format!("{path}/actions/restore-version"), "tech1", Some(json!({})))
        .await
        .invalid(&[("revision", "required")]);
    desk.api("DELETE", &path, "tech1", None).await.problem(428, "version_required");
    desk.api("DELETE", &format!("{path}?version=1"), "tech1", None).await.problem(409, "conflict");
    desk.api("DELETE", &format!("{path}?version=3"), "tech1", None).await.expect(204);
    desk.api("POST", &format!("{path}/actions/restore"), "tech1", None).await.expect(200);
    desk.api("DELETE", &format!("{path}?version=5"), "tech1", None).await.expect(204);
    let kept = desk.api("POST", &format!("{path}/actions/purge"), "tech1", None).await.problem(403, "forbidden");
    assert_eq!(kept["capability"], "ticket.purge");
    desk.api("POST", &format!("{path}/actions/purge"), "admin", None).await.expect(204);
    desk.api("GET", &path, "admin", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn t_kno_02_portal_users_get_published_public_articles_without_what_is_the_teams() {
    let desk = Desk::new().await;
    let hidden = path_of(&make(&desk, &json!({ "status": "published" })).await);
    desk.api("GET", &hidden, "requester1", None).await.problem(404, "not_found");
    let shown = path_of(&make(&desk, &published()).await);
    let read = desk.api("GET", &shown, "requester1", None).await.expect(200);
    assert_eq!((keys(&read.json()), read.header("etag")), (sorted(READER), ""));
    let list = desk.api("GET", "/knowledge?count=true", "requester1", None).await.expect(200).json();
    assert_eq!((list["items"].as_array().unwrap().len(), &list["count"]), (1, &json!(1)));
    for name in ["audience", "status", "review_on", "version"] {
        assert!(!keys(&list["items"][0]).contains(&name.to_owned()), "{name}");
    }
    desk.api("GET", &format!("{shown}/versions"), "requester1", None).await.problem(404, "not_found");
    desk.api("GET", "/knowledge?part=draft", "requester1", None).await.problem(422, "invalid");
    desk.api("GET", "/knowledge?part=gossip", "tech1", None).await.problem(422, "invalid");
    let hints =
        desk.api("GET", "/knowledge/suggestions?q=my%20vpn%20drops", "requester1", None).await.expect(200).json();
    assert_eq!(hints["items"].as_array().unwrap().len(), 1);
    assert_eq!(keys(&hints["items"][0]), sorted("id title lines language"));
    desk.api("GET", "/knowledge/suggestions", "requester1", None).await.invalid(&[("q", "required")]);
    desk.api("POST", &format!("{shown}/actions/helped"), "requester1", None).await.expect(200);
    assert_eq!(desk.api("GET", &shown, "tech1", None).await.json()["helped"], 1);
}

#[tokio::test]
async fn t_gen_02_every_wrong_field_is_named() {
    let desk = Desk::new().await;
    let body = json!({
        "title": " ", "body": "x", "format": "text", "language": "de", "audience": "all", "colour": "red",
    });
    let answer = desk.api("POST", "/knowledge", "tech1", Some(body)).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    let wrong = json!({ "title": "x", "body": "x", "language": "de", "review_on": "soon" });
    let answer = desk.api("POST", "/knowledge", "tech1", Some(wrong)).await;
    answer.invalid(&[("language", "invalid"), ("review_on", "invalid")]);
}

#[tokio::test]
async fn t_kno_03_a_ticket_names_its_articles_as_links() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let article = make(&desk, &published()).await;
    let path = format!("/tickets/{}/links", story.number);
    let body = json!({ "kind": "article", "target": article["id"].as_str().unwrap().to_uppercase() });
    let link = desk.api("POST", &path, "tech1", Some(body)).await.expect(201).json();
    assert_eq!((&link["kind"], &link["target"]["title"]), (&json!("article"), &json!("VPN")));
    let list = desk.api("GET", &path, "observer", None).await.expect(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let wrong = json!({ "kind": "article", "target": story.public });
    desk.api("POST", &path, "tech1", Some(wrong)).await.invalid(&[("target", "unknown_reference")]);
    let one = format!("{path}/{}", article["id"].as_str().unwrap());
    desk.api("DELETE", &one, "tech1", None).await.expect(204);
    desk.api("DELETE", &one, "tech1", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn t_kno_04_an_entry_is_saved_to_the_knowledge_base() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let path = format!("/occurrences/{}/actions/save-to-knowledge", story.private);
    let made = desk.api("POST", &path, "tech1", None).await.expect(201);
    let article = made.json();
    assert_eq!((&article["status"], &article["from_private"]), (&json!("draft"), &json!(true)));
    let open = json!({ "version": 1, "audience": "public" });
    desk.api("PATCH", &path_of(&article), "tech1", Some(open)).await.invalid(&[("confirm_public", "required")]);
    let sure = json!({ "version": 1, "audience": "public", "confirm_public": true });
    desk.api("PATCH", &path_of(&article), "tech1", Some(sure)).await.expect(200);
}

#[tokio::test]
async fn t_doc_03_files_of_an_article_are_for_its_readers() {
    let desk = Desk::new().await;
    let file = desk.upload("plan.png", PNG, "tech1").await.expect(201).json();
    let article = make(&desk, &json!({ "attachments": [file["id"]] })).await;
    assert_eq!(article["attachments"][0]["name"], "plan.png");
    let content = format!("/documents/{}/content", file["id"].as_str().unwrap());
    desk.api("GET", &content, "tech2", None).await.expect(200);
    desk.api("GET", &content, "requester1", None).await.problem(404, "not_found");
    let open = json!({ "version": 1, "audience": "public", "status": "published" });
    desk.api("PATCH", &path_of(&article), "tech1", Some(open)).await.expect(200);
    desk.api("GET", &content, "requester1", None).await.expect(200);
}

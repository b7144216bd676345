//! `/api/v1/templates/{replies|mails}` (T-TPL-01, T-TPL-02).

use serde_json::{Value, json};

use crate::support::{Desk, Story, keys, sorted};

const REPLY: &str =
    "id name entity recursive active shipped broken texts category source visibility updated_at version";

async fn make(desk: &Desk, name: &str, text: &str) -> Value {
    let body = json!({ "name": name, "entity": desk.world.root, "texts": { "en": text }, "visibility": "public" });
    desk.api("POST", "/templates/replies", "supervisor", Some(body)).await.expect(201).json()
}

#[tokio::test]
async fn t_tpl_01_a_reply_is_made_read_changed_and_removed() {
    let desk = Desk::new().await;
    let made = make(&desk, "Received", "We got it.").await;
    let path = format!("/templates/replies/{}", made["id"].as_str().unwrap());
    let read = desk.api("GET", &path, "tech1", None).await.expect(200);
    assert_eq!(read.header("etag"), "\"1\"");
    let read = read.json();
    assert_eq!(keys(&read), sorted(REPLY));
    assert_eq!(read["texts"], json!({ "en": "We got it.", "pt-BR": null, "es": null, "fr": null }));
    assert_eq!(
        (&read["visibility"], &read["category"], &read["shipped"]),
        (&json!("public"), &Value::Null, &json!(false))
    );
    let patch = json!({ "version": 1, "texts": { "fr": "Bien reçu." }, "visibility": null });
    let changed = desk.api("PATCH", &path, "supervisor", Some(patch)).await.expect(200).json();
    assert_eq!((&changed["texts"]["en"], &changed["texts"]["fr"]), (&json!("We got it."), &json!("Bien reçu.")));
    assert_eq!(
        (&changed["version"], &changed["visibility"], &changed["warnings"]),
        (&json!(2), &Value::Null, &json!([]))
    );
    desk.api("DELETE", &path, "supervisor", None).await.problem(428, "version_required");
    desk.api("DELETE", &format!("{path}?version=1"), "supervisor", None).await.problem(409, "conflict");
    let forbidden = desk.api("DELETE", &format!("{path}?version=2"), "tech1", None).await.problem(403, "forbidden");
    assert_eq!(forbidden["capability"], "admin.templates");
    desk.api("DELETE", &format!("{path}?version=2"), "supervisor", None).await.expect(204);
    desk.api("GET", &path, "supervisor", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn t_tpl_02_a_broken_text_is_told_with_its_place() {
    let desk = Desk::new().await;
    let body = json!({
        "name": "Broken", "entity": desk.world.root, "texts": { "en": "Hello\n{{ entry.text }}", "fr": "{{ 7*7 }}" },
    });
    let answer = desk.api("POST", "/templates/replies", "admin", Some(body.clone())).await;
    answer.invalid(&[("texts.en", "template_unknown_variable"), ("texts.fr", "template_invalid")]);
    let problem = answer.json();
    let errors = problem["errors"].as_array().unwrap();
    let english = errors.iter().find(|error| error["field"] == "texts.en").unwrap();
    assert_eq!((&english["data"]["line"], &english["data"]["column"]), (&json!(2), &json!(4)));
    assert!(english["data"]["reason"].as_str().unwrap().contains("entry.text"), "{english}");
    // A mail may speak of its entry.
    let mut mail = body;
    mail["texts"] = json!({ "en": "Hello\n{{ entry.text }}" });
    desk.api("POST", "/templates/mails", "admin", Some(mail)).await.expect(201);
    let wrong = json!({ "name": "", "entity": "nowhere", "colour": "red" });
    let answer = desk.api("POST", "/templates/replies", "admin", Some(wrong)).await;
    answer.invalid(&[("name", "required"), ("texts", "required"), ("colour", "unknown_field")]);
    for kind in ["reply", "gossip"] {
        desk.api("GET", &format!("/templates/{kind}"), "admin", None).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn t_tpl_02_a_preview_shows_the_text_with_a_ticket() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let made = make(&desk, "Received", "About #{{ ticket.number }}").await;
    let path = format!("/templates/replies/{}/preview", made["id"].as_str().unwrap());
    let body = json!({ "ticket": story.number, "language": "es" });
    let shown = desk.api("POST", &path, "admin", Some(body)).await.expect(200).json();
    assert_eq!(keys(&shown), sorted("ticket language body body_text"));
    assert_eq!(shown["body_text"], format!("About #{}", story.number));
    let unknown = desk.api("POST", &path, "admin", Some(json!({ "ticket": 999_999 }))).await;
    unknown.invalid(&[("ticket", "unknown_reference")]);
    let wrong = desk.api("POST", &path, "admin", Some(json!({ "language": "de" }))).await;
    wrong.invalid(&[("ticket", "required"), ("language", "invalid")]);
}

#[tokio::test]
async fn t_set_07_a_template_in_use_tells_the_settings_that_name_it() {
    let desk = Desk::new().await;
    let body = json!({ "name": "Ours", "entity": desk.world.root, "texts": { "en": "{{ entry.text }}" } });
    let made = desk.api("POST", "/templates/mails", "admin", Some(body)).await.expect(201).json();
    let id = made["id"].as_str().unwrap();
    let values = json!({ "entity": desk.world.root, "version": 1, "values": { "mail.template_requester": id } });
    desk.api("PATCH", "/settings", "admin", Some(values)).await.expect(200);
    let path = format!("/templates/mails/{id}");
    let problem = desk.api("DELETE", &format!("{path}?version=1"), "admin", None).await.problem(409, "in_use");
    let expected = json!([{ "key": "mail.template_requester", "entity": { "id": desk.world.root, "name": "Acme" } }]);
    assert_eq!(problem["data"]["settings"], expected);
    let off = json!({ "version": 1, "active": false });
    desk.api("PATCH", &path, "admin", Some(off)).await.problem(409, "in_use");
}

#[tokio::test]
async fn t_tpl_01_a_shipped_mail_is_reset_by_null() {
    let desk = Desk::new().await;
    let list = desk.api("GET", "/templates/mails", "admin", None).await.expect(200).json();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 4);
    let id = items[0]["id"].as_str().unwrap();
    let path = format!("/templates/mails/{id}");
    let own = json!({ "version": 1, "texts": { "en": "Ours." } });
    let changed = desk.api("PATCH", &path, "admin", Some(own)).await.expect(200).json();
    assert_eq!(changed["texts"]["en"], "Ours.");
    let back = json!({ "version": 2, "texts": null });
    let reset = desk.api("PATCH", &path, "admin", Some(back)).await.expect(200).json();
    assert_eq!(reset["texts"]["en"].as_str().map(str::trim), items[0]["texts"]["en"].as_str().map(str::trim));
    assert!(reset.get("category").is_none(), "only replies set one");
}

#[tokio::test]
async fn a_idm_01_a_template_is_made_once_under_a_key() {
    let desk = Desk::new().await;
    let key = [("idempotency-key", "t1")];
    let body = json!({ "name": "Once", "entity": desk.world.root, "texts": { "en": "x" } });
    let first = desk.api_with("POST", "/templates/replies", "admin", &key, Some(body.clone())).await.expect(201);
    let second = desk.api_with("POST", "/templates/replies", "admin", &key, Some(body)).await.expect(201);
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!((first.header("location"), first.text()), (second.header("location"), second.text()));
    assert_eq!(desk.world.count("template WHERE name = 'Once'").await, 1);
}

#[tokio::test]
async fn t_occ_09_an_entry_names_the_template_it_was_begun_with() {
    let desk = Desk::new().await;
    let story = Story::tell(&desk).await;
    let made = make(&desk, "Received", "We got it.").await;
    let path = format!("/tickets/{}/occurrences", story.number);
    let body = json!({ "body": "We got it.", "format": "text", "template": made["id"] });
    let entry = desk.api("POST", &path, "tech1", Some(body)).await.expect(201).json();
    assert_eq!(entry["template"], json!({ "id": made["id"], "name": "Received" }));
    let unknown = json!({ "body": "x", "format": "text", "template": "0195a1f0-0000-7000-8000-000000000000" });
    desk.api("POST", &path, "tech1", Some(unknown)).await.invalid(&[("template", "unknown_reference")]);
}

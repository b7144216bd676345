//! `/api/v1`: users, groups, roles, entities as administrators change them, `/roles/why`, `/audit` (section 8).

use serde_json::{Value, json};

use crate::support::{Desk, keys, sorted};

async fn role(desk: &Desk, key: &str) -> Value {
    let roles = desk.api("GET", "/roles", "admin", None).await.expect(200).json();
    roles["items"].as_array().unwrap().iter().find(|role| role["key"] == key).cloned().unwrap()
}

#[tokio::test]
async fn t_rol_01_a_user_is_made_changed_disabled_and_invited() {
    let desk = Desk::new().await;
    let technician = role(&desk, "technician").await["id"].clone();
    let body = json!({
        "name": "Rita", "email": "rita@example.org", "phone": "12",
        "assignments": [{ "entity": desk.world.brasil, "role": technician, "recursive": true }],
    });
    let key = [("idempotency-key", "k1")];
    let made = desk.api_with("POST", "/users", "admin", &key, Some(body.clone())).await.expect(201);
    let user = made.json();
    assert_eq!(made.header("location"), format!("/api/v1/users/{}", user["id"].as_str().unwrap()));
    assert_eq!(user["assignments"][0]["role"]["name"], "Technician");
    let again = desk.api_with("POST", "/users", "admin", &key, Some(body)).await.expect(201);
    assert_eq!(again.json()["id"], user["id"]);

    let path = format!("/users/{}", user["id"].as_str().unwrap());
    let change = json!({ "version": 1, "phone": null, "assignments": [] });
    let changed = desk.api("PATCH", &path, "admin", Some(change)).await.expect(200).json();
    assert_eq!(
        (&changed["version"], &changed["phone"], &changed["assignments"]),
        (&json!(2), &Value::Null, &json!([]))
    );
    desk.api("PATCH", &path, "admin", Some(json!({ "name": "Rita" }))).await.problem(428, "version_required");
    let wrong = json!({ "version": 2, "email": "tech1@example.org", "language": "de" });
    desk.api("PATCH", &path, "admin", Some(wrong)).await.invalid(&[("language", "invalid")]);
    let twin = json!({ "version": 2, "email": "tech1@example.org" });
    desk.api("PATCH", &path, "admin", Some(twin)).await.invalid(&[("email", "duplicate")]);

    let link = desk.api("POST", &format!("{path}/actions/invite"), "admin", None).await.expect(200).json();
    assert!(link["link"].as_str().is_some_and(|link| link.contains("/invitation?token=")), "{link}");
    let off = desk.api("POST", &format!("{path}/actions/disable"), "admin", None).await.expect(200).json();
    assert_eq!(off["active"], false);
    let forgotten = desk.api("POST", &format!("{path}/actions/anonymise"), "admin", None).await.expect(200).json();
    assert_eq!((&forgotten["name"], &forgotten["email"]), (&json!("Removed user"), &json!("")));
}

#[tokio::test]
async fn t_rol_08_the_last_administrator_is_told_so() {
    let desk = Desk::new().await;
    let id = desk.world.person("admin").await.id;
    for action in ["disable", "anonymise"] {
        let answer = desk.api("POST", &format!("/users/{id}/actions/{action}"), "admin", None).await;
        answer.problem(409, "last_administrator");
    }
    let answer =
        desk.api("PATCH", &format!("/users/{id}"), "admin", Some(json!({ "version": 1, "assignments": [] }))).await;
    answer.problem(409, "last_administrator");
    let refused = desk.api("POST", "/users", "tech1", Some(json!({ "name": "Eve" }))).await.problem(403, "forbidden");
    assert_eq!(refused["capability"], "admin.users");
}

#[tokio::test]
async fn t_rol_02_a_copied_role_says_what_it_changes() {
    let desk = Desk::new().await;
    let technician = role(&desk, "technician").await;
    assert_eq!(keys(&technician), sorted("id key name shipped capabilities people version"));
    let path = format!("/roles/{}", technician["id"].as_str().unwrap());
    let refused = desk.api("PATCH", &path, "admin", Some(json!({ "version": 1, "name": "Tech" }))).await;
    refused.invalid(&[("shipped", "not_allowed")]);
    let body = json!({ "name": "Dispatcher", "copy_of": technician["id"] });
    let copy = desk.api("POST", "/roles", "admin", Some(body)).await.expect(201).json();
    assert_eq!((&copy["capabilities"], &copy["key"]), (&technician["capabilities"], &Value::Null));
    let path = format!("/roles/{}", copy["id"].as_str().unwrap());
    let body = json!({ "version": 1, "capabilities": ["ticket.take"] });
    let saved = desk.api("PATCH", &path, "admin", Some(body)).await.expect(200).json();
    assert_eq!((&saved["effects"], &saved["version"]), (&json!([]), &json!(2)), "nobody has it");
    let wrong = json!({ "version": 2, "capabilities": ["ticket.fly"] });
    desk.api("PATCH", &path, "admin", Some(wrong)).await.invalid(&[("capabilities[0]", "unknown_reference")]);
    desk.api("DELETE", &path, "admin", None).await.problem(428, "version_required");
    desk.api("DELETE", &format!("{path}?version=2"), "admin", None).await.expect(204);

    let tech = desk.world.person("tech1").await.id;
    let why =
        desk.api("GET", &format!("/roles/why?user={tech}&capability=ticket.take"), "admin", None).await.expect(200);
    let why = why.json();
    assert_eq!((&why["allowed"], &why["because"][0]["role"]["name"]), (&json!(true), &json!("Technician")));
    let missing = desk.api("GET", "/roles/why", "admin", None).await;
    missing.invalid(&[("user", "required"), ("capability", "required")]);
}

#[tokio::test]
async fn t_rol_04_groups_and_entities_are_made_changed_and_taken_away() {
    let desk = Desk::new().await;
    let tech = desk.world.person("tech1").await.id;
    let body = json!({
        "name": "Field", "entity": desk.world.brasil, "members": [tech], "managers": [{ "id": tech, "name": "tech1" }],
        "extra_addresses": ["desk@partner.example"], "mandatory_notifications": ["progress"],
    });
    let group = desk.api("POST", "/groups", "admin", Some(body)).await.expect(201).json();
    assert_eq!(
        (&group["managers"][0]["name"], &group["mandatory_notifications"]),
        (&json!("tech1"), &json!(["progress"]))
    );
    let path = format!("/groups/{}", group["id"].as_str().unwrap());
    let seen = desk.api("GET", &path, "tech1", None).await.expect(200).json();
    assert!(seen.get("extra_addresses").is_none() && seen.get("version").is_none(), "{seen}");
    let wrong = json!({ "version": 1, "mandatory_notifications": ["gossip"], "members": ["x"] });
    let answer = desk.api("PATCH", &path, "admin", Some(wrong)).await;
    answer.invalid(&[("mandatory_notifications[0]", "invalid"), ("members[0]", "unknown_reference")]);
    desk.api("DELETE", &format!("{path}?version=1"), "admin", None).await.expect(204);
    desk.api("GET", &path, "admin", None).await.problem(404, "not_found");

    let body = json!({ "name": "Rio", "parent": desk.world.brasil });
    let rio = desk.api("POST", "/entities", "admin", Some(body)).await.expect(201).json();
    assert_eq!((&rio["path"], &rio["version"]), (&json!("Acme > Brasil > Rio"), &json!(1)));
    let path = format!("/entities/{}", rio["id"].as_str().unwrap());
    let body = json!({ "version": 1, "parent": { "id": desk.world.root } });
    let moved = desk.api("PATCH", &path, "admin", Some(body)).await.expect(200).json();
    assert_eq!(moved["path"], "Acme > Rio");
    let brasil = format!("/entities/{}?version=1", desk.world.brasil);
    desk.api("DELETE", &brasil, "admin", None).await.problem(409, "in_use");
    desk.api("DELETE", &format!("{path}?version=2"), "admin", None).await.expect(204);
    assert!(desk.api("GET", &path, "tech1", None).await.json().get("version").is_none());

    let log = desk.api("GET", "/audit?count=true", "observer", None).await.expect(200).json();
    let kinds: Vec<&str> = log["items"].as_array().unwrap().iter().filter_map(|row| row["kind"].as_str()).collect();
    assert_eq!(kinds, ["entity_deleted", "entity_changed", "entity_created", "group_deleted", "group_created"]);
    desk.api("GET", "/audit?from=soon", "observer", None).await.invalid(&[("from", "invalid")]);
}

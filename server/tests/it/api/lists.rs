//! `/api/v1/lists/{list}`.

use serde_json::{Value, json};

use crate::support::{Desk, keys, sorted};

#[tokio::test]
async fn rows_have_names_in_four_languages() {
    let desk = Desk::new().await;
    let path = format!("/lists/occurrence-categories?entity={}", desk.world.brasil);
    let page = desk.api("GET", &path, "tech1", None).await.expect(200).json();
    let row = &page["items"][0];
    for name in sorted("id name names parent active position") {
        assert!(keys(row).contains(&name), "{name}: {row}");
    }
    assert_eq!(keys(&row["names"]), ["en", "es", "fr", "pt-BR"]);
}

#[tokio::test]
async fn lists_of_this_part_have_their_address_and_others_have_none() {
    let desk = Desk::new().await;
    let at = |list: &str| format!("/lists/{list}?entity={}", desk.world.brasil);
    let lists = "ticket-categories occurrence-categories request-sources locations pending-reasons calendars \
                 solution-types knowledge-categories task-categories customer-occurrence-categories customer-segments";
    for list in sorted(lists) {
        desk.api("GET", &at(&list), "tech1", None).await.expect(200);
    }
    for list in ["gossip", "contract-types", "Locations"] {
        desk.api("GET", &at(list), "tech1", None).await.problem(404, "not_found");
    }
    // Who sees no customers learns of no list about them.
    for list in ["customer-occurrence-categories", "customer-segments"] {
        desk.api("GET", &at(list), "requester1", None).await.problem(404, "not_found");
    }
    desk.api("GET", "/lists/locations", "tech1", None).await.invalid(&[("entity", "required")]);
    desk.api("GET", "/lists/locations?entity=nowhere", "tech1", None).await.problem(422, "invalid");
}

#[tokio::test]
async fn requesters_get_the_rows_that_the_portal_shows() {
    let desk = Desk::new().await;
    let hidden =
        desk.world.list_row(service::lists::TICKET_CATEGORIES, "Internal only", |row| row.portal = false).await;
    let shown = desk.world.list_row(service::lists::TICKET_CATEGORIES, "For everybody", |row| row.portal = true).await;
    let path = format!("/lists/ticket-categories?entity={}", desk.world.brasil);
    let theirs = desk.api("GET", &path, "requester1", None).await.expect(200).text();
    assert!(theirs.contains(&shown) && !theirs.contains(&hidden), "{theirs}");
    let ours = desk.api("GET", &path, "tech1", None).await.expect(200).text();
    assert!(ours.contains(&shown) && ours.contains(&hidden), "{ours}");
    // The same by the way of the pages: nothing that feeds a form tells more.
    let story = crate::support::Story::tell(&desk).await;
    let (number, public) = (story.number.to_string(), story.public.to_string());
    for (name, fields) in [
        ("new_ticket", vec![("follow_up_of", ""), ("words", "")]),
        ("occurrence_page", vec![("number", number.as_str()), ("id", public.as_str()), ("revisions", "false")]),
        ("request_detail", vec![("number", number.as_str()), ("query[limit]", "5")]),
    ] {
        let answer = desk.call(name, &fields, "requester1").await;
        assert!(!answer.text().contains("Internal only"), "{name}: {}", answer.text());
    }
}

/// A new row of the root entity, as it was answered.
async fn made(desk: &Desk, list: &str, body: Value) -> Value {
    let mut whole = json!({ "entity": desk.world.root });
    whole.as_object_mut().unwrap().extend(body.as_object().cloned().unwrap_or_default());
    desk.api("POST", &format!("/lists/{list}"), "supervisor", Some(whole)).await.expect(201).json()
}

#[tokio::test]
async fn t_set_09_a_row_is_made_changed_and_deleted() {
    let desk = Desk::new().await;
    let names = json!({ "en": "Cable", "pt-BR": "Cabo", "es": null });
    let body = json!({ "entity": desk.world.root, "names": names, "for_request": false });
    let answer = desk.api("POST", "/lists/ticket-categories", "supervisor", Some(body)).await.expect(201);
    let row = answer.json();
    let path = format!("/lists/ticket-categories/{}", row["id"].as_str().unwrap());
    assert_eq!((answer.header("location"), answer.header("etag")), (format!("/api/v1{path}").as_str(), "\"1\""));
    assert_eq!(row["names"], json!({ "en": "Cable", "pt-BR": "Cabo", "es": null, "fr": null }));
    assert_eq!(
        (&row["for_incident"], &row["for_request"], &row["portal"]),
        (&json!(true), &json!(false), &json!(false))
    );
    assert_eq!((&row["entity"]["name"], &row["recursive"]), (&json!("Acme"), &json!(true)));
    assert_eq!(desk.api("GET", &path, "tech1", None).await.expect(200).json()["id"], row["id"]);
    desk.api("GET", &path, "requester1", None).await.problem(404, "not_found");

    let patch = json!({ "version": 1, "names": { "pt-BR": null, "fr": "Câble" }, "portal": true });
    let changed = desk.api("PATCH", &path, "supervisor", Some(patch)).await.expect(200).json();
    assert_eq!(changed["names"], json!({ "en": "Cable", "pt-BR": null, "es": null, "fr": "Câble" }));
    assert_eq!((&changed["version"], &changed["for_request"]), (&json!(2), &json!(false)));
    let shown = desk.api("GET", &path, "requester1", None).await.expect(200).json();
    for hidden in ["entity", "recursive", "version", "routing_group"] {
        assert_eq!(shown.get(hidden), None, "{hidden}");
    }

    desk.api("DELETE", &path, "supervisor", None).await.problem(428, "version_required");
    desk.api("DELETE", &format!("{path}?version=1"), "supervisor", None).await.problem(409, "conflict");
    desk.api_with("DELETE", &path, "supervisor", &[("if-match", "\"1\"")], None)
        .await
        .problem(412, "precondition_failed");
    desk.api("DELETE", &format!("{path}?version=2"), "supervisor", None).await.expect(204);
    desk.api("GET", &path, "tech1", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn t_set_09_every_wrong_field_is_named() {
    let desk = Desk::new().await;
    made(&desk, "locations", json!({ "names": { "en": "Hall", "fr": "Salle" } })).await;
    let post = async |body: Value| desk.api("POST", "/lists/locations", "supervisor", Some(body)).await;
    let root = desk.world.root;
    post(json!({ "entity": root, "names": { "en": "HALL", "fr": "Salle" } }))
        .await
        .invalid(&[("names.en", "duplicate_name"), ("names.fr", "duplicate_name")]);
    post(json!({ "entity": root, "names": { "de": "Saal" }, "for_tickets": true, "active": "yes" })).await.invalid(&[
        ("names.de", "unknown_field"),
        ("for_tickets", "unknown_field"),
        ("active", "invalid"),
    ]);
    post(json!({ "entity": root, "names": {}, "parent": root, "position": -1 })).await.invalid(&[
        ("names.en", "required"),
        ("parent", "unknown_reference"),
        ("position", "out_of_range"),
    ]);
    post(json!({ "names": { "en": "Room" } })).await.invalid(&[("entity", "required")]);
    let foreign = json!({ "entity": "0195a1f0-0000-7000-8000-000000000000", "names": { "en": "Room" } });
    post(foreign).await.invalid(&[("entity", "unknown_reference")]);
    desk.api("POST", "/lists/gossip", "supervisor", Some(json!({ "entity": root }))).await.problem(404, "not_found");
}

#[tokio::test]
async fn t_set_07_what_is_in_use_says_what_uses_it() {
    let desk = Desk::new().await;
    let row = made(&desk, "request-sources", json!({ "names": { "en": "Counter" } })).await;
    let id = row["id"].as_str().unwrap().to_owned();
    desk.world.set(domain::settings::Key::TicketDefaultSource, desk.world.brasil, &id).await;
    let path = format!("/lists/request-sources/{id}");
    let off = json!({ "version": 1, "active": false });
    for answer in [
        desk.api("PATCH", &path, "supervisor", Some(off)).await,
        desk.api("DELETE", &format!("{path}?version=1"), "supervisor", None).await,
    ] {
        let data = answer.problem(409, "in_use")["data"].clone();
        let expected =
            json!([{ "key": "ticket.default_source", "entity": { "id": desk.world.brasil, "name": "Brasil" } }]);
        assert_eq!((&data["settings"], &data["other_settings"]), (&expected, &json!(0)), "{data}");
    }
    let portal = desk.world.coded(service::lists::SOURCES, "portal").await;
    let off = json!({ "version": 1, "active": false });
    let answer = desk.api("PATCH", &format!("/lists/request-sources/{portal}"), "supervisor", Some(off)).await;
    answer.invalid(&[("active", "not_allowed")]);
}

#[tokio::test]
async fn t_set_02_those_who_read_a_row_and_may_not_edit_it_are_told_so() {
    let desk = Desk::new().await;
    let row = made(&desk, "locations", json!({ "names": { "en": "Hall" } })).await;
    let path = format!("/lists/locations/{}", row["id"].as_str().unwrap());
    for who in ["observer", "tech1"] {
        let patch = json!({ "version": 1, "active": false });
        desk.api("PATCH", &path, who, Some(patch)).await.problem(403, "forbidden");
        desk.api("DELETE", &format!("{path}?version=1"), who, None).await.problem(403, "forbidden");
    }
    desk.api("PATCH", &path, "requester1", Some(json!({ "version": 1 }))).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_idm_01_a_row_is_made_once_under_one_key() {
    let desk = Desk::new().await;
    let body = json!({ "entity": desk.world.root, "names": { "en": "Hall" } });
    let post = async || {
        desk.api_with("POST", "/lists/locations", "supervisor", &[("idempotency-key", "k")], Some(body.clone())).await
    };
    let (first, again) = (post().await.expect(201), post().await.expect(201));
    assert_eq!(first.json(), again.json());
    assert_eq!(again.header("idempotency-replayed"), "true");
}

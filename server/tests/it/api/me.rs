//! `/api/v1/me`: the caller changes himself.

use serde_json::{Value, json};

use crate::support::Desk;

async fn patch(desk: &Desk, body: Value) -> crate::support::Answer {
    desk.api("PATCH", "/me", "tech1", Some(body)).await
}

#[tokio::test]
async fn a_ver_01_a_profile_merges_and_refuses_by_field() {
    let desk = Desk::new().await;
    let version = desk.api("GET", "/me", "tech1", None).await.expect(200).json()["version"].as_i64().unwrap();
    patch(&desk, json!({ "theme": "dark" })).await.problem(428, "version_required");
    let answer = patch(&desk, json!({ "version": version, "theme": "dark" })).await.expect(200);
    assert_eq!(answer.header("etag"), format!("\"{}\"", version + 1));
    let answer = patch(&desk, json!({ "version": version, "theme": "light", "density": "comfortable" })).await;
    let problem = answer.problem(409, "conflict");
    assert_eq!(problem["data"]["version"], version + 1);
    let conflicts = problem["data"]["conflicts"].as_array().unwrap();
    assert_eq!(conflicts.len(), 1, "{problem}");
    assert_eq!((&conflicts[0]["field"], &conflicts[0]["yours"]), (&json!("theme"), &json!("light")));
    assert_eq!((&conflicts[0]["theirs"], &conflicts[0]["by"]["kind"]), (&json!("dark"), &json!("user")));
    let me = desk.api("GET", "/me", "tech1", None).await.json();
    assert_eq!(me["density"], "compact", "nothing was saved");
    let merged =
        patch(&desk, json!({ "version": version, "density": "comfortable", "theme": "dark" })).await.expect(200);
    assert_eq!((&merged.json()["density"], &merged.json()["theme"]), (&json!("comfortable"), &json!("dark")));
    let tag = format!("\"{version}\"");
    let answer = desk.api_with("PATCH", "/me", "tech1", &[("if-match", &tag)], Some(json!({ "theme": "auto" }))).await;
    assert_eq!(answer.problem(412, "precondition_failed")["data"]["version"], version + 2);
}

#[tokio::test]
async fn a_bas_04_preferences_are_kept_emptied_and_named_below_their_name() {
    let desk = Desk::new().await;
    let of = |preferences: Value| json!({ "version": 1, "preferences": preferences });
    patch(&desk, of(json!({ "timeline_order": "desc", "show_events": true }))).await.expect(200);
    let after =
        patch(&desk, json!({ "version": 2, "preferences": { "timeline_order": null } })).await.expect(200).json();
    assert!(after["preferences"]["timeline_order"].is_null(), "{after}");
    assert_eq!(after["preferences"]["show_events"], true, "what is absent stays");
    for (preferences, field, code) in [
        (json!({ "timeline_order": "none" }), "preferences.timeline_order", "invalid"),
        (json!({ "timeline_order": "sideways" }), "preferences.timeline_order", "invalid"),
        (json!({ "show_events": null }), "preferences.show_events", "required"),
        (json!({ "show_events": "true" }), "preferences.show_events", "invalid"),
        (json!({ "default_visibility": "secret" }), "preferences.default_visibility", "invalid"),
        (json!({ "default_visibility": null }), "preferences.default_visibility", "required"),
        (json!({ "task_default_visibility": "secret" }), "preferences.task_default_visibility", "invalid"),
        (json!({ "colour": "red" }), "preferences.colour", "unknown_field"),
    ] {
        patch(&desk, of(preferences)).await.invalid(&[(field, code)]);
    }
    let both = json!({ "default_visibility": "public", "task_default_visibility": "public" });
    let after = patch(&desk, json!({ "version": 3, "preferences": both })).await.expect(200).json();
    assert_eq!(after["preferences"]["task_default_visibility"], "public");
    let alone = json!({ "version": 4, "preferences": { "task_default_visibility": "private" } });
    let after = patch(&desk, alone).await.expect(200).json();
    assert_eq!(after["preferences"]["task_default_visibility"], "private");
    assert_eq!(after["preferences"]["default_visibility"], "public", "each stands alone");
}

#[tokio::test]
async fn the_answer_speaks_in_the_zone_just_saved() {
    let desk = Desk::new().await;
    let after = patch(&desk, json!({ "version": 1, "time_zone": "America/Sao_Paulo", "signature": "Tom" })).await;
    let after = after.expect(200).json();
    assert_eq!((&after["time_zone"], &after["signature"]), (&json!("America/Sao_Paulo"), &json!("Tom")));
    let after = patch(&desk, json!({ "version": 2, "signature": null })).await.expect(200).json();
    assert_eq!(after["signature"], "");
}

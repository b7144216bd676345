//! `/api/v1/settings` (T-SET-08) and the test of the mail server (M-TRN-02).

use serde_json::{Value, json};

use crate::support::{Answer, Desk, keys, sorted};

async fn get(desk: &Desk, entity: &str) -> Answer {
    desk.api("GET", &format!("/settings?entity={entity}"), "admin", None).await
}

async fn patch(desk: &Desk, entity: &str, version: i64, values: Value) -> Answer {
    let body = json!({ "entity": entity, "version": version, "values": values });
    desk.api("PATCH", "/settings", "admin", Some(body)).await
}

#[track_caller]
fn row(settings: &Value, key: &str) -> Value {
    let items = settings["items"].as_array().unwrap();
    items.iter().find(|item| item["key"] == key).cloned().unwrap_or_else(|| panic!("{key} is not listed"))
}

#[tokio::test]
async fn t_set_08_every_row_has_its_type_value_and_origin() {
    let desk = Desk::new().await;
    let root = desk.world.root.to_string();
    let answer = get(&desk, &root).await.expect(200);
    assert_eq!(answer.header("etag"), "\"1\"");
    let settings = answer.json();
    let days = row(&settings, "reopen_days");
    assert_eq!(keys(&days), sorted("key number type value origin inherited_from default scope warning"));
    let expected = json!({
        "key": "reopen_days", "number": 171, "type": "int", "value": 7, "origin": "default", "inherited_from": null,
        "default": 7, "scope": "E", "warning": null,
    });
    assert_eq!(days, expected);
    assert_eq!(row(&settings, "portal.cancel")["value"], json!(false));
    assert_eq!(row(&settings, "priority.matrix")["value"][0], json!([1, 1, 2, 2, 2]));
    assert_eq!(row(&settings, "ticket.default_group")["value"], Value::Null);
    let server = row(&settings, "mail.transport");
    assert_eq!((&server["value"], &server["warning"]), (&Value::Null, &json!("mail_not_configured")));
    assert_eq!(row(&settings, "upload.max_mib")["scope"], "I");
    desk.api("GET", "/settings", "admin", None).await.invalid(&[("entity", "required")]);
}

#[tokio::test]
async fn t_set_08_values_are_saved_together_or_not_at_all_and_null_inherits() {
    let desk = Desk::new().await;
    let (root, brasil) = (desk.world.root.to_string(), desk.world.brasil.to_string());
    let saved = patch(&desk, &root, 1, json!({ "reopen_days": 3, "portal.cancel": true })).await.expect(200).json();
    assert_eq!((&saved["version"], &saved["warnings"]), (&json!(2), &json!([])));
    let below = get(&desk, &brasil).await.expect(200).json();
    let days = row(&below, "reopen_days");
    assert_eq!((&days["value"], &days["origin"]), (&json!(3), &json!("inherited")));
    assert_eq!(days["inherited_from"]["id"], json!(root));

    patch(&desk, &brasil, 1, json!({ "reopen_days": 5 })).await.expect(200);
    let refused =
        patch(&desk, &brasil, 2, json!({ "reopen_days": 400, "portal.cancel": false, "mail.nothing": 1 })).await;
    refused.invalid(&[("reopen_days", "out_of_range"), ("mail.nothing", "unknown_setting")]);
    patch(&desk, &brasil, 2, json!({ "portal.cancel": "false" })).await.invalid(&[("portal.cancel", "invalid")]);
    let kept = get(&desk, &brasil).await.json();
    assert_eq!((&row(&kept, "portal.cancel")["origin"], &kept["version"]), (&json!("inherited"), &json!(2)));

    let given_up = patch(&desk, &brasil, 2, json!({ "reopen_days": null })).await.expect(200).json();
    assert_eq!(row(&given_up, "reopen_days")["origin"], "inherited");
}

#[tokio::test]
async fn a_ver_01_settings_need_a_version_and_tell_conflicts() {
    let desk = Desk::new().await;
    let root = desk.world.root.to_string();
    let without = json!({ "entity": root, "values": { "reopen_days": 3 } });
    desk.api("PATCH", "/settings", "admin", Some(without.clone())).await.problem(428, "version_required");
    desk.api_with("PATCH", "/settings", "admin", &[("if-match", "\"1\"")], Some(without.clone())).await.expect(200);
    let stale = desk.api_with("PATCH", "/settings", "admin", &[("if-match", "\"1\"")], Some(without)).await;
    assert_eq!(stale.problem(412, "precondition_failed")["data"]["version"], 2);
    let problem = patch(&desk, &root, 1, json!({ "reopen_days": 9 })).await.problem(409, "conflict");
    let conflicts = problem["data"]["conflicts"].as_array().unwrap();
    assert_eq!((conflicts.len(), &conflicts[0]["field"]), (1, &json!("reopen_days")));
    assert_eq!((&conflicts[0]["yours"], &conflicts[0]["theirs"]), (&json!("9"), &json!("3")));
    patch(&desk, &root, 1, json!({ "portal.cancel": true })).await.expect(200);
    let extra = json!({ "entity": root, "version": 1, "values": {}, "colour": "red" });
    desk.api("PATCH", "/settings", "admin", Some(extra)).await.invalid(&[("colour", "unknown_field")]);
}

#[tokio::test]
async fn t_set_02_an_entity_out_of_reach_is_unknown() {
    let desk = Desk::new().await;
    let root = desk.world.root.to_string();
    let foreign = desk.api("GET", &format!("/settings?entity={root}"), "supervisor", None).await;
    let unknown = get(&desk, "0195a1f0-0000-7000-8000-000000000000").await;
    foreign.problem(404, "not_found");
    unknown.problem(404, "not_found");
    assert_eq!(foreign.comparable(), unknown.comparable());
}

#[tokio::test]
async fn m_trn_02_without_a_mail_server_there_is_nothing_to_test() {
    let desk = Desk::new().await;
    let answer = desk.api("POST", "/settings/mail/actions/test", "admin", None).await;
    answer.invalid(&[("mail.transport", "mail_not_configured")]);
    desk.api("POST", "/settings/mail/actions/test", "tech1", None).await.problem(404, "not_found");
}

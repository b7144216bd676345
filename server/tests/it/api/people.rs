//! `/api/v1/users`, `/groups`, `/entities`, `/drafts`.

use serde_json::json;

use crate::support::{Desk, keys};

#[tokio::test]
async fn the_directory_is_for_agents() {
    let desk = Desk::new().await;
    let people = desk.api("GET", "/users?q=tech", "tech1", None).await.expect(200).json();
    assert!(people["items"].as_array().unwrap().len() >= 2, "{people}");
    assert!(keys(&people["items"][0]).contains(&"email".to_owned()));
    let refused = desk.api("GET", "/users", "requester1", None).await.problem(403, "forbidden");
    assert!(refused.get("capability").is_none(), "{refused}");
    let groups = desk.api("GET", "/groups", "requester1", None).await.expect(200).json();
    assert_eq!(groups["items"], json!([]), "own groups only");
    assert_eq!(desk.api("GET", "/groups", "tech1", None).await.json()["items"][0]["name"], "Network");
}

#[tokio::test]
async fn entities_are_those_of_ones_own_assignments() {
    let desk = Desk::new().await;
    let theirs = desk.api("GET", "/entities", "requester1", None).await.expect(200).json();
    let ids: Vec<&str> = theirs["items"].as_array().unwrap().iter().filter_map(|e| e["id"].as_str()).collect();
    assert_eq!(ids, [desk.world.brasil.to_string()]);
    desk.api("GET", &format!("/entities/{}", desk.world.root), "requester1", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn t_drf_drafts_are_ones_own() {
    let desk = Desk::new().await;
    let path = "/drafts/occurrence/7";
    desk.api("GET", path, "tech1", None).await.problem(404, "not_found");
    let body = json!({ "fields": { "body": "Half a sentence" } });
    let draft = desk.api("PUT", path, "tech1", Some(body)).await.expect(200).json();
    assert_eq!(draft["fields"]["body"], "Half a sentence");
    assert_eq!((&draft["kind"], &draft["object"]), (&json!("occurrence"), &json!("7")));
    desk.api("GET", path, "tech2", None).await.problem(404, "not_found");
    assert_eq!(desk.api("GET", "/drafts", "tech2", None).await.json()["items"], json!([]));
    desk.api("DELETE", path, "tech1", None).await.expect(204);
    desk.api("GET", "/drafts/gossip/7", "tech1", None).await.problem(404, "not_found");
}

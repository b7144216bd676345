//! `/api/v1/users`, `/groups`, `/entities`, `/drafts`.

use domain::forms::SaveDraft;
use serde_json::{Value, json};
use service::drafts;

use crate::support::{Desk, Story, keys};

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

#[tokio::test]
async fn t_drf_06_a_program_leaves_what_a_person_types_unless_it_names_that() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let form = SaveDraft {
        kind: "occurrence".into(),
        object: number.to_string(),
        fields: json!({ "body": "Half a sentence" }).to_string(),
        device: "laptop".into(),
    };
    drafts::save(&desk.ctx("tech1").await, form).await.unwrap();
    let (path, entries) = (format!("/drafts/occurrence/{number}"), format!("/tickets/{number}/occurrences"));
    let post = async |draft: &Value| {
        let body = json!({ "body": "By a program.", "format": "text", "draft": draft });
        desk.api("POST", &entries, "tech1", Some(body)).await
    };
    post(&Value::Null).await.expect(201);
    let draft = desk.api("GET", &path, "tech1", None).await.expect(200).json();
    assert_eq!(draft["fields"]["body"], "Half a sentence");
    post(&json!("mine")).await.invalid(&[("draft", "unknown_reference")]);
    post(&draft["id"]).await.expect(201);
    desk.api("GET", &path, "tech1", None).await.problem(404, "not_found");
    // What a program saved as a draft goes without being named.
    desk.api("PUT", &path, "tech1", Some(json!({ "fields": { "body": "By a program." } }))).await.expect(200);
    post(&Value::Null).await.expect(201);
    desk.api("GET", &path, "tech1", None).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_lst_02_lists_of_people_are_negated_and_counted() {
    let desk = Desk::new().await;
    let of = async |path: &str| desk.api("GET", path, "tech1", None).await.expect(200).json();
    let all = of("/users?count=true&limit=1").await;
    let found = of("/users?q=tech&count=true").await;
    let others = of("/users?not.q=tech&count=true").await;
    assert_eq!(found["count"], 2, "{found}");
    assert_eq!(all["count_exact"], true);
    assert_eq!(found["count"].as_i64().unwrap() + others["count"].as_i64().unwrap(), all["count"].as_i64().unwrap());
    assert_eq!(of("/groups?not.q=net&count=true").await["count"], 0);
    let entities = of("/entities?not.q=brasil&count=true").await;
    assert_eq!((&entities["count"], &entities["items"][0]["name"]), (&json!(1), &json!("Acme")));
    desk.api("GET", "/users?not.colour=red", "tech1", None).await.invalid(&[("not.colour", "invalid")]);
    desk.api("GET", "/groups?count=maybe", "tech1", None).await.invalid(&[("count", "invalid")]);
}

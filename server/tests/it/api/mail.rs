//! `/api/v1/mail/outgoing` (M-DLV-09).

use std::sync::Arc;

use serde_json::{Value, json};
use service::mail::{Mailer, Server, Transport};
use testing::{Sink, World, both_engines};

use crate::support::{Desk, Story, keys, sorted};

/// A desk whose mails wait: nobody listens where they go.
fn waiting(mut world: World) -> Desk {
    let server = Server::read(&Sink::refusing_port()).expect("an address");
    let mailer = Mailer::new(Transport::new(server), "desk@example.org").expect("an address");
    world.services.mailer = Some(Arc::new(mailer));
    Desk::on(world)
}

async fn listed(desk: &Desk, query: &str) -> Value {
    desk.api("GET", &format!("/mail/outgoing{query}"), "admin", None).await.expect(200).json()
}

both_engines!(m_dlv_09_outgoing_mails_are_listed_and_given_up, |world: World| async move {
    let desk = waiting(world);
    let number = Story::tell(&desk).await.number;
    let path = format!("/tickets/{number}/occurrences");
    let body = json!({ "body": "Canary in the text.", "format": "text", "send_mail": true });
    desk.api("POST", &path, "tech1", Some(body)).await.expect(201);
    let answer = listed(&desk, "").await;
    assert_eq!(keys(&answer), sorted("items next_cursor counts oldest_queued"));
    let mail = &answer["items"][0];
    let fields = "id kind event ticket name to state answer tries queued_at at next_try_at actions";
    assert_eq!(keys(mail), sorted(fields));
    assert_eq!(
        (&mail["kind"], &mail["ticket"], &mail["state"]),
        (&json!("requester"), &json!(number), &json!("queued"))
    );
    assert_eq!((&mail["to"], &mail["actions"]), (&json!("requester1@example.org"), &json!(["give-up"])));
    assert!(answer["oldest_queued"].is_string() && !answer.to_string().contains("Canary"), "{answer}");
    let queued = answer["counts"].as_array().unwrap().iter().find(|one| one["state"] == "queued").unwrap();
    assert_eq!(queued, &json!({ "state": "queued", "count": 1, "count_exact": true }));
    assert_eq!(listed(&desk, "?state=sent").await["items"], json!([]));
    assert_eq!(
        listed(&desk, &format!("?ticket={number}&address=requester1")).await["items"].as_array().map(Vec::len),
        Some(1)
    );
    let wrong = desk.api("GET", "/mail/outgoing?state=lost&ticket=42", "admin", None).await;
    wrong.invalid(&[("state", "invalid")]);

    let id = mail["id"].as_str().unwrap().to_owned();
    let action =
        async |name: &str| desk.api("POST", &format!("/mail/outgoing/{id}/actions/{name}"), "admin", None).await;
    action("send-again").await.problem(409, "transition_not_allowed");
    let given_up = action("give-up").await.expect(200).json();
    assert_eq!((&given_up["state"], &given_up["answer"]), (&json!("failed"), &json!("given_up")));
    assert_eq!(given_up["actions"], json!(["send-again"]));
    action("give-up").await.problem(409, "transition_not_allowed");
    action("send-again").await.expect(200);
    assert_eq!(listed(&desk, "").await["items"].as_array().map(Vec::len), Some(2));
    for who in ["tech1", "supervisor", "requester1"] {
        desk.api("GET", "/mail/outgoing", who, None).await.problem(404, "not_found");
        let foreign = desk.api("POST", &format!("/mail/outgoing/{id}/actions/give-up"), who, None).await;
        foreign.problem(404, "not_found");
    }
});

//! `/api/v1/tickets/{number}/validations`, `/api/v1/validations` (T-VAL), and the numbers of T-STT.

use serde_json::{Value, json};

use crate::support::{Desk, Story, keys, sorted};

const KEYS: &str = "id ticket asker comment comment_text required_percent state asked_at withdrawn_at replaced answers \
    attachments actions";

async fn target(desk: &Desk, who: &str) -> Value {
    json!({ "kind": "user", "id": desk.world.person(who).await.id })
}

/// A request of tech1 for the agreement of requester2, who is no actor of the ticket.
async fn asked(desk: &Desk, number: i64) -> String {
    let body = json!({ "comment": "May we buy it?", "format": "text", "targets": [target(desk, "requester2").await] });
    let path = format!("/tickets/{number}/validations");
    let sent = desk.api("POST", &path, "tech1", Some(body)).await.expect(201).json();
    sent["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn t_val_a_request_goes_there_and_back() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    desk.api("GET", &format!("/tickets/{number}"), "requester2", None).await.expect(404);
    let path = format!("/tickets/{number}/validations");
    let body = json!({ "comment": "May we buy it?", "format": "text", "targets": [target(&desk, "requester2").await] });
    let answer = desk.api("POST", &path, "tech1", Some(body)).await.expect(201);
    let sent = answer.json();
    let id = sent["id"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("/api/v1/validations/{id}"));
    assert_eq!(keys(&sent), sorted(&[KEYS, " warnings"].concat()));
    assert_eq!((&sent["state"], &sent["required_percent"]), (&json!("waiting"), &json!(0)));
    assert_eq!(keys(&sent["answers"][0]), sorted("target by answer comment at attachments"));
    assert!(sent["asker"]["id"].is_string(), "{sent}");

    // Who is asked sees the ticket now, and the request without ids of people.
    desk.api("GET", &format!("/tickets/{number}"), "requester2", None).await.expect(200);
    let own = desk.api("GET", "/validations?target=me&state=waiting&count=true", "requester2", None).await.expect(200);
    let own = own.json();
    assert_eq!((own["items"].as_array().unwrap().len(), &own["items"][0]["id"]), (1, &json!(id)));
    assert_eq!(keys(&own["items"][0]["asker"]), ["kind", "name"]);
    assert_eq!(own["items"][0]["actions"], json!(["answer"]));
    desk.api("GET", &format!("/validations/{id}"), "requester1", None).await.expect(404);

    let answers = format!("{path}/{id}/answers");
    let refuse = |comment: &str| Some(json!({ "answer": "refused", "comment": comment }));
    desk.api("POST", &answers, "requester2", refuse(" ")).await.invalid(&[("comment", "required")]);
    desk.api("POST", &answers, "requester2", Some(json!({}))).await.invalid(&[("answer", "required")]);
    let elsewhere = format!("/tickets/999999/validations/{id}/answers");
    desk.api("POST", &elsewhere, "requester2", refuse("No.")).await.expect(404);
    let answered = desk.api("POST", &answers, "requester2", refuse("Too dear.")).await.expect(201).json();
    assert_eq!((&answered["state"], &answered["answers"][0]["comment"]), (&json!("refused"), &json!("Too dear.")));
    desk.api("POST", &answers, "requester2", refuse("No.")).await.problem(409, "already_answered");

    let again = desk.api("POST", &format!("{path}/{id}/actions/ask-again"), "tech1", None).await.expect(201).json();
    assert_eq!((&again["state"], &again["replaced"]), (&json!("waiting"), &json!(false)));
    let new = again["id"].as_str().unwrap();
    let withdrawn = desk.api("POST", &format!("{path}/{new}/actions/withdraw"), "tech1", None).await.expect(200).json();
    assert!(withdrawn["withdrawn_at"].is_string(), "{withdrawn}");
    let page = desk.api("GET", &format!("{path}?count=true"), "tech1", None).await.expect(200).json();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn t_tim_01_the_timeline_holds_requests_and_answers() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let id = asked(&desk, number).await;
    desk.world.advance(5);
    let answers = format!("/tickets/{number}/validations/{id}/answers");
    let refused = json!({ "answer": "refused", "comment": "Too dear." });
    desk.api("POST", &answers, "requester2", Some(refused)).await.expect(201);
    let path = format!("/tickets/{number}/timeline?order=asc");
    let of = async |kinds: &str, who: &str| -> Value {
        desk.api("GET", &format!("{path}{kinds}"), who, None).await.expect(200).json()["items"].clone()
    };
    let both = of("&kind=validation_request,validation_answer", "tech1").await;
    let [request, answer] = both.as_array().unwrap().as_slice() else { panic!("{both}") };
    assert_eq!(keys(request), sorted(&[KEYS, " kind at author"].concat()));
    assert_eq!((&request["kind"], &request["id"]), (&json!("validation_request"), &json!(id)));
    assert_eq!((&request["author"], &request["at"]), (&request["asker"], &request["asked_at"]));
    assert_eq!(request["state"], "refused");
    assert_eq!(keys(answer), sorted("kind id at author ticket validation target by answer comment attachments"));
    assert_eq!((&answer["kind"], &answer["validation"]), (&json!("validation_answer"), &json!(id)));
    assert_eq!((&answer["author"], &answer["answer"]), (&answer["by"], &json!("refused")));
    assert_eq!((&answer["comment"], &answer["ticket"]), (&json!("Too dear."), &json!(number)));
    assert_ne!(answer["id"], answer["validation"]);
    assert_eq!(of("&kind=validation_answer", "tech1").await.as_array().unwrap().len(), 1);
    let whole = of("", "tech1").await;
    assert!(whole.to_string().contains("Too dear."), "{whole}");
    // Neither the requester nor, as an entry, who was asked.
    for who in ["requester1", "requester2"] {
        assert_eq!(of("&kind=validation_request,validation_answer", who).await, json!([]), "{who}");
        assert!(!of("", who).await.to_string().contains("Too dear."), "{who}");
    }
}

#[tokio::test]
async fn t_val_08_what_is_blocked_says_by_whom() {
    let desk = Desk::new().await;
    desk.world.set(domain::settings::Key::ValidationBlocksSolving, desk.world.root, "true").await;
    let number = Story::tell(&desk).await.number;
    asked(&desk, number).await;
    desk.world.put_status(number, domain::ticket::Status::Solved).await;
    let close = format!("/tickets/{number}/actions/close");
    let problem = desk.api("POST", &close, "supervisor", Some(json!({}))).await.problem(409, "validation_blocks");
    assert!(problem.to_string().contains(&desk.world.person("requester2").await.name), "{problem}");
    desk.api("POST", &close, "supervisor", Some(json!({ "override_reason": "The director agreed." })))
        .await
        .expect(200);
}

#[tokio::test]
async fn t_val_what_is_wrong_is_named_and_a_post_is_done_once() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let path = format!("/tickets/{number}/validations");
    let post = async |body: Value| desk.api("POST", &path, "tech1", Some(body)).await;
    post(json!({})).await.invalid(&[("targets", "required")]);
    post(json!({ "targets": [target(&desk, "tech1").await] })).await.invalid(&[("targets[0]", "approver_is_asker")]);
    let percent = json!({ "targets": [target(&desk, "supervisor").await], "required_percent": 101 });
    post(percent).await.invalid(&[("required_percent", "out_of_range")]);
    let once = async || {
        let body = json!({ "targets": [target(&desk, "supervisor").await] });
        desk.api_with("POST", &path, "tech1", &[("idempotency-key", "v1")], Some(body)).await.expect(201).json()
    };
    assert_eq!(once().await["id"], once().await["id"]);
}

#[tokio::test]
async fn t_stt_numbers_are_for_who_may_see_them() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let of_ticket = format!("/tickets/{number}/statistics");
    let view = desk.api("GET", &of_ticket, "tech1", None).await.expect(200).json();
    assert_eq!(keys(&view["taken"]), sorted("elapsed_minutes working_minutes running"));
    assert_eq!((&view["ticket"], &view["reopen_count"]), (&json!(number), &json!(0)));
    desk.api("GET", &of_ticket, "requester1", None).await.expect(404);

    let whole = desk.api("GET", "/statistics", "supervisor", None).await.expect(200).json();
    assert_eq!((&whole["step_days"], whole["days"].as_array().unwrap().len()), (&json!(1), 30));
    let opened: i64 = whole["days"].as_array().unwrap().iter().filter_map(|day| day["opened"].as_i64()).sum();
    assert!(opened >= 1, "{whole}");
    desk.api("GET", "/statistics?from=soon", "supervisor", None).await.invalid(&[("from", "invalid")]);
    desk.api("GET", "/statistics", "requester1", None).await.expect(403);
}

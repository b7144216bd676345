//! The canary (T-VIS-03): words of a private occurrence reach no requester, wherever he asks.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use testing::both_engines;

use crate::support::{Desk, PNG, Story, encode};

/// Words that stand in private places only: text, file name, reason, category of the entry.
const CANARIES: [&str; 3] = ["Zwetschgenmus", "kompottkeller", "pflaumenkern"];

/// A story with private things of every kind, and a private entry that was removed with a reason.
async fn prepared(desk: &Desk) -> Story {
    let story = Story::with_tasks(desk).await;
    let upload = desk.upload("kompottkeller.png", PNG, "tech1").await.expect(201).json();
    let path = format!("/tickets/{}/occurrences", story.number);
    let body = serde_json::json!({
        "body": "Zwetschgenmus again.", "format": "text", "visibility": "private", "attachments": [upload["id"]],
    });
    desk.api("POST", &path, "tech1", Some(body)).await.expect(201);
    let gone = Story::entry(desk, "tech1", story.number, "More Zwetschgenmus.", "private").await;
    desk.api("DELETE", &format!("/occurrences/{gone}?version=1&reason=pflaumenkern"), "tech1", None).await.expect(204);
    let gone = Story::task(desk, story.number, "More Zwetschgenmus.", "private").await;
    desk.api("DELETE", &format!("/tasks/{gone}?version=1&reason=pflaumenkern"), "tech1", None).await.expect(204);
    let turned = Story::task(desk, story.number, "Zwetschgenmus first.", "private").await;
    let body = serde_json::json!({ "version": 1, "content": "To be done.", "format": "text", "visibility": "public" });
    desk.api("PATCH", &format!("/tasks/{turned}"), "tech1", Some(body)).await.expect(200);
    // A public entry that was private once: its former text stays with agents.
    let turned = Story::entry(desk, "tech1", story.number, "Zwetschgenmus first.", "private").await;
    let body = serde_json::json!({ "version": 1, "body": "All is well.", "format": "text", "visibility": "public" });
    desk.api("PATCH", &format!("/occurrences/{turned}"), "tech1", Some(body)).await.expect(200);
    // Articles of the team: one made from a private entry, one that is published for agents and linked.
    let save = format!("/occurrences/{}/actions/save-to-knowledge", story.private);
    desk.api("POST", &save, "tech1", None).await.expect(201);
    let body = serde_json::json!({
        "title": "Zwetschgenmus", "body": "Zwetschgenmus.", "format": "text", "audience": "agents",
        "status": "published", "ticket": story.number,
    });
    desk.api("POST", "/knowledge", "tech1", Some(body)).await.expect(201);
    // A request for validation and its answer are for agents and for those it names.
    let target = desk.world.person("supervisor").await.id;
    let body = serde_json::json!({
        "comment": "Zwetschgenmus?", "format": "text", "targets": [{ "kind": "user", "id": target }],
    });
    let path = format!("/tickets/{}/validations", story.number);
    let asked = desk.api("POST", &path, "tech1", Some(body)).await.expect(201).json();
    let answers = format!("{path}/{}/answers", asked["id"].as_str().unwrap());
    let body = serde_json::json!({ "answer": "refused", "comment": "No pflaumenkern." });
    desk.api("POST", &answers, "supervisor", Some(body)).await.expect(201);
    about_a_customer(desk, &story).await;
    story
}

/// A customer of the ticket and what happened to him: nothing of it is for requesters (C-RGT-03).
async fn about_a_customer(desk: &Desk, story: &Story) {
    let body = serde_json::json!({ "name": "Zwetschgenmus GmbH", "legal_name": "Pflaumenkern AG" });
    let customer = desk.api("POST", "/customers", "tech1", Some(body)).await.expect(201).json();
    let path = format!("/tickets/{}", story.number);
    let version = desk.api("GET", &path, "tech1", None).await.expect(200).json()["version"].clone();
    let body = serde_json::json!({ "version": version, "customer": customer["id"] });
    desk.api("PATCH", &path, "tech1", Some(body)).await.expect(200);
    let category = desk.world.coded(service::lists::CUSTOMER_CATEGORIES, "delivery").await;
    let body = serde_json::json!({
        "body": "Zwetschgenmus on the pallet.", "category": category, "impact": "negative", "occurred_on": "2020-01-01",
        "ticket": story.number,
    });
    let path = format!("/customers/{}/occurrences", customer["id"].as_str().unwrap());
    desk.api("POST", &path, "tech1", Some(body)).await.expect(201);
}

fn assert_clean(what: &str, text: &str) {
    let lower = text.to_lowercase();
    for canary in CANARIES {
        assert!(!lower.contains(&canary.to_lowercase()), "{what} sings {canary}:\n{text}");
    }
}

// P-HID-02, on paper too (P-DEV-03).
both_engines!(no_page_and_no_answer_says_a_private_word, |world: World| async move {
    let desk = Desk::on(world);
    let story = prepared(&desk).await;
    let (number, private, task) = (story.number, story.private, story.private_task);
    let pages = [
        "/".to_owned(),
        "/requests".to_owned(),
        "/requests?text=well".to_owned(),
        "/requests?status=all&role=all".to_owned(),
        "/requests?status=all&opened_from=2020-01-01".to_owned(),
        "/requests/new".to_owned(),
        format!("/requests/new?follow_up_of={number}"),
        format!("/requests/{number}"),
        format!("/requests/{number}/history"),
        format!("/requests/{number}/history?print=1&private=1"),
        format!("/requests/{number}/history.csv"),
        format!("/tickets/{number}/history.csv"),
        format!("/requests/{number}?around=occurrence-{private}"),
        format!("/tickets/{number}"),
        format!("/tickets/{number}/history"),
        format!("/tickets/{number}/print?private=1"),
        "/audit".to_owned(),
        "/audit.csv".to_owned(),
        format!("/requests/{number}/survey"),
        format!("/tickets/{number}/survey"),
        format!("/tickets/{number}/occurrences/{private}/edit"),
        format!("/tickets/{number}/occurrences/{private}/revisions"),
        format!("/tickets/{number}/solve"),
        format!("/requests/{number}?ask=refuse"),
        format!("/solution?token={private}"),
        format!("/requests/{number}?around=task-{task}"),
        format!("/tickets/{number}/tasks"),
        format!("/tickets/{number}/tasks/{task}"),
        format!("/tickets/{number}/tasks/{task}/edit"),
        format!("/tickets/{number}/tasks/{task}/revisions"),
        "/tasks".to_owned(),
        "/planner".to_owned(),
        "/drafts".to_owned(),
        "/profile".to_owned(),
        "/profile/notifications".to_owned(),
        "/notifications".to_owned(),
        "/trash".to_owned(),
        "/tickets".to_owned(),
        format!("/tickets/{number}/validations"),
        format!("/tickets/{number}/documents"),
        format!("/tickets/{number}/statistics"),
        "/approvals".to_owned(),
        "/reports".to_owned(),
        "/reports.csv".to_owned(),
        format!("/tickets/{number}/note?template={private}"),
        format!("/settings/templates/new?kind=mails&ticket={number}"),
        "/search?q=well".to_owned(),
        "/search?q=gmbh&kind=customer".to_owned(),
        "/knowledge".to_owned(),
        "/knowledge?part=internal".to_owned(),
        "/knowledge/suggestions?q=again".to_owned(),
        format!("/tickets/{number}/knowledge"),
        format!("/tickets/{number}/knowledge?entry={private}"),
        "/customers".to_owned(),
        "/customers?q=well".to_owned(),
        "/customers/options?q=gmbh".to_owned(),
        "/search/options?q=gmbh".to_owned(),
        "/search/options?q=well".to_owned(),
        "/customers/options?for=new-ticket&q=gmbh".to_owned(),
        format!("/tickets/new?words=gmbh&follow_up_of={number}"),
        "/customer-occurrences/new?search=gmbh".to_owned(),
        "/reports/customer-occurrences".to_owned(),
        "/reports/customer-occurrences.csv".to_owned(),
        format!("/tickets/{number}/customer?words=gmbh"),
    ];
    for path in pages {
        for who in ["requester1", "requester2"] {
            assert_clean(&path, &desk.get(&path, who).await.text());
        }
    }
    let paths = [
        "/tickets".to_owned(),
        "/tickets?as=portal".to_owned(),
        "/tickets?count=true&sort=-updated_at".to_owned(),
        format!("/tickets/{number}"),
        format!("/tickets/{number}?as=portal"),
        format!("/tickets/{number}/occurrences"),
        format!("/tickets/{number}/occurrences?removed=true"),
        format!("/tickets/{number}/occurrences?visibility=private"),
        format!("/tickets/{number}/timeline"),
        format!("/tickets/{number}/timeline?kind=occurrence,task,document,event"),
        format!("/tickets/{number}/timeline?around=task-{task}"),
        format!("/tickets/{number}/timeline?kind=validation_request,validation_answer"),
        format!("/tickets/{number}/tasks"),
        format!("/tickets/{number}/tasks?visibility=private"),
        format!("/tasks/{task}"),
        "/tasks".to_owned(),
        "/planner".to_owned(),
        "/search?q=done&kinds=task".to_owned(),
        "/search?q=again&kinds=article".to_owned(),
        "/search?q=gmbh&kinds=customer&count=true".to_owned(),
        "/search?q=gmbh".to_owned(),
        format!("/tickets/{number}/timeline?around=occurrence-{private}"),
        format!("/tickets/{number}/history"),
        format!("/tickets/{number}/history/export"),
        format!("/tickets/{number}/solutions"),
        format!("/tickets/{number}/documents"),
        format!("/tickets/{number}/survey"),
        format!("/tickets/{number}/validations"),
        format!("/tickets/{number}/statistics"),
        "/validations".to_owned(),
        "/statistics".to_owned(),
        format!("/tickets/{number}/description-revisions"),
        format!("/occurrences/{private}"),
        format!("/occurrences/{private}/revisions"),
        "/search?q=well".to_owned(),
        "/knowledge?count=true".to_owned(),
        "/knowledge/suggestions?q=again".to_owned(),
        format!("/tickets/{number}/links"),
        "/drafts".to_owned(),
        "/me".to_owned(),
        "/me/notifications?count=true".to_owned(),
        "/groups".to_owned(),
        "/users".to_owned(),
        "/entities".to_owned(),
        "/templates/replies".to_owned(),
        "/customers".to_owned(),
        "/customer-occurrences".to_owned(),
        "/customer-occurrences/report".to_owned(),
        "/customer-occurrences/export".to_owned(),
        "/openapi.json".to_owned(),
    ];
    for path in paths {
        for who in ["requester1", "requester2"] {
            assert_clean(&path, &desk.api("GET", &path, who, None).await.text());
        }
    }
});

both_engines!(no_search_and_no_count_tells_that_a_private_word_exists, |world: World| async move {
    let desk = Desk::on(world);
    let story = prepared(&desk).await;
    let number = story.number;
    let pairs = [
        ("/search?q=Zwetschgenmus", "/search?q=Quittengelee"),
        ("/search?q=zwetschg", "/search?q=quitteng"),
        ("/search?q=kompottkeller", "/search?q=quittenkeller"),
        ("/search?q=Zwetschgenmus&kinds=article&count=true", "/search?q=Quittengelee&kinds=article&count=true"),
        ("/search?q=Zwetschgenmus&kinds=customer&count=true", "/search?q=Quittengelee&kinds=customer&count=true"),
        ("/search?q=Pflaumenkern&kinds=article,customer", "/search?q=Quittenkern&kinds=article,customer"),
        ("/knowledge?q=Zwetschgenmus&count=true", "/knowledge?q=Quittengelee&count=true"),
        ("/knowledge/suggestions?q=Zwetschgenmus", "/knowledge/suggestions?q=Quittengelee"),
        ("/search?q=pflaumenkern", "/search?q=quittenkernen"),
        ("/tickets?text=Zwetschgenmus&count=true", "/tickets?text=Quittengelee&count=true"),
        ("/tickets?not.text=Zwetschgenmus&count=true", "/tickets?not.text=Quittengelee&count=true"),
        ("/customers?q=Zwetschgenmus&count=true", "/customers?q=Quittengelee&count=true"),
        ("/tickets?as=portal&text=Zwetschgenmus&count=true", "/tickets?as=portal&text=Quittengelee&count=true"),
    ];
    for (secret, nothing) in pairs {
        let (secret, nothing) =
            (desk.api("GET", secret, "requester1", None).await, desk.api("GET", nothing, "requester1", None).await);
        assert_eq!(secret.status, nothing.status);
        assert_eq!(secret.comparable(), nothing.comparable(), "the answers are the same, word for word");
    }
    for at in ["timeline", "occurrences"] {
        let of = |word: &str| format!("/tickets/{number}/{at}?find={word}");
        let secret = desk.api("GET", &of("Zwetschgenmus"), "requester1", None).await;
        let nothing = desk.api("GET", &of("Quittengelee"), "requester1", None).await;
        assert_eq!(secret.comparable(), nothing.comparable(), "{at}");
    }
    // An agent finds it: the word is indexed, and the comparison above means something.
    assert!(desk.api("GET", "/search?q=Zwetschgenmus", "tech1", None).await.text().contains("Zwetschgenmus"));
    let found = desk.api("GET", "/search?q=zwetschgenmus", "tech1", None).await.json();
    assert!(found["items"][0]["snippet"].is_array());
    assert!(
        found["articles"]["items"].as_array().unwrap().iter().any(|hit| hit["title"] == "Zwetschgenmus"),
        "{found}"
    );
    assert_eq!(found["customers"]["items"][0]["title"], "Zwetschgenmus GmbH", "{found}");
});

both_engines!(no_server_function_and_no_error_says_a_private_word, |world: World| async move {
    let desk = Desk::on(world);
    let story = prepared(&desk).await;
    let (number, private) = (story.number.to_string(), story.private.to_string());
    let (number, private) = (number.as_str(), private.as_str());
    let calls: [(&str, Vec<(&str, &str)>); 15] = [
        ("article_list", vec![("query[limit]", "200")]),
        ("suggest_articles", vec![("text", "again"), ("entity", "")]),
        ("ticket_articles", vec![("number", number), ("q", ""), ("entry", private)]),
        ("save_to_knowledge", vec![("entry", private), ("key", "")]),
        ("notification_list", vec![("cursor", "")]),
        (
            "ticket_timeline",
            vec![("number", number), ("query[limit]", "200"), ("query[kinds]", "occurrence,document,event")],
        ),
        ("ticket_timeline", vec![("number", number), ("query[find]", "Zwetschgenmus")]),
        ("ticket_history", vec![("number", number), ("filter[kinds]", "")]),
        (
            "request_detail",
            vec![("number", number), ("query[limit]", "200"), ("query[kinds]", "occurrence,document,event")],
        ),
        ("request_history", vec![("number", number), ("filter[print]", "true"), ("filter[private]", "true")]),
        ("occurrence_page", vec![("number", number), ("id", private), ("revisions", "true")]),
        ("ticket_page", vec![("number", number), ("query[limit]", "200")]),
        (
            "edit_occurrence",
            vec![("form[id]", private), ("form[ticket]", number), ("form[version]", "99"), ("form[body]", "x")],
        ),
        ("remove_occurrence", vec![("form[id]", private), ("form[ticket]", number), ("form[version]", "99")]),
        (
            "add_occurrence",
            vec![("form[ticket]", number), ("form[body]", "x"), ("form[format]", "text"), ("form[reply_to]", private)],
        ),
    ];
    for (name, fields) in calls {
        let answer = desk.call(name, &fields, "requester1").await;
        assert_clean(&format!("{name} {}", encode(&fields)), &answer.text());
        for (header, value) in &answer.headers {
            assert_clean(header.as_str(), value.to_str().unwrap_or_default());
        }
    }
});

both_engines!(a_private_file_answers_like_an_unknown_one, |world: World| async move {
    let desk = Desk::on(world);
    let story = prepared(&desk).await;
    let documents =
        desk.api("GET", &format!("/tickets/{}/documents", story.number), "tech1", None).await.expect(200).json();
    let id =
        documents["items"].as_array().unwrap().iter().find(|d| d["name"] == "kompottkeller.png").unwrap()["id"].clone();
    let id = id.as_str().unwrap();
    let unknown = "0195a1f0-0000-7000-8000-000000000000";
    for part in ["", "/content", "/thumbnail"] {
        let of = |id: &str| format!("/documents/{id}{part}");
        let private = desk.api("GET", &of(id), "requester1", None).await;
        private.problem(404, "not_found");
        assert_eq!(private.comparable(), desk.api("GET", &of(unknown), "requester1", None).await.comparable());
    }
    let page = desk.get(&format!("/documents/{id}"), "requester1").await;
    assert_eq!(page.status, 404);
    assert_eq!(page.comparable(), desk.get(&format!("/documents/{unknown}"), "requester1").await.comparable());
});

both_engines!(the_stream_of_events_is_silent_about_private_entries, |world: World| async move {
    let desk = Desk::on(world);
    let number = Story::ticket(&desk, "requester1", "VPN drops").await;
    #[expect(
        clippy::disallowed_methods,
        reason = "plays the part of the server, which runs the hub beside its requests"
    )]
    let hub =
        tokio::spawn(desk.services.hub.clone().run(desk.services.db.clone(), desk.shutdown.clone().cancelled_owned()));
    let token = desk.token("requester1", "full").await;
    let request = Request::builder()
        .uri(format!("/api/v1/events?ticket={number}"))
        .header("authorization", format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    let mut stream = desk.open(request).await;
    assert_eq!(stream.status().as_u16(), 200);
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    // Listening begins before the first frame arrives.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let private = Story::entry(&desk, "tech1", number, "Zwetschgenmus.", "private").await.to_string();
    let public = Story::entry(&desk, "tech1", number, "Cable replaced.", "public").await.to_string();
    let mut heard = String::new();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while !heard.contains(&public) {
        let frame = tokio::time::timeout_at(deadline, stream.body_mut().frame())
            .await
            .unwrap_or_else(|_late| panic!("only heard {heard}"));
        let frame = frame.expect("the stream goes on").unwrap();
        if let Some(data) = frame.data_ref() {
            heard.push_str(&String::from_utf8_lossy(data));
        }
    }
    assert!(!heard.contains(&private), "{heard}");
    assert_clean("the stream", &heard);
    assert!(!heard.contains("Cable"), "ids and numbers, never text: {heard}");
    for data in heard.lines().filter_map(|line| line.strip_prefix("data:")) {
        let data: serde_json::Value = serde_json::from_str(data.trim()).unwrap();
        assert!(data.get("version").is_none(), "the requester side learns no version: {data}");
    }
    drop(stream);
    desk.shutdown.cancel();
    hub.await.unwrap();
});

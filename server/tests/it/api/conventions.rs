//! What clients of both sides may rely on: names and references, levels, events as ids, and no time anywhere for requesters.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use testing::both_engines;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use crate::support::{Desk, Story, keys};

/// How long anything may take that has to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Every name of every object of an answer.
fn names(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                found.push(name.clone());
                names(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_bas_03_a_reference_is_sent_as_its_id_and_answered_with_its_name() {
    let desk = Desk::new().await;
    let category = desk.world.coded(service::lists::OCCURRENCE_CATEGORIES, "analysis").await;
    let number = Story::tell(&desk).await.number;
    let path = format!("/tickets/{number}/occurrences");
    let entry = json!({ "body": "Cable replaced.", "visibility": "public", "category": category });
    let entry = desk.api("POST", &path, "tech1", Some(entry)).await.expect(201).json();
    assert_eq!(entry["category"], json!({ "id": category, "name": "Analysis" }));
    assert_eq!(entry["ticket"], number, "tickets go by their number");
    let id: Result<Uuid, _> = entry["id"].as_str().unwrap().parse();
    assert!(id.is_ok(), "{entry}");
    let ticket = desk.api("GET", &format!("/tickets/{number}"), "tech1", None).await.expect(200).json();
    assert_eq!(keys(&ticket["entity"]), ["id", "name"]);
    let snake = regex_lite::Regex::new("^[a-z][a-z0-9_]*$").unwrap();
    let timeline = desk.api("GET", &format!("/tickets/{number}/timeline"), "tech1", None).await.expect(200).json();
    let mut found = Vec::new();
    for answer in [&entry, &ticket, &timeline] {
        names(answer, &mut found);
    }
    assert!(found.len() > 50 && found.iter().all(|name| snake.is_match(name)), "{found:?}");
}

#[tokio::test]
async fn a_bas_06_levels_run_from_very_low_to_very_high_and_major_is_above() {
    let desk = Desk::new().await;
    let made = |urgency: i64, impact: i64| json!({ "description": "x", "urgency": urgency, "impact": impact });
    for (urgency, impact) in [(1, 1), (5, 5)] {
        let ticket = desk.api("POST", "/tickets", "tech1", Some(made(urgency, impact))).await.expect(201).json();
        assert_eq!((&ticket["urgency"], &ticket["impact"]), (&json!(urgency), &json!(impact)));
        // Their matrix reaches from the lowest to the highest below major.
        assert_eq!(ticket["priority"], urgency, "{ticket}");
    }
    let wrong = [("urgency", "out_of_range"), ("impact", "out_of_range")];
    desk.api("POST", "/tickets", "tech1", Some(made(7, 6))).await.invalid(&wrong);
    let major = json!({ "description": "x", "priority": 6 });
    let ticket = desk.api("POST", "/tickets", "supervisor", Some(major)).await.expect(201).json();
    assert_eq!((&ticket["priority"], &ticket["priority_by_hand"]), (&json!(6), &json!(true)));
    let above = json!({ "description": "x", "priority": 7 });
    desk.api("POST", "/tickets", "supervisor", Some(above)).await.invalid(&[("priority", "out_of_range")]);
}

#[tokio::test]
async fn t_vis_06_the_requester_side_reads_no_time_anywhere() {
    let desk = Desk::new().await;
    let number = Story::tell(&desk).await.number;
    let entry = json!({ "body": "Router checked.", "visibility": "public", "minutes": 77 });
    let path = format!("/tickets/{number}");
    desk.api("POST", &format!("{path}/occurrences"), "tech1", Some(entry)).await.expect(201);
    let of = |who: &'static str| {
        let (desk, path) = (&desk, &path);
        async move {
            let mut found = Vec::new();
            for part in ["", "/occurrences", "/timeline", "/history"] {
                let answer = desk.api("GET", &format!("{path}{part}"), who, None).await.expect(200);
                names(&answer.json(), &mut found);
            }
            found
        }
    };
    assert!(of("tech1").await.contains(&"minutes".to_owned()), "agents read it");
    let found = of("requester1").await;
    assert!(!found.iter().any(|name| name.contains("minutes") || name.contains("worked")), "{found:?}");
    desk.api("GET", &format!("{path}/statistics"), "requester1", None).await.problem(404, "not_found");
}

/// An open stream, and what it has said by now.
struct Stream {
    body: Body,
    said: String,
}

impl Stream {
    async fn open(desk: &Desk, who: &str, query: &str) -> Self {
        let request = Request::builder()
            .uri(format!("/api/v1/events?{query}"))
            .header("authorization", format!("Bearer {}", desk.token(who, "read").await))
            .body(Body::empty())
            .unwrap();
        let answer = desk.open(request).await;
        assert_eq!(answer.status().as_u16(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let mut stream = Self { body: answer.into_body(), said: String::new() };
        // It begins with its position: from here on everything is told.
        stream.read().await;
        stream
    }

    async fn read(&mut self) {
        let frame = timeout(PATIENCE, self.body.frame()).await;
        let frame =
            frame.unwrap_or_else(|_late| panic!("only said {}", self.said)).expect("the stream goes on").unwrap();
        if let Some(data) = frame.data_ref() {
            self.said.push_str(&String::from_utf8_lossy(data));
        }
    }

    /// The changes up to one about `last`, each with the lines of its event.
    async fn until(&mut self, last: &str) -> Vec<Value> {
        while !self.said.contains(last) || !self.said.ends_with("\n\n") {
            self.read().await;
        }
        let mut changes = Vec::new();
        for event in self.said.split("\n\n").filter(|event| event.contains("data:")) {
            let line = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
            assert!(line("id:").is_some_and(|id| !id.is_empty()) && line("event:") == Some("change"), "{event}");
            changes.push(serde_json::from_str(line("data:").unwrap()).unwrap());
        }
        changes
    }
}

both_engines!(a_evt_01_a_stream_tells_what_its_listener_may_see_and_asked_for, |world: World| async move {
    let desk = Desk::on(world);
    let mut hub = JoinSet::new();
    hub.spawn(desk.services.hub.clone().run(desk.services.db.clone(), desk.shutdown.clone().cancelled_owned()));
    let (number, other) = (Story::tell(&desk).await.number, Story::tell(&desk).await.number);
    desk.world.settled_events().await;
    let mut narrowed = Stream::open(&desk, "tech2", &format!("ticket={number}&kinds=occurrence")).await;
    let mut theirs = Stream::open(&desk, "requester1", &format!("ticket={number}&kinds=occurrence")).await;
    for wrong in ["kinds=gossip", "ticket=none"] {
        let field = wrong.split('=').next().unwrap();
        desk.api("GET", &format!("/events?{wrong}"), "tech1", None).await.invalid(&[(field, "invalid")]);
    }
    let elsewhere = Story::entry(&desk, "tech1", other, "Elsewhere.", "public").await.to_string();
    let private = Story::entry(&desk, "tech1", number, "Between us.", "private").await.to_string();
    let public = Story::entry(&desk, "tech1", number, "For you.", "public").await.to_string();

    // A-EVT-02: the form of a change, with its version for agents alone.
    let told = narrowed.until(&public).await;
    let of = |id: &str, version: Value| {
        let mut change = json!({ "kind": "occurrence", "what": "created", "ticket": number, "id": id });
        if !version.is_null() {
            change["version"] = version;
        }
        change
    };
    assert_eq!(told, [of(&private, json!(1)), of(&public, json!(1))], "in the order of saving, without {elsewhere}");
    assert_eq!(theirs.until(&public).await, [of(&public, Value::Null)]);
    for said in [&narrowed.said, &theirs.said] {
        assert!(!said.contains("Between") && !said.contains("For you"), "ids and numbers, never text: {said}");
    }

    // What turns private is gone for those who may not read it.
    let patch = json!({ "version": 1, "visibility": "private" });
    desk.api("PATCH", &format!("/occurrences/{public}"), "tech1", Some(patch)).await.expect(200);
    let last = Story::entry(&desk, "tech1", number, "At last.", "public").await.to_string();
    let whats = |told: Vec<Value>| -> Vec<(String, Value)> {
        let of_it = told.into_iter().filter(|change| change["id"] == public.as_str());
        of_it.map(|change| (change["what"].as_str().unwrap().to_owned(), change["version"].clone())).collect()
    };
    let created = "created".to_owned();
    let ours = whats(narrowed.until(&last).await);
    assert_eq!(ours, [(created.clone(), json!(1)), ("changed".to_owned(), json!(2))]);
    let removed = whats(theirs.until(&last).await);
    assert_eq!(removed, [(created, Value::Null), ("removed".to_owned(), Value::Null)]);
    drop((narrowed, theirs));
    desk.shutdown.cancel();
    while hub.join_next().await.is_some() {}
});

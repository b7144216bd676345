//! `/api/v1/events`: positions, resuming, readers that stop reading, streams whose token is taken away (A-EVT, A-AUT-02).

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use crate::support::{Desk, Story};

/// How long anything may take that has to come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Plays the part of the server, which runs the hub beside its requests; over when it is dropped.
fn hub(desk: &Desk) -> JoinSet<()> {
    let mut task = JoinSet::new();
    task.spawn(desk.services.hub.clone().run(desk.services.db.clone(), desk.shutdown.clone().cancelled_owned()));
    task
}

/// An open stream, and what it has said by now.
struct Reader {
    stream: Response<Body>,
    said: String,
}

impl Reader {
    /// Opens a stream of the occurrences of a ticket; from here on everything is told.
    async fn open(desk: &Desk, token: &str, number: i64, last: &str) -> Self {
        let request = Request::builder()
            .uri(format!("/api/v1/events?ticket={number}&kinds=occurrence"))
            .header("authorization", format!("Bearer {token}"))
            .header("last-event-id", last)
            .body(Body::empty())
            .unwrap();
        let stream = desk.open(request).await;
        assert_eq!(stream.status().as_u16(), 200);
        let mut reader = Self { stream, said: String::new() };
        assert!(reader.read().await, "it begins with its position");
        reader
    }

    /// Reads a little more; false at the end.
    async fn read(&mut self) -> bool {
        let frame = timeout(PATIENCE, self.stream.body_mut().frame()).await;
        let Some(frame) = frame.unwrap_or_else(|_late| panic!("only said {}", self.said)) else { return false };
        if let Some(data) = frame.unwrap().data_ref() {
            self.said.push_str(&String::from_utf8_lossy(data));
        }
        true
    }

    async fn until(&mut self, word: &str) {
        while !self.said.contains(word) {
            assert!(self.read().await, "it ended before {word}: {}", self.said);
        }
    }

    async fn until_its_end(&mut self) {
        while self.read().await {}
    }

    /// What was created, in order.
    fn created(&self) -> Vec<Uuid> {
        let changes = self.said.lines().filter_map(|line| line.strip_prefix("data:"));
        let changes = changes.map(|data| serde_json::from_str::<Value>(data.trim()).unwrap());
        changes
            .filter(|change| change["what"] == "created")
            .map(|change| change["id"].as_str().unwrap().parse().unwrap())
            .collect()
    }

    /// The id of the event about something.
    fn id_of(&self, object: Uuid) -> String {
        let events: Vec<&str> = self.said.split("\n\n").collect();
        let event = events.iter().find(|event| event.contains(&object.to_string())).expect("it was told");
        event.lines().find_map(|line| line.strip_prefix("id:")).expect("it has an id").trim().to_owned()
    }
}

async fn write(desk: &Desk, number: i64, count: usize) -> Vec<Uuid> {
    let mut written = Vec::new();
    for n in 0..count {
        written.push(Story::entry(desk, "tech1", number, &format!("Words {n}."), "public").await);
    }
    written
}

#[tokio::test]
async fn a_evt_03_a_reader_that_stops_reading_is_told_everything_once_and_in_order() {
    let desk = Desk::new().await;
    let number = Story::ticket(&desk, "requester1", "VPN drops").await;
    let hub = hub(&desk);
    let token = desk.token("requester1", "full").await;
    let mut reader = Reader::open(&desk, &token, number, "").await;
    // More than may wait for him.
    let written = write(&desk, number, service::events::WAITING_MAX + 10).await;
    reader.until(&written.last().unwrap().to_string()).await;
    assert_eq!(reader.created(), written);
    let more = write(&desk, number, 1).await;
    reader.until(&more[0].to_string()).await;
    assert!(!reader.said.contains("reset"), "{}", reader.said);
    drop((reader, hub));
}

#[tokio::test]
async fn a_evt_03_whoever_resumes_hears_what_he_missed_and_nothing_twice() {
    let desk = Desk::new().await;
    let number = Story::ticket(&desk, "requester1", "VPN drops").await;
    let hub = hub(&desk);
    let token = desk.token("requester1", "full").await;
    let mut reader = Reader::open(&desk, &token, number, "").await;
    let first = write(&desk, number, 3).await;
    reader.until(&first[2].to_string()).await;
    let last = reader.id_of(first[1]);
    drop(reader);
    // Nobody listens meanwhile.
    let second = write(&desk, number, 3).await;
    let mut reader = Reader::open(&desk, &token, number, &last).await;
    let third = write(&desk, number, 1).await;
    reader.until(&third[0].to_string()).await;
    assert_eq!(reader.created(), [&first[2..], &second[..], &third[..]].concat());
    drop(reader);

    let mut reader = Reader::open(&desk, &token, number, "an id of somebody else").await;
    reader.until("reset").await;
    // What was committed is told before the end.
    let fourth = write(&desk, number, 1).await;
    desk.shutdown.cancel();
    reader.until_its_end().await;
    assert_eq!(reader.created(), fourth);
    drop(hub);
}

#[tokio::test]
async fn a_aut_02_a_stream_ends_soon_after_its_token() {
    let desk = Desk::new().await;
    let number = Story::ticket(&desk, "requester1", "VPN drops").await;
    let hub = hub(&desk);
    let (token, other) = (desk.token("requester1", "full").await, desk.token("requester1", "read").await);
    let mut reader = Reader::open(&desk, &token, number, "").await;
    let mut another = Reader::open(&desk, &other, number, "").await;
    let request = Request::builder()
        .method("DELETE")
        .uri("/api/v1/auth/token")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    desk.send(request).await.expect(204);
    timeout(PATIENCE, reader.until_its_end()).await.expect("it ends");
    let written = write(&desk, number, 1).await;
    another.until(&written[0].to_string()).await;
    assert!(reader.created().is_empty());
    drop((another, hub));
}

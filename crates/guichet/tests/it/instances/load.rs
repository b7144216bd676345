//! People who write all the time on whichever instance answers, and send again what was not answered.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::client::{self, Failure};

/// How long one thing may remain without an answer while one instance is always there.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the two instances are at the moment, and how much they have answered.
#[derive(Clone)]
pub(super) struct Front(Arc<Inner>);

struct Inner {
    addresses: Mutex<[SocketAddr; 2]>,
    token: String,
    answers: watch::Sender<u64>,
    is_over: AtomicBool,
}

impl Front {
    pub(super) fn new(addresses: [SocketAddr; 2], token: &str) -> Self {
        Self(Arc::new(Inner {
            addresses: Mutex::new(addresses),
            token: token.to_owned(),
            answers: watch::Sender::new(0),
            is_over: AtomicBool::new(false),
        }))
    }

    /// The address of one of the two, whatever the number.
    pub(super) fn address(&self, number: usize) -> SocketAddr {
        self.0.addresses.lock().unwrap_or_else(PoisonError::into_inner)[number % 2]
    }

    /// One of them listens elsewhere from now on.
    pub(super) fn moved(&self, number: usize, address: SocketAddr) {
        self.0.addresses.lock().unwrap_or_else(PoisonError::into_inner)[number % 2] = address;
    }

    /// Waits for so many more answers.
    pub(super) async fn answered(&self, more: u64) {
        let mut answers = self.0.answers.subscribe();
        let wanted = *answers.borrow() + more;
        let enough = tokio::time::timeout(PATIENCE, answers.wait_for(|count| *count >= wanted)).await;
        enough.expect("somebody goes on answering").expect("the writers are there");
    }

    /// Sends until it is answered, to one instance after the other, under one key. What is refused fails the test.
    async fn insist(&self, first: usize, path: &str, key: &str, body: &Value) -> Value {
        let mut last = String::new();
        let answered = async {
            for number in first.. {
                match client::post(self.address(number), path, &self.0.token, key, body).await {
                    Ok(answer) => return answer,
                    Err(Failure::Refused(status, text)) if status < 500 => panic!("{path} {body}: {status} {text}"),
                    // The instance dies or is dead: the other one knows whether it was saved.
                    Err(Failure::Refused(status, text)) => last = format!("{status} {text}"),
                    Err(Failure::Lost(error)) => last = error.to_string(),
                }
                tokio::task::yield_now().await;
            }
            unreachable!("numbers do not end")
        };
        let answer = tokio::time::timeout(PATIENCE, answered).await;
        let answer = answer.unwrap_or_else(|_late| panic!("{path} {body} was never answered, in the end: {last}"));
        self.0.answers.send_modify(|count| *count += 1);
        answer
    }
}

/// A public occurrence that is mailed to the requesters.
pub(super) fn letter(text: &str) -> Value {
    json!({ "body": text, "format": "text", "visibility": "public", "send_mail": true })
}

/// What was answered, by its ids.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Numbers.
    pub(super) tickets: Vec<i64>,
    pub(super) letters: Vec<Uuid>,
    pub(super) lines: Vec<Uuid>,
}

/// Writers at work.
pub(super) struct Writers {
    front: Front,
    tasks: JoinSet<Written>,
}

/// Each registers a ticket for `requester` (`user:<id>`), writes a letter and says a line, and begins again.
pub(super) fn write(front: &Front, count: usize, requester: String) -> Writers {
    let mut tasks = JoinSet::new();
    for writer in 0..count {
        tasks.spawn(work(front.clone(), writer, requester.clone()));
    }
    Writers { front: front.clone(), tasks }
}

impl Writers {
    /// Lets everybody finish what he began.
    pub(super) async fn stop(mut self) -> Written {
        self.front.0.is_over.store(true, Ordering::Relaxed);
        let mut all = Written::default();
        while let Some(written) = self.tasks.join_next().await {
            let written = written.expect("no writer was refused");
            all.tickets.extend(written.tickets);
            all.letters.extend(written.letters);
            all.lines.extend(written.lines);
        }
        all
    }
}

async fn work(front: Front, writer: usize, requester: String) -> Written {
    let requester = json!({ "kind": "user", "id": requester.trim_start_matches("user:") });
    let mut written = Written::default();
    for n in 0_usize.. {
        if front.0.is_over.load(Ordering::Relaxed) {
            break;
        }
        let (words, first) = (format!("Words {n} of writer {writer}."), writer + n);
        let ticket = json!({ "title": words, "description": words, "format": "text", "requesters": [requester] });
        let ticket = front.insist(first, "/tickets", &format!("t{writer}-{n}"), &ticket).await;
        let path = format!("/tickets/{}", ticket["number"]);
        written.tickets.push(ticket["number"].as_i64().unwrap_or_else(|| panic!("no number: {ticket}")));
        let key = format!("e{writer}-{n}");
        let entry = front.insist(first + 1, &format!("{path}/occurrences"), &key, &letter(&words)).await;
        written.letters.push(id(&entry));
        let line = front.insist(first, &format!("{path}/chat"), &key, &json!({ "text": words })).await;
        written.lines.push(id(&line));
    }
    written
}

fn id(answer: &Value) -> Uuid {
    answer["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no id: {answer}"))
}

//! Somebody who listens to the stream of events, and resumes where it broke.

use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::PATIENCE;
use super::load::Front;

/// One open stream.
pub(super) struct Stream {
    wire: BufReader<TcpStream>,
    /// The id of the last event that came whole.
    last: String,
}

impl Stream {
    /// Opens it, from an earlier event on if one is named; once this answers, nothing is missed.
    pub(super) async fn open(address: SocketAddr, token: &str, query: &str, last: &str) -> io::Result<Self> {
        let mut wire = BufReader::new(TcpStream::connect(address).await?);
        let resume = if last.is_empty() { String::new() } else { format!("last-event-id: {last}\r\n") };
        let request = format!(
            "GET /api/v1/events{query} HTTP/1.0\r\nhost: desk.test\r\nauthorization: Bearer {token}\r\n{resume}\r\n"
        );
        wire.write_all(request.as_bytes()).await?;
        let mut stream = Self { wire, last: last.to_owned() };
        let status = stream.line().await?;
        if !status.contains(" 200 ") {
            return Err(io::Error::other(format!("the stream was answered {status}")));
        }
        while !stream.line().await?.is_empty() {}
        // The first event is a position and nothing else.
        stream.event().await?;
        Ok(stream)
    }

    /// One line without its end.
    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.wire.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// Kind and data of the next event, or of what keeps the line open.
    async fn event(&mut self) -> io::Result<(String, Value)> {
        let (mut id, mut kind, mut data) = (None, String::new(), Value::Null);
        loop {
            let line = self.line().await?;
            match line.split_once(": ") {
                Some(("id", value)) => id = Some(value.to_owned()),
                Some(("event", value)) => value.clone_into(&mut kind),
                Some(("data", value)) => data = serde_json::from_str(value).map_err(io::Error::other)?,
                _ if line.is_empty() => break,
                // A comment, and how long to wait before resuming.
                _ => {}
            }
        }
        // Only now: what is cut off is told again.
        if let Some(id) = id {
            self.last = id;
        }
        assert_ne!(kind, "reset", "events were missed");
        Ok((kind, data))
    }

    /// The next change.
    async fn change(&mut self) -> io::Result<Value> {
        loop {
            let (kind, data) = self.event().await?;
            if kind == "change" {
                return Ok(data);
            }
        }
    }

    /// Waits until the stream tells that what was answered was created.
    pub(super) async fn hear(&mut self, kind: &str, answer: &Value) {
        let told = async {
            loop {
                let change = self.change().await.expect("the stream goes on");
                if change["kind"] == kind && change["what"] == "created" && change["id"] == answer["id"] {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, told)
            .await
            .unwrap_or_else(|_late| panic!("the {kind} was not told of: {answer}"));
    }
}

/// Somebody who listens for new occurrences on whichever instance is there.
pub(super) struct Listener {
    heard: mpsc::UnboundedReceiver<Uuid>,
    _task: JoinSet<()>,
}

/// Begins to listen.
pub(super) async fn follow(front: Front, token: &str) -> Listener {
    let token = token.to_owned();
    let first = Stream::open(front.address(0), &token, QUERY, "").await.expect("a stream opens");
    let (tell, heard) = mpsc::unbounded_channel();
    let mut task = JoinSet::new();
    task.spawn(listen(front, token, first, tell));
    Listener { heard, _task: task }
}

const QUERY: &str = "?kinds=occurrence";

async fn listen(front: Front, token: String, mut stream: Stream, tell: mpsc::UnboundedSender<Uuid>) {
    for number in 1.. {
        while let Ok(change) = stream.change().await {
            let id = change["id"].as_str().and_then(|id| id.parse().ok());
            if let Some(id) = id.filter(|_| change["what"] == "created")
                && tell.send(id).is_err()
            {
                return;
            }
        }
        // Broken: one of the two is there.
        let mut next = number;
        stream = loop {
            match Stream::open(front.address(next), &token, QUERY, &stream.last).await {
                Ok(stream) => break stream,
                Err(_dead) => tokio::task::yield_now().await,
            }
            next += 1;
        };
    }
}

impl Listener {
    /// Everything that was heard, once these are among it.
    pub(super) async fn until(mut self, wanted: &[Uuid], patience: Duration) -> Vec<Uuid> {
        let mut missing: BTreeSet<Uuid> = wanted.iter().copied().collect();
        let mut all = Vec::new();
        while !missing.is_empty() {
            let heard = tokio::time::timeout(patience, self.heard.recv()).await;
            let Ok(Some(id)) = heard else { panic!("never heard of: {missing:?}") };
            missing.remove(&id);
            all.push(id);
        }
        all
    }
}

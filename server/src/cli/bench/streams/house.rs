//! An instance on a port of its own, and clients that listen to it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use anyhow::{anyhow, bail};
use futures::StreamExt as _;
use serde::Deserialize;
use service::Services;
use service::bench::Guest;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::site::Site;
use crate::{AppState, router};

/// Streams that are being opened at once.
const AT_ONCE: usize = 32;
/// A busy instance may refuse a stream for the moment.
const TRIES: usize = 5;
/// How long one stream, and how long all of them may take to open.
const ONE: Duration = Duration::from_secs(20);
const ALL: Duration = Duration::from_secs(120);
/// How long the instance may take to end.
const END: Duration = Duration::from_secs(10);
/// Bytes that wait to be read, of one client.
const BUFFER: usize = 512;

/// A serving instance: what `serve` starts, without mails and sweeping.
pub(super) struct House {
    pub(super) address: SocketAddr,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl House {
    pub(super) async fn open(services: &Services, site: Site) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let state = AppState::new(services.clone(), site, Vec::new(), stop.clone());
        let app = router(state).into_make_service_with_connect_info::<SocketAddr>();
        let mut tasks = JoinSet::new();
        tasks.spawn(services.hub.clone().run(services.db.clone(), stop.clone().cancelled_owned()));
        let serving = axum::serve(listener, app).with_graceful_shutdown(stop.clone().cancelled_owned());
        tasks.spawn(async move {
            if let Err(error) = serving.await {
                tracing::warn!(%error, "the measured instance ended");
            }
        });
        Ok(Self { address, stop, tasks })
    }

    pub(super) async fn close(mut self) {
        self.stop.cancel();
        let end = async { while self.tasks.join_next().await.is_some() {} };
        let _late = timeout(END, end).await;
    }
}

/// An entry that was heard of, and when.
type News = (Uuid, Instant);

/// Open streams; they end when it is dropped.
pub(super) struct Audience {
    _clients: JoinSet<()>,
    news: mpsc::UnboundedReceiver<News>,
    /// Number of a ticket → streams of it.
    seats: BTreeMap<i64, usize>,
}

impl Audience {
    /// Opens `count` streams, taking the guests in turn.
    pub(super) async fn gather(address: SocketAddr, guests: &[Guest], count: usize) -> anyhow::Result<Self> {
        let wanted: Vec<Guest> = guests.iter().cycle().take(count).cloned().collect();
        let opening = wanted.into_iter().map(|guest| open(address, guest));
        let mut opening = pin!(futures::stream::iter(opening).buffer_unordered(AT_ONCE));
        let (tell, news) = mpsc::unbounded_channel();
        let (mut clients, mut seats) = (JoinSet::new(), BTreeMap::new());
        let end = Instant::now() + ALL;
        loop {
            let Ok(next) = tokio::time::timeout_at(end, opening.next()).await else {
                bail!("{} of {count} streams were open after {ALL:?}", clients.len());
            };
            let Some(opened) = next else { break };
            let (number, stream) = opened?;
            clients.spawn(follow(stream, tell.clone()));
            *seats.entry(number).or_insert(0) += 1;
        }
        Ok(Self { _clients: clients, news, seats })
    }

    /// How many listen to a ticket.
    pub(super) fn listeners(&self, number: i64) -> usize {
        self.seats.get(&number).copied().unwrap_or(0)
    }

    /// The next entry somebody heard of; nothing when all streams have ended.
    pub(super) async fn heard(&mut self) -> Option<News> {
        self.news.recv().await
    }
}

/// Opens a stream of a guest's request; answers once nothing can be missed any more.
async fn open(address: SocketAddr, guest: Guest) -> anyhow::Result<(i64, BufReader<TcpStream>)> {
    let mut refusal = anyhow!("a stream was never answered");
    for _try in 0..TRIES {
        match timeout(ONE, ask(address, &guest)).await {
            Ok(Ok(stream)) => return Ok((guest.ticket, stream)),
            Ok(Err(error)) => refusal = error,
            Err(_late) => {}
        }
    }
    Err(refusal)
}

async fn ask(address: SocketAddr, guest: &Guest) -> anyhow::Result<BufReader<TcpStream>> {
    let mut stream = BufReader::with_capacity(BUFFER, TcpStream::connect(address).await?);
    let request = format!(
        "GET /api/v1/events?ticket={} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {}\r\naccept: text/event-stream\r\n\r\n",
        guest.ticket, guest.token
    );
    stream.write_all(request.as_bytes()).await?;
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    if !line.starts_with("HTTP/1.1 200") {
        bail!("a stream was answered {:?}", line.trim());
    }
    // The first event is a position: from there on everything is told.
    while !line.starts_with("id:") {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            bail!("a stream ended before it began");
        }
    }
    Ok(stream)
}

/// Tells of every entry the stream tells of, until it ends.
async fn follow(mut stream: BufReader<TcpStream>, tell: mpsc::UnboundedSender<News>) {
    let mut line = String::new();
    loop {
        line.clear();
        match stream.read_line(&mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if let Some(id) = created(&line)
            && tell.send((id, Instant::now())).is_err()
        {
            return;
        }
    }
}

#[derive(Debug, Deserialize)]
struct Change {
    kind: String,
    what: String,
    id: Option<Uuid>,
}

/// The occurrence a line tells of.
fn created(line: &str) -> Option<Uuid> {
    let change: Change = serde_json::from_str(line.strip_prefix("data:")?.trim()).ok()?;
    change.id.filter(|_| change.kind == "occurrence" && change.what == "created")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_new_occurrences_are_heard() {
        let id = "0195a1f0-0000-7000-8000-000000000000";
        let line = |kind: &str, what: &str| {
            created(&format!("data: {{\"kind\":\"{kind}\",\"what\":\"{what}\",\"ticket\":7,\"id\":\"{id}\"}}\r\n"))
        };
        assert_eq!(line("occurrence", "created"), id.parse().ok());
        assert_eq!((line("occurrence", "changed"), line("message", "created")), (None, None));
        assert_eq!((created("id: x"), created("data: {}"), created("5f")), (None, None, None));
    }
}

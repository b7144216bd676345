//! A mail server that takes everything at once: what is measured is our side of the talk.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// When a mail came first, by its `Message-ID`.
pub(super) type Arrivals = BTreeMap<String, Instant>;

#[derive(Debug, Default)]
struct Taken {
    mails: Mutex<Arrivals>,
    more: Notify,
}

impl Taken {
    fn mails(&self) -> MutexGuard<'_, Arrivals> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, id: String) {
        self.mails().entry(id).or_insert_with(Instant::now);
        self.more.notify_waiters();
    }
}

/// A server on a port of its own; gone when it is dropped.
#[derive(Debug)]
pub(super) struct Sink {
    address: SocketAddr,
    taken: Arc<Taken>,
    _tasks: JoinSet<()>,
}

impl Sink {
    pub(super) async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let taken = Arc::new(Taken::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, Arc::clone(&taken)));
        Ok(Self { address, taken, _tasks: tasks })
    }

    /// The value of `GUICHET_SMTP_URL` for it.
    pub(super) fn url(&self) -> String {
        format!("smtp://{}?tls=none", self.address)
    }

    /// What came, once there are so many or nobody waits any more.
    pub(super) async fn wait(&self, count: usize, patience: Duration) -> Arrivals {
        let all = async {
            loop {
                let more = self.taken.more.notified();
                if self.taken.mails().len() >= count {
                    return;
                }
                more.await;
            }
        };
        let _late = tokio::time::timeout(patience, all).await;
        self.taken.mails().clone()
    }
}

async fn serve(listener: TcpListener, taken: Arc<Taken>) {
    let mut talks = JoinSet::new();
    while let Ok((stream, _peer)) = listener.accept().await {
        // How a talk ends is seen by its other side.
        talks.spawn(talk(BufReader::new(stream), Arc::clone(&taken)));
    }
}

async fn talk(mut wire: BufReader<TcpStream>, taken: Arc<Taken>) -> io::Result<()> {
    say(&mut wire, "220 bench ESMTP").await?;
    let mut line = String::new();
    loop {
        line.clear();
        if wire.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => say(&mut wire, "250-bench at your service\r\n250-8BITMIME\r\n250 SMTPUTF8").await?,
            "DATA" => {
                say(&mut wire, "354 end with a dot").await?;
                taken.note(text(&mut wire).await?);
                say(&mut wire, "250 2.0.0 taken").await?;
            }
            "QUIT" => return say(&mut wire, "221 2.0.0 bye").await,
            _ => say(&mut wire, "250 2.0.0 ok").await?,
        }
    }
}

/// Reads a mail up to its final dot; answers its id.
async fn text(wire: &mut BufReader<TcpStream>) -> io::Result<String> {
    let (mut id, mut line) = (String::new(), Vec::new());
    loop {
        line.clear();
        if wire.read_until(b'\n', &mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(id);
        }
        if let Some(value) = line.strip_prefix(b"Message-ID:") {
            String::from_utf8_lossy(value).trim().clone_into(&mut id);
        }
    }
}

async fn say(wire: &mut BufReader<TcpStream>, answer: &str) -> io::Result<()> {
    wire.write_all(format!("{answer}\r\n").as_bytes()).await?;
    wire.flush().await
}

//! A mail server for tests: real sockets, real TLS, and every way in which one can be disagreeable.

mod certificate;
mod received;
mod talk;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

pub use received::Received;

/// How long a test waits for mails before it fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a server encrypts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte.
    Implicit,
    /// When asked to, by STARTTLS.
    StartTls,
}

/// How far a talk has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Connected; the greeting is due.
    Greeting,
    /// EHLO was said; its answer is due.
    Hello,
    /// AUTH was said; its answer is due.
    SignIn,
    /// MAIL FROM was said; its answer is due.
    Sender,
    /// RCPT TO was said; its answer is due.
    Recipient,
    /// DATA was said; its answer is due.
    Data,
    /// The final dot has come and the mail is kept; the answer is due.
    Dot,
    /// The mail is kept and answered.
    Accepted,
}

/// What a server does: counts from the next connection, and from the next MAIL FROM of an open one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Behaviour {
    /// Takes every mail.
    #[default]
    Accept,
    /// Answers MAIL FROM with this code.
    RefuseSender(u16),
    /// Answers RCPT TO with this code: for one address, or for all.
    RefuseRecipient(u16, Option<String>),
    /// Answers the final dot with this code, and keeps nothing.
    RefuseData(u16),
    /// Says nothing more from this stage on.
    Hang(Stage),
    /// Closes the connection at this stage.
    CloseAfter(Stage),
    /// Answers the first so many RCPT TO of each address with 450.
    Greylist {
        /// How often each address is put off.
        times: usize,
    },
}

#[derive(Debug, Default)]
struct State {
    behaviour: Behaviour,
    mails: Vec<Received>,
    commands: Vec<String>,
    connections: usize,
    put_off: HashMap<String, usize>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    arrived: Notify,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A mail server on a port of its own; gone when it is dropped.
#[derive(Debug)]
pub struct Sink {
    address: SocketAddr,
    encryption: Option<Encryption>,
    certificate: String,
    shared: Arc<Shared>,
    tasks: Mutex<JoinSet<()>>,
}

impl Sink {
    /// Who may sign in, which is offered on encrypted connections only. Mails are taken from everybody.
    pub const USER: &str = "robot";
    /// The password of that user.
    pub const PASSWORD: &str = "paper-towel-42";

    /// A server that speaks plain text.
    pub async fn start() -> Self {
        Self::listen(None).await
    }

    /// A server with a certificate of its own, made by the program `openssl`, valid for 127.0.0.1 and for no name.
    pub async fn start_tls(encryption: Encryption) -> Self {
        Self::listen(Some(encryption)).await
    }

    async fn listen(encryption: Option<Encryption>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("the address of a listener");
        let shared = Arc::new(Shared::default());
        let (certificate, security) = match encryption {
            None => (String::new(), None),
            Some(encryption) => {
                let (pem, config) = certificate::make();
                (pem, Some((encryption, TlsAcceptor::from(config))))
            }
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, Arc::clone(&shared), security));
        Self { address, encryption, certificate, shared, tasks: Mutex::new(tasks) }
    }

    /// The URL of a client that does everything right.
    #[must_use]
    pub fn url(&self) -> String {
        let (address, user, password) = (self.address, Self::USER, Self::PASSWORD);
        match self.encryption {
            None => format!("smtp://{address}?tls=none"),
            Some(Encryption::StartTls) => format!("smtp://{user}:{password}@{address}?tls=required"),
            Some(Encryption::Implicit) => format!("smtps://{user}:{password}@{address}"),
        }
    }

    /// The URL of a port on which nobody listens.
    #[must_use]
    pub fn refusing_port() -> String {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("the address of a listener");
        format!("smtp://{address}?tls=none")
    }

    /// The certificate to trust, as PEM; empty without encryption.
    #[must_use]
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Changes what the server does.
    pub fn behave(&self, behaviour: Behaviour) {
        self.shared.state().behaviour = behaviour;
    }

    /// All mails so far, oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Received> {
        self.shared.state().mails.clone()
    }

    /// The first word of every command so far, of all connections, in capitals.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        self.shared.state().commands.clone()
    }

    /// How many connections were made so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.state().connections
    }

    /// All mails, once there are so many. Panics when they do not come.
    pub async fn wait(&self, count: usize) -> Vec<Received> {
        let arrival = async {
            loop {
                let arrived = self.shared.arrived.notified();
                let mails = self.mails();
                if mails.len() >= count {
                    return mails;
                }
                arrived.await;
            }
        };
        match tokio::time::timeout(PATIENCE, arrival).await {
            Ok(mails) => mails,
            Err(_elapsed) => panic!("{} of {count} mails came within {PATIENCE:?}", self.mails().len()),
        }
    }

    /// Closes the port and the connections; mails that came stay.
    pub async fn stop(&self) {
        let mut tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        tasks.shutdown().await;
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, security: Option<(Encryption, TlsAcceptor)>) {
    let mut talks = JoinSet::new();
    while let Ok((stream, _peer)) = listener.accept().await {
        shared.state().connections += 1;
        // How a talk ends is seen by its other side.
        talks.spawn(talk::hold(stream, Arc::clone(&shared), security.clone()));
    }
}

//! From a name to a connection that takes mails: resolve, connect, encrypt, sign in.

use std::net::SocketAddr;
use std::time::Instant;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::{TcpStream, lookup_host};

use super::clock::{Clock, Fault, words};
use super::{Server, Step, Tls};

/// What a step gives to the next one, and what to show of it.
type Done<T> = Result<(T, String), Fault>;

/// Opens one connection and remembers the steps; the last one is the one that failed, if any did.
pub(super) struct Opening<'a> {
    server: &'a Server,
    hello: &'a ClientId,
    clock: Clock,
    shows_each: bool,
    steps: Vec<Step>,
}

impl<'a> Opening<'a> {
    pub(super) const fn new(server: &'a Server, hello: &'a ClientId, clock: Clock) -> Self {
        Self { server, hello, clock, shows_each: false, steps: Vec::new() }
    }

    /// Of a server with TLS from the start, connecting and encrypting are one step of the library: whoever looks at the
    /// steps gets a connection of its own for the first of them.
    pub(super) fn showing_each(self) -> Self {
        Self { shows_each: true, ..self }
    }

    pub(super) fn into_steps(self) -> Vec<Step> {
        self.steps
    }

    /// The step that failed, in one line.
    pub(super) fn failure(&self) -> String {
        let failed = self.steps.last().map(|step| format!("{}: {}", step.name, step.answer));
        self.server.said(&failed.unwrap_or_default())
    }

    /// A connection that is encrypted and signed in as the server's URL demands, or none.
    pub(super) async fn run(&mut self) -> Option<AsyncSmtpConnection> {
        let (server, hello, clock) = (self.server, self.hello, self.clock);
        let addresses = self.step("resolve", resolve(server, clock)).await?;
        let mut connection = match server.tls() {
            Tls::Implicit => {
                if self.shows_each {
                    self.step("connect", knock(&addresses, clock)).await?;
                }
                let parameters = server.parameters();
                self.step("tls", connect_encrypted(&addresses, parameters, hello, clock)).await?
            }
            Tls::Required | Tls::Opportunistic | Tls::None => {
                self.step("connect", connect(&addresses, hello, clock)).await?
            }
        };
        let upgrades = match server.tls() {
            Tls::Required => true,
            Tls::Opportunistic => connection.can_starttls(),
            Tls::Implicit | Tls::None => false,
        };
        if upgrades {
            self.step("tls", encrypt(&mut connection, server.parameters(), hello, clock)).await?;
        }
        if let Some(credentials) = server.credentials() {
            self.step("sign_in", sign_in(&mut connection, credentials, clock)).await?;
        }
        Some(connection)
    }

    async fn step<T>(&mut self, name: &'static str, work: impl Future<Output = Done<T>>) -> Option<T> {
        let start = Instant::now();
        let (value, answer) = match work.await {
            Ok((value, answer)) => (Some(value), self.server.said(&answer)),
            Err(fault) => (None, self.server.said(fault.text())),
        };
        self.steps.push(Step { name, ok: value.is_some(), answer, took: start.elapsed() });
        value
    }
}

async fn resolve(server: &Server, clock: Clock) -> Done<Vec<SocketAddr>> {
    let found = clock.connect(lookup_host((server.host(), server.port()))).await?;
    let addresses: Vec<SocketAddr> = found.collect();
    if addresses.is_empty() {
        return Err(lost("the name has no address"));
    }
    let texts: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
    Ok((addresses, texts.join(", ")))
}

/// The first address that answers.
async fn reach(addresses: &[SocketAddr], clock: Clock) -> Result<TcpStream, Fault> {
    let mut fault = lost("the name has no address");
    for address in addresses {
        match clock.connect(TcpStream::connect(*address)).await {
            Ok(stream) => return Ok(stream),
            Err(refused) => fault = Fault::Lost(format!("{address}: {}", refused.text())),
        }
    }
    Err(fault)
}

async fn knock(addresses: &[SocketAddr], clock: Clock) -> Done<()> {
    let stream = reach(addresses, clock).await?;
    Ok(((), stream.peer_addr()?.to_string()))
}

/// Connects, reads the greeting and says hello, all in plain text.
async fn connect(addresses: &[SocketAddr], hello: &ClientId, clock: Clock) -> Done<AsyncSmtpConnection> {
    let stream = reach(addresses, clock).await?;
    // The end of a mail is a small packet of its own that must not wait for others.
    stream.set_nodelay(true)?;
    // Only looked at: the library reads the greeting itself, and tells nobody.
    let mut first = [0_u8; 512];
    let length = clock.command(stream.peek(&mut first)).await?;
    let greeting = String::from_utf8_lossy(first.get(..length).unwrap_or_default()).into_owned();
    let connection = clock.command(AsyncSmtpConnection::connect_with_transport(Box::new(stream), hello)).await?;
    Ok((connection, greeting))
}

/// Connects with TLS from the start, reads the greeting and says hello; to the first address with which that works.
async fn connect_encrypted(
    addresses: &[SocketAddr],
    parameters: Option<&TlsParameters>,
    hello: &ClientId,
    clock: Clock,
) -> Done<AsyncSmtpConnection> {
    let parameters = parameters.ok_or_else(|| lost("TLS is not set up"))?;
    let limits = clock.limits();
    let mut fault = lost("the name has no address");
    for address in addresses {
        let parameters = Some(parameters.clone());
        let connecting = AsyncSmtpConnection::connect_tokio1(*address, Some(limits.connect), hello, parameters, None);
        match clock.within(limits.connect.saturating_add(limits.command), connecting).await {
            Ok(connection) => {
                let name = server_name(&connection);
                return Ok((connection, name));
            }
            Err(refused) => fault = Fault::Lost(format!("{address}: {}", refused.text())),
        }
    }
    Err(fault)
}

/// STARTTLS; verifies certificate and host name.
async fn encrypt(
    connection: &mut AsyncSmtpConnection,
    parameters: Option<&TlsParameters>,
    hello: &ClientId,
    clock: Clock,
) -> Done<()> {
    if !connection.can_starttls() {
        return Err(lost("the server does not offer STARTTLS"));
    }
    let parameters = parameters.cloned().ok_or_else(|| lost("TLS is not set up"))?;
    clock.command(connection.starttls(parameters, hello)).await?;
    Ok(((), server_name(connection)))
}

async fn sign_in(connection: &mut AsyncSmtpConnection, credentials: &Credentials, clock: Clock) -> Done<()> {
    // No URL leads here; a mistake further up must not cost a password.
    if !connection.is_encrypted() {
        return Err(lost("the connection is not encrypted"));
    }
    let answer = clock.command(connection.auth(DEFAULT_MECHANISMS, credentials)).await?;
    Ok(((), words(&answer)))
}

fn server_name(connection: &AsyncSmtpConnection) -> String {
    connection.server_info().name().to_owned()
}

fn lost(reason: &str) -> Fault {
    Fault::Lost(reason.to_owned())
}

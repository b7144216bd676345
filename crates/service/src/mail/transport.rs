//! The way out: one mail server, the connections to it, and what it said about each mail (M-TRN, M-DLV-03).
//!
//! Speaks the commands one by one instead of handing the mail to a ready-made mailer, because what an error means depends
//! on how far the talk had come: before the recipient is named it is trouble of the transport, after it of the mail.

mod address;
mod clock;
mod opening;
mod pool;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter, ServerInfo};
use lettre::transport::smtp::response::Severity;

pub use address::{Server, ServerError, Tls};
use clock::{Clock, Fault, words};
use opening::Opening;
use pool::Idle;

/// How long things may take, and how many connections are kept (M-TRN-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until a name is resolved, and until one address of it is connected.
    pub connect: Duration,
    /// Until a command is answered.
    pub command: Duration,
    /// A whole mail or probe, from resolving to the last answer.
    pub mail: Duration,
    /// A connection unused for so long is not used again.
    pub idle: Duration,
    /// Most connections that are kept for the next mail.
    pub kept: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            command: Duration::from_secs(30),
            mail: Duration::from_secs(45),
            idle: Duration::from_secs(60),
            kept: 8,
        }
    }
}

/// One step of opening a connection (M-TRN-02).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// `resolve`, `connect`, `tls` or `sign_in`.
    pub name: &'static str,
    /// Whether it succeeded.
    pub ok: bool,
    /// What the server said, or what went wrong: one line, at most 500 characters, never the password.
    pub answer: String,
    /// How long it took.
    pub took: Duration,
}

/// Why a mail did not leave; each holds one line of at most 500 characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Nothing was said about the recipient yet: resolve, connect, TLS, sign-in, sender, or no answer until there. Uses up
    /// no try (M-TRN-04).
    #[error("{0}")]
    Transport(String),
    /// 4xx for the recipient or the data, or the connection was lost after the recipient was named: tried again (M-DLV-03).
    #[error("{0}")]
    Later(String),
    /// 5xx for the recipient or the data, or an address or text this server cannot carry: final (M-DLV-03).
    #[error("{0}")]
    Never(String),
}

/// Connections to one server, kept while they are used.
pub struct Transport {
    server: Server,
    hello: ClientId,
    limits: Limits,
    idle: Idle,
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("server", &self.server).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Transport {
    /// Of a server, with the usual limits. Connects only when something is to be sent.
    #[must_use]
    pub fn new(server: Server) -> Self {
        Self::with_limits(server, Limits::default())
    }

    /// Of a server, with other limits: tests do not wait for half a minute.
    #[must_use]
    pub fn with_limits(server: Server, limits: Limits) -> Self {
        Self { server, hello: ClientId::default(), limits, idle: Idle::new(limits) }
    }

    /// Where mails go.
    #[must_use]
    pub const fn server(&self) -> &Server {
        &self.server
    }

    /// The longest time one mail may take, in seconds.
    #[must_use]
    pub fn longest(&self) -> i64 {
        i64::try_from(self.limits.mail.as_secs()).unwrap_or(i64::MAX)
    }

    /// Hands one mail over; answers what the server said when it accepted it, one line of at most 500 characters.
    ///
    /// A kept connection that fails before the recipient is named is replaced by a fresh one, once; after that nothing is
    /// repeated, because the server may have taken the mail. Dropping the future closes its connection.
    ///
    /// # Errors
    /// See [`SendError`].
    pub async fn send(&self, envelope: &Envelope, message: &[u8]) -> Result<String, SendError> {
        let clock = Clock::start(self.limits);
        if let Some(kept) = self.idle.take() {
            let sent = self.deliver(kept, envelope, message, clock).await;
            if !matches!(sent, Err(SendError::Transport(_))) {
                return sent;
            }
        }
        let mut opening = Opening::new(&self.server, &self.hello, clock);
        let fresh = opening.run().await;
        match fresh {
            Some(connection) => self.deliver(connection, envelope, message, clock).await,
            None => Err(SendError::Transport(opening.failure())),
        }
    }

    /// Opens a connection as a mail would, step by step: `resolve`, `connect`, `tls` if the connection is encrypted,
    /// `sign_in` if there is a user. Ends with the first step that fails. A connection that is ready is kept, so that the
    /// test mail that follows takes the way that was shown.
    pub async fn probe(&self) -> Vec<Step> {
        let mut opening = Opening::new(&self.server, &self.hello, Clock::start(self.limits)).showing_each();
        if let Some(connection) = opening.run().await {
            self.idle.keep(connection);
        }
        opening.into_steps()
    }

    /// Takes leave of the servers of connections that were idle for too long; for a job that runs now and then, since a
    /// connection that nobody asks for is not noticed otherwise.
    pub async fn close_idle(&self) {
        let clock = Clock::start(self.limits);
        for mut connection in self.idle.take_expired() {
            // A server that is gone already needs no farewell.
            drop(clock.command(connection.quit()).await);
        }
    }

    async fn deliver(
        &self,
        mut connection: AsyncSmtpConnection,
        envelope: &Envelope,
        message: &[u8],
        clock: Clock,
    ) -> Result<String, SendError> {
        let parameters = match parameters(connection.server_info(), envelope, message) {
            Ok(parameters) => parameters,
            Err(error) => {
                self.idle.keep(connection);
                return Err(error);
            }
        };
        let mail = Mail::new(envelope.from().cloned(), parameters);
        if let Err(fault) = clock.command(connection.command(mail)).await {
            return Err(SendError::Transport(self.server.said(&format!("MAIL FROM: {}", fault.text()))));
        }
        for to in envelope.to() {
            let named = clock.command(connection.command(Rcpt::new(to.clone(), Vec::new()))).await;
            if let Err(fault) = named {
                return Err(self.refused(connection, fault, clock).await);
            }
        }
        match clock.command(connection.command(Data)).await {
            Ok(answer) if answer.has_code(354) => {}
            Ok(answer) => return Err(self.confused(&words(&answer))),
            Err(fault) => return Err(self.refused(connection, fault, clock).await),
        }
        // The text of a mail is no command: a large one on a slow line may take what is left of the whole.
        match clock.rest(connection.message(message)).await {
            Ok(answer) if answer.code().severity == Severity::PositiveCompletion => {
                self.idle.keep(connection);
                Ok(self.server.said(&words(&answer)))
            }
            Ok(answer) => Err(self.confused(&words(&answer))),
            Err(fault) => Err(self.refused(connection, fault, clock).await),
        }
    }

    /// What an error after the recipient was named means for the mail.
    async fn refused(&self, mut connection: AsyncSmtpConnection, fault: Fault, clock: Clock) -> SendError {
        let error = match fault {
            Fault::Never(answer) => SendError::Never(self.server.said(&answer)),
            Fault::Later(answer) => SendError::Later(self.server.said(&answer)),
            Fault::Lost(reason) => return SendError::Later(self.server.said(&format!("connection lost: {reason}"))),
        };
        // The server spoke, so it may go on: the next mail need not sign in again.
        if clock.command(connection.command(Rset)).await.is_ok() {
            self.idle.keep(connection);
        }
        error
    }

    /// The server agreed to something else than what was asked; its connection is not used again.
    fn confused(&self, answer: &str) -> SendError {
        SendError::Later(self.server.said(&format!("unexpected answer: {answer}")))
    }
}

/// What has to be said with the sender so that the mail may hold more than ASCII.
fn parameters(info: &ServerInfo, envelope: &Envelope, message: &[u8]) -> Result<Vec<MailParameter>, SendError> {
    let mut parameters = Vec::new();
    let is_ascii = |address: &lettre::Address| AsRef::<str>::as_ref(address).is_ascii();
    let sender_is_ascii = envelope.from().is_none_or(is_ascii);
    if !sender_is_ascii || !envelope.to().iter().all(is_ascii) {
        if !info.supports_feature(Extension::SmtpUtfEight) {
            const MISSING: &str = "the server takes no internationalised addresses (SMTPUTF8)";
            // The sender is the same for all mails: none of them is to blame.
            let error = if sender_is_ascii { SendError::Never } else { SendError::Transport };
            return Err(error(MISSING.to_owned()));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !message.is_ascii() {
        if !info.supports_feature(Extension::EightBitMime) {
            return Err(SendError::Never("the server takes no 8-bit text (8BITMIME)".to_owned()));
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(parameters)
}

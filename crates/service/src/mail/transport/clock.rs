//! Limits of time, and what came of a command.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Response;
use tokio::time::{Instant, timeout_at};

use super::Limits;

/// Why a command did not succeed; texts as the server or the system said them.
#[derive(Debug)]
pub(super) enum Fault {
    /// 5xx.
    Never(String),
    /// 4xx.
    Later(String),
    /// Nothing was said, or nothing that can be read: the connection is of no use any more.
    Lost(String),
}

impl Fault {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Never(text) | Self::Later(text) | Self::Lost(text) => text,
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let Some(code) = error.status() else { return Self::Lost(error.to_string()) };
        let text = error.source().map(ToString::to_string).unwrap_or_default();
        let answer = format!("{code} {text}");
        if error.is_permanent() { Self::Never(answer) } else { Self::Later(answer) }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Lost(error.to_string())
    }
}

/// A good answer with its code.
pub(super) fn words(answer: &Response) -> String {
    let text: Vec<&str> = answer.message().collect();
    format!("{} {}", answer.code(), text.join(" "))
}

/// The time of one mail: each part has a limit of its own, and none goes beyond the end of the whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    limits: Limits,
    end: Instant,
}

impl Clock {
    pub(super) fn start(limits: Limits) -> Self {
        Self { limits, end: Instant::now() + limits.mail }
    }

    pub(super) const fn limits(&self) -> Limits {
        self.limits
    }

    /// Resolving, or connecting to one address.
    pub(super) async fn connect<T, E: Into<Fault>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Fault> {
        self.within(self.limits.connect, work).await
    }

    /// One command and its answer.
    pub(super) async fn command<T, E: Into<Fault>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Fault> {
        self.within(self.limits.command, work).await
    }

    /// Whatever is left of the whole.
    pub(super) async fn rest<T, E: Into<Fault>>(&self, work: impl Future<Output = Result<T, E>>) -> Result<T, Fault> {
        self.within(self.limits.mail, work).await
    }

    pub(super) async fn within<T, E: Into<Fault>>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Fault> {
        let end = self.end.min(Instant::now() + limit);
        match timeout_at(end, work).await {
            Ok(done) => done.map_err(Into::into),
            Err(_elapsed) => Err(Fault::Lost("no answer in time".to_owned())),
        }
    }
}

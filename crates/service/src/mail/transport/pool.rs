//! Connections that wait for the next mail.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::time::Instant;

use super::Limits;

struct Kept {
    connection: AsyncSmtpConnection,
    since: Instant,
}

/// At most as many as the limits say; the newest is taken first, so that those nobody needs grow old.
pub(super) struct Idle {
    limits: Limits,
    kept: Mutex<Vec<Kept>>,
}

impl Idle {
    pub(super) const fn new(limits: Limits) -> Self {
        Self { limits, kept: Mutex::new(Vec::new()) }
    }

    /// A connection that was used a moment ago. Whether its server still listens shows with the first command.
    pub(super) fn take(&self) -> Option<AsyncSmtpConnection> {
        let mut kept = self.lock();
        kept.retain(|one| self.is_fresh(one));
        kept.pop().map(|one| one.connection)
    }

    /// Keeps a connection between two mails; closes it if there are enough.
    pub(super) fn keep(&self, connection: AsyncSmtpConnection) {
        let mut kept = self.lock();
        if kept.len() < self.limits.kept {
            kept.push(Kept { connection, since: Instant::now() });
        }
    }

    /// Those that waited for too long.
    pub(super) fn take_expired(&self) -> Vec<AsyncSmtpConnection> {
        let mut kept = self.lock();
        let (fresh, expired): (Vec<_>, Vec<_>) = mem::take(&mut *kept).into_iter().partition(|one| self.is_fresh(one));
        *kept = fresh;
        expired.into_iter().map(|one| one.connection).collect()
    }

    fn is_fresh(&self, one: &Kept) -> bool {
        one.since.elapsed() < self.limits.idle
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Kept>> {
        // A list of connections is whole whatever its user did.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

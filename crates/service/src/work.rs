//! The unit of work: the only way to write.
//!
//! Runs in a task of its own, so that a browser that hangs up cannot cut a transaction in two, and
//! nothing that must happen comes after the commit.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use backon::{ExponentialBuilder, Retryable};
use entity::ticket;
use futures::future::BoxFuture;
use sea_orm::DatabaseTransaction;
use tracing::Instrument;
use uuid::Uuid;

use crate::actor::Actor;
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::settings::Settings;

/// A running transaction with its context.
#[derive(Debug)]
pub struct Work {
    /// Who asks, of which instance.
    pub ctx: Ctx,
    /// The transaction.
    pub tx: DatabaseTransaction,
    now: i64,
    seen: Mutex<Seen>,
}

/// What the transaction has read and need not read again.
#[derive(Debug, Default)]
struct Seen {
    settings: HashMap<Vec<Uuid>, Arc<Settings>>,
    tickets: HashMap<Uuid, ticket::Model>,
}

impl Work {
    async fn begin(ctx: &Ctx) -> Result<Self, ServiceError> {
        Ok(Self { tx: ctx.db().begin().await?, now: ctx.now(), ctx: ctx.clone(), seen: Mutex::default() })
    }

    /// The time of this transaction: one value for all its rows, seconds since 1970.
    #[must_use]
    pub const fn now(&self) -> i64 {
        self.now
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.ctx.actor
    }

    /// The settings in force, read once: what a transaction decides, it decides by the same ones. `path` is the entity and its
    /// ancestors, nearest first. Not for who changes settings.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub(crate) async fn settings(&self, path: &[Uuid]) -> Result<Arc<Settings>, ServiceError> {
        let known = self.seen(|seen| seen.settings.get(path).cloned());
        if let Some(known) = known {
            return Ok(known);
        }
        let read = Arc::new(Settings::load(&self.tx, path).await?);
        self.seen(|seen| seen.settings.insert(path.to_vec(), Arc::clone(&read)));
        Ok(read)
    }

    /// Remembers a ticket as its row is, which this transaction holds.
    pub(crate) fn has_read(&self, ticket: &ticket::Model) {
        self.seen(|seen| seen.tickets.insert(ticket.id, ticket.clone()));
    }

    /// The row of a ticket as this transaction read or wrote it last.
    pub(crate) fn row_of(&self, ticket: Uuid) -> Option<ticket::Model> {
        self.seen(|seen| seen.tickets.get(&ticket).cloned())
    }

    fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn commit(self) -> Result<(), ServiceError> {
        self.tx.commit().await?;
        self.ctx.services.hub.wake();
        self.ctx.services.bell.ring();
        Ok(())
    }
}

/// Runs `run` in one transaction: all of it is durable when this answers, or none of it happened.
///
/// # Errors
/// What `run` refuses, or `Unavailable`/`Internal` from the engine; serialisation failures are tried twice more.
pub(crate) async fn write<T, F>(ctx: &Ctx, run: F) -> Result<T, ServiceError>
where
    T: Send + 'static,
    F: for<'w> Fn(&'w mut Work) -> BoxFuture<'w, Result<T, ServiceError>> + Send + Sync + 'static,
{
    let (ctx, run) = (ctx.clone(), Arc::new(run));
    let once = move || {
        let (ctx, run) = (ctx.clone(), Arc::clone(&run));
        async move {
            let mut work = Work::begin(&ctx).await?;
            let value = run(&mut work).await?;
            work.commit().await?;
            Ok::<T, ServiceError>(value)
        }
    };
    let task = async move {
        let tried = once.retry(ExponentialBuilder::default().with_jitter().with_max_times(2));
        // What the last try says is told to somebody, so the log has to know why.
        tried.when(ServiceError::is_retryable).await.inspect_err(|error| {
            if error.is_retryable() {
                tracing::warn!(cause = error.cause.as_deref().unwrap_or_default(), "unavailable");
            }
        })
    };
    to_its_end(task).await
}

/// Runs `task` in a task of its own, so that a browser that hangs up cannot cut it in two: for several transactions that belong
/// together.
///
/// # Errors
/// What `task` says; `Internal` where it panics.
pub(crate) async fn to_its_end<T, F>(task: F) -> Result<T, ServiceError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, ServiceError>> + Send + 'static,
{
    #[expect(clippy::disallowed_methods, reason = "a write outlives the request that asked for it")]
    let joined = tokio::spawn(task.in_current_span()).await;
    joined.unwrap_or_else(|panic| Err(ServiceError::internal(panic)))
}

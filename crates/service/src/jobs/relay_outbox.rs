//! Hands the rows of the outbox to the server: leased, in order, at least once (M-DLV-02..07).

use std::sync::Arc;
use std::time::Duration;

use domain::mail::{EXPIRES_AFTER, MailState, Unsent, next_try, transport_pause};
use domain::occurrence::Visibility;
use entity::{mail_transport, outbox, ticket};
use futures::future::{BoxFuture, join_all};
use futures::stream::FuturesUnordered;
use futures::{FutureExt as _, StreamExt as _};
use sea_orm::EntityTrait;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::actor::Actor;
use crate::ctx::{Ctx, Services};
use crate::db::Engine;
use crate::error::ServiceError;
use crate::events::{self, NewChange};
use crate::mail::{self, About, Made, Mailer, SendError};
use crate::notifications;
use crate::sql::{Sql, unique};
use crate::work::{self, Work};

/// Mails that are under way at once.
const AT_ONCE: i64 = 16;
/// What became of so many is written down in one transaction at most.
const TOGETHER: usize = 16;
/// A claimed row belongs to its instance for so many seconds: longer than the transport gives one mail.
const LEASE: i64 = 60;
/// A mail that could not be made is made again after so many seconds.
const MAKE_AGAIN: i64 = 60;

/// What became of one attempt.
#[derive(Debug)]
enum Outcome {
    Sent(String),
    Later(String),
    Never(String),
    Unsent(Unsent),
    /// No server was reached: the row waits for it, no try is used up.
    Down(String),
    /// The mail could not be made, for want of its rows or files: this one waits, the others go on (M-DLV-08).
    Unmade,
}

/// What an attempt tells about the server.
#[derive(Debug)]
enum Sign {
    Up,
    Down(String),
    Nothing,
}

impl Outcome {
    fn sign(&self) -> Sign {
        match self {
            Self::Sent(_) | Self::Later(_) | Self::Never(_) => Sign::Up,
            Self::Down(answer) => Sign::Down(answer.clone()),
            Self::Unsent(_) | Self::Unmade => Sign::Nothing,
        }
    }
}

/// Sends what is due, at most sixteen mails, and answers how many were looked at.
///
/// # Errors
/// `Unavailable` when the database is away; what was sent by then is sent again, with the same Message-ID (M-DLV-07).
pub async fn relay_outbox(services: &Services) -> Result<usize, ServiceError> {
    let Some(mailer) = services.mailer.clone() else { return Ok(0) };
    if !is_due(services).await? {
        mailer.transport().close_idle().await;
        return Ok(0);
    }
    let ctx = Ctx::new(services.clone(), Actor::automatic(services.db.reader()).await?);
    let rows = claim(&ctx).await?;
    let count = rows.len();
    let (tell, told) = mpsc::unbounded_channel();
    let attempts = join_all(rows.into_iter().map(|row| try_one(&ctx, &mailer, row, tell.clone())));
    // Nobody but the attempts tells anything: what became of them ends with the last of them.
    drop(tell);
    let (signs, recorded) = tokio::join!(attempts, record_all(&ctx, told));
    recorded?;
    note_transport(&ctx, &signs).await?;
    Ok(count)
}

/// What became of a row.
#[derive(Clone, Debug)]
struct Done {
    row: outbox::Model,
    after: After,
}

/// Sends a mail, and tells whoever writes it down.
async fn try_one(ctx: &Ctx, mailer: &Mailer, row: outbox::Model, tell: mpsc::UnboundedSender<Done>) -> Sign {
    let outcome = attempt(ctx, mailer, &row).await;
    let sign = outcome.sign();
    let after = After::of(&row, outcome, ctx.now());
    // He is there as long as somebody may tell him something.
    let _heard = tell.send(Done { row, after });
    sign
}

/// Whether a row is due and the server is not being left in peace: without the right to write.
async fn is_due(services: &Services) -> Result<bool, ServiceError> {
    let now = services.now();
    let mut sql = Sql::new("SELECT 1 FROM outbox o WHERE ");
    sql.append(&free(now));
    sql.push_bind(" AND EXISTS (SELECT 1 FROM mail_transport t WHERE t.id = 1 AND t.next_try_at <= ", now)
        .push(") LIMIT 1");
    Ok(!sql.rows(services.db.reader()).await?.is_empty())
}

/// Rows that are due and nobody's; one waits while an earlier one to the same person about the same ticket is open (M-DLV-02).
fn free(now: i64) -> Sql {
    let mut sql = Sql::new("o.is_open AND o.due_at <= ");
    sql.bind(now).push_bind(" AND o.lease_until <= ", now).push(
        " AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.is_open AND e.ticket_id = o.ticket_id \
         AND e.address_key = o.address_key AND e.id < o.id)",
    );
    sql
}

/// Leases the rows that come next.
async fn claim(ctx: &Ctx) -> Result<Vec<outbox::Model>, ServiceError> {
    work::write(ctx, move |w| {
        Box::pin(async move {
            let now = w.now();
            let mut sql = Sql::new("WITH due AS MATERIALIZED (SELECT o.id FROM outbox o WHERE ");
            sql.append(&free(now)).push_bind(" ORDER BY o.due_at, o.id LIMIT ", AT_ONCE);
            if w.ctx.db().engine() == Engine::Postgres {
                sql.push(" FOR UPDATE SKIP LOCKED");
            }
            sql.push_bind(") UPDATE outbox SET fence = fence + 1, lease_until = ", now + LEASE);
            sql.push(" WHERE id IN (SELECT id FROM due) RETURNING *");
            Ok(sql.all(&w.tx).await?)
        })
    })
    .await
}

async fn attempt(ctx: &Ctx, mailer: &Mailer, row: &outbox::Model) -> Outcome {
    if row.created_at + EXPIRES_AFTER < ctx.now() {
        return Outcome::Unsent(Unsent::Expired);
    }
    match mail::is_limited(ctx.db().reader(), row, ctx.now()).await {
        Ok(false) => {}
        Ok(true) => return Outcome::Unsent(Unsent::RateLimited),
        Err(_away) => return Outcome::Unmade,
    }
    let made = match mail::compose(ctx, row).await {
        Ok(Made::Ready(made)) => made,
        Ok(Made::Unsent(reason)) => return Outcome::Unsent(reason),
        // The cause is in the log already.
        Err(_away) => return Outcome::Unmade,
    };
    // What took too long to make would be under way when another instance may take it.
    if ctx.now() + mailer.transport().longest() > row.lease_until {
        return Outcome::Unmade;
    }
    match mailer.transport().send(&made.envelope, &made.bytes).await {
        Ok(answer) => Outcome::Sent(answer),
        Err(SendError::Transport(answer)) => Outcome::Down(answer),
        Err(SendError::Later(answer)) => Outcome::Later(answer),
        Err(SendError::Never(answer)) => Outcome::Never(answer),
    }
}

/// Writes down what became of rows as soon as it is known, so that a crash repeats as few as can be. What becomes known while a
/// transaction is written shares the next one: none waits longer than it would in the line of those who write.
async fn record_all(ctx: &Ctx, mut told: mpsc::UnboundedReceiver<Done>) -> Result<(), ServiceError> {
    let (mut done, mut recorded) = (Vec::new(), Ok(()));
    let mut alone: FuturesUnordered<BoxFuture<'_, Result<(), ServiceError>>> = FuturesUnordered::new();
    loop {
        tokio::select! {
            count = told.recv_many(&mut done, TOGETHER) => {
                if count == 0 {
                    break;
                }
                let left = record(ctx, std::mem::take(&mut done)).await;
                alone.extend(left.into_iter().map(|one| record_alone(ctx, one).boxed()));
            }
            Some(one) = alone.next() => recorded = recorded.and(one),
        }
    }
    while let Some(one) = alone.next().await {
        recorded = recorded.and(one);
    }
    recorded
}

/// Writes down what became of rows together, and answers those that have to be written down alone.
async fn record(ctx: &Ctx, done: Vec<Done>) -> Vec<Done> {
    for Done { row, after } in &done {
        tracing::info!(mail = %row.id, kind = row.kind, state = after.state.as_str(), code = after.code(), "mail");
    }
    let done: Arc<[Done]> = done.into();
    let written = store_together(ctx, &done).await.unwrap_or_default();
    done.iter().filter(|one| !written.contains(&one.row.id)).cloned().collect()
}

/// Writes down what became of a row. That a mail was sent is tried as long as the lease lasts: without it, it is sent again.
async fn record_alone(ctx: &Ctx, Done { row, after }: Done) -> Result<(), ServiceError> {
    loop {
        match store(ctx, &row, &after).await {
            Err(_away) if after.state == MailState::Sent && ctx.now() < row.lease_until => {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            stored => return stored,
        }
    }
}

/// Answers the rows that were written down: those whose tickets somebody else holds at the moment were not, so that nobody waits
/// for another's ticket.
async fn store_together(ctx: &Ctx, done: &Arc<[Done]>) -> Result<Vec<Uuid>, ServiceError> {
    let done = Arc::clone(done);
    work::write(ctx, move |w| {
        let done = Arc::clone(&done);
        Box::pin(async move {
            let held = hold(w, unique(done.iter().filter_map(|one| one.row.ticket_id))).await?;
            let mut written = Vec::new();
            for Done { row, after } in done.iter() {
                if row.ticket_id.is_none_or(|ticket| held.contains(&ticket)) {
                    note(w, row, after).await?;
                    written.push(row.id);
                }
            }
            Ok(written)
        })
    })
    .await
}

/// Tickets are locked before their mails, here as by those who edit and remove; those that are free, in one order.
async fn hold(w: &Work, tickets: Vec<Uuid>) -> Result<Vec<Uuid>, ServiceError> {
    if w.ctx.db().engine() == Engine::Sqlite || tickets.is_empty() {
        return Ok(tickets);
    }
    let mut sql = Sql::new("SELECT id FROM ticket WHERE id IN ");
    sql.list(tickets).push(" ORDER BY id FOR KEY SHARE SKIP LOCKED");
    let mut held = Vec::new();
    for row in sql.rows(&w.tx).await? {
        held.push(row.try_get("", "id")?);
    }
    Ok(held)
}

async fn store(ctx: &Ctx, row: &outbox::Model, after: &After) -> Result<(), ServiceError> {
    let (row, after) = (row.clone(), after.clone());
    work::write(ctx, move |w| {
        let (row, after) = (row.clone(), after.clone());
        Box::pin(async move {
            if let (Engine::Postgres, Some(ticket)) = (w.ctx.db().engine(), row.ticket_id) {
                // Tickets are locked before their mails.
                let mut lock = Sql::new("SELECT id FROM ticket WHERE id = ");
                lock.bind(ticket).push(" FOR KEY SHARE").rows(&w.tx).await?;
            }
            note(w, &row, &after).await
        })
    })
    .await
}

/// Writes it down in a running transaction, and tells who looks at it.
async fn note(w: &Work, row: &outbox::Model, after: &After) -> Result<(), ServiceError> {
    if after.store(w, row).await? && after.is_change_of(row) {
        tell(w, row, after).await?;
    }
    Ok(())
}

/// The row after the attempt.
#[derive(Clone, Debug)]
struct After {
    state: MailState,
    is_open: bool,
    due_at: i64,
    tries: i32,
    answer: Option<String>,
}

impl After {
    fn of(row: &outbox::Model, outcome: Outcome, now: i64) -> Self {
        let tries = row.tries + 1;
        let ended = |state, answer| Self { state, is_open: false, due_at: now, tries, answer: Some(answer) };
        match outcome {
            Outcome::Sent(answer) => ended(MailState::Sent, answer),
            Outcome::Never(answer) => ended(MailState::Failed, answer),
            Outcome::Unsent(reason) => ended(MailState::Failed, reason.as_str().to_owned()),
            Outcome::Later(answer) => match next_try(tries, spread(row)) {
                Some(wait) => Self { is_open: true, due_at: now + wait, ..ended(MailState::Failed, answer) },
                None => ended(MailState::Failed, answer),
            },
            Outcome::Down(_) => Self::waiting(row, row.due_at),
            Outcome::Unmade => Self::waiting(row, now + MAKE_AGAIN),
        }
    }

    /// As before, with no try used up.
    fn waiting(row: &outbox::Model, due_at: i64) -> Self {
        Self { state: mail::state_of(row), is_open: true, due_at, tries: row.tries, answer: row.answer.clone() }
    }

    /// The code of the server's answer, for the log.
    fn code(&self) -> &str {
        self.answer.as_deref().and_then(|answer| answer.split_whitespace().next()).unwrap_or_default()
    }

    /// Another state, or the end of the tries: what the history tells (M-DLV-06).
    fn is_news(&self, row: &outbox::Model) -> bool {
        self.state != mail::state_of(row) || !self.is_open
    }

    /// Something that is shown differs.
    fn is_change_of(&self, row: &outbox::Model) -> bool {
        self.is_news(row) || self.tries != row.tries
    }

    /// Answers whether this instance still had the row; only the holder of its lease may write, but a mail that was sent is sent.
    async fn store(&self, w: &Work, row: &outbox::Model) -> Result<bool, ServiceError> {
        let mut sql = Sql::new("UPDATE outbox SET lease_until = 0, state = ");
        sql.bind(self.state.as_str())
            .push_bind(", is_open = ", self.is_open)
            .push_bind(", due_at = ", self.due_at)
            .push_bind(", tries = ", self.tries)
            .push_bind(", answer = ", self.answer.clone());
        if self.is_change_of(row) {
            sql.push_bind(", state_at = ", w.now());
        }
        sql.push_bind(" WHERE id = ", row.id);
        if self.state != MailState::Sent {
            sql.push_bind(" AND is_open AND fence = ", row.fence);
        }
        Ok(sql.run(&w.tx).await?.rows_affected() > 0)
    }
}

/// Moves tries apart, the same way each time for one mail: -1000 to 1000.
fn spread(row: &outbox::Model) -> i64 {
    i64::from(
        row.id.as_bytes().iter().fold(0_u16, |sum, byte| sum.wrapping_mul(31).wrapping_add(u16::from(*byte))) % 2001,
    ) - 1000
}

/// The event on the ticket, and the news for those who look at its entry (M-DLV-06); the requester side hears of mails to
/// requesters only, once they are sent. Mails that were too many are told to administrators (M-LOP-01).
async fn tell(w: &Work, row: &outbox::Model, after: &After) -> Result<(), ServiceError> {
    let is_sent = after.state == MailState::Sent;
    let answer = after.answer.as_deref().filter(|_| !is_sent).unwrap_or_default();
    let ticket = match row.ticket_id {
        Some(id) => ticket::Entity::find_by_id(id).one(&w.tx).await?,
        None => None,
    };
    let entry = About::of(&w.tx, row).await?;
    let (Some(ticket), Some(entry)) = (ticket, entry) else { return Ok(()) };
    if after.is_news(row) {
        let kind = if is_sent { "mail_sent" } else { "mail_failed" };
        mail::record(w, kind, entry, vec![mail::told(&row.name, answer)], true).await?;
    }
    if answer == Unsent::RateLimited.as_str() {
        notifications::mail_limited(w, &ticket).await?;
    }
    let kind = mail::Kind::read(&row.kind);
    if !kind.is_some_and(mail::Kind::is_of_entry) {
        // Nothing of it is shown.
        return Ok(());
    }
    let is_told = is_sent && kind.is_some_and(mail::Kind::is_to_requesters);
    let visibility = if is_told { entry.visibility } else { Visibility::Private };
    let change = NewChange {
        kind: entry.kind,
        what: "changed",
        object: entry.id,
        version: entry.version,
        audience: events::audience(visibility),
        author: entry.author,
    };
    events::emit(w, &ticket, change).await
}

/// Keeps since when no server can be reached, for all instances; a server that answers ends it (M-TRN-04).
async fn note_transport(ctx: &Ctx, signs: &[Sign]) -> Result<(), ServiceError> {
    let now = ctx.now();
    let is_up = signs.iter().any(|sign| matches!(sign, Sign::Up));
    let is_down = signs.iter().find_map(|sign| if let Sign::Down(answer) = sign { Some(answer.clone()) } else { None });
    let found = mail_transport::Entity::find_by_id(1).one(ctx.db().reader()).await?;
    let Some(before) = found else { return Ok(()) };
    if is_down.is_none() && (before.failures == 0 || !is_up) {
        return Ok(());
    }
    work::write(ctx, move |w| {
        let (answer, failures) = (is_down.clone(), before.failures);
        Box::pin(async move {
            let mut sql = Sql::new("UPDATE mail_transport SET ");
            match answer {
                Some(answer) if !is_up => {
                    let pause = transport_pause(failures + 1);
                    sql.push_bind("failures = failures + 1, failing_since = COALESCE(failing_since, ", now)
                        .push_bind("), next_try_at = ", now + pause)
                        .push_bind(", answer = ", answer)
                        // Of several instances that found out at once, one counts it.
                        .push_bind(" WHERE id = 1 AND failures = ", failures);
                }
                _ => {
                    sql.push("failures = 0, failing_since = NULL, next_try_at = 0, answer = NULL WHERE id = 1");
                }
            }
            sql.run(&w.tx).await?;
            Ok(())
        })
    })
    .await
}

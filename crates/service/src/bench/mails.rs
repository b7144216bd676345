//! Mails under load (M-DLV-02): how long each is on its way to the server, with the relay as it runs in every instance.

use std::sync::Arc;
use std::time::Duration;

use domain::forms::{AddOccurrence, CreateTicket};
use domain::occurrence::BodyFormat;
use futures::future::join_all;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, timeout};
use uuid::Uuid;

use super::sink::Sink;
use super::{BenchRow, speaker};
use crate::ctx::{Ctx, Services, random_token};
use crate::error::ServiceError;
use crate::mail::{self, Mailer, Server, Transport};
use crate::{jobs, occurrences, tickets};

/// Limit of the 99th percentile.
const LAG: Duration = Duration::from_secs(2);
/// Mails a second.
const RATE: usize = 100;
/// Requesters of a ticket: each entry makes so many mails.
const TOGETHER: usize = 10;
/// Who write side by side, each on a ticket of his own.
const WRITERS: usize = 5;
/// From one entry to the next, whoever writes it.
const STEP: Duration = Duration::from_millis(100);
/// How long the last mails may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Writes entries that make 100 mails a second for so many seconds, and measures how long after the moment an entry was due each
/// of its mails has reached a server of our own. Tickets and entries stay; 0 seconds measure nothing.
///
/// # Errors
/// `NotFound` when the database does not hold the demo desk; `Internal` when there is no port or mails were not queued.
pub async fn mails(services: &Services, seconds: usize) -> Result<Vec<BenchRow>, ServiceError> {
    if seconds == 0 {
        return Ok(Vec::new());
    }
    let sink = Sink::start().await.map_err(ServiceError::internal)?;
    // Without a way out, so that nobody gets a receipt for his ticket.
    let silent = Services { mailer: None, ..services.clone() };
    let writer = speaker(&silent).await?;
    let mut numbers = Vec::new();
    for index in 0..WRITERS {
        numbers.push(ticket(&writer, index).await?);
    }
    let sending = Services { mailer: Some(mailer(&sink)?), bell: Arc::default(), ..services.clone() };
    let (stop, stopped) = oneshot::channel::<()>();
    let mut relay = JoinSet::new();
    relay.spawn(jobs::run(sending.clone(), async move {
        let _asked = stopped.await;
    }));
    let entries = seconds * RATE / TOGETHER;
    let written = write_all(&speaker(&sending).await?, &numbers, entries / WRITERS).await?;
    let arrived = sink.wait(written.len() * TOGETHER, PATIENCE).await;
    let _gone = stop.send(());
    // A mail that is under way is finished.
    let _late = timeout(PATIENCE, relay.join_next()).await;

    let now = Instant::now();
    let ids: Vec<Uuid> = written.iter().map(|(id, _)| *id).collect();
    let rows = mail::of_entries(services.db.reader(), &ids).await?;
    let mut times = Vec::new();
    for (entry, due) in &written {
        for row in rows.get(entry).into_iter().flatten() {
            // What never came is as late as can be told.
            let at = arrived.get(&row.message_id).copied().unwrap_or(now);
            times.push(at.saturating_duration_since(*due));
        }
    }
    if times.len() != written.len() * TOGETHER {
        return Err(ServiceError::internal(format!("{} entries made {} mails", written.len(), times.len())));
    }
    Ok(vec![BenchRow::of(format!("mail to its server, {RATE} a second"), times, LAG)])
}

fn mailer(sink: &Sink) -> Result<Arc<Mailer>, ServiceError> {
    let server = Server::read(&sink.url()).map_err(ServiceError::internal)?;
    let mailer = Mailer::new(Transport::new(server), "desk@bench.guichet.test").map_err(ServiceError::internal)?;
    Ok(Arc::new(mailer))
}

/// A ticket of people who are known by their address alone.
async fn ticket(ctx: &Ctx, index: usize) -> Result<i64, ServiceError> {
    let form = CreateTicket {
        title: format!("Measurement of mails {index}"),
        description: "Ten people want to know.".to_owned(),
        format: BodyFormat::Text,
        requesters: (0..TOGETHER).map(|n| format!("email:reader{n}.{index}@bench.guichet.test")).collect(),
        ..CreateTicket::default()
    };
    tickets::create(ctx, form).await
}

/// Entries with the moment each was due: whoever falls behind makes his mails late, not fewer.
async fn write_all(ctx: &Ctx, numbers: &[i64], each: usize) -> Result<Vec<(Uuid, Instant)>, ServiceError> {
    let start = Instant::now() + STEP;
    let writers = numbers.iter().zip(0_u32..).map(|(number, index)| write(ctx, *number, start + STEP * index, each));
    let mut written = Vec::new();
    for of_one in join_all(writers).await {
        written.extend(of_one?);
    }
    Ok(written)
}

async fn write(ctx: &Ctx, ticket: i64, start: Instant, entries: usize) -> Result<Vec<(Uuid, Instant)>, ServiceError> {
    let period = STEP * u32::try_from(WRITERS).unwrap_or(1);
    let mut ticks = interval_at(start, period);
    let mut written = Vec::with_capacity(entries);
    for index in 0..entries {
        let due = ticks.tick().await;
        let form = AddOccurrence {
            ticket,
            key: random_token(16),
            body: format!("<p>Measurement {index}: the line was <strong>repaired</strong>, please look.</p>"),
            visibility: "public".to_owned(),
            send_mail: true,
            ..AddOccurrence::default()
        };
        written.push((occurrences::add(ctx, form).await?, due));
    }
    Ok(written)
}

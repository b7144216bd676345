//! Many clients on one instance (A-EVT-03): how long after a save each of them hears of it, and what one costs in memory.
//!
//! Server and clients are one process, with real sockets between them: so the moment of a save is known to both, and the memory
//! of a client holds a little of its other end, too.

mod house;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{bail, ensure};
use service::Services;
use service::bench::{self, BenchRow, Guest};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use uuid::Uuid;

use self::house::{Audience, House};
use super::memory;
use crate::site::Site;

/// Who listens; each holds the same number of streams open.
const PEOPLE: usize = 25;
/// Most streams of one person (A-AUT-04).
const OF_ONE: usize = 100;
/// Files of the process besides the streams.
const OTHER_FILES: usize = 200;
/// Saves that are heard of, one every `PACE`.
const SAVES: usize = 60;
const PACE: Duration = Duration::from_millis(500);
/// What was not heard by then counts as that late.
const PATIENCE: Duration = Duration::from_secs(10);
/// Limit of the 99th percentile.
const HEARD: Duration = Duration::from_millis(300);
/// Memory of one client, in bytes.
const MEMORY: u64 = 25 * 1_024;

/// Opens `count` streams of requesters, each of one request as its page does, and writes on these requests.
pub(super) async fn measure(services: &Services, site: Site, count: usize) -> anyhow::Result<Vec<BenchRow>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let files = 2 * count + OTHER_FILES;
    if let Some(allowed) = memory::open_files().filter(|allowed| *allowed < files) {
        bail!("{files} open files are needed and {allowed} are allowed: ulimit -n {files}");
    }
    let guests = bench::guests(services, PEOPLE).await?;
    ensure!(count <= guests.len() * OF_ONE, "{} requesters cannot hold {count} streams open", guests.len());
    let house = House::open(services, site).await?;
    let measured = in_house(services, &house, &guests, count).await;
    house.close().await;
    measured
}

async fn in_house(services: &Services, house: &House, guests: &[Guest], count: usize) -> anyhow::Result<Vec<BenchRow>> {
    // Connections to the database with their caches, and pages of code: what the first clients would be charged for.
    let mut few = Audience::gather(house.address, guests, guests.len()).await?;
    let numbers: Vec<i64> = guests.iter().map(|guest| guest.ticket).collect();
    tell(services, &mut few, &numbers, Duration::from_millis(20)).await?;
    drop(few);

    let before = memory::resident();
    let mut audience = Audience::gather(house.address, guests, count).await?;
    let saved: Vec<i64> = numbers.iter().copied().cycle().take(SAVES).collect();
    let told = tell(services, &mut audience, &saved, PACE).await?;
    let after = memory::resident();

    let mut rows = vec![
        BenchRow::of(format!("save to client, {count} streams"), told.since_saved, HEARD),
        BenchRow::of("the same from the beginning of the save".to_owned(), told.since_begun, HEARD),
    ];
    if let (Some(before), Some(after)) = (before, after) {
        let each = after.saturating_sub(before) / u64::try_from(count)?;
        rows.push(BenchRow::of_size("memory of a stream, KiB".to_owned(), each, MEMORY));
    }
    Ok(rows)
}

/// The truth lies between the two: a save is durable before its answer is heard of, too.
#[derive(Debug, Default)]
struct Told {
    since_begun: Vec<Duration>,
    since_saved: Vec<Duration>,
}

/// Writes on these tickets one after the other, and notes when whom reached the news.
async fn tell(services: &Services, audience: &mut Audience, numbers: &[i64], pace: Duration) -> anyhow::Result<Told> {
    let mut ticks = interval(pace);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut saves: BTreeMap<Uuid, (Instant, Instant)> = BTreeMap::new();
    let mut expected = 0;
    for number in numbers {
        ticks.tick().await;
        let ctx = bench::speaker(services).await?;
        let begun = Instant::now();
        let id = bench::speak(&ctx, *number).await?;
        saves.insert(id, (begun, Instant::now()));
        expected += audience.listeners(*number);
    }
    let mut told = Told::default();
    while told.since_saved.len() < expected {
        let Ok(Some((id, at))) = timeout(PATIENCE, audience.heard()).await else { break };
        if let Some((begun, saved)) = saves.get(&id) {
            told.since_begun.push(at.saturating_duration_since(*begun));
            told.since_saved.push(at.saturating_duration_since(*saved));
        }
    }
    told.since_begun.resize(expected, PATIENCE);
    told.since_saved.resize(expected, PATIENCE);
    Ok(told)
}

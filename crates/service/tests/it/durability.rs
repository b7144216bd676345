//! Saved means saved: hung-up callers, twins, many writers, and processes that die in the middle.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::forms::AddOccurrence;
use futures::future::join_all;
use service::{occurrences, tickets};
use testing::{Cluster, Db, Engine, Sql, Template, TestDb, World, both_engines, engines, note};
use uuid::Uuid;

const CHILD_URL: &str = "GUICHET_TEST_CHILD_URL";
const KILLS: u64 = 20;

both_engines!(t_gen_08_twenty_equal_keys_in_parallel_make_one_entry, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let form = AddOccurrence { key: "twin".into(), ..note(number, "Once.") };
    let answers = join_all((0..20).map(|_| occurrences::add(&tech1, form.clone()))).await;
    let ids: BTreeSet<Uuid> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(ids.len(), 1, "every twin gets the same answer");
    assert_eq!(world.count("occurrence").await, 1);
    world.assert_sound().await;
});

both_engines!(a_idm_02_a_caller_who_hangs_up_and_sends_again_has_one_entry, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    for round in 0..20_u64 {
        let form = AddOccurrence { key: format!("k{round}"), ..note(number, "Once.") };
        // Hangs up at another moment each time: before, during or after the transaction.
        let patience = Duration::from_micros(round * 500);
        let _hung_up = tokio::time::timeout(patience, occurrences::add(&tech1, form.clone())).await;
        // The twin waits for whatever of the first one is under way.
        occurrences::add(&tech1, form).await.unwrap();
    }
    assert_eq!(world.count("occurrence").await, 20);
    assert_eq!(world.count("ticket_event WHERE kind = 'occurrence_added'").await, 20);
    world.assert_sound().await;
});

both_engines!(t_gen_10_numbers_are_unique_under_eight_writers, |world: World| async move {
    let mut contexts = Vec::new();
    for name in ["tech1", "tech2", "supervisor", "admin", "tech1", "tech2", "supervisor", "admin"] {
        contexts.push(world.ctx(name).await);
    }
    let form = world.ticket().form().await;
    let writer = |ctx| {
        let form = form.clone();
        async move {
            let mut numbers = Vec::new();
            for _ticket in 0..5 {
                numbers.push(tickets::create(ctx, form.clone()).await.unwrap());
            }
            numbers
        }
    };
    let numbers: Vec<i64> = join_all(contexts.iter().map(writer)).await.concat();
    let unique: BTreeSet<i64> = numbers.iter().copied().collect();
    assert_eq!((numbers.len(), unique.len()), (40, 40));
    world.assert_sound().await;
});

both_engines!(t_gen_07_parallel_entries_of_one_ticket_all_arrive, |world: World| async move {
    let number = world.ticket().create().await;
    let (tech1, tech2) = (world.ctx("tech1").await, world.ctx("tech2").await);
    let writers =
        (0..16).map(|n| occurrences::add(if n % 2 == 0 { &tech1 } else { &tech2 }, note(number, "Parallel.")));
    for answer in join_all(writers).await {
        answer.unwrap();
    }
    assert_eq!(world.count("occurrence").await, 16);
    world.assert_sound().await;
});

/// Not a test of its own: the process that `nothing_answered_is_lost_*` kills. Writes for ever and says what was answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_writer() {
    let Ok(url) = std::env::var(CHILD_URL) else { return };
    let world = World::open(Db::connect(&url).await.unwrap()).await;
    let tech1 = world.ctx("tech1").await;
    for n in 0_u64.. {
        let visibility = if n % 2 == 0 { "private" } else { "public" };
        let form =
            AddOccurrence { visibility: visibility.into(), ..note(1, &format!("Entry {n} of a writer that dies.")) };
        let Ok(id) = occurrences::add(&tech1, form).await else { return };
        // Past the capture of the test harness, in one piece, on a line of its own.
        let mut out = std::io::stdout();
        if out.write_all(format!("\nack {id}\n").as_bytes()).and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}

/// Who dies when enough was answered.
#[derive(Clone, Copy)]
enum Victim {
    Client,
    Server(&'static Cluster),
}

/// Lets a child write until it got `answers` of them, kills, and returns everything that was answered.
fn write_and_die(url: &str, answers: u64, victim: Victim) -> Vec<Uuid> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::child_writer", "--nocapture"])
        .env(CHILD_URL, url)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    let mut is_dead = false;
    for line in BufReader::new(child.stdout.take().unwrap()).split(b'\n') {
        let line = line.unwrap();
        // A line that the kill cut short was not heard by anybody.
        let id = std::str::from_utf8(&line).ok().and_then(|line| line.strip_prefix("ack ")?.parse::<Uuid>().ok());
        acknowledged.extend(id);
        if u64::try_from(acknowledged.len()).unwrap() >= answers && !is_dead {
            is_dead = true;
            if let Victim::Server(cluster) = victim {
                cluster.crash();
            }
            // SIGKILL on Unix: no destructor, no flush.
            child.kill().unwrap();
        }
    }
    let status = child.wait().unwrap();
    assert!(is_dead, "the child ended by itself after {} answers: {status}", acknowledged.len());
    acknowledged
}

/// Reopens the database as a restart would: every answered entry is there, and the integrity check finds nothing.
async fn assert_all_there(url: &str, acknowledged: &[Uuid]) {
    let world = World::open(Db::connect(url).await.unwrap()).await;
    let rows = Sql::new("SELECT id FROM occurrence").rows(world.db().reader()).await.unwrap();
    let stored: BTreeSet<Uuid> = rows.iter().map(|row| row.try_get("", "id").unwrap()).collect();
    let lost: Vec<&Uuid> = acknowledged.iter().filter(|id| !stored.contains(id)).collect();
    assert!(lost.is_empty(), "answered and lost: {lost:?}");
    assert_eq!(world.count("ticket_event WHERE kind = 'occurrence_added'").await, i64::try_from(stored.len()).unwrap());
    world.assert_sound().await;
    world.services.db.close().await.unwrap();
}

async fn nothing_answered_is_lost(engine: Engine) {
    if !engines().contains(&engine) {
        eprintln!("not run on {engine:?}: GUICHET_TEST_ENGINES leaves it out");
        return;
    }
    let db = TestDb::durable(engine, Template::Desk).await;
    let world = World::open(db.db().clone()).await;
    assert_eq!(world.ticket().create().await, 1);
    drop(world);
    // No connection of this process stays open, so that each one that opens after a kill has to recover by itself.
    db.db().clone().close().await.unwrap();
    let mut acknowledged = Vec::new();
    for round in 0..KILLS {
        // One to nine answers, the same ones in every run.
        let answers = (round * 7 + 3) % 9 + 1;
        acknowledged.extend(killed(&db, answers, Victim::Client).await);
        assert_all_there(db.url(), &acknowledged).await;
    }
    if let Some(cluster) = db.cluster() {
        acknowledged.extend(killed(&db, 5, Victim::Server(cluster)).await);
        assert_all_there(db.url(), &acknowledged).await;
    }
    assert!(acknowledged.len() >= 20);
    db.remove().await;
}

async fn killed(db: &TestDb, answers: u64, victim: Victim) -> Vec<Uuid> {
    let url = db.url().to_owned();
    tokio::task::spawn_blocking(move || write_and_die(&url, answers, victim)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_answered_is_lost_sqlite() {
    nothing_answered_is_lost(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_answered_is_lost_postgres() {
    nothing_answered_is_lost(Engine::Postgres).await;
}

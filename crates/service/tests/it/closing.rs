//! Automatic closing with several instances on one database, each with its own connections and its own clock: every ticket is
//! closed once and its history says what the job did, also when an instance dies in the middle (T-STA-22, T-SOL-11, T-CLK-11).

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

use domain::forms::{AddSolution, Command, RunCommand};
use domain::occurrence::BodyFormat;
use domain::settings::Key;
use domain::ticket::Status;
use domain::views::ActorKind;
use service::history::{self, HistoryQuery};
use service::jobs::{self, close_solved};
use service::{solutions, tickets};
use testing::{Db, Sql, World, both_engines};
use tokio::sync::oneshot;

const DAY: i64 = 86_400;
/// Tells the child which database to close tickets in.
const CHILD_URL: &str = "GUICHET_TEST_CLOSER_URL";
/// How long a test waits for instances that do their work.
const PATIENCE: Duration = Duration::from_secs(60);

async fn solve(world: &World, number: i64) {
    let form = AddSolution { ticket: number, body: "Done.".into(), format: BodyFormat::Text, ..AddSolution::default() };
    solutions::add(&world.ctx("tech1").await, form).await.unwrap();
}

/// Tickets that wait for their answer, to be closed after two days; a survey follows.
async fn solved(world: &World, count: usize) -> Vec<i64> {
    world.set(Key::AutoCloseDays, world.brasil, "2").await;
    world.set(Key::SurveyEnabled, world.root, "true").await;
    let mut numbers = Vec::new();
    for _ticket in 0..count {
        let number = world.ticket().create().await;
        solve(world, number).await;
        numbers.push(number);
    }
    numbers
}

/// A second instance on the same database, whose clock shows what the first one's shows plus `seconds`.
async fn instance(url: &str, first: &World, seconds: i64) -> World {
    let world = World::open(Db::connect(url).await.unwrap()).await;
    world.advance(first.now() - world.now() + seconds);
    world
}

/// Looks until nothing is due, and answers how many tickets this instance closed.
async fn drain(world: &World) -> usize {
    let mut closed = 0;
    loop {
        let more = close_solved(&world.services).await.unwrap();
        closed += more;
        if more == 0 {
            return closed;
        }
    }
}

async fn closed_by_now(world: &World) -> i64 {
    world.count("ticket WHERE status = 'closed'").await
}

/// The history of a ticket that the job closed says so, once; so does everything else that follows from a closing.
async fn assert_closed_once(world: &World, numbers: &[i64]) {
    let admin = world.ctx("admin").await;
    for number in numbers {
        let row = world.row(*number).await;
        assert_eq!(row.status, "closed", "{number}");
        assert!(row.closed_at.zip(row.close_due_at).is_some_and(|(closed, due)| closed >= due), "{row:?}");
        let page = history::list(&admin, *number, HistoryQuery::default()).await.unwrap();
        let of = |kind: &str| page.items.iter().filter(|row| row.event.kind == kind).count();
        assert_eq!((of("closed"), of("survey_sent")), (1, 1), "{number}");
        let closed = page.items.iter().find(|row| row.event.kind == "closed").unwrap();
        let said: Vec<(&str, &str)> =
            closed.event.changes.iter().map(|change| (change.field.as_str(), change.new.as_str())).collect();
        assert!(said.contains(&("way", "automatic")) && said.contains(&("delay", "2")), "T-STA-22: {said:?}");
        assert_eq!(closed.event.author.kind, ActorKind::System, "T-GEN-11");
        let mut sql = Sql::new("SELECT COUNT(*) FROM status_interval WHERE status = 'closed' AND ticket_id = ");
        let lived: Option<i64> = sql.bind(row.id).scalar(world.db().reader()).await.unwrap();
        assert_eq!(lived, Some(1), "{number}");
        let mut sql = Sql::new("SELECT COUNT(*) FROM survey WHERE ticket_id = ");
        let asked: Option<i64> = sql.bind(row.id).scalar(world.db().reader()).await.unwrap();
        assert_eq!(asked, Some(1), "{number}");
    }
    world.assert_sound().await;
}

both_engines!(t_clk_11_two_instances_close_a_queue_once, |db: &TestDb| async move {
    let one = World::open(db.db().clone()).await;
    let numbers = solved(&one, 30).await;
    one.advance(2 * DAY);
    // Its clock is behind: what is due there is due here, too, but not the other way round.
    let late = instance(db.url(), &one, -1).await;
    assert_eq!(drain(&late).await, 0, "a second too early for it");
    late.advance(1);
    let (here, there) = tokio::join!(drain(&one), drain(&late));
    assert_eq!(here + there, 30, "{here} here, {there} there");
    assert_eq!(drain(&one).await + drain(&late).await, 0, "nothing is left");
    assert_closed_once(&one, &numbers).await;
    late.services.db.close().await.unwrap();
});

both_engines!(t_sta_22_the_jobs_of_two_instances_close_what_a_moved_clock_makes_due, |db: &TestDb| async move {
    let one = World::open(db.db().clone()).await;
    let numbers = solved(&one, 8).await;
    let reopened = numbers[7];
    let two = instance(db.url(), &one, 0).await;
    // It is opened again in time, so its day does not come.
    let reason = "It came back.".to_owned();
    let form = RunCommand { number: reopened, command: Command::Reopen, reason, ..RunCommand::default() };
    tickets::run(&one.ctx("tech1").await, form).await.unwrap();
    for world in [&one, &two] {
        world.advance(2 * DAY);
    }
    let (stop_one, stopped_one) = oneshot::channel::<()>();
    let (stop_two, stopped_two) = oneshot::channel::<()>();
    let watch = async {
        let begun = Instant::now();
        while closed_by_now(&one).await < 7 && begun.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let _gone = (stop_one.send(()), stop_two.send(()));
    };
    let until = |stopped: oneshot::Receiver<()>| async move {
        let _told = stopped.await;
    };
    tokio::join!(
        jobs::run(one.services.clone(), until(stopped_one)),
        jobs::run(two.services.clone(), until(stopped_two)),
        watch,
    );
    assert_closed_once(&one, &numbers[..7]).await;
    assert_eq!(one.status(reopened).await, Status::New);
    two.services.db.close().await.unwrap();
});

/// Not a test of its own: the process that `t_sol_11_*` kills. It closes what two days make due, and says when it begins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_closer() {
    let Ok(url) = std::env::var(CHILD_URL) else { return };
    let world = World::open(Db::connect(&url).await.unwrap()).await;
    world.advance(2 * DAY);
    let mut out = std::io::stdout();
    out.write_all(b"\nbegins\n").and_then(|()| out.flush()).unwrap();
    drain(&world).await;
}

fn begin_child(url: &str) -> Child {
    let mut child = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", "closing::child_closer", "--nocapture"])
        .env(CHILD_URL, url)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.is_ok_and(|line| line == "begins")), "the child did not begin");
    child
}

both_engines!(t_sol_11_an_instance_that_dies_in_the_middle_leaves_the_rest_to_others, |db: &TestDb| async move {
    let world = World::open(db.db().clone()).await;
    let numbers = solved(&world, 60).await;
    let mut kills = 0;
    for round in 1..=3_i64 {
        let url = db.url().to_owned();
        let mut child = tokio::task::spawn_blocking(move || begin_child(&url)).await.unwrap();
        let begun = Instant::now();
        while closed_by_now(&world).await < round * 8 && begun.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        // SIGKILL on Unix: no destructor, no flush.
        child.kill().unwrap();
        child.wait().unwrap();
        kills += i32::from(closed_by_now(&world).await < 60);
    }
    assert!(kills > 0, "every child had closed all of them before it was killed");
    // Whatever a transaction of the dead had begun was never there.
    world.assert_sound().await;
    world.advance(2 * DAY);
    drain(&world).await;
    assert_closed_once(&world, &numbers).await;
});

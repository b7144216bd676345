//! Somebody else holds the lock: writers wait, but not for ever, readers go on, and nothing is lost.

use std::time::Duration;

use domain::error::AppError;
use domain::forms::{AddOccurrence, Command};
use domain::views::{ListQuery, TimelineQuery};
use futures::future::join_all;
use service::{Ctx, occurrences, requests, search, tickets};
use testing::{Db, Engine, Patience, Rival, TestDb, World, both_engines, error, note, run_beside};

/// Of an instance that gives up soon, yet after the longest commit of a busy machine.
const SHORT: Patience = Patience { lock: Duration::from_secs(1), connection: Duration::from_secs(3) };
/// Far more than an instance of short patience needs, and less than the usual patience.
const LIMIT: Duration = Duration::from_secs(8);

/// An instance of another patience on the same desk.
async fn instance(db: &TestDb, patience: Patience) -> World {
    World::open(Db::connect_with(db.url(), patience).await.unwrap()).await
}

/// What people look at most; marks the ticket as read where it was not.
async fn read_everything(agent: &Ctx, requester: &Ctx, number: i64) {
    let counted = || ListQuery { count: true, ..ListQuery::default() };
    assert_eq!(tickets::list(agent, counted()).await.unwrap().items.len(), 1);
    tickets::page(agent, number, TimelineQuery::default()).await.unwrap();
    assert_eq!(search::search(agent, "printer", &[], None, "", 0).await.unwrap().items.len(), 1);
    assert_eq!(requests::list(requester, counted()).await.unwrap().items.len(), 1);
    requests::detail(requester, number, TimelineQuery::default()).await.unwrap();
}

both_engines!(a_foreign_lock_makes_writers_give_up_while_readers_go_on, |db: &TestDb| async move {
    let world = instance(db, SHORT).await;
    let number = world.ticket().create().await;
    let (tech1, requester1) = (world.ctx("tech1").await, world.ctx("requester1").await);
    read_everything(&tech1, &requester1, number).await;
    let (before, next) = (world.row(number).await, world.ticket().form().await);
    let form = AddOccurrence { key: "again".into(), ..note(number, "Against the lock.") };

    let rival = Rival::seize(db.url()).await;
    let refused = async {
        vec![
            error(occurrences::add(&tech1, form.clone()).await),
            error(tickets::create(&tech1, next.clone()).await),
            error(world.command("tech1", number, Command::Take).await),
        ]
    };
    let refused = tokio::time::timeout(LIMIT, refused).await.expect("patience ends");
    assert!(refused.iter().all(|error| matches!(error, AppError::Unavailable { .. })), "{refused:?}");
    read_everything(&tech1, &requester1, number).await;
    rival.give_way().await;

    assert_eq!((world.row(number).await, world.count("ticket").await), (before, 1));
    assert_eq!(world.count("occurrence").await, 0);
    occurrences::add(&tech1, form).await.unwrap();
    tickets::create(&tech1, next).await.unwrap();
    world.command("tech1", number, Command::Take).await.unwrap();
    assert_eq!((world.count("occurrence").await, world.count("ticket").await), (1, 2));
    world.assert_sound().await;
    world.services.db.close().await.unwrap();
});

both_engines!(a_writer_who_waits_goes_on_when_the_lock_is_gone, |db: &TestDb| async move {
    let world = World::open(db.db().clone()).await;
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let rival = Rival::seize(db.url()).await;
    let meanwhile = async {
        tickets::detail(&tech1, number).await.unwrap();
        let entries = world.count("occurrence").await;
        rival.give_way().await;
        entries
    };
    let (added, entries) = tokio::join!(occurrences::add(&tech1, note(number, "Worth waiting for.")), meanwhile);
    added.unwrap();
    assert_eq!((entries, world.count("occurrence").await), (0, 1));
    world.assert_sound().await;
});

/// Writers of SQLite stand in one line: those at its end must not add up the patience of all before them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_in_the_line_gives_up_too() {
    run_beside(Engine::Sqlite, async |db: &TestDb| {
        let world = World::open(db.db().clone()).await;
        let number = world.ticket().create().await;
        let patience = Patience { lock: Duration::from_millis(200), connection: Duration::from_millis(500) };
        let hasty = instance(db, patience).await;
        let tech1 = hasty.ctx("tech1").await;
        let forms: Vec<AddOccurrence> =
            (0..8).map(|n| AddOccurrence { key: format!("k{n}"), ..note(number, "In the line.") }).collect();

        let rival = Rival::seize(db.url()).await;
        let all = join_all(forms.iter().map(|form| occurrences::add(&tech1, form.clone())));
        for answer in tokio::time::timeout(LIMIT, all).await.expect("patience ends") {
            assert!(matches!(error(answer), AppError::Unavailable { .. }));
        }
        rival.give_way().await;

        let tech1 = world.ctx("tech1").await;
        for form in forms {
            occurrences::add(&tech1, form).await.unwrap();
        }
        assert_eq!(world.count("occurrence").await, 8);
        world.assert_sound().await;
        hasty.services.db.close().await.unwrap();
    })
    .await;
}

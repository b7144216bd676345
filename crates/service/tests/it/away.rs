//! The server of the database goes away and comes back: nobody restarts anything.

use domain::error::AppError;
use domain::forms::AddOccurrence;
use domain::views::ListQuery;
use service::{ServiceError, occurrences, people, tickets};
use testing::{Engine, Template, TestDb, World, engines, error, note};

/// Most connections a pool may find broken, one at a time, before it has to open a new one.
const BROKEN_MAX: usize = 20;

fn is_away<T: std::fmt::Debug>(answer: Result<T, ServiceError>) -> bool {
    matches!(error(answer), AppError::Unavailable { .. })
}

/// Asks until an answer comes: each broken connection of the pool may refuse once.
async fn answered<T: std::fmt::Debug>(mut ask: impl AsyncFnMut() -> Result<T, ServiceError>) -> T {
    for _broken in 0..BROKEN_MAX {
        match ask().await {
            Ok(answer) => return answer,
            Err(refusal) => assert!(is_away::<T>(Err(refusal))),
        }
    }
    panic!("the pool never recovers")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_instance_outlives_its_database() {
    if !engines().contains(&Engine::Postgres) {
        eprintln!("not run on Postgres: GUICHET_TEST_ENGINES leaves it out");
        return;
    }
    let db = TestDb::mortal(Template::Desk).await;
    let cluster = db.cluster().unwrap();
    let world = World::open(db.db().clone()).await;
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    occurrences::add(&tech1, note(number, "Before.")).await.unwrap();

    tokio::task::spawn_blocking(move || cluster.stop()).await.unwrap();
    let form = AddOccurrence { key: "meanwhile".into(), ..note(number, "Meanwhile.") };
    for _again in 0..3 {
        assert!(is_away(tickets::list(&tech1, ListQuery::default()).await));
        assert!(is_away(occurrences::add(&tech1, form.clone()).await));
        assert!(is_away(people::ping(&world.services).await));
    }
    tokio::task::spawn_blocking(move || cluster.resume()).await.unwrap();

    let page = answered(async || tickets::list(&tech1, ListQuery::default()).await).await;
    assert_eq!(page.items.len(), 1);
    answered(async || occurrences::add(&tech1, form.clone()).await).await;
    assert_eq!(world.count("occurrence").await, 2, "nothing is lost, nothing is there twice");
    world.assert_sound().await;
    db.remove().await;
}

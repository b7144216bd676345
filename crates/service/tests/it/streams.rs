//! Live events (A-EVT): one reader tells all listeners of an instance, and one question a second asks what opens for them.

mod sight;

use std::sync::Arc;
use std::time::Duration;

use domain::policy::Capability;
use service::events::{self, Listener, Position, Told, WAITING_MAX, Wanted};
use service::{Ctx, tokens};
use testing::{Sql, World, both_engines};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

/// How long anything may take that has to come.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longer than it takes until a right that was taken away counts no more.
const A_ROUND: Duration = Duration::from_millis(2_500);

/// The hub at work, as it is beside the requests of an instance.
struct Work {
    stop: oneshot::Sender<()>,
    task: JoinSet<()>,
}

impl Work {
    fn begin(world: &World) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let mut task = JoinSet::new();
        task.spawn(world.services.hub.clone().run(world.db().clone(), async move {
            let _asked = stopped.await;
        }));
        Self { stop, task }
    }

    async fn end(mut self) {
        let _gone = self.stop.send(());
        while self.task.join_next().await.is_some() {}
    }
}

/// A request by a token of its own, which can be taken away.
async fn by_token(world: &World, name: &str) -> Ctx {
    let email = world.person(name).await.email;
    let made = tokens::create_for(&world.services, &email, "tests", "full", None).await.unwrap();
    let (actor, _scope) = tokens::authenticate(&world.services, &made.token).await.unwrap().expect("the token opens");
    Ctx::new(world.services.clone(), actor)
}

async fn listen(ctx: &Ctx, wanted: Wanted) -> Listener {
    ctx.services.hub.listen(ctx.clone(), Arc::new(wanted)).await.unwrap()
}

async fn next(listener: &Listener) -> Told {
    timeout(PATIENCE, listener.next()).await.expect("something comes")
}

/// The objects a listener hears of, up to one of them.
async fn heard_until(listener: &Listener, last: Uuid) -> Vec<Uuid> {
    let mut heard = Vec::new();
    while heard.last() != Some(&last) {
        match next(listener).await {
            Told::News(news) => heard.push(news.change.object_id),
            other => panic!("{other:?} instead of {last} after {heard:?}"),
        }
    }
    heard
}

/// Waits until everything that was written by now has been told.
async fn all_told(world: &World, listener: &Listener) {
    let newest = world.settled_events().await;
    let told = async {
        while listener.passed().await.is_none_or(|position| position < newest) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, told).await.expect("the hub reads on");
}

fn of_ticket(number: i64) -> Wanted {
    Wanted { tickets: vec![number], kinds: Vec::new() }
}

both_engines!(a_evt_03_a_listener_hears_what_is_committed_after_he_came, |world: World| async move {
    let work = Work::begin(&world);
    let (number, other) = (world.ticket().create().await, world.ticket().create().await);
    let before = world.occurrence("tech1", number, "public", "Before.").await;
    world.settled_events().await;
    let (tech2, requester1) = (by_token(&world, "tech2").await, by_token(&world, "requester1").await);
    let everything = listen(&tech2, Wanted::default()).await;
    let narrowed = listen(&tech2, of_ticket(number)).await;
    let outside = listen(&requester1, of_ticket(number)).await;
    let elsewhere = world.occurrence("tech1", other, "public", "Elsewhere.").await;
    let private = world.occurrence("tech1", number, "private", "Between us.").await;
    let public = world.occurrence("tech1", number, "public", "For everybody.").await;
    let told = heard_until(&everything, public).await;
    assert!(told.contains(&elsewhere) && told.contains(&private) && !told.contains(&before), "{told:?}");
    let told = heard_until(&narrowed, public).await;
    assert!(told.contains(&private) && !told.contains(&elsewhere), "{told:?}");
    let told = heard_until(&outside, public).await;
    assert!(!told.contains(&private) && !told.contains(&elsewhere), "{told:?}");
    drop((everything, narrowed, outside));
    assert!(!world.services.hub.has_listeners(), "who leaves is forgotten");
    work.end().await;
});

both_engines!(a_evt_03_who_does_not_keep_up_loses_nothing, |world: World| async move {
    let work = Work::begin(&world);
    let number = world.ticket().create().await;
    world.settled_events().await;
    let wanted = Wanted { kinds: vec!["occurrence".into()], ..of_ticket(number) };
    let listener = listen(&by_token(&world, "tech1").await, wanted.clone()).await;
    let mut written = Vec::new();
    for n in 0..WAITING_MAX + 20 {
        written.push(world.occurrence("tech2", number, "public", &format!("Words {n}.")).await);
    }
    // Nothing is taken until everything was told.
    all_told(&world, &listener).await;
    let (mut heard, mut position, mut fell_behind) = (Vec::new(), Position::default(), false);
    while heard.len() < written.len() {
        match next(&listener).await {
            Told::News(news) if news.change.position() <= position => {}
            Told::News(news) => {
                position = news.change.position();
                heard.push(news.change.object_id);
            }
            Told::Behind => {
                fell_behind = true;
                let ctx = listener.ctx().expect("his token still opens");
                let missed = events::missed(&ctx, &wanted, position).await.unwrap();
                assert!(missed.is_all && missed.position > position);
                heard.extend(missed.news.iter().map(|news| news.change.object_id));
                position = missed.position;
            }
            Told::Over => panic!("his token still opens"),
        }
    }
    assert!(fell_behind, "more came than may wait");
    assert_eq!(heard, written, "each once, in order");
    // And he is told again.
    let last = world.occurrence("tech2", number, "public", "At last.").await;
    assert_eq!(heard_until(&listener, last).await, [last]);
    drop(listener);
    work.end().await;
});

both_engines!(a_aut_02_streams_end_when_what_they_came_with_opens_nothing_any_more, |world: World| async move {
    let work = Work::begin(&world);
    let number = world.ticket().create().await;
    let (one, other) = (by_token(&world, "tech1").await, by_token(&world, "tech1").await);
    let (first, second) = (listen(&one, Wanted::default()).await, listen(&one, of_ticket(number)).await);
    let third = listen(&other, of_ticket(number)).await;
    tokens::revoke_current(&one).await.unwrap();
    for listener in [&first, &second] {
        assert!(matches!(next(listener).await, Told::Over));
        assert!(listener.ctx().is_none());
    }
    // His other token is another matter.
    let entry = world.occurrence("tech2", number, "public", "Still here?").await;
    assert!(heard_until(&third, entry).await.contains(&entry));
    world.disable("tech1").await;
    assert!(matches!(next(&third).await, Told::Over));
    drop((first, second, third));
    work.end().await;
});

both_engines!(t_vis_07_a_right_that_is_taken_away_counts_no_more_within_seconds, |world: World| async move {
    use Capability::{OccurrenceViewPrivate, OccurrenceViewPublic, TicketViewAll};
    let work = Work::begin(&world);
    let reader = world.hire_with("reader", &[TicketViewAll, OccurrenceViewPrivate, OccurrenceViewPublic]).await;
    let group = world.group("Circle", &["requester1"]).await;
    world.hire_with("member", &[Capability::TicketViewGroup, OccurrenceViewPublic]).await;
    let number = world.ticket().with(|form| form.requesters = vec![format!("group:{group}")]).create().await;
    let listener = listen(&by_token(&world, "reader").await, of_ticket(number)).await;
    let member = listen(&by_token(&world, "member").await, of_ticket(number)).await;
    let write = async |visibility: &str| {
        let id = world.occurrence("tech1", number, visibility, "Words.").await;
        // With the rights of this moment, not with those that come back.
        all_told(&world, &listener).await;
        id
    };
    let private = write("private").await;
    assert!(heard_until(&listener, private).await.contains(&private));

    // A role that loses a capability, an assignment that does not reach so far any more.
    world.run(&Sql::new("UPDATE role SET capabilities = 'ticket.view-all' WHERE name = 'Role of reader'")).await;
    tokio::time::sleep(A_ROUND).await;
    let without_role = write("private").await;
    let all = [TicketViewAll, OccurrenceViewPrivate, OccurrenceViewPublic].map(Capability::name).join(" ");
    let mut back = Sql::new("UPDATE role SET capabilities = ");
    world.run(back.bind(all).push(" WHERE name = 'Role of reader'")).await;
    let mut narrow = Sql::new("UPDATE assignment SET recursive = FALSE WHERE user_id = ");
    world.run(narrow.bind(reader)).await;
    tokio::time::sleep(A_ROUND).await;
    let without_assignment = write("public").await;
    let mut widen = Sql::new("UPDATE assignment SET recursive = TRUE WHERE user_id = ");
    world.run(widen.bind(reader)).await;
    // Who was in no group of the ticket joins one.
    let mut join = Sql::new("INSERT INTO app_group_member (group_id, user_id, manager) VALUES (");
    world.run(join.bind(group).push_bind(", ", world.person("member").await.id).push(", FALSE)")).await;
    tokio::time::sleep(A_ROUND).await;
    let last = write("public").await;
    let heard = heard_until(&listener, last).await;
    assert!(!heard.contains(&without_role) && !heard.contains(&without_assignment), "{heard:?}");
    let heard = heard_until(&member, last).await;
    assert!(!heard.contains(&without_assignment), "{heard:?}");
    drop((listener, member));
    work.end().await;
});

both_engines!(a_evt_03_a_hundred_listeners_ask_no_more_than_one, |world: World| async move {
    let (counted, statements) = world.heard();
    let work = Work::begin(&counted);
    let number = world.ticket().create().await;
    world.settled_events().await;
    let mut listeners = Vec::new();
    for name in ["admin", "supervisor", "tech1", "tech2", "observer", "requester1"] {
        let ctx = by_token(&world, name).await;
        for _stream in 0..17 {
            listeners.push(listen(&ctx, of_ticket(number)).await);
        }
    }
    let ((), asked) = statements.during(tokio::time::sleep(A_ROUND)).await;
    let credentials: Vec<&str> =
        asked.iter().filter(|one| one.sql.contains("api_token")).map(|one| one.sql.as_str()).collect();
    assert!((1..=4).contains(&credentials.len()), "one question a second: {}", credentials.len());
    assert!(credentials.iter().all(|sql| *sql == credentials[0]), "always the same text");
    // Five looks a second, and the questions above.
    assert!(asked.len() < 25, "{} statements: {:#?}", asked.len(), asked.last());

    let told = async {
        let entry = world.occurrence("tech1", number, "public", "For a hundred.").await;
        for listener in &listeners {
            heard_until(listener, entry).await;
        }
    };
    let ((), asked) = statements.during(told).await;
    let of_tickets = asked.iter().filter(|one| one.sql.contains("FROM ticket_actor")).count();
    assert!(
        (1..=3).contains(&of_tickets),
        "once for each look that found something, not for each listener: {of_tickets}"
    );
    drop(listeners);
    work.end().await;
});

/// Writes so many rows more, all like the newest.
async fn repeat_newest(world: &World, times: i64) {
    const COLUMNS: &str =
        "entity_id, kind, what, object_id, ticket_id, ticket_number, version, audience, author_id, at";
    let mut sql = Sql::new(&format!("INSERT INTO event ({COLUMNS}) SELECT {COLUMNS} FROM "));
    sql.push("(SELECT * FROM event ORDER BY seq DESC LIMIT 1) e CROSS JOIN ")
        .push_bind("(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ", times)
        .push(") SELECT i FROM n) m");
    world.run(&sql).await;
}

both_engines!(a_evt_03_what_is_older_than_48_hours_is_forgotten, |world: World| async move {
    const HOUR: i64 = 3_600;
    world.ticket().create().await;
    let first = world.settled_events().await;
    // More than one statement deletes.
    repeat_newest(&world, 2_500).await;
    world.advance(HOUR);
    world.ticket().create().await;
    let second = world.settled_events().await;
    let sweep = || events::sweep(world.db(), world.now());
    assert_eq!(sweep().await.unwrap(), 0);
    assert!(events::is_kept(world.db(), first).await.unwrap() && events::is_kept(world.db(), second).await.unwrap());

    world.advance(47 * HOUR);
    let (one, two) = tokio::join!(sweep(), sweep());
    assert!(one.unwrap() + two.unwrap() > 2_500, "whoever of the two deletes");
    assert!(!events::is_kept(world.db(), first).await.unwrap(), "he may have missed something");
    assert!(!events::is_kept(world.db(), Position::default()).await.unwrap());
    assert!(events::is_kept(world.db(), second).await.unwrap());
    let young = world.count("event").await;
    assert!(young > 0);

    // On a quiet desk the newest row stays: who heard of everything has missed nothing, and hears of what comes.
    world.advance(100 * HOUR);
    sweep().await.unwrap();
    assert_eq!(world.count("event").await, 1);
    assert_eq!(events::newest(world.db()).await.unwrap(), second);
    assert!(events::is_kept(world.db(), second).await.unwrap());
    assert!(events::after(world.db(), second).await.unwrap().is_empty());
    world.ticket().create().await;
    world.settled_events().await;
    let more = events::after(world.db(), second).await.unwrap();
    assert!(!more.is_empty() && more.iter().all(|change| change.position() > second));
    world.assert_sound().await;
});

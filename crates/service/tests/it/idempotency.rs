//! One command under one key, and one answer for ever (T-GEN-08, A-IDM-01).

use domain::error::{AppError, Code};
use domain::forms::{AddOccurrence, ChangePassword, Command, RunCommand};
use service::{account, documents, idempotency, occurrences, tickets};
use testing::{PASSWORD, World, both_engines, error, field, note, refused};

const DAY: i64 = 86_400;

async fn keep(world: &World, name: &str, about: &str, key: &str, reply: &str) -> Option<String> {
    idempotency::keep_reply(&world.ctx(name).await, about, key, reply.to_owned()).await.unwrap()
}

both_engines!(a_idm_01_the_first_answer_under_a_key_is_given_for_ever, |world: World| async move {
    assert_eq!(keep(&world, "tech1", "ticket 7", "k1", "first").await, None);
    assert_eq!(keep(&world, "tech1", "ticket 7", "k1", "second").await.as_deref(), Some("first"));
    assert_eq!(keep(&world, "tech1", "ticket 7", "k1", "third").await.as_deref(), Some("first"));
    assert_eq!(keep(&world, "tech1", "ticket 7", "k2", "other").await, None, "another key");
    assert_eq!(keep(&world, "tech1", "ticket 8", "k1", "other").await, None, "about something else");
    assert_eq!(keep(&world, "tech2", "ticket 7", "k1", "other").await, None, "somebody else");
    assert_eq!(keep(&world, "tech1", "", "", "none").await, None, "without a key nothing is kept");
    assert_eq!(keep(&world, "tech1", "", "", "none").await, None);
});

both_engines!(a_idm_01_a_key_lives_seven_days, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let form = AddOccurrence { key: "k1".into(), ..note(number, "Once.") };
    let first = occurrences::add(&tech1, form.clone()).await.unwrap();
    keep(&world, "tech1", "ticket 1", "k1", "first").await;
    world.advance(7 * DAY - 1);
    assert_eq!(occurrences::add(&tech1, form.clone()).await.unwrap(), first);
    assert!(idempotency::is_answered(&tech1, "occurrence", "k1").await.unwrap());
    assert!(!idempotency::is_answered(&tech1, "occurrence", "k2").await.unwrap());
    assert!(!idempotency::is_answered(&tech1, "occurrence", "").await.unwrap());
    assert_eq!(keep(&world, "tech1", "ticket 1", "k1", "second").await.as_deref(), Some("first"));
    world.advance(1);
    assert!(!idempotency::is_answered(&tech1, "occurrence", "k1").await.unwrap());
    let other = AddOccurrence { body: "Something else.".into(), ..form };
    assert_ne!(occurrences::add(&tech1, other).await.unwrap(), first, "a key past its life is as good as new");
    assert_eq!(keep(&world, "tech1", "ticket 1", "k1", "third").await, None);
    assert_eq!(keep(&world, "tech1", "ticket 1", "k1", "fourth").await.as_deref(), Some("third"));
});

both_engines!(a_idm_01_keys_past_their_life_are_swept, |world: World| async move {
    keep(&world, "tech1", "ticket 1", "old", "first").await;
    world.advance(DAY);
    keep(&world, "tech1", "ticket 1", "young", "first").await;
    world.advance(6 * DAY);
    idempotency::sweep(world.db(), world.now()).await.unwrap();
    assert_eq!(world.count("idempotency").await, 1);
    assert_eq!(keep(&world, "tech1", "ticket 1", "young", "second").await.as_deref(), Some("first"));
});

both_engines!(t_tkt_08_purging_forgets_the_answers_that_hold_its_texts, |world: World| async move {
    let number = world.ticket().create().await;
    let kept = world.ticket().create().await;
    keep(&world, "tech1", &format!("ticket {number}"), "k1", "Zwetschgenmus").await;
    keep(&world, "tech1", &format!("ticket {kept}"), "k1", "Marmelade").await;
    world.command("admin", number, Command::Delete).await.unwrap();
    assert_eq!(
        world.count("idempotency WHERE answer LIKE '%Zwetschgenmus%'").await,
        1,
        "what is in the trash may return"
    );
    let purge = RunCommand { number, command: Command::Purge, confirm: number.to_string(), ..RunCommand::default() };
    tickets::run(&world.ctx("admin").await, purge).await.unwrap();
    assert_eq!(world.count("idempotency WHERE answer LIKE '%Zwetschgenmus%'").await, 0);
    assert_eq!(world.count("idempotency WHERE answer LIKE '%Marmelade%'").await, 1);
    world.assert_sound().await;
});

both_engines!(a_idm_01_of_two_twins_at_once_one_runs, |world: World| async move {
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let form = || AddOccurrence { key: "k1".into(), ..note(number, "Once.") };
    let (first, second) = tokio::join!(occurrences::add(&tech1, form()), occurrences::add(&tech1, form()));
    assert_eq!(first.unwrap(), second.unwrap());
    assert_eq!(world.count("occurrence").await, 1);
});

both_engines!(a_idm_01_a_file_is_taken_in_once_under_its_key, |world: World| async move {
    let tech1 = world.ctx("tech1").await;
    let send = async |name: &str, content: &[u8]| {
        let pieces = [Ok::<bytes::Bytes, std::io::Error>(bytes::Bytes::copy_from_slice(content))];
        documents::upload_once(&tech1, None, name, futures::stream::iter(pieces), "k1").await
    };
    let first = send("a.txt", b"same").await.unwrap();
    assert_eq!(send("a.txt", b"same").await.unwrap().id, first.id);
    assert_eq!(world.count("document").await, 1);
    assert_eq!(refused(send("a.txt", b"other").await), Code::IdempotencyMismatch);
    assert_eq!(refused(send("b.txt", b"same").await), Code::IdempotencyMismatch);
    documents::remove_upload(&tech1, first.id).await.unwrap();
    documents::collect_orphans(&world.services).await.unwrap();
    assert_eq!(error(send("a.txt", b"same").await), AppError::NotFound, "the first one is gone");
});

both_engines!(a_idm_01_a_password_is_changed_once_under_its_key, |world: World| async move {
    world.let_in("tech1").await;
    let change =
        |current: &str, new: &str| ChangePassword { current_password: current.into(), new_password: new.into() };
    let new = "mossy violet 29 anchor";
    let once = async |form: ChangePassword| account::change_password_once(&world.ctx("tech1").await, form, "k1").await;
    assert_eq!(field(once(change("wrong password 1", new)).await, "current_password"), Some(Code::WrongPassword));
    once(change(PASSWORD, new)).await.unwrap();
    let version = world.person("tech1").await.version;
    once(change(PASSWORD, new)).await.unwrap();
    assert_eq!(world.person("tech1").await.version, version, "the twin changed nothing");
    assert_eq!(refused(once(change(PASSWORD, "velvet 31 quarry lamp")).await), Code::IdempotencyMismatch);
    for word in [PASSWORD, new] {
        let rows = format!("idempotency WHERE content_hash LIKE '%{word}%' OR answer LIKE '%{word}%'");
        assert_eq!(world.count(&rows).await, 0, "no password is kept");
    }
});

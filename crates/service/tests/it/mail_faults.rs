//! Mails out when something is wrong: a server that hangs or is somebody else, texts that want to be headers, a long queue, clocks
//! that jump. What each answer of a server means is in `mail_transport`, what dies with a process in the server's tests.

use std::collections::BTreeSet;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use domain::mail::MailState;
use domain::settings::Key;
use entity::{mail_transport, outbox};
use sea_orm::{EntityTrait, TransactionTrait};
use service::ctx::new_id;
use service::jobs::relay_outbox;
use service::mail::{Limits, Mailer, Server, Transport};
use service::occurrences;
use testing::{Behaviour, Db, Encryption, Engine, Sink, Sql, Stage, TestDb, World, both_engines, run_beside};

use crate::mail::{connected, connected_to, letter, only_mail, relay};

/// Mails one relay takes at once.
const AT_ONCE: usize = 16;

async fn transport(world: &World) -> mail_transport::Model {
    mail_transport::Entity::find_by_id(1).one(world.db().reader()).await.unwrap().unwrap()
}

/// The ids of the mails that came, each once.
fn ids(sink: &Sink) -> BTreeSet<String> {
    let mails = sink.mails();
    let ids: BTreeSet<String> = mails.iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    assert_eq!(ids.len(), mails.len(), "no mail came twice");
    ids
}

both_engines!(m_trn_04_a_server_that_hangs_delays_no_save, |world: World| async move {
    let sink = Sink::start().await;
    sink.behave(Behaviour::Hang(Stage::Greeting));
    let mut world = connected(world, &sink).await;
    let limits = Limits { command: Duration::from_secs(3), mail: Duration::from_secs(6), ..Limits::default() };
    let transport_of_sink = Transport::with_limits(Server::read(&sink.url()).unwrap(), limits);
    world.services.mailer = Some(Arc::new(Mailer::new(transport_of_sink, "desk@example.org").unwrap()));
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let entry = occurrences::add(&tech1, letter(number, "First.")).await.unwrap();

    let mut relaying = pin!(relay_outbox(&world.services));
    let saving = async {
        while sink.connections() == 0 {
            tokio::task::yield_now().await;
        }
        occurrences::add(&tech1, letter(number, "Second.")).await
    };
    tokio::select! {
        saved = saving => assert!(saved.is_ok(), "{saved:?}"),
        relayed = &mut relaying => panic!("the server hung, and yet the relay was done: {relayed:?}"),
    }
    relaying.await.unwrap();
    assert_eq!(only_mail(&world, entry).await.state, MailState::Queued, "no try is used up");
    assert_eq!((transport(&world).await.failures, sink.mails().len()), (1, 0));
});

both_engines!(m_trn_01_a_server_that_is_somebody_else_gets_nothing_and_mails_wait, |world: World| async move {
    let sink = Sink::start_tls(Encryption::StartTls).await;
    // Its certificate is not trusted.
    let world = connected_to(world, &sink.url()).await;
    let number = world.ticket().create().await;
    let entry = occurrences::add(&world.ctx("tech1").await, letter(number, "For no stranger.")).await.unwrap();
    relay_outbox(&world.services).await.unwrap();
    assert_eq!(only_mail(&world, entry).await.state, MailState::Queued);
    let transport = transport(&world).await;
    assert!(transport.answer.is_some_and(|answer| answer.contains("certificate")), "{:?}", transport.failures);
    assert!(!sink.commands().iter().any(|verb| ["AUTH", "MAIL"].contains(&verb.as_str())), "{:?}", sink.commands());
});

both_engines!(m_hdr_05_whatever_names_and_titles_hold_one_mail_goes_to_one_person, |world: World| async move {
    const EVIL: &str = "Ana\r\nBcc: eve@evil.example\r\n\r\n.\r\nMAIL FROM:<eve@evil.example>";
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    // As no form would let it in.
    world.prefer("requester1", "name", EVIL).await;
    world.prefer("tech1", "name", EVIL).await;
    world.set(Key::MailSenderName, world.root, EVIL).await;
    world.set(Key::MailSubjectTag, world.root, EVIL).await;
    world.run(Sql::new("UPDATE ticket SET title = ").bind(EVIL)).await;
    occurrences::add(&world.ctx("tech1").await, letter(number, EVIL)).await.unwrap();
    relay(&world.services).await;
    let mails = sink.mails();
    assert_eq!((mails.len(), mails[0].to.as_slice()), (1, ["requester1@example.org".to_owned()].as_slice()));
    assert_eq!(mails[0].from, "desk@example.org");
    let head = mails[0].data.split("\r\n\r\n").next().unwrap().to_lowercase();
    assert!(!head.lines().any(|line| line.starts_with("bcc:") || line.starts_with("mail from:")), "{head}");
    assert!(mails[0].text().contains("MAIL FROM:<eve@evil.example>"), "the text itself arrives whole");
});

both_engines!(m_dlv_08_ten_thousand_waiting_mails_leave_in_order_a_few_at_a_time, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    occurrences::add(&tech1, letter(number, "To ten thousand.")).await.unwrap();
    let first = outbox::Entity::find().one(world.db().reader()).await.unwrap().unwrap();
    let mut wanted = vec![first.message_id.clone()];
    let mut rows = Vec::new();
    for n in 1..10_000 {
        let (address, message_id) = (format!("reader{n}@example.org"), format!("<o.{n}@example.org>"));
        wanted.push(message_id.clone());
        let (id, address_key) = (new_id(), address.clone());
        let row = outbox::Model { id, address, address_key, message_id, ..first.clone() };
        rows.push(outbox::ActiveModel::from(row));
    }
    for part in rows.chunks(500) {
        outbox::Entity::insert_many(part.to_vec()).exec_without_returning(world.db().writer()).await.unwrap();
    }
    for round in 1..=4 {
        assert_eq!(relay_outbox(&world.services).await.unwrap(), AT_ONCE);
        let sent: BTreeSet<String> = wanted.iter().take(round * AT_ONCE).cloned().collect();
        assert_eq!(ids(&sink), sent, "the oldest first");
        // Nobody who writes waits for the others.
        occurrences::add(&tech1, letter(number, "One more.")).await.unwrap();
    }
    assert_eq!(world.count("outbox WHERE is_open").await, 10_004 - 4 * 16);
});

both_engines!(m_dlv_02_a_clock_that_jumps_loses_no_mail_and_sends_none_twice, |world: World| async move {
    const HOUR: i64 = 3_600;
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let tech1 = world.ctx("tech1").await;
    let mut numbers = Vec::new();
    for _ticket in 0..3 {
        numbers.push(world.ticket().create().await);
    }
    // Set back: what was queued waits for its time, what is queued now does not.
    occurrences::add(&tech1, letter(numbers[0], "Before.")).await.unwrap();
    world.advance(-HOUR);
    occurrences::add(&tech1, letter(numbers[1], "After.")).await.unwrap();
    relay(&world.services).await;
    let texts = |sink: &Sink| sink.mails().iter().map(|mail| mail.text().contains("Before.")).collect::<Vec<bool>>();
    assert_eq!(texts(&sink), [false]);
    world.advance(HOUR);
    relay(&world.services).await;
    assert_eq!(texts(&sink), [false, true]);

    // Leased by an instance whose clock was two hours ahead, and which is gone.
    let entry = occurrences::add(&tech1, letter(numbers[2], "Leased.")).await.unwrap();
    let mut lease = Sql::new("UPDATE outbox SET lease_until = ");
    world.run(lease.bind(world.now() + 2 * HOUR).push(" WHERE is_open")).await;
    relay(&world.services).await;
    assert_eq!(only_mail(&world, entry).await.state, MailState::Queued);
    world.advance(2 * HOUR);
    relay(&world.services).await;
    assert_eq!((only_mail(&world, entry).await.state, ids(&sink).len()), (MailState::Sent, 3));
});

both_engines!(m_dlv_02_two_instances_whose_clocks_differ_send_each_mail_once, |db: &TestDb| async move {
    let sink = Sink::start().await;
    let world = connected(World::open(db.db().clone()).await, &sink).await;
    let other = connected(World::open(Db::connect(db.url()).await.unwrap()).await, &sink).await;
    // Less than a lease.
    other.advance(40);
    let tech1 = world.ctx("tech1").await;
    for n in 0..AT_ONCE {
        let number = world.ticket().title(&format!("Ticket {n}")).create().await;
        occurrences::add(&tech1, letter(number, &format!("Words {n}."))).await.unwrap();
    }
    let ((), ()) = tokio::join!(relay(&world.services), relay(&other.services));
    relay(&world.services).await;
    assert_eq!(ids(&sink).len(), AT_ONCE);
    other.services.db.close().await.unwrap();
});

/// On SQLite there is one right to write, and nobody holds a ticket without it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m_dlv_07_a_ticket_that_somebody_holds_keeps_no_other_mail_from_being_recorded() {
    run_beside(Engine::Postgres, async |db: &TestDb| {
        let sink = Sink::start().await;
        let world = connected(World::open(db.db().clone()).await, &sink).await;
        let tech1 = world.ctx("tech1").await;
        let mut numbers = Vec::new();
        for n in 0..4 {
            let number = world.ticket().title(&format!("Ticket {n}")).create().await;
            occurrences::add(&tech1, letter(number, &format!("Words {n}."))).await.unwrap();
            numbers.push(number);
        }
        let holder = Db::connect(db.url()).await.unwrap();
        let held = holder.writer().begin().await.unwrap();
        let mut sql = Sql::new("SELECT id FROM ticket WHERE number = ");
        sql.bind(numbers[0]).push(" FOR UPDATE").rows(&held).await.unwrap();
        let sent = async || world.count("outbox WHERE state = 'sent'").await;
        let others = async {
            while sent().await < 3 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            held.rollback().await.unwrap();
        };
        let (relayed, ()) = tokio::join!(relay_outbox(&world.services), others);
        assert_eq!(relayed.unwrap(), 4);
        assert_eq!((sent().await, ids(&sink).len()), (4, 4));
        world.assert_sound().await;
        holder.close().await.unwrap();
    })
    .await;
}

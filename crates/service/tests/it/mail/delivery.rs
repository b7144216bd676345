//! What becomes of a mail that was queued (M-DLV, M-TRN-04): tried again, given up, sent once.

use domain::error::{AppError, Code};
use domain::forms::{OccurrencePatch, Patch, SendMailAgain};
use domain::mail::MailState;
use entity::mail_transport;
use sea_orm::EntityTrait;
use service::jobs::relay_outbox;
use service::occurrences;
use testing::{Behaviour, Db, Sink, Sql, Stage, TestDb, World, both_engines, error, refused};
use uuid::Uuid;

use super::{connected, connected_to, letter, only_mail, relay, shown};

async fn again(world: &World, mail: Uuid, key: &str) -> Result<(), service::ServiceError> {
    let form = SendMailAgain { mail: mail.to_string(), key: key.to_owned(), ..SendMailAgain::default() };
    service::mail::send_again(&world.ctx("tech1").await, form).await
}

both_engines!(m_dlv_03_a_refused_recipient_is_final_and_can_be_sent_again, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    sink.behave(Behaviour::RefuseRecipient(550, None));
    let entry = occurrences::add(&world.ctx("tech1").await, letter(number, "First try.")).await.unwrap();
    relay(&world.services).await;
    let failed = only_mail(&world, entry).await;
    assert_eq!((failed.state, failed.next_try_at.is_none(), failed.can_send_again), (MailState::Failed, true, true));
    assert!(failed.answer.as_deref().is_some_and(|answer| answer.contains("550")), "{failed:?}");
    world.advance(4 * 3600);
    relay(&world.services).await;
    assert!(sink.mails().is_empty(), "a permanent refusal is never retried");

    sink.behave(Behaviour::Accept);
    again(&world, failed.id, "k1").await.unwrap();
    again(&world, failed.id, "k1").await.unwrap();
    assert_eq!(refused(again(&world, failed.id, "k2").await), Code::TransitionNotAllowed, "a second click sends none");
    relay(&world.services).await;
    let mails = shown(&world, "tech1", entry).await.mails;
    let states: Vec<MailState> = mails.iter().map(|mail| mail.state).collect();
    assert_eq!(
        (states, sink.mails().len()),
        (vec![MailState::Failed, MailState::Sent], 1),
        "the old row stays in the list"
    );
});

both_engines!(m_dlv_03_a_greylisted_mail_is_tried_again_and_keeps_its_place, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    sink.behave(Behaviour::RefuseRecipient(451, None));
    let first = occurrences::add(&tech1, letter(number, "First.")).await.unwrap();
    let second = occurrences::add(&tech1, letter(number, "Second.")).await.unwrap();
    relay(&world.services).await;
    let waiting = only_mail(&world, first).await;
    assert_eq!(
        (waiting.state, waiting.next_try_at.is_some(), waiting.can_send_again),
        (MailState::Failed, true, false)
    );
    assert_eq!(only_mail(&world, second).await.state, MailState::Queued, "waits for the earlier one (M-DLV-02)");

    sink.behave(Behaviour::Accept);
    relay(&world.services).await;
    assert!(sink.mails().is_empty(), "not before its time");
    world.advance(90);
    relay(&world.services).await;
    let mails = sink.mails();
    assert!(mails[0].text().contains("First.") && mails[1].text().contains("Second."));
    assert_eq!(only_mail(&world, second).await.state, MailState::Sent);
});

both_engines!(m_dlv_03_after_the_fifth_try_a_mail_is_final, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    sink.behave(Behaviour::RefuseRecipient(451, None));
    let entry = occurrences::add(&world.ctx("tech1").await, letter(number, "Never.")).await.unwrap();
    for wait in [90, 400, 1200, 4500] {
        relay(&world.services).await;
        assert!(only_mail(&world, entry).await.next_try_at.is_some());
        world.advance(wait);
    }
    relay(&world.services).await;
    let given_up = only_mail(&world, entry).await;
    assert_eq!(
        (given_up.state, given_up.next_try_at.is_none(), given_up.can_send_again),
        (MailState::Failed, true, true)
    );
});

both_engines!(m_trn_04_while_no_server_answers_mails_wait_and_use_up_no_try, |world: World| async move {
    let world = connected_to(world, &Sink::refusing_port()).await;
    let number = world.ticket().create().await;
    let entry = occurrences::add(&world.ctx("tech1").await, letter(number, "Patience.")).await.unwrap();
    for _try in 0..8 {
        relay_outbox(&world.services).await.unwrap();
        world.advance(16 * 60);
    }
    assert_eq!(only_mail(&world, entry).await.state, MailState::Queued);
    let state =
        async |world: &World| mail_transport::Entity::find_by_id(1).one(world.db().reader()).await.unwrap().unwrap();
    let failing = state(&world).await;
    assert_eq!((failing.failures, failing.failing_since), (8, Some(testing::NOW)));

    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    relay(&world.services).await;
    assert_eq!((sink.mails().len(), only_mail(&world, entry).await.state), (1, MailState::Sent));
    assert_eq!((state(&world).await.failures, state(&world).await.failing_since), (0, None));
});

both_engines!(m_dlv_03_what_waits_for_two_days_expires, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    let entry = occurrences::add(&world.ctx("tech1").await, letter(number, "Too late.")).await.unwrap();
    world.advance(48 * 3600 + 1);
    relay(&world.services).await;
    let mail = only_mail(&world, entry).await;
    assert_eq!((mail.state, mail.answer.as_deref(), sink.mails().len()), (MailState::Failed, Some("expired"), 0));
});

both_engines!(m_dlv_01_a_later_edit_does_not_change_a_mail_under_way, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let entry = occurrences::add(&tech1, letter(number, "The first wording.")).await.unwrap();
    let patch = OccurrencePatch {
        version: Some(1),
        body: Patch::Set("The second wording.".into()),
        format: domain::occurrence::BodyFormat::Text,
        send_mail: true,
        key: "k1".into(),
        ..OccurrencePatch::default()
    };
    occurrences::edit(&tech1, entry, patch.clone()).await.unwrap();
    occurrences::edit(&tech1, entry, patch).await.unwrap();
    relay(&world.services).await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 2, "a double click mails once");
    assert!(mails[0].text().contains("The first wording.") && !mails[0].text().contains("second"));
    assert!(mails[1].text().contains("The second wording.") && !mails[1].text().contains("first"));
    let subject = mails[1].header("Subject").unwrap();
    assert!(subject.contains("Changed:"), "M-OUT-10: {subject}");
});

/// Two instances of one desk relay at the same time: no mail goes out twice, and none is left.
async fn two_relays(db: &TestDb) {
    let sink = Sink::start().await;
    let world = connected(World::open(db.db().clone()).await, &sink).await;
    let other = connected(World::open(Db::connect(db.url()).await.unwrap()).await, &sink).await;
    let tech1 = world.ctx("tech1").await;
    for n in 0..20 {
        let number = world.ticket().title(&format!("Ticket {n}")).create().await;
        for m in 0..2 {
            occurrences::add(&tech1, letter(number, &format!("Words {n}-{m}."))).await.unwrap();
        }
    }
    let ((), ()) = tokio::join!(relay(&world.services), relay(&other.services));
    relay(&world.services).await;
    let mails = sink.mails();
    let mut ids: Vec<String> = mails.iter().map(|mail| mail.header("Message-ID").unwrap()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((mails.len(), ids.len()), (40, 40));
    other.services.db.close().await.unwrap();
}

both_engines!(m_dlv_02_two_instances_send_each_mail_once, |db: &TestDb| async move {
    two_relays(db).await;
});

both_engines!(m_dlv_07_an_acceptance_that_was_not_recorded_repeats_with_the_same_id, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    sink.behave(Behaviour::CloseAfter(Stage::Dot));
    let entry = occurrences::add(&world.ctx("tech1").await, letter(number, "Twice at most.")).await.unwrap();
    relay(&world.services).await;
    sink.behave(Behaviour::Accept);
    world.advance(90);
    relay(&world.services).await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
    assert_eq!(only_mail(&world, entry).await.state, MailState::Sent);
});

both_engines!(m_dlv_05_only_agents_with_the_right_send_again, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    sink.behave(Behaviour::RefuseRecipient(550, None));
    let entry = occurrences::add(&world.ctx("tech1").await, letter(number, "Again?")).await.unwrap();
    relay(&world.services).await;
    let mail = only_mail(&world, entry).await.id;
    let form = SendMailAgain { mail: mail.to_string(), ..SendMailAgain::default() };
    for stranger in ["requester1", "requester2"] {
        let answer = service::mail::send_again(&world.ctx(stranger).await, form.clone()).await;
        assert!(matches!(error(answer), AppError::NotFound), "{stranger}");
    }
    assert!(matches!(error(again(&world, Uuid::nil(), "").await), AppError::NotFound));
    let events = "SELECT COUNT(*) FROM ticket_event WHERE kind IN ('mail_queued', 'mail_failed') AND public = FALSE";
    let told: Option<i64> = Sql::new(events).scalar(world.db().reader()).await.unwrap();
    assert_eq!(told, Some(2), "each change of state once, for agents (M-DLV-06)");
});

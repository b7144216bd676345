//! Mails out, against a real server on the loopback: queued with their cause, sent once, in order, and never what they must not hold.

use std::sync::Arc;

use domain::error::{AppError, Code};
use domain::forms::{AddOccurrence, OccurrencePatch, Patch, RemoveOccurrence, SendMailAgain};
use domain::mail::MailState;
use domain::settings::Key;
use domain::views::{MailView, OccurrenceView};
use entity::mail_transport;
use sea_orm::EntityTrait;
use service::jobs::relay_outbox;
use service::mail::{Mailer, Server, Transport};
use service::{Services, occurrences, tickets};
use testing::{
    Behaviour, Db, Received, Sink, Sql, Stage, TestDb, World, both_engines, error, field, forbidden, note, refused,
};
use uuid::Uuid;

/// The way out through `url`.
fn mailer(url: &str) -> Option<Arc<Mailer>> {
    let server = Server::read(url).expect("the address of the sink is one");
    Some(Arc::new(Mailer::new(Transport::new(server), "Guichet <desk@example.org>").expect("an address")))
}

/// A desk whose mails go to `sink`, and whose people want no mails of what they are told.
pub(crate) async fn connected(world: World, sink: &Sink) -> World {
    connected_to(world, &sink.url()).await
}

pub(crate) async fn connected_to(world: World, url: &str) -> World {
    world.quiet().await;
    talking(world, url)
}

/// The same with the preferences people begin with.
pub(crate) fn talking(mut world: World, url: &str) -> World {
    world.services.mailer = mailer(url);
    world
}

/// Mails that are no receipts: people known by their address get one of every ticket of theirs (M-OUT-06).
pub(crate) fn letters(sink: &Sink) -> Vec<Received> {
    sink.mails().into_iter().filter(|mail| mail.header("Precedence").is_none()).collect()
}

/// A public occurrence that is sent by mail.
pub(crate) fn letter(number: i64, text: &str) -> AddOccurrence {
    AddOccurrence { send_mail: true, ..note(number, text) }
}

/// Sends until nothing is due.
pub(crate) async fn relay(services: &Services) {
    while relay_outbox(services).await.unwrap() > 0 {}
}

async fn shown(world: &World, reader: &str, entry: Uuid) -> OccurrenceView {
    occurrences::get(&world.ctx(reader).await, entry).await.unwrap()
}

pub(crate) async fn only_mail(world: &World, entry: Uuid) -> MailView {
    let mut mails = shown(world, "tech1", entry).await.mails;
    assert_eq!(mails.len(), 1, "{mails:?}");
    mails.remove(0)
}

async fn again(world: &World, mail: Uuid, key: &str) -> Result<(), service::ServiceError> {
    let form = SendMailAgain { mail: mail.to_string(), key: key.to_owned(), ..SendMailAgain::default() };
    service::mail::send_again(&world.ctx("tech1").await, form).await
}

both_engines!(m_out_01_a_public_occurrence_reaches_the_requester_once, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().title("Drucker im Keller – wichtig").create().await;
    let tech1 = world.ctx("tech1").await;
    let entry =
        occurrences::add(&tech1, letter(number, "Bring the cable, please.\n\nIt is <b>grey</b>.")).await.unwrap();
    let view = shown(&world, "tech1", entry).await;
    assert_eq!(
        (view.visibility.as_str(), view.mail_state, view.sent_by_mail),
        ("public", Some(MailState::Queued), false)
    );

    relay(&world.services).await;
    relay(&world.services).await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 1);
    let (mail, requester) = (&mails[0], world.person("requester1").await);
    assert_eq!(mail.to, std::slice::from_ref(&requester.email));
    assert_eq!(mail.from, "desk@example.org");
    assert!(mail.text().contains("Bring the cable, please.\nIt is <b>grey</b>."), "{}", mail.text());
    assert!(mail.html().contains("It is &lt;b&gt;grey&lt;/b&gt;."), "{}", mail.html());
    assert!(mail.html().contains(&format!("http://127.0.0.1:3000/requests/{number}#occurrence-{entry}")));
    assert!(!mail.html().contains("<script") && !mail.html().contains("src=\"http"));
    for (header, wanted) in [
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Guichet-Ticket", number.to_string().as_str()),
        ("MIME-Version", "1.0"),
    ] {
        assert_eq!(mail.header(header).as_deref(), Some(wanted), "{header}");
    }
    let root = mail.header("References").expect("the root of the thread");
    assert!(root.starts_with("<t.") && root.ends_with("@example.org>"), "{root}");
    assert_eq!(mail.header("In-Reply-To"), Some(root));
    assert!(mail.header("Message-ID").is_some_and(|id| id.starts_with("<o.") && id.ends_with("@example.org>")));

    let view = shown(&world, "tech1", entry).await;
    assert_eq!((view.mail_state, view.sent_by_mail), (Some(MailState::Sent), true));
    assert!(view.mails[0].answer.as_deref().is_some_and(|answer| answer.starts_with("250")), "{:?}", view.mails);
    let portal = shown(&world, "requester1", entry).await;
    assert_eq!((portal.sent_by_mail, portal.mail_state, portal.mails.len()), (true, None, 0));
    world.assert_sound().await;
});

both_engines!(m_hdr_03_mails_about_one_ticket_form_a_thread, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    for text in ["One.", "Two.", "Three."] {
        occurrences::add(&tech1, letter(number, text)).await.unwrap();
    }
    relay(&world.services).await;
    let mails = sink.mails();
    let texts: Vec<bool> =
        mails.iter().zip(["One.", "Two.", "Three."]).map(|(m, text)| m.text().contains(text)).collect();
    assert_eq!(texts, [true; 3], "in the order of queueing (M-DLV-02)");
    let id = |mail: &Received| mail.header("Message-ID").unwrap();
    let root = mails[0].header("References").unwrap();
    assert_eq!(mails[2].header("In-Reply-To").unwrap(), id(&mails[1]));
    assert_eq!(mails[2].header("References").unwrap(), format!("{root} {} {}", id(&mails[0]), id(&mails[1])));
});

both_engines!(t_occ_12_the_form_says_beforehand_why_no_mail_can_leave, |world: World| async move {
    let number = world.ticket().create().await;
    let reason = async |world: &World| {
        let page = tickets::page(&world.ctx("tech1").await, number, Default::default()).await.unwrap();
        page.mail.expect("technicians may send mail").reason
    };
    let refusal = async |world: &World| {
        field(occurrences::add(&world.ctx("tech1").await, letter(number, "x")).await, "send_mail")
    };
    assert_eq!(
        (reason(&world).await, refusal(&world).await),
        (Some(Code::MailNotConfigured), Some(Code::MailNotConfigured))
    );

    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    assert_eq!(reason(&world).await, None);
    world.set(Key::MailTemplateRequester, world.root, &Uuid::nil().to_string()).await;
    assert_eq!(
        (reason(&world).await, refusal(&world).await),
        (Some(Code::MailTemplateMissing), Some(Code::MailTemplateMissing))
    );
    world.set(Key::MailTemplateRequester, world.root, "").await;
    world.prefer("requester1", "email", "").await;
    assert_eq!((reason(&world).await, refusal(&world).await), (Some(Code::NoRecipient), Some(Code::NoRecipient)));
    assert_eq!((world.count("outbox").await, world.count("occurrence").await), (0, 0));

    let private = AddOccurrence { visibility: "private".into(), ..letter(number, "x") };
    let answer = occurrences::add(&world.ctx("tech1").await, private).await;
    assert_eq!(field(answer, "send_mail"), Some(Code::MailRequiresPublic));
});

both_engines!(t_occ_05_only_holders_of_the_right_send_mail, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    let answer = occurrences::add(&world.ctx("requester1").await, letter(number, "x")).await;
    assert_eq!(field(answer, "send_mail"), Some(Code::NotAllowed));
    use domain::policy::Capability::{OccurrenceAddAny, OccurrenceViewPrivate, OccurrenceViewPublic, TicketViewAll};
    world.hire_with("mute", &[TicketViewAll, OccurrenceViewPublic, OccurrenceViewPrivate, OccurrenceAddAny]).await;
    let mute = world.ctx("mute").await;
    assert_eq!(tickets::page(&mute, number, Default::default()).await.unwrap().mail, None);
    assert_eq!(forbidden(occurrences::add(&mute, letter(number, "x")).await), "occurrence.send-mail");
    assert_eq!(world.count("outbox").await, 0);
});

both_engines!(m_rcp_01_each_person_gets_one_mail_and_sees_no_other, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let group = world.group("Asking", &["requester1", "requester2", "tech1"]).await;
    let requesters = vec![
        world.user("requester1").await,
        format!("group:{group}"),
        "email:Zoé <zoe@elsewhere.example>".to_owned(),
        "email:no-reply@elsewhere.example".to_owned(),
    ];
    let number = world.ticket().with(|form| form.requesters = requesters).observer("observer").create().await;
    let tech1 = world.ctx("tech1").await;
    let offer = tickets::page(&tech1, number, Default::default()).await.unwrap().mail.unwrap();
    assert_eq!((offer.recipients.len(), offer.without.len()), (3, 1), "{offer:?}");

    let entry = occurrences::add(&tech1, letter(number, "To all who asked.")).await.unwrap();
    relay(&world.services).await;
    let mails = letters(&sink);
    let mut to: Vec<String> = mails.iter().flat_map(|mail| mail.to.clone()).collect();
    to.sort();
    let mut wanted = vec!["zoe@elsewhere.example".to_owned()];
    for name in ["requester1", "requester2"] {
        wanted.push(world.person(name).await.email);
    }
    wanted.sort();
    assert_eq!(to, wanted);
    for mail in &mails {
        let others = wanted.iter().filter(|address| !mail.to.contains(address));
        assert!(others.clone().all(|other| !mail.data.contains(other.as_str())), "{}", mail.data);
    }
    let outside = mails.iter().find(|mail| mail.to == ["zoe@elsewhere.example"]).unwrap();
    assert!(!outside.data.contains("/requests/"), "people without account get no link (M-CON-04)");
    let refused =
        shown(&world, "tech1", entry).await.mails.into_iter().find(|mail| mail.to.starts_with("no-reply")).unwrap();
    assert_eq!((refused.state, refused.answer.as_deref()), (MailState::Failed, Some("no_reply_address")));
});

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

both_engines!(m_rcp_03_what_the_person_may_no_longer_see_does_not_leave, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let tech1 = world.ctx("tech1").await;
    let hidden = world.ticket().create().await;
    let entry = occurrences::add(&tech1, letter(hidden, "Written too fast.")).await.unwrap();
    let patch = |acknowledge_mail_sent| OccurrencePatch {
        version: Some(1),
        visibility: Patch::Set("private".into()),
        acknowledge_mail_sent,
        ..OccurrencePatch::default()
    };
    assert_eq!(refused(occurrences::edit(&tech1, entry, patch(false)).await), Code::MailAlreadySent);
    occurrences::edit(&tech1, entry, patch(true)).await.unwrap();

    let removed = world.ticket().create().await;
    let gone = occurrences::add(&tech1, letter(removed, "Written for another.")).await.unwrap();
    let form = |acknowledge_mail_sent| RemoveOccurrence {
        id: gone.to_string(),
        acknowledge_mail_sent,
        ..RemoveOccurrence::default()
    };
    assert_eq!(refused(occurrences::remove(&tech1, form(false)).await), Code::MailAlreadySent);
    occurrences::remove(&tech1, form(true)).await.unwrap();

    let left = world.ticket().create().await;
    let to_nobody = occurrences::add(&tech1, letter(left, "For who left.")).await.unwrap();
    world.disable("requester1").await;
    relay(&world.services).await;
    assert_eq!(sink.mails().len(), 0);
    for entry in [entry, to_nobody] {
        let mail = only_mail(&world, entry).await;
        assert_eq!((mail.state, mail.answer.as_deref()), (MailState::Failed, Some("withdrawn")));
    }
    world.assert_sound().await;
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

both_engines!(m_con_01_a_mail_holds_nothing_private_and_nothing_but_its_entry, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().description("The canary of the description.").create().await;
    world.occurrence("tech1", number, "private", "Canaryprivate.").await;
    world.occurrence("tech1", number, "public", "Canarybefore.").await;
    let reply_to = world.occurrence("tech1", number, "private", "Canaryquoted.").await.to_string();
    let form = AddOccurrence { reply_to, visibility: "public".into(), ..letter(number, "What may be read.") };
    occurrences::add(&world.ctx("tech1").await, form).await.unwrap();
    world.occurrence("tech1", number, "private", "Canaryafter.").await;
    relay(&world.services).await;
    let mail = &sink.mails()[0];
    let all = format!("{} {} {}", mail.data, mail.text(), mail.html());
    assert!(all.contains("What may be read.") && !all.contains("anary"), "{all}");
});

both_engines!(m_con_03_pictures_and_files_travel_along, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
    let image = testing::upload(&tech1, "cable.png", PNG).await.unwrap().id;
    let log = testing::upload(&tech1, "log.txt", b"all is well").await.unwrap().id;
    let form = AddOccurrence {
        body: format!("<p>Look:</p><img src=\"/documents/{image}\" alt=\"cable\">"),
        format: domain::occurrence::BodyFormat::Html,
        attachments: vec![image.to_string(), log.to_string()],
        ..letter(number, "")
    };
    occurrences::add(&tech1, form).await.unwrap();
    relay(&world.services).await;
    let mail = &sink.mails()[0];
    let cid = format!("{}@example.org", image.simple());
    assert!(mail.html().contains(&format!("src=\"cid:{cid}\"")), "{}", mail.html());
    assert!(mail.data.contains(&format!("<{cid}>")) && mail.data.contains("log.txt"), "{}", mail.data);
    assert!(!mail.html().contains("/documents/"));
});

both_engines!(m_con_03_a_file_that_is_gone_is_named_and_stops_no_mail, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    let tech1 = world.ctx("tech1").await;
    let file = testing::upload(&tech1, "log.txt", b"all is well").await.unwrap().id.to_string();
    let broken = AddOccurrence { attachments: vec![file], ..letter(number, "With a file that is gone.") };
    let broken = occurrences::add(&tech1, broken).await.unwrap();
    world.run(&Sql::new("UPDATE document SET sha256 = 'aa00'")).await;
    relay(&world.services).await;
    assert_eq!(only_mail(&world, broken).await.state, MailState::Sent);
    assert!(sink.mails()[0].text().contains("log.txt"));
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

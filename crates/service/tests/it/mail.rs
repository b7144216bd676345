//! Mails out, against a real server on the loopback: queued with their cause, sent once, in order, and never what they must not hold.

mod delivery;

use std::sync::Arc;

use domain::error::Code;
use domain::forms::{AddOccurrence, OccurrencePatch, Patch, RemoveOccurrence};
use domain::mail::MailState;
use domain::settings::Key;
use domain::views::{MailView, OccurrenceView};
use service::jobs::relay_outbox;
use service::mail::{Mailer, Server, Transport};
use service::{Services, occurrences, tickets};
use testing::{Received, Sink, Sql, World, both_engines, field, forbidden, note, refused};
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

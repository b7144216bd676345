//! Mails of what people are told of, against a real server on the loopback: who gets one, what groups insist on, how it is ended
//! (M-OUT-05..08, M-RCP-05, M-HDR-04, M-LOP-01).

use domain::error::AppError;
use domain::forms::{
    AddOccurrence, Command, ListRowPatch, Patch, RunCommand, RunUserCommand, SendMessage, UserCommand,
};
use domain::lang::Lang;
use domain::lists::List;
use domain::mail::MailState;
use domain::notification::{Event, Why};
use domain::ticket::Status;
use domain::views::NotificationPreference;
use service::notifications::{self, NotificationQuery};
use service::{access, account, lists, mail, messages, occurrences, tickets};
use testing::{Received, Sink, Sql, World, both_engines, error, note};

use crate::mail::{connected, letters, relay, talking};

/// Addresses of mails, in the order of the alphabet.
fn to(mails: &[Received]) -> Vec<String> {
    let mut all: Vec<String> = mails.iter().flat_map(|mail| mail.to.clone()).collect();
    all.sort();
    all
}

async fn addresses(world: &World, names: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for name in names {
        all.push(world.person(name).await.email);
    }
    all.sort();
    all
}

/// The group Network insists on a mail.
async fn insist(world: &World, mail: &str) {
    let mut sql = Sql::new("INSERT INTO app_group_mail (group_id, event) VALUES (");
    world.run(sql.bind(world.network).push_bind(", ", mail).push(")")).await;
}

/// The group Network copies to an address.
async fn copy_to(world: &World, address: &str) {
    let mut sql = Sql::new("INSERT INTO app_group_address (group_id, address) VALUES (");
    world.run(sql.bind(world.network).push_bind(", ", address).push(")")).await;
}

/// What somebody wants by mail of one event.
async fn want(world: &World, name: &str, event: Event, mail: bool) {
    let wanted = vec![NotificationPreference { event, app: true, mail }];
    notifications::save_preferences(&world.ctx(name).await, wanted).await.unwrap();
}

/// A token of the link that ends mails.
fn token(mail: &Received) -> String {
    let link = mail.header("List-Unsubscribe").expect("a link to end them");
    let link = link.trim_start_matches('<').trim_end_matches('>');
    link.strip_prefix("http://127.0.0.1:3000/unsubscribe?token=").expect("on this site").to_owned()
}

both_engines!(m_out_08_a_new_ticket_is_mailed_to_its_requester_and_its_assignee, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    let ticket = world.ticket().title("Printer <jammed>").assignee("tech1").observer("requester2");
    let number = ticket.create().await;
    relay(&world.services).await;
    let mails = sink.mails();
    assert_eq!(to(&mails), addresses(&world, &["requester1", "tech1"]).await, "observers are told in the product");

    let receipt = mails.iter().find(|mail| mail.to[0].starts_with("requester1")).unwrap();
    assert_eq!((receipt.from.as_str(), receipt.header("Precedence").as_deref()), ("", Some("bulk")));
    assert_eq!(receipt.header("List-Unsubscribe"), None);
    assert_eq!(receipt.header("Subject"), Some(format!("[Guichet #{number}] Printer <jammed>")));
    assert!(receipt.text().contains(&format!("Its number is #{number}.")), "{}", receipt.text());
    assert!(receipt.html().contains("Printer &lt;jammed&gt;"), "{}", receipt.html());
    assert!(receipt.text().contains(&format!("http://127.0.0.1:3000/requests/{number}\n")), "{}", receipt.text());

    let notice = mails.iter().find(|mail| mail.to[0].starts_with("tech1")).unwrap();
    assert_eq!((notice.from.as_str(), notice.header("Precedence")), ("desk@example.org", None));
    assert_eq!(notice.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    assert!(notice.text().contains(&format!("supervisor assigned #{number} to you.")), "{}", notice.text());
    assert!(notice.text().contains(&format!("http://127.0.0.1:3000/tickets/{number}\n")), "{}", notice.text());
    assert!(notice.text().contains("/profile/notifications#event-assigned"), "{}", notice.text());
    let told = "ticket_event WHERE kind IN ('mail_queued', 'mail_sent') AND public = FALSE";
    assert_eq!(world.count(told).await, 4, "the history of agents tells of each (M-DLV-06)");
    world.assert_sound().await;
});

both_engines!(m_out_05_a_mail_is_sent_to_who_wants_it_and_one_says_all, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().assignee("tech1").create().await;
    want(&world, "requester1", Event::Message, true).await;
    want(&world, "tech1", Event::RequesterOccurrence, true).await;
    let said = |text: &str, send_mail: bool| SendMessage {
        ticket: number,
        text: text.into(),
        send_mail,
        ..Default::default()
    };
    let tech1 = world.ctx("tech1").await;
    messages::send(&tech1, said("Canaryfirst.", false)).await.unwrap();
    relay(&world.services).await;
    let notice = sink.mails().remove(0);
    assert_eq!(notice.to, addresses(&world, &["requester1"]).await);
    assert!(
        notice.text().contains("tech1 sent a message about") && !notice.data.contains("Canary"),
        "{}",
        notice.text()
    );
    messages::send(&tech1, said("Second.", true)).await.unwrap();
    relay(&world.services).await;
    assert_eq!(sink.mails().len(), 2, "the message itself, and no notice of it");

    let requester1 = world.ctx("requester1").await;
    occurrences::add(&requester1, note(number, "Still jammed.")).await.unwrap();
    let call = AddOccurrence { notify_responsible: true, ..note(number, "It burns.") };
    occurrences::add(&requester1, call).await.unwrap();
    relay(&world.services).await;
    let texts: Vec<String> = sink.mails().iter().skip(2).map(Received::text).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].contains("added a note") && !texts[0].contains("Still jammed"), "{texts:?}");
    assert!(texts[1].contains("It burns."), "{texts:?}");
    want(&world, "requester1", Event::PublicOccurrence, true).await;
    world.occurrence("tech1", number, "public", "We look at it.").await;
    relay(&world.services).await;
    assert_eq!(sink.mails().len(), 4, "a public occurrence is mailed by the tick of its writer");
});

both_engines!(t_ntf_02_the_mail_of_a_ticket_on_hold_says_the_public_label_of_why, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().assignee("tech1").create().await;
    want(&world, "requester1", Event::Pending, true).await;
    let names = [(Lang::En, Patch::Set("Canaryname".to_owned()))].into_iter().collect();
    let labels = [(Lang::En, Patch::Set("Waiting for <a part>".to_owned()))].into_iter().collect();
    let row = ListRowPatch { names, labels, ..ListRowPatch::default() };
    let supervisor = world.ctx("supervisor").await;
    let why = lists::create(&supervisor, List::PendingReasons, &world.root.to_string(), row, "").await.unwrap();
    let hold = || RunCommand {
        number,
        command: Command::Suspend,
        pending_reason: why.to_string(),
        text: "Canarytext.".into(),
        ..RunCommand::default()
    };
    let tech1 = world.ctx("tech1").await;
    tickets::run(&tech1, hold()).await.unwrap();
    relay(&world.services).await;
    let mail = sink.mails().remove(0);
    let said = format!("tech1 put #{number} on hold: Waiting for <a part>");
    assert!(mail.text().contains(&said) && !mail.data.contains("Canary"), "{}", mail.text());
    assert!(mail.html().contains("on hold: Waiting for &lt;a part&gt;"), "{}", mail.html());
    world.command("tech1", number, Command::Reactivate).await.unwrap();
    tickets::run(&tech1, hold()).await.unwrap();
    world.command("tech1", number, Command::Reactivate).await.unwrap();
    relay(&world.services).await;
    let late = sink.mails().remove(1);
    assert!(late.text().contains(&format!("tech1 put #{number} on hold.")), "it waits no more: {}", late.text());
});

both_engines!(m_out_06_people_without_account_hear_of_the_beginning_and_the_end, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let requesters = vec!["email:Zoé <zoe@elsewhere.example>".to_owned()];
    let ticket = world.ticket().with(|form| {
        form.requesters = requesters;
        form.observers = vec!["email:Max <max@elsewhere.example>".to_owned()];
    });
    let number = ticket.assignee("tech1").create().await;
    relay(&world.services).await;
    assert_eq!(to(&sink.mails()), ["zoe@elsewhere.example"]);
    let receipt = sink.mails().remove(0);
    assert!(receipt.text().starts_with("Hello Zoé,") && !receipt.data.contains("/requests/"), "{}", receipt.text());
    world.command("tech1", number, Command::Suspend).await.unwrap();
    world.command("tech1", number, Command::Reactivate).await.unwrap();
    world.put_status(number, Status::Solved).await;
    world.command("supervisor", number, Command::Close).await.unwrap();
    relay(&world.services).await;
    let closed: Vec<Received> = sink.mails().into_iter().skip(1).collect();
    assert_eq!(to(&closed), ["max@elsewhere.example", "zoe@elsewhere.example"]);
    assert!(closed.iter().all(|mail| mail.text().contains(&format!("supervisor closed #{number}."))));
    assert!(closed.iter().all(|mail| mail.header("List-Unsubscribe").is_none()), "they have no preferences");
});

both_engines!(m_out_08_observers_get_copies_of_what_is_sent_to_requesters, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let ticket = world.ticket().observer("requester2").observer("observer");
    let number = ticket.with(|form| form.observers = vec!["email:max@elsewhere.example".to_owned()]).create().await;
    want(&world, "requester2", Event::PublicOccurrence, true).await;
    let tech1 = world.ctx("tech1").await;
    let form = AddOccurrence { send_mail: true, ..note(number, "It works again.") };
    let entry = occurrences::add(&tech1, form).await.unwrap();
    relay(&world.services).await;
    let mails = letters(&sink);
    let mut wanted = addresses(&world, &["requester1", "requester2"]).await;
    wanted.insert(0, "max@elsewhere.example".to_owned());
    assert_eq!(to(&mails), wanted);
    let copy = mails.iter().find(|mail| mail.to[0].starts_with("requester2")).unwrap();
    assert!(copy.text().contains("It works again.") && copy.text().contains("you are an observer"), "{}", copy.text());
    let portal = occurrences::get(&world.ctx("requester1").await, entry).await.unwrap();
    assert!(portal.sent_by_mail);
});

both_engines!(m_rcp_03_a_notice_of_what_is_out_of_sight_does_not_leave, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    let number = world.ticket().assignee("tech1").create().await;
    world.command("supervisor", number, Command::Delete).await.unwrap();
    world.ticket().assignee("tech2").create().await;
    world.disable("tech2").await;
    world.disable("requester1").await;
    relay(&world.services).await;
    assert_eq!(sink.mails().len(), 0);
    assert_eq!(world.count("outbox WHERE state = 'failed' AND answer = 'withdrawn' AND NOT is_open").await, 4);
});

both_engines!(m_hdr_04_one_click_ends_one_kind_for_one_person, |world: World| async move {
    let sink = Sink::start().await;
    let world = talking(world, &sink.url());
    world.ticket().assignee("tech1").create().await;
    relay(&world.services).await;
    let mail = sink.mails().into_iter().find(|mail| mail.to[0].starts_with("tech1")).unwrap();
    let token = token(&mail);
    let seen = mail::unsubscription(&world.services, &token).await.unwrap().unwrap();
    assert_eq!((seen.event, seen.is_on), (Event::Assigned, true), "to look at it changes nothing");
    mail::unsubscribe(&world.services, &token).await.unwrap();
    mail::unsubscribe(&world.services, &token).await.unwrap();
    assert!(!mail::unsubscription(&world.services, &token).await.unwrap().unwrap().is_on);
    let all = notifications::preferences(&world.ctx("tech1").await).await.unwrap();
    let by_mail = |event: Event| all.iter().any(|one| one.event == event && one.mail);
    assert!(all.iter().all(|one| one.app) && by_mail(Event::Delegated) && !by_mail(Event::Assigned));
    world.ticket().assignee("tech1").create().await;
    world.ticket().assignee("tech2").create().await;
    relay(&world.services).await;
    let told = sink.mails().iter().filter(|mail| mail.to[0].starts_with("tech")).count();
    assert_eq!(told, 2, "tech1 once, tech2 once");
    let forged = token.replace("assigned", "delegated");
    assert_eq!(mail::unsubscription(&world.services, &forged).await.unwrap(), None);
    assert_eq!(error(mail::unsubscribe(&world.services, &forged).await), AppError::NotFound);
    world.disable("tech1").await;
    assert_eq!(error(mail::unsubscribe(&world.services, &token).await), AppError::NotFound);
});

both_engines!(m_rcp_05_a_group_insists_on_the_receipt_and_on_the_end, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    insist(&world, "opening").await;
    insist(&world, "closing").await;
    world.ticket().assignee("tech1").create().await;
    let number = world.ticket().assigned_group(world.network).create().await;
    world.put_status(number, Status::Solved).await;
    world.command("supervisor", number, Command::Close).await.unwrap();
    relay(&world.services).await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 2, "of the ticket of the group only");
    assert!(mails.iter().all(|mail| mail.to[0].starts_with("requester1")));
    assert!(mails.iter().all(|mail| !mail.text().contains("/profile/notifications")), "nothing to choose");
    assert!(mails[1].header("List-Unsubscribe").is_none() && mails[1].text().contains("closed"));
});

both_engines!(m_rcp_05_a_group_has_every_public_occurrence_mailed, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    insist(&world, "progress").await;
    let number = world.ticket().assigned_group(world.network).create().await;
    let tech1 = world.ctx("tech1").await;
    let offer = tickets::page(&tech1, number, Default::default()).await.unwrap().mail.unwrap();
    assert_eq!(offer.insists.as_deref(), Some("Network"));
    world.occurrence("tech1", number, "private", "Between us.").await;
    world.occurrence("tech1", number, "public", "It works again.").await;
    world.occurrence("requester1", number, "", "Thank you.").await;
    relay(&world.services).await;
    let mails = sink.mails();
    assert_eq!((mails.len(), mails[0].to.clone()), (1, addresses(&world, &["requester1"]).await));
    assert!(mails[0].text().contains("It works again."), "{}", mails[0].text());
    let free = world.ticket().assignee("tech1").create().await;
    assert_eq!(tickets::page(&tech1, free, Default::default()).await.unwrap().mail.unwrap().insists, None);
});

both_engines!(m_rcp_05_a_group_copies_to_its_addresses, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    copy_to(&world, "partner@elsewhere.example").await;
    let number = world.ticket().assigned_group(world.network).create().await;
    let call = AddOccurrence { notify_responsible: true, ..note(number, "It burns.") };
    occurrences::add(&world.ctx("requester1").await, call).await.unwrap();
    relay(&world.services).await;
    let mails: Vec<Received> =
        sink.mails().into_iter().filter(|mail| mail.to == ["partner@elsewhere.example"]).collect();
    assert_eq!(mails.len(), 2, "assigned, and the note");
    assert!(mails[0].text().contains("assigned") && mails[1].text().contains("It burns."), "{}", mails[1].text());
    for mail in &mails {
        assert!(!mail.data.contains("127.0.0.1"), "no way in for an address: {}", mail.data);
        assert!(mail.text().contains("copies its emails to this address"), "{}", mail.text());
    }
});

both_engines!(m_lop_01_the_eleventh_automatic_mail_in_ten_minutes_stays, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().assignee("tech1").create().await;
    let call = async |text: String| {
        let form = AddOccurrence { notify_responsible: true, ..note(number, &text) };
        occurrences::add(&world.ctx("requester1").await, form).await.unwrap()
    };
    let mut last = None;
    for n in 0..12 {
        last = Some(call(format!("Call {n}.")).await);
    }
    relay(&world.services).await;
    assert_eq!(sink.mails().len(), 10);
    let mails = occurrences::get(&world.ctx("tech1").await, last.unwrap()).await.unwrap().mails;
    assert_eq!((mails[0].state, mails[0].answer.as_deref()), (MailState::Failed, Some("rate_limited")));
    let told = notifications::list(&world.ctx("admin").await, NotificationQuery::default()).await.unwrap().items;
    let warned: Vec<(Event, Why)> = told.iter().map(|one| (one.event, one.why)).collect();
    assert_eq!(warned, [(Event::MailLimited, Why::Administrator)], "one warning a day");
    // What somebody sends by hand is not limited.
    let form = AddOccurrence { send_mail: true, ..note(number, "Read this.") };
    occurrences::add(&world.ctx("tech1").await, form).await.unwrap();
    world.advance(601);
    call("Later.".to_owned()).await;
    relay(&world.services).await;
    assert_eq!(sink.mails().len(), 12);
});

both_engines!(m_out_07_an_invitation_reaches_its_person_and_works_once, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let admin = world.ctx("admin").await;
    let id = world.person("tech1").await.id.to_string();
    let form = || RunUserCommand { id: id.clone(), command: UserCommand::Invite, ..RunUserCommand::default() };
    let first = access::run_user_command(&admin, form(), access::Versions::default()).await.unwrap();
    let secret =
        access::run_user_command(&admin, form(), access::Versions::default()).await.unwrap().invitation.unwrap();
    relay(&world.services).await;
    let mails = sink.mails();
    assert_eq!(mails.len(), 1, "the first link is void, so it does not leave");
    assert_eq!(mails[0].to, addresses(&world, &["tech1"]).await);
    assert_eq!(mails[0].header("X-Guichet-Ticket"), None);
    assert!(
        mails[0].text().contains(&format!("http://127.0.0.1:3000/invitation?token={secret}")),
        "{}",
        mails[0].text()
    );
    assert!(account::invitation(&world.services, &secret).await.unwrap().is_some());
    assert!(account::invitation(&world.services, &first.invitation.unwrap()).await.unwrap().is_none());
    let held = Sql::new("SELECT CAST(COUNT(*) AS BIGINT) FROM outbox WHERE ticket_id IS NULL AND kind = 'invitation'");
    assert_eq!(held.scalar::<i64>(world.db().reader()).await.unwrap(), Some(2));
});

//! "Notify the responsible": the mail of a note of the requester side to the team (M-OUT-02, M-OUT-09, P-OCC-04).

use domain::error::Code;
use domain::forms::{AddOccurrence, Command, SendMailAgain};
use domain::mail::MailState;
use domain::settings::Key;
use domain::views::{MailView, TimelineQuery};
use service::{occurrences, requests};
use testing::{Behaviour, Sink, World, both_engines, field, note};
use uuid::Uuid;

use crate::mail::{connected, relay};

/// A note that is to be mailed to the responsible.
fn call(number: i64, text: &str) -> AddOccurrence {
    AddOccurrence { notify_responsible: true, ..note(number, text) }
}

async fn post(world: &World, form: AddOccurrence) -> Uuid {
    occurrences::add(&world.ctx("requester1").await, form).await.unwrap()
}

async fn mails(world: &World, entry: Uuid) -> Vec<MailView> {
    occurrences::get(&world.ctx("tech1").await, entry).await.unwrap().mails
}

const NOBODY: &str = "ticket_event WHERE kind = 'nobody_to_notify'";

both_engines!(m_out_02_a_note_reaches_the_responsible_with_the_way_to_the_ticket, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().title("Printer").assignee("tech1").assigned_group(world.network).create().await;
    let quiet = post(&world, note(number, "No hurry.")).await;
    let entry = post(&world, call(number, "It burns.")).await;
    relay(&world.services).await;
    let sent = sink.mails();
    assert_eq!(sent.len(), 1, "the assigned user alone, and only when it was ticked");
    assert_eq!(sent[0].to, [world.person("tech1").await.email]);
    assert!(sent[0].text().contains("It burns.") && !sent[0].data.contains("No hurry"), "{}", sent[0].text());
    let link = format!("http://127.0.0.1:3000/tickets/{number}#occurrence-{entry}");
    assert!(sent[0].html().contains(&link), "{}", sent[0].html());
    assert!(sent[0].text().contains("you are responsible") && !sent[0].data.contains("/requests/"));
    let kept = mails(&world, entry).await;
    assert_eq!((kept.len(), kept[0].state), (1, MailState::Sent));
    assert!(mails(&world, quiet).await.is_empty());
    let own = occurrences::get(&world.ctx("requester1").await, entry).await.unwrap();
    assert_eq!(
        (own.sent_by_mail, own.mails.len(), own.mail_state),
        (false, 0, None),
        "states are the team's (P-HID-01)"
    );
    assert_eq!(world.count(NOBODY).await, 0);
    world.assert_sound().await;
});

both_engines!(t_rol_07_a_group_is_responsible_where_nobody_is_and_the_routing_group_last, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let tech2 = world.person("tech2").await.email;
    let number = world.ticket().assigned_group(world.network).create().await;
    post(&world, call(number, "To the group.")).await;
    world.set(Key::TicketDefaultGroup, world.root, &world.network.to_string()).await;
    let routed = world.ticket().create().await;
    post(&world, call(routed, "To whom it concerns.")).await;
    relay(&world.services).await;
    let to: Vec<Vec<String>> = sink.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, [vec![tech2.clone()], vec![tech2]]);
});

both_engines!(m_out_09_nobody_responsible_is_an_event_and_no_mail, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().create().await;
    post(&world, call(number, "Hello?")).await;
    assert_eq!((world.count(NOBODY).await, world.count("outbox").await), (1, 0));
    assert_eq!(world.count("ticket_event WHERE kind = 'nobody_to_notify' AND public = TRUE").await, 0);
    post(&world, note(number, "Nobody was to be called.")).await;
    assert_eq!(world.count(NOBODY).await, 1);
});

both_engines!(m_out_09_without_a_template_the_product_tells_all_the_same, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let rows = world.count("notification").await;
    post(&world, call(number, "No server yet.")).await;
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    world.set(Key::MailTemplateResponsible, world.root, &Uuid::nil().to_string()).await;
    post(&world, call(number, "No template.")).await;
    assert_eq!((world.count("outbox").await, world.count("notification").await), (0, rows + 2));
    assert_eq!(world.count(NOBODY).await, 0, "somebody is responsible");
});

both_engines!(p_occ_04_the_form_offers_the_tick_only_while_a_mail_can_leave, |world: World| async move {
    let number = world.ticket().assignee("tech1").create().await;
    let offered = async |world: &World| {
        let request = requests::detail(&world.ctx("requester1").await, number, TimelineQuery::default()).await;
        request.unwrap().notify
    };
    assert_eq!(offered(&world).await, None);
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    assert_eq!(offered(&world).await, Some(true));
    world.set(Key::PortalNotifyResponsible, world.root, "false").await;
    assert_eq!(offered(&world).await, Some(false));
    world.set(Key::MailTemplateResponsible, world.root, &Uuid::nil().to_string()).await;
    assert_eq!(offered(&world).await, None);

    let refused = occurrences::add(&world.ctx("tech1").await, call(number, "x")).await;
    assert_eq!(field(refused, "notify_responsible"), Some(Code::NotAllowed), "the team calls nobody");
});

both_engines!(m_rcp_03_who_lost_sight_of_the_entry_gets_no_mail, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().assignee("tech1").create().await;
    let entry = post(&world, call(number, "First.")).await;
    world.command("supervisor", number, Command::Delete).await.unwrap();
    relay(&world.services).await;
    world.command("supervisor", number, Command::Restore).await.unwrap();
    let kept = mails(&world, entry).await;
    assert_eq!((kept[0].state, kept[0].answer.as_deref()), (MailState::Failed, Some("withdrawn")));
    assert!(sink.mails().is_empty());
});

both_engines!(m_dlv_05_such_a_mail_is_sent_again_to_the_responsible, |world: World| async move {
    let sink = Sink::start().await;
    let world = connected(world, &sink).await;
    let number = world.ticket().assignee("tech1").create().await;
    sink.behave(Behaviour::RefuseRecipient(550, None));
    let entry = post(&world, call(number, "It burns.")).await;
    relay(&world.services).await;
    let failed = mails(&world, entry).await.remove(0);
    assert!(failed.can_send_again, "{failed:?}");
    sink.behave(Behaviour::Accept);
    let form = SendMailAgain { mail: failed.id.to_string(), ..SendMailAgain::default() };
    service::mail::send_again(&world.ctx("tech1").await, form).await.unwrap();
    relay(&world.services).await;
    assert_eq!(sink.mails()[0].to, [world.person("tech1").await.email]);
});
